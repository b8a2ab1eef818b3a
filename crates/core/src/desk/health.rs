//! How an account is, fact by fact, in words. Pure: what is known of it and Meta's time go in.
//!
//! Each fact has a state of its own. What is *bad* keeps an agent from working, or messages from arriving; a *warning* wants
//! somebody to look before it gets bad; a *note* is how the account was set up, and judged by nobody here.

use baton_messenger::limits::{INSTAGRAM_FIELDS, INSTAGRAM_FIELDS_NEEDED, PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use baton_messenger::webhook::PolicyAction;
use baton_messenger::{Platform, Words};
use baton_protocol::account::{HumanAgentRight, RoutingMode};
use baton_protocol::enrol::Role;

use super::setup::AccountStanding;
use super::tokens::Token;
use crate::account::{LateRight, needed_rights};
use crate::history::HistoryStanding;
use crate::store::{AccountRow, Policed, TokenRow};

/// One fact about how an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthFact {
    /// What it is about.
    pub kind: FactKind,
    /// How it is.
    pub state: FactState,
    /// The fact itself, in a few words; empty where [`HealthFact::at_ms`] says it.
    pub value: String,
    /// What it means and what can be done; empty where there is nothing to say.
    pub words: Words,
    /// The moment that the fact is, or began, milliseconds UTC of Meta.
    pub at_ms: Option<i64>,
}

/// What a fact is about, in the order in which facts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// Whether its webhooks go into its log.
    Connection,
    /// How its Page token stands on this desk.
    Token,
    /// Which rights that token carries.
    TokenRights,
    /// When that token ends, or Meta stops giving data for it.
    TokenEnd,
    /// Whether Meta sends what happens there.
    Subscription,
    /// Whether Meta sends our app anything of its platform, as the relay found out.
    AppSubscription,
    /// When Meta last sent something.
    LastWebhook,
    /// What Meta did to it.
    Policy,
    /// How it is decided who may answer.
    Routing,
    /// Who answers when nobody holds a thread.
    DefaultApp,
    /// Whether late replies may be sent.
    HumanAgent,
    /// Whether Meta gives customers' names.
    Names,
    /// Messages that did not arrive by themselves.
    Missed,
}

/// How a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactState {
    /// All is well.
    Good,
    /// Neither good nor bad.
    Note,
    /// Somebody should look at it.
    Warning,
    /// Not well.
    Bad,
}

/// How long a warning of Meta's counts, milliseconds of Meta's time. A block counts until Meta ends it.
const WARNED_MS: i64 = 7 * DAY_MS;
/// How long before a token ends somebody should look, milliseconds of Meta's time.
const ENDS_SOON_MS: i64 = 14 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Everything that is known about how an account is.
pub(super) fn facts(of: &AccountStanding, default_app: Option<&str>, now_ms: i64) -> Vec<HealthFact> {
    let connected = is_connected(of);
    let mut facts = vec![connection(connected), token(of)];
    if let (Token::Alive(_), Some(row)) = (&of.token, &of.token_row) {
        facts.push(token_rights(row, of.access.platform));
        facts.extend(token_end(row, now_ms));
    }
    if let Some(row) = of.facts.as_ref().filter(|_| connected) {
        facts.push(subscription(row, of.access.platform));
        facts.push(app_subscription(row, of.access.platform));
        facts.push(last_webhook(of.last_webhook_ms));
        facts.push(policy(row.policed.as_ref(), now_ms));
        facts.push(routing(row.routing));
        facts.extend(asked_first(row.routing, default_app));
        facts.push(human_agent(row.human_agent, of.late_right));
        facts.push(names(row.names_given));
        facts.extend(of.history.as_ref().and_then(missed));
    }
    facts
}

/// Whether its webhooks go into its log, as far as this desk knows.
pub(super) fn is_connected(of: &AccountStanding) -> bool {
    of.access.connected || of.facts.as_ref().is_some_and(|row| row.connected)
}

fn fact(kind: FactKind, state: FactState, value: &str, what: &str, action: &str) -> HealthFact {
    HealthFact { kind, state, value: value.to_owned(), words: Words::new(what, action), at_ms: None }
}

