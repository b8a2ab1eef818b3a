//! Time, as everything in this crate takes it.
//!
//! Two clocks: the wall clock says what time people think it is and may jump; the boot clock only runs forward, also
//! while the machine sleeps. Deadlines, back-off and silence are measured on the boot clock, never on the wall.
//! Rules of Meta run on neither of them: see [`crate::meta_time`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Reads both clocks.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock, milliseconds UTC. May jump in both directions.
    fn wall_ms(&self) -> i64;
    /// The boot clock, milliseconds since an arbitrary start. Runs during suspend and never backwards.
    fn boot_ms(&self) -> i64;
    /// The longest single pause of [`until_boot`] and of whatever else looks again and again, milliseconds: a suspend, or a
    /// test that moves its clock, is noticed after this long.
    fn looked_at_every_ms(&self) -> i64 {
        500
    }
    /// How long such a pause is that begins now, milliseconds; at most [`Self::looked_at_every_ms`].
    fn pause_ms(&self) -> i64 {
        self.looked_at_every_ms()
    }
}

/// The clocks of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    /// A desk has two dozen of these waits, and nothing that is measured in hours needs them often.
    fn looked_at_every_ms(&self) -> i64 {
        2_000
    }

    /// All of them end at the same moments: the machine is woken once for two dozen.
    fn pause_ms(&self) -> i64 {
        let every_ms = self.looked_at_every_ms();
        every_ms - self.boot_ms().rem_euclid(every_ms)
    }

    fn wall_ms(&self) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the real clock")]
        let now = std::time::SystemTime::now();
        match now.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn boot_ms(&self) -> i64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000)
    }

    /// macOS and Windows: the clock behind `Instant`. On Windows it runs during sleep; on macOS it stands still then, so
    /// that a grant looks younger than it is after a sleep. There the wall clock's jump is what tells of the sleep, and a
    /// grant is given up when the two disagree.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn boot_ms(&self) -> i64 {
        use std::sync::OnceLock;
        use std::time::Instant;
        static START: OnceLock<Instant> = OnceLock::new();
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the real clock")]
        let now = Instant::now();
        let start = START.get_or_init(|| now);
        i64::try_from(now.saturating_duration_since(*start).as_millis()).unwrap_or(i64::MAX)
    }
}

/// A clock that a test moves. Both clocks stand still until [`TestClock::advance`] is called.
#[derive(Debug, Clone)]
pub struct TestClock {
    wall_ms: Arc<AtomicI64>,
    boot_ms: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock at this wall time; the boot clock begins at one hour.
    #[must_use]
    pub fn at(wall_ms: i64) -> Self {
        Self { wall_ms: Arc::new(AtomicI64::new(wall_ms)), boot_ms: Arc::new(AtomicI64::new(3_600_000)) }
    }

    /// Time passes: both clocks move.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.wall_ms.fetch_add(by, Ordering::SeqCst);
        self.boot_ms.fetch_add(by, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock: only it moves, forward or back.
    pub fn jump_wall(&self, by_ms: i64) {
        self.wall_ms.fetch_add(by_ms, Ordering::SeqCst);
    }

    /// The machine starts anew: the boot clock begins again.
    pub fn reboot(&self, off_for: Duration) {
        let by = i64::try_from(off_for.as_millis()).unwrap_or(i64::MAX);
        self.wall_ms.fetch_add(by, Ordering::SeqCst);
        self.boot_ms.store(10_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn wall_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::SeqCst)
    }

    fn boot_ms(&self) -> i64 {
        self.boot_ms.load(Ordering::SeqCst)
    }
}

/// How long whoever polls waits until the next look: see [`Clock::looked_at_every_ms`].
pub(crate) fn next_look(clock: &dyn Clock) -> Duration {
    Duration::from_millis(u64::try_from(clock.pause_ms()).unwrap_or(1))
}

/// Waits until the boot clock shows `boot_ms`. Timers of the runtime stop during suspend, so the clock is looked at
/// again in short steps.
pub async fn until_boot(clock: &dyn Clock, boot_ms: i64) {
    loop {
        let left_ms = boot_ms.saturating_sub(clock.boot_ms());
        if left_ms <= 0 {
            return;
        }
        let pause_ms = left_ms.min(clock.pause_ms());
        tokio::time::sleep(Duration::from_millis(u64::try_from(pause_ms).unwrap_or(1))).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_clocks_run() {
        let clock = SystemClock;
        assert!(clock.wall_ms() > 1_700_000_000_000);
        let first = clock.boot_ms();
        assert!(clock.boot_ms() >= first);
    }

    #[test]
    fn who_begins_to_wait_at_different_moments_is_woken_at_the_same() {
        let clock = SystemClock;
        for _ in 0..1_000 {
            let before = clock.boot_ms();
            let pause_ms = clock.pause_ms();
            let after = clock.boot_ms();
            assert!((1..=clock.looked_at_every_ms()).contains(&pause_ms));
            let ends = before / 2_000 * 2_000 + 2_000;
            assert!((ends..=ends + 2_000).contains(&(after + pause_ms)), "{before} {pause_ms} {after}");
        }
    }

    #[tokio::test]
    async fn waiting_follows_the_clock_that_is_passed_in() {
        let clock = TestClock::at(0);
        let target = clock.boot_ms() + 3_600_000;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { until_boot(&clock, target).await }
        });
        clock.advance(Duration::from_secs(3_600));
        tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
    }
}
