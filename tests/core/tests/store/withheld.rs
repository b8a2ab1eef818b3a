//! Messages in the middle of a thread that Meta names and does not give: they are marked until they come, however they come.

use std::collections::BTreeSet;

use baton_core::store::TimelineLine;
use baton_protocol::team::TeamFact;
use baton_protocol::{CustomerId, LogId, Mid};
use rstest::rstest;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use uuid::Uuid;

use crate::builders::*;

const READ: i64 = NINE + 3 * HOUR;

/// Mara wrote at nine and at noon, and Meta does not give what was said at ten and at eleven.
fn lacking() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.history_lacking(
        MARA,
        READ,
        &[("m_4", NINE + 3 * HOUR, true, "Thank you")],
        &[("m_3", NINE + 2 * HOUR), ("m_2", NINE + HOUR)],
    );
    log
}

/// When the missing messages of a thread were said.
async fn missing(desk: &Desk) -> Vec<i64> {
    let thread = desk.thread_id(MARA).await;
    let lines = desk.store.timeline(thread, 0, i64::MAX, READ).await.unwrap();
    let gaps = lines.into_iter().filter(|item| item.line == TimelineLine::Gap);
    gaps.map(|gap| gap.at_ms).collect()
}

async fn rows(desk: &Desk) -> i64 {
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM withheld").fetch_one(&mut conn).await.unwrap()
}

#[tokio::test]
async fn what_meta_does_not_give_in_the_middle_is_a_line_of_the_timeline() {
    let desk = Desk::with(&lacking()).await;
    assert_eq!(missing(&desk).await, [NINE + HOUR, NINE + 2 * HOUR]);
    let thread = desk.thread_id(MARA).await;
    let some = desk.store.timeline(thread, NINE + 2 * HOUR, i64::MAX, READ).await.unwrap();
    assert_eq!(some.iter().filter(|item| item.line == TimelineLine::Gap).count(), 1);
    let (said, lacks) = (Mid::from("m_1"), Mid::from("m_3"));
    let named = desk.store.named_as_lacking(&key(MARA), &[&said, &lacks]).await.unwrap();
    assert_eq!(named, BTreeSet::from([lacks]));
    assert_eq!(desk.store.oldest_logged_ms(&key(MARA)).await.unwrap(), Some(NINE));
    assert_eq!(desk.store.oldest_logged_ms(&key(WEBER)).await.unwrap(), None);
}

#[rstest]
#[case::page_first(false)]
#[case::message_first(true)]
#[tokio::test]
async fn what_comes_after_all_is_not_missing(#[case] backwards: bool) {
    let mut log = lacking();
    log.says("messaging", MARA, NINE + HOUR, "m_2", "Still there?");
    log.history(MARA, READ + HOUR, &[("m_3", NINE + 2 * HOUR, true, "Anyone?")]);
    if backwards {
        log.entries.reverse();
    }
    let desk = Desk::new().await;
    for entry in &log.entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(missing(&desk).await, Vec::<i64>::new());
    assert_eq!(desk.texts(MARA).await, ["Hello", "Still there?", "Anyone?", "Thank you"]);
    let at_once = Desk::with(&log).await;
    assert_eq!(desk.store.canonical_export().await.unwrap(), at_once.store.canonical_export().await.unwrap());
}

#[rstest]
#[case::page_first(false)]
#[case::unsend_first(true)]
#[tokio::test]
async fn what_was_taken_back_is_not_missing(#[case] backwards: bool) {
    let mut log = lacking();
    let gone = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": READ,
        "message": {"mid": "m_2", "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", READ, &gone);
    if backwards {
        log.entries.reverse();
    }
    let desk = Desk::with(&log).await;
    assert_eq!(missing(&desk).await, [NINE + 2 * HOUR]);
}

#[rstest]
#[case::as_it_happened(false)]
#[case::backwards(true)]
#[tokio::test]
async fn an_erased_customer_lacks_nothing_of_before(#[case] backwards: bool) {
    let mut log = lacking();
    log.team(&TeamFact::CustomerErased { customer: CustomerId::from(MARA), by: by_ines() });
    log.history_lacking(MARA, READ + 2 * HOUR, &[], &[("m_9", READ + HOUR)]);
    if backwards {
        log.entries.reverse();
    }
    let desk = Desk::new().await;
    for entry in &log.entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(missing(&desk).await, [READ + HOUR]);
    assert_eq!(rows(&desk).await, 1);
}

#[tokio::test]
async fn nothing_is_left_of_an_account_that_is_lost_and_of_a_log_that_is_another() {
    let log = lacking();
    let desk = Desk::with(&log).await;
    assert_eq!(rows(&desk).await, 2);
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(rows(&desk).await, 0);

    let desk = Desk::with(&log).await;
    desk.store.resync(&log.name, LogId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(rows(&desk).await, 0);
}

#[tokio::test]
async fn a_page_that_an_older_version_read_is_read_once_more() {
    let mut desk = Desk::with(&lacking()).await;
    let whole = desk.store.canonical_export().await.unwrap();
    desk.store.close().await;
    // As the version before would have left it, after its file was brought up to date.
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    for sql in [
        "DELETE FROM withheld",
        "UPDATE raw_entry SET applied = 0 WHERE kind = 'audit' AND instr(body, '\"lacks\":') > 0",
        "UPDATE setting SET value = '5' WHERE name = 'store.applied_by'",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    desk.reopen().await;
    assert_eq!(missing(&desk).await.len(), 2);
    assert_eq!(desk.store.canonical_export().await.unwrap(), whole);
}
