//! The team's state of one thread at the relay, and how entries change it.
//!
//! It is a fold: [`ThreadState::apply`] for facts of the team, [`ThreadState::hear`] for Meta's words and echoes, and
//! [`ThreadState::say`] for whose turn it is. Deciding stands elsewhere ([`super::decide`]); nothing here refuses anything.
//!
//! That a reply waits on a desk is no part of it: it moves nothing and keeps nobody away. What a desk last said of that
//! stands in the log, also once that desk was cut off.

use std::collections::BTreeMap;

use baton_protocol::enrol::Role;
use baton_protocol::snapshot::{OpenPart, ThreadSnapshot};
use baton_protocol::team::{Settlement, Status, TeamFact};
use baton_protocol::{AgentId, CustomerId, DeskId, Mid, PartId, ReplyId};
use baton_thread::owner::AccountFacts;
use baton_thread::team::effective_status;

use super::queue::{Standing, Stands};
use super::turn::{Said, Turn};
use super::word::Heard;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The desk.
    pub desk: DeskId,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's role on the account.
    pub role: Role,
}

/// What the relay knows of one thread. Of parts, only those that are open and those that the command at hand
/// names need to be present.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadState {
    /// Seq of the last assignment or status entry.
    pub version: u64,
    /// Who works on it.
    pub assignee: Option<AgentId>,
    /// Where it stands.
    pub status: Status,
    /// Its last words.
    pub words: Words,
    /// Replies of which a part was granted.
    pub replies: BTreeMap<ReplyId, Reply>,
    /// Parts that were granted.
    pub parts: BTreeMap<PartId, Part>,
    /// Whether its customer waits; none when that must be folded anew from all of its entries.
    pub turn: Option<Turn>,
    /// How it stood when it was loaded; none for one that was not looked at yet.
    pub stood: Option<Stands>,
    /// The customer opened it again, and it is not decided yet whether its assignee keeps it.
    pub is_reopened: bool,
}

impl Default for ThreadState {
    fn default() -> Self {
        Self {
            version: 0,
            assignee: None,
            status: Status::Open,
            words: Words::default(),
            replies: BTreeMap::new(),
            parts: BTreeMap::new(),
            turn: None,
            stood: None,
            is_reopened: false,
        }
    }
}

/// The last words of a thread, as much of them as any desk's question needs.
///
/// A desk's own word does not count against it, so the question is always "the last word that is not of desk
/// D". Two seqs answer it for every D: the last word, and the last one that is not of the desk that said the
/// last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Seq of the last word; 0 when there is none.
    pub last: u64,
    /// The desk that said it; none for the customer and for Meta's inbox.
    pub by: Option<DeskId>,
    /// Seq of the last word of somebody else than `by`.
    pub other: u64,
}

impl Words {
    /// Notes a word.
    pub fn add(&mut self, seq: u64, by: Option<DeskId>) {
        if by != self.by {
            self.other = self.last;
        }
        self.last = seq;
        self.by = by;
    }

    /// Seq of the last word that was not said by this desk.
    #[must_use]
    pub fn last_not_of(&self, desk: DeskId) -> u64 {
        if self.by == Some(desk) { self.other } else { self.last }
    }
}

/// A reply of which a part was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The desk that sends it.
    pub desk: DeskId,
    /// The thread's version after the reply's own claim.
    pub version: u64,
}

/// A part that was granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its reply.
    pub reply: ReplyId,
    /// Its place in the reply, from 0.
    pub place: u32,
    /// Who sends.
    pub agent: AgentId,
    /// From which desk.
    pub desk: DeskId,
    /// Seq of its grant.
    pub granted_seq: u64,
    /// How long ago it was granted, milliseconds of the boot clock; what a restart hides does not count.
    pub age_ms: i64,
    /// How it ended, as far as that is known.
    pub settlement: Option<Settlement>,
    /// True once an entry of the log says so; an echo alone proves that the part was sent, but names neither its author
    /// nor its evidence.
    pub is_told: bool,
}

impl Part {
    /// True until it ended; unknown counts as not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.settlement, None | Some(Settlement::Unknown { .. }))
    }

    /// True when it settled as unknown and nobody has found out since.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.settlement, Some(Settlement::Unknown { .. }))
    }

    /// True when Meta accepted it.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        matches!(self.settlement, Some(Settlement::Sent { .. }))
    }

    /// True when this settlement says more than what is known.
    #[must_use]
    pub fn is_outranked_by(&self, settlement: &Settlement) -> bool {
        self.settlement.as_ref().is_none_or(|known| settlement.rank() > known.rank())
    }

    /// True when this settlement belongs into the log: it says more than what is known, or it is the first entry that
    /// says what only an echo showed.
    #[must_use]
    pub fn needs_entry(&self, settlement: &Settlement) -> bool {
        let first_to_say_it =
            !self.is_told && self.settlement.as_ref().map(Settlement::rank) == Some(settlement.rank());
        self.is_outranked_by(settlement) || first_to_say_it
    }
}

