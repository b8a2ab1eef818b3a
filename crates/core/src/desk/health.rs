//! How an account is, fact by fact, in words. Pure: what is known of it and Meta's time go in.
//!
//! Each fact has a state of its own. What is *bad* keeps an agent from working, or messages from arriving; a *warning* wants
//! somebody to look before it gets bad; a *note* is how the account was set up, and judged by nobody here.

mod subscription;

use baton_messenger::webhook::PolicyAction;
use baton_messenger::{Platform, Words};
use baton_protocol::account::{HumanAgentRight, RoutingMode};
use baton_protocol::enrol::Role;

pub(super) use self::subscription::{app_not_subscribed, not_subscribed};
use self::subscription::{app_subscription, subscription};
use super::setup::AccountStanding;
use super::tokens::Token;
use crate::account::{LateRight, needed_rights};
use crate::history::HistoryStanding;
use crate::store::{Policed, TokenRow};

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
mod tests;
