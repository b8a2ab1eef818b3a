//! What must hold between the log of the race and what everybody was told. Pure.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::enrol::Role;
use baton_protocol::team::{Actor, Status};
use baton_protocol::{AgentId, CustomerId};

use super::told::{Asked, Move, Moved, Told};

/// Somebody who takes part.
#[derive(Debug, Clone)]
pub struct Agent {
    /// What they are called; no name is a part of another.
    pub name: String,
    /// Their role on the account.
    pub role: Role,
}

/// Everybody who takes part.
pub type Agents = BTreeMap<AgentId, Agent>;

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An agent got a thread that somebody else had: for a moment two of them took it for theirs.
    TwoAssignees {
        /// The entry.
        seq: u64,
    },
    /// Carried out although the thread had moved since it was seen.
    Overtaken {
        /// The entry.
        seq: u64,
    },
    /// One command stands in the log twice.
    Twice {
        /// The later entry.
        seq: u64,
    },
    /// A winner has no entry, or another one than was asked for.
    NotThere {
        /// What was asked.
        what: String,
    },
    /// A loser's command stands in the log.
    CarriedOut {
        /// The entry.
        seq: u64,
    },
    /// A loser was told what the log does not say.
    Lied {
        /// What was asked and told.
        what: String,
    },
    /// The same command got another answer when it was asked again.
    AnotherAnswer {
        /// What was asked and told.
        what: String,
    },
}

/// How a thread stood after each move.
struct Stand {
    version: u64,
    assignee: Option<AgentId>,
    status: Status,
}

/// The log, by thread and by command.
struct Log<'a> {
    moves: &'a [Move],
    stands: BTreeMap<&'a CustomerId, Vec<Stand>>,
    by_key: BTreeMap<&'a str, &'a Move>,
}

/// Everything that does not hold.
#[must_use]
pub fn judge(moves: &[Move], asked: &[Asked], agents: &Agents) -> Vec<Fault> {
    let mut faults = Vec::new();
    let log = Log::read(moves, agents, &mut faults);
    for one in asked {
        log.judge(one, agents, &mut faults);
    }
    log.judge_desks(asked, &mut faults);
    faults
}

/// Whether an entry can be what this desk asked for.
#[must_use]
pub fn carries_out(entry: &Move, asked: &Asked) -> bool {
    entry.customer == asked.customer
        && entry.moved == asked.wanted
        && entry.by == Actor::Agent { agent: asked.agent, desk: asked.desk }
        && entry.seq > asked.seen
}

impl<'a> Log<'a> {
    /// Goes through the log: who may have done each move, and how threads stood after it.
    fn read(moves: &'a [Move], agents: &Agents, faults: &mut Vec<Fault>) -> Self {
        let mut log = Self { moves, stands: BTreeMap::new(), by_key: BTreeMap::new() };
        for one in moves {
            if log.by_key.insert(&one.key, one).is_some() {
                faults.push(Fault::Twice { seq: one.seq });
            }
            let begin = || vec![Stand { version: 0, assignee: None, status: Status::Open }];
            let stands = log.stands.entry(&one.customer).or_insert_with(begin);
            let (had, status) =
                stands.last().map_or((None, Status::Open), |last| (last.assignee, last.status.clone()));
            let (assignee, status) = match &one.moved {
                Moved::To(to) => (*to, status),
                Moved::Status(status) => (had, status.clone()),
            };
            if matches!(one.moved, Moved::To(_)) && !may_move(&one.by, had, assignee, agents) {
                faults.push(Fault::TwoAssignees { seq: one.seq });
            }
            stands.push(Stand { version: one.seq, assignee, status });
        }
        log
    }

    fn judge(&self, asked: &Asked, agents: &Agents, faults: &mut Vec<Fault>) {
        let answers: Vec<&Told> =
            asked.told.iter().filter(|told| !matches!(told, Told::Refused | Told::Away)).collect();
        if answers.windows(2).any(|two| two[0] != two[1]) {
            faults.push(Fault::AnotherAnswer { what: format!("{asked:?}") });
        }
        if let Some(command) = asked.command {
            let key = format!("{}:{command}:0", asked.desk);
            self.judge_by_key(asked, self.by_key.get(key.as_str()).copied(), faults);
        }
        for told in &asked.told {
            let is_true = match told {
                Told::Conflict { version, assignee, status } => {
                    *version > asked.seen
                        && self.stand(asked, *version).is_some_and(|stand| {
                            stand.version == *version
                                && (stand.assignee, &stand.status) == (*assignee, status)
                        })
                }
                Told::Lost(words) => self.is_true(asked, words, agents),
                // What was carried out is looked for in the log.
                Told::Done | Told::Accepted { .. } | Told::Refused | Told::Away => true,
            };
            if !is_true {
                faults.push(Fault::Lied { what: format!("{asked:?}") });
            }
        }
    }

