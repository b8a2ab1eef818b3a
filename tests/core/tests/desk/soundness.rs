//! A damaged file and a full disk under a desk that runs: both are told, and neither loses what can be kept.

use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, ProblemKind};
use baton_core::store::Store;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::builders::*;
use crate::fake_relay::{open_with, until};

async fn problems(desk: &Desk) -> Vec<ProblemKind> {
    desk.session().await.unwrap().problems.into_iter().map(|problem| problem.kind).collect()
}

/// A store with a page of messages that is no page.
async fn spoilt(folder: &std::path::Path) {
    let mut log = Log::connected();
    for number in 0..100 {
        log.says("messaging", MARA, NINE + number, &format!("m_{number}"), &"many words ".repeat(20));
    }
    let file = folder.join("desk.sqlite");
    let store = Store::open(&file).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    let mara = store.thread_id(&key(MARA)).await.unwrap().unwrap();
    store.save_draft(mara, "I will look into it", "", NINE).await.unwrap();
    store.close().await;
    let mut conn = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await.unwrap();
    let page: i64 = sqlx::query_scalar(
        "SELECT pageno FROM dbstat WHERE name = 'message' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 2",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let at = usize::try_from(page - 1).unwrap() * 4096;
    bytes[at..at + 4096].fill(0x5A);
    std::fs::write(&file, bytes).unwrap();
}

#[tokio::test]
async fn damage_is_found_told_and_repaired_by_a_new_start() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    spoilt(folder.path()).await;
    let desk = open_with(folder.path(), Arc::default(), Arc::new(clock.clone())).await;
    assert_eq!(problems(&desk).await, []);
    clock.advance(Duration::from_secs(31));
    until("the damage told", async || problems(&desk).await.contains(&ProblemKind::Storage).then_some(()))
        .await;
    assert!(desk.file_is_damaged());
    desk.shutdown().await;

    let desk = open_with(folder.path(), Arc::default(), Arc::new(clock.clone())).await;
    assert_eq!(problems(&desk).await, [ProblemKind::Repaired]);
    let mara = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
    assert_eq!(desk.store().draft(mara).await.unwrap().unwrap().text, "I will look into it");
    assert_eq!(desk.store().messages(mara, None, 200).await.unwrap().len(), 100);
    desk.repair_was_seen().await.unwrap();
    assert_eq!(problems(&desk).await, []);
    desk.shutdown().await;
}

#[tokio::test]
async fn an_error_of_the_file_makes_the_desk_look_at_it_at_once() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    spoilt(folder.path()).await;
    let desk = open_with(folder.path(), Arc::default(), Arc::new(clock)).await;
    desk.suspect_file();
    until("the damage told", async || problems(&desk).await.contains(&ProblemKind::Storage).then_some(()))
        .await;
    desk.shutdown().await;
}
