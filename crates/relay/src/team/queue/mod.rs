//! Who gets which thread by an account's rules. Pure: `(queue, what happened) → (queue, moves)`; one queue per account.
//!
//! ```text
//!                    customer waits, nobody has it              round robin: the longest wait first, to whoever is
//!   not in it ─────────────────────────────▶ waiting ──────────────────────────────▶ somebody's     next in turn
//!     ▲   ▲                                    ▲   ▲
//!     │   └── answered · done · another app's ─┘   └── put back · its sleep ended · returned
//!     │
//!   done, asleep or waiting for the customer ── the customer opens it again
//!     ├─▶ its assignee is online and under the limit, and keeps it (setting)
//!     └─▶ anybody else's: to the queue
//! ```
//!
//! Only who is online gets anything; away, transfers only and offline get nothing new. What people give and claim counts for
//! the limit and is not held to it; what waits on the customer does not count ([`baton_thread::team::counts`]). What nobody may answer any more, because the customer's last word is too old for Meta, is
//! given to nobody: it would come first, and be in the way of those who can be helped. Turns go round in the order of the members' ids, from whoever got one last, and pass over
//! those who cannot get one.
//!
//! A move names the version that the thread had: whoever carries it out does nothing where it has another one by then, and
//! tells the queue how the thread stands. Until then the queue takes its moves for done, so that nothing is given twice. It
//! decides nothing before it is told that desks have had the time to come back after a start ([`Event::Settled`]), because
//! until then nobody is known to be away.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use baton_protocol::account::{AssignBy, QueueRules};
use baton_protocol::presence::PresenceState;
use baton_protocol::team::Status;
use baton_protocol::{AgentId, CustomerId};
use baton_thread::team::{counts, effective_status, is_full};

/// In which state a thread is, as far as the queue asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Somebody should look at it.
    Open,
    /// We wait for the customer.
    Waiting,
    /// Put to sleep.
    Asleep,
    /// Finished.
    Done,
    /// Its customer is kept away.
    Blocked,
}

impl Stands {
    /// Its name in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Asleep => "asleep",
            Self::Done => "done",
            Self::Blocked => "blocked",
        }
    }

    /// The one of this name; none for a thread that was not looked at yet.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Open, Self::Waiting, Self::Asleep, Self::Done, Self::Blocked]
            .into_iter()
            .find(|stands| stands.as_str() == name)
    }
}

/// How a thread stands. Times are milliseconds UTC of Meta.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Seq of its last assignment or status entry.
    pub version: u64,
    /// Who works on it.
    pub assignee: Option<AgentId>,
    /// In which state it is, time aside.
    pub stands: Stands,
    /// Since when its customer waits for a person of ours; none while nobody does.
    pub waits_ms: Option<i64>,
    /// When its customer last wrote.
    pub word_ms: Option<i64>,
    /// Of one that is asleep: until when.
    pub wakes_ms: Option<i64>,
    /// The customer opened it again, and it is not decided yet whether its assignee keeps it.
    pub is_reopened: bool,
}

impl Standing {
    /// Its status at a time, as desks know it; none while its customer is kept away.
    fn status_at(&self, now_ms: i64) -> Option<Status> {
        let set = match self.stands {
            Stands::Open => Status::Open,
            Stands::Waiting => Status::WaitingOnCustomer,
            Stands::Asleep => self.wakes_ms.map_or(Status::Open, |until_ms| Status::Snoozed { until_ms }),
            Stands::Done => Status::Done,
            Stands::Blocked => return None,
        };
        Some(effective_status(&set, false, Some(now_ms)))
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// These rules hold.
    Rules(QueueRules),
    /// These people have a role on the account.
    Members(BTreeSet<AgentId>),
    /// This is who is there; whoever is not named is offline.
    There(BTreeMap<AgentId, PresenceState>),
    /// A thread stands so.
    Stands(CustomerId, Standing),
    /// For so long after the customer's last word somebody may answer, milliseconds.
    Answerable(i64),
    /// This is the time, milliseconds UTC of Meta.
    Time(i64),
    /// Desks have had the time to come back: who is not there is away.
    Settled,
}

/// Where a thread goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To this agent, from the queue.
    Agent(AgentId),
    /// To the queue: the customer opened it again, and its assignee cannot have it.
    Queue,
    /// Nowhere: the customer opened it again, and its assignee keeps it.
    Stay,
}

/// A thread is to be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The thread.
    pub customer: CustomerId,
    /// Its version as the queue knows it.
    pub version: u64,
    /// Where it goes.
    pub to: To,
}

/// The queue of one account.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    rules: QueueRules,
    is_settled: bool,
    now_ms: i64,
    /// For how long after the last word somebody may answer; as long as nobody said, for ever.
    answerable_ms: Option<i64>,
    members: BTreeSet<AgentId>,
    there: BTreeMap<AgentId, PresenceState>,
    /// Threads that wait, that somebody has, and that are asleep.
    threads: BTreeMap<CustomerId, (Standing, Place)>,
    /// Those that wait, the longest wait first.
    waiting: BTreeSet<(i64, CustomerId)>,
    /// Those that are asleep, by when they wake.
    asleep: BTreeSet<(i64, CustomerId)>,
    /// How many threads that count each agent has.
    load: BTreeMap<AgentId, u32>,
    /// Those of which it is to be decided whether their assignee keeps them.
    reopened: BTreeSet<CustomerId>,
    /// Who got one last.
    last: Option<AgentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Waiting(i64),
    Of(AgentId),
    Asleep(i64),
    /// It waits, and nobody may answer any more.
    Late,
}

