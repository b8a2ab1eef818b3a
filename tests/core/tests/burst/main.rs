//! A burst of entries: the desk takes what it can store and no more, tells of it in few notices, and answers what the window
//! asks meanwhile.
//!
//! Nothing here is measured by time: what is counted is how far the relay got ahead of the store, how many notices a
//! batch made, how many batches went by while a list was read, and how much memory the process took at most. So it is a
//! program of its own, in which nothing else runs.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test that fails, fails the test")]

#[path = "../store/builders.rs"]
#[expect(dead_code, reason = "written for the tests of the store, which need more of it")]
mod builders;
#[path = "../desk/fake_relay.rs"]
#[expect(dead_code, reason = "written for the tests of the desk, which need more of it")]
mod fake_relay;
#[path = "../desk/raw_relay.rs"]
#[expect(dead_code, reason = "written for the tests of the desk, which need more of it")]
mod raw_relay;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, Notice};
use baton_core::keys::{KeyName, KeyStore as _, MemoryKeyStore};
use baton_core::store::{Enrolment, ListFrom, ListQuery, Sort, Store, View};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::entry::Entry;
use baton_protocol::hello::Versions;
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::{AgentId, DeskId, LogName, Platform};
use secrecy::SecretString;

use builders::*;
use fake_relay::{hello, open_with};
use raw_relay::RawRelay;

/// How many messages, unless the environment says otherwise; the promise is about 50 000.
const MESSAGES: usize = 12_000;
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
/// How much more memory the process may take for a burst than before it, KiB: SQLite's own pages, and some of what is on its
/// way. The texts of 50 000 messages alone are 220 MB.
const MEMORY_KIB: u64 = 256 << 10;
/// How many rows and messages a screen has.
const SCREEN: u32 = 50;

/// The burst, made as it goes out: what of it is in memory, the desk holds.
struct Burst {
    log: Log,
    made: usize,
    of: usize,
}

impl Iterator for Burst {
    type Item = StreamEvent;

    fn next(&mut self) -> Option<StreamEvent> {
        if self.made == self.of {
            return None;
        }
        let until = self.of.min(self.made + PER_EVENT);
        for number in self.made..until {
            let customer = format!("62{:014}", number % CUSTOMERS);
            let text = format!("{number} {}", "many words ".repeat(WORDS));
            self.log.says("messaging", &customer, NINE + number as i64, &format!("m_{number}"), &text);
        }
        self.made = until;
        Some(StreamEvent::Entries(handed_out(&mut self.log, 1)))
    }
}

/// Takes what is in a log, but for what was `told`. It keeps its last entry, on which the next ones follow.
fn handed_out(log: &mut Log, told: usize) -> Vec<Entry> {
    let new = log.entries.split_off(told);
    log.entries = new.last().cloned().into_iter().collect();
    new
}

/// The log's beginning, and then so many messages.
fn burst(messages: usize) -> impl Iterator<Item = StreamEvent> + Send {
    let mut log = Log::connected();
    let first = handed_out(&mut log, 0);
    let head = (first.len() + messages) as u64;
    let opened = Opened { log: log.name.clone(), log_id: log_id(), head, from_seq: 1 };
    let begin = [StreamEvent::Opened(opened), StreamEvent::Entries(first)];
    begin.into_iter().chain(Burst { log, made: 0, of: messages })
}

/// How much memory this process had at most, KiB.
fn most_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    most.split_whitespace().next().unwrap().parse().unwrap()
}

/// A desk that was enrolled at this relay, on a clock that stands: it never misses a heartbeat.
async fn desk_of(relay: &RawRelay, folder: &Path) -> Desk {
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    let enrolment = Enrolment {
        relay: relay.address.clone(),
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store.close().await;
    let keys = Arc::new(MemoryKeyStore::default());
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token-of-ines")).await.unwrap();
    open_with(folder, keys, Arc::new(TestClock::at(NINE))).await
}

/// Reads what a window shows: the newest threads, and the newest messages of the first. Gives the number of threads, how
/// many batches were stored while they were read, and the newest message.
async fn newest_screen(desk: &Desk) -> (usize, u64, Option<String>) {
    let query = ListQuery {
        view: View::All,
        account: None,
        sort: Sort::Newest,
        from: ListFrom::Top,
        limit: SCREEN,
        now_ms: NINE,
    };
    let version = desk.store().version();
    let page = desk.store().thread_list(&query).await.unwrap();
    let meanwhile = desk.store().version() - version;
    let Some(first) = page.rows.first() else { return (0, meanwhile, None) };
    let newest = desk.store().messages(first.id, None, SCREEN).await.unwrap().pop();
    (page.rows.len(), meanwhile, newest.and_then(|message| message.text))
}

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
async fn a_burst_is_stored_as_it_comes_told_in_few_notices_and_the_screen_is_read_meanwhile() {
    let messages = std::env::var("BATON_BURST").ok().and_then(|count| count.parse().ok()).unwrap_or(MESSAGES);
    let mut hello = hello(Versions::ours());
    hello.accounts = vec![AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    }];
    let head = Log::connected().entries.len() + messages;
    let folder = tempfile::tempdir().unwrap();
    let relay = RawRelay::start_with(hello, Box::new(move || Box::new(burst(messages)))).await;
    let memory_before_kib = most_memory_kib();
    let desk = desk_of(&relay, folder.path()).await;
    let over = Arc::<AtomicBool>::default();
    let listening = tokio::spawn(listen(desk.notices(), Arc::clone(&over)));

    let (mut screens, mut most_ahead, mut most_meanwhile) = (0, 0, 0);
    loop {
        let stored = held(&desk).await;
        let sent = relay.sent.load(Ordering::SeqCst).saturating_sub(2);
        most_ahead = most_ahead.max(sent.saturating_sub(stored / PER_EVENT));
        if stored == head {
            break;
        }
        let (threads, meanwhile, newest) = newest_screen(&desk).await;
        most_meanwhile = most_meanwhile.max(meanwhile);
        screens += usize::from(threads > 0 && newest.is_some());
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    over.store(true, Ordering::SeqCst);
    let seen = listening.await.unwrap();
    let memory_kib = most_memory_kib() - memory_before_kib;

    let batches = messages.div_ceil(PER_EVENT);
    eprintln!(
        "{messages} messages: {screens} screens read, at most {most_ahead} events ahead, {} MiB more at most",
        memory_kib >> 10
    );
    assert_eq!(relay.streams(), 1, "it came in one stream");
    assert!(most_ahead <= AHEAD, "the relay got {most_ahead} events ahead of the store");
    assert!(memory_kib <= MEMORY_KIB, "the burst took {memory_kib} KiB");
    assert!(screens >= batches / 4, "{screens} screens were read in {batches} batches");
    assert!(most_meanwhile <= MEANWHILE, "{most_meanwhile} batches went by while a list was read");
    // Threads, lists, counts, accounts, status: five kinds at most for what one batch changed.
    assert!(seen.notices <= (batches + 10) * 5, "{} notices of {batches} batches", seen.notices);
    assert!(seen.named <= CUSTOMERS, "a thread is named once in a notice");
    let (_, _, newest) = newest_screen(&desk).await;
    let last = format!("{} many words", messages - 1);
    assert!(newest.is_some_and(|text| text.starts_with(&last)), "the newest message is on the screen");
    desk.shutdown().await;
}
