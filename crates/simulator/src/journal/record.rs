//! Where calls and webhooks are kept: in the order of happening, the oldest going when there are too many.

use std::collections::{BTreeSet, VecDeque};

use super::{Call, Entry, Line, Webhook};

/// Older records go when there are more than this of one kind.
const KEPT: usize = 50_000;
/// Changes older than so many are forgotten: who looks so rarely looks anew.
const CHANGES: usize = 400;

/// Both kinds and what changed last.
#[derive(Debug, Default)]
pub(super) struct Records {
    calls: Kept<Call>,
    webhooks: Kept<Webhook>,
    made: u64,
    /// Which lines changed, oldest first, and how many changes there ever were.
    changed: VecDeque<Place>,
    changes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Call(u64),
    Webhook(u64),
}

impl Records {
    pub fn add_call(&mut self, call: Call) {
        let place = Place::Call(call.number);
        self.made += 1;
        self.calls.push(self.made, call);
        self.note(place);
    }

    pub fn add_webhook(&mut self, webhook: Webhook) {
        let place = Place::Webhook(webhook.number);
        self.made += 1;
        self.webhooks.push(self.made, webhook);
        self.note(place);
    }

    pub fn change_call<T>(&mut self, number: u64, change: impl FnOnce(&mut Call) -> T) -> Option<T> {
        let result = self.calls.get_mut(number).map(change);
        self.note(Place::Call(number));
        result
    }

    pub fn change_webhook<T>(&mut self, number: u64, change: impl FnOnce(&mut Webhook) -> T) -> Option<T> {
        let result = self.webhooks.get_mut(number).map(change);
        self.note(Place::Webhook(number));
        result
    }

    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.kept.iter().map(|(_, call)| call)
    }

    pub fn webhooks(&self) -> impl DoubleEndedIterator<Item = &Webhook> {
        self.webhooks.kept.iter().map(|(_, webhook)| webhook)
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The lines that changed after `since`, newest first; `None` when that is too long ago.
    pub fn changed(&self, since: u64) -> Option<Vec<Line>> {
        let many = usize::try_from(self.changes.saturating_sub(since)).ok()?;
        if many > self.changed.len() {
            return None;
        }
        let places: BTreeSet<Place> = self.changed.iter().rev().take(many).copied().collect();
        let mut lines: Vec<Line> = places.into_iter().filter_map(|place| self.line(place)).collect();
        lines.sort_unstable_by_key(|line| std::cmp::Reverse(line.order));
        Some(lines)
    }

    /// Every line below `before`, newest first.
    pub fn newest_first(&self, before: u64) -> impl Iterator<Item = Line> {
        let mut calls =
            self.calls.kept.iter().rev().skip_while(move |(order, _)| *order >= before).peekable();
        let mut webhooks =
            self.webhooks.kept.iter().rev().skip_while(move |(order, _)| *order >= before).peekable();
        std::iter::from_fn(move || {
            let call = calls.peek().map_or(0, |(order, _)| *order);
            let webhook = webhooks.peek().map_or(0, |(order, _)| *order);
            if call > webhook {
                calls.next().map(|(order, call)| Line { order: *order, entry: Entry::Call(call.clone()) })
            } else {
                let line = |(order, webhook): &(u64, Webhook)| Line {
                    order: *order,
                    entry: Entry::Webhook(webhook.clone()),
                };
                webhooks.next().map(line)
            }
        })
    }

    fn line(&self, place: Place) -> Option<Line> {
        match place {
            Place::Call(number) => {
                let (order, call) = self.calls.get(number)?;
                Some(Line { order: *order, entry: Entry::Call(call.clone()) })
            }
            Place::Webhook(number) => {
                let (order, webhook) = self.webhooks.get(number)?;
                Some(Line { order: *order, entry: Entry::Webhook(webhook.clone()) })
            }
        }
    }

    fn note(&mut self, place: Place) {
        self.changes += 1;
        if self.changed.len() >= CHANGES {
            self.changed.pop_front();
        }
        self.changed.push_back(place);
    }
}

/// Records of one kind, each with its place in the common order; their own numbers count up from 1 without a gap.
#[derive(Debug)]
struct Kept<T> {
    kept: VecDeque<(u64, T)>,
    made: u64,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { kept: VecDeque::new(), made: 0 }
    }
}

impl<T> Kept<T> {
    fn push(&mut self, order: u64, record: T) {
        self.made += 1;
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((order, record));
    }

    fn at(&self, number: u64) -> Option<usize> {
        let first = self.made - self.kept.len() as u64 + 1;
        usize::try_from(number.checked_sub(first)?).ok()
    }

    fn get(&self, number: u64) -> Option<&(u64, T)> {
        self.kept.get(self.at(number)?)
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let at = self.at(number)?;
        self.kept.get_mut(at).map(|(_, record)| record)
    }
}
