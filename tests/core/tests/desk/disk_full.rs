//! A full disk under a desk that runs: it is told, nothing is lost, and work goes on when there is space again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_core::desk::{Desk, DeskError, ProblemKind};
use baton_core::store::{StoreError, ThreadId};
use baton_protocol::hello::Versions;
use baton_protocol::stream::{EntryPage, StreamEvent};
use baton_protocol::{LogId, LogName, routes};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::builders::{MARA, key};
use crate::fake_relay::{enrolled, log_of_agents, opened, says_hello, sse, until};
use crate::reply_out::{desk_with_maras_thread, press};

const HEAD: u64 = 4_000;

async fn told(desk: &Desk) -> Vec<(ProblemKind, String)> {
    let problems = desk.session().await.unwrap().problems;
    problems.into_iter().map(|problem| (problem.kind, problem.words.what)).collect()
}

async fn holds(desk: &Desk, what: &str, ranges: &[(u64, u64)]) {
    until(what, async || {
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap()?;
        (cursor.ranges.as_slice() == ranges).then_some(())
    })
    .await;
}

/// A relay whose log is 3 entries long until `grown`, and then far longer: the stream brings `from` on, pages the rest.
async fn growing_relay(from: u64, grown: &Arc<AtomicBool>) -> MockServer {
    let (relay, log, log_id) = (MockServer::start().await, log_of_agents(HEAD), LogId::new());
    says_hello(&relay, Versions::ours()).await;
    let index = |seq: u64| usize::try_from(seq).unwrap() - 1;
    let (streamed, is_grown) = (log.clone(), Arc::clone(grown));
    Mock::given(method("POST"))
        .and(path(routes::STREAM))
        .respond_with(move |_: &Request| {
            if is_grown.load(Ordering::SeqCst) {
                sse(&[opened(log_id, HEAD, from), StreamEvent::Entries(streamed[index(from)..].to_vec())])
            } else {
                sse(&[opened(log_id, 3, 1), StreamEvent::Entries(streamed[..3].to_vec())])
            }
        })
        .mount(&relay)
        .await;
    Mock::given(method("GET"))
        .and(path(routes::entries(&LogName::Workspace)))
        .respond_with(move |request: &Request| {
            let number = |name: &str| {
                let found = request.url.query_pairs().find(|(key, _)| key == name);
                found.map(|(_, value)| value.parse::<u64>().unwrap()).unwrap()
            };
            let (before, limit) = (number("before"), number("limit"));
            let entries = log[index(before - limit)..index(before)].to_vec();
            ResponseTemplate::new(200).set_body_json(EntryPage { log_id, head: HEAD, entries })
        })
        .mount(&relay)
        .await;
    relay
}

async fn is_full_and_then_not(from: u64) {
    let (grown, folder) = (Arc::<AtomicBool>::default(), tempfile::tempdir().unwrap());
    let relay = growing_relay(from, &grown).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;
    holds(&desk, "what there is", &[(1, 3)]).await;
    desk.store().limit_pages_to_present().await.unwrap();
    grown.store(true, Ordering::SeqCst);

    until("the full disk told", async || {
        let told = told(&desk).await;
        told.iter()
            .any(|(kind, what)| *kind == ProblemKind::Storage && what.contains("disk is full"))
            .then_some(())
    })
    .await;
    assert_eq!(desk.store().agents().await.unwrap()[..3].len(), 3, "what was stored can be read");

    desk.store().lift_page_limit().await.unwrap();
    holds(&desk, "everything", &[(1, HEAD)]).await;
    until("nothing being told any more", async || {
        let told = told(&desk).await;
        told.iter().all(|(kind, _)| *kind != ProblemKind::Storage).then_some(())
    })
    .await;
    assert_eq!(desk.store().agents().await.unwrap().len() as u64, HEAD);
    desk.shutdown().await;
}

#[tokio::test]
async fn what_the_stream_brings_waits_at_the_relay() {
    is_full_and_then_not(4).await;
}

#[tokio::test]
async fn what_lies_further_back_waits_at_the_relay_and_the_full_disk_is_told_as_well() {
    is_full_and_then_not(HEAD).await;
}

/// Fills what room is left inside the pages, so that the next reply needs one more.
async fn no_room_is_left(desk: &Desk, thread: ThreadId) -> Vec<String> {
    let mut queued = Vec::new();
    for number in 0..200 {
        let text = format!("{number} {}", "it arrives tomorrow ".repeat(80));
        let before = desk.store().draft(thread).await.unwrap().map(|draft| draft.text).unwrap_or_default();
        desk.save_draft(thread, &text, &before).await.unwrap_or_default();
        match desk.send_reply(press(desk, thread, &text).await).await {
            Ok(_) => queued.push(text),
            Err(error) => {
                assert!(matches!(error, DeskError::Store(StoreError::DiskFull)), "{error:?}");
                return queued;
            }
        }
    }
    panic!("the limit does not hold");
}

#[tokio::test]
async fn a_reply_that_cannot_be_kept_is_not_taken_out_of_the_composer() {
    let (desk, _relay, _folder) = desk_with_maras_thread().await;
    let thread = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
    let short = "It arrives tomorrow, I promise.";
    desk.save_draft(thread, short, "").await.unwrap();
    desk.store().limit_pages_to_present().await.unwrap();
    let queued = no_room_is_left(&desk, thread).await;

    // The one that was refused is nowhere half: not in the outbox, and its text is where it was typed.
    let draft = desk.store().draft(thread).await.unwrap().map(|draft| draft.text);
    assert!(
        draft.is_none_or(|draft| !queued.contains(&draft)),
        "a reply stands in the outbox or in the composer"
    );
    let waiting: Vec<String> = texts(&desk, thread).await;
    assert_eq!(waiting, queued, "each that was taken, once, in order");

    desk.store().lift_page_limit().await.unwrap();
    desk.send_reply(press(&desk, thread, short).await).await.unwrap();
    assert_eq!(texts(&desk, thread).await.last().map(String::as_str), Some(short));
    desk.shutdown().await;
}

async fn texts(desk: &Desk, thread: ThreadId) -> Vec<String> {
    desk.store().parts_of_thread(thread).await.unwrap().into_iter().map(|part| part.text).collect()
}