impl ThreadState {
    /// Takes in a fact of the team that was appended at this seq.
    pub fn apply(&mut self, seq: u64, fact: &TeamFact) {
        match fact {
            TeamFact::Assigned { assignee, .. } => self.assignee = *assignee,
            TeamFact::StatusSet { status, .. } => self.status = status.clone(),
            TeamFact::SendStarted { reply, part, index, agent, desk, .. } => {
                // Only the grant of a whole reply looks at words again; its later parts build on this version.
                let version = self.version;
                self.replies
                    .entry(*reply)
                    .and_modify(|r| {
                        if *index == 0 {
                            r.version = version;
                        }
                    })
                    .or_insert(Reply { desk: *desk, version });
                let granted = Part {
                    reply: *reply,
                    place: *index,
                    agent: *agent,
                    desk: *desk,
                    granted_seq: seq,
                    age_ms: 0,
                    settlement: None,
                    is_told: false,
                };
                self.parts.entry(*part).or_insert(granted);
            }
            TeamFact::SendSettled { part, settlement, .. } => self.settle(seq, *part, settlement, true),
            _ => {}
        }
        if fact.moves_version() {
            self.version = seq;
            self.is_reopened = false;
        }
    }

    /// Takes in what an entry says of whose turn it is.
    pub fn say(&mut self, said: &Said, facts: &AccountFacts) {
        self.turn = self.turn.take().and_then(|turn| turn.after(said, facts));
    }

    /// Notices, once all is taken in, that the customer opened the thread again since it was loaded. `now_ms` is Meta's time.
    pub fn notice_reopened(&mut self, now_ms: i64) {
        let stands = self.standing().stands;
        let was_set = match (self.stood, &self.status) {
            // Its sleep was over before the customer wrote.
            (Some(Stands::Asleep), Status::Snoozed { until_ms }) => *until_ms > now_ms,
            // Whoever waits for the customer may be gone by the time they write.
            (Some(Stands::Done), Status::Done) | (Some(Stands::Waiting), Status::WaitingOnCustomer) => true,
            _ => false,
        };
        self.is_reopened = stands == Stands::Open && self.assignee.is_some() && (self.is_reopened || was_set);
        self.stood = Some(stands);
    }

    /// How it stands for the queue.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let turn = self.turn.as_ref();
        let is_reopened = turn.is_some_and(Turn::is_reopened);
        let (stands, wakes_ms) = match effective_status(&self.status, is_reopened, None) {
            _ if turn.is_some_and(Turn::is_blocked) => (Stands::Blocked, None),
            Status::Open => (Stands::Open, None),
            Status::WaitingOnCustomer => (Stands::Waiting, None),
            Status::Snoozed { until_ms } => (Stands::Asleep, Some(until_ms)),
            Status::Done => (Stands::Done, None),
        };
        let is_waited_for = matches!(stands, Stands::Open | Stands::Asleep);
        Standing {
            version: self.version,
            assignee: self.assignee,
            stands,
            waits_ms: turn.and_then(Turn::waits_ms).filter(|_| is_waited_for),
            word_ms: turn.and_then(Turn::word_ms),
            wakes_ms,
            is_reopened: self.is_reopened,
        }
    }

    /// Takes in what a webhook event means for the thread. An echo that proves a part sent closes it.
    pub fn hear(&mut self, seq: u64, heard: &Heard, mid: Option<&Mid>, at_ms: Option<i64>) {
        match heard {
            Heard::Others => self.words.add(seq, None),
            Heard::OfPart(part) => {
                let Some(known) = self.parts.get(part) else { return };
                match mid {
                    Some(mid) => {
                        let settlement = Settlement::Sent { mid: mid.clone(), at_ms };
                        self.settle(seq, *part, &settlement, false);
                    }
                    None if !known.is_sent() => self.words.add(seq, Some(known.desk)),
                    None => {}
                }
            }
            Heard::NoWord => {}
        }
    }

    /// The parts of other desks that are on their way or unknown.
    pub fn open_parts_of_others(&self, desk: DeskId) -> impl Iterator<Item = (&PartId, &Part)> {
        self.parts.iter().filter(move |(_, part)| part.is_open() && part.desk != desk)
    }

    /// The state as a desk hears of it.
    #[must_use]
    pub fn snapshot(&self, customer: CustomerId) -> ThreadSnapshot {
        ThreadSnapshot {
            customer,
            version: self.version,
            assignee: self.assignee,
            status: self.status.clone(),
            word_seq: self.words.last,
            open_parts: self.parts.iter().filter(|(_, p)| p.is_open()).map(open_part).collect(),
        }
    }

    /// A part that was sent is one word of its desk, from the moment that is first known, however often it is told. Until
    /// then it is open, and that keeps other desks away; one that was refused or never began was never said.
    fn settle(&mut self, seq: u64, part: PartId, settlement: &Settlement, is_entry: bool) {
        let Some(known) = self.parts.get_mut(&part).filter(|known| known.needs_entry(settlement)) else {
            return;
        };
        known.is_told = is_entry;
        if !known.is_outranked_by(settlement) {
            return;
        }
        known.settlement = Some(settlement.clone());
        if known.is_sent() {
            self.words.add(seq, Some(known.desk));
        }
    }
}

/// A part as a desk hears of it.
pub(super) fn open_part((id, part): (&PartId, &Part)) -> OpenPart {
    OpenPart {
        reply: part.reply,
        part: *id,
        agent: part.agent,
        desk: part.desk,
        granted_seq: part.granted_seq,
        unknown: part.is_unknown(),
    }
}

#[cfg(test)]
mod tests;
