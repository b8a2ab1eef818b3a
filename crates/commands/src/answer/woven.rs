//! Everything of a stretch of a thread in the order in which it is read.
//!
//! Promises: the order is that of time; at the same moment what was said comes first, then what happened, then what has not
//! left. What Meta does not give stands before what was said at the same moment, and is one line as long as nothing stands in
//! between. A reply whose grant claimed the thread stands behind the line that says so, whatever the clocks of relay, Meta and
//! desk say of the moment between the two.

use std::collections::BTreeMap;

use baton_core::desk::PartElsewhere;
use baton_core::store::{MessageRow, PartRow, TimelineItem, TimelineLine};
use baton_protocol::ReplyId;
use baton_protocol::team::TeamFact;

use super::items::Scene;
use crate::contract::thread::Item;

/// When, and what of the same moment comes first.
type Place = (i64, Rank);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Something was said that Meta does not give.
    NotGiven,
    /// A reply took the thread: the reply follows.
    Claim,
    /// Something was said.
    Said,
    /// Something happened.
    Happened,
    /// It has not left.
    OnItsWay,
}

/// What stands beside messages and timeline and is in neither, each with when.
pub(super) struct Beside {
    /// Notes of which the team has not been told.
    pub(super) pending: Vec<(i64, Item)>,
    /// Messages that were read from Meta itself, oldest first.
    pub(super) from_meta: Vec<(i64, Item)>,
}

/// Messages, timeline and what of this desk's outbox and of others' is no message yet.
pub(super) fn woven(
    scene: &Scene,
    messages: Vec<MessageRow>,
    lines: Vec<TimelineItem>,
    beside: Beside,
    (parts, elsewhere): (&[PartRow], &[PartElsewhere]),
) -> Vec<Item> {
    let mut begins = Begins::default();
    let mut items: Vec<(Place, Item)> = Vec::new();
    for message in messages {
        let at_ms = message.place.at_ms;
        begins.see(message.reply, at_ms);
        items.push(((at_ms, Rank::Said), scene.message(message)));
    }
    items.extend(beside.from_meta.into_iter().map(|(at_ms, item)| ((at_ms, Rank::Said), item)));
    for (row, (at_ms, item)) in parts.iter().zip(scene.parts(parts)) {
        begins.see(Some(row.reply), at_ms);
        items.push(((at_ms, Rank::OnItsWay), item));
    }
    for on_its_way in elsewhere {
        let at_ms = on_its_way.part.granted_ms.unwrap_or_default();
        begins.see(on_its_way.part.reply, at_ms);
        items.push(((at_ms, Rank::OnItsWay), scene.part_elsewhere(on_its_way)));
    }
    items.extend(lines.into_iter().filter_map(|line| Some((begins.place(&line), scene.line(line)?))));
    items.extend(beside.pending.into_iter().map(|(at_ms, item)| ((at_ms, Rank::Happened), item)));
    items.sort_by_key(|(place, _)| *place);
    joined(items.into_iter().map(|(_, item)| item))
}

/// Messages that Meta does not give and that stand next to each other, as one line.
fn joined(items: impl Iterator<Item = Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.size_hint().0);
    for item in items {
        if let Item::Gap { count: more, .. } = &item
            && let Some(Item::Gap { count, .. }) = joined.last_mut()
        {
            count.0 = count.0.saturating_add(more.0);
            continue;
        }
        joined.push(item);
    }
    joined
}

/// Where each reply of the stretch begins.
#[derive(Debug, Default)]
struct Begins(BTreeMap<ReplyId, i64>);

impl Begins {
    fn see(&mut self, reply: Option<ReplyId>, at_ms: i64) {
        let Some(reply) = reply else { return };
        let begin = self.0.entry(reply).or_insert(at_ms);
        *begin = at_ms.min(*begin);
    }

    fn place(&self, line: &TimelineItem) -> Place {
        let fact = match &line.line {
            TimelineLine::Gap => return (line.at_ms, Rank::NotGiven),
            TimelineLine::Team(fact) => fact,
            TimelineLine::Owner(_) | TimelineLine::Note(_) => return (line.at_ms, Rank::Happened),
        };
        let TeamFact::Assigned { reply: Some(reply), .. } = **fact else {
            return (line.at_ms, Rank::Happened);
        };
        let begins_ms = self.0.get(&reply).copied().unwrap_or(i64::MAX);
        (line.at_ms.min(begins_ms), Rank::Claim)
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::team::Actor;

    use super::*;
    use crate::contract::{Count, Ms};

    fn assigned(at_ms: i64, reply: Option<ReplyId>) -> TimelineItem {
        let fact = TeamFact::Assigned { customer: "mara".into(), assignee: None, by: Actor::Relay, reply };
        TimelineItem { key: "team:7".to_owned(), at_ms, line: TimelineLine::Team(Box::new(fact)) }
    }

    #[test]
    fn a_claim_stands_before_the_whole_reply_that_made_it() {
        let reply = ReplyId::new();
        let mut begins = Begins::default();
        for at_ms in [2_000, 990, 3_000] {
            begins.see(Some(reply), at_ms);
        }
        begins.see(Some(ReplyId::new()), 10);
        begins.see(None, 10);
        assert_eq!(begins.place(&assigned(1_000, Some(reply))), (990, Rank::Claim), "clocks differ");
        let at_once = begins.place(&assigned(990, Some(reply)));
        assert!(at_once < (990, Rank::Said) && at_once < (990, Rank::OnItsWay));
        assert_eq!(begins.place(&assigned(500, Some(reply))), (500, Rank::Claim));
    }

    #[test]
    fn what_no_reply_did_stands_in_its_moment_behind_what_was_said() {
        let begins = Begins::default();
        assert_eq!(begins.place(&assigned(1_000, None)), (1_000, Rank::Happened));
        assert_eq!(begins.place(&assigned(1_000, Some(ReplyId::new()))), (1_000, Rank::Claim));
        assert!(Rank::Said < Rank::Happened && Rank::Happened < Rank::OnItsWay);
    }

    fn gap(key: &str, at_ms: i64, count: u64) -> Item {
        Item::Gap { key: key.to_owned(), at_ms: Ms(at_ms), count: Count(count) }
    }

    #[test]
    fn what_meta_does_not_give_is_one_line_until_something_stands_in_between() {
        let line = Item::Team { key: "team:7".to_owned(), at_ms: Ms(3), line: "Ines took it".to_owned() };
        let items = [gap("a", 1, 1), gap("b", 2, 1), gap("c", 2, 1), line.clone(), gap("d", 4, 1)];
        assert_eq!(joined(items.into_iter()), [gap("a", 1, 3), line, gap("d", 4, 1)]);
        let at = TimelineItem { key: "gap:m_1".to_owned(), at_ms: 990, line: TimelineLine::Gap };
        assert!(Begins::default().place(&at) < (990, Rank::Said));
    }
}
