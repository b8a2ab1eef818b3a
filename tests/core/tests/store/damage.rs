//! A damaged file, an old file, and what is set aside: nothing that can be read is lost, and what is missing is known.

use std::path::{Path, PathBuf};

use baton_core::store::{Store, StoreError};
use baton_protocol::entry::EntryKind;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::builders::*;
use crate::kept::{earlier_schemas, of_schema};

const PAGE: usize = 4096;

/// A log with enough to fill many pages, and an agent's own words.
async fn busy_desk() -> (Desk, Log) {
    let mut log = Log::connected();
    for number in 0..300 {
        let customer = if number % 2 == 0 { MARA } else { WEBER };
        let text = format!("message number {number}, {}", "and so on ".repeat(20));
        log.says("messaging", customer, NINE + number * MINUTE, &format!("m_{number}"), &text);
    }
    let desk = Desk::with(&log).await;
    desk.store.save_draft(desk.thread_id(MARA).await, "I will look into it", "", NINE).await.unwrap();
    desk.store.save_draft(desk.thread_id(WEBER).await, "Dear Jonas", "", NINE).await.unwrap();
    desk.store.set_setting("page.theme", Some("\"dark\"")).await.unwrap();
    (desk, log)
}

/// Tells the first rows that differ, not both stores.
fn assert_same(now: &str, before: &str) {
    let differ: Vec<_> =
        now.lines().zip(before.lines()).filter(|(now, before)| now != before).take(2).collect();
    assert!(now == before, "{differ:#?}");
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn aside(desk: &Desk) -> Vec<String> {
    let folder = desk.file().with_file_name("set-aside");
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The pages of the file that belong to a table or index.
async fn pages_of(file: &Path, name: &str) -> Vec<usize> {
    let mut conn = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let pages: Vec<i64> =
        sqlx::query_scalar("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno")
            .bind(name)
            .fetch_all(&mut conn)
            .await
            .unwrap_or_default();
    conn.close().await.unwrap();
    pages.into_iter().map(|page| usize::try_from(page).unwrap()).collect()
}

/// Overwrites a page with what is no page.
fn spoil(file: &Path, page: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[(page - 1) * PAGE..page * PAGE].fill(0x5A);
    std::fs::write(file, bytes).unwrap();
}

#[tokio::test]
async fn a_repair_of_a_whole_file_gives_the_same_store() {
    let (mut desk, log) = busy_desk().await;
    let before = desk.store.canonical_export().await.unwrap();
    let cursor = desk.store.cursor(&log.name).await.unwrap();
    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert_same(&desk.store.canonical_export().await.unwrap(), &before);
    assert_eq!(desk.store.cursor(&log.name).await.unwrap(), cursor);
    let draft = desk.store.draft(desk.thread_id(WEBER).await).await.unwrap().unwrap();
    assert_eq!(draft.text, "Dear Jonas");
    assert_eq!(desk.store.setting("page.theme").await.unwrap().as_deref(), Some("\"dark\""));
    assert!(!desk.store.is_damaged());
    let saved = desk.store.repaired().await.unwrap().unwrap();
    assert_eq!((saved.drafts, saved.damaged.len()), (2, 0));
    assert_eq!(saved.entries, log.entries.len() as u64);
    desk.store.repair_was_told().await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.repaired().await.unwrap(), None);
}

#[tokio::test]
async fn entries_whose_place_is_not_known_are_kept_by_a_repair() {
    let (mut desk, log) = busy_desk().await;
    desk.store.resync(&log.name, baton_protocol::LogId(uuid::Uuid::from_u128(8))).await.unwrap();
    let before = desk.store.canonical_export().await.unwrap();
    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert_same(&desk.store.canonical_export().await.unwrap(), &before);
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert!(cursor.ranges.is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_a_hole_and_what_can_is_kept() {
    let (desk, log) = busy_desk().await;
    let file = desk.file();
    desk.store.close().await;
    let pages = pages_of(&file, "raw_entry").await;
    assert!(pages.len() > 10, "{pages:?}");
    spoil(&file, pages[pages.len() / 2]);
    let store = Store::open(&file).await.unwrap();
    assert!(!store.is_sound().await.unwrap());
    store.found_damaged().await.unwrap();
    store.close().await;

    let store = Store::open(&file).await.unwrap();
    assert!(store.is_sound().await.unwrap());
    let held = store.cursor(&log.name).await.unwrap().unwrap().ranges;
    let all = log.entries.len() as u64;
    let missing: u64 = held.holes(all).iter().map(|(first, last)| last - first + 1).sum();
    assert!((1..60).contains(&missing), "{missing} entries of {all} are missing");
    let saved = store.repaired().await.unwrap().unwrap();
    assert_eq!((saved.drafts, saved.damaged), (2, vec!["raw_entry".to_owned()]));
    assert_eq!(aside(&desk)[0], "damaged.sqlite");

    // The relay gives what is missing, and the store is as it was.
    let whole = Desk::with(&log).await;
    for (first, last) in held.holes(all) {
        let entries: Vec<_> =
            log.entries.iter().filter(|entry| (first..=last).contains(&entry.seq)).cloned().collect();
        store.ingest(&entries, log_id()).await.unwrap();
    }
    assert_same(&store.canonical_export().await.unwrap(), &whole.store.canonical_export().await.unwrap());
}

#[tokio::test]
async fn damage_that_is_met_on_opening_is_repaired_at_once() {
    let (desk, log) = busy_desk().await;
    desk.store.close().await;
    // The tree of all tables hangs on the first page; its root says what is where.
    spoil(&desk.file(), 1);
    let store = Store::open(&desk.file()).await.unwrap();
    assert_eq!(store.cursor(&log.name).await.unwrap(), None, "everything is read from the relay again");
    assert!(store.repaired().await.unwrap().unwrap().enrolment_lost);
    store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(aside(&desk)[0], "damaged.sqlite");
}

#[tokio::test]
async fn a_table_that_is_gone_altogether_does_not_take_the_others_with_it() {
    let (desk, _) = busy_desk().await;
    let file = desk.file();
    desk.store.close().await;
    for page in pages_of(&file, "message").await {
        spoil(&file, page);
    }
    let store = Store::open(&file).await.unwrap();
    store.found_damaged().await.unwrap();
    store.close().await;
    let store = Store::open(&file).await.unwrap();
    let mara = store.thread_id(&key(MARA)).await.unwrap().unwrap();
    let texts = store.messages(mara, None, 200).await.unwrap();
    assert_eq!(texts.len(), 150, "messages are derived, and made anew from entries");
    assert_eq!(store.repaired().await.unwrap().unwrap().damaged, [] as [String; 0]);
}

#[tokio::test]
async fn a_repair_that_was_cut_off_is_finished_or_done_again() {
    let (mut desk, _) = busy_desk().await;
    let before = desk.store.canonical_export().await.unwrap();
    let file = desk.file();
    // Cut off while it was made: what there is of it is worth nothing.
    desk.store.found_damaged().await.unwrap();
    desk.store.close().await;
    std::fs::write(beside(&file, ".building"), b"half a file").unwrap();
    desk.reopen().await;
    assert_same(&desk.store.canonical_export().await.unwrap(), &before);
    // Cut off when the new file was complete, before and after the old one was moved away.
    for old_is_gone in [false, true] {
        desk.store.close().await;
        let mut conn = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        std::fs::copy(&file, beside(&file, ".built")).unwrap();
        if old_is_gone {
            std::fs::remove_file(&file).unwrap();
        }
        desk.reopen().await;
        assert_same(&desk.store.canonical_export().await.unwrap(), &before);
        assert!(!beside(&file, ".built").exists());
    }
}

/// Makes a file as the program of an earlier schema left it.
async fn file_of_schema(file: &Path, schema: i64) {
    let mut conn = of_schema(file, schema).await;
    sqlx::query("INSERT INTO setting (name, value) VALUES ('page.theme', '\"light\"')")
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
}

#[tokio::test]
async fn every_schema_is_copied_before_it_is_brought_forward() {
    for schema in earlier_schemas() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk.db");
        file_of_schema(&file, schema).await;
        let store = Store::open(&file).await.unwrap();
        assert_eq!(store.setting("page.theme").await.unwrap().as_deref(), Some("\"light\""));
        let copy = folder.path().join(format!("set-aside/before-update-of-schema-{schema}.sqlite"));
        let mut conn = SqliteConnectOptions::new().filename(&copy).read_only(true).connect().await.unwrap();
        let kept: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&mut conn)
            .await
            .unwrap();
        assert_eq!(kept, schema);
        store.close().await;
    }
}

#[tokio::test]
async fn without_room_for_the_copy_nothing_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    file_of_schema(&file, 1).await;
    // What cannot be written stands in for a disk that is full.
    let part = folder.path().join("set-aside/before-update-of-schema-1.part");
    std::fs::create_dir_all(part.join("in the way")).unwrap();
    let error = Store::open(&file).await.unwrap_err();
    assert!(!matches!(error, StoreError::Corrupt), "{error:?}");
    let mut conn = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let still: i64 =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut conn).await.unwrap();
    assert_eq!(still, 1);
}