fn connection(connected: bool) -> HealthFact {
    let fact = |state, value, what, action| fact(FactKind::Connection, state, value, what, action);
    if connected {
        return fact(FactState::Good, "connected", "What happens there arrives here.", "");
    }
    fact(
        FactState::Bad,
        "not connected",
        "Nobody has connected this account, so nothing arrives.",
        "Connect it.",
    )
}

fn token(of: &AccountStanding) -> HealthFact {
    let fact = |state, value, what, action| fact(FactKind::Token, state, value, what, action);
    match &of.token {
        Token::Alive(_) if of.is_page_refused => fact(
            FactState::Warning,
            "works, and its Page's does not",
            "Meta refuses the token of the Page that this account hangs on. This account has one of its own, which Meta \
             still takes.",
            "Connect the Page again, and this account with it.",
        ),
        // Whether it works at this moment only Meta knows: the page says when it last did.
        Token::Alive(_) => HealthFact {
            at_ms: of.token_row.as_ref().map(|row| row.kept_ms),
            ..fact(FactState::Good, "here since", "", "")
        },
        Token::Missing => fact(
            FactState::Bad,
            "none on this computer",
            "This computer has no Page token for the account, so no reply can leave from here.",
            "Connect the account here.",
        ),
        Token::Dead => HealthFact {
            words: token_dead(of.access.role),
            ..fact(FactState::Bad, "refused by Meta", "", "")
        },
        Token::Locked(error) => {
            HealthFact { words: error.agent_words(), ..fact(FactState::Bad, "key store closed", "", "") }
        }
    }
}

/// What Meta said of the rights of a token, held against those that are needed (docs/meta.md 1.6).
fn token_rights(row: &TokenRow, platform: Platform) -> HealthFact {
    let fact =
        |state, value: &str, what: &str, action| fact(FactKind::TokenRights, state, value, what, action);
    let Some(facts) = row.facts.as_ref().filter(|facts| !facts.scopes.is_empty()) else {
        return fact(FactState::Note, "not known yet", "The relay asks Meta once a day.", "");
    };
    let lacks = |right: &&&str| !facts.scopes.iter().any(|has| has == **right);
    let missing: Vec<&str> = needed_rights(platform).iter().filter(lacks).copied().collect();
    if missing.is_empty() {
        return fact(FactState::Good, "all that are needed", "", "");
    }
    let what = format!("The Page token lacks rights that are needed here: {}.", missing.join(", "));
    fact(FactState::Bad, "incomplete", &what, "Connect the account again, and grant all rights.")
}

/// The earlier of two ends: the token's own, and that of its access to data (docs/meta.md 1.3). Nothing is said of a token
/// without an end.
fn token_end(row: &TokenRow, now_ms: i64) -> Option<HealthFact> {
    let facts = row.facts.as_ref()?;
    let ends_ms = [facts.expires_ms, facts.data_access_expires_ms].into_iter().flatten().min()?;
    let fact = |state, value, what, action| HealthFact {
        at_ms: Some(ends_ms),
        ..fact(FactKind::TokenEnd, state, value, what, action)
    };
    if ends_ms.saturating_sub(now_ms) > ENDS_SOON_MS {
        return Some(fact(FactState::Good, "", "", ""));
    }
    Some(fact(
        FactState::Warning,
        "soon",
        "The Page token ends soon; then no reply can leave.",
        "Connect the account again before it ends. That renews it for all desks of the team.",
    ))
}

/// Why replies of an account wait whose token died, for somebody of this role.
pub(super) fn token_dead(role: Role) -> Words {
    let remedy = match role {
        Role::Admin => "Try the token again, or connect the account anew; then replies that wait leave.",
        Role::Supervisor | Role::Agent => {
            "Ask an admin of this account to connect it again: that heals all desks of the team, and replies that wait \
             leave. Whoever may answer on the Page at Meta can also do it here."
        }
    };
    Words::new("Meta no longer accepts this account's Page token, so nothing can be sent.", remedy)
}

