//! How far a desk has read a log.
//!
//! A cursor is a set of seq ranges, not one number: desks read the newest entries first and fill backwards,
//! and a hole is a fact that is known, shown and filled. Ranges are inclusive and kept sorted, disjoint and
//! joined.

use serde::{Deserialize, Serialize};

use crate::ids::LogId;

/// How far a desk has read one log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The log these ranges belong to. Another id at the relay means resync.
    pub log_id: LogId,
    /// What the desk holds.
    pub ranges: SeqRanges,
    /// The chain at the highest seq held; empty when nothing is held. Another chain at that seq means resync.
    pub chain: String,
}

/// A set of seqs as inclusive, sorted, disjoint and joined ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u64, u64)>", into = "Vec<(u64, u64)>")]
pub struct SeqRanges(Vec<(u64, u64)>);

/// Why a list of ranges is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangesError {
    /// A range begins after it ends, or at 0.
    #[error("a range of seqs must begin at 1 or later and not after its end")]
    Backwards,
    /// More ranges than a desk can sensibly hold.
    #[error("too many ranges in one cursor")]
    TooMany,
}

/// More holes than this are joined up by reading again rather than carried in a request.
pub const MAX_RANGES: usize = 4096;

impl SeqRanges {
    /// No seqs at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `first..=last`, joining what touches. Backwards ranges add nothing.
    pub fn insert(&mut self, first: u64, last: u64) {
        if first == 0 || first > last {
            return;
        }
        let begin = self.0.partition_point(|&(_, end)| end < first - 1);
        let finish = self.0.partition_point(|&(start, _)| start <= last.saturating_add(1));
        let mut joined = (first, last);
        for &(start, end) in &self.0[begin..finish] {
            joined = (joined.0.min(start), joined.1.max(end));
        }
        self.0.splice(begin..finish, [joined]);
    }

    /// True when `seq` is held.
    #[must_use]
    pub fn contains(&self, seq: u64) -> bool {
        let at = self.0.partition_point(|&(_, end)| end < seq);
        self.0.get(at).is_some_and(|&(start, _)| start <= seq)
    }

    /// The highest seq held.
    #[must_use]
    pub fn highest(&self) -> Option<u64> {
        self.0.last().map(|&(_, end)| end)
    }

    /// The holes up to and including `head`, oldest first.
    #[must_use]
    pub fn holes(&self, head: u64) -> Vec<(u64, u64)> {
        let mut holes = Vec::new();
        let mut next = 1;
        for &(start, end) in &self.0 {
            if start > head {
                break;
            }
            if start > next {
                holes.push((next, start - 1));
            }
            next = end + 1;
        }
        if next <= head {
            holes.push((next, head));
        }
        holes
    }

    /// How many seqs are held.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().map(|&(start, end)| end - start + 1).sum()
    }

    /// True when nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges, oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[(u64, u64)] {
        &self.0
    }
}

impl TryFrom<Vec<(u64, u64)>> for SeqRanges {
    type Error = RangesError;
    fn try_from(list: Vec<(u64, u64)>) -> Result<Self, Self::Error> {
        if list.len() > MAX_RANGES {
            return Err(RangesError::TooMany);
        }
        let mut ranges = Self::new();
        for (first, last) in list {
            if first == 0 || first > last || last == u64::MAX {
                return Err(RangesError::Backwards);
            }
            ranges.insert(first, last);
        }
        Ok(ranges)
    }
}

impl From<SeqRanges> for Vec<(u64, u64)> {
    fn from(ranges: SeqRanges) -> Self {
        ranges.0
    }
}

#[cfg(test)]
mod tests {
    use super::SeqRanges;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn ranges_of(set: &BTreeSet<u64>) -> Vec<(u64, u64)> {
        let mut out: Vec<(u64, u64)> = Vec::new();
        for &seq in set {
            match out.last_mut() {
                Some(last) if last.1 + 1 == seq => last.1 = seq,
                _ => out.push((seq, seq)),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn ranges_equal_a_plain_set(inserts in prop::collection::vec((1u64..60, 0u64..8), 0..40), head in 0u64..80) {
            let (mut ranges, mut set) = (SeqRanges::new(), BTreeSet::new());
            for (first, more) in inserts {
                ranges.insert(first, first + more);
                set.extend(first..=first + more);
            }
            let plain = ranges_of(&set);
            prop_assert_eq!(ranges.as_slice(), plain.as_slice());
            prop_assert_eq!(ranges.highest(), set.last().copied());
            prop_assert_eq!(ranges.count(), set.len() as u64);
            let missing: BTreeSet<u64> = (1..=head).filter(|s| !set.contains(s)).collect();
            prop_assert_eq!(ranges.holes(head), ranges_of(&missing));
            for seq in 1..80 {
                prop_assert_eq!(ranges.contains(seq), set.contains(&seq));
            }
        }
    }

    #[test]
    fn a_backwards_range_from_the_wire_is_refused() {
        assert!(serde_json::from_str::<SeqRanges>("[[5,3]]").is_err());
        assert!(serde_json::from_str::<SeqRanges>("[[0,3]]").is_err());
        assert_eq!(serde_json::from_str::<SeqRanges>("[[4,5],[1,3]]").unwrap().as_slice(), [(1, 5)]);
    }
}
