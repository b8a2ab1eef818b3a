//! A message that was taken back leaves the file.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::entry::{Content, RedactionReason, TombstoneReason, chain_next};
use baton_protocol::error::ErrorCode;
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{CommandId, PartId, ReplyId};

use crate::stage::{MARA, Stage, TEA, customer, echo_of_part, plain, unsend};

const SECRET: &str = "my-card-number-4012";

pub fn is_in_the_files(stage: &Stage, words: &str) -> bool {
    ["", "-wal"].iter().any(|suffix| {
        let bytes = std::fs::read(format!("{}{suffix}", stage.database().display())).unwrap_or_default();
        bytes.windows(words.len()).any(|at| at == words.as_bytes())
    })
}

pub async fn gone_from_the_files(stage: &Stage, words: &str) {
    let begun = Instant::now();
    while is_in_the_files(stage, words) {
        assert!(begun.elapsed() < Duration::from_secs(15), "the words are still in the files");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_unsent_message_becomes_a_tombstone_and_keeps_its_place() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    stage.says(TEA, MARA, "m_2", "something else").await;
    assert!(is_in_the_files(&stage, SECRET));
    let before = ines.entries(TEA).await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);

    let after = ines.entries(TEA).await;
    assert_eq!((after[1].seq, &after[1].key, &after[1].chain), (2, &before[1].key, &before[1].chain));
    let Content::Tombstone(tombstone) = after[1].content() else { panic!("{:?}", after[1]) };
    assert_eq!((tombstone.mid.as_deref(), tombstone.at_ms), (Some("m_1"), Some(1_791_190_800_000)));
    let Content::Redacted(redaction) = after[4].content() else { panic!("{:?}", after[4]) };
    assert_eq!((redaction.seqs, redaction.mid.as_deref()), (vec![2], Some("m_1")));
    for pair in after.windows(2) {
        assert_eq!(pair[1].chain, chain_next(&pair[0].chain, pair[1].kind, &pair[1].key, pair[1].at_ms));
    }
    gone_from_the_files(&stage, SECRET).await;
}

#[tokio::test]
async fn a_message_that_arrives_after_its_unsend_is_never_stored() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    stage.says(TEA, MARA, "m_1", SECRET).await;
    let entries = ines.entries(TEA).await;
    assert!(matches!(entries[3].content(), Content::Tombstone(_)));
    assert!(!is_in_the_files(&stage, SECRET));
}

/// An event of a kind that nobody knows, which names a message and tells its words.
fn whisper(mid: &str, words: &str) -> String {
    let event = json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": 1_791_190_801_000_i64,
                       "whisper": {"of": [{"mid": mid, "text": words}]}});
    json!({"object": "page", "entry": [{"id": TEA, "time": 1, "messaging": [event]}]}).to_string()
}

/// The same about nobody.
fn hint(mid: &str, words: &str) -> String {
    let change = json!({"field": "hints", "value": {"mid": mid, "text": words}});
    json!({"object": "page", "entry": [{"id": TEA, "time": 1, "changes": [change]}]}).to_string()
}

#[tokio::test]
async fn what_nobody_understands_goes_whole_when_it_names_the_message() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", "Hello").await;
    for body in [whisper("m_1", SECRET), hint("m_1", SECRET), whisper("m_9", "not-about-the-card")] {
        assert_eq!(stage.post(&body).await, 200);
    }
    assert!(is_in_the_files(&stage, SECRET));
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    gone_from_the_files(&stage, SECRET).await;

    let entries = ines.entries(TEA).await;
    let told = entries.iter().find_map(|entry| match entry.content() {
        Content::Redacted(redaction) => Some(redaction.seqs),
        _ => None,
    });
    let gone: Vec<u64> = entries
        .iter()
        .filter(|entry| matches!(entry.content(), Content::Tombstone(_)))
        .map(|entry| entry.seq)
        .collect();
    assert_eq!((told, gone.len()), (Some(gone), 3), "desks learn of all three");
    assert!(is_in_the_files(&stage, "not-about-the-card"), "what names another message stays");

    // What comes later is never stored.
    for body in [whisper("m_1", "said-once-more"), hint("m_1", "said-once-more")] {
        assert_eq!(stage.post(&body).await, 200);
    }
    assert!(!is_in_the_files(&stage, "said-once-more"));
}

#[tokio::test]
async fn what_nobody_understands_goes_in_quarantine_too() {
    let stage = Stage::new().await;
    assert_eq!(stage.post(&whisper("m_1", SECRET)).await, 200);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    assert_eq!(stage.post(&hint("m_1", SECRET)).await, 200);
    gone_from_the_files(&stage, SECRET).await;
    let _ines = stage.desk_on_tea("Ines").await;
    gone_from_the_files(&stage, SECRET).await;
}

#[tokio::test]
async fn in_quarantine_too() {
    let stage = Stage::new().await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_2")).await, 200);
    stage.says(TEA, MARA, "m_2", SECRET).await;
    gone_from_the_files(&stage, SECRET).await;
    let ines = stage.desk_on_tea("Ines").await;
    let keys: Vec<String> = ines.entries(TEA).await.iter().map(|entry| entry.key.clone()).collect();
    assert!(
        keys.iter().any(|key| key.ends_with("message:m_1"))
            && keys.iter().any(|key| key.ends_with("message:m_2"))
    );
}