/// What Meta sends of an account, of what an inbox needs (docs/meta.md 2.4, 2.5).
fn subscription(row: &AccountRow, platform: Platform) -> HealthFact {
    let fact =
        |state, value: &str, what: &str, action| fact(FactKind::Subscription, state, value, what, action);
    if let Some(words) = not_subscribed(row, platform) {
        let value = if row.subscribed { "incomplete" } else { "off" };
        return HealthFact { words, ..fact(FactState::Bad, value, "", "") };
    }
    if platform == Platform::Instagram {
        // Which events of Instagram the app gets stands with the app: the next fact says it.
        return fact(FactState::Good, "on", "Its Page is subscribed.", "");
    }
    let missing = missing_of(row, PAGE_FIELDS);
    if missing.is_empty() {
        return fact(FactState::Good, &format!("all {} kinds of events", PAGE_FIELDS.len()), "", "");
    }
    let what = format!("Meta does not send: {}.", missing.join(", "));
    fact(FactState::Warning, "incomplete", &what, "Subscribe again.")
}

/// Why customers are not heard; none while Meta sends what an inbox needs.
pub(super) fn not_subscribed(row: &AccountRow, platform: Platform) -> Option<Words> {
    let action =
        "Subscribe again. What Meta did not send meanwhile it does not send later; its own inbox shows it.";
    if !row.subscribed {
        return Some(Words::new(
            "Meta stopped sending what happens at this account, so nothing new arrives.",
            action,
        ));
    }
    if platform == Platform::Instagram {
        return None;
    }
    let missing = missing_of(row, PAGE_FIELDS_NEEDED);
    (!missing.is_empty()).then(|| {
        Words::new(
            format!("Meta does not send everything of this account: {} is missing.", missing.join(", ")),
            action,
        )
    })
}

/// What Meta sends our app at all (docs/meta.md 2.5), as the relay said it.
fn app_subscription(row: &AccountRow, platform: Platform) -> HealthFact {
    let fact =
        |state, value: &str, what: &str, action| fact(FactKind::AppSubscription, state, value, what, action);
    let Some(sent) = row.app_sent.as_ref() else {
        return match platform {
            // Of Pages the relay says only what is missing, or what came back.
            Platform::Messenger => fact(
                FactState::Note,
                "nothing missing",
                "The relay asks Meta once a day what it is sent of Pages, and has not said that anything is missing.",
                "",
            ),
            Platform::Instagram => fact(
                FactState::Note,
                "not known yet",
                "The relay asks Meta when it starts, when an account is connected, and once a day, and has not said what \
                 came of it.",
                "If it stays so, whoever runs the relay finds the reason with `baton-relay doctor`.",
            ),
        };
    };
    if let Some(words) = app_not_subscribed(row, platform) {
        let value = if sent.subscribed { "incomplete" } else { "off" };
        return HealthFact { words, ..fact(FactState::Bad, value, "", "") };
    }
    let wanted = match platform {
        Platform::Messenger => PAGE_FIELDS,
        Platform::Instagram => INSTAGRAM_FIELDS,
    };
    let missing = missing(&sent.fields, wanted);
    if missing.is_empty() {
        return fact(FactState::Good, &format!("all {} kinds of events", wanted.len()), "", "");
    }
    let what = format!("Meta does not send the relay: {}.", missing.join(", "));
    fact(FactState::Warning, "incomplete", &what, SUBSCRIBE_THE_APP)
}

/// No desk may do it: it takes the app's own token.
const SUBSCRIBE_THE_APP: &str = "Whoever runs the relay can mend it with `baton-relay subscribe`. This notice goes away some \
     minutes later. What Meta did not send meanwhile it does not send later; its own inbox shows it.";

