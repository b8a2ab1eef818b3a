//! Which blocks are kept, and which go when there are too many. Pure: files are somebody else's.
//!
//! ```text
//!            made                    asked for
//!   absent ───────▶ kept, newest use ────────▶ newest use
//!      ▲              │ a new version · too many, and longest unused
//!      └──────────────┘
//! ```

use std::collections::{BTreeMap, HashMap};

use baton_protocol::LogName;

use crate::log::BlockVersion;

/// Which block of which log.
pub(super) type Which = (LogName, u64);

/// A block that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) version: BlockVersion,
    /// The number of its file.
    pub(super) file: u64,
    pub(super) bytes: u64,
    used: u64,
}

/// All that are kept.
#[derive(Debug, Default)]
pub(super) struct Kept {
    blocks: HashMap<Which, Entry>,
    /// The same by when they were asked for last.
    by_use: BTreeMap<u64, Which>,
    uses: u64,
    bytes: u64,
}

impl Kept {
    /// The block, if this version of it is kept. It counts as used now.
    pub(super) fn find(&mut self, which: &Which, version: &BlockVersion) -> Option<Entry> {
        let entry = self.blocks.get_mut(which).filter(|entry| entry.version == *version)?;
        self.by_use.remove(&entry.used);
        self.uses += 1;
        entry.used = self.uses;
        self.by_use.insert(entry.used, which.clone());
        Some(entry.clone())
    }

    /// Keeps a block. Returns the files that are not needed any more.
    pub(super) fn keep(
        &mut self,
        which: Which,
        version: BlockVersion,
        (file, bytes): (u64, u64),
        most_bytes: u64,
    ) -> Vec<u64> {
        let mut gone: Vec<u64> = self.forget(&which).into_iter().collect();
        self.uses += 1;
        self.by_use.insert(self.uses, which.clone());
        self.blocks.insert(which, Entry { version, file, bytes, used: self.uses });
        self.bytes += bytes;
        // The one that was just made stays, however large it is: somebody waits for it.
        while self.bytes > most_bytes && self.blocks.len() > 1 {
            let Some(oldest) = self.by_use.first_key_value().map(|(_, which)| which.clone()) else { break };
            gone.extend(self.forget(&oldest));
        }
        gone
    }

    /// Forgets a block. Returns its file.
    pub(super) fn forget(&mut self, which: &Which) -> Option<u64> {
        let entry = self.blocks.remove(which)?;
        self.by_use.remove(&entry.used);
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        Some(entry.file)
    }

    /// Forgets all. Returns their files.
    pub(super) fn clear(&mut self) -> Vec<u64> {
        let files = self.blocks.values().map(|entry| entry.file).collect();
        *self = Self { uses: self.uses, ..Self::default() };
        files
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::LogId;
    use proptest::prelude::*;

    use super::*;

    fn version(version: u64) -> BlockVersion {
        BlockVersion { log_id: LogId(uuid::Uuid::nil()), version, chain: String::new() }
    }

    fn which(block: u64) -> Which {
        (LogName::Workspace, block)
    }

    proptest! {
        /// Against a plain list, newest use last.
        #[test]
        fn the_longest_unused_go_first(acts in prop::collection::vec((0u8..4, 0u64..6, 0u64..2), 0..60)) {
            const MOST: u64 = 30;
            let (mut kept, mut plain, mut file) = (Kept::default(), Vec::<(u64, u64, u64)>::new(), 0);
            for (act, block, of) in acts {
                match act {
                    0 => {
                        file += 1;
                        let mut gone = kept.keep(which(block), version(of), (file, 10), MOST);
                        let mut expected: Vec<u64> =
                            plain.iter().filter(|one| one.0 == block).map(|one| one.2).collect();
                        plain.retain(|one| one.0 != block);
                        plain.push((block, of, file));
                        while plain.len() as u64 * 10 > MOST {
                            expected.push(plain.remove(0).2);
                        }
                        gone.sort_unstable();
                        expected.sort_unstable();
                        prop_assert_eq!(gone, expected);
                    }
                    1 => {
                        let at = plain.iter().position(|one| one.0 == block);
                        prop_assert_eq!(kept.forget(&which(block)), at.map(|at| plain.remove(at).2));
                    }
                    _ => {
                        let at = plain.iter().position(|one| (one.0, one.1) == (block, of));
                        let found = kept.find(&which(block), &version(of)).map(|entry| entry.file);
                        prop_assert_eq!(found, at.map(|at| plain[at].2));
                        if let Some(at) = at {
                            let one = plain.remove(at);
                            plain.push(one);
                        }
                    }
                }
                prop_assert_eq!(kept.bytes, plain.len() as u64 * 10);
            }
            prop_assert_eq!(kept.clear().len(), plain.len());
            prop_assert!(kept.blocks.is_empty() && kept.by_use.is_empty() && kept.bytes == 0);
        }
    }

    #[test]
    fn one_block_stays_however_large_it_is() {
        let mut kept = Kept::default();
        assert!(kept.keep(which(1), version(0), (1, 1_000), 10).is_empty());
        assert!(kept.find(&which(1), &version(0)).is_some());
        assert_eq!(kept.keep(which(2), version(0), (2, 1_000), 10), [1]);
    }
}
