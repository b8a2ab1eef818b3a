//! Meta's time, as this desk knows it: windows, expiry and order run on it, never on the wall clock.
//!
//! Pure. Every answer of Meta says what time it is there (`Date`, whole seconds, some moments old), and each heartbeat
//! of the relay says what the relay knows. From that follows an offset, kept with the wall and boot clock of the moment
//! it was learned at:
//!
//! ```text
//!             answer or heartbeat                 wall and boot disagree, or the machine restarted
//!  unknown ───────────────────────▶ sure ───────────────────────────────────────▶ doubtful
//!  (doubtful)                         ▲                 next answer or heartbeat      │
//!                                     └───────────────────────────────────────────────┘
//! ```
//!
//! While doubtful the later of the two possible times is given, and policy keeps a minute to spare. What was heard from
//! Meta directly in the last minute wins over a relay that is behind it: the relay asks Meta once a minute.

use baton_messenger::policy::MetaNow;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// Wall and boot clock may drift this far apart before it counts as a jump, milliseconds.
pub const JUMP_MS: i64 = 2_000;
/// Meta tells whole seconds, so two honest answers differ by less than this.
const GRAIN_MS: i64 = 2_000;
/// So long an answer may have been on its way back, milliseconds: what it tells is that much older, and is no reason to turn
/// the time back. Longer, and the time that is known is wrong.
const SLOW_MS: i64 = 10_000;
/// How old the relay's knowledge of Meta's time may be, milliseconds.
const RELAY_ASKS_MS: i64 = 60_000;

/// Who told the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// Meta itself, in an answer to this desk.
    Meta,
    /// The relay, in a heartbeat.
    Relay,
}

/// What was learned, and when. Kept in the store, so that a desk that starts without network has a time at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Meta's time, milliseconds UTC.
    pub meta_ms: i64,
    /// The wall clock then.
    pub wall_ms: i64,
    /// The boot clock then.
    pub boot_ms: i64,
    /// Who said so.
    pub by: Teller,
}

/// A pair of readings of this machine's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock, milliseconds UTC.
    pub wall_ms: i64,
    /// The boot clock, milliseconds.
    pub boot_ms: i64,
}

impl Reading {
    /// Reads both clocks.
    pub fn of(clock: &dyn Clock) -> Self {
        Self { wall_ms: clock.wall_ms(), boot_ms: clock.boot_ms() }
    }
}

/// What this desk knows of Meta's time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaTime {
    learned: Option<Learned>,
}

impl MetaTime {
    /// Nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// What was kept from before.
    #[must_use]
    pub fn kept(learned: Learned) -> Self {
        Self { learned: Some(learned) }
    }

    /// What to keep.
    #[must_use]
    pub fn learned(&self) -> Option<Learned> {
        self.learned
    }

    /// Somebody told the time. True when it changed what is known by more than the grain of an answer, or ended a doubt.
    pub fn hear(&mut self, meta_ms: i64, by: Teller, at: Reading) -> bool {
        let before = self.now(at);
        let learned = Learned { meta_ms, wall_ms: at.wall_ms, boot_ms: at.boot_ms, by };
        if before.doubtful {
            self.learned = Some(learned);
            return true;
        }
        let behind_ms = before.ms.saturating_sub(meta_ms);
        if by == Teller::Relay && behind_ms > 0 && self.heard_from_meta_lately(at) {
            return false;
        }
        // An answer can only be late, never early: unless it is later than answers are, the later reading is the truer one.
        let keeps = (0..SLOW_MS).contains(&behind_ms);
        self.learned = Some(Learned { meta_ms: if keeps { before.ms } else { meta_ms }, ..learned });
        !keeps && behind_ms.abs() >= GRAIN_MS
    }

    /// Something happened at Meta at this time, so it is at least as late there. Webhooks tell milliseconds where answers
    /// tell seconds: within that grain they make the time truer. Anything further ahead is not believed.
    pub fn at_least(&mut self, meta_ms: i64, at: Reading) {
        let now = self.now(at);
        if now.doubtful || !(1..GRAIN_MS).contains(&meta_ms.saturating_sub(now.ms)) {
            return;
        }
        if let Some(learned) = self.learned.as_mut() {
            *learned = Learned { meta_ms, wall_ms: at.wall_ms, boot_ms: at.boot_ms, by: learned.by };
        }
    }

    /// Meta's time now.
    #[must_use]
    pub fn now(&self, at: Reading) -> MetaNow {
        let Some(learned) = self.learned else {
            return MetaNow { ms: at.wall_ms, doubtful: true };
        };
        let by_boot_ms = at.boot_ms.saturating_sub(learned.boot_ms);
        let by_wall_ms = at.wall_ms.saturating_sub(learned.wall_ms);
        if by_boot_ms < 0 {
            return MetaNow { ms: learned.meta_ms.saturating_add(by_wall_ms.max(0)), doubtful: true };
        }
        let passed_ms = by_boot_ms.max(by_wall_ms);
        if by_boot_ms.abs_diff(by_wall_ms) > JUMP_MS.unsigned_abs() {
            return MetaNow { ms: learned.meta_ms.saturating_add(passed_ms), doubtful: true };
        }
        MetaNow { ms: learned.meta_ms.saturating_add(by_boot_ms), doubtful: false }
    }

