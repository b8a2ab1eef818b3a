//! The team's facts about one thread, folded by seq.
//!
//! Each field belongs to the fact with the highest seq that speaks of it; a part's end belongs to the settlement of
//! the highest rank, and among those to the first. So the state is a function of the set of facts, in whatever order
//! they come, and a repeat changes nothing.

use std::collections::BTreeMap;

use baton_protocol::ids::{AgentId, DeskId, PartId, ReplyId};
use baton_protocol::snapshot::OpenPart;
use baton_protocol::team::{Settlement, Status, TagEvidence, TeamFact};
use serde::{Deserialize, Serialize};

/// The team's state of one thread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeamState {
    assignee: Latest<Option<AgentId>>,
    status: Latest<Option<Status>>,
    parts: BTreeMap<PartId, PartFold>,
}

/// A value and the seq of the fact it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Latest<T> {
    seq: u64,
    value: T,
}

impl<T> Latest<T> {
    fn set(&mut self, seq: u64, value: T) {
        if seq > self.seq {
            *self = Self { seq, value };
        }
    }
}

/// One part, as the log tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartFold {
    /// Its grant; none while only its end is known.
    pub grant: Option<Grant>,
    /// How it ended, with the seq of that fact.
    pub settled: Option<(u64, Settlement)>,
}

/// The grant of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Seq of the fact.
    pub seq: u64,
    /// The reply.
    pub reply: ReplyId,
    /// Its place in the reply, from 0.
    pub index: u32,
    /// How many parts the reply has.
    pub of: u32,
    /// Who sends.
    pub agent: AgentId,
    /// From which desk.
    pub desk: DeskId,
    /// What is sent.
    pub text: String,
    /// Evidence, when the part carries the human-agent tag.
    pub tag: Option<TagEvidence>,
    /// True when the relay could not be asked before.
    pub unchecked: bool,
}

/// Whether a settlement takes the place of another: a higher rank wins, and among equals the first.
#[must_use]
pub fn settlement_wins(new: (u64, &Settlement), old: (u64, &Settlement)) -> bool {
    match new.1.rank().cmp(&old.1.rank()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => new.0 < old.0,
    }
}

/// Where a thread stands at a time: a customer who writes after it was set opens it again, and a sleep ends.
#[must_use]
pub fn effective_status(
    status: &Status,
    status_seq: u64,
    customer_seq: Option<u64>,
    now_ms: Option<i64>,
) -> Status {
    let woken =
        matches!((status, now_ms), (Status::Snoozed { until_ms }, Some(now_ms)) if *until_ms <= now_ms);
    let wrote_since = customer_seq.is_some_and(|seq| seq > status_seq);
    if woken || wrote_since { Status::Open } else { status.clone() }
}

impl TeamState {
    /// Takes a fact in. Facts about other things are left alone.
    pub fn apply(&mut self, seq: u64, fact: &TeamFact) {
        match fact {
            TeamFact::Assigned { assignee, .. } => self.assignee.set(seq, *assignee),
            TeamFact::StatusSet { status, .. } => self.status.set(seq, Some(status.clone())),
            TeamFact::SendStarted { reply, part, index, of, agent, desk, text, tag, unchecked, .. } => {
                let grant = Grant {
                    seq,
                    reply: *reply,
                    index: *index,
                    of: *of,
                    agent: *agent,
                    desk: *desk,
                    text: text.clone(),
                    tag: tag.clone(),
                    unchecked: *unchecked,
                };
                self.parts.entry(*part).or_default().granted(grant);
            }
            TeamFact::SendSettled { part, settlement, .. } => {
                self.parts.entry(*part).or_default().settled(seq, settlement);
            }
            _ => {}
        }
    }

    /// The seq of the last assignment or status entry; 0 when there is none.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.assignee.seq.max(self.status.seq)
    }

    /// Who works on the thread.
    #[must_use]
    pub fn assignee(&self) -> Option<AgentId> {
        self.assignee.value
    }

    /// Where it stands, as it was last set.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.value.clone().unwrap_or(Status::Open)
    }

    /// The seq of the last status entry; 0 when there is none.
    #[must_use]
    pub fn status_seq(&self) -> u64 {
        self.status.seq
    }

    /// One part.
    #[must_use]
    pub fn part(&self, part: PartId) -> Option<&PartFold> {
        self.parts.get(&part)
    }

    /// All parts, by id.
    pub fn parts(&self) -> impl Iterator<Item = (PartId, &PartFold)> {
        self.parts.iter().map(|(id, part)| (*id, part))
    }

    /// Parts on their way or unknown, oldest grant first.
    #[must_use]
    pub fn open_parts(&self) -> Vec<OpenPart> {
        let mut open: Vec<_> = self.parts.iter().filter_map(|(id, part)| part.open(*id)).collect();
        open.sort_by_key(|part| part.granted_seq);
        open
    }
}

impl PartFold {
    fn granted(&mut self, grant: Grant) {
        if self.grant.as_ref().is_none_or(|known| grant.seq < known.seq) {
            self.grant = Some(grant);
        }
    }

    fn settled(&mut self, seq: u64, settlement: &Settlement) {
        let wins = self
            .settled
            .as_ref()
            .is_none_or(|(old, known)| settlement_wins((seq, settlement), (*old, known)));
        if wins {
            self.settled = Some((seq, settlement.clone()));
        }
    }

    fn open(&self, part: PartId) -> Option<OpenPart> {
        let grant = self.grant.as_ref()?;
        let unknown = match self.settled.as_ref().map(|(_, settlement)| settlement) {
            None => false,
            Some(Settlement::Unknown { .. }) => true,
            Some(_) => return None,
        };
        let (reply, agent, desk, granted_seq) = (grant.reply, grant.agent, grant.desk, grant.seq);
        Some(OpenPart { reply, part, agent, desk, granted_seq, unknown })
    }
}