/// Why customers of a whole platform are not heard; none while Meta sends what an inbox needs, or nobody found out.
pub(super) fn app_not_subscribed(row: &AccountRow, platform: Platform) -> Option<Words> {
    let sent = row.app_sent.as_ref()?;
    let (places, needed) = match platform {
        Platform::Messenger => ("Pages", PAGE_FIELDS_NEEDED),
        Platform::Instagram => ("Instagram accounts", INSTAGRAM_FIELDS_NEEDED),
    };
    if !sent.subscribed {
        let what =
            format!("Meta sends the relay nothing of what happens at {places}, so nothing new arrives.");
        return Some(Words::new(what, SUBSCRIBE_THE_APP));
    }
    let missing = missing(&sent.fields, needed);
    (!missing.is_empty()).then(|| {
        let what = format!(
            "Meta does not send the relay everything of {places}: {} is missing.",
            missing.join(", ")
        );
        Words::new(what, SUBSCRIBE_THE_APP)
    })
}

fn missing_of<'a>(row: &AccountRow, wanted: &[&'a str]) -> Vec<&'a str> {
    missing(&row.fields, wanted)
}

fn missing<'a>(fields: &[String], wanted: &[&'a str]) -> Vec<&'a str> {
    wanted.iter().copied().filter(|field| !fields.iter().any(|has| has == field)).collect()
}

fn last_webhook(last_webhook_ms: Option<i64>) -> HealthFact {
    let value = if last_webhook_ms.is_some() { "" } else { "nothing yet" };
    HealthFact { at_ms: last_webhook_ms, ..fact(FactKind::LastWebhook, FactState::Note, value, "", "") }
}

/// What Meta did to the account, if that still counts (docs/meta.md 2.6.20).
pub(super) fn policed(policed: Option<&Policed>, now_ms: i64) -> Option<(FactState, Words)> {
    let policed = policed?;
    let (state, what, action) = match policed.action {
        PolicyAction::Block => (
            FactState::Bad,
            "Meta stopped this account from sending messages",
            "Ask an administrator of the Page to look at its support inbox.",
        ),
        PolicyAction::Warning if now_ms.saturating_sub(policed.at_ms) < WARNED_MS => (
            FactState::Warning,
            "Meta warned this account because of what was sent",
            "Tell an administrator of the Page.",
        ),
        PolicyAction::Warning | PolicyAction::Unblock | PolicyAction::Other => return None,
    };
    let what = match policed.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{what}. Meta says: {reason}"),
        None => format!("{what}."),
    };
    Some((state, Words::new(what, action)))
}

fn policy(row: Option<&Policed>, now_ms: i64) -> HealthFact {
    let fact = |state, value| fact(FactKind::Policy, state, value, "", "");
    match policed(row, now_ms) {
        None => fact(FactState::Good, "no trouble"),
        Some((state, words)) => {
            let value = if state == FactState::Bad { "stopped from sending" } else { "warned" };
            HealthFact { words, at_ms: row.map(|row| row.at_ms), ..fact(state, value) }
        }
    }
}

fn routing(routing: RoutingMode) -> HealthFact {
    let (value, what) = match routing {
        RoutingMode::On => ("on", "Apps pass threads to each other, and one app at a time holds a thread."),
        RoutingMode::Off => ("off", "Any connected app may answer, unless one of them was given a thread."),
        RoutingMode::HopV2 => {
            ("old handover protocol", "One app is the first to answer, and passes threads to the others.")
        }
        RoutingMode::Unknown => {
            ("not known yet", "Baton finds out from what arrives, or by checking with Meta.")
        }
    };
    fact(FactKind::Routing, FactState::Note, value, what, "")
}

/// Meta has no call that tells it; where routing is off there is none.
fn asked_first(routing: RoutingMode, name: Option<&str>) -> Option<HealthFact> {
    let fact = |value, what, action| fact(FactKind::DefaultApp, FactState::Note, value, what, action);
    match (routing, name) {
        (RoutingMode::Off, _) => None,
        (_, Some(name)) => {
            Some(fact(name, "It is asked first when a customer writes and nobody holds the thread.", ""))
        }
        (_, None) => Some(fact(
            "not known",
            "Meta does not tell which app is asked first.",
            "Whoever runs the relay can say it there.",
        )),
    }
}

