//! An erased customer: nothing that was said before is anywhere, whenever it is read, and what they say later is.

use baton_core::store::{
    LeavesAs, NewPart, NewReply, PartKey, PartMove, PartStateName, PreviewKind, ThreadId,
};
use baton_messenger::id::CustomerId;
use baton_protocol::entry::{EntryKind, Redaction, RedactionReason};
use baton_protocol::team::{OwnerSeen, OwnerSource, Status, TeamFact};
use baton_protocol::{NoteId, ReplyId};
use rstest::rstest;
use serde_json::json;

use crate::builders::*;

/// In everything that is said, written, passed along or called: none of it may stay.
const SECRET: &str = "samovar";

fn mara() -> CustomerId {
    CustomerId::from(MARA)
}

/// Mara was known by every kind of entry that has words, and was erased; then she writes again.
fn erased() -> Log {
    let mut log = Log::connected();
    let frame = |at_ms: i64, name: &str, body: serde_json::Value| json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms, name: body});
    log.says("messaging", MARA, NINE, "m_1", "The samovar leaks");
    let edit = json!({"mid": "m_1", "text": "The samovar drips", "num_edit": 1});
    log.event("messaging", NINE + 1, &frame(NINE + 1, "message_edit", edit));
    let file = json!({"type": "image", "payload": {"url": "https://cdn.invalid/samovar.jpg"}});
    log.event(
        "messaging",
        NINE + 2,
        &frame(NINE + 2, "message", json!({"mid": "m_2", "attachments": [file]})),
    );
    log.pass(MARA, NINE + 3, Some(TEABOT), BATON, "asks about a samovar");
    log.team(&TeamFact::CustomerNamed { customer: mara(), name: "Mara Samovar".into(), by_hand: true });
    log.team(&TeamFact::CustomerNamed { customer: mara(), name: "M. samovar".into(), by_hand: false });
    log.team(&TeamFact::NoteAdded {
        customer: mara(),
        note: NoteId(part(9).0),
        text: "the samovar is a gift".into(),
        mentions: Vec::new(),
        supervisors_only: false,
        by: by_ines(),
    });
    log.team(&TeamFact::SendStarted {
        file: None,
        customer: mara(),
        reply: ReplyId(part(1).0),
        part: part(1),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: "Which samovar?".into(),
        tag: None,
        unchecked: false,
    });
    log.echo_of_part(MARA, NINE + 4, "m_3", part(1), "Which samovar?");
    log.team(&TeamFact::OwnerLearned {
        customer: mara(),
        seen: OwnerSeen::Ours,
        source: OwnerSource::Extended,
        at_ms: NINE + 5,
        until_ms: None,
        note: Some("a samovar again".into()),
        by: by_ines(),
        when_done: false,
    });
    log.history(
        MARA,
        NINE + HOUR,
        &[("m_1", NINE, true, "The samovar drips"), ("m_0", NINE - HOUR, true, "samovar?")],
    );
    let ad = json!({"source": "ADS", "ads_context_data": {"ad_title": "Samovars for all: samovar"}});
    log.event("messaging", NINE + 6, &frame(NINE + 6, "referral", ad));
    log.team(&TeamFact::StatusSet { customer: mara(), status: Status::Done, by: by_ines() });
    log.team(&TeamFact::CustomerErased { customer: mara(), by: by_ines() });
    let reason = RedactionReason::Erased;
    let redaction = Redaction { seqs: vec![2, 3, 4], mid: None, customer: mara(), reason, at_ms: NINE };
    log.push(EntryKind::Redacted, "erased".into(), NINE, &serde_json::to_value(redaction).unwrap());
    log.says("messaging", MARA, NINE + 2 * HOUR, "m_9", "Hello, I am new here");
    // The steward reads the thread again: what was erased does not come back with it.
    log.history(MARA, NINE + 3 * HOUR, &[("m_1", NINE, true, "The samovar drips")]);
    log
}

fn files_hold(desk: &Desk, words: &str) -> bool {
    let names = ["desk.db", "desk.db-wal", "desk.db-shm"];
    names.iter().any(|name| {
        let bytes = std::fs::read(desk.file().with_file_name(name)).unwrap_or_default();
        bytes.windows(words.len()).any(|at| at.eq_ignore_ascii_case(words.as_bytes()))
    })
}

async fn assert_erased(desk: &Desk) {
    assert_eq!(desk.texts(MARA).await, ["Hello, I am new here"]);
    let row = desk.row(MARA, NINE + 2 * HOUR).await;
    assert_eq!((row.customer_name, row.preview.kind), (None, PreviewKind::Text));
    assert_eq!(row.preview.text, "Hello, I am new here");
    assert_eq!(desk.store.draft(row.id).await.unwrap(), None);
    let lines = desk.store.timeline(row.id, 0, i64::MAX, NINE + HOUR).await.unwrap();
    assert!(lines.len() > 2, "that she was passed on, and that she was done, stays");
}

