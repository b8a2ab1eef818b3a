//! Bulk reads: fixed blocks of [`BLOCK`] seqs, compressed once by the relay for all desks.
//!
//! A block is a gzip file of lines. The first line is a [`BlockHead`], each further one an [`Entry`](crate::Entry), oldest
//! first and without a hole. Only full blocks exist; what is newer is read by pages. A redaction makes a new version of
//! its block, which shows in the `etag`.

use serde::{Deserialize, Serialize};

use crate::ids::LogId;

/// How many seqs a block has.
pub const BLOCK: u64 = 1_000;
/// What a block is called in `content-type`.
pub const BLOCK_TYPE: &str = "application/gzip";

/// The first line of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockHead {
    /// The log's identity.
    pub log_id: LogId,
    /// The seq of the first entry.
    pub first: u64,
    /// The seq of the last entry.
    pub last: u64,
}

/// The block that a seq stands in; blocks count from 0.
#[must_use]
pub fn block_of(seq: u64) -> u64 {
    seq.saturating_sub(1) / BLOCK
}

/// First and last seq of a block; none for a number that no log reaches.
#[must_use]
pub fn seqs_of(block: u64) -> Option<(u64, u64)> {
    let before = block.checked_mul(BLOCK)?;
    Some((before.checked_add(1)?, before.checked_add(BLOCK)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seq_stands_in_the_block_that_begins_and_ends_around_it() {
        for seq in [1, 2, 999, 1_000, 1_001, 2_000, 2_001, 5_000_000] {
            let (first, last) = seqs_of(block_of(seq)).unwrap_or_default();
            assert!(first <= seq && seq <= last && last - first + 1 == BLOCK, "{seq}: {first}..{last}");
        }
        assert_eq!(seqs_of(0), Some((1, BLOCK)));
        assert_eq!(seqs_of(u64::MAX), None);
    }
}
