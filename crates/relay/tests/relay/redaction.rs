//! A message that was taken back leaves the file.

use std::time::Duration;

use tokio::time::Instant;

use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::entry::{Content, chain_next};
use baton_protocol::{CommandId, PartId, ReplyId};

use crate::stage::{MARA, Stage, TEA, customer, echo_of_part, unsend};

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

#[tokio::test]
async fn our_own_message_leaves_its_grant_too() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let part = PartId::new();
    let start = CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(0),
        if_no_word_after: Some(0),
        command: Command::StartSend {
            customer: customer(MARA),
            reply: ReplyId::new(),
            part,
            index: 0,
            of: 1,
            text: SECRET.into(),
            tag: None,
            claim: false,
            unchecked: false,
            despite_unknown: false,
        },
    };
    ines.ask(TEA, &start).await.accepted();
    assert_eq!(stage.post(&echo_of_part(TEA, MARA, "m_1", &part.to_string(), SECRET)).await, 200);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    let entries = ines.entries(TEA).await;
    assert!(matches!(entries[1].content(), Content::Team(_)), "the fact stays");
    gone_from_the_files(&stage, SECRET).await;
}
