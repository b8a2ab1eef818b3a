//! The relay has another log under a name: all is computed anew in pieces, and whoever kills the program between two of them
//! changes nothing of what it comes to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_core::store::{OpeningStep, OpeningWatcher, Share, Store};
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{CustomerId, LogId};
use rstest::rstest;
use uuid::Uuid;

use crate::builders::*;

/// So many threads that two whole pieces of them do not suffice.
const THREADS: usize = 1_020;
/// How many entries the log has, which makes three pieces of them; one for the account follows.
const ENTRIES: usize = THREADS + 8;
const BEFORE_THREADS: usize = 4;

fn other() -> LogId {
    LogId(Uuid::from_u128(8))
}

fn customer(number: usize) -> String {
    format!("63{number:014}")
}

fn last() -> String {
    customer(THREADS - 1)
}

/// Everybody wrote once, and the team did something about the first and the last of them and about Mara.
fn long() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_mara", "Hello");
    for number in 1..THREADS {
        let at_ms = NINE + i64::try_from(number).unwrap();
        log.says("messaging", &customer(number), at_ms, &format!("m_{number}"), "Hello");
    }
    for customer in [MARA, last().as_str()] {
        log.team(&TeamFact::Assigned {
            customer: CustomerId::from(customer),
            assignee: Some(jonas()),
            by: by_ines(),
            reply: None,
        });
    }
    log.team(&started(part(1), (jonas(), desk_of_ines()), "Good morning", false));
    let sent = Settlement::Sent { mid: "m_answer".into(), at_ms: None };
    log.team(&settled(part(1), desk_of_ines(), sent));
    log.echo_of_part(MARA, NINE + HOUR, "m_answer", part(1), "Good morning");
    log.pass(MARA, NINE + 2 * HOUR, Some(BATON), TEABOT, "to the bot");
    assert_eq!(log.entries.len(), ENTRIES);
    log
}

/// What a resync without a stop comes to.
async fn whole(log: &Log) -> String {
    let desk = Desk::with(log).await;
    desk.store.resync(&log.name, other()).await.unwrap();
    desk.store.canonical_export().await.unwrap()
}

/// Tells the first rows that differ, not both stores.
fn assert_same(now: &str, expected: &str) {
    let differ: Vec<_> =
        now.lines().zip(expected.lines()).filter(|(now, expected)| now != expected).take(2).collect();
    assert!(now == expected, "{differ:#?}");
}

async fn is_done(desk: &Desk, log: &Log, id: LogId) -> bool {
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    cursor.log_id == id && cursor.ranges.is_empty()
}

#[rstest]
#[case::begun(0)]
#[case::among_the_entries(2)]
#[case::before_the_threads(BEFORE_THREADS)]
#[case::among_the_threads(BEFORE_THREADS + 1)]
#[case::before_its_end(BEFORE_THREADS + 3)]
#[tokio::test]
async fn a_kill_between_two_pieces_changes_nothing_of_what_a_resync_comes_to(#[case] pieces: usize) {
    let log = long();
    let mut desk = Desk::with(&log).await;
    desk.store.save_draft(desk.thread_id(MARA).await, "Dear Mara", "", NINE).await.unwrap();
    assert!(!desk.store.resync_partly(&log.name, other(), pieces).await.unwrap());
    // Nothing of either log comes in meanwhile: it would be forgotten with what was there.
    for id in [log_id(), other()] {
        assert!(desk.store.ingest(&log.entries, id).await.is_err());
        assert!(desk.store.foresee(&log.entries, id).await.is_err());
    }
    assert!(!is_done(&desk, &log, other()).await, "the relay is to say again that its log is another one");

    desk.reopen().await;
    assert!(is_done(&desk, &log, other()).await);
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
    desk.store.ingest(&log.entries, other()).await.unwrap();
    assert_same(
        &desk.store.canonical_export().await.unwrap(),
        &Desk::with(&log).await.store.canonical_export().await.unwrap(),
    );
    assert_eq!(desk.row(MARA, NINE).await.draft.as_deref(), Some("Dear Mara"));
}

