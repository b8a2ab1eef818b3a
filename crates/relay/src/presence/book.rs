//! The book of who is there. Pure: `(book, event, boot clock) → (book, who changed, when to look again)`.
//!
//! ```text
//!            opened a stream             last stream gone           5 s later, or cut off
//!   no seat ────────────────▶ seated ─────────────────▶ seated, left ─────────────────────▶ no seat
//!                              │  ▲                          │
//!                              │  └────── opened again ──────┘
//!   what a seated desk said holds for 30 s, that somebody types for 6 s; a desk that never said anything is one of
//!   before, and its agent is online
//!
//!               a supervisor sets the agent offline
//!   as chosen ──────────────────────────────────────▶ held offline, whatever desks say, seated or not
//!       ▲                                                  │
//!       └── a desk that showed this act says another state,┘
//!           or one of before comes, which can show none
//! ```
//!
//! It promises that an agent is as present as the most present desk of theirs, that nobody looks at a thread of an account
//! they have no role on, and that what is kept is bounded by the desks that are connected. It decides nothing about who may
//! hear of whom beside [`AgentNow::seen_by`], and it forgets everything with the relay.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::presence::{
    Doing, GRACE_MS, LooksAt, Presence, PresenceSaid, PresenceState, SILENT_MS, SetOffline, TYPING_MS,
    Viewing,
};
use baton_protocol::{AccountId, AgentId, DeskId, OfflineId, RunId};

use crate::people::DeskAccess;

/// What happens to the book.
#[derive(Clone, Debug)]
pub enum Event {
    /// A desk opened a stream.
    Opened {
        /// The desk.
        desk: DeskId,
        /// Its agent.
        agent: AgentId,
        /// The accounts that the agent has a role on.
        accounts: BTreeSet<AccountId>,
        /// What it said with it; nothing from a desk of before.
        said: Option<PresenceSaid>,
    },
    /// One of a desk's streams is gone.
    Closed {
        /// The desk.
        desk: DeskId,
    },
    /// A desk said something.
    Said {
        /// The desk.
        desk: DeskId,
        /// What.
        said: PresenceSaid,
    },
    /// These are the accounts that an agent has a role on now.
    Rights {
        /// The agent.
        agent: AgentId,
        /// The accounts.
        accounts: BTreeSet<AccountId>,
    },
    /// A supervisor set an agent offline.
    SetOffline(SetOffline),
    /// A desk was cut off.
    CutOff {
        /// The desk.
        desk: DeskId,
    },
    /// Time passed.
    Tick,
}

/// What follows from an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Agents of whom something else is true now.
    pub changed: BTreeSet<AgentId>,
    /// When time alone changes something next, milliseconds of the boot clock.
    pub look_again_ms: Option<i64>,
}

/// An agent who is there, all desks of theirs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentNow {
    /// How present; never offline.
    pub state: PresenceState,
    /// What they look at, each thread once.
    pub views: Vec<Viewing>,
    /// The accounts that they have a role on.
    pub accounts: BTreeSet<AccountId>,
    /// The change of the book that made this so, see [`Book::changes`].
    pub since: u64,
}

/// The book.
#[derive(Clone, Debug, Default)]
pub struct Book {
    desks: BTreeMap<DeskId, Seat>,
    rights: BTreeMap<AgentId, BTreeSet<AccountId>>,
    agents: BTreeMap<AgentId, AgentNow>,
    /// Agents whom a supervisor set offline and who chose nothing since; at most one for each agent there is.
    held: BTreeMap<AgentId, SetOffline>,
    changes: u64,
}

#[derive(Clone, Debug)]
struct Seat {
    agent: AgentId,
    streams: usize,
    /// Since when it has no stream.
    left_ms: Option<i64>,
    said: Option<Said>,
}

#[derive(Clone, Debug)]
struct Said {
    run: RunId,
    seq: u64,
    state: PresenceState,
    viewing: Option<Viewing>,
    at_ms: i64,
}

