//! What is known of one budget: how much is used, and whether Meta turned calls away. Pure: the time is given.

use baton_messenger::limits::{USAGE_SLOW_PERCENT, USAGE_STOP_PERCENT};

use super::{Hold, HoldReason, Pace, Urgency};

/// A stop is looked at again after this time, when Meta does not say how long it lasts, milliseconds.
const STOP_MS: i64 = 5 * 60_000;
/// What was heard of a budget says nothing any more after this time: Meta counts by the hour, and calls of others end
/// too. Milliseconds.
const STALE_MS: i64 = 15 * 60_000;
/// Between two background reads while a budget is short, milliseconds.
pub(super) const SLOW_MS: i64 = 5_000;
/// The first wait after a throttle code, when Meta does not say how long; it doubles each time (docs/meta.md 6.2).
const THROTTLE_MS: i64 = 60_000;
/// It doubles up to this.
const LONGEST_THROTTLE_MS: i64 = 32 * THROTTLE_MS;

/// One budget: the app's, or an account's.
#[derive(Debug, Clone, Default)]
pub(super) struct Budget {
    used: Option<Used>,
    reads: Throttle,
    sends: Throttle,
    /// When the last background read went.
    background_ms: Option<i64>,
}

/// What an answer said of a budget.
#[derive(Debug, Clone, Copy)]
struct Used {
    percent: u32,
    heard_ms: i64,
    regain_ms: Option<i64>,
}

/// Whether Meta turned calls away.
#[derive(Debug, Clone, Copy, Default)]
struct Throttle {
    until_ms: Option<i64>,
    times: u32,
}

/// Which calls a throttle code turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Send,
}

impl Budget {
    /// An answer told how much is used.
    pub(super) fn heard(&mut self, percent: u32, regain_ms: Option<i64>, now_ms: i64) {
        self.used = Some(Used { percent, heard_ms: now_ms, regain_ms });
    }

    /// Meta turned a call away. Returns for how long to wait: as Meta says, or longer each time. `random` is from 0 to 1
    /// and keeps desks from coming back all at once.
    pub(super) fn throttled(
        &mut self,
        direction: Direction,
        told_ms: Option<i64>,
        random: f64,
        now_ms: i64,
    ) -> i64 {
        let throttle = self.throttle(direction);
        let doubled = THROTTLE_MS.saturating_mul(1_i64 << throttle.times.min(5)).min(LONGEST_THROTTLE_MS);
        throttle.times = throttle.times.saturating_add(1);
        let wait_ms = told_ms.unwrap_or_else(|| with_jitter(doubled, random));
        throttle.until_ms = throttle.until_ms.max(Some(now_ms.saturating_add(wait_ms)));
        wait_ms
    }

    /// Meta took a call.
    pub(super) fn taken(&mut self, direction: Direction) {
        *self.throttle(direction) = Throttle::default();
    }

    pub(super) fn pace(&self, now_ms: i64) -> Pace {
        if let Some(for_ms) = left(self.reads.until_ms, now_ms) {
            return Pace::Throttled { for_ms };
        }
        let Some(used) = self.used.filter(|used| now_ms.saturating_sub(used.heard_ms) < STALE_MS) else {
            return Pace::Free;
        };
        let percent = used.percent;
        if percent >= USAGE_STOP_PERCENT {
            let until_ms = used.heard_ms.saturating_add(used.regain_ms.unwrap_or(STOP_MS));
            // When the stop is over one call may look whether there is room again; its answer tells.
            return match left(Some(until_ms), now_ms) {
                Some(for_ms) => Pace::SendsOnly { percent, for_ms },
                None => Pace::Slow { percent },
            };
        }
        if percent >= USAGE_SLOW_PERCENT { Pace::Slow { percent } } else { Pace::Free }
    }

    /// How long a background read of this budget must still keep its distance from the one before.
    pub(super) fn distance_ms(&self, now_ms: i64) -> Option<i64> {
        left(self.background_ms.map(|last| last.saturating_add(SLOW_MS)), now_ms)
    }

    pub(super) fn background_goes(&mut self, now_ms: i64) {
        self.background_ms = Some(now_ms);
    }

    fn throttle(&mut self, direction: Direction) -> &mut Throttle {
        match direction {
            Direction::Read => &mut self.reads,
            Direction::Send => &mut self.sends,
        }
    }
}

impl Pace {
    /// The stricter of two.
    pub(super) fn and(self, other: Self) -> Self {
        let key = |pace: &Self| match *pace {
            Self::Free => (0, 0),
            Self::Slow { percent } => (1, i64::from(percent)),
            Self::SendsOnly { for_ms, .. } => (2, for_ms),
            Self::Throttled { for_ms } => (3, for_ms),
        };
        std::cmp::max_by_key(self, other, key)
    }

