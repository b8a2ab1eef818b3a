//! Time, passed in. The wall clock says when, the boot clock says how long: it goes on during suspend and never
//! jumps.

use std::fmt::Debug;
use std::time::Duration;

/// Where the relay takes its time from.
pub trait Clock: Send + Sync + Debug {
    /// Milliseconds UTC. May jump.
    fn wall_ms(&self) -> i64;
    /// Milliseconds since the machine started, suspend included. Never jumps.
    fn boot_ms(&self) -> i64;
}

/// The longest single pause of [`until_boot`]: a suspend is noticed after this long.
const LOOK_EVERY_MS: i64 = 500;

/// Waits until the boot clock shows `boot_ms`. Timers of the runtime stop during suspend, so the clock is looked at again in
/// short steps.
pub(crate) async fn until_boot(clock: &dyn Clock, boot_ms: i64) {
    loop {
        let left_ms = boot_ms.saturating_sub(clock.boot_ms());
        let Ok(pause_ms @ 1..) = u64::try_from(left_ms.min(LOOK_EVERY_MS)) else { return };
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    }
}

/// The machine's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        read(rustix::time::ClockId::Realtime)
    }

    fn boot_ms(&self) -> i64 {
        read(rustix::time::ClockId::Boottime)
    }
}

fn read(id: rustix::time::ClockId) -> i64 {
    let now = rustix::time::clock_gettime(id);
    now.tv_sec * 1000 + now.tv_nsec / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boot_clock_does_not_run_backwards() {
        let first = SystemClock.boot_ms();
        assert!(SystemClock.boot_ms() >= first);
        assert!(SystemClock.wall_ms() > 1_700_000_000_000);
    }
}
