//! Whoever types on does not want the answer to what was typed before: a newer search of a kind ends the one before.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::{Conn, Result, Store};

/// After so many steps of the database it is asked whether somebody has typed on.
const STEPS: i32 = 1_000;

/// The newest search of each kind.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Turns {
    everywhere: Arc<AtomicU64>,
    in_thread: Arc<AtomicU64>,
    people: Arc<AtomicU64>,
}

/// Searches of which a later one ends the one before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Everywhere,
    InThread,
    /// More of the people of a search.
    People,
}

pub(super) struct Turn {
    newest: Arc<AtomicU64>,
    mine: u64,
}

impl Turns {
    fn next(&self, kind: Kind) -> Turn {
        let newest = match kind {
            Kind::Everywhere => &self.everywhere,
            Kind::InThread => &self.in_thread,
            Kind::People => &self.people,
        };
        Turn { newest: Arc::clone(newest), mine: newest.fetch_add(1, Ordering::SeqCst) + 1 }
    }
}

impl Turn {
    pub(super) fn is_over(&self) -> bool {
        self.newest.load(Ordering::SeqCst) != self.mine
    }

    /// Has the connection ask now and then whether it is over, and stop what it does then.
    pub(super) async fn watch(&self, conn: &mut Conn) -> Result<()> {
        let (newest, mine) = (Arc::clone(&self.newest), self.mine);
        conn.lock_handle().await?.set_progress_handler(STEPS, move || newest.load(Ordering::SeqCst) == mine);
        Ok(())
    }
}

impl Store {
    /// Somebody looks for something.
    pub(super) fn begin_turn(&self, kind: Kind) -> Turn {
        self.used();
        self.turns.next(kind)
    }
}
