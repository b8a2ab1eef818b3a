//! News for whoever shows this desk: what went stale. Sent after the change is durable: the first at once, and what follows
//! within a frame of it gathered, so that a burst of entries is one notice per kind and frame.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use baton_graph::{Failure, Observer, Pace};
use baton_messenger::AccountId;
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::meta_clock::NOT_REACHED;
use crate::store::ThreadId;

/// Something changed; read again what you show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// These threads changed, included from this version of the store on.
    Threads(Vec<ThreadId>, u64),
    /// The read marks of these threads were moved on this desk and nothing else of them changed, included from this version of
    /// the store on.
    Marked(Vec<ThreadId>, u64),
    /// The order or the members of lists changed, included from this version of the store on.
    Lists(u64),
    /// The status line changed.
    Status,
    /// Accounts, or problems with them, changed.
    Accounts,
    /// What waits for the agent changed.
    Counts,
    /// The login with Meta went on.
    Login,
    /// Somebody came, went, looks at a thread or types.
    Presence,
    /// The window was asked to close, and replies have not left.
    Closing,
}

/// About one frame of a screen.
const GATHER: Duration = Duration::from_millis(12);
/// Slow listeners lose the oldest notices and hear that they did.
const CAPACITY: usize = 256;

#[derive(Debug, Default)]
struct Pending {
    threads: BTreeSet<ThreadId>,
    marked: BTreeSet<ThreadId>,
    marked_version: u64,
    lists: bool,
    status: bool,
    accounts: bool,
    counts: bool,
    login: bool,
    presence: bool,
    closing: bool,
    store_version: u64,
}

/// Gathers news and sends it on.
#[derive(Debug)]
pub(crate) struct Notices {
    pending: Mutex<Pending>,
    wake: Notify,
    send: broadcast::Sender<Notice>,
    /// Calls since Meta was last heard that got no answer at all.
    unanswered: AtomicU32,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            pending: Mutex::default(),
            wake: Notify::new(),
            send: broadcast::Sender::new(CAPACITY),
            unanswered: AtomicU32::new(0),
        }
    }
}

/// The pace of an account's reads stands in the status line, and so does whether Meta is reached; that it is away is a
/// problem too.
impl Observer for Notices {
    fn on_meta_time(&self, _: i64) {
        match self.unanswered.swap(0, Ordering::Relaxed) {
            0 => {}
            times if times >= NOT_REACHED => self.accounts(),
            _ => self.status(),
        }
    }

    fn on_failure(&self, failure: Failure<'_>) {
        if failure.is_unanswered {
            let before = self.unanswered.fetch_add(1, Ordering::Relaxed);
            if before.saturating_add(1) == NOT_REACHED { self.accounts() } else { self.status() }
        }
    }

    fn on_pace(&self, _: &AccountId, _: Pace) {
        self.status();
    }
}

impl Notices {
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.send.subscribe()
    }

    /// Threads changed, and with them their place in lists and the counts.
    pub(crate) fn threads(&self, threads: impl IntoIterator<Item = ThreadId>, store_version: u64) {
        self.note(|pending| {
            pending.threads.extend(threads);
            pending.lists = true;
            pending.counts = true;
            pending.store_version = pending.store_version.max(store_version);
        });
    }

    /// The read mark of a thread was moved on this desk, and with it what lists and counts say of it. Whoever moved it knows
    /// the version of the store, and that nothing else changed.
    pub(crate) fn marked(&self, thread: ThreadId, store_version: u64) {
        self.note(|pending| {
            pending.marked.insert(thread);
            pending.marked_version = pending.marked_version.max(store_version);
            pending.lists = true;
            pending.counts = true;
            pending.store_version = pending.store_version.max(store_version);
        });
    }

    /// Lists changed although no thread did: the clock moved.
    pub(crate) fn lists(&self, store_version: u64) {
        self.note(|pending| {
            pending.lists = true;
            pending.counts = true;
            pending.store_version = pending.store_version.max(store_version);
        });
    }

    pub(crate) fn status(&self) {
        self.note(|pending| pending.status = true);
    }

    pub(crate) fn accounts(&self) {
        self.note(|pending| {
            pending.accounts = true;
            pending.status = true;
        });
    }

    pub(crate) fn login(&self) {
        self.note(|pending| pending.login = true);
    }

    pub(crate) fn presence(&self) {
        self.note(|pending| pending.presence = true);
    }

    pub(crate) fn closing(&self) {
        self.note(|pending| pending.closing = true);
    }

    /// Sends what was gathered until it is told to stop.
    pub(crate) async fn run(&self, stop: &CancellationToken) {
        let mut sent: Option<Instant> = None;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.wake.notified() => {}
            }
            if let Some(rest) = sent.and_then(|at| GATHER.checked_sub(at.elapsed())) {
                tokio::time::sleep(rest).await;
            }
            sent = Some(Instant::now());
            let pending = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
            for notice in pending.notices() {
                // Nobody listening is no fault: a desk without a window.
                let _ = self.send.send(notice);
            }
        }
    }

    fn note(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }
}

