//! The simulated wall clock: the machine's clock plus an offset that a test or a person may move forward.
//!
//! Everything in the world runs on it: windows, lapse of control, message times, the `Date` of each answer, and the
//! delays that faults make. Pacing (retries, the bot's pause) does not: it uses real time, so that a jump neither
//! floods nor stalls.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

/// One hour in milliseconds.
pub(crate) const HOUR_MS: i64 = 3_600_000;
/// One day in milliseconds.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// The clock of one simulated Meta.
#[derive(Debug)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
    /// Where it stands until it is moved; none when time passes by itself.
    stands_at_ms: Option<i64>,
    /// Wakes those who wait for a moment when it may have come early.
    moved: watch::Sender<()>,
}

impl Clock {
    /// A clock that shows `start_ms` now, or the machine's time when none is given.
    pub fn starting_at(start_ms: Option<i64>) -> Self {
        let offset_ms = start_ms.map_or(0, |start| start.saturating_sub(machine_ms()));
        Self { offset_ms: AtomicI64::new(offset_ms), stands_at_ms: None, moved: watch::Sender::new(()) }
    }

    /// The same clock, on which time passes only when it is moved.
    pub fn standing(self) -> Self {
        Self { stands_at_ms: Some(machine_ms()), ..self }
    }

    /// Simulated time, milliseconds UTC.
    pub fn now_ms(&self) -> i64 {
        self.stands_at_ms.unwrap_or_else(machine_ms).saturating_add(self.offset_ms())
    }

    /// How far the clock is ahead of the machine's, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Moves the clock forward. Time never runs backwards here: a negative step counts as zero.
    pub fn advance(&self, by_ms: i64) {
        let _ = self.offset_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |offset| {
            Some(offset.saturating_add(by_ms.max(0)))
        });
        self.moved.send_replace(());
    }

    /// Waits until it shows this moment, whether time passes or is moved.
    pub async fn until(&self, at_ms: i64) {
        let mut moved = self.moved.subscribe();
        while let left_ms @ 1.. = at_ms - self.now_ms() {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left_ms.unsigned_abs())) => {}
                _ = moved.changed() => {}
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the simulator's one real clock")]
fn machine_ms() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since_epoch.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, as the `Date` header wants it.
pub(crate) fn http_date(at_ms: i64) -> String {
    stamp(at_ms, "%a, %d %b %Y %H:%M:%S GMT")
}

/// `2026-10-05T09:00:00+0000`: Graph's times, whole seconds (docs/meta.md 3.2).
pub(crate) fn graph_time(at_ms: i64) -> String {
    stamp(at_ms, "%Y-%m-%dT%H:%M:%S+0000")
}

fn stamp(at_ms: i64, format: &str) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_meta_and_http_want_them() {
        let base_ms = 1_791_190_800_999;
        assert_eq!(graph_time(base_ms), "2026-10-05T09:00:00+0000");
        assert_eq!(http_date(base_ms), "Mon, 05 Oct 2026 09:00:00 GMT");
    }

    #[test]
    fn the_clock_starts_where_it_is_told_and_only_moves_forward() {
        let clock = Clock::starting_at(Some(1_791_190_800_000));
        assert!((clock.now_ms() - 1_791_190_800_000).abs() < 60_000);
        clock.advance(30 * HOUR_MS);
        let later = clock.now_ms();
        clock.advance(-HOUR_MS);
        assert!(clock.now_ms() >= later);
    }

    #[test]
    fn a_clock_that_stands_goes_on_when_it_is_moved_and_only_then() {
        let clock = Clock::starting_at(Some(1_791_190_800_000)).standing();
        let then_ms = clock.now_ms();
        let machine_ms = machine_ms();
        while super::machine_ms() - machine_ms < 3 {}
        assert_eq!(clock.now_ms(), then_ms);
        clock.advance(HOUR_MS);
        assert_eq!(clock.now_ms(), then_ms + HOUR_MS);
    }

    #[tokio::test]
    async fn who_waits_for_a_moment_goes_on_when_the_clock_is_moved_there() {
        let clock = std::sync::Arc::new(Clock::starting_at(Some(1_791_190_800_000)));
        let at_ms = clock.now_ms() + 30 * HOUR_MS;
        let waiting = tokio::spawn({
            let clock = std::sync::Arc::clone(&clock);
            async move { clock.until(at_ms).await }
        });
        clock.advance(29 * HOUR_MS);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(HOUR_MS);
        waiting.await.unwrap();
    }
}
