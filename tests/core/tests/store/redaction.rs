//! What was taken back is nowhere any more: not in the thread, not in raw entries, not in the file.

use baton_core::store::PreviewKind;
use baton_messenger::id::CustomerId;
use baton_messenger::webhook::{Kind, StoredEvent};
use baton_protocol::entry::{Entry, EntryKind, Redaction, RedactionReason, Tombstone};
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{Mid, ReplyId};
use rstest::rstest;
use serde_json::json;
use serde_json::value::to_raw_value;

use crate::builders::*;

const SECRET: &str = "my card number is 4111";

fn unsend(log: &mut Log, mid: &str, at_ms: i64) {
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
        "message": {"mid": mid, "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", at_ms, &event);
}

fn redaction(log: &mut Log, seqs: Vec<u64>, mid: &str) {
    let customer = CustomerId::from(MARA);
    let reason = RedactionReason::Unsent;
    let redaction = Redaction { seqs, mid: Some(mid.to_owned()), customer, reason, at_ms: NINE };
    log.push(EntryKind::Redacted, format!("redacted:{mid}"), NINE, &serde_json::to_value(redaction).unwrap());
}

/// A message that was said, edited, found again in history, and taken back.
fn said_and_taken_back() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_0", "Hello");
    let said = log.says("messaging", MARA, NINE + 1_000, "m_1", SECRET);
    let edit = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 2_000,
        "message_edit": {"mid": "m_1", "text": format!("{SECRET} 1111"), "num_edit": 1},
    });
    let edited = log.event("messaging", NINE + 2_000, &edit);
    log.history(MARA, NINE + HOUR, &[("m_1", NINE + 1_000, true, SECRET), ("m_0", NINE, true, "Hello")]);
    unsend(&mut log, "m_1", NINE + 3_000);
    redaction(&mut log, vec![said, edited], "m_1");
    log
}

async fn assert_gone(desk: &Desk) {
    let messages = desk.messages(MARA).await;
    let taken_back = messages.iter().find(|message| message.mid == Some(Mid::from("m_1"))).unwrap();
    assert!(taken_back.unsent && taken_back.text.is_none() && !taken_back.edited);
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.preview.text.as_str(), row.preview.kind), ("", PreviewKind::Unsent));
    desk.store.close().await;
    let mut bytes = std::fs::read(desk.file()).unwrap();
    for name in ["desk.db-wal", "desk.db-shm"] {
        bytes.extend(std::fs::read(desk.file().with_file_name(name)).unwrap_or_default());
    }
    let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    assert!(!found, "the text is still in the file");
    assert!(bytes.windows(5).any(|window| window == b"Hello"), "the search itself works");
}

#[rstest]
#[case::as_it_happened(&[0, 1, 2, 3, 4, 5, 6, 7])]
#[case::unsend_first(&[6, 0, 1, 2, 3, 4, 5, 7])]
#[case::redaction_first(&[7, 3, 4, 5, 0, 1, 2, 6])]
#[case::history_last(&[0, 1, 2, 3, 4, 6, 7, 5])]
#[tokio::test]
async fn what_is_unsent_leaves_no_byte_behind(#[case] order: &[usize]) {
    let log = said_and_taken_back();
    let desk = Desk::new().await;
    for place in order {
        desk.store.ingest(&log.entries[*place..=*place], log_id()).await.unwrap();
    }
    assert_gone(&desk).await;
}

#[tokio::test]
async fn what_was_taken_back_before_it_came_is_no_word_by_itself_and_is_told_to_nobody() {
    let mut log = Log::connected();
    let before = log.entries.len();
    log.says("messaging", MARA, NINE, "m_1", SECRET);
    unsend(&mut log, "m_1", NINE + 1_000);
    let (said, unsent) = (&log.entries[before..=before], &log.entries[before + 1..]);

    let desk = Desk::new().await;
    desk.store.ingest(&log.entries[..before], log_id()).await.unwrap();
    desk.store.ingest(unsent, log_id()).await.unwrap();
    assert!(desk.messages(MARA).await.is_empty());
    let row = desk.row(MARA, NINE + MINUTE).await;
    assert_eq!((row.needs_reply, row.waiting_since_ms, row.unread), (false, None, 0));
    assert_eq!((row.word_seq, row.inbound_seq), (0, 0));

    let changes = desk.store.ingest(said, log_id()).await.unwrap();
    assert!(changes.new_inbound.is_empty(), "nobody is told of words that were taken back");
    let messages = desk.messages(MARA).await;
    let [message] = messages.as_slice() else { panic!("{messages:#?}") };
    assert!(message.unsent && message.inbound && message.text.is_none());

    let in_order = Desk::new().await;
    in_order.store.ingest(&log.entries[..=before], log_id()).await.unwrap();
    in_order.store.ingest(unsent, log_id()).await.unwrap();
    let export = in_order.store.canonical_export().await.unwrap();
    assert_eq!(desk.store.canonical_export().await.unwrap(), export);
    let (row, expected) = (desk.row(MARA, NINE + MINUTE).await, in_order.row(MARA, NINE + MINUTE).await);
    assert_eq!(
        (row.needs_reply, row.word_seq, row.unread),
        (expected.needs_reply, expected.word_seq, expected.unread)
    );

    // In one batch too.
    let at_once = Desk::new().await;
    let changes = at_once.store.ingest(&log.entries, log_id()).await.unwrap();
    assert!(changes.new_inbound.is_empty());
    assert_eq!(at_once.store.canonical_export().await.unwrap(), export);
}

