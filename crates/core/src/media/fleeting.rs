//! Story media: shown from memory for a while, written nowhere (docs/meta.md 2.7.4).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::picture::Thumb;
use crate::desk::inner::lock;
use crate::store::{MediaFacts, MediaRef};

/// How many bytes are held at most; the oldest go first. One that is larger alone is held alone.
const MOST_BYTES: usize = 48 << 20;
/// How long one is held, milliseconds of the boot clock. Whoever looks at it later fetches it again, if it still lives.
const HELD_MS: i64 = 10 * 60_000;

/// A medium in memory.
#[derive(Debug)]
pub(crate) struct InMemory {
    pub(crate) bytes: Vec<u8>,
    pub(crate) facts: MediaFacts,
    pub(crate) thumb: Option<Thumb>,
}

/// What is held in memory.
#[derive(Debug, Default)]
pub(super) struct Fleeting {
    held: Mutex<VecDeque<Held>>,
}

#[derive(Debug)]
struct Held {
    medium: MediaRef,
    until_ms: i64,
    what: Arc<InMemory>,
}

impl Fleeting {
    /// One that is held.
    pub(super) fn get(&self, medium: MediaRef, now_ms: i64) -> Option<Arc<InMemory>> {
        let mut held = lock(&self.held);
        held.retain(|one| one.until_ms > now_ms);
        held.iter().find(|one| one.medium == medium).map(|one| Arc::clone(&one.what))
    }

    /// Holds one for a while.
    pub(super) fn hold(&self, medium: MediaRef, what: Arc<InMemory>, now_ms: i64) {
        let mut held = lock(&self.held);
        held.retain(|one| one.until_ms > now_ms && one.medium != medium);
        held.push_back(Held { medium, until_ms: now_ms.saturating_add(HELD_MS), what });
        while held.len() > 1 && held.iter().map(|one| one.what.bytes.len()).sum::<usize>() > MOST_BYTES {
            held.pop_front();
        }
    }

    /// Lets go of what is held longer than it should be.
    pub(super) fn let_go(&self, now_ms: i64) {
        lock(&self.held).retain(|one| one.until_ms > now_ms);
    }

    /// Lets go of one: its message is gone.
    pub(super) fn forget(&self, medium: MediaRef) {
        lock(&self.held).retain(|one| one.medium != medium);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(message: i64) -> MediaRef {
        MediaRef::Story { message }
    }

    fn of_size(bytes: usize) -> Arc<InMemory> {
        let facts = MediaFacts { mime: "image/png".into(), bytes: bytes as u64, picture: None, name: None };
        Arc::new(InMemory { bytes: vec![0; bytes], facts, thumb: None })
    }

    #[test]
    fn a_story_is_held_for_a_while_and_no_longer() {
        let fleeting = Fleeting::default();
        fleeting.hold(story(1), of_size(3), 0);
        assert!(fleeting.get(story(1), HELD_MS - 1).is_some());
        assert!(fleeting.get(story(2), 0).is_none());
        assert!(fleeting.get(story(1), HELD_MS).is_none());
        fleeting.hold(story(1), of_size(3), 0);
        fleeting.forget(story(1));
        assert!(fleeting.get(story(1), 1).is_none());
    }

    #[test]
    fn the_oldest_makes_room() {
        let fleeting = Fleeting::default();
        for message in 1..=3 {
            fleeting.hold(story(message), of_size(MOST_BYTES / 2), message);
        }
        assert!(fleeting.get(story(1), 4).is_none());
        assert!(fleeting.get(story(2), 4).is_some() && fleeting.get(story(3), 4).is_some());
    }
}
