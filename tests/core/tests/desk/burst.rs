//! A burst of entries: the desk takes what it can store and no more, tells of it in few notices, and answers lists meanwhile.
//!
//! Nothing here is measured by time: what is counted is how far the relay got ahead of the store, how many notices a
//! batch made, and how many batches went by while a list was read.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, Notice};
use baton_core::store::{ListFrom, ListQuery, Sort, View};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::hello::Versions;
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::{LogName, Platform};

use crate::builders::*;
use crate::fake_relay::hello;
use crate::raw_relay::RawRelay;
use crate::silence::desk_of;

/// How many messages, unless the environment says otherwise; the promise is about 50 000.
const MESSAGES: usize = 6_000;
/// As the relay's stream has them.
const PER_EVENT: usize = 200;
const CUSTOMERS: usize = 120;
/// Long texts: a whole event is about a megabyte, far more than lies in buffers between the two.
const WORDS: usize = 400;
/// How many events may be on their way between relay and store: three that are being stored together, three read ahead, one
/// that is being read, and what lies in the sockets.
const AHEAD: usize = 18;
/// How many batches may be stored while one list is read.
const MEANWHILE: u64 = 25;

struct Seen {
    notices: usize,
    /// The most threads that one notice named.
    named: usize,
}

/// Counts notices until it is told to stop.
async fn listen(mut notices: tokio::sync::broadcast::Receiver<Notice>, over: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen { notices: 0, named: 0 };
    while !over.load(Ordering::SeqCst) {
        let next = tokio::time::timeout(std::time::Duration::from_millis(50), notices.recv()).await;
        let Ok(Ok(notice)) = next else { continue };
        seen.notices += 1;
        if let Notice::Threads(threads, _) = notice {
            seen.named = seen.named.max(threads.into_iter().collect::<HashSet<_>>().len());
        }
    }
    seen
}

async fn held(desk: &Desk) -> usize {
    let cursor = desk.store().cursor(&LogName::Account(tea())).await.unwrap();
    cursor.map_or(0, |cursor| usize::try_from(cursor.ranges.count()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_stored_as_it_comes_told_in_few_notices_and_lists_are_read_meanwhile() {
    let messages = std::env::var("BATON_BURST").ok().and_then(|count| count.parse().ok()).unwrap_or(MESSAGES);
    let mut log = Log::connected();
    let before = log.entries.len();
    for number in 0..messages {
        let customer = format!("62{:014}", number % CUSTOMERS);
        let text = format!("{number} {}", "many words ".repeat(WORDS));
        log.says("messaging", &customer, NINE + number as i64, &format!("m_{number}"), &text);
    }
    let head = log.entries.len() as u64;
    let opened = Opened { log: log.name.clone(), log_id: log_id(), head, from_seq: 1 };
    let mut events = vec![StreamEvent::Opened(opened), StreamEvent::Entries(log.entries[..before].to_vec())];
    events.extend(log.entries[before..].chunks(PER_EVENT).map(|batch| StreamEvent::Entries(batch.to_vec())));
    let mut hello = hello(Versions::ours());
    hello.accounts = vec![AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    }];
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let relay = RawRelay::start(hello, &events).await;
    drop(events);
    let desk = desk_of(&relay, folder.path(), &clock).await;
    let (over, ahead) = (Arc::<AtomicBool>::default(), AtomicUsize::new(0));
    let listening = tokio::spawn(listen(desk.notices(), Arc::clone(&over)));

    let (mut lists, mut most_meanwhile) = (0, 0);
    loop {
        let stored = held(&desk).await;
        let sent = relay.sent.load(Ordering::SeqCst).saturating_sub(2);
        ahead.fetch_max(sent.saturating_sub(stored / PER_EVENT), Ordering::SeqCst);
        if stored as u64 == head {
            break;
        }
        let version = desk.store().version();
        let query = ListQuery {
            view: View::All,
            account: None,
            sort: Sort::Newest,
            from: ListFrom::Top,
            limit: 50,
            now_ms: NINE,
        };
        let page = desk.store().thread_list(&query).await.unwrap();
        most_meanwhile = most_meanwhile.max(desk.store().version() - version);
        lists += usize::from(!page.rows.is_empty());
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    over.store(true, Ordering::SeqCst);
    let seen = listening.await.unwrap();

    let batches = messages.div_ceil(PER_EVENT);
    assert!(ahead.into_inner() <= AHEAD, "the relay got far ahead of the store");
    assert!(lists >= batches / 4, "{lists} lists were read in {batches} batches");
    assert!(most_meanwhile <= MEANWHILE, "{most_meanwhile} batches went by while a list was read");
    // Threads, lists, counts, accounts, status: five kinds at most for what one batch changed.
    assert!(seen.notices <= (batches + 10) * 5, "{} notices of {batches} batches", seen.notices);
    assert!(seen.named <= CUSTOMERS, "a thread is named once in a notice");
    desk.shutdown().await;
}
