//! A damaged file and a full disk under a desk that runs: both are told, and neither loses what can be kept.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, ProblemKind};
use baton_core::store::{OpeningStep, OpeningWatcher, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::builders::*;
use crate::fake_relay::{config, open_with, until};

/// Hears what an opening is at.
#[derive(Default)]
struct Heard(Mutex<Vec<OpeningStep>>);

impl OpeningWatcher for Heard {
    fn stands(&self, step: OpeningStep) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(step);
    }
}

impl Heard {
    /// What it was at, one after the other.
    fn kinds(&self) -> Vec<&'static str> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kinds: Vec<_> = heard
            .iter()
            .map(|step| match step {
                OpeningStep::Copying(_) | OpeningStep::Migrating(_) | OpeningStep::Applying(_) => "update",
                OpeningStep::Salvaging(_) | OpeningStep::Remaking(_) => "repair",
                OpeningStep::Starting => "starting",
            })
            .collect();
        kinds.dedup();
        kinds
    }
}

async fn problems(desk: &Desk) -> Vec<ProblemKind> {
    desk.session().await.unwrap().problems.into_iter().map(|problem| problem.kind).collect()
}

/// A store with messages and a draft.
async fn filled(folder: &Path) -> PathBuf {
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
    file
}

/// Overwrites those of the file's leaf pages that a condition picks with what is no page.
pub async fn spoil(file: &Path, which: &str) {
    let mut conn = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await.unwrap();
    let sql = format!("SELECT pageno FROM dbstat WHERE pagetype = 'leaf' AND {which}");
    let pages: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    assert!(!pages.is_empty());
    let mut bytes = std::fs::read(file).unwrap();
    for page in pages {
        let at = usize::try_from(page - 1).unwrap() * 4096;
        bytes[at..at + 4096].fill(0x5A);
    }
    std::fs::write(file, bytes).unwrap();
}

/// A store with a page of messages that is no page.
async fn spoilt(folder: &Path) {
    let file = filled(folder).await;
    spoil(&file, "name = 'message' ORDER BY pageno LIMIT 1 OFFSET 2").await;
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

#[tokio::test]
async fn damage_that_is_met_while_the_desk_opens_is_repaired_by_that_start() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let file = filled(folder.path()).await;
    spoil(&file, "name IN (SELECT name FROM sqlite_schema WHERE tbl_name = 'outbox_part')").await;
    // The file opens: nobody has read of the outbox yet.
    let store = Store::open(&file).await.unwrap();
    assert_eq!(store.repaired().await.unwrap(), None);
    store.close().await;

    let heard = Heard::default();
    let config = config(folder.path(), Arc::default(), Arc::new(clock));
    let desk = Desk::open_told(config, &heard).await.unwrap();
    assert_eq!(heard.kinds(), ["starting", "repair", "starting"]);
    assert_eq!(problems(&desk).await, [ProblemKind::Repaired]);
    assert!(!desk.file_is_damaged());
    assert!(desk.store().is_sound().await.unwrap());
    assert_eq!(desk.store().repaired().await.unwrap().unwrap().damaged, ["outbox_part"]);
    let mara = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
    assert_eq!(desk.store().draft(mara).await.unwrap().unwrap().text, "I will look into it");
    desk.shutdown().await;
}
