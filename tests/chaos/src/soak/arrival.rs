//! How a log arrives: cut into batches, out of order, some of them twice, some much later.

use baton_protocol::entry::Entry;

/// Of this many batches one is held back.
const HELD_BACK_OF: usize = 40;
/// And one comes again.
const REPEATED_OF: usize = 25;
/// So many wait to come late or again.
const MOST_WAITING: usize = 60;
/// No batch is longer.
const LONGEST: usize = 900;

/// What is on its way.
#[derive(Debug)]
pub struct Arrival {
    chance: fastrand::Rng,
    waiting: Vec<Vec<Entry>>,
}

impl Arrival {
    /// With this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { chance: fastrand::Rng::with_seed(seed), waiting: Vec::new() }
    }

    /// The batches that come in now.
    pub fn of(&mut self, entries: Vec<Entry>) -> Vec<Vec<Entry>> {
        let mut batches = Vec::new();
        let mut rest = entries;
        while !rest.is_empty() {
            let length = if self.chance.bool() {
                1 + self.chance.usize(..60)
            } else {
                1 + self.chance.usize(..LONGEST)
            };
            let after = rest.split_off(length.min(rest.len()));
            if self.chance.bool() {
                self.chance.shuffle(&mut rest);
            }
            batches.push(std::mem::replace(&mut rest, after));
        }
        self.chance.shuffle(&mut batches);
        let mut now = Vec::new();
        for batch in batches {
            if self.chance.usize(..REPEATED_OF) == 0 {
                self.waiting.push(batch.clone());
            }
            if self.chance.usize(..HELD_BACK_OF) == 0 { self.waiting.push(batch) } else { now.push(batch) }
        }
        while self.waiting.len() > MOST_WAITING {
            let late = self.chance.usize(..self.waiting.len());
            now.push(self.waiting.swap_remove(late));
        }
        now
    }

    /// Everything that still waits.
    #[must_use]
    pub fn rest(self) -> Vec<Vec<Entry>> {
        self.waiting
    }
}
