//! What a desk tells ahead for when its agent falls out: a draft once it rested, what stands there then from time to time, and
//! at once that it is no more.

use std::path::Path;
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_core::desk::Desk;
use baton_core::store::{Store, ThreadId};
use baton_core::sync::SyncStatus;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::hello::Versions;
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{CustomerId, LogId, Platform};

use crate::builders::{HOUR, Log, MARA, NINE, jonas, key, log_id, tea};
use crate::fake_relay::{NOWHERE, hello, opened, until};
use crate::raw_relay::RawRelay;
use crate::silence::{desk_at, desk_of};

/// A relay with a stream on which nothing happens.
async fn quiet() -> RawRelay {
    RawRelay::start(hello(Versions::ours()), &[opened(LogId::new(), 0, 1)]).await
}

/// Mara's thread is on this desk.
async fn mara_wrote(folder: &Path) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    store.close().await;
}

async fn lives(relay: &RawRelay, folder: &Path, clock: &TestClock) -> (Desk, ThreadId) {
    let desk = desk_of(relay, folder, clock).await;
    until("the stream to live", async || {
        matches!(desk.status().await.unwrap().relay, SyncStatus::Live { .. }).then_some(())
    })
    .await;
    let thread = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
    (desk, thread)
}

fn told(relay: &RawRelay) -> Vec<String> {
    relay.drafts.lock().unwrap().iter().map(|draft| draft.text.clone()).collect()
}

/// Time passes second by second, until so much was told.
async fn passes_until(clock: &TestClock, relay: &RawRelay, expected: &[&str]) {
    until(&format!("{expected:?}"), async || {
        clock.advance(Duration::from_secs(1));
        (told(relay) == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_written_is_told_as_it_stands_after_ten_seconds_and_taken_back_at_once() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    mara_wrote(folder.path()).await;
    let relay = quiet().await;
    let (desk, thread) = lives(&relay, folder.path(), &clock).await;
    desk.save_draft(thread, "De", "").await.unwrap();
    clock.advance(Duration::from_secs(4));
    desk.save_draft(thread, "Dear", "De").await.unwrap();
    passes_until(&clock, &relay, &["Dear"]).await;
    assert!(relay.drafts.lock().unwrap().iter().all(|draft| draft.customer == CustomerId::from(MARA)));
    // Whoever goes on writing is told of again, and not with each letter.
    desk.save_draft(thread, "Dear Mara", "Dear").await.unwrap();
    clock.advance(Duration::from_secs(4));
    desk.save_draft(thread, "Dear Mara, yes", "Dear Mara").await.unwrap();
    passes_until(&clock, &relay, &["Dear", "Dear Mara, yes"]).await;
    desk.save_draft(thread, "", "Dear Mara, yes").await.unwrap();
    passes_until(&clock, &relay, &["Dear", "Dear Mara, yes", ""]).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_new_start_repeats_nothing_and_forgets_nothing() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    mara_wrote(folder.path()).await;
    let relay = quiet().await;
    let (desk, thread) = lives(&relay, folder.path(), &clock).await;
    desk.save_draft(thread, "Dear Mara", "").await.unwrap();
    // Closed in order, it does not wait until the draft rested.
    desk.shutdown().await;
    assert_eq!(told(&relay), ["Dear Mara"]);

    let (desk, thread) = lives(&relay, folder.path(), &clock).await;
    for _ in 0..15 {
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    desk.save_draft(thread, "", "Dear Mara").await.unwrap();
    passes_until(&clock, &relay, &["Dear Mara", ""]).await;
    desk.shutdown().await;
    assert_eq!(told(&relay), ["Dear Mara", ""]);
}

#[tokio::test]
async fn whoever_works_nowhere_any_more_and_has_a_thread_still_is_on_the_board_and_it_can_be_returned() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    let customer = CustomerId::from(MARA);
    let assignee = Some(jonas());
    log.team(&TeamFact::Assigned { customer: customer.clone(), assignee, by: Actor::Relay, reply: None });
    let status = Status::Snoozed { until_ms: NINE + 100 * HOUR };
    log.team(&TeamFact::StatusSet { customer, status, by: Actor::Relay });
    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    let on = AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Supervisor,
        connected: true,
    };
    store.set_access(&[on]).await.unwrap();
    store.close().await;

    let desk = desk_at(NOWHERE, folder.path(), &clock).await;
    assert_eq!(desk.supervised().await.unwrap().into_iter().collect::<Vec<_>>(), [jonas()]);
    let (_, agents) = desk.board_agents(&[tea()]).await.unwrap();
    let told: Vec<_> = agents.iter().map(|one| (one.agent, one.accounts.len())).collect();
    assert_eq!(told, [(jonas(), 0)], "what sleeps is nowhere on the board");
    let returning = desk.returning(jonas()).await.unwrap();
    let threads: Vec<u64> = returning.accounts.iter().map(|(_, threads)| *threads).collect();
    assert_eq!((threads.as_slice(), returning.sets_offline), ([1].as_slice(), false));
    desk.shutdown().await;
}