fn human_agent(right: HumanAgentRight, late: LateRight) -> HealthFact {
    let fact = |state, value, what, action| fact(FactKind::HumanAgent, state, value, what, action);
    match (right, late) {
        (HumanAgentRight::Approved, LateRight::Doubtful { since_ms, .. }) => HealthFact {
            at_ms: Some(since_ms),
            ..fact(
                FactState::Warning,
                "in doubt",
                "Meta refused a late reply. It may be for lack of the Human Agent feature, or because Meta counts that \
                 customer's last message otherwise. One more refusal in another conversation within a day switches late \
                 replies off here; one that arrives clears this.",
                "See in Meta's app dashboard whether the Human Agent feature is approved.",
            )
        },
        (HumanAgentRight::Approved, LateRight::Sure | LateRight::Refused) => {
            fact(FactState::Good, "approved", "A person may answer up to 7 days after a customer wrote.", "")
        }
        (HumanAgentRight::NotApproved, _) => fact(
            FactState::Note,
            "not approved",
            "Nothing can be sent later than 24 hours after a customer wrote.",
            "When Meta has approved the Human Agent feature, an admin says so here.",
        ),
        (HumanAgentRight::Refused, _) => fact(
            FactState::Warning,
            "refused by Meta",
            "Meta refused late replies in two conversations within a day, as it does without the Human Agent feature, so \
             Baton offers none here.",
            "Ask Meta for the feature. When it is approved, an admin says so here.",
        ),
    }
}

/// What an audit found that no webhook had brought; nothing is said as long as there is none.
fn missed(history: &HistoryStanding) -> Option<HealthFact> {
    let value = match history.missed {
        0 => return None,
        1 => "1 message".to_owned(),
        many => format!("{many} messages"),
    };
    Some(fact(
        FactKind::Missed,
        FactState::Note,
        &value,
        "Meta did not send everything: this was found by looking, and is shown in its threads.",
        "If it goes on, see whether the relay could be reached from outside all the time.",
    ))
}

