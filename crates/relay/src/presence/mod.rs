//! Who is there, for streams and for whoever gives threads out: the pure [`Book`] behind a lock, and the task that lets time
//! pass in it and keeps it to the rights of the moment.
//!
//! ```text
//!   streams open and close ─┐
//!   desks say something ────┼──▶ book ──▶ a count that goes up ──▶ each stream tells what its desk may hear
//!   rights change · time ───┘
//! ```
//!
//! It promises that a desk that was cut off is gone with the commit that cut it off, its stream or not, and that time is the
//! relay's boot clock.

mod book;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use baton_protocol::AccountId;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

pub use self::book::{AgentNow, Book, Effects, Event};
use crate::clock::{Clock, until_boot};
use crate::log::{Log, LogError};
use crate::people::DeskAccess;

/// Who is at this relay.
#[derive(Debug)]
pub(crate) struct WhoIsThere {
    book: Mutex<Book>,
    /// How often the book changed.
    changes: watch::Sender<u64>,
    /// Time changes something at another moment than was thought.
    wake: Notify,
    /// When time changes something next, milliseconds of the boot clock.
    next_ms: Mutex<Option<i64>>,
}

impl Default for WhoIsThere {
    fn default() -> Self {
        Self {
            book: Mutex::default(),
            changes: watch::Sender::new(0),
            wake: Notify::new(),
            next_ms: Mutex::default(),
        }
    }
}

impl WhoIsThere {
    /// Something happened.
    pub(crate) fn happens(&self, event: Event, boot_ms: i64) {
        let mut book = self.book();
        let effects = book.step(event, boot_ms);
        let changes = book.changes();
        let mut next_ms = self.next_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let moved = *next_ms != effects.look_again_ms;
        *next_ms = effects.look_again_ms;
        drop((next_ms, book));
        if moved {
            self.wake.notify_one();
        }
        if !effects.changed.is_empty() {
            self.changes.send_replace(changes);
        }
    }

    /// The book as it is now. Nothing may wait while it is held.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes up whenever the book changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn next_ms(&self) -> Option<i64> {
        *self.next_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the rights of every seated desk anew.
    async fn read_rights(&self, log: &dyn Log, clock: &dyn Clock) -> Result<(), LogError> {
        let desks: Vec<_> = self.book().desks().collect();
        for (desk, _) in desks {
            let event = match log.desk(desk).await? {
                Some(access) if !access.is_revoked => rights_of(&access),
                _ => Event::CutOff { desk },
            };
            self.happens(event, clock.boot_ms());
        }
        Ok(())
    }
}

/// The rights of a desk's agent, as they were just read.
pub(crate) fn rights_of(access: &DeskAccess) -> Event {
    Event::Rights { agent: access.agent, accounts: accounts_of(access) }
}

/// The accounts that a desk's agent has a role on.
pub(crate) fn accounts_of(access: &DeskAccess) -> BTreeSet<AccountId> {
    access.accounts.iter().map(|on| on.account.clone()).collect()
}

/// Lets time pass in the book, and keeps it to the rights of the moment, until the relay stops.
pub(crate) async fn run(
    there: Arc<WhoIsThere>,
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut live = log.live();
    let mut access = live.borrow_and_update().access;
    loop {
        let next_ms = there.next_ms();
        let due = async {
            match next_ms {
                Some(at_ms) => until_boot(&*clock, at_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = there.wake.notified() => {}
            () = due => there.happens(Event::Tick, clock.boot_ms()),
            changed = live.changed() => {
                if changed.is_err() {
                    return;
                }
                let now = live.borrow_and_update().access;
                if now == access {
                    continue;
                }
                match there.read_rights(&*log, &*clock).await {
                    Ok(()) => access = now,
                    // The next commit tries again; streams judge their own desks meanwhile.
                    Err(error) => tracing::warn!(%error, "who is there could not be held to rights that changed"),
                }
            }
        }
    }
}