#[rstest]
#[case::as_it_happened(|_: usize, at: usize| at)]
#[case::backwards(|of: usize, at: usize| of - 1 - at)]
#[case::every_third(|of: usize, at: usize| at * 3 % of)]
#[tokio::test]
async fn nothing_of_before_is_anywhere(#[case] place: fn(usize, usize) -> usize) {
    let log = erased();
    let of = log.entries.len();
    assert_ne!(of % 3, 0, "every third must reach all");
    let desk = Desk::new().await;
    let order: Vec<usize> = (0..of).map(|at| place(of, at)).collect();
    for at in order {
        desk.store.ingest(&log.entries[at..=at], log_id()).await.unwrap();
    }
    assert_erased(&desk).await;
    assert!(files_hold(&desk, "Hello, I am new here"), "the search itself works");
    // The page of history from after the erasure still names what Meta still has; nothing else does.
    assert_eq!(row_bodies_with(&desk, SECRET).await, 1);
}

/// How many raw entries hold these words.
async fn row_bodies_with(desk: &Desk, words: &str) -> i64 {
    use sqlx::ConnectOptions;
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    let sql = "SELECT count(*) FROM raw_entry WHERE lower(body) LIKE '%' || ? || '%'";
    sqlx::query_scalar(sql).bind(words).fetch_one(&mut conn).await.unwrap()
}

#[tokio::test]
async fn no_byte_lingers_and_a_draft_goes_too() {
    let mut log = erased();
    let after = log.entries.split_off(log.entries.iter().position(|e| e.key == "erased").unwrap() + 1);
    let at = log.entries.iter().position(|e| e.body.get().contains("customer_erased")).unwrap();
    let desk = Desk::new().await;
    desk.store.ingest(&log.entries[..at], log_id()).await.unwrap();
    let thread = desk.thread_id(MARA).await;
    desk.store.save_draft(thread, "About the samovar:", "", NINE).await.unwrap();
    assert!(files_hold(&desk, SECRET));
    desk.store.ingest(&log.entries[at..], log_id()).await.unwrap();
    desk.store.ingest(&after[..1], log_id()).await.unwrap();
    assert_erased(&desk).await;
    desk.store.close().await;
    assert!(!files_hold(&desk, SECRET), "something of it is still in the files");
}

/// A part of this desk that is on its way.
fn on_its_way(thread: ThreadId, number: u128, text: &str) -> NewReply {
    let part = NewPart {
        part: part(number),
        file: None,
        text: text.into(),
        tag: None,
        state: PartStateName::Sending,
        detail: None,
    };
    NewReply {
        reply: ReplyId(crate::builders::part(number).0),
        thread,
        agent: ines(),
        created_ms: NINE,
        pressed_ms: NINE,
        version_seen: 0,
        word_seq_seen: 0,
        claim: false,
        take_first: false,
        despite_unknown: false,
        leaves: LeavesAs::Plain,
        after_sent: None,
        parts: vec![part],
    }
}

fn granted(number: u128, text: &str) -> TeamFact {
    TeamFact::SendStarted {
        file: None,
        customer: mara(),
        reply: ReplyId(part(number).0),
        part: part(number),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: text.into(),
        tag: None,
        unchecked: false,
    }
}

#[rstest]
#[tokio::test]
async fn a_part_on_its_way_keeps_its_text_until_it_has_ended_and_no_longer(
    #[values(true, false)] grant_first: bool,
    #[values(PartStateName::Sent, PartStateName::Refused, PartStateName::Abandoned, PartStateName::Draft)]
    end: PartStateName,
) {
    const LATER: &str = "Welcome back";
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    desk.store.insert_reply(&on_its_way(thread, 1, "Which samovar?")).await.unwrap();
    let at = log.entries.len();
    log.team(&granted(1, "Which samovar?"));
    log.team(&TeamFact::CustomerErased { customer: mara(), by: by_ines() });
    log.team(&granted(2, LATER));
    let mut entries = log.entries[at..].to_vec();
    if !grant_first {
        entries.swap(0, 1);
    }
    for entry in &entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    let text = async |number| desk.store.part(part(number)).await.unwrap().unwrap().text;
    assert_eq!(text(1).await, "Which samovar?", "it may have to be sent");
    // What is said to her since is hers again.
    desk.store.insert_reply(&on_its_way(thread, 2, LATER)).await.unwrap();

    let change = PartMove::new(&[PartStateName::Sending], end, NINE + 1);
    let key = PartKey(part(1));
    if end == PartStateName::Draft {
        desk.store.return_to_draft(key, &change).await.unwrap();
        desk.store.save_draft(thread, "", "Which samovar?", NINE + 2).await.unwrap();
    } else {
        desk.store.set_state(key, &change).await.unwrap();
    }
    desk.store
        .set_state(PartKey(part(2)), &PartMove::new(&[PartStateName::Sending], end, NINE + 2))
        .await
        .unwrap();
    assert_eq!((text(1).await.as_str(), text(2).await.as_str()), ("", LATER));
    desk.store.scrub_all().await.unwrap();
    desk.store.close().await;
    assert!(!files_hold(&desk, SECRET), "something of it is still in the files");
}
