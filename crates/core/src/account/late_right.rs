//! Whether Meta still lets an account send late replies, as far as their ends tell. Pure.
//!
//! Meta has no call that tells it: only a late reply does that is refused, and nobody knows by which code for want of the
//! Human Agent feature (docs/meta.md 4.3, 9). The codes that it may be have other causes too: Meta counts the customer's last
//! act otherwise than we, or another right is missing. So one refusal makes the right doubtful, and one more confirms it:
//!
//! ```text
//!   sure ──a late reply is refused──▶ doubtful ──one in another thread too, within a day──▶ refused: told to the team
//!     ▲                                  │
//!     └── one arrives, or a day passes ──┘
//! ```
//!
//! Whoever says that Meta approved the feature begins anew: only ends of replies that were granted since count. The ends are
//! those in the account's log, so that every desk judges the same; the one that sent the last refused one tells it.

use crate::store::{LateEnd, ThreadId};

/// How long a refusal counts, milliseconds of Meta's time.
pub(crate) const COUNTS_MS: i64 = 24 * 60 * 60 * 1000;

/// What the ends of late replies say of the right to send them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateRight {
    /// Nothing speaks against it.
    Sure,
    /// Meta refused one, and that may have another cause.
    Doubtful {
        /// When it was, milliseconds UTC of Meta.
        since_ms: i64,
        /// In which thread.
        thread: ThreadId,
    },
    /// Meta refused them in two threads within a day, and took none meanwhile.
    Refused,
}

impl LateRight {
    /// From the ends of an account's late replies, oldest first, at this moment of Meta's time.
    #[must_use]
    pub fn of(ends: &[LateEnd], now_ms: i64) -> Self {
        let since = ends.iter().rposition(|end| end.arrived).map_or(0, |at| at + 1);
        let refused = ends.get(since..).unwrap_or_default();
        let Some(newest) = refused.last() else { return Self::Sure };
        let confirms = |(one, other): (&LateEnd, &LateEnd)| {
            one.thread != other.thread && (other.at_ms - one.at_ms).abs() <= COUNTS_MS
        };
        // Where two of different threads are near enough, two that follow each other are.
        if refused.iter().zip(refused.iter().skip(1)).any(confirms) {
            Self::Refused
        } else if now_ms.saturating_sub(newest.at_ms) <= COUNTS_MS {
            Self::Doubtful { since_ms: newest.at_ms, thread: newest.thread }
        } else {
            Self::Sure
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1000;
    const NOW_MS: i64 = 100 * HOUR_MS;

    /// Threads and hours of late replies, and whether they arrived.
    fn ends(of: &[(i64, i64, bool)]) -> Vec<LateEnd> {
        let end = |&(thread, hour, arrived): &(i64, i64, bool)| LateEnd {
            thread: ThreadId(thread),
            desk: None,
            at_ms: hour * HOUR_MS,
            arrived,
        };
        of.iter().map(end).collect()
    }

    #[rstest]
    #[case::none(&[])]
    #[case::all_arrived(&[(1, 90, true), (2, 91, true)])]
    #[case::one_arrived_since(&[(1, 98, false), (2, 99, true)])]
    #[case::one_of_the_same_thread_arrived_since(&[(1, 98, false), (1, 99, true)])]
    #[case::long_ago(&[(1, 70, false)])]
    fn nothing_speaks_against_it(#[case] of: &[(i64, i64, bool)]) {
        assert_eq!(LateRight::of(&ends(of), NOW_MS), LateRight::Sure);
    }

    #[rstest]
    #[case::one(&[(1, 98, false)], 1, 98)]
    #[case::the_same_thread_again(&[(1, 97, false), (1, 99, false)], 1, 99)]
    #[case::another_thread_days_before(&[(1, 40, false), (2, 99, false)], 2, 99)]
    #[case::two_with_one_arrived_in_between(&[(1, 97, false), (3, 98, true), (2, 99, false)], 2, 99)]
    fn one_refusal_makes_it_doubtful(
        #[case] of: &[(i64, i64, bool)],
        #[case] thread: i64,
        #[case] hour: i64,
    ) {
        let doubtful = LateRight::Doubtful { since_ms: hour * HOUR_MS, thread: ThreadId(thread) };
        assert_eq!(LateRight::of(&ends(of), NOW_MS), doubtful);
    }

    #[rstest]
    #[case::two(&[(1, 98, false), (2, 99, false)])]
    #[case::a_day_apart(&[(1, 75, false), (2, 99, false)])]
    #[case::after_one_that_arrived(&[(1, 97, true), (1, 98, false), (2, 99, false)])]
    #[case::with_the_same_thread_in_between(&[(1, 80, false), (1, 90, false), (2, 99, false)])]
    #[case::confirmed_before(&[(1, 60, false), (2, 61, false), (2, 99, false)])]
    fn a_second_one_in_another_thread_confirms_it(#[case] of: &[(i64, i64, bool)]) {
        assert_eq!(LateRight::of(&ends(of), NOW_MS), LateRight::Refused);
    }
}
