//! What was taken back is nowhere any more: not in the thread, not in raw entries, not in the file.

use baton_core::store::PreviewKind;
use baton_messenger::id::CustomerId;
use baton_protocol::entry::{EntryKind, Redaction, RedactionReason};
use baton_protocol::team::TeamFact;
use baton_protocol::{Mid, ReplyId};
use rstest::rstest;
use serde_json::json;

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
    }
}
