//! What takes long while a file is opened, told to whoever waits for it: at a large file it is minutes.
//!
//! ```text
//!  old:      Copying ──▶ Migrating ──▶ Applying ──▶ Starting
//!  damaged:  Salvaging ──▶ Remaking ───────────────▶ Starting
//!  neither:  Starting
//! ```

/// What is done of a step, in units of that step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// So much is done; never more than there is.
    pub done: u64,
    /// So much there is.
    pub of: u64,
}

impl Share {
    /// `of` may be a guess from before the step: what is done beyond it is all of it.
    pub(super) fn new(done: u64, of: u64) -> Self {
        Self { done: done.min(of), of }
    }

    /// The same of things that are counted in memory.
    pub(super) fn counted(done: usize, of: usize) -> Self {
        let count = |number| u64::try_from(number).unwrap_or(u64::MAX);
        Self::new(count(done), count(of))
    }
}

/// Where a file stands that is being opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpeningStep {
    /// The file is copied as it is, before it is migrated. In bytes.
    Copying(Share),
    /// The file is brought to this program's schema. In migrations.
    Migrating(Share),
    /// What can be read of a damaged file is copied into a new one. In tables.
    Salvaging(Share),
    /// What is derived is made anew from the entries that came through. In entries.
    Remaking(Share),
    /// What this program understands of the entries is applied, after an earlier one. In threads.
    Applying(Share),
    /// The file is in use; the desk begins to work on it.
    Starting,
}

/// Hears of every step. Called often, and between the writes of an opening: it must not wait for anything.
pub trait OpeningWatcher: Send + Sync {
    /// The opening stands here now.
    fn stands(&self, step: OpeningStep);
}

/// Whoever opens a file that nobody waits for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Untold;

impl OpeningWatcher for Untold {
    fn stands(&self, _: OpeningStep) {}
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn no_more_is_done_than_there_is() {
        assert_eq!(Share::new(3, 9), Share { done: 3, of: 9 });
        assert_eq!(Share::new(12, 9), Share { done: 9, of: 9 });
        assert_eq!(Share::counted(1, 2), Share { done: 1, of: 2 });
    }
}