/// Kinds that nobody knows may quote the message; one is about its customer, one about nobody, and one names another.
#[rstest]
#[case::before_the_unsend(&[0, 1, 2, 3, 4, 5, 6])]
#[case::after_the_unsend(&[0, 1, 6, 2, 3, 4, 5])]
#[case::in_one_batch(&[])]
#[tokio::test]
async fn what_nobody_understands_goes_whole_when_it_names_what_was_unsent(#[case] order: &[usize]) {
    let mut log = Log::connected();
    let quoting = |mid: &str, text: &str| {
        json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 2_000,
               "whisper": {"of": [{"mid": mid, "text": text}]}})
    };
    log.says("messaging", MARA, NINE, "m_0", "Hello");
    log.event("messaging", NINE + 2_000, &quoting("m_1", SECRET));
    log.event("changes", NINE + 2_000, &json!({"field": "hints", "value": {"mid": "m_1", "text": SECRET}}));
    log.event("messaging", NINE + 2_000, &quoting("m_3", "not about the card"));
    unsend(&mut log, "m_1", NINE + 3_000);
    let desk = Desk::new().await;
    if order.is_empty() {
        desk.store.ingest(&log.entries, log_id()).await.unwrap();
    }
    for place in order {
        desk.store.ingest(&log.entries[*place..=*place], log_id()).await.unwrap();
    }
    desk.store.close().await;
    let mut bytes = std::fs::read(desk.file()).unwrap();
    bytes.extend(std::fs::read(desk.file().with_file_name("desk.db-wal")).unwrap_or_default());
    let holds = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(!holds(SECRET), "the text is still in the file");
    assert!(holds("not about the card"), "what names another message stays");
}

#[tokio::test]
async fn a_desk_that_reads_only_the_tombstone_shows_the_place() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_0", "Hello");
    let tombstone =
        json!({"tombstone": true, "reason": "unsent", "mid": "m_1", "customer": MARA, "at_ms": NINE + 1_000});
    log.push(EntryKind::Meta, format!("page:{TEA}:message:m_1"), NINE + 1_200, &tombstone);
    let desk = Desk::with(&log).await;
    let messages = desk.messages(MARA).await;
    assert!(messages[1].unsent && messages[1].inbound);
    assert_eq!(messages[1].place.at_ms, NINE + 1_000);
}

#[tokio::test]
async fn our_own_words_go_too_when_the_account_takes_them_back() {
    let mut log = Log::connected();
    log.team(&TeamFact::SendStarted {
        file: None,
        customer: CustomerId::from(MARA),
        reply: ReplyId(part(1).0),
        part: part(1),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: "a price that was wrong".to_owned(),
        tag: None,
        unchecked: false,
    });
    log.echo_of_part(MARA, NINE, "m_1", part(1), "a price that was wrong");
    let event = json!({
        "sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": NINE + 1,
        "message": {"mid": "m_1", "is_echo": true, "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", NINE + 1, &event);
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]] {
        let desk = Desk::new().await;
        for place in order {
            desk.store.ingest(&log.entries[place..=place], log_id()).await.unwrap();
        }
        assert_eq!(desk.messages(MARA).await[0].text, None);
        assert_eq!(desk.store.team_part(part(1)).await.unwrap().unwrap().text, None);
        desk.store.close().await;
        assert!(!in_the_files(&desk, "a price that was wrong"));
    }
}

