//! What a version did not understand is kept, and applied by the version that does.

use baton_protocol::entry::EntryKind;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::builders::*;

#[tokio::test]
async fn an_entry_of_a_newer_relay_is_kept_as_it_came() {
    let mut log = Log::connected();
    let fact = json!({"fact": "sent_by_pigeon", "customer": MARA});
    let seq = log.push(EntryKind::Team, "pigeon".to_owned(), NINE, &fact);
    let desk = Desk::with(&log).await;
    assert!(desk.store.cursor(&log.name).await.unwrap().unwrap().ranges.contains(seq));
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    let (body, applied): (String, i64) =
        sqlx::query_as("SELECT body, applied FROM raw_entry WHERE key = 'pigeon'")
            .fetch_one(&mut conn)
            .await
            .unwrap();
    assert_eq!((body, applied), (fact.to_string(), 0));
}

#[tokio::test]
async fn after_an_update_what_is_understood_since_is_applied() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", MARA, NINE + 1, "m_2", "Anybody?");
    let mut desk = Desk::with(&log).await;
    let whole = desk.store.canonical_export().await.unwrap();
    desk.store.close().await;
    // As an older version would have left it: it kept the bytes, and understood nothing.
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    for sql in [
        "DELETE FROM message",
        "DELETE FROM owner_event",
        "UPDATE raw_entry SET applied = 0 WHERE kind = 'meta'",
        "UPDATE setting SET value = '0' WHERE name = 'store.applied_by'",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.texts(MARA).await, ["Hello", "Anybody?"]);
    assert_eq!(desk.store.canonical_export().await.unwrap(), whole);
}
