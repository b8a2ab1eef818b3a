//! Which seqs of every log are here, as the status line asks for it.

use baton_protocol::SeqRanges;

use crate::builders::*;

fn ranges(held: &[(u64, u64)]) -> SeqRanges {
    let mut ranges = SeqRanges::new();
    held.iter().for_each(|&(first, last)| ranges.insert(first, last));
    ranges
}

#[tokio::test]
async fn it_follows_what_comes_in_and_a_log_that_is_another_one_has_nothing() {
    let mut log = Log::connected();
    for number in 0..4 {
        log.says("messaging", MARA, NINE + number, &format!("m_{number}"), "Hello");
    }
    let desk = Desk::new().await;
    assert!(desk.store.held().await.unwrap().is_empty());

    let last = log.entries.len() - 1;
    let head = log.entries[last].seq;
    desk.store.ingest(&log.entries[last..], log_id()).await.unwrap();
    assert_eq!(desk.store.held().await.unwrap()[&log.name], ranges(&[(head, head)]));
    desk.store.ingest(&log.entries[..1], log_id()).await.unwrap();
    assert_eq!(desk.store.held().await.unwrap()[&log.name], ranges(&[(1, 1), (head, head)]));
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert_eq!(desk.store.held().await.unwrap()[&log.name], cursor.ranges);

    desk.store.resync(&log.name, baton_protocol::LogId::new()).await.unwrap();
    assert_eq!(desk.store.held().await.unwrap().get(&log.name), None);
}

#[tokio::test]
async fn who_asks_again_before_anything_was_written_gets_the_same_answer_without_a_read() {
    let mut log = Log::connected();
    let desk = Desk::with(&log).await;
    let first = desk.store.held().await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &desk.store.held().await.unwrap()));

    log.says("messaging", MARA, NINE, "m_1", "Hello");
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&first, &desk.store.held().await.unwrap()));
}
