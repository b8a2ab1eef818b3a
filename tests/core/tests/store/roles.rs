//! Parts of apps in the old handover protocol: Meta's word wins over a guess, and the newest word over older ones.

use baton_messenger::routing::AppRole;
use baton_protocol::account::RoutingMode;
use baton_thread::Owner;
use serde_json::json;

use crate::builders::*;

const FIRST: Option<AppRole> = Some(AppRole::PrimaryReceiver);
const ANOTHER: Option<AppRole> = Some(AppRole::SecondaryReceiver);

fn old_protocol() -> Log {
    let mut log = Log::new();
    log.connect(RoutingMode::HopV2);
    log
}

fn roles(log: &mut Log, at_ms: i64, roles: &serde_json::Value) {
    log.event("messaging", at_ms, &json!({"recipient": {"id": TEA}, "timestamp": at_ms, "app_roles": roles}));
}

async fn role(desk: &Desk) -> Option<AppRole> {
    desk.store.account_facts(&tea()).await.unwrap().role
}

#[tokio::test]
async fn the_newest_word_counts_in_any_order() {
    let mut log = old_protocol();
    roles(&mut log, NINE, &json!({BATON: ["primary_receiver"]}));
    roles(&mut log, NINE + HOUR, &json!({BATON: ["secondary_receiver"], TEABOT: ["primary_receiver"]}));
    let desk = Desk::with(&log).await;
    assert_eq!(role(&desk).await, ANOTHER);
    let facts = desk.store.account_facts(&tea()).await.unwrap();
    assert_eq!(facts.default_app, Some(TEABOT.into()), "threads go back to the primary receiver");

    let backwards = Desk::new().await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(
        backwards.store.canonical_export().await.unwrap(),
        desk.store.canonical_export().await.unwrap()
    );
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_none() {
    let mut log = old_protocol();
    roles(&mut log, NINE, &json!({BATON: ["primary_receiver"]}));
    roles(&mut log, NINE + HOUR, &json!({BATON: []}));
    assert_eq!(role(&Desk::with(&log).await).await, None);
}

#[tokio::test]
async fn a_guess_holds_until_meta_speaks() {
    let mut log = old_protocol();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    desk.store.guess_role(&tea(), AppRole::PrimaryReceiver).await.unwrap();
    assert_eq!(role(&desk).await, FIRST);
    roles(&mut log, NINE + HOUR, &json!({BATON: ["secondary_receiver"]}));
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(role(&desk).await, ANOTHER);
    desk.store.guess_role(&tea(), AppRole::PrimaryReceiver).await.unwrap();
    assert_eq!(role(&desk).await, ANOTHER);
}

#[tokio::test]
async fn who_holds_the_threads_follows_the_role() {
    let mut log = old_protocol();
    log.pass(MARA, NINE, None, BATON, "");
    log.says("messaging", MARA, NINE + 30 * HOUR, "m_1", "Hello again");
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, NINE + 31 * HOUR).await.owner.owner, Owner::Ours);
    roles(&mut log, NINE + 31 * HOUR, &json!({TEABOT: ["primary_receiver"]}));
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE + 32 * HOUR).await.owner.owner, Owner::Ours, "heard by us means ours");
}

#[tokio::test]
async fn a_lost_account_leaves_no_roles() {
    let mut log = old_protocol();
    roles(&mut log, NINE, &json!({BATON: ["primary_receiver"]}));
    let desk = Desk::with(&log).await;
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(role(&desk).await, None);
}

#[tokio::test]
async fn a_take_that_was_refused_stays_refused_until_something_says_otherwise() {
    let mut log = old_protocol();
    roles(&mut log, NINE, &json!({BATON: ["primary_receiver"]}));
    let desk = Desk::with(&log).await;
    let is_refused = async || desk.store.account_facts(&tea()).await.unwrap().take_refused;
    assert!(!is_refused().await);

    desk.store.take_was_refused(&tea()).await.unwrap();
    log.says("messaging", MARA, NINE + HOUR, "m_1", "Hello");
    desk.store.ingest(&log.entries[2..], log_id()).await.unwrap();
    assert!(is_refused().await, "a message tells nothing of it");
    roles(&mut log, NINE + 2 * HOUR, &json!({BATON: ["primary_receiver"]}));
    desk.store.ingest(&log.entries[3..], log_id()).await.unwrap();
    assert!(!is_refused().await, "Meta told the roles");

    desk.store.take_was_refused(&tea()).await.unwrap();
    desk.store.account_checked(&tea(), NINE + 3 * HOUR).await.unwrap();
    assert!(!is_refused().await, "the account was checked");

    desk.store.take_was_refused(&tea()).await.unwrap();
    desk.store.take_was_refused(&tea()).await.unwrap();
    assert!(is_refused().await);
    desk.store.forget_refused_takes().await.unwrap();
    assert!(!is_refused().await, "the desk begins anew");
}
