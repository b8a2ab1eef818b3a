//! Meta's time of this desk, fed by every answer of Graph and every heartbeat, and kept in the store.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use baton_graph::{Failure, Observer};
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
    /// Woken when Meta cannot be reached.
    pub(crate) lost: Notify,
}

#[derive(Default)]
struct State {
    time: MetaTime,
    answered_boot_ms: Option<i64>,
    unanswered: Unanswered,
}

/// Calls since Meta was last heard that got no answer at all.
#[derive(Clone, Copy, Default)]
struct Unanswered {
    times: u32,
    last_boot_ms: i64,
}

/// One call may be lost on a network that is well otherwise.
pub(super) const NOT_REACHED: u32 = 2;

impl fmt::Debug for MetaClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetaClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl MetaClock {
    pub(crate) fn new(clock: Arc<dyn Clock>, kept: Option<Learned>) -> Self {
        let time = kept.map_or_else(MetaTime::unknown, MetaTime::kept);
        let state = Mutex::new(State { time, ..State::default() });
        Self { clock, state, moved: Notify::new(), lost: Notify::new() }
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

    /// When Meta last could not be reached, milliseconds of the boot clock; none once it answered again.
    pub(crate) fn not_reached_boot_ms(&self) -> Option<i64> {
        let unanswered = self.lock().unanswered;
        (unanswered.times >= NOT_REACHED).then_some(unanswered.last_boot_ms)
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
                state.unanswered = Unanswered::default();
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

    fn on_failure(&self, failure: Failure<'_>) {
        if failure.is_unanswered {
            let last_boot_ms = self.clock.boot_ms();
            let times = {
                let unanswered = &mut self.lock().unanswered;
                *unanswered = Unanswered { times: unanswered.times.saturating_add(1), last_boot_ms };
                unanswered.times
            };
            if times >= NOT_REACHED {
                self.lost.notify_one();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::TestClock;

    #[test]
    fn meta_is_not_reached_after_two_calls_without_an_answer_and_until_it_is_heard() {
        let clock = TestClock::at(1_800_000_000_000);
        let meta = MetaClock::new(Arc::new(clock.clone()), None);
        let fails = |is_unanswered| {
            clock.advance(Duration::from_secs(1));
            meta.on_failure(Failure { call: "me", account: None, error: None, what: "", is_unanswered });
        };
        fails(true);
        fails(false);
        assert_eq!(meta.not_reached_boot_ms(), None, "one may be lost, and a refusal is an answer");
        fails(true);
        assert_eq!(meta.not_reached_boot_ms(), Some(clock.boot_ms()));
        meta.on_meta_time(clock.wall_ms());
        assert_eq!(meta.not_reached_boot_ms(), None);
    }
}
