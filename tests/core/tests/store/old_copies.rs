//! Much is taken back at once, or a customer of thousands of messages is erased: no copy of a word stays between cells.

use std::collections::HashSet;

use baton_protocol::CustomerId;
use baton_protocol::team::TeamFact;
use serde_json::json;

use crate::builders::*;

/// Messages of the customer of whom much goes.
const HERS: u64 = 1_500;
/// Of others, whose messages came between and stay.
const OTHERS: u64 = 1_500;
const BATCH: usize = 500;
/// Length of a word.
const LONG: usize = 28;

fn word(number: u64) -> String {
    format!("secret-{:016x}-said", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Hers and others' messages in turn, each with a word of its own and words of any length around it.
fn much_is_said() -> Log {
    let mut log = Log::connected();
    let mut random = fastrand::Rng::with_seed(11);
    for number in 0..HERS + OTHERS {
        let at_ms = NINE + i64::try_from(number).unwrap() * 100;
        let text = format!("{} {}", word(number), "tea ".repeat(random.usize(0..120)));
        let weber;
        let customer = if number % 2 == 0 {
            MARA
        } else {
            weber = format!("6200000000{:06}", random.u32(..200));
            &weber
        };
        log.says("messaging", customer, at_ms, &mid(number), &text);
    }
    log
}

/// Message ids come in no order.
fn mid(number: u64) -> String {
    format!("m_{:016x}", number.wrapping_mul(0xd134_2543_de82_ef95))
}

fn hers() -> impl Iterator<Item = u64> {
    (0..HERS + OTHERS).step_by(2)
}

async fn takes_in(desk: &Desk, log: &Log, from: usize) {
    for batch in log.entries[from..].chunks(BATCH) {
        desk.store.ingest(batch, log_id()).await.unwrap();
    }
}

/// Words of hers that stand in the desk's files.
fn left_over(desk: &Desk) -> Vec<String> {
    let mut found = HashSet::new();
    for name in ["desk.db", "desk.db-wal"] {
        let bytes = std::fs::read(desk.file().with_file_name(name)).unwrap_or_default();
        let words = bytes.windows(LONG).filter(|at| at.starts_with(b"secret-") && at.ends_with(b"-said"));
        found.extend(words.map(<[u8]>::to_vec));
    }
    assert!(found.contains(word(1).as_bytes()), "the search itself works");
    hers().map(word).filter(|word| found.contains(word.as_bytes())).collect()
}

/// Whether bytes that belong to nothing are anything but zero anywhere in the file.
async fn has_old_copies(desk: &Desk) -> bool {
    use sqlx::ConnectOptions;
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    let mut from = Some(1);
    while let Some(at) = from {
        let found = baton_scrub::find(&mut conn, at).await.unwrap();
        if !found.dirty.is_empty() {
            return true;
        }
        from = found.next;
    }
    false
}

fn erases_mara(log: &mut Log) {
    log.team(&TeamFact::CustomerErased { customer: CustomerId::from(MARA), by: by_ines() });
}

#[tokio::test]
async fn an_erased_customer_of_thousands_of_messages_leaves_no_word() {
    let mut log = much_is_said();
    let desk = Desk::new().await;
    takes_in(&desk, &log, 0).await;
    let before = log.entries.len();
    erases_mara(&mut log);
    takes_in(&desk, &log, before).await;
    assert!(has_old_copies(&desk).await, "of her words or of others'");
    desk.store.scrub_all().await.unwrap();
    assert!(!has_old_copies(&desk).await);
    assert_eq!(left_over(&desk), Vec::<String>::new());
    assert_eq!(desk.messages(MARA).await.len(), 0);
}

#[tokio::test]
async fn thousands_of_messages_that_are_taken_back_leave_no_word() {
    let mut log = much_is_said();
    let desk = Desk::new().await;
    takes_in(&desk, &log, 0).await;
    let before = log.entries.len();
    for number in hers() {
        let at_ms = NINE + HOUR;
        let event = json!({
            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
            "message": {"mid": mid(number), "is_deleted": true},
        });
        log.event_of("instagram", TEA, "messaging", at_ms, &event);
    }
    takes_in(&desk, &log, before).await;
    desk.store.scrub_all().await.unwrap();
    assert_eq!(left_over(&desk), Vec::<String>::new());
}

#[tokio::test]
async fn a_run_that_is_killed_after_a_removal_is_followed_by_one_that_looks() {
    let mut log = much_is_said();
    let mut desk = Desk::new().await;
    takes_in(&desk, &log, 0).await;
    desk.store.scrub_all().await.unwrap();
    assert!(!desk.store.scrub_on().await.unwrap(), "nothing is due");
    assert_eq!(desk.store.pragma("user_version").await.unwrap(), 1);
    let before = log.entries.len();
    erases_mara(&mut log);
    takes_in(&desk, &log, before).await;
    desk.reopen().await;

    assert!(desk.store.scrub_on().await.unwrap(), "it is due in the next run");
    // Another one comes while the pass goes on: it begins anew.
    let removal = log.entries.len();
    log.says("messaging", WEBER, NINE + HOUR, "m_late", "late");
    let event = json!({
        "sender": {"id": WEBER}, "recipient": {"id": TEA}, "timestamp": NINE + HOUR,
        "message": {"mid": "m_late", "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", NINE + HOUR, &event);
    takes_in(&desk, &log, removal).await;
    let mut stretches = 1;
    while desk.store.scrub_on().await.unwrap() {
        stretches += 1;
    }
    let pages = desk.store.pragma("page_count").await.unwrap();
    assert!(stretches * 1_000 > pages, "{stretches} stretches of {pages} pages");
    assert_eq!(left_over(&desk), Vec::<String>::new());
    assert_eq!(desk.store.pragma("user_version").await.unwrap(), 1);
}