impl Queue {
    /// An empty one, where this agent got the last thread.
    #[must_use]
    pub fn after(last: Option<AgentId>) -> Self {
        Self { last, ..Self::default() }
    }

    /// One step: all of this happened.
    pub fn step(&mut self, events: impl IntoIterator<Item = Event>) -> Vec<Move> {
        for event in events {
            self.take_in(event);
        }
        if !self.is_settled {
            return Vec::new();
        }
        let mut moves = self.decide_reopened();
        if self.rules.assign == AssignBy::RoundRobin {
            self.give_out(&mut moves);
        }
        moves
    }

    /// When time alone changes something next, milliseconds UTC of Meta.
    #[must_use]
    pub fn wakes_ms(&self) -> Option<i64> {
        self.asleep.first().map(|(wakes_ms, _)| *wakes_ms)
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Rules(rules) => self.rules = rules,
            Event::Members(members) => self.members = members,
            Event::There(there) => self.there = there,
            Event::Settled => self.is_settled = true,
            Event::Answerable(ms) => {
                self.answerable_ms = Some(ms);
                let threads = self.threads.iter().filter(|(_, (_, place))| *place == Place::Late);
                let late: Vec<CustomerId> = threads.map(|(customer, _)| customer.clone()).collect();
                for customer in late {
                    if let Some(standing) = self.forget(&customer) {
                        self.place(customer, standing);
                    }
                }
            }
            Event::Stands(customer, standing) => {
                self.forget(&customer);
                self.place(customer, standing);
            }
            Event::Time(now_ms) => {
                self.now_ms = now_ms;
                while let Some((_, customer)) =
                    self.asleep.first().filter(|(at_ms, _)| *at_ms <= now_ms).cloned()
                {
                    if let Some(standing) = self.forget(&customer) {
                        self.place(customer, standing);
                    }
                }
            }
        }
    }

    fn forget(&mut self, customer: &CustomerId) -> Option<Standing> {
        self.reopened.remove(customer);
        let (standing, place) = self.threads.remove(customer)?;
        match place {
            Place::Waiting(since_ms) => {
                self.waiting.remove(&(since_ms, customer.clone()));
            }
            Place::Asleep(wakes_ms) => {
                self.asleep.remove(&(wakes_ms, customer.clone()));
            }
            Place::Of(agent) => {
                if let Some(load) = self.load.get_mut(&agent) {
                    *load = load.saturating_sub(1);
                }
            }
            Place::Late => {}
        }
        Some(standing)
    }

    fn place(&mut self, customer: CustomerId, standing: Standing) {
        let place = match standing.status_at(self.now_ms) {
            Some(Status::Snoozed { until_ms }) => Some(Place::Asleep(until_ms)),
            Some(status) if counts(&status) => match (standing.assignee, standing.waits_ms) {
                (Some(agent), _) => Some(Place::Of(agent)),
                (None, Some(_)) if self.is_late(&standing) => Some(Place::Late),
                (None, waits_ms) => waits_ms.map(Place::Waiting),
            },
            _ => None,
        };
        let Some(place) = place else { return };
        match place {
            Place::Waiting(since_ms) => {
                self.waiting.insert((since_ms, customer.clone()));
            }
            Place::Asleep(wakes_ms) => {
                self.asleep.insert((wakes_ms, customer.clone()));
            }
            Place::Of(agent) => {
                *self.load.entry(agent).or_default() += 1;
                if standing.is_reopened {
                    self.reopened.insert(customer.clone());
                }
            }
            Place::Late => {}
        }
        self.threads.insert(customer, (standing, place));
    }

    fn decide_reopened(&mut self) -> Vec<Move> {
        let mut moves = Vec::new();
        for customer in std::mem::take(&mut self.reopened) {
            let Some(mut standing) = self.forget(&customer) else { continue };
            let version = standing.version;
            let keeps = |agent: &AgentId| self.rules.reopen_to_last && self.may_get(*agent);
            let to = if standing.assignee.as_ref().is_some_and(keeps) { To::Stay } else { To::Queue };
            if to == To::Stay {
                standing.is_reopened = false;
                self.place(customer.clone(), standing);
            }
            // One that goes to the queue is in it once that stands in the log: until then nobody knows its version.
            moves.push(Move { customer, version, to });
        }
        moves
    }

    fn give_out(&mut self, moves: &mut Vec<Move>) {
        while let Some((_, customer)) = self.waiting.first().cloned() {
            let Some(agent) = self.next_in_turn() else { return };
            let Some(standing) = self.forget(&customer) else { return };
            if self.is_late(&standing) {
                self.place(customer, standing);
                continue;
            }
            moves.push(Move { customer: customer.clone(), version: standing.version, to: To::Agent(agent) });
            self.place(customer, Standing { assignee: Some(agent), ..standing });
            self.last = Some(agent);
        }
    }

    fn is_late(&self, standing: &Standing) -> bool {
        let since_ms = standing.word_ms.map_or(0, |word_ms| self.now_ms.saturating_sub(word_ms));
        self.answerable_ms.is_some_and(|answerable_ms| since_ms >= answerable_ms)
    }

    fn next_in_turn(&self) -> Option<AgentId> {
        let after = self.last.map_or(Bound::Unbounded, Bound::Excluded);
        let others = self.members.range((after, Bound::Unbounded)).chain(&self.members);
        others.copied().find(|agent| self.may_get(*agent))
    }

    fn may_get(&self, agent: AgentId) -> bool {
        self.members.contains(&agent)
            && self.there.get(&agent) == Some(&PresenceState::Online)
            && !is_full(self.load.get(&agent).copied().unwrap_or(0).into(), self.rules.limit.into())
    }
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