/// Who sends what is told by the relay alone: the echo never came, or names no part, as on Instagram.
#[tokio::test]
async fn also_when_only_the_end_of_the_part_says_which_message_it_was() {
    const WRONG: &str = "a price that was wrong";
    let mut log = Log::connected();
    let started = |number: u128| TeamFact::SendStarted {
        file: None,
        customer: CustomerId::from(MARA),
        reply: ReplyId(part(number).0),
        part: part(number),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: WRONG.to_owned(),
        tag: None,
        unchecked: false,
    };
    let ended = |number: u128, settlement: Settlement| TeamFact::SendSettled {
        customer: CustomerId::from(MARA),
        reply: ReplyId(part(number).0),
        part: part(number),
        desk: desk_of_ines(),
        settlement,
    };
    // A first try never arrived.
    let first = log.entries.len();
    log.team(&started(1));
    log.team(&ended(1, Settlement::NotBegun));
    log.team(&started(2));
    unsend(&mut log, "m_1", NINE + 1);
    log.team(&ended(2, Settlement::Sent { mid: "m_1".into(), at_ms: None }));
    let desk = Desk::new().await;
    for place in 0..log.entries.len() {
        assert_eq!(in_the_files(&desk, WRONG), place > first, "{place}");
        desk.store.ingest(&log.entries[place..=place], log_id()).await.unwrap();
    }
    desk.store.close().await;
    assert!(!in_the_files(&desk, WRONG));
}

/// Whether these words stand anywhere in a desk's file.
pub fn in_the_files(desk: &Desk, words: &str) -> bool {
    ["desk.db", "desk.db-wal", "desk.db-shm"].iter().any(|name| {
        let bytes = std::fs::read(desk.file().with_file_name(name)).unwrap_or_default();
        bytes.windows(words.len()).any(|at| at == words.as_bytes())
    })
}

/// The log as the relay keeps it once messages were taken back: tombstones where they were.
fn as_kept_afterwards(log: &Log, mids: &[&str]) -> Vec<Entry> {
    let mut entries = log.entries.clone();
    for entry in entries.iter_mut().filter(|entry| entry.kind == EntryKind::Meta) {
        let stored: StoredEvent = serde_json::from_str(entry.body.get()).unwrap();
        let event = stored.clone().into_event();
        let is_deleted = matches!(event.kind, Kind::Deleted(_));
        if !is_deleted && event.mid().is_some_and(|mid| mids.contains(&mid.as_str())) {
            entry.body = to_raw_value(&Tombstone::unsent(&stored)).unwrap();
        }
    }
    entries
}

/// In which list a message came, and through which app, is evidence of who held the thread; it stays when the words go.
#[tokio::test]
async fn a_desk_that_reads_only_tombstones_knows_who_held_the_thread_like_one_that_heard_it() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_0", "Hello");
    let held = log.echo("standby", MARA, NINE + 1_000, "m_1", TEABOT, SECRET);
    let said = log.says("standby", MARA, NINE + 2_000, "m_2", SECRET);
    let edit = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 3_000,
        "message_edit": {"mid": "m_3", "text": SECRET, "num_edit": 1},
    });
    let edited = log.event("messaging", NINE + 3_000, &edit);
    let ours = log.echo_of_part(MARA, NINE + 4_000, "m_4", part(1), SECRET);
    for (mid, seq) in [("m_1", held), ("m_2", said), ("m_3", edited), ("m_4", ours)] {
        unsend(&mut log, mid, NINE + MINUTE);
        redaction(&mut log, vec![seq], mid);
    }
    let afterwards = as_kept_afterwards(&log, &["m_1", "m_2", "m_3", "m_4"]);

    let heard_it = Desk::with(&log).await;
    let export = heard_it.store.canonical_export().await.unwrap();
    assert!(export.contains("app_answered") && export.contains("standby"), "{export}");
    let reads_later = Desk::new().await;
    reads_later.store.ingest(&afterwards, log_id()).await.unwrap();
    assert_eq!(reads_later.store.canonical_export().await.unwrap(), export);

    // A tombstone after the words, as a page that was read again brings it, changes nothing; nor does another order.
    heard_it.store.ingest(&afterwards, log_id()).await.unwrap();
    assert_eq!(heard_it.store.canonical_export().await.unwrap(), export);
    let backwards = Desk::new().await;
    for entry in afterwards.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(backwards.store.canonical_export().await.unwrap(), export);
    heard_it.store.close().await;
    assert!(!in_the_files(&heard_it, SECRET));
}