#[tokio::test]
async fn a_thread_is_as_it_was_or_as_it_will_be() {
    let log = long();
    let desk = Desk::with(&log).await;
    let who = async |customer: &str| {
        let row = desk.row(customer, NINE).await;
        (row.assignee, row.inbound_seq > 0)
    };
    for pieces in 0..=BEFORE_THREADS {
        assert!(!desk.store.resync_partly(&log.name, other(), usize::from(pieces > 0)).await.unwrap());
        assert_eq!((who(MARA).await, who(&last()).await), ((Some(jonas()), true), (Some(jonas()), true)));
    }
    assert!(!desk.store.resync_partly(&log.name, other(), 1).await.unwrap());
    assert_eq!((who(MARA).await, who(&last()).await), ((None, false), (Some(jonas()), true)));
    assert_eq!(desk.texts(MARA).await, ["Hello", "Good morning"]);
    assert!(desk.store.resync_partly(&log.name, other(), 3).await.unwrap());
    assert_eq!((who(MARA).await, who(&last()).await), ((None, false), (None, false)));
}

#[tokio::test]
async fn whoever_writes_meanwhile_waits_for_one_piece() {
    let log = long();
    let desk = Desk::with(&log).await;
    let is_over = AtomicBool::new(false);
    let resync = async {
        desk.store.resync(&log.name, other()).await.unwrap();
        is_over.store(true, Ordering::SeqCst);
    };
    let write = async {
        desk.store.set_setting("page.theme", Some("\"dark\"")).await.unwrap();
        is_over.load(Ordering::SeqCst)
    };
    let ((), was_over) = tokio::join!(resync, write);
    assert!(!was_over);
    assert_same(&desk.store.canonical_export().await.unwrap(), &whole(&log).await);
}

#[tokio::test]
async fn another_log_again_and_a_repair_in_between_harm_nothing() {
    let log = long();
    let expected = whole(&log).await;
    let third = LogId(Uuid::from_u128(9));
    for pieces in [1, BEFORE_THREADS + 1] {
        let mut desk = Desk::with(&log).await;
        assert!(!desk.store.resync_partly(&log.name, other(), pieces).await.unwrap());
        desk.store.resync(&log.name, third).await.unwrap();
        assert!(is_done(&desk, &log, third).await);
        assert_same(&desk.store.canonical_export().await.unwrap(), &expected);

        desk.store.ingest(&log.entries, third).await.unwrap();
        assert!(!desk.store.resync_partly(&log.name, other(), pieces).await.unwrap());
        desk.store.found_damaged().await.unwrap();
        desk.reopen().await;
        assert!(is_done(&desk, &log, other()).await);
        assert_same(&desk.store.canonical_export().await.unwrap(), &expected);
    }
}

#[tokio::test]
async fn an_account_that_is_lost_meanwhile_is_nobodys_business_any_more() {
    let log = long();
    let mut desk = Desk::with(&log).await;
    assert!(!desk.store.resync_partly(&log.name, other(), BEFORE_THREADS + 1).await.unwrap());
    desk.store.purge(&tea()).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.cursor(&log.name).await.unwrap(), None);
    assert_eq!(desk.store.canonical_export().await.unwrap(), "");
}

/// Keeps how far it was told to be.
#[derive(Default)]
struct Heard(Mutex<Vec<Share>>);

impl OpeningWatcher for Heard {
    fn stands(&self, step: OpeningStep) {
        if let OpeningStep::Applying(share) = step {
            self.0.lock().unwrap().push(share);
        }
    }
}

#[tokio::test]
async fn a_start_that_goes_on_tells_how_far_it_is() {
    let log = long();
    let desk = Desk::with(&log).await;
    assert!(!desk.store.resync_partly(&log.name, other(), BEFORE_THREADS + 1).await.unwrap());
    desk.store.close().await;
    let heard = Heard::default();
    Store::open_told(&desk.file(), &heard).await.unwrap().close().await;
    let heard = heard.0.into_inner().unwrap();
    assert_eq!(
        heard.iter().map(|share| (share.done, share.of)).collect::<Vec<_>>(),
        [(0, 520), (500, 520), (520, 520)]
    );
}
