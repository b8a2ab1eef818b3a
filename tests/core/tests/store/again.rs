//! What a version did not understand is kept, and applied by the version that does.

use baton_protocol::CustomerId;
use baton_protocol::entry::EntryKind;
use baton_protocol::team::TeamFact;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::builders::*;
use crate::kept::keep_not_understood;

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

/// Bodies of entries of the desk's file that hold these words.
async fn bodies_with(desk: &Desk, words: &str) -> Vec<String> {
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    sqlx::query_scalar("SELECT body FROM raw_entry WHERE instr(body, ?) > 0")
        .bind(words)
        .fetch_all(&mut conn)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_understood_late_is_taken_back_and_erased_like_anything_else() {
    let mut log = Log::connected();
    let understood = log.entries.len();
    log.says("messaging", MARA, NINE, "m_1", "an unsaid word");
    log.team(&TeamFact::DraftHanded {
        customer: CustomerId::from(MARA),
        from: jonas(),
        text: "an erased word".to_owned(),
        files: vec!["an erased word.pdf".to_owned()],
        by: by_ines(),
    });
    let mut desk = Desk::new().await;
    desk.store.ingest(&log.entries[..understood], log_id()).await.unwrap();
    desk.store.close().await;
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    for entry in &log.entries[understood..] {
        keep_not_understood(&mut conn, entry).await;
    }
    for sql in [
        "UPDATE cursor_range SET last = last + 2",
        "UPDATE setting SET value = '0' WHERE name = 'store.applied_by'",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.texts(MARA).await, ["an unsaid word"]);
    let whole = Desk::with(&log).await.store.canonical_export().await.unwrap();
    assert_eq!(desk.store.canonical_export().await.unwrap(), whole);
    assert_eq!(bodies_with(&desk, "an unsaid word").await.len(), 1);
    assert_eq!(bodies_with(&desk, "an erased word").await.len(), 1);

    let unsent = log.entries.len();
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + MINUTE,
        "message": {"mid": "m_1", "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", NINE + MINUTE, &event);
    desk.store.ingest(&log.entries[unsent..], log_id()).await.unwrap();
    assert_eq!(bodies_with(&desk, "an unsaid word").await, [] as [String; 0]);

    let erased = log.entries.len();
    log.team(&TeamFact::CustomerErased { customer: CustomerId::from(MARA), by: by_ines() });
    desk.store.ingest(&log.entries[erased..], log_id()).await.unwrap();
    assert_eq!(bodies_with(&desk, "an erased word").await, [] as [String; 0]);
}

#[tokio::test]
async fn what_is_taken_back_by_an_entry_that_is_understood_late_is_in_no_copy_either() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "an unsaid word");
    let understood = log.entries.len();
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + MINUTE,
        "message": {"mid": "m_1", "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", NINE + MINUTE, &event);
    let mut desk = Desk::new().await;
    desk.store.ingest(&log.entries[..understood], log_id()).await.unwrap();
    desk.store.close().await;
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    keep_not_understood(&mut conn, &log.entries[understood]).await;
    for sql in [
        "UPDATE cursor_range SET last = last + 1",
        "UPDATE setting SET value = '0' WHERE name = 'store.applied_by'",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    let copy = desk.file().with_file_name("set-aside").join("before-update-of-schema-1.sqlite");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    std::fs::write(&copy, "an unsaid word").unwrap();

    desk.reopen().await;
    assert!(!copy.exists());
    assert!(desk.messages(MARA).await[0].unsent);
    assert_eq!(bodies_with(&desk, "an unsaid word").await, [] as [String; 0]);
}
