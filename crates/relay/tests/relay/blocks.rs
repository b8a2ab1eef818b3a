//! Bulk reads: blocks of 1 000 seqs, compressed once, never with what was taken back.

use std::io::Read as _;

use baton_messenger::id::Platform;
use baton_protocol::block::{BLOCK, BlockHead};
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::{Entry, LogName, routes};
use baton_relay::operator::Request;
use reqwest::{Method, StatusCode};

use crate::stage::{Desk, MARA, Stage, TEA, messages, unsend, until};

struct Got {
    tag: String,
    head: BlockHead,
    entries: Vec<Entry>,
}

async fn ask(desk: &Desk, block: u64, known: Option<&str>) -> reqwest::Response {
    let path = routes::block(&LogName::from(TEA.to_owned()), block);
    let mut request = desk.request(Method::GET, &path);
    if let Some(tag) = known {
        request = request.header("if-none-match", tag);
    }
    request.send().await.unwrap()
}

async fn block(desk: &Desk, block: u64) -> Got {
    let response = ask(desk, block, None).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let bytes = response.bytes().await.unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert!(bytes.len() * 3 < text.len(), "{} of {}", bytes.len(), text.len());
    let mut lines = text.lines();
    let head = serde_json::from_str(lines.next().unwrap()).unwrap();
    Got { tag, head, entries: lines.map(|line| serde_json::from_str(line).unwrap()).collect() }
}

/// A log of 1 block and a little more: the account's first fact, then what Mara wrote.
async fn one_block(stage: &Stage) -> Desk {
    let ines = stage.desk_on_tea("Ines").await;
    for part in ["a", "b", "c"] {
        assert_eq!(stage.post(&messages(TEA, MARA, part, 400)).await, 200);
    }
    ines
}

fn files(stage: &Stage) -> usize {
    let mut folder = stage.database().into_os_string();
    folder.push(".blocks");
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_block_has_what_the_pages_have() {
    let stage = Stage::new().await;
    let ines = one_block(&stage).await;
    let got = block(&ines, 0).await;
    let page = ines.page(TEA, "after=0&limit=1000").await.unwrap();
    assert_eq!((got.head.first, got.head.last, got.head.log_id), (1, BLOCK, page.log_id));
    assert_eq!(got.entries, page.entries);
}

#[tokio::test]
async fn a_block_that_is_not_full_is_none_yet() {
    let stage = Stage::new().await;
    let ines = one_block(&stage).await;
    for number in [1, 2, u64::MAX] {
        assert_eq!(ask(&ines, number, None).await.status(), StatusCode::NOT_FOUND, "{number}");
    }
    assert_eq!(files(&stage), 0, "nothing was made for it");
}

#[tokio::test]
async fn it_is_compressed_once_for_all_desks_and_not_sent_again_to_whom_has_it() {
    let stage = Stage::new().await;
    let ines = one_block(&stage).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    let (one, other) = tokio::join!(block(&ines, 0), block(&jonas, 0));
    assert_eq!((&one.tag, &one.entries), (&other.tag, &other.entries));
    block(&jonas, 0).await;
    assert_eq!((stage.running().blocks_made(), files(&stage)), (1, 1));
    assert_eq!(ask(&ines, 0, Some(&one.tag)).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_is_taken_back_makes_a_new_version_and_leaves_none_of_the_old() {
    let stage = Stage::new().await;
    let ines = one_block(&stage).await;
    let before = block(&ines, 0).await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "a-7")).await, 200);

    let after = block(&ines, 0).await;
    assert_ne!(before.tag, after.tag);
    let changed: Vec<_> =
        before.entries.iter().zip(&after.entries).filter(|(then, now)| then != now).collect();
    assert_eq!(changed.len(), 1);
    assert!(matches!(changed[0].1.content(), Content::Tombstone(_)));
    assert_eq!((changed[0].0.seq, &changed[0].0.chain), (changed[0].1.seq, &changed[0].1.chain));
    assert_eq!(ask(&ines, 0, Some(&before.tag)).await.status(), 200, "what it knew is no longer true");
    until("the old version to be gone", async || files(&stage) == 1).await;

    // A redaction elsewhere leaves it as it is.
    assert_eq!(stage.post(&unsend(TEA, MARA, "c-400")).await, 200);
    assert_eq!(ask(&ines, 0, Some(&after.tag)).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(stage.running().blocks_made(), 2);
}

#[tokio::test]
async fn a_version_that_nobody_asked_for_again_goes_too_also_with_a_restart() {
    let mut stage = Stage::new().await;
    let ines = one_block(&stage).await;
    let before = block(&ines, 0).await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "b-7")).await, 200);
    until("the old version to be gone", async || files(&stage) == 0).await;
    let after = block(&ines, 0).await;

    stage.restart().await;
    assert_eq!(files(&stage), 0, "nothing of another run is trusted");
    let ines = ines.at(&stage);
    assert_eq!(ask(&ines, 0, Some(&after.tag)).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(ask(&ines, 0, Some(&before.tag)).await.status(), 200);
}

#[tokio::test]
async fn a_right_that_ended_ends_the_blocks_too() {
    let stage = Stage::new().await;
    let ines = one_block(&stage).await;
    let known = block(&ines, 0).await;
    let agent = ines.enrolled.agent;
    stage
        .operate(Request::SetRole { agent, account: TEA.into(), platform: Platform::Messenger, role: None })
        .await;
    for tag in [None, Some(known.tag.as_str())] {
        assert_eq!(ask(&ines, 0, tag).await.status(), StatusCode::NOT_FOUND);
    }
    stage.operate(Request::Revoke { desk: ines.enrolled.desk }).await;
    assert_eq!(ask(&ines, 0, None).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_block_that_somebody_removed_is_made_anew() {
    let stage = Stage::new().await;
    let ines = one_block(&stage).await;
    let before = block(&ines, 0).await;
    let mut folder = stage.database().into_os_string();
    folder.push(".blocks");
    for file in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    assert_eq!(block(&ines, 0).await.entries, before.entries);
}
