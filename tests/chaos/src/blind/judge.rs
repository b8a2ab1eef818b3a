//! Whether the relay let a reply go although its log had something newer than its agent had seen. Pure.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::send::OutMetadata;
use baton_protocol::entry::{Content, Entry};
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{CustomerId, DeskId, PartId};
use serde_json::Value;

/// An entry of the log, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its seq.
    pub seq: u64,
    /// The thread's customer.
    pub customer: CustomerId,
    /// What it says.
    pub what: What,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The customer wrote.
    Wrote,
    /// Meta tells of our own part.
    Echo {
        /// Which.
        part: PartId,
    },
    /// A part may leave.
    Granted {
        /// Which.
        part: PartId,
        /// The desk that sends it.
        desk: DeskId,
        /// Its text, which nobody else ever writes.
        text: String,
    },
    /// A part ended, one way or the other; unknown is no end.
    Ended {
        /// Which.
        part: PartId,
        /// Meta has it.
        is_sent: bool,
    },
}

/// The lines of an account's log, oldest first.
#[must_use]
pub fn lines(log: &[Entry]) -> Vec<Line> {
    log.iter().filter_map(|entry| line(entry.seq, &entry.content())).collect()
}

fn line(seq: u64, content: &Content) -> Option<Line> {
    let (customer, what) = match content {
        Content::Meta(stored) => event(&serde_json::from_str(stored.event.get()).ok()?)?,
        Content::Team(fact) => match &**fact {
            TeamFact::SendStarted { customer, part, desk, text, .. } => {
                (customer.clone(), What::Granted { part: *part, desk: *desk, text: text.clone() })
            }
            TeamFact::SendSettled { customer, part, settlement, .. } => {
                let is_sent = match settlement {
                    Settlement::Unknown { .. } => return None,
                    Settlement::Sent { .. } => true,
                    _ => false,
                };
                (customer.clone(), What::Ended { part: *part, is_sent })
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(Line { seq, customer, what })
}

fn event(event: &Value) -> Option<(CustomerId, What)> {
    let message = event.get("message")?;
    if message["is_echo"] == true {
        let part = OutMetadata::parse(message["metadata"].as_str()?)?.part().parse().ok()?;
        return Some((CustomerId::from(event["recipient"]["id"].as_str()?), What::Echo { part }));
    }
    Some((CustomerId::from(event["sender"]["id"].as_str()?), What::Wrote))
}

/// A press of *Send*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The text, which nobody else ever writes.
    pub text: String,
    /// The seq of the last word as the agent saw it.
    pub word: u64,
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Granted although somebody else's word stood in the log that the agent had not seen.
    NewerWord {
        /// The grant.
        granted: u64,
        /// The word.
        word: u64,
    },
    /// Granted while a colleague's part was on its way.
    TwoOnTheirWay {
        /// The grant.
        granted: u64,
        /// The colleague's grant.
        other: u64,
    },
    /// Granted, and nobody pressed it.
    Unpressed {
        /// The grant.
        granted: u64,
    },
    /// It left twice.
    SentTwice {
        /// The text.
        text: String,
    },
}

/// A customer's message that came between a grant and its end: the two crossed on their way, and nobody can help that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// The grant.
    pub granted: u64,
    /// The customer's message.
    pub word: u64,
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Everything that does not hold.
    pub faults: Vec<Fault>,
    /// How many grants there are.
    pub granted: usize,
    /// How many parts Meta has.
    pub sent: usize,
    /// What crossed.
    pub crossings: Vec<Crossing>,
}

/// The texts that Meta has and that crossed something: what desks mark, and nothing else.
#[must_use]
pub fn crossed_texts(lines: &[Line], judged: &Judged) -> BTreeSet<String> {
    let granted: BTreeSet<u64> = judged.crossings.iter().map(|crossing| crossing.granted).collect();
    let sent: BTreeSet<PartId> = lines.iter().filter_map(|line| line.what.sent()).collect();
    let texts = lines.iter().filter_map(|line| match &line.what {
        What::Granted { part, text, .. } if granted.contains(&line.seq) && sent.contains(part) => {
            Some(text.clone())
        }
        _ => None,
    });
    texts.collect()
}

impl What {
    /// The part that Meta has, where it says so.
    fn sent(&self) -> Option<PartId> {
        match self {
            Self::Echo { part } | Self::Ended { part, is_sent: true } => Some(*part),
            Self::Wrote | Self::Granted { .. } | Self::Ended { .. } => None,
        }
    }
}

struct Part<'a> {
    granted: u64,
    desk: DeskId,
    text: &'a str,
    is_open: bool,
    is_sent: bool,
}

