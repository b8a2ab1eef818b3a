//! What an agent writes while the disk is full: it is told, what stood before stands, and it is kept as soon as there is space.

use baton_core::store::{Store, StoreError, ThreadId};

use crate::builders::*;

const BEGUN: &str = "Dear Mara,";

async fn refuses(store: &Store, thread: ThreadId, text: &str) {
    let error = store.save_draft(thread, text, BEGUN, NINE).await.unwrap_err();
    assert!(matches!(error, StoreError::DiskFull) && error.may_pass(), "{error:?}");
    let words = error.words();
    assert!(words.what.contains("disk is full") && words.remedy.contains("Free some space"), "{words:?}");
}

#[tokio::test]
async fn a_draft_without_room_leaves_the_one_before_and_is_saved_once_there_is() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let mut desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    desk.store.save_draft(thread, BEGUN, "", NINE).await.unwrap();
    // Far more than lies free in the file.
    let long = format!("{BEGUN} {}", "the parcel left the depot today ".repeat(60_000));

    desk.store.limit_pages_to_present().await.unwrap();
    for _ in 0..3 {
        refuses(&desk.store, thread, &long).await;
        assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, BEGUN);
    }
    assert_eq!(desk.texts(MARA).await, ["Hello"], "what was stored can be read");

    desk.store.lift_page_limit().await.unwrap();
    desk.store.save_draft(thread, &long, BEGUN, NINE).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, long);
    assert!(desk.store.is_sound().await.unwrap());
}

#[tokio::test]
async fn a_desk_that_ends_on_a_full_disk_opens_with_what_it_had() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let mut desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    desk.store.save_draft(thread, BEGUN, "", NINE).await.unwrap();
    let told = log.entries.len();
    for number in 0..400 {
        log.says("messaging", MARA, NINE + number, &format!("n_{number}"), &"many words ".repeat(200));
    }

    desk.store.limit_pages_to_present().await.unwrap();
    let refused = desk.store.ingest(&log.entries[told..], log_id()).await.map(drop);
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    desk.reopen().await;

    assert!(desk.store.repaired().await.unwrap().is_none() && desk.store.is_sound().await.unwrap());
    assert_eq!(desk.texts(MARA).await, ["Hello"]);
    assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, BEGUN);
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert_eq!(cursor.ranges.as_slice(), [(1, told as u64)], "the rest is asked for again");
    desk.store.ingest(&log.entries[told..], log_id()).await.unwrap();
    let whole = Desk::with(&log).await;
    let (after, never_full) =
        (desk.store.canonical_export().await.unwrap(), whole.store.canonical_export().await.unwrap());
    assert!(after == never_full, "the full disk left something behind");
}
