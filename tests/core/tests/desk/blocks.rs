//! Holes that are filled by whole blocks, and what happens when a relay does not give them out as it should.

use std::sync::{Arc, Mutex};

use baton_core::desk::Desk;
use baton_protocol::block::{BLOCK, BLOCK_TYPE, seqs_of};
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::stream::{EntryPage, StreamEvent};
use baton_protocol::{Entry, LogId, LogName, SeqRanges, routes};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::fake_relay::{
    enrolled, log_of_agents, opened, packed_block, says_hello_with_blocks, sse, streams, until,
};

const HEAD: u64 = 3_150;
const TAIL: u64 = 2_151;

/// What a desk asked for, in order.
type Asked = Arc<Mutex<Vec<String>>>;

fn index(seq: u64) -> usize {
    usize::try_from(seq).unwrap() - 1
}

/// A relay with a log of agents that streams its tail and gives out pages under `page_id`.
async fn relay(log: &[Entry], log_id: LogId, page_id: LogId) -> (MockServer, Asked) {
    let relay = MockServer::start().await;
    says_hello_with_blocks(&relay).await;
    let tail = StreamEvent::Entries(log[index(TAIL)..].to_vec());
    streams(&relay, sse(&[opened(log_id, HEAD, TAIL), tail]).set_delay(std::time::Duration::from_millis(1)))
        .await;
    let asked = Asked::default();
    let (said, log) = (Arc::clone(&asked), log.to_vec());
    Mock::given(method("GET"))
        .and(path(routes::entries(&LogName::Workspace)))
        .respond_with(move |request: &Request| {
            let number = |name: &str| {
                let found = request.url.query_pairs().find(|(key, _)| key == name);
                found.map(|(_, value)| value.parse::<u64>().unwrap()).unwrap()
            };
            let (before, limit) = (number("before"), number("limit"));
            said.lock().unwrap().push(format!("{limit} below {before}"));
            let entries = log[index(before - limit)..index(before)].to_vec();
            ResponseTemplate::new(200).set_body_json(EntryPage { log_id: page_id, head: HEAD, entries })
        })
        .mount(&relay)
        .await;
    (relay, asked)
}

async fn gives_blocks(
    relay: &MockServer,
    asked: &Asked,
    answer: impl Fn(u64) -> ResponseTemplate + Send + Sync + 'static,
) {
    let said = Arc::clone(asked);
    Mock::given(method("GET"))
        .and(path_regex("/blocks/[0-9]+$"))
        .respond_with(move |request: &Request| {
            let block: u64 = request.url.path().rsplit('/').next().unwrap().parse().unwrap();
            said.lock().unwrap().push(format!("block {block}"));
            answer(block)
        })
        .mount(relay)
        .await;
}

fn block_of(log: &[Entry], log_id: LogId, block: u64) -> Vec<u8> {
    let (first, last) = seqs_of(block).unwrap();
    packed_block(log_id, &log[index(first)..=index(last)])
}

fn answer(body: Vec<u8>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, BLOCK_TYPE)
}

async fn holds(desk: &Desk, what: &str, ranges: &[(u64, u64)]) {
    until(what, async || {
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap()?;
        (cursor.ranges.as_slice() == ranges).then_some(())
    })
    .await;
}

fn in_order(asked: &Asked) -> Vec<String> {
    let mut asked = asked.lock().unwrap().clone();
    asked.dedup();
    asked
}

#[tokio::test]
async fn the_edge_comes_by_pages_and_the_rest_by_blocks_newest_first() {
    let (log, log_id, folder) = (log_of_agents(HEAD), LogId::new(), tempfile::tempdir().unwrap());
    let (relay, asked) = relay(&log, log_id, log_id).await;
    let blocks = log.clone();
    gives_blocks(&relay, &asked, move |block| answer(block_of(&blocks, log_id, block))).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    holds(&desk, "every entry", &[(1, HEAD)]).await;
    assert_eq!(in_order(&asked), ["150 below 2151", "block 1", "block 0"]);
    assert_eq!(desk.store().agents().await.unwrap().len() as u64, HEAD);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_relay_that_cannot_make_a_block_is_read_by_pages() {
    let (log, log_id, folder) = (log_of_agents(HEAD), LogId::new(), tempfile::tempdir().unwrap());
    let (relay, asked) = relay(&log, log_id, log_id).await;
    let full =
        ErrorBody { code: ErrorCode::Unavailable, message: "No space.".into(), action: "Wait.".into() };
    gives_blocks(&relay, &asked, move |_| ResponseTemplate::new(503).set_body_json(&full)).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    holds(&desk, "every entry", &[(1, HEAD)]).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn of_a_block_that_is_cut_what_came_is_kept_and_the_rest_comes_once_more() {
    let (log, log_id, folder) = (log_of_agents(HEAD), LogId::new(), tempfile::tempdir().unwrap());
    let (relay, asked) = relay(&log, log_id, log_id).await;
    let blocks = log.clone();
    gives_blocks(&relay, &asked, move |block| {
        let mut body = block_of(&blocks, log_id, block);
        // Chained hashes pack badly, so that two thirds of the bytes are more than one batch.
        body.truncate(body.len() * 2 / 3);
        answer(body)
    })
    .await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    holds(&desk, "every entry", &[(1, HEAD)]).await;
    let asked = in_order(&asked);
    assert_eq!(asked[..3], ["150 below 2151", "block 1", "500 below 2001"], "the rest of it by pages");
    assert_eq!(BLOCK, 1_000);
    desk.shutdown().await;
}

#[tokio::test]
async fn what_belongs_to_another_log_is_not_mixed_in() {
    let (log, log_id, folder) = (log_of_agents(HEAD), LogId::new(), tempfile::tempdir().unwrap());
    // The relay was restored since the stream began, and its pages are of the restored log.
    let (relay, asked) = relay(&log, log_id, LogId::new()).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("a page was asked for", async || (!asked.lock().unwrap().is_empty()).then_some(())).await;
    holds(&desk, "the tail", &[(TAIL, HEAD)]).await;
    let mut tail = SeqRanges::new();
    tail.insert(TAIL, HEAD);
    for _ in 0..20 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap().unwrap();
        assert_eq!(cursor.ranges, tail);
    }
    desk.shutdown().await;
}