/// The grant of a reply with the secret, as Ines's desk asks for it.
fn start_send(part: PartId, reply: ReplyId) -> CommandRequest {
    CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(0),
        if_no_word_after: Some(0),
        command: Command::StartSend {
            file: None,
            customer: customer(MARA),
            reply,
            part,
            index: 0,
            of: 1,
            text: SECRET.into(),
            tag: None,
            claim: false,
            unchecked: false,
            despite_unknown: false,
        },
    }
}

#[tokio::test]
async fn our_own_message_leaves_its_grant_too() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let part = PartId::new();
    ines.ask(TEA, &start_send(part, ReplyId::new())).await.accepted();
    assert_eq!(stage.post(&echo_of_part(TEA, MARA, "m_1", &part.to_string(), SECRET)).await, 200);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    let entries = ines.entries(TEA).await;
    assert!(matches!(entries[1].content(), Content::Team(_)), "the fact stays");
    gone_from_the_files(&stage, SECRET).await;
}

#[tokio::test]
async fn also_when_it_is_known_only_afterwards_which_message_it_was() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let (part, reply) = (PartId::new(), ReplyId::new());
    ines.ask(TEA, &start_send(part, reply)).await.accepted();
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    assert!(is_in_the_files(&stage, SECRET));
    let settlement = Settlement::Sent { mid: "m_1".into(), at_ms: None };
    ines.do_it(TEA, Command::SettleSend { customer: customer(MARA), reply, part, settlement }).await;
    gone_from_the_files(&stage, SECRET).await;

    // The same by the echo, which names the part.
    let (part, reply) = (PartId::new(), ReplyId::new());
    let head = ines.entries(TEA).await.len() as u64;
    let start = CommandRequest { if_no_word_after: Some(head), ..start_send(part, reply) };
    ines.ask(TEA, &start).await.accepted();
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_2")).await, 200);
    assert_eq!(stage.post(&echo_of_part(TEA, MARA, "m_2", &part.to_string(), SECRET)).await, 200);
    gone_from_the_files(&stage, SECRET).await;
}

#[tokio::test]
async fn a_body_that_cannot_be_read_loses_it_before_and_after() {
    let stage = Stage::new().await;
    let _ines = stage.desk_on_tea("Ines").await;
    // No delivery, and yet with a message in it; and one that is not even JSON.
    let odd =
        |mid: &str| format!(r#"{{"entry": 7, "kept": [{{"mid": "{mid}", "text": "{SECRET}"}}, "stays"]}}"#);
    let torn = |mid: &str| format!(r#"{{"mid": "{mid}", "text": "{SECRET}""#);
    for body in [odd("m_1"), torn("m_1")] {
        assert_eq!(stage.post(&body).await, 200);
    }
    assert!(is_in_the_files(&stage, SECRET));
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    gone_from_the_files(&stage, SECRET).await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_2")).await, 200);
    for body in [odd("m_2"), torn("m_2")] {
        assert_eq!(stage.post(&body).await, 200);
    }
    assert!(!is_in_the_files(&stage, SECRET));
    assert!(is_in_the_files(&stage, "stays"), "only the message goes where it can be told apart");
}

#[tokio::test]
async fn an_admin_erases_a_customer() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let admin = stage.desk("Ada", &[(TEA, Role::Admin)]).await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    stage.says(TEA, "6200000000000102", "m_2", "another customer").await;
    let name = Command::NameCustomer { customer: customer(MARA), name: SECRET.into(), by_hand: true };
    ines.do_it(TEA, name).await;
    let torn = format!(r#"{{"id": "{MARA}", "text": "{SECRET}""#);
    assert_eq!(stage.post(&torn).await, 200);
    let before = ines.entries(TEA).await;

    let erase = Command::EraseCustomer { customer: customer(MARA) };
    let (status, no) = ines.ask(TEA, &plain(erase.clone())).await.no();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    admin.do_it(TEA, erase).await;

    let after = ines.entries(TEA).await;
    for (then, now) in before.iter().zip(&after) {
        assert_eq!((then.seq, &then.key, &then.chain), (now.seq, &now.key, &now.chain));
    }
    let Content::Tombstone(tombstone) = after[1].content() else { panic!("{:?}", after[1]) };
    assert_eq!((tombstone.reason, tombstone.mid), (TombstoneReason::Erased, None));
    assert!(matches!(after[2].content(), Content::Meta(_)), "of another customer");
    let Content::Team(named) = after[3].content() else { panic!("{:?}", after[3]) };
    assert!(matches!(&*named, TeamFact::CustomerNamed { name, .. } if name.is_empty()));
    let Content::Redacted(redaction) = after[5].content() else { panic!("{:?}", after[5]) };
    assert_eq!((redaction.seqs, redaction.reason), (vec![2], RedactionReason::Erased));
    gone_from_the_files(&stage, SECRET).await;
}
