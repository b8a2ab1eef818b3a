//! A real file: old copies are there after deletions, a pass removes them, and what was not deleted stays.

#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]

use std::path::Path;

use baton_scrub::{AT_A_TIME, find, zero};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

async fn open(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("secure_delete", "ON")
        .connect()
        .await
        .unwrap()
}

fn word(number: u64) -> String {
    format!("secret-{:016x}-said", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Messages of different lengths under keys in no order, so that pages split everywhere; all but some taken out.
async fn much_said_and_taken_back(conn: &mut SqliteConnection, count: u64) {
    sqlx::query("CREATE TABLE said (key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID")
        .execute(&mut *conn)
        .await
        .unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let mut tx = conn.begin().await.unwrap();
    for number in 0..count {
        let text = format!("{} {}", word(number), "word ".repeat(random.usize(0..60)));
        let key = format!("{:08x}", random.u32(..)) + &number.to_string();
        sqlx::query("INSERT INTO said VALUES (?, ?)").bind(key).bind(text).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    for step in [3, 2] {
        let sql = format!("DELETE FROM said WHERE text NOT LIKE '%kept%' AND abs(random()) % {step} = 0");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await.unwrap();
    }
    sqlx::query("UPDATE said SET text = 'taken back' WHERE abs(random()) % 2 = 0")
        .execute(&mut *conn)
        .await
        .unwrap();
}

async fn empty_wal(conn: &mut SqliteConnection) {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(conn).await.unwrap();
}

/// How many deleted words still stand in the file.
async fn left_over(conn: &mut SqliteConnection, path: &Path, count: u64) -> usize {
    let kept: Vec<String> = sqlx::query_scalar("SELECT text FROM said").fetch_all(conn).await.unwrap();
    let kept: std::collections::HashSet<&str> = kept.iter().map(|text| &text[..text.len().min(28)]).collect();
    let bytes = std::fs::read(path).unwrap();
    let found: std::collections::HashSet<&[u8]> =
        bytes.windows(28).filter(|at| at.starts_with(b"secret-") && at.ends_with(b"-said")).collect();
    (0..count)
        .map(word)
        .filter(|word| !kept.contains(word.as_str()) && found.contains(word.as_bytes()))
        .count()
}

async fn pass(reader: &mut SqliteConnection, writer: &mut SqliteConnection) -> usize {
    let (mut from, mut cleaned) = (Some(1), 0);
    while let Some(at) = from {
        let found = find(reader, at).await.unwrap();
        for pages in found.dirty.chunks(AT_A_TIME) {
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
            zero(&mut tx, pages).await.unwrap();
            tx.commit().await.unwrap();
        }
        cleaned += found.dirty.len();
        from = found.next;
    }
    cleaned
}

#[tokio::test]
async fn deleted_words_survive_between_cells_until_a_pass_removes_them() {
    const COUNT: u64 = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("said.db");
    let (mut writer, mut reader) = (open(&path).await, open(&path).await);
    much_said_and_taken_back(&mut writer, COUNT).await;
    empty_wal(&mut writer).await;
    // What this is all about. Were SQLite ever to clean up by itself, nothing of this would be needed.
    assert!(left_over(&mut writer, &path, COUNT).await > 0, "secure_delete alone is enough");
    let digest = "SELECT count(*) || ' ' || sum(length(text)) || ' ' || group_concat(key) FROM said";
    let before: String = sqlx::query_scalar(digest).fetch_one(&mut reader).await.unwrap();

    assert!(pass(&mut reader, &mut writer).await > 0);

    empty_wal(&mut writer).await;
    assert_eq!(left_over(&mut writer, &path, COUNT).await, 0);
    let after: String = sqlx::query_scalar(digest).fetch_one(&mut reader).await.unwrap();
    assert_eq!(before, after);
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut writer).await.unwrap();
    assert_eq!(check, "ok");
    assert_eq!(pass(&mut reader, &mut writer).await, 0, "a clean file is not written again");
    // The file goes on being an ordinary one.
    sqlx::query("INSERT INTO said SELECT 'again' || key, text FROM said").execute(&mut writer).await.unwrap();
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut reader).await.unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn a_file_laid_out_in_another_way_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = SqliteConnectOptions::new()
        .filename(folder.path().join("said.db"))
        .create_if_missing(true)
        .auto_vacuum(sqlx::sqlite::SqliteAutoVacuum::Full)
        .connect()
        .await
        .unwrap();
    sqlx::query("CREATE TABLE said (text TEXT)").execute(&mut conn).await.unwrap();
    assert!(matches!(find(&mut conn, 1).await, Err(baton_scrub::ScrubError::OtherLayout)));
    assert!(matches!(zero(&mut conn, &[2]).await, Err(baton_scrub::ScrubError::OtherLayout)));
}

/// What the choice of docs/decisions/0005 rests on. `cargo test -p baton-scrub --release -- --ignored --nocapture`
#[tokio::test]
#[ignore = "a measurement: takes minutes and asserts nothing"]
async fn how_long_vacuum_and_a_pass_take_on_200_000_messages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("said.db");
    let (mut writer, mut reader) = (open(&path).await, open(&path).await);
    for sql in [
        "CREATE TABLE raw (key TEXT PRIMARY KEY, mid TEXT, body TEXT) WITHOUT ROWID",
        "CREATE INDEX raw_by_mid ON raw (mid)",
        "CREATE TABLE said (id INTEGER PRIMARY KEY, mid TEXT UNIQUE, text TEXT)",
        "INSERT INTO raw WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
           SELECT 'page:message:' || hex(randomblob(12)), 'm_' || i, hex(randomblob(200 + abs(random()) % 300)) FROM n",
        "INSERT INTO said SELECT NULL, mid, substr(body, 1, 40 + abs(random()) % 200) FROM raw",
        "UPDATE raw SET body = '{}' WHERE abs(random()) % 50 = 0",
        "DELETE FROM said WHERE abs(random()) % 50 = 0",
    ] {
        sqlx::query(sql).execute(&mut writer).await.unwrap();
    }
    empty_wal(&mut writer).await;
    let bytes = std::fs::metadata(&path).unwrap().len();

    let began = tokio::time::Instant::now();
    let (mut from, mut dirty, mut longest) = (Some(1), 0, std::time::Duration::ZERO);
    while let Some(at) = from {
        let found = find(&mut reader, at).await.unwrap();
        for pages in found.dirty.chunks(AT_A_TIME) {
            let held = tokio::time::Instant::now();
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
            zero(&mut tx, pages).await.unwrap();
            tx.commit().await.unwrap();
            longest = longest.max(held.elapsed());
        }
        dirty += found.dirty.len();
        from = found.next;
    }
    let first = began.elapsed();
    empty_wal(&mut writer).await;
    let began = tokio::time::Instant::now();
    pass(&mut reader, &mut writer).await;
    let again = began.elapsed();
    let began = tokio::time::Instant::now();
    sqlx::query("VACUUM").execute(&mut writer).await.unwrap();
    empty_wal(&mut writer).await;
    let vacuum = began.elapsed();
    eprintln!(
        "{} MB: first pass {first:?} ({dirty} pages zeroed, the writer held for {longest:?} at most); \
         a pass over a clean file {again:?}; VACUUM {vacuum:?}, the writer held all the time",
        bytes >> 20
    );
}
