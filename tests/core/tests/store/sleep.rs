//! Threads that sleep: they wake by time alone, and what lists count follows.

use std::path::Path;

use baton_core::store::{ListFrom, ListQuery, Sort, Store, View};
use baton_protocol::CustomerId;
use baton_protocol::team::{Status, TeamFact};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::builders::*;

const TEN: i64 = NINE + HOUR;
const FIRST_MIGRATION: &str = include_str!("../../../../migrations/desk/0001_desk.sql");

fn sleeps(log: &mut Log, customer: &str, until_ms: i64) {
    let status = Status::Snoozed { until_ms };
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(customer), status, by: by_ines() });
}

/// Mara and Weber wait since nine; Mara's thread sleeps until ten.
fn mara_sleeps() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE - MINUTE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE, "w_1", "Hello");
    sleeps(&mut log, MARA, TEN);
    log
}

async fn waiting(desk: &Desk) -> u64 {
    desk.store.view_counts(ines(), None).await.unwrap().all_waiting
}

/// Customers in the order "needs a reply first", those alone who need one.
async fn in_need(desk: &Desk, now_ms: i64) -> Vec<String> {
    let query = ListQuery {
        view: View::All,
        account: None,
        sort: Sort::NeedsReply,
        from: ListFrom::Top,
        limit: 50,
        now_ms,
    };
    let rows = desk.store.thread_list(&query).await.unwrap().rows;
    rows.into_iter().filter(|row| row.needs_reply).map(|row| row.key.customer.to_string()).collect()
}

#[tokio::test]
async fn a_thread_counts_and_has_its_place_from_the_moment_it_wakes() {
    let desk = Desk::with(&mara_sleeps()).await;
    assert_eq!(desk.store.next_wake_ms().await.unwrap(), Some(TEN));
    assert!(desk.store.wake_sleepers(TEN - 1, 10).await.unwrap().is_empty());
    assert_eq!((waiting(&desk).await, in_need(&desk, TEN).await), (1, vec![WEBER.to_owned()]));

    assert_eq!(desk.store.wake_sleepers(TEN, 10).await.unwrap(), [desk.thread_id(MARA).await]);
    assert_eq!(waiting(&desk).await, 2);
    assert_eq!(in_need(&desk, TEN).await, [MARA, WEBER], "the longest wait is on top");
    assert_eq!(desk.row(MARA, TEN).await.status, Status::Open);
    assert!(desk.store.wake_sleepers(TEN, 10).await.unwrap().is_empty(), "it wakes once");
    assert_eq!(desk.store.next_wake_ms().await.unwrap(), None);
}

#[tokio::test]
async fn what_happens_to_a_thread_that_woke_does_not_put_it_to_sleep_and_another_sleep_does() {
    let mut log = mara_sleeps();
    let desk = Desk::with(&log).await;
    desk.store.wake_sleepers(TEN, 10).await.unwrap();
    let known = log.entries.len();
    log.team(&TeamFact::PrioritySet { customer: CustomerId::from(MARA), urgent: true, by: by_ines() });
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(waiting(&desk).await, 2);

    let known = log.entries.len();
    sleeps(&mut log, MARA, TEN + HOUR);
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!((waiting(&desk).await, desk.store.next_wake_ms().await.unwrap()), (1, Some(TEN + HOUR)));
}

#[tokio::test]
async fn a_customer_who_writes_ends_the_sleep_for_good() {
    let mut log = mara_sleeps();
    log.says("messaging", MARA, NINE + MINUTE, "m_2", "Are you there?");
    let desk = Desk::with(&log).await;
    assert_eq!((waiting(&desk).await, desk.store.next_wake_ms().await.unwrap()), (2, None));
}

#[tokio::test]
async fn a_clock_that_was_ahead_is_put_right() {
    let desk = Desk::with(&mara_sleeps()).await;
    desk.store.wake_sleepers(TEN + HOUR, 10).await.unwrap();
    assert_eq!(waiting(&desk).await, 2);
    assert_eq!(desk.store.wake_sleepers(NINE, 10).await.unwrap(), [desk.thread_id(MARA).await]);
    assert_eq!((waiting(&desk).await, desk.store.next_wake_ms().await.unwrap()), (1, Some(TEN)));
}

#[tokio::test]
async fn many_wake_in_bounded_steps() {
    let mut log = Log::connected();
    for number in 0..5 {
        let customer = format!("62000000000002{number:02}");
        log.says("messaging", &customer, NINE, &format!("m_{number}"), "Hello");
        sleeps(&mut log, &customer, TEN);
    }
    let desk = Desk::with(&log).await;
    let mut steps = Vec::new();
    for _ in 0..4 {
        steps.push(desk.store.wake_sleepers(TEN, 2).await.unwrap().len());
    }
    assert_eq!(steps, [2, 2, 1, 0]);
    assert_eq!(waiting(&desk).await, 5);
}

#[tokio::test]
async fn sleepers_are_found_by_index() {
    let desk = Desk::with(&mara_sleeps()).await;
    let plan = desk.store.explain_wake_sleepers().await.unwrap();
    let looks = plan.iter().filter(|line| line.contains("USING COVERING INDEX thread_asleep (woke=? AND"));
    assert_eq!(looks.count(), 2, "{plan:?}");
    assert!(!plan.iter().any(|line| line.starts_with("SCAN thread")), "{plan:?}");
}

#[tokio::test]
async fn a_thread_that_slept_before_the_update_wakes_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    of_the_first_schema(folder.path(), &file).await;
    let store = Store::open(&file).await.unwrap();
    assert_eq!(store.next_wake_ms().await.unwrap(), Some(TEN));
}

/// A file as the first version left it, with Mara's thread asleep and one that a customer woke.
async fn of_the_first_schema(folder: &Path, file: &Path) {
    let migrations = folder.join("migrations");
    std::fs::create_dir(&migrations).unwrap();
    std::fs::write(migrations.join("0001_desk.sql"), FIRST_MIGRATION).unwrap();
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    Migrator::new(migrations.as_path()).await.unwrap().run(&pool).await.unwrap();
    for (customer, until_ms, inbound_seq) in [(MARA, TEN, 3), (WEBER, NINE, 9)] {
        sqlx::query(
            "INSERT INTO thread (account, customer, status, status_seq, inbound_seq) VALUES (?, ?, ?, 5, ?)",
        )
        .bind(TEA)
        .bind(customer)
        .bind(format!(r#"{{"status":"snoozed","until_ms":{until_ms}}}"#))
        .bind(inbound_seq)
        .execute(&pool)
        .await
        .unwrap();
    }
    pool.close().await;
}