impl Pending {
    fn notices(self) -> impl Iterator<Item = Notice> {
        // Of a thread that changed besides, more is stale than its mark.
        let marked: Vec<ThreadId> = self.marked.difference(&self.threads).copied().collect();
        let marked = (!marked.is_empty()).then_some(Notice::Marked(marked, self.marked_version));
        let threads = (!self.threads.is_empty())
            .then(|| Notice::Threads(self.threads.into_iter().collect(), self.store_version));
        [
            threads,
            marked,
            self.lists.then_some(Notice::Lists(self.store_version)),
            self.counts.then_some(Notice::Counts),
            self.accounts.then_some(Notice::Accounts),
            self.status.then_some(Notice::Status),
            self.login.then_some(Notice::Login),
            self.presence.then_some(Notice::Presence),
            self.closing.then_some(Notice::Closing),
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn that_meta_is_away_is_a_problem_from_the_second_lost_call_until_an_answer()
    -> Result<(), broadcast::error::RecvError> {
        let (notices, stop) = (Notices::default(), CancellationToken::new());
        let mut heard = notices.subscribe();
        let fails = || {
            notices.on_failure(Failure {
                call: "me",
                account: None,
                error: None,
                what: "",
                is_unanswered: true,
            });
        };
        let telling = async {
            fails();
            let first = [heard.recv().await?];
            fails();
            let second = [heard.recv().await?, heard.recv().await?];
            notices.on_meta_time(1);
            let answered = [heard.recv().await?, heard.recv().await?];
            stop.cancel();
            Ok::<_, broadcast::error::RecvError>((first, second, answered))
        };
        let (told, ()) = tokio::join!(telling, notices.run(&stop));
        let both = [Notice::Accounts, Notice::Status];
        assert_eq!(told?, ([Notice::Status], both.clone(), both));
        Ok(())
    }

    #[tokio::test]
    async fn what_came_together_is_told_together() -> Result<(), broadcast::error::RecvError> {
        let (notices, stop) = (Notices::default(), CancellationToken::new());
        let mut heard = notices.subscribe();
        notices.threads([ThreadId(1)], 7);
        notices.threads([ThreadId(2)], 8);
        let telling = async {
            let told = [heard.recv().await?, heard.recv().await?, heard.recv().await?];
            stop.cancel();
            Ok(told)
        };
        let (told, ()) = tokio::join!(telling, notices.run(&stop));
        assert_eq!(
            told?,
            [Notice::Threads(vec![ThreadId(1), ThreadId(2)], 8), Notice::Lists(8), Notice::Counts]
        );
        assert!(heard.try_recv().is_err(), "told more than once");
        Ok(())
    }

    #[tokio::test]
    async fn a_mark_is_told_as_such_unless_its_thread_changed_besides()
    -> Result<(), broadcast::error::RecvError> {
        let (notices, stop) = (Notices::default(), CancellationToken::new());
        let mut heard = notices.subscribe();
        notices.marked(ThreadId(1), 7);
        notices.marked(ThreadId(2), 8);
        notices.threads([ThreadId(2)], 9);
        let telling = async {
            let told = [heard.recv().await?, heard.recv().await?, heard.recv().await?];
            stop.cancel();
            Ok(told)
        };
        let (told, ()) = tokio::join!(telling, notices.run(&stop));
        let [threads, marked, lists] = told?;
        assert_eq!(threads, Notice::Threads(vec![ThreadId(2)], 9));
        assert_eq!((marked, lists), (Notice::Marked(vec![ThreadId(1)], 8), Notice::Lists(9)));
        Ok(())
    }
}