/// One thread, up to some line.
#[derive(Default)]
struct Thread<'a> {
    /// Words with the desk that said them; none for the customer.
    words: Vec<(u64, Option<DeskId>)>,
    parts: BTreeMap<PartId, Part<'a>>,
}

/// Goes through the log, oldest entry first.
#[must_use]
pub fn judge(lines: &[Line], pressed: &[Pressed]) -> Judged {
    let seen: BTreeMap<&str, u64> = pressed.iter().map(|one| (one.text.as_str(), one.word)).collect();
    let mut judged = Judged::default();
    let mut threads: BTreeMap<&CustomerId, Thread<'_>> = BTreeMap::new();
    let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        let thread = threads.entry(&line.customer).or_default();
        match &line.what {
            What::Wrote => thread.hears(line.seq, &mut judged),
            What::Granted { part, desk, text } => {
                thread.grants(line.seq, (*desk, seen.get(text.as_str()).copied()), &mut judged);
                let granted = Part { granted: line.seq, desk: *desk, text, is_open: true, is_sent: false };
                thread.parts.insert(*part, granted);
            }
            What::Echo { part } | What::Ended { part, is_sent: true } => {
                if let Some(text) = thread.sends(line.seq, *part) {
                    judged.sent += 1;
                    *sent.entry(text).or_default() += 1;
                }
            }
            What::Ended { part, is_sent: false } => {
                if let Some(part) = thread.parts.get_mut(part) {
                    part.is_open = false;
                }
            }
        }
    }
    let twice = sent.into_iter().filter(|(_, times)| *times > 1);
    judged.faults.extend(twice.map(|(text, _)| Fault::SentTwice { text: text.to_owned() }));
    judged
}

impl<'a> Thread<'a> {
    fn hears(&mut self, seq: u64, judged: &mut Judged) {
        let on_their_way = self.parts.values().filter(|part| part.is_open);
        judged.crossings.extend(on_their_way.map(|part| Crossing { granted: part.granted, word: seq }));
        self.words.push((seq, None));
    }

    fn grants(&self, granted: u64, (desk, seen): (DeskId, Option<u64>), judged: &mut Judged) {
        judged.granted += 1;
        let Some(seen) = seen else {
            judged.faults.push(Fault::Unpressed { granted });
            return;
        };
        let newer = self.words.iter().find(|(seq, by)| *seq > seen && *by != Some(desk));
        judged.faults.extend(newer.map(|(word, _)| Fault::NewerWord { granted, word: *word }));
        let others = self.parts.values().filter(|part| part.is_open && part.desk != desk);
        judged.faults.extend(others.map(|part| Fault::TwoOnTheirWay { granted, other: part.granted }));
    }

    /// That a part was sent is one word of its desk, from the moment that is first told. Gives its text then.
    fn sends(&mut self, seq: u64, part: PartId) -> Option<&'a str> {
        let part = self.parts.get_mut(&part).filter(|part| !part.is_sent)?;
        (part.is_sent, part.is_open) = (true, false);
        self.words.push((seq, Some(part.desk)));
        Some(part.text)
    }
}

#[cfg(test)]
mod tests;