impl Book {
    /// One step.
    pub fn step(&mut self, event: Event, now_ms: i64) -> Effects {
        // Before the event: what a desk said before it was gone for too long does not come back with it.
        self.leave(now_ms);
        let mut is_told = BTreeSet::new();
        match event {
            Event::Opened { desk, agent, accounts, said } => {
                self.rights.insert(agent, accounts);
                let has_come = !self.desks.contains_key(&desk);
                let seat =
                    self.desks.entry(desk).or_insert(Seat { agent, streams: 0, left_ms: None, said: None });
                seat.streams += 1;
                seat.left_ms = None;
                match said {
                    Some(said) => {
                        if let Some(shown) = seat.hear(said, now_ms) {
                            self.chose(agent, shown);
                        }
                    }
                    None => {
                        seat.said = None;
                        if has_come {
                            self.held.remove(&agent);
                        }
                    }
                }
            }
            Event::Closed { desk } => {
                if let Some(seat) = self.desks.get_mut(&desk) {
                    seat.streams = seat.streams.saturating_sub(1);
                    if seat.streams == 0 {
                        seat.left_ms.get_or_insert(now_ms);
                    }
                }
            }
            Event::Said { desk, said } => {
                let heard = self.desks.get_mut(&desk).map(|seat| (seat.agent, seat.hear(said, now_ms)));
                if let Some((agent, Some(shown))) = heard {
                    self.chose(agent, shown);
                }
            }
            Event::SetOffline(set) => {
                is_told.insert(set.agent);
                self.held.insert(set.agent, set);
            }
            Event::Rights { agent, accounts } => {
                if let Some(rights) = self.rights.get_mut(&agent) {
                    *rights = accounts;
                }
            }
            Event::CutOff { desk } => {
                self.desks.remove(&desk);
            }
            Event::Tick => {}
        }
        let seated: BTreeSet<AgentId> = self.desks.values().map(|seat| seat.agent).collect();
        self.rights.retain(|agent, _| seated.contains(agent));
        let mut changed = self.join(now_ms);
        if changed.is_empty() && !is_told.is_empty() {
            // Also one who was offline before hears who did it.
            self.changes += 1;
        }
        changed.extend(is_told);
        Effects { changed, look_again_ms: self.next_ms(now_ms) }
    }

    /// Who set an agent offline, while that holds.
    #[must_use]
    pub fn held(&self, agent: AgentId) -> Option<&SetOffline> {
        self.held.get(&agent)
    }

    /// How present an agent is.
    #[must_use]
    pub fn state_of(&self, agent: AgentId) -> PresenceState {
        self.agents.get(&agent).map_or(PresenceState::Offline, |now| now.state)
    }

    /// Everybody who is there.
    pub fn agents(&self) -> impl Iterator<Item = (AgentId, &AgentNow)> {
        self.agents.iter().map(|(agent, now)| (*agent, now))
    }

    /// The desks that have a seat, with their agents.
    pub fn desks(&self) -> impl Iterator<Item = (DeskId, AgentId)> {
        self.desks.iter().map(|(desk, seat)| (*desk, seat.agent))
    }

    /// How often something changed.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// A desk that showed this act said since that its agent is there.
    fn chose(&mut self, agent: AgentId, shown: OfflineId) {
        if self.held.get(&agent).is_some_and(|held| held.offline == shown) {
            self.held.remove(&agent);
        }
    }

    /// Takes the seats away whose time is over.
    fn leave(&mut self, now_ms: i64) {
        self.desks.retain(|_, seat| seat.left_ms.is_none_or(|left_ms| now_ms - left_ms < GRACE_MS));
    }

