//! Files of drafts and parts: they go from one to the other and back, keep their order, and go when nobody needs them.

use baton_core::store::{
    KeptFile, LeavesAs, MediaFacts, NewOwnFile, NewPart, NewReply, OwnFileId, PartKey, PartMove,
    PartStateName, StoreError, ThreadId,
};
use baton_protocol::ReplyId;
use serde_json::json;

use crate::builders::*;

async fn desk_with_mara() -> (Desk, ThreadId) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    (desk, thread)
}

fn picture(hash: &str) -> NewOwnFile {
    let facts = MediaFacts {
        mime: "image/png".to_owned(),
        bytes: 2_000,
        picture: None,
        name: Some(format!("{hash}.png")),
    };
    NewOwnFile { kept: KeptFile { media: hash.to_owned(), thumb: None, facts }, added_ms: NINE }
}

async fn added(desk: &Desk, thread: ThreadId, hash: &str) -> OwnFileId {
    desk.store.add_to_draft(thread, &picture(hash), 10).await.unwrap().unwrap()
}

fn reply(thread: ThreadId, first: u128, text: &str, files: &[OwnFileId]) -> NewReply {
    let said = Some((text.to_owned(), None)).filter(|(text, _)| !text.is_empty());
    let said = said.into_iter().chain(files.iter().map(|file| (String::new(), Some(*file))));
    let parts = said.zip(first..).map(|((text, file), number)| NewPart {
        part: part(number),
        text,
        file,
        tag: None,
        state: PartStateName::Queued,
        detail: None,
    });
    NewReply {
        reply: ReplyId(part(first).0),
        thread,
        agent: ines(),
        created_ms: NINE + i64::try_from(first).unwrap_or_default(),
        pressed_ms: NINE,
        version_seen: 0,
        word_seq_seen: 3,
        claim: true,
        take_first: false,
        despite_unknown: false,
        leaves: LeavesAs::Plain,
        after_sent: None,
        parts: parts.collect(),
    }
}

async fn moves(desk: &Desk, number: u128, from: PartStateName, to: PartStateName) {
    let change = PartMove::new(&[from], to, NINE + 1);
    assert!(desk.store.set_state(PartKey(part(number)), &change).await.unwrap());
}

async fn names(desk: &Desk, thread: ThreadId) -> Vec<String> {
    desk.store.draft_files(thread).await.unwrap().iter().map(|file| file.name().to_owned()).collect()
}

async fn next(desk: &Desk, thread: ThreadId) -> Option<PartKey> {
    desk.store.next_queued(thread).await.unwrap().map(|part| part.key)
}

#[tokio::test]
async fn a_draft_stands_as_long_as_a_file_is_in_it() {
    let (desk, thread) = desk_with_mara().await;
    let first = added(&desk, thread, "aa").await;
    assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, "");
    desk.store.save_draft(thread, "Look:", "", NINE).await.unwrap();
    desk.store.save_draft(thread, "", "Look:", NINE).await.unwrap();
    assert!(desk.store.draft(thread).await.unwrap().is_some());
    assert!(desk.store.remove_from_draft(thread, first).await.unwrap());
    assert_eq!(desk.store.draft(thread).await.unwrap(), None);
    assert_eq!(desk.store.unused_own_files(9).await.unwrap(), ["aa"]);
    desk.store.forget_own_file("aa").await.unwrap();
    assert_eq!(desk.store.strange_own_files(&["aa".to_owned()]).await.unwrap(), ["aa"]);
}

#[tokio::test]
async fn what_the_files_of_a_draft_are_called_is_told_ahead_in_their_order() {
    let (desk, thread) = desk_with_mara().await;
    added(&desk, thread, "bb").await;
    added(&desk, thread, "aa").await;
    let told = async || {
        let drafts = desk.store.drafts_to_tell().await.unwrap();
        drafts.into_iter().map(|draft| (draft.text, draft.files)).collect::<Vec<_>>()
    };
    let files = vec!["bb.png".to_owned(), "aa.png".to_owned()];
    assert_eq!(told().await, [(String::new(), files.clone())]);
    desk.store.save_draft(thread, "Look:", "", NINE).await.unwrap();
    assert_eq!(told().await, [("Look:".to_owned(), files)]);
}

#[tokio::test]
async fn no_more_files_are_added_than_a_reply_takes() {
    let (desk, thread) = desk_with_mara().await;
    for hash in ["aa", "bb"] {
        assert!(desk.store.add_to_draft(thread, &picture(hash), 2).await.unwrap().is_some());
    }
    assert_eq!(desk.store.add_to_draft(thread, &picture("cc"), 2).await.unwrap(), None);
    assert_eq!(desk.store.strange_own_files(&["cc".to_owned()]).await.unwrap(), ["cc"]);
}