    fn heard_from_meta_lately(&self, at: Reading) -> bool {
        self.learned.is_some_and(|learned| {
            learned.by == Teller::Meta && at.boot_ms.saturating_sub(learned.boot_ms) < RELAY_ASKS_MS
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::clock::TestClock;

    const NOON: i64 = 1_791_201_600_000;
    const HOUR: i64 = 3_600_000;

    fn at(clock: &TestClock) -> Reading {
        Reading::of(clock)
    }

    #[test]
    fn before_the_first_answer_the_wall_clock_serves_and_is_doubted() {
        let clock = TestClock::at(NOON);
        assert_eq!(MetaTime::unknown().now(at(&clock)), MetaNow { ms: NOON, doubtful: true });
    }

    #[test]
    fn a_wall_clock_that_is_an_hour_wrong_does_not_matter() {
        let clock = TestClock::at(NOON + HOUR);
        let mut time = MetaTime::unknown();
        assert!(time.hear(NOON, Teller::Meta, at(&clock)));
        clock.advance(Duration::from_secs(90));
        assert_eq!(time.now(at(&clock)), MetaNow { ms: NOON + 90_000, doubtful: false });
    }

    #[test]
    fn setting_the_wall_clock_makes_the_time_doubtful_and_late_until_meta_answers() {
        let clock = TestClock::at(NOON);
        let mut time = MetaTime::unknown();
        time.hear(NOON, Teller::Meta, at(&clock));
        clock.jump_wall(HOUR);
        assert_eq!(time.now(at(&clock)), MetaNow { ms: NOON + HOUR, doubtful: true });
        time.hear(NOON + 1000, Teller::Meta, at(&clock));
        assert_eq!(time.now(at(&clock)), MetaNow { ms: NOON + 1000, doubtful: false });
        clock.jump_wall(-3 * HOUR);
        assert_eq!(time.now(at(&clock)), MetaNow { ms: NOON + 1000, doubtful: true });
    }

    #[test]
    fn after_a_restart_of_the_machine_the_time_is_doubtful() {
        let clock = TestClock::at(NOON);
        let mut time = MetaTime::unknown();
        time.hear(NOON, Teller::Meta, at(&clock));
        clock.reboot(Duration::from_secs(600));
        assert_eq!(time.now(at(&clock)), MetaNow { ms: NOON + 600_000, doubtful: true });
    }

    #[test]
    fn a_heartbeat_of_a_relay_that_is_behind_does_not_turn_the_time_back() {
        let clock = TestClock::at(NOON);
        let mut time = MetaTime::unknown();
        time.hear(NOON + 30 * HOUR, Teller::Meta, at(&clock));
        clock.advance(Duration::from_secs(15));
        assert!(!time.hear(NOON + 15_000, Teller::Relay, at(&clock)));
        assert_eq!(time.now(at(&clock)).ms, NOON + 30 * HOUR + 15_000);
        // A minute later the relay has asked Meta itself.
        clock.advance(Duration::from_secs(60));
        assert!(time.hear(NOON + 75_000, Teller::Relay, at(&clock)));
        assert_eq!(time.now(at(&clock)).ms, NOON + 75_000);
    }

    #[test]
    fn a_webhook_makes_the_time_truer_by_its_milliseconds_and_no_more() {
        let clock = TestClock::at(NOON);
        let mut time = MetaTime::unknown();
        time.hear(NOON, Teller::Meta, at(&clock));
        time.at_least(NOON + 870, at(&clock));
        assert_eq!(time.now(at(&clock)).ms, NOON + 870);
        time.at_least(NOON + 100, at(&clock));
        time.at_least(NOON + HOUR, at(&clock));
        assert_eq!(time.now(at(&clock)).ms, NOON + 870);
    }

    #[test]
    fn an_answer_that_was_slow_does_not_turn_the_time_back() {
        let clock = TestClock::at(NOON);
        let mut time = MetaTime::unknown();
        time.hear(NOON, Teller::Meta, at(&clock));
        clock.advance(Duration::from_secs(20));
        // It was made at once and came nine seconds later.
        assert!(!time.hear(NOON + 11_000, Teller::Meta, at(&clock)));
        assert_eq!(time.now(at(&clock)).ms, NOON + 20_000);
        // No answer takes that long: the time that was known is wrong.
        assert!(time.hear(NOON + 9_000, Teller::Meta, at(&clock)));
        assert_eq!(time.now(at(&clock)).ms, NOON + 9_000);
    }

    #[test]
    fn a_heartbeat_from_ahead_is_believed_at_once() {
        let clock = TestClock::at(NOON);
        let mut time = MetaTime::unknown();
        time.hear(NOON, Teller::Meta, at(&clock));
        assert!(time.hear(NOON + 30 * HOUR, Teller::Relay, at(&clock)));
        assert_eq!(time.now(at(&clock)).ms, NOON + 30 * HOUR);
    }

    proptest! {
        /// Meta tells whole seconds. However often it does, the known time is never more than a second off and never
        /// runs backwards.
        #[test]
        fn the_known_time_stays_within_a_second(steps in prop::collection::vec(1i64..20_000, 1..60)) {
            let clock = TestClock::at(NOON - 7 * HOUR);
            let (mut time, mut truth) = (MetaTime::unknown(), NOON + 123);
            time.hear(truth / 1000 * 1000, Teller::Meta, at(&clock));
            let mut last = i64::MIN;
            for step in steps {
                clock.advance(Duration::from_millis(step.unsigned_abs()));
                truth += step;
                time.hear(truth / 1000 * 1000, Teller::Meta, at(&clock));
                let now = time.now(at(&clock));
                prop_assert!(!now.doubtful);
                prop_assert!((0..1000).contains(&(truth - now.ms)), "{} off", truth - now.ms);
                prop_assert!(now.ms >= last);
                last = now.ms;
            }
        }
    }
}
