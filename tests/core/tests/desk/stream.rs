//! The stream: entries land in the store, holes are filled newest first, another log is read anew, time is learned.

use std::sync::{Arc, Mutex};

use baton_core::clock::TestClock;
use baton_core::desk::{CutOffStage, Desk, ProblemKind};
use baton_core::sync::SyncStatus;
use baton_protocol::command::Accepted;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::hello::{Hello, Versions};
use baton_protocol::stream::{EntryPage, Heartbeat, Opened, Resync, ResyncReason, StreamEvent};
use baton_protocol::{LogId, LogName, Platform, SeqRanges, routes};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::builders::{NINE, tea};
use crate::fake_relay::{enrolled, hello, log_of_agents, opened, says_hello, sse, streams, until};
use crate::raw_relay::RawRelay;
use crate::silence::{desk_at, desk_of};

fn all(head: u64) -> SeqRanges {
    let mut ranges = SeqRanges::new();
    ranges.insert(1, head);
    ranges
}

#[tokio::test]
async fn what_lies_below_the_tail_is_fetched_newest_first() {
    let (relay, folder, log_id) = (MockServer::start().await, tempfile::tempdir().unwrap(), LogId::new());
    let log = log_of_agents(2_100);
    says_hello(&relay, Versions::ours()).await;
    let tail = StreamEvent::Entries(log[1_100..].to_vec());
    streams(
        &relay,
        sse(&[opened(log_id, 2_100, 1_101), tail]).set_delay(std::time::Duration::from_millis(1)),
    )
    .await;
    let asked: Arc<Mutex<Vec<u64>>> = Arc::default();
    Mock::given(method("GET"))
        .and(path(routes::entries(&LogName::Workspace)))
        .respond_with({
            let (asked, log) = (Arc::clone(&asked), log.clone());
            move |request: &Request| {
                let number = |name: &str| {
                    let found = request.url.query_pairs().find(|(key, _)| key == name);
                    found.map(|(_, value)| value.parse::<u64>().unwrap())
                };
                let (before, limit) = (number("before").unwrap(), number("limit").unwrap());
                asked.lock().unwrap().push(before);
                let first = before.saturating_sub(limit + 1);
                let index = |seq: u64| usize::try_from(seq).unwrap();
                let entries = log[index(first)..index(before - 1)].to_vec();
                ResponseTemplate::new(200).set_body_json(EntryPage { log_id, head: 2_100, entries })
            }
        })
        .mount(&relay)
        .await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("every entry is here", async || {
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap()?;
        (cursor.ranges == all(2_100)).then_some(())
    })
    .await;
    let mut befores = asked.lock().unwrap().clone();
    befores.dedup();
    assert_eq!(befores, [1_101, 601, 101], "newest first, each once");
    assert_eq!(desk.store().agents().await.unwrap().len(), 2_100);
    desk.shutdown().await;
}

fn heartbeat(head: u64) -> StreamEvent {
    StreamEvent::Heartbeat(Heartbeat {
        relay_ms: NINE,
        meta_ms: None,
        heads: [(LogName::Workspace, head)].into(),
        last_webhook_ms: [].into(),
    })
}

/// The relay tells how long a log is before it sends the newest of it: that is on its way, and no hole.
#[tokio::test]
async fn what_the_stream_is_about_to_bring_is_lacking_until_it_came_and_no_longer() {
    let (folder, clock, log_id) = (tempfile::tempdir().unwrap(), TestClock::at(NINE), LogId::new());
    let events = [opened(log_id, 3, 1), heartbeat(3), StreamEvent::Entries(log_of_agents(3))];
    // It answers nothing but the stream: what is fetched does not come.
    let relay = RawRelay::start(hello(Versions::ours()), &events).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;

    until("the stream's entries", async || (desk.store().agents().await.unwrap().len() == 3).then_some(()))
        .await;
    until("the desk to lack nothing", async || {
        matches!(desk.status().await.unwrap().relay, SyncStatus::Live { .. }).then_some(())
    })
    .await;
    desk.shutdown().await;
}

/// A relay whose hello names an account and whose stream brings these events.
async fn serves_an_account(events: &[StreamEvent]) -> RawRelay {
    let account = AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    };
    RawRelay::start(Hello { accounts: vec![account], ..hello(Versions::ours()) }, events).await
}

