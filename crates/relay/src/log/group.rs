//! Group commit: many appends share one sync.
//!
//! ```text
//!            ask                 queue empty or full            synced
//! idle ───────────▶ gathering ──────────────────────▶ syncing ────────▶ answer all ──▶ idle
//!   ▲                   ▲  while one group syncs, the next one waits       │ failed, nothing written
//!   │                   │                                                  ▼
//!   └───────────────────┴────────────────────── refuse all (503) ◀── disk full, busy
//!                                                                          │ failed, state unknown
//!                                                                          ▼
//!                                               refuse all, for ever: the process must end
//! ```
//!
//! It promises that nobody is answered before the sync of their own group, and that nobody is answered well after a
//! sync whose end is not known: a page that a failed sync marked clean would be believed written by the next one.

/// How many appends share one sync at most.
pub(super) const LARGEST_GROUP: usize = 256;

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Synced {
    /// The group is durable.
    Good,
    /// Nothing was written: the disk is full, or another process holds the file.
    NotNow,
    /// The disk's state is unknown.
    Lost,
}

/// What the writer does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Tell each append its own result.
    AnswerAll,
    /// Tell all of them that the log cannot store now.
    RefuseAll,
    /// Tell all of them, and stop writing for ever.
    GiveUp,
}

/// The state between groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Writing {
    /// The last group was stored.
    #[default]
    Well,
    /// This many groups in a row could not be stored, without harm.
    Refusing(u32),
    /// A write was lost. Final.
    Broken,
}

impl Writing {
    /// Takes in the end of a sync.
    pub(super) fn synced(self, end: Synced) -> (Self, Next) {
        match (self, end) {
            (Self::Broken, _) | (_, Synced::Lost) => (Self::Broken, Next::GiveUp),
            (_, Synced::Good) => (Self::Well, Next::AnswerAll),
            (Self::Well, Synced::NotNow) => (Self::Refusing(1), Next::RefuseAll),
            (Self::Refusing(groups), Synced::NotNow) => {
                (Self::Refusing(groups.saturating_add(1)), Next::RefuseAll)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_end() -> impl Strategy<Value = Synced> {
        prop_oneof![Just(Synced::Good), Just(Synced::NotNow), Just(Synced::Lost)]
    }

    proptest! {
        #[test]
        fn only_a_good_sync_with_no_lost_one_before_it_is_answered(ends in prop::collection::vec(any_end(), 0..30)) {
            let (mut writing, mut lost) = (Writing::default(), false);
            for end in ends {
                let (after, next) = writing.synced(end);
                lost |= end == Synced::Lost;
                prop_assert_eq!(next == Next::AnswerAll, end == Synced::Good && !lost);
                prop_assert_eq!(next == Next::GiveUp, lost);
                prop_assert_eq!(after == Writing::Broken, lost);
                writing = after;
            }
        }
    }

    #[test]
    fn a_full_disk_is_left_as_soon_as_there_is_space() {
        let (full, _) = Writing::Well.synced(Synced::NotNow);
        let (full, next) = full.synced(Synced::NotNow);
        assert_eq!((full, next), (Writing::Refusing(2), Next::RefuseAll));
        assert_eq!(full.synced(Synced::Good), (Writing::Well, Next::AnswerAll));
    }
}
