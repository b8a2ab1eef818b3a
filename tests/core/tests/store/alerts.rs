//! What alerts read of the store, and what they keep there.

use baton_core::alerts::{End, Ending, HeardLog, Stage, ToldOf};
use baton_core::store::PreviewKind;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, CustomerId, LogName};

use crate::builders::*;
use crate::kept::connect;

const DAY: i64 = 24 * HOUR;

fn assigned(log: &mut Log, customer: &str, assignee: AgentId) {
    let by = Actor::Agent { agent: jonas(), desk: desk_of_ines() };
    let customer = CustomerId::from(customer);
    log.team(&TeamFact::Assigned { customer, assignee: Some(assignee), by, reply: None });
}

/// Mara waits for Ines since nine, Weber for Jonas since ten.
fn both_wait() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    log.says("messaging", WEBER, NINE + HOUR, "w_1", "And green tea?");
    assigned(&mut log, MARA, ines());
    assigned(&mut log, WEBER, jonas());
    log
}

#[tokio::test]
async fn a_thread_says_what_an_alert_needs_by_either_name() {
    let desk = Desk::with(&both_wait()).await;
    let rows = desk.store.alert_threads(&[key(MARA), key("6200000000000999")]).await.unwrap();
    assert_eq!(rows.len(), 1, "who is not known is not there");
    let mara = &rows[0];
    assert_eq!((&mara.key, mara.id), (&key(MARA), desk.thread_id(MARA).await));
    assert_eq!((mara.account_name.as_str(), mara.customer_name.as_deref()), ("Northwind Tea", None));
    assert_eq!((mara.assignee, mara.is_active, mara.needs_reply), (Some(ines()), true, true));
    assert_eq!((mara.unread, mara.is_customers, mara.kind), (1, true, PreviewKind::Text));
    assert_eq!(mara.line, "Where is my parcel?");
    assert_eq!(desk.store.alert_threads_of(&[mara.id]).await.unwrap(), rows);
    assert!(desk.store.alert_threads(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_windows_that_end_those_of_this_agent_whose_customer_waits_are_told() {
    let mut log = both_wait();
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let until_ms = NINE + DAY;
    let window = Ending { thread, end: End::Window, until_ms };
    let ending = async |after_ms, by_ms| desk.store.windows_ending(ines(), after_ms, by_ms).await.unwrap();
    assert_eq!(ending(NINE, until_ms).await, [window]);
    assert!(ending(NINE, until_ms - 1).await.is_empty(), "later");
    assert!(ending(until_ms, until_ms + DAY).await.is_empty(), "over");

    let status = Status::WaitingOnCustomer;
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status, by: by_ines() });
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert!(ending(NINE, until_ms).await.is_empty(), "nobody waits");
}

#[tokio::test]
async fn of_late_windows_that_end_those_are_told_where_the_account_may_send_late_replies() {
    let mut log = both_wait();
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let until_ms = NINE + 7 * DAY;
    let late = Ending { thread, end: End::LateWindow, until_ms };
    let ending =
        async |after_ms, by_ms| desk.store.late_windows_ending(ines(), after_ms, by_ms).await.unwrap();
    assert!(ending(NINE, until_ms).await.is_empty(), "none may be sent");

    log.team(&TeamFact::HumanAgentSet { right: HumanAgentRight::Approved, by: by_ines() });
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(ending(NINE, until_ms).await, [late]);
    assert!(ending(NINE, until_ms - 1).await.is_empty(), "later");
    assert!(ending(until_ms, until_ms + DAY).await.is_empty(), "over");

    let told = ToldOf { ending: late, stage: Stage::Far };
    let window = Ending { end: End::Window, until_ms: NINE + DAY, ..late };
    let told_before = ToldOf { ending: window, stage: Stage::Near };
    desk.store.tell_of_ends(&[told_before, told], NINE).await.unwrap();
    assert_eq!(desk.store.told_of_ends().await.unwrap(), [told, told_before], "each end by itself");

    let status = Status::WaitingOnCustomer;
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status, by: by_ines() });
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert!(ending(NINE, until_ms).await.is_empty(), "nobody waits");
}

#[tokio::test]
async fn what_was_told_outlives_a_start_and_ends_with_its_end() {
    let mut desk = Desk::with(&both_wait()).await;
    let (mara, weber) = (desk.thread_id(MARA).await, desk.thread_id(WEBER).await);
    let far =
        ToldOf { ending: Ending { thread: mara, end: End::Window, until_ms: NINE + DAY }, stage: Stage::Far };
    let near = ToldOf { stage: Stage::Near, ..far };
    let control = ToldOf {
        ending: Ending { thread: weber, end: End::Control, until_ms: NINE + 2 * DAY },
        stage: Stage::Far,
    };
    desk.store.tell_of_ends(&[far, control], NINE).await.unwrap();
    desk.store.tell_of_ends(&[near], NINE).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.told_of_ends().await.unwrap(), [near, control]);
    desk.store.tell_of_ends(&[], NINE + DAY).await.unwrap();
    assert_eq!(desk.store.told_of_ends().await.unwrap(), [control]);
}

#[tokio::test]
async fn an_end_of_a_kind_that_only_a_newer_version_tells_of_is_in_nobodys_way() {
    let desk = Desk::with(&both_wait()).await;
    let thread = desk.thread_id(MARA).await;
    let ending = Ending { thread, end: End::Window, until_ms: NINE + DAY };
    let told = ToldOf { ending, stage: Stage::Far };
    desk.store.tell_of_ends(&[told], NINE).await.unwrap();
    let mut newer = connect(&desk.file()).await;
    sqlx::query("INSERT INTO alert_end (thread_id, ends, until_ms, stage) VALUES (?, 'promise', ?, 1)")
        .bind(thread.0)
        .bind(NINE + HOUR)
        .execute(&mut newer)
        .await
        .unwrap();
    assert_eq!(desk.store.told_of_ends().await.unwrap(), [told]);

    let kept = "SELECT count(*) FROM alert_end WHERE ends = 'promise'";
    desk.store.tell_of_ends(&[], NINE).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&mut newer).await.unwrap(), 1, "the newer one's");
    desk.store.tell_of_ends(&[], NINE + HOUR).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&mut newer).await.unwrap(), 0, "it is over");
}

#[tokio::test]
async fn how_far_logs_were_told_outlives_a_start_and_goes_with_the_account() {
    let mut desk = Desk::with(&both_wait()).await;
    let heard = |seq| HeardLog { log: LogName::Account(tea()), log_id: log_id(), seq, wall_ms: NINE + HOUR };
    desk.store.keep_heard_logs(&[heard(3)]).await.unwrap();
    desk.store.keep_heard_logs(&[heard(7)]).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.heard_logs().await.unwrap(), [heard(7)]);

    let thread = desk.thread_id(MARA).await;
    let ending = Ending { thread, end: End::Window, until_ms: NINE + DAY };
    desk.store.tell_of_ends(&[ToldOf { ending, stage: Stage::Far }], NINE).await.unwrap();
    desk.store.purge(&tea()).await.unwrap();
    assert!(desk.store.heard_logs().await.unwrap().is_empty());
    assert!(desk.store.told_of_ends().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_message_names_the_entry_that_told_of_it() {
    let mut log = Log::connected();
    let seq = log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::new().await;
    let changes = desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(changes.new_inbound.iter().map(|new| new.seq).collect::<Vec<_>>(), [seq]);
}