/// Whether Meta gives customers' names (docs/meta.md 1.6, 3.5).
fn names(given: Option<bool>) -> HealthFact {
    let fact = |state, value, what, action| fact(FactKind::Names, state, value, what, action);
    match given {
        Some(true) => fact(FactState::Good, "given by Meta", "", ""),
        Some(false) => fact(
            FactState::Warning,
            "Meta does not give names yet",
            "Meta gives profiles only to apps that it approved for them. Until then a name is shown where a conversation \
             tells it.",
            "Ask Meta for Business Asset User Profile Access. Customers can be renamed by hand meanwhile.",
        ),
        None => fact(
            FactState::Note,
            "from the first customer on",
            "Whether Meta gives names here shows with the first customer. Until a name is here, a customer is told apart by \
             the end of a number.",
            "",
        ),
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::enrol::AccountRole;
    use rstest::rstest;
    use secrecy::SecretString;

    use super::*;
    use crate::keys::KeyStoreError;
    use crate::store::{AppSent, ThreadId, TokenFactsRow};

    const NOW: i64 = 1_791_201_600_000;
    const DAY: i64 = 24 * 60 * 60 * 1000;

    fn fields(fields: &[&str]) -> Vec<String> {
        fields.iter().map(|field| (*field).to_owned()).collect()
    }

    fn row() -> AccountRow {
        AccountRow {
            account: "104500000000011".into(),
            platform: Some(Platform::Messenger),
            name: Some("Northwind Tea".to_owned()),
            page: Some("104500000000011".into()),
            our_app: None,
            connected: true,
            connected_ms: Some(NOW),
            subscribed: true,
            fields: fields(PAGE_FIELDS),
            app_sent: None,
            routing: RoutingMode::On,
            default_app: None,
            human_agent: HumanAgentRight::Approved,
            waiting_rule: baton_protocol::account::WaitingRule::Relay,
            token_alive: Some(true),
            names_given: Some(true),
            last_event_ms: None,
            policed: None,
            hand_back: false,
            history_paused: false,
            history_through_ms: None,
        }
    }

    fn standing(row: AccountRow) -> AccountStanding {
        let access = AccountRole {
            account: row.account.clone(),
            platform: row.platform.unwrap_or(Platform::Messenger),
            name: "Northwind Tea".to_owned(),
            role: Role::Admin,
            connected: row.connected,
        };
        AccountStanding {
            access,
            facts: Some(row),
            token: Token::Alive(SecretString::from("EAAB")),
            is_page_refused: false,
            token_row: Some(token_row(None, needed_rights(Platform::Messenger))),
            last_webhook_ms: Some(NOW),
            checked_ms: Some(NOW),
            history: None,
            late_right: LateRight::Sure,
        }
    }

    fn token_row(expires_ms: Option<i64>, scopes: &[&str]) -> TokenRow {
        TokenRow {
            account: "104500000000011".into(),
            generation: 1,
            kept_ms: NOW - DAY,
            is_registered: true,
            is_dead: false,
            facts: Some(TokenFactsRow {
                checked_ms: NOW,
                expires_ms,
                data_access_expires_ms: Some(NOW + 90 * DAY),
                scopes: fields(scopes),
            }),
        }
    }

    fn found(of: &AccountStanding, kind: FactKind) -> HealthFact {
        let all = facts(of, Some("Teabot"), NOW);
        let mut kinds: Vec<FactKind> = all.iter().map(|fact| fact.kind).collect();
        kinds.dedup();
        assert_eq!(kinds.len(), all.len());
        assert!(kinds.is_sorted(), "{kinds:?}");
        all.into_iter().find(|fact| fact.kind == kind).unwrap()
    }

    #[test]
    fn an_account_that_is_well_has_no_word_against_it() {
        let all = facts(&standing(row()), Some("Teabot"), NOW);
        assert!(all.iter().all(|fact| fact.state <= FactState::Note), "{all:#?}");
    }

    #[rstest]
    #[case(Token::Missing)]
    #[case(Token::Dead)]
    #[case(Token::Locked(KeyStoreError::NoStore("none".to_owned())))]
    fn a_token_that_does_not_serve_says_what_can_be_done(#[case] token: Token) {
        let fact = found(&AccountStanding { token, ..standing(row()) }, FactKind::Token);
        assert_eq!(fact.state, FactState::Bad);
        assert!(!fact.words.what.is_empty() && !fact.words.remedy.is_empty(), "{fact:?}");
    }

    #[test]
    fn an_account_is_not_all_well_while_meta_refuses_the_token_of_its_page() {
        let of = AccountStanding { is_page_refused: true, ..standing(row()) };
        let fact = found(&of, FactKind::Token);
        assert_eq!(fact.state, FactState::Warning);
        assert!(!fact.words.what.is_empty() && !fact.words.remedy.is_empty(), "{fact:?}");
        let dead = AccountStanding { token: Token::Dead, ..of };
        assert_eq!(found(&dead, FactKind::Token).state, FactState::Bad, "its own is the worse news");
    }

    #[rstest]
    #[case::admin(Role::Admin, false)]
    #[case::supervisor(Role::Supervisor, true)]
    #[case::agent(Role::Agent, true)]
    fn who_can_heal_a_dead_token_is_told_to_those_who_cannot(#[case] role: Role, #[case] names_admin: bool) {
        let mut of = AccountStanding { token: Token::Dead, ..standing(row()) };
        of.access.role = role;
        let words = found(&of, FactKind::Token).words;
        assert_eq!(words.remedy.contains("admin of this account"), names_admin, "{words:?}");
    }

    #[rstest]
    #[case::all(&["pages_messaging", "pages_manage_metadata", "email"], FactState::Good)]
    #[case::one_lacks(&["pages_messaging"], FactState::Bad)]
    #[case::meta_did_not_say(&[], FactState::Note)]
    fn rights_of_a_token_are_held_against_what_is_needed(#[case] scopes: &[&str], #[case] state: FactState) {
        let of = AccountStanding { token_row: Some(token_row(None, scopes)), ..standing(row()) };
        let fact = found(&of, FactKind::TokenRights);
        assert_eq!(fact.state, state);
        assert_eq!(fact.words.what.contains("pages_manage_metadata"), state == FactState::Bad, "{fact:?}");
    }

    #[rstest]
    #[case::none(None, NOW + 90 * DAY, FactState::Good)]
    #[case::far(Some(NOW + 60 * DAY), NOW + 60 * DAY, FactState::Good)]
    #[case::near(Some(NOW + 3 * DAY), NOW + 3 * DAY, FactState::Warning)]
    fn a_token_that_ends_soon_says_so_before(
        #[case] expires_ms: Option<i64>,
        #[case] ends_ms: i64,
        #[case] state: FactState,
    ) {
        let row_of_token = token_row(expires_ms, needed_rights(Platform::Messenger));
        let of = AccountStanding { token_row: Some(row_of_token), ..standing(row()) };
        let fact = found(&of, FactKind::TokenEnd);
        assert_eq!((fact.state, fact.at_ms), (state, Some(ends_ms)));
    }

    #[rstest]
    #[case::all(PAGE_FIELDS, true, FactState::Good)]
    #[case::what_is_needed(PAGE_FIELDS_NEEDED, true, FactState::Warning)]
    #[case::no_standby(&["messages"], true, FactState::Bad)]
    #[case::ended(&[], false, FactState::Bad)]
    fn what_meta_sends_is_held_against_what_is_needed(
        #[case] has: &[&str],
        #[case] subscribed: bool,
        #[case] state: FactState,
    ) {
        let row = AccountRow { subscribed, fields: fields(has), ..row() };
        assert_eq!(not_subscribed(&row, Platform::Messenger).is_some(), state == FactState::Bad);
        let fact = found(&standing(row), FactKind::Subscription);
        assert_eq!(fact.state, state);
        assert_eq!(fact.words.remedy.is_empty(), state == FactState::Good, "{fact:?}");
    }

    #[test]
    fn of_an_instagram_account_the_page_need_only_be_subscribed_at_all() {
        let row = AccountRow { platform: Some(Platform::Instagram), fields: Vec::new(), ..row() };
        assert_eq!(found(&standing(row.clone()), FactKind::Subscription).state, FactState::Good);
        let ended = AccountRow { subscribed: false, ..row };
        assert_eq!(found(&standing(ended), FactKind::Subscription).state, FactState::Bad);
    }

    #[rstest]
    #[case::all(INSTAGRAM_FIELDS, true, FactState::Good)]
    #[case::what_is_needed(INSTAGRAM_FIELDS_NEEDED, true, FactState::Warning)]
    #[case::no_standby(&["messages"], true, FactState::Bad)]
    #[case::nothing(&[], false, FactState::Bad)]
    fn what_meta_sends_the_app_is_held_against_what_is_needed(
        #[case] has: &[&str],
        #[case] subscribed: bool,
        #[case] state: FactState,
    ) {
        let app_sent = Some(AppSent { subscribed, fields: fields(has) });
        let row = AccountRow { platform: Some(Platform::Instagram), fields: Vec::new(), app_sent, ..row() };
        assert_eq!(app_not_subscribed(&row, Platform::Instagram).is_some(), state == FactState::Bad);
        let of = standing(row);
        assert_eq!(found(&of, FactKind::Subscription).state, FactState::Good, "its Page is subscribed");
        let fact = found(&of, FactKind::AppSubscription);
        assert_eq!(fact.state, state);
        assert_eq!(fact.words.remedy.contains("baton-relay subscribe"), state > FactState::Note, "{fact:?}");
        assert_eq!(fact.words.what.contains("standby"), subscribed && state == FactState::Bad, "{fact:?}");
    }

    #[rstest]
    #[case(Platform::Messenger, "nothing missing")]
    #[case(Platform::Instagram, "not known yet")]
    fn what_no_relay_said_is_no_news_and_has_its_row_all_the_same(
        #[case] platform: Platform,
        #[case] value: &str,
    ) {
        let row = AccountRow { platform: Some(platform), app_sent: None, ..row() };
        assert_eq!(app_not_subscribed(&row, platform), None);
        let fact = found(&standing(row), FactKind::AppSubscription);
        assert_eq!((fact.state, fact.value.as_str()), (FactState::Note, value));
        assert!(!fact.words.what.is_empty(), "{fact:?}");
    }

    #[rstest]
    #[case(PolicyAction::Block, 30 * DAY, FactState::Bad)]
    #[case(PolicyAction::Warning, DAY, FactState::Warning)]
    #[case(PolicyAction::Warning, 8 * DAY, FactState::Good)]
    #[case(PolicyAction::Unblock, 0, FactState::Good)]
    fn a_warning_is_forgotten_and_a_block_is_not(
        #[case] action: PolicyAction,
        #[case] ago_ms: i64,
        #[case] state: FactState,
    ) {
        let policed = Policed { action, reason: Some("spam".to_owned()), at_ms: NOW - ago_ms };
        let fact = found(&standing(AccountRow { policed: Some(policed), ..row() }), FactKind::Policy);
        assert_eq!(fact.state, state);
        assert_eq!(fact.words.what.contains("Meta says: spam"), state != FactState::Good);
    }

    #[rstest]
    #[case(HumanAgentRight::Approved, FactState::Good)]
    #[case(HumanAgentRight::NotApproved, FactState::Note)]
    #[case(HumanAgentRight::Refused, FactState::Warning)]
    fn a_refusal_by_meta_is_told_from_an_approval_that_nobody_asked_for(
        #[case] human_agent: HumanAgentRight,
        #[case] state: FactState,
    ) {
        let fact = found(&standing(AccountRow { human_agent, ..row() }), FactKind::HumanAgent);
        assert_eq!(fact.state, state);
    }

    #[test]
    fn one_refused_late_reply_is_told_as_a_doubt_with_what_clears_it() {
        let doubtful = LateRight::Doubtful { since_ms: NOW - DAY / 2, thread: ThreadId(1) };
        let fact = found(&AccountStanding { late_right: doubtful, ..standing(row()) }, FactKind::HumanAgent);
        assert_eq!((fact.state, fact.at_ms), (FactState::Warning, Some(NOW - DAY / 2)));
        assert!(fact.words.what.contains("clears") && !fact.words.remedy.is_empty(), "{fact:?}");
        let off = AccountRow { human_agent: HumanAgentRight::Refused, ..row() };
        let fact = found(&AccountStanding { late_right: doubtful, ..standing(off) }, FactKind::HumanAgent);
        assert_eq!(fact.value, "refused by Meta");
    }

    #[test]
    fn names_that_meta_does_not_give_say_so() {
        let fact = found(&standing(AccountRow { names_given: Some(false), ..row() }), FactKind::Names);
        assert_eq!((fact.state, fact.value.as_str()), (FactState::Warning, "Meta does not give names yet"));
    }

    #[test]
    fn that_nobody_wrote_yet_is_no_fault_of_the_names() {
        let fact = found(&standing(AccountRow { names_given: None, ..row() }), FactKind::Names);
        assert_eq!(fact.state, FactState::Note);
        let said = format!("{} {} {}", fact.value, fact.words.what, fact.words.remedy);
        assert!(!said.contains("asked") && !said.contains("not"), "it reads like a defect: {said}");
    }

    #[test]
    fn without_routing_no_app_is_asked_first() {
        let of = standing(AccountRow { routing: RoutingMode::Off, ..row() });
        assert!(facts(&of, Some("Teabot"), NOW).iter().all(|fact| fact.kind != FactKind::DefaultApp));
    }

    #[test]
    fn an_account_that_nobody_connected_says_only_that() {
        let of = standing(AccountRow { connected: false, ..row() });
        let kinds: Vec<FactKind> = facts(&of, Some("Teabot"), NOW).iter().map(|fact| fact.kind).collect();
        let of_token = [FactKind::Token, FactKind::TokenRights, FactKind::TokenEnd];
        assert_eq!(kinds, [&[FactKind::Connection], &of_token[..]].concat());
    }
}