#[tokio::test]
async fn a_reply_takes_all_files_of_the_draft_or_nothing() {
    let (desk, thread) = desk_with_mara().await;
    let (first, second) = (added(&desk, thread, "aa").await, added(&desk, thread, "bb").await);
    desk.store.save_draft(thread, "Look:", "", NINE).await.unwrap();
    // Another file came meanwhile, or one came back from the outbox.
    for seen in [&[first][..], &[second, first], &[]] {
        let pressed = desk.store.take_draft_into_reply(&reply(thread, 1, "Look:", seen), "Look:").await;
        assert!(matches!(pressed, Err(StoreError::DraftChanged)));
    }
    desk.store.take_draft_into_reply(&reply(thread, 1, "Look:", &[first, second]), "Look:").await.unwrap();
    assert!(names(&desk, thread).await.is_empty());
    let files: Vec<_> = desk.store.parts_of_thread(thread).await.unwrap().iter().map(|p| p.file).collect();
    assert_eq!(files, [None, Some(first), Some(second)]);
    assert!(desk.store.unused_own_files(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_says_what_a_reply_with_files_says_or_the_name_of_its_last_file() {
    let (desk, thread) = desk_with_mara().await;
    let leaving = async || desk.row(MARA, NINE).await.leaving;
    let files = [added(&desk, thread, "aa").await, added(&desk, thread, "bb").await];
    desk.store.take_draft_into_reply(&reply(thread, 1, "Look:", &files), "").await.unwrap();
    assert_eq!(leaving().await.as_deref(), Some("Look:"));
    moves(&desk, 1, PartStateName::Queued, PartStateName::Sent).await;
    assert_eq!(leaving().await.as_deref(), Some("Look:"), "its files wait still");
    let alone = [added(&desk, thread, "cc").await];
    desk.store.take_draft_into_reply(&reply(thread, 10, "", &alone), "").await.unwrap();
    assert_eq!(leaving().await.as_deref(), Some("cc.png"));
}

#[tokio::test]
async fn what_stands_behind_a_refused_part_waits_and_keeps_nothing_else_back() {
    let (desk, thread) = desk_with_mara().await;
    let files = [added(&desk, thread, "aa").await, added(&desk, thread, "bb").await];
    desk.store.take_draft_into_reply(&reply(thread, 1, "Look:", &files), "").await.unwrap();
    moves(&desk, 1, PartStateName::Queued, PartStateName::Sent).await;
    assert_eq!(next(&desk, thread).await, Some(PartKey(part(2))));
    moves(&desk, 2, PartStateName::Queued, PartStateName::Refused).await;
    assert_eq!(next(&desk, thread).await, None);
    desk.store.insert_reply(&reply(thread, 10, "Sorry", &[])).await.unwrap();
    assert_eq!(next(&desk, thread).await, Some(PartKey(part(10))));
    // Sent again, it is first, and the one behind it follows.
    moves(&desk, 2, PartStateName::Refused, PartStateName::Queued).await;
    assert_eq!(next(&desk, thread).await, Some(PartKey(part(2))));
}

#[tokio::test]
async fn behind_a_part_of_unknown_end_everything_of_the_thread_waits() {
    let (desk, thread) = desk_with_mara().await;
    let files = [added(&desk, thread, "aa").await];
    desk.store.take_draft_into_reply(&reply(thread, 1, "Look:", &files), "").await.unwrap();
    moves(&desk, 1, PartStateName::Queued, PartStateName::Unknown).await;
    desk.store.insert_reply(&reply(thread, 10, "Sorry", &[])).await.unwrap();
    assert_eq!(next(&desk, thread).await, Some(PartKey(part(1))));
}

#[tokio::test]
async fn what_goes_back_takes_along_what_stands_behind_it_in_its_order() {
    let (desk, thread) = desk_with_mara().await;
    let files = [
        added(&desk, thread, "aa").await,
        added(&desk, thread, "bb").await,
        added(&desk, thread, "cc").await,
    ];
    desk.store.take_draft_into_reply(&reply(thread, 1, "Look:", &files), "").await.unwrap();
    moves(&desk, 1, PartStateName::Queued, PartStateName::Sent).await;
    moves(&desk, 2, PartStateName::Queued, PartStateName::Refused).await;
    added(&desk, thread, "dd").await;
    desk.store.save_draft(thread, "and this", "", NINE).await.unwrap();
    let back =
        PartMove { untold: true, ..PartMove::new(&[PartStateName::Refused], PartStateName::Draft, NINE + 2) };
    assert!(desk.store.return_to_draft(PartKey(part(2)), &back).await.unwrap());
    assert_eq!(names(&desk, thread).await, ["aa.png", "bb.png", "cc.png", "dd.png"]);
    assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, "and this");
    assert_eq!(desk.store.untold().await.unwrap().len(), 1, "the agent is told once");
    assert_eq!(next(&desk, thread).await, None);
}

#[tokio::test]
async fn the_rest_becomes_a_reply_of_its_own() {
    let (desk, thread) = desk_with_mara().await;
    let files = [
        added(&desk, thread, "aa").await,
        added(&desk, thread, "bb").await,
        added(&desk, thread, "cc").await,
    ];
    desk.store.take_draft_into_reply(&reply(thread, 1, "", &files), "").await.unwrap();
    moves(&desk, 1, PartStateName::Queued, PartStateName::Refused).await;
    let first = desk.store.part(part(2)).await.unwrap().unwrap();
    assert!(desk.store.is_behind(&first).await.unwrap());
    let rest = reply(thread, 20, "", &[]);
    assert!(desk.store.send_rest(&rest, &first, "{}").await.unwrap());
    let places: Vec<_> =
        desk.store.parts_of_reply(rest.reply).await.unwrap().iter().map(|p| (p.key, p.idx, p.of)).collect();
    assert_eq!(places, [(PartKey(part(2)), 0, 2), (PartKey(part(3)), 1, 2)]);
    assert_eq!(next(&desk, thread).await, Some(PartKey(part(2))));
    let moved = desk.store.part(part(2)).await.unwrap().unwrap();
    assert!(!desk.store.is_behind(&moved).await.unwrap());
}

#[tokio::test]
async fn a_copy_of_what_nobody_knows_has_the_file_and_what_stood_behind_follows_it() {
    let (desk, thread) = desk_with_mara().await;
    let files = [added(&desk, thread, "aa").await, added(&desk, thread, "bb").await];
    desk.store.take_draft_into_reply(&reply(thread, 1, "", &files), "").await.unwrap();
    moves(&desk, 1, PartStateName::Queued, PartStateName::Unknown).await;
    moves(&desk, 1, PartStateName::Unknown, PartStateName::Abandoned).await;
    let old = desk.store.part(part(1)).await.unwrap().unwrap();
    let copied = OwnFileId::new();
    let copy = reply(thread, 20, "", &[copied]);
    desk.store.send_copy(&copy, &old, "{}").await.unwrap();
    let parts = desk.store.parts_of_reply(copy.reply).await.unwrap();
    let told: Vec<_> = parts.iter().map(|p| (p.key, p.file, p.idx, p.of)).collect();
    assert_eq!(told, [(PartKey(part(20)), Some(copied), 0, 2), (PartKey(part(2)), Some(files[1]), 1, 2)]);
    let (old_file, new_file) =
        (desk.store.own_file(files[0]).await.unwrap(), desk.store.own_file(copied).await.unwrap());
    assert_eq!(old_file.map(|file| file.kept), new_file.map(|file| file.kept));
}

#[tokio::test]
async fn with_an_account_or_a_customer_their_files_go() {
    let (mut desk, thread) = desk_with_mara().await;
    let sent = [added(&desk, thread, "aa").await];
    desk.store.take_draft_into_reply(&reply(thread, 1, "", &sent), "").await.unwrap();
    moves(&desk, 1, PartStateName::Queued, PartStateName::Sent).await;
    added(&desk, thread, "bb").await;
    desk.reopen().await;
    assert_eq!(names(&desk, thread).await, ["bb.png"]);
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(desk.store.unused_own_files(9).await.unwrap(), ["aa", "bb"]);
}

#[tokio::test]
async fn a_file_goes_when_the_message_that_it_became_is_taken_back() {
    let (desk, thread) = desk_with_mara().await;
    let files = [added(&desk, thread, "aa").await, added(&desk, thread, "bb").await];
    desk.store.take_draft_into_reply(&reply(thread, 1, "", &files), "").await.unwrap();
    for (number, mid) in [(1, "m_2"), (2, "m_3")] {
        let sent = PartMove {
            mid: Some(mid.into()),
            ..PartMove::new(&[PartStateName::Queued], PartStateName::Sent, NINE + 1)
        };
        assert!(desk.store.set_state(PartKey(part(number)), &sent).await.unwrap());
    }
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.echo_of_part(MARA, NINE + 1, "m_2", part(1), "");
    let event = json!({
        "sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": NINE + 2,
        "message": {"mid": "m_2", "is_echo": true, "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", NINE + 2, &event);
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(desk.store.unused_own_files(9).await.unwrap(), ["aa"]);
    assert!(desk.store.own_file(files[1]).await.unwrap().is_some());
}
