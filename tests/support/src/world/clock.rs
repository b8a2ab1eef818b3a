//! The clocks of this machine, on which a story lets time pass: for the relay and all desks of its world alike. Meta's time
//! is the simulator's and is moved there.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use baton_core::clock::{Clock, SystemClock};

/// Clocks that can be ahead of the machine's.
#[derive(Debug, Default)]
pub(crate) struct StoryClock {
    passed_ms: AtomicI64,
    /// How far somebody has set the wall clock.
    set_ms: AtomicI64,
}

impl StoryClock {
    /// Time passes.
    pub(crate) fn passes(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.passed_ms.fetch_add(by, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock, forward or back.
    pub(crate) fn wall_jumps(&self, by_ms: i64) {
        self.set_ms.fetch_add(by_ms, Ordering::SeqCst);
    }

    fn passed_ms(&self) -> i64 {
        self.passed_ms.load(Ordering::SeqCst)
    }
}

impl Clock for StoryClock {
    fn wall_ms(&self) -> i64 {
        SystemClock.wall_ms() + self.passed_ms() + self.set_ms.load(Ordering::SeqCst)
    }

    fn boot_ms(&self) -> i64 {
        SystemClock.boot_ms() + self.passed_ms()
    }
}

impl baton_relay::clock::Clock for StoryClock {
    fn wall_ms(&self) -> i64 {
        Clock::wall_ms(self)
    }

    fn boot_ms(&self) -> i64 {
        Clock::boot_ms(self)
    }
}
