//! How a hole is filled: from its newest end, by whole blocks where it has them, by pages at its edges. Pure.

use baton_protocol::block::{block_of, seqs_of};

/// How many entries are fetched at once where no block fits.
pub(super) const PAGE: u64 = 500;

/// What to fetch next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A whole block.
    Block(u64),
    /// The newest entries below a seq.
    Page {
        /// Below which.
        before: u64,
        /// How many.
        limit: u64,
    },
}

/// The newest step of a hole from `first` to `last`.
pub(super) fn newest((first, last): (u64, u64), has_blocks: bool) -> Step {
    let page = |from: u64| Step::Page { before: last.saturating_add(1), limit: (last - from + 1).min(PAGE) };
    let block = block_of(last);
    match seqs_of(block) {
        Some((begin, end)) if has_blocks && first <= begin => {
            if last == end {
                Step::Block(block)
            } else {
                page(begin)
            }
        }
        _ => page(first),
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::SeqRanges;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case((1, 3_500), true, Step::Page { before: 3_501, limit: 500 })]
    #[case((1, 3_100), true, Step::Page { before: 3_101, limit: 100 })]
    #[case((1, 3_000), true, Step::Block(2))]
    #[case((2_001, 3_000), true, Step::Block(2))]
    #[case((2_002, 3_000), true, Step::Page { before: 3_001, limit: 500 })]
    #[case((1, 3_000), false, Step::Page { before: 3_001, limit: 500 })]
    #[case((7, 9), true, Step::Page { before: 10, limit: 3 })]
    #[case((1, 1), true, Step::Page { before: 2, limit: 1 })]
    fn blocks_where_they_fit(#[case] hole: (u64, u64), #[case] has_blocks: bool, #[case] step: Step) {
        assert_eq!(newest(hole, has_blocks), step);
    }

    proptest! {
        /// Whatever is held, the steps fill it, newest first, never fetch what was held below a hole twice, and end.
        #[test]
        fn steps_fill_every_hole(
            held in prop::collection::vec((1u64..6_000, 0u64..2_500), 0..6),
            head in 0u64..6_000,
            has_blocks: bool,
        ) {
            let mut ranges = SeqRanges::new();
            for (first, more) in held {
                ranges.insert(first, first + more);
            }
            let mut steps = 0;
            while let Some(hole) = ranges.holes(head).pop() {
                let (first, last) = match newest(hole, has_blocks) {
                    Step::Block(block) => seqs_of(block).unwrap_or_default(),
                    Step::Page { before, limit } => (before - limit, before - 1),
                };
                prop_assert!(hole.0 <= first && first <= last && last == hole.1);
                ranges.insert(first, last);
                steps += 1;
                prop_assert!(steps < 40);
            }
        }
    }
}
