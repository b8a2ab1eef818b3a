//! Meta's time of this desk, fed by every answer of Graph and every heartbeat, and kept in the store.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use baton_graph::Observer;
use baton_messenger::policy::MetaNow;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::meta_time::{Learned, MetaTime, Reading, Teller};

/// Meta's time, shared.
pub(crate) struct MetaClock {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Woken when the time moved by more than its grain, or a doubt ended.
    pub(crate) moved: Notify,
}

#[derive(Default)]
struct State {
    time: MetaTime,
    answered_boot_ms: Option<i64>,
}

impl fmt::Debug for MetaClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetaClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl MetaClock {
    pub(crate) fn new(clock: Arc<dyn Clock>, kept: Option<Learned>) -> Self {
        let time = kept.map_or_else(MetaTime::unknown, MetaTime::kept);
        Self { clock, state: Mutex::new(State { time, answered_boot_ms: None }), moved: Notify::new() }
    }

    /// Meta's time now.
    pub(crate) fn now(&self) -> MetaNow {
        self.lock().time.now(Reading::of(&*self.clock))
    }

    /// What to keep.
    pub(crate) fn learned(&self) -> Option<Learned> {
        self.lock().time.learned()
    }

    /// When Meta last answered this desk, milliseconds of the boot clock.
    pub(crate) fn answered_boot_ms(&self) -> Option<i64> {
        self.lock().answered_boot_ms
    }

    /// A heartbeat told Meta's time.
    pub(crate) fn heard_from_relay(&self, meta_ms: i64) {
        self.hear(meta_ms, Teller::Relay);
    }

    /// Something happened at Meta at this time.
    pub(crate) fn at_least(&self, meta_ms: i64) {
        self.lock().time.at_least(meta_ms, Reading::of(&*self.clock));
    }

    fn hear(&self, meta_ms: i64, by: Teller) {
        let at = Reading::of(&*self.clock);
        let moved = {
            let mut state = self.lock();
            if by == Teller::Meta {
                state.answered_boot_ms = Some(at.boot_ms);
            }
            state.time.hear(meta_ms, by, at)
        };
        if moved {
            self.moved.notify_one();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for MetaClock {
    fn on_meta_time(&self, ms: i64) {
        self.hear(ms, Teller::Meta);
    }
}
