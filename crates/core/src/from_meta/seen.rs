//! What an agent had read from Meta itself when they pressed *Send*: the log brings it later, and it is no news to that reply.
//! In memory, so after a restart such a reply comes back instead of leaving: the safe side.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use baton_messenger::Mid;
use baton_protocol::ReplyId;

/// Of more replies nothing is kept; the ones pressed first go.
const MOST_REPLIES: usize = 500;

/// Which messages the author of each reply had seen, though the log had not brought them.
#[derive(Debug, Default)]
pub(super) struct Seen {
    by_reply: VecDeque<(ReplyId, BTreeSet<Mid>)>,
}

impl Seen {
    /// A reply is pressed, or pressed again, by somebody who sees these.
    pub(super) fn pressed(&mut self, reply: ReplyId, mids: BTreeSet<Mid>) {
        self.by_reply.retain(|(pressed, _)| *pressed != reply);
        if mids.is_empty() {
            return;
        }
        self.by_reply.push_back((reply, mids));
        if self.by_reply.len() > MOST_REPLIES {
            self.by_reply.pop_front();
        }
    }

    /// All of it.
    pub(super) fn all(&self) -> BTreeMap<ReplyId, BTreeSet<Mid>> {
        self.by_reply.iter().cloned().collect()
    }

    /// What the author of a reply had seen.
    pub(super) fn of(&self, reply: ReplyId) -> BTreeSet<Mid> {
        let found = self.by_reply.iter().find(|(pressed, _)| *pressed == reply);
        found.map(|(_, mids)| mids.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mids(names: &[&str]) -> BTreeSet<Mid> {
        names.iter().map(|name| Mid::from(*name)).collect()
    }

    #[test]
    fn a_press_counts_with_what_was_seen_then_and_a_later_one_replaces_it() {
        let (mut seen, one, other) = (Seen::default(), ReplyId::new(), ReplyId::new());
        seen.pressed(one, mids(&["m_1"]));
        seen.pressed(other, mids(&[]));
        assert_eq!(seen.of(one), mids(&["m_1"]));
        assert_eq!(seen.of(other), mids(&[]));
        seen.pressed(one, mids(&["m_1", "m_2"]));
        assert_eq!(seen.of(one), mids(&["m_1", "m_2"]));
        seen.pressed(one, mids(&[]));
        assert_eq!(seen.of(one), mids(&[]));
    }

    #[test]
    fn only_so_many_are_kept() {
        let mut seen = Seen::default();
        let replies: Vec<ReplyId> = (0..=MOST_REPLIES).map(|_| ReplyId::new()).collect();
        for reply in &replies {
            seen.pressed(*reply, mids(&["m_1"]));
        }
        assert_eq!(seen.of(replies[0]), mids(&[]));
        assert_eq!(seen.of(replies[1]), mids(&["m_1"]));
    }
}
