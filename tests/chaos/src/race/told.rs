//! What was asked in the race and what each was told, beside what the log says. Pure.

use baton_protocol::entry::{Content, Entry};
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, CommandId, CustomerId, DeskId};

/// What moves a thread's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// It was given to somebody, or to the queue.
    To(Option<AgentId>),
    /// Its status was set.
    Status(Status),
}

/// An entry of the log that moved a thread's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its seq, which is the thread's version afterwards.
    pub seq: u64,
    /// Its key: of a command that is its desk, its id and the fact's place.
    pub key: String,
    /// The thread's customer.
    pub customer: CustomerId,
    /// What it says.
    pub moved: Moved,
    /// Who did it.
    pub by: Actor,
}

/// The moves of a log, oldest first.
#[must_use]
pub fn moves(log: &[Entry]) -> Vec<Move> {
    let a_move = |entry: &Entry| {
        let Content::Team(fact) = entry.content() else { return None };
        let (customer, moved, by) = match *fact {
            TeamFact::Assigned { customer, assignee, by, .. } => (customer, Moved::To(assignee), by),
            TeamFact::StatusSet { customer, status, by } => (customer, Moved::Status(status), by),
            _ => return None,
        };
        Some(Move { seq: entry.seq, key: entry.key.clone(), customer, moved, by })
    };
    log.iter().filter_map(a_move).collect()
}

/// What a desk asked, and every answer that it got.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose desk.
    pub agent: AgentId,
    /// The desk.
    pub desk: DeskId,
    /// The thread's customer.
    pub customer: CustomerId,
    /// The thread's version as the desk had it.
    pub seen: u64,
    /// The version as the desk had it when it was told.
    pub until: u64,
    /// What it wanted.
    pub wanted: Moved,
    /// Its id, where it was asked by hand; what the desk itself asks has ids of its own.
    pub command: Option<CommandId>,
    /// What it was told, each time that it asked.
    pub told: Vec<Told>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The relay carried it out, with these entries; none where nothing had to change.
    Accepted {
        /// The entries.
        seqs: Vec<u64>,
        /// The thread's version afterwards.
        version: u64,
    },
    /// The thread was not as it was seen.
    Conflict {
        /// Its version.
        version: u64,
        /// Who had it.
        assignee: Option<AgentId>,
        /// Its status.
        status: Status,
    },
    /// The role does not allow it.
    Refused,
    /// The desk says that it is done.
    Done,
    /// The desk says who was faster, in words.
    Lost(String),
    /// The desk could not ask, or does not know what became of it.
    Away,
}
