use baton_messenger::limits::{INSTAGRAM_FIELDS, INSTAGRAM_FIELDS_NEEDED, PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use baton_protocol::enrol::AccountRole;
use rstest::rstest;
use secrecy::SecretString;

use super::*;
use crate::keys::KeyStoreError;
use crate::store::{AccountRow, AppSent, ThreadId, TokenFactsRow};

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
        history_unread: Vec::new(),
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