#[tokio::test]
async fn a_newer_file_is_not_even_copied() {
    let desk = Desk::new().await;
    desk.store.close().await;
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99, 'the future', 1, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let before = std::fs::read(desk.file()).unwrap();
    assert!(matches!(Store::open(&desk.file()).await.unwrap_err(), StoreError::TooNew { .. }));
    assert_eq!(aside(&desk), [] as [String; 0]);
    assert_eq!(std::fs::read(desk.file()).unwrap(), before);
}

#[tokio::test]
async fn what_is_set_aside_goes_with_what_is_taken_back() {
    let (mut desk, mut log) = busy_desk().await;
    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert_eq!(aside(&desk)[0], "damaged.sqlite");
    assert!(!desk.store.set_aside().await.is_empty());
    let before = log.entries.len();
    log.event(
        "messaging",
        NINE + HOUR,
        &json!({
            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + HOUR,
            "message": {"mid": "m_0", "is_deleted": true},
        }),
    );
    assert_eq!(log.entries[before].kind, EntryKind::Meta);
    desk.store.ingest(&log.entries[before..], log_id()).await.unwrap();
    assert_eq!(aside(&desk), [] as [String; 0]);
}

#[tokio::test]
async fn every_own_table_is_saved_by_a_repair() {
    let documented = include_str!("../../../../docs/schema.sql");
    let mut own: Vec<&str> = documented
        .lines()
        .filter_map(|line| line.strip_prefix("-- ")?.split_once(": own."))
        .map(|(name, _)| name)
        .filter(|name| *name != "cursor_range")
        .collect();
    own.push("thread");
    own.sort_unstable();
    let mut saved = baton_core::store::own_tables().to_vec();
    saved.sort_unstable();
    assert_eq!(saved, own, "store/salvage.rs copies what docs/schema.sql calls own");
}