#[tokio::test]
async fn a_desk_is_not_up_to_date_before_every_log_is_open() {
    let (folder, clock, log_id) = (tempfile::tempdir().unwrap(), TestClock::at(NINE), LogId::new());
    let events = [opened(log_id, 3, 1), StreamEvent::Entries(log_of_agents(3))];
    let relay = serves_an_account(&events).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;
    until("the stream's entries", async || (desk.store().agents().await.unwrap().len() == 3).then_some(()))
        .await;
    until("it to be catching up", async || {
        let relay = desk.status().await.unwrap().relay;
        assert!(!matches!(relay, SyncStatus::Live { .. }), "nobody told of the account's log");
        (relay == SyncStatus::Behind { missing: 0 }).then_some(())
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_desk_is_up_to_date_once_its_accounts_log_is_open_too() {
    let (folder, clock, log_id) = (tempfile::tempdir().unwrap(), TestClock::at(NINE), LogId::new());
    let of_account = Opened { log: LogName::Account(tea()), log_id, head: 0, from_seq: 1 };
    let events = [opened(LogId::new(), 0, 1), StreamEvent::Opened(of_account)];
    let relay = serves_an_account(&events).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;
    until("it to lack nothing", async || {
        matches!(desk.status().await.unwrap().relay, SyncStatus::Live { .. }).then_some(())
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn what_is_still_to_come_on_the_stream_is_lacking() {
    let (folder, clock, log_id) = (tempfile::tempdir().unwrap(), TestClock::at(NINE), LogId::new());
    let events = [opened(log_id, 3, 1), heartbeat(3), StreamEvent::Entries(log_of_agents(1))];
    let relay = RawRelay::start(hello(Versions::ours()), &events).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;

    let lacking = SyncStatus::Behind { missing: 2 };
    until("the others to be lacking", async || (desk.status().await.unwrap().relay == lacking).then_some(()))
        .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn what_did_not_come_between_two_heartbeats_is_a_hole() {
    let (relay, folder, log_id) = (MockServer::start().await, tempfile::tempdir().unwrap(), LogId::new());
    let log = log_of_agents(3);
    says_hello(&relay, Versions::ours()).await;
    let events = [opened(log_id, 2, 1), StreamEvent::Entries(log[..2].to_vec()), heartbeat(3), heartbeat(3)];
    streams(&relay, sse(&events)).await;
    let page = EntryPage { log_id, head: 3, entries: log[2..].to_vec() };
    Mock::given(method("GET"))
        .and(path(routes::entries(&LogName::Workspace)))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .mount(&relay)
        .await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("every entry is here", async || {
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap()?;
        (cursor.ranges == all(3)).then_some(())
    })
    .await;
    desk.shutdown().await;
}

/// A relay whose stream fails once and then opens.
async fn fails_once() -> MockServer {
    let relay = MockServer::start().await;
    says_hello(&relay, Versions::ours()).await;
    Mock::given(method("POST"))
        .and(path(routes::STREAM))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&relay)
        .await;
    streams(&relay, sse(&[opened(LogId::new(), 0, 1)])).await;
    relay
}

/// A desk that pauses after that failure. No pause ends on a clock that stands still.
async fn pauses(relay: &MockServer, folder: &std::path::Path) -> Desk {
    let desk = desk_at(&relay.uri(), folder, &TestClock::at(NINE)).await;
    until("the relay to be away", async || {
        matches!(desk.status().await.unwrap().relay, SyncStatus::Offline { .. }).then_some(())
    })
    .await;
    desk
}

/// A command may reach the relay before the stream is open again. Who hears of the relay by it does not wait out the pause.
#[tokio::test]
async fn a_relay_that_answers_a_command_is_asked_for_its_stream_at_once() {
    let (relay, folder) = (fails_once().await, tempfile::tempdir().unwrap());
    Mock::given(method("POST"))
        .and(path(routes::commands(&LogName::Workspace)))
        .respond_with(ResponseTemplate::new(200).set_body_json(Accepted::default()))
        .mount(&relay)
        .await;
    let desk = pauses(&relay, folder.path()).await;

    tokio::select! {
        // It waits for the log, which does not come.
        _ = desk.set_canned_reply("parcel", Some("It is on its way."), true) => {}
        () = is_asked_for_a_second_stream(&relay) => {}
    }
    is_asked_for_a_second_stream(&relay).await;
    desk.shutdown().await;
}

/// The network came back, or the agent asks for it: nobody waits out the pause.
#[tokio::test]
async fn a_desk_that_is_woken_asks_for_its_stream_at_once() {
    let (relay, folder) = (fails_once().await, tempfile::tempdir().unwrap());
    let desk = pauses(&relay, folder.path()).await;

    desk.wake();
    is_asked_for_a_second_stream(&relay).await;
    desk.shutdown().await;
}

async fn is_asked_for_a_second_stream(relay: &MockServer) {
    until("the stream to be asked for again", async || {
        let requests = relay.received_requests().await.unwrap();
        let streams = requests.iter().filter(|request| request.url.path() == routes::STREAM).count();
        (streams > 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn after_a_restore_of_the_relay_the_log_is_read_anew() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    let (old, new) = (LogId::new(), LogId::new());
    says_hello(&relay, Versions::ours()).await;
    let first = [opened(old, 3, 1), StreamEvent::Entries(log_of_agents(3))];
    Mock::given(method("POST"))
        .and(path(routes::STREAM))
        .respond_with(sse(&first))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&relay)
        .await;
    let restored = Resync { log: LogName::Workspace, log_id: new, reason: ResyncReason::OtherLog };
    let anew = [StreamEvent::Resync(restored), opened(new, 2, 1), StreamEvent::Entries(log_of_agents(2))];
    streams(&relay, sse(&anew)).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("the new log is here alone", async || {
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap()?;
        (cursor.log_id == new && cursor.ranges == all(2)).then_some(())
    })
    .await;
    assert_eq!(desk.store().agents().await.unwrap().len(), 2);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_heartbeat_tells_metas_time() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    says_hello(&relay, Versions::ours()).await;
    let in_thirty_hours = 1_791_201_600_000 + 30 * 3_600_000;
    let heartbeat = Heartbeat {
        relay_ms: 1_791_201_600_000,
        meta_ms: Some(in_thirty_hours),
        heads: [(LogName::Workspace, 0)].into(),
        last_webhook_ms: [].into(),
    };
    streams(&relay, sse(&[opened(LogId::new(), 0, 1), StreamEvent::Heartbeat(heartbeat)])).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("the time is known", async || {
        let now = desk.meta_now();
        (!now.doubtful && now.ms >= in_thirty_hours).then_some(())
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_desk_that_was_cut_off_stops_asking_and_says_so() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    says_hello(&relay, Versions::ours()).await;
    streams(&relay, sse(&[StreamEvent::Revoked])).await;
    Mock::given(method("POST"))
        .and(path(routes::WIPED))
        .respond_with(ResponseTemplate::new(204))
        .mount(&relay)
        .await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("the relay knows that nothing is left", async || {
        let cut_off = desk.session().await.unwrap().cut_off;
        cut_off.is_some_and(|cut_off| cut_off.stage == CutOffStage::Told).then_some(())
    })
    .await;
    let asked = relay.received_requests().await.unwrap().len();
    desk.wake();
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    assert_eq!(relay.received_requests().await.unwrap().len(), asked, "it asks no more");
    let problems = desk.session().await.unwrap().problems;
    assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::DeskRevoked]);
    desk.shutdown().await;
}

#[tokio::test]
async fn an_event_of_a_newer_relay_is_passed_over() {
    let (relay, folder, log_id) = (MockServer::start().await, tempfile::tempdir().unwrap(), LogId::new());
    says_hello(&relay, Versions::ours()).await;
    let events = [
        StreamEvent::Unknown("weather".to_owned()),
        opened(log_id, 1, 1),
        StreamEvent::Entries(log_of_agents(1)),
    ];
    streams(&relay, sse(&events)).await;
    let desk = enrolled(folder.path(), &relay.uri()).await;

    until("the entry is here", async || (desk.store().agents().await.unwrap().len() == 1).then_some(()))
        .await;
    desk.shutdown().await;
}