    /// Why a read may not go at this pace; `distance_ms` is what a background read must still wait while it is slowed.
    pub(super) fn hold(self, urgency: Urgency, distance_ms: Option<i64>) -> Option<Hold> {
        match self {
            Self::Free => None,
            Self::Slow { percent } if urgency == Urgency::Background => {
                distance_ms.map(|for_ms| Hold { for_ms, why: HoldReason::Slowed(percent) })
            }
            Self::Slow { .. } => None,
            Self::SendsOnly { percent, for_ms } => Some(Hold { for_ms, why: HoldReason::Budget(percent) }),
            Self::Throttled { for_ms } => Some(Hold { for_ms, why: HoldReason::Throttled }),
        }
    }
}

fn left(until_ms: Option<i64>, now_ms: i64) -> Option<i64> {
    until_ms.map(|until| until.saturating_sub(now_ms)).filter(|left| *left > 0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "half an hour at most")]
fn with_jitter(ms: i64, random: f64) -> i64 {
    ms.saturating_add((ms as f64 * 0.25 * random.clamp(0.0, 1.0)) as i64)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NOW: i64 = 3_600_000;

    fn used(percent: u32) -> Budget {
        let mut budget = Budget::default();
        budget.heard(percent, None, NOW);
        budget
    }

    #[rstest]
    #[case(0, Pace::Free)]
    #[case(79, Pace::Free)]
    #[case(80, Pace::Slow { percent: 80 })]
    #[case(94, Pace::Slow { percent: 94 })]
    #[case(95, Pace::SendsOnly { percent: 95, for_ms: STOP_MS })]
    #[case(130, Pace::SendsOnly { percent: 130, for_ms: STOP_MS })]
    fn background_slows_at_80_and_stops_at_95_per_cent(#[case] percent: u32, #[case] pace: Pace) {
        assert_eq!(used(percent).pace(NOW), pace);
    }

    #[test]
    fn a_stop_ends_when_meta_says_and_then_one_call_may_look() {
        let mut budget = Budget::default();
        budget.heard(100, Some(120_000), NOW);
        assert_eq!(budget.pace(NOW + 119_999), Pace::SendsOnly { percent: 100, for_ms: 1 });
        let pace = budget.pace(NOW + 120_000);
        assert_eq!(pace, Pace::Slow { percent: 100 });
        assert_eq!(pace.hold(Urgency::Background, budget.distance_ms(NOW + 120_000)), None);
        budget.background_goes(NOW + 120_000);
        let hold = pace.hold(Urgency::Background, budget.distance_ms(NOW + 120_001)).unwrap();
        assert_eq!(hold, Hold { for_ms: SLOW_MS - 1, why: HoldReason::Slowed(100) });
    }

    #[test]
    fn what_was_heard_long_ago_says_nothing() {
        assert_eq!(used(99).pace(NOW + STALE_MS), Pace::Free);
    }

    #[test]
    fn a_slow_pace_holds_nobody_that_is_waited_for() {
        let pace = Pace::Slow { percent: 90 };
        assert_eq!(pace.hold(Urgency::Opening, Some(5_000)), None);
        assert_eq!(pace.hold(Urgency::Settling, Some(5_000)), None);
        assert!(pace.hold(Urgency::Background, Some(5_000)).is_some());
    }

    #[test]
    fn a_throttle_without_a_time_waits_one_two_four_minutes_and_some() {
        let mut budget = Budget::default();
        let mut now = NOW;
        for minutes in [1, 2, 4, 8, 16, 32, 32] {
            let wait_ms = budget.throttled(Direction::Read, None, 1.0, now);
            assert_eq!(wait_ms, minutes * 75_000);
            assert_eq!(budget.pace(now), Pace::Throttled { for_ms: wait_ms });
            now += wait_ms;
        }
        budget.taken(Direction::Read);
        assert_eq!(budget.throttled(Direction::Read, None, 0.0, now), 60_000);
    }

    #[test]
    fn meta_knows_best_how_long_a_throttle_lasts() {
        let mut budget = Budget::default();
        assert_eq!(budget.throttled(Direction::Read, Some(19 * 60_000), 0.5, NOW), 19 * 60_000);
        assert_eq!(budget.pace(NOW), Pace::Throttled { for_ms: 19 * 60_000 });
    }

    #[test]
    fn a_throttled_send_does_not_stop_reads() {
        let mut budget = Budget::default();
        budget.throttled(Direction::Send, None, 0.0, NOW);
        assert_eq!(budget.pace(NOW), Pace::Free);
    }

    #[test]
    fn the_stricter_of_two_budgets_counts() {
        let slow = Pace::Slow { percent: 81 };
        let stopped = Pace::SendsOnly { percent: 96, for_ms: 1 };
        assert_eq!(slow.and(Pace::Free), slow);
        assert_eq!(slow.and(stopped), stopped);
        assert_eq!(Pace::Throttled { for_ms: 1 }.and(stopped), Pace::Throttled { for_ms: 1 });
    }
}