    /// What was asked by hand stands in the log exactly where it was accepted.
    fn judge_by_key(&self, asked: &Asked, entry: Option<&Move>, faults: &mut Vec<Fault>) {
        let accepted = asked.told.iter().find_map(|told| match told {
            Told::Accepted { seqs, version } => Some((seqs, *version)),
            _ => None,
        });
        let is_refused = asked.told.iter().any(|told| matches!(told, Told::Conflict { .. } | Told::Refused));
        match (entry, accepted) {
            (Some(entry), Some((seqs, version))) => {
                let is_it = entry.customer == asked.customer
                    && entry.moved == asked.wanted
                    && *seqs == [entry.seq]
                    && version == entry.seq;
                if !is_it {
                    faults.push(Fault::NotThere { what: format!("{asked:?}") });
                }
                let before = self.stand(asked, entry.seq - 1).map_or(0, |stand| stand.version);
                if before != asked.seen {
                    faults.push(Fault::Overtaken { seq: entry.seq });
                }
            }
            // Nothing had to change: it stood so already.
            (None, Some((seqs, _))) => {
                let stands_so = self.stand(asked, asked.seen).is_some_and(|stand| match &asked.wanted {
                    Moved::To(to) => stand.assignee == *to,
                    Moved::Status(status) => stand.status == *status,
                });
                if !seqs.is_empty() || !stands_so {
                    faults.push(Fault::NotThere { what: format!("{asked:?}") });
                }
            }
            (Some(entry), None) if is_refused => faults.push(Fault::CarriedOut { seq: entry.seq }),
            // It was cut, and either may be.
            (_, None) => {}
        }
    }

    /// What desks asked under ids of their own. What is done has an entry of its own, unless the thread stood so already; each
    /// entry is of something that is done, or of which the desk does not know it. What was lost or refused has none.
    fn judge_desks(&self, asked: &[Asked], faults: &mut Vec<Fault>) {
        let by_hand =
            asked.iter().filter_map(|one| one.command.map(|command| format!("{}:{command}", one.desk)));
        let by_hand: BTreeSet<String> = by_hand.collect();
        let is_by_hand =
            |one: &Move| one.key.rsplit_once(':').is_some_and(|(command, _)| by_hand.contains(command));
        let is_a_desks = |one: &&Move| {
            matches!((&one.by, &one.moved), (Actor::Agent { .. }, Moved::To(_))) && !is_by_hand(one)
        };
        let mut left: Vec<&Move> = self.moves.iter().filter(is_a_desks).collect();
        for answer in [Told::Done, Told::Away] {
            for one in asked.iter().filter(|one| one.command.is_none() && one.told.contains(&answer)) {
                match left.iter().position(|entry| carries_out(entry, one)) {
                    Some(at) => {
                        left.remove(at);
                    }
                    None if answer == Told::Done && !self.stood_so(one) => {
                        faults.push(Fault::NotThere { what: format!("{one:?}") });
                    }
                    None => {}
                }
            }
        }
        faults.extend(left.into_iter().map(|entry| Fault::CarriedOut { seq: entry.seq }));
    }

    /// How the thread stood at a seq.
    fn stand(&self, asked: &Asked, seq: u64) -> Option<&Stand> {
        let begin = || (seq == 0).then_some(&BEGIN);
        let stands = self.stands.get(&asked.customer).map(Vec::as_slice).unwrap_or_default();
        stands.iter().rev().find(|stand| stand.version <= seq).or_else(begin)
    }

    /// Whether the thread stood as a desk wanted it, between what it saw and what it had when it was told.
    fn stood_so(&self, asked: &Asked) -> bool {
        let begin = std::slice::from_ref(&BEGIN);
        let stands = self.stands.get(&asked.customer).map_or(begin, Vec::as_slice);
        let from = stands.iter().rposition(|stand| stand.version <= asked.seen).unwrap_or(0);
        stands[from..].iter().take_while(|stand| stand.version <= asked.until.max(asked.seen)).any(|stand| {
            match &asked.wanted {
                Moved::To(to) => stand.assignee == *to,
                Moved::Status(status) => stand.status == *status,
            }
        })
    }

    /// Whether words of a desk name whoever moved the thread since this desk saw it. Words that name nobody are true where
    /// the thread went to the queue or changed its status: there the relay names no assignee. So are those that only say
    /// that somebody moved it ([`names_nobody`]), where anybody did.
    fn is_true(&self, asked: &Asked, words: &str, agents: &Agents) -> bool {
        let is_named = |id: &AgentId, agent: &Agent| {
            let is_you = || words.contains("You") || words.contains(" you ");
            words.contains(&agent.name) || (*id == asked.agent && is_you())
        };
        let named: BTreeSet<AgentId> =
            agents.iter().filter(|(id, agent)| is_named(id, agent)).map(|(id, _)| *id).collect();
        let mut since =
            self.moves.iter().filter(|one| one.customer == asked.customer && one.seq > asked.seen);
        since.any(|one| {
            let by = match &one.by {
                Actor::Agent { agent, .. } => Some(*agent),
                Actor::Relay | Actor::Operator => None,
            };
            let to = match &one.moved {
                Moved::To(to) => *to,
                Moved::Status(_) => None,
            };
            let whole: BTreeSet<AgentId> = by.into_iter().chain(to).collect();
            let winner: BTreeSet<AgentId> = to.into_iter().collect();
            named == whole || named == winner || names_nobody(words)
        })
    }
}

/// Whether a loser heard no more than that they came second: the relay's own words, which a desk gives where its stream is
/// cut, so that it does not know who moved the thread, and the thread has come back to whom it knew it with. True, and of
/// little use.
#[must_use]
pub fn names_nobody(words: &str) -> bool {
    words == "Somebody moved the thread or changed its status."
}

/// A thread that nobody moved.
static BEGIN: Stand = Stand { version: 0, assignee: None, status: Status::Open };

/// Agents take free threads and give their own away; supervisors, admins and the relay's rules move any.
fn may_move(by: &Actor, from: Option<AgentId>, to: Option<AgentId>, agents: &Agents) -> bool {
    let Actor::Agent { agent, .. } = by else { return true };
    let is_agent = agents.get(agent).is_none_or(|known| known.role == Role::Agent);
    match from {
        _ if !is_agent => true,
        None => to == Some(*agent),
        Some(had) => had == *agent,
    }
}

#[cfg(test)]
mod tests;