    /// Joins the desks of each agent, and says of whom something else is true than before.
    fn join(&mut self, now_ms: i64) -> BTreeSet<AgentId> {
        let mut states: BTreeMap<AgentId, PresenceState> = BTreeMap::new();
        let mut views: BTreeMap<AgentId, BTreeMap<LooksAt, Doing>> = BTreeMap::new();
        for seat in self.desks.values() {
            let Some((state, viewing)) = seat.now(now_ms) else { continue };
            if self.held.contains_key(&seat.agent) {
                continue;
            }
            let most = states.entry(seat.agent).or_insert(state);
            if state.rank() > most.rank() {
                *most = state;
            }
            let may_read = |view: &Viewing| {
                self.rights.get(&seat.agent).is_some_and(|accounts| accounts.contains(&view.thread.account))
            };
            if let Some(Viewing { thread, doing }) = viewing.filter(may_read) {
                let shown = views.entry(seat.agent).or_default().entry(thread).or_insert(doing);
                if weight(doing) > weight(*shown) {
                    *shown = doing;
                }
            }
        }
        let next = self.changes + 1;
        let mut changed = BTreeSet::new();
        self.agents.retain(|agent, _| states.contains_key(agent) || !changed.insert(*agent));
        for (agent, state) in states {
            let views = views.remove(&agent).unwrap_or_default();
            let views: Vec<Viewing> =
                views.into_iter().map(|(thread, doing)| Viewing { thread, doing }).collect();
            let accounts = self.rights.get(&agent).cloned().unwrap_or_default();
            let stands = self
                .agents
                .get(&agent)
                .is_some_and(|now| now.state == state && now.views == views && now.accounts == accounts);
            if !stands {
                self.agents.insert(agent, AgentNow { state, views, accounts, since: next });
                changed.insert(agent);
            }
        }
        if !changed.is_empty() {
            self.changes = next;
        }
        changed
    }

    fn next_ms(&self, now_ms: i64) -> Option<i64> {
        let ends = self.desks.values().flat_map(|seat| {
            let left = seat.left_ms.map(|left_ms| left_ms + GRACE_MS);
            let said = seat.said.as_ref();
            let silent = said.map(|said| said.at_ms + SILENT_MS);
            let typed = said
                .filter(|said| said.viewing.as_ref().is_some_and(|viewing| viewing.doing.is_typing()))
                .map(|said| said.at_ms + TYPING_MS);
            [left, silent, typed].into_iter().flatten()
        });
        ends.filter(|end_ms| *end_ms > now_ms).min()
    }
}

impl Seat {
    /// Returns which act of setting its agent offline the desk showed, where the agent is there again since.
    fn hear(&mut self, said: PresenceSaid, now_ms: i64) -> Option<OfflineId> {
        if self.said.as_ref().is_some_and(|known| !said.is_newer_than(known.run, known.seq)) {
            return None;
        }
        let PresenceSaid { run, seq, state, viewing, shown_offline } = said;
        self.said = Some(Said { run, seq, state, viewing, at_ms: now_ms });
        shown_offline.filter(|_| state != PresenceState::Offline)
    }

    /// What this desk tells of its agent now; nothing while it is as good as closed.
    fn now(&self, now_ms: i64) -> Option<(PresenceState, Option<Viewing>)> {
        let Some(said) = &self.said else { return Some((PresenceState::Online, None)) };
        let quiet_ms = now_ms - said.at_ms;
        if quiet_ms >= SILENT_MS || said.state == PresenceState::Offline {
            return None;
        }
        let mut viewing = said.viewing.clone();
        if let Some(Viewing { doing, .. }) = &mut viewing
            && doing.is_typing()
            && quiet_ms >= TYPING_MS
        {
            *doing = Doing::Reads;
        }
        Some((said.state, viewing))
    }
}

impl AgentNow {
    /// What a desk may hear of this agent: nothing, unless it may read an account that the agent has a role on; and of what
    /// they look at, what it may read itself.
    #[must_use]
    pub fn seen_by(&self, agent: AgentId, desk: &DeskAccess) -> Option<Presence> {
        let shares = || self.accounts.iter().any(|account| desk.role(account).is_some());
        if agent != desk.agent && !shares() {
            return None;
        }
        let views = self.views.iter().filter(|view| desk.role(&view.thread.account).is_some()).cloned();
        Some(Presence { agent, state: self.state, views: views.collect() })
    }
}

/// Of two desks that show the same thread, what weighs more is what the agent does there.
fn weight(doing: Doing) -> u8 {
    match doing {
        Doing::Reads => 0,
        Doing::Unknown => 1,
        Doing::WritesNote => 2,
        Doing::WritesReply => 3,
    }
}

#[cfg(test)]
mod tests;
