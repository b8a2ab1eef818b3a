//! The file itself: its schema is the documented one, and what cannot be trusted is refused with words.

use std::collections::BTreeMap;

use baton_core::store::{SCHEMA, Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::builders::*;

const DOCUMENTED: &str = include_str!("../../../../docs/schema.sql");

/// Everything in a schema: name → its statement, without comments and spaces.
async fn schema(conn: &mut SqliteConnection) -> BTreeMap<String, String> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(conn)
    .await
    .unwrap();
    rows.into_iter().map(|(name, sql)| (name, bare(&sql))).collect()
}

fn bare(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    lines
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
        .replace("( ", "(")
        .replace(" )", ")")
        .replace(" ,", ",")
}

async fn open(file: &std::path::Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap()
}

#[tokio::test]
async fn the_documented_schema_is_the_real_one() {
    let desk = Desk::new().await;
    let mut real = open(&desk.file()).await;
    let mut documented = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql(DOCUMENTED).execute(&mut documented).await.unwrap();
    let (real, documented) = (schema(&mut real).await, schema(&mut documented).await);
    assert!(real.len() > 40);
    assert_eq!(real, documented, "docs/schema.sql must say what the migrations make");
}

#[tokio::test]
async fn every_table_says_whose_it_is_and_every_column_what_it_holds() {
    let mut documented = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql(DOCUMENTED).execute(&mut documented).await.unwrap();
    let lines: Vec<&str> = DOCUMENTED.lines().collect();
    let tables = lines.iter().enumerate().filter(|(_, line)| line.starts_with("CREATE TABLE "));
    let mut seen = 0;
    for (at, line) in tables {
        let name = line.trim_start_matches("CREATE TABLE ").trim_end_matches(" (");
        let said: Vec<&&str> = lines[..at].iter().rev().take_while(|line| line.starts_with("--")).collect();
        let whose = said.iter().any(|line| line.contains(" own.") || line.contains(" derived."));
        assert!(whose, "{name} does not say whether it is own or derived");
        let columns: Vec<(String,)> = sqlx::query_as("SELECT name FROM pragma_table_info(?)")
            .bind(name)
            .fetch_all(&mut documented)
            .await
            .unwrap();
        for (column,) in columns {
            let told = lines[at..]
                .iter()
                .take_while(|line| !line.starts_with(')'))
                .any(|line| line.trim_start().starts_with(&format!("{column} ")) && line.contains("--"));
            assert!(told, "{name}.{column} is not explained");
        }
        seen += 1;
    }
    assert!(seen > 30);
}

#[tokio::test]
async fn every_table_is_strict() {
    let desk = Desk::new().await;
    let mut conn = open(&desk.file()).await;
    let loose: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert_eq!(loose, []);
}

#[tokio::test]
async fn the_file_is_written_ahead_synced_and_wiped() {
    let desk = Desk::new().await;
    let mut conn = open(&desk.file()).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut conn).await.unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(desk.store.pragma("synchronous").await.unwrap(), 2);
    assert_eq!(desk.store.pragma("secure_delete").await.unwrap(), 1);
    assert_eq!(desk.store.pragma("foreign_keys").await.unwrap(), 1);
}

#[tokio::test]
async fn a_file_of_a_newer_baton_is_refused_and_left_alone() {
    let desk = Desk::new().await;
    desk.store.close().await;
    let mut conn = open(&desk.file()).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99, 'the future', 1, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let error = Store::open(&desk.file()).await.unwrap_err();
    assert!(matches!(error, StoreError::TooNew { found: 99, known: SCHEMA }), "{error:?}");
    assert!(error.words().what.contains("newer Baton"));
}

#[tokio::test]
async fn what_is_no_database_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    let letter = "This is a letter, not a database. ".repeat(200);
    std::fs::write(&file, &letter).unwrap();
    let store = Store::open(&file).await.unwrap();
    assert_eq!(store.cursors().await.unwrap(), []);
    assert!(store.repaired().await.unwrap().unwrap().enrolment_lost);
    let aside = std::fs::read_to_string(folder.path().join("set-aside/damaged.sqlite")).unwrap();
    assert_eq!(aside, letter);
}

#[tokio::test]
async fn a_folder_that_is_not_there_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open(&folder.path().join("nowhere/desk.db")).await.unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen), "{error:?}");
}

#[tokio::test]
async fn a_full_disk_is_called_so_and_nothing_of_the_batch_is_there() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    desk.store.limit_pages_to_present().await.unwrap();
    let start = log.entries.len();
    for number in 0..400 {
        log.says("messaging", MARA, NINE + number, &format!("n_{number}"), &"many words ".repeat(200));
    }
    let error = desk.store.ingest(&log.entries[start..], log_id()).await.unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(error.may_pass());
    assert_eq!(desk.texts(MARA).await, ["Hello"]);
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert_eq!(cursor.ranges.as_slice(), [(1, start as u64)]);

    // As often as it is tried; and as soon as there is space, the same batch goes in.
    for _ in 0..3 {
        let tried = desk.store.ingest(&log.entries[start..], log_id()).await.map(drop);
        assert!(matches!(tried, Err(StoreError::DiskFull)), "{tried:?}");
    }
    desk.store.lift_page_limit().await.unwrap();
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert_eq!(cursor.ranges.as_slice(), [(1, log.entries.len() as u64)]);
}

#[tokio::test]
async fn a_file_that_another_program_holds_is_called_locked() {
    let desk = Desk::new().await;
    let mut other = open(&desk.file()).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let error = desk.store.set_setting("theme", Some("1")).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error:?}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    desk.store.set_setting("theme", Some("1")).await.unwrap();
}

/// Counts of a file that was small make SQLite walk over whole tables once it is large.
#[tokio::test]
async fn what_sqlite_counted_in_a_small_file_is_forgotten() {
    let desk = Desk::new().await;
    desk.store.close().await;
    let mut conn = open(&desk.file()).await;
    sqlx::raw_sql("ANALYZE").execute(&mut conn).await.unwrap();
    let walks = "EXPLAIN QUERY PLAN UPDATE thread SET last_at_ms = j.value ->> 1 FROM json_each('[[1,2]]') j
                 WHERE thread.thread_id = j.value ->> 0";
    conn.close().await.unwrap();

    let store = Store::open(&desk.file()).await.unwrap();
    store.close().await;

    let mut conn = open(&desk.file()).await;
    let counted: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
            .fetch_one(&mut conn)
            .await
            .unwrap();
    assert_eq!(counted, 0);
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(walks).fetch_all(&mut conn).await.unwrap();
    assert!(plan.iter().all(|(.., step)| !step.starts_with("SCAN thread")), "{plan:?}");
}
