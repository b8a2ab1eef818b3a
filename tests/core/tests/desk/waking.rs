//! Threads wake when their time has come, and with them what the lists count; and they move down when their window shut.

use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::{Clock, TestClock};
use baton_core::desk::{Desk, Notice};
use baton_core::store::{ListFrom, ListQuery, Sort, Store, View};
use baton_protocol::CustomerId;
use baton_protocol::team::{Status, TeamFact};

use crate::builders::*;
use crate::fake_relay::{open_with, until};

const HOUR_OF_SLEEP: Duration = Duration::from_secs(3600);

/// A desk at nine, with a customer whose thread sleeps until ten.
async fn asleep_until_ten(folder: &std::path::Path, clock: &TestClock) -> Desk {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let status = Status::Snoozed { until_ms: NINE + HOUR };
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status, by: by_ines() });
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    store.close().await;
    open_with(folder, Arc::default(), Arc::new(clock.clone())).await
}

async fn waiting(desk: &Desk) -> u64 {
    desk.store().view_counts(ines(), None).await.unwrap().all_waiting
}

#[tokio::test]
async fn a_thread_counts_as_waiting_from_the_moment_it_wakes_and_the_screen_hears_of_it() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let desk = asleep_until_ten(folder.path(), &clock).await;
    let mut notices = desk.notices();
    assert_eq!(waiting(&desk).await, 0);

    clock.advance(HOUR_OF_SLEEP);
    assert_eq!(clock.wall_ms(), NINE + HOUR);
    until("the thread to count", async || (waiting(&desk).await == 1).then_some(())).await;
    until("a notice of it", async || {
        matches!(notices.recv().await, Ok(Notice::Threads(threads, _)) if threads.len() == 1).then_some(())
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_thread_whose_time_came_while_the_desk_was_off_counts_at_once() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    asleep_until_ten(folder.path(), &clock).await.shutdown().await;
    clock.advance(2 * HOUR_OF_SLEEP);
    let desk = open_with(folder.path(), Arc::default(), Arc::new(clock)).await;
    until("the thread to count", async || (waiting(&desk).await == 1).then_some(())).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_thread_whose_window_shuts_moves_down_and_the_screen_hears_of_it() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE + HOUR));
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + HOUR, "w_1", "Hello");
    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    store.close().await;
    let desk = open_with(folder.path(), Arc::default(), Arc::new(clock.clone())).await;
    let mut notices = desk.notices();
    assert_eq!(in_need(&desk).await, [MARA, WEBER], "the longest wait is on top");

    clock.advance(23 * HOUR_OF_SLEEP);
    until("who can still be answered to be on top", async || {
        (in_need(&desk).await == [WEBER, MARA]).then_some(())
    })
    .await;
    // The other one's window shuts within the hour, which is told with it.
    until("a notice of it", async || {
        matches!(notices.recv().await, Ok(Notice::Threads(threads, _)) if threads.len() == 2).then_some(())
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_thread_whose_time_ends_soon_is_found_when_it_does_and_the_screen_hears_of_it() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    store.close().await;
    let desk = open_with(folder.path(), Arc::default(), Arc::new(clock.clone())).await;
    let mut notices = desk.notices();
    let ending = async || desk.store().view_counts(ines(), None).await.unwrap().ending_soon;
    assert_eq!(ending().await, 0);

    clock.advance(18 * HOUR_OF_SLEEP);
    until("the thread to end soon", async || (ending().await == 1).then_some(())).await;
    until("a notice of it", async || {
        matches!(notices.recv().await, Ok(Notice::Threads(threads, _)) if threads.len() == 1).then_some(())
    })
    .await;
    clock.advance(6 * HOUR_OF_SLEEP);
    until("its time to be over", async || (ending().await == 0).then_some(())).await;
    desk.shutdown().await;
}

/// Customers in the order "needs a reply first".
async fn in_need(desk: &Desk) -> Vec<String> {
    let query = ListQuery {
        view: View::All,
        account: None,
        sort: Sort::NeedsReply,
        from: ListFrom::Top,
        limit: 50,
        now_ms: NINE,
    };
    let rows = desk.store().thread_list(&query).await.unwrap().rows;
    rows.into_iter().map(|row| row.key.customer.to_string()).collect()
}
