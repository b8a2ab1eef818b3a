//! What control hangs on changes for a whole account: its threads are computed anew in pieces, a kill between two of them
//! changes nothing of what comes out, and nothing is decided by a thread whose turn has not come.

use std::sync::atomic::{AtomicBool, Ordering};

use baton_messenger::id::AppId;
use baton_protocol::account::RoutingMode;
use baton_protocol::team::TeamFact;
use baton_thread::Owner;
use rstest::rstest;

use crate::builders::*;

/// So many threads that two whole pieces of them do not suffice.
const THREADS: usize = 1_020;

fn customer(number: usize) -> String {
    format!("63{number:014}")
}

fn first() -> String {
    customer(0)
}

fn last() -> String {
    customer(THREADS - 1)
}

fn route(log: &mut Log) {
    log.team(&TeamFact::RoutingSet { routing: RoutingMode::On, default_app: Some(AppId::from(TEABOT)) });
}

/// Everybody wrote once while routing was off. Returns how many entries that are; one that switches it on follows.
fn long() -> (Log, usize) {
    let mut log = Log::new();
    log.connect(RoutingMode::Off);
    for number in 0..THREADS {
        let at_ms = NINE + i64::try_from(number).unwrap();
        log.says("messaging", &customer(number), at_ms, &format!("m_{number}"), "Hello");
    }
    let told = log.entries.len();
    route(&mut log);
    (log, told)
}

/// A desk that was told of all but the last entry, and of that one until it was killed.
async fn killed(log: &Log, told: usize, pieces: usize) -> Desk {
    let desk = Desk::new().await;
    desk.store.ingest(&log.entries[..told], log_id()).await.unwrap();
    assert!(!desk.store.ingest_partly(&log.entries[told..], log_id(), pieces).await.unwrap());
    desk
}

async fn whole(log: &Log) -> String {
    Desk::with(log).await.store.canonical_export().await.unwrap()
}

/// Tells the first rows that differ, not both stores.
fn assert_same(now: &str, expected: &str) {
    let differ: Vec<_> =
        now.lines().zip(expected.lines()).filter(|(now, expected)| now != expected).take(2).collect();
    assert!(now == expected, "{differ:#?}");
}

/// Whether a list or the window would still show the thread as it was while routing was off.
async fn is_shown_as_before(desk: &Desk, customer: &str) -> bool {
    let thread = desk.thread_id(customer).await;
    let mut reading = desk.store.reading().await.unwrap();
    reading.thread(thread, NINE).await.unwrap().owner.owner == Owner::Unmanaged
}

#[rstest]
#[case::begun(0)]
#[case::after_one_piece(1)]
#[case::after_two(2)]
#[case::before_its_end(3)]
#[tokio::test]
async fn a_kill_between_two_pieces_changes_nothing_of_what_comes_out(#[case] pieces: usize) {
    let (log, told) = long();
    let mut desk = killed(&log, told, pieces).await;
    desk.reopen().await;
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
    assert!(!is_shown_as_before(&desk, &last()).await);
}

#[tokio::test]
async fn nothing_is_decided_by_a_thread_whose_turn_has_not_come() {
    let (log, told) = long();
    let desk = killed(&log, told, 1).await;
    assert!(!is_shown_as_before(&desk, &first()).await);
    assert!(is_shown_as_before(&desk, &last()).await, "its turn has not come");
    // What asks before it sends or moves control hears what is true.
    assert_ne!(desk.row(&last(), NINE).await.owner.owner, Owner::Unmanaged);
    assert!(!is_shown_as_before(&desk, &last()).await);
    assert!(is_shown_as_before(&desk, &customer(THREADS - 2)).await);
}

#[tokio::test]
async fn entries_that_come_meanwhile_are_computed_from_the_beginning_and_go_on() {
    let (mut log, told) = long();
    let desk = killed(&log, told, 1).await;
    let after = log.entries.len();
    log.says("messaging", &last(), NINE + HOUR, "m_again", "Anybody?");
    assert!(!desk.store.ingest_partly(&log.entries[after..], log_id(), 0).await.unwrap());
    assert!(!is_shown_as_before(&desk, &last()).await);
    assert!(is_shown_as_before(&desk, &customer(THREADS - 2)).await);

    log.says("messaging", &first(), NINE + HOUR, "m_first", "Hello?");
    desk.store.ingest(&log.entries[after + 1..], log_id()).await.unwrap();
    assert!(!is_shown_as_before(&desk, &customer(THREADS - 2)).await);
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
}

#[tokio::test]
async fn what_changes_again_meanwhile_begins_anew() {
    let (mut log, told) = long();
    let desk = killed(&log, told, 2).await;
    let after = log.entries.len();
    log.team(&TeamFact::RoutingSet { routing: RoutingMode::Off, default_app: None });
    desk.store.ingest(&log.entries[after..], log_id()).await.unwrap();
    assert!(is_shown_as_before(&desk, &first()).await && is_shown_as_before(&desk, &last()).await);
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
}

#[tokio::test]
async fn whoever_writes_meanwhile_waits_for_one_piece() {
    let (log, told) = long();
    let desk = Desk::new().await;
    desk.store.ingest(&log.entries[..told], log_id()).await.unwrap();
    let is_over = AtomicBool::new(false);
    let ingest = async {
        desk.store.ingest(&log.entries[told..], log_id()).await.unwrap();
        is_over.store(true, Ordering::SeqCst);
    };
    let write = async {
        desk.store.set_setting("page.theme", Some("\"dark\"")).await.unwrap();
        is_over.load(Ordering::SeqCst)
    };
    let ((), was_over) = tokio::join!(ingest, write);
    assert!(!was_over);
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
}

#[tokio::test]
async fn an_account_that_is_lost_meanwhile_leaves_nothing_to_do() {
    let (log, told) = long();
    let mut desk = killed(&log, told, 1).await;
    desk.store.purge(&tea()).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.canonical_export().await.unwrap(), "");
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
}
