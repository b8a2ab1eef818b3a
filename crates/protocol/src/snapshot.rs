//! The team's state of an account as of a seq, so that a new desk need not read years of claims.

use baton_messenger::id::CustomerId;
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::ids::{AgentId, DeskId, LogId, PartId, ReplyId};
use crate::team::Status;

/// The team's state of one account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The log's identity.
    pub log_id: LogId,
    /// The seq that this state includes.
    pub as_of: u64,
    /// The newest entry of each account fact (connected, routing, names, rights), oldest first.
    pub account_facts: Vec<Entry>,
    /// Threads that have a team state.
    pub threads: Vec<ThreadSnapshot>,
    /// This agent's read marks.
    pub read_marks: Vec<ReadMark>,
}

/// The team's state of one thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadSnapshot {
    /// The customer.
    pub customer: CustomerId,
    /// Seq of the last assignment or status entry.
    pub version: u64,
    /// Who works on it.
    pub assignee: Option<AgentId>,
    /// Where it stands.
    pub status: Status,
    /// Seq of the last word.
    pub word_seq: u64,
    /// Parts on their way.
    pub open_parts: Vec<OpenPart>,
}

/// A part that was granted and has not settled, or settled as unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPart {
    /// The reply.
    pub reply: ReplyId,
    /// The part.
    pub part: PartId,
    /// Who sends.
    pub agent: AgentId,
    /// From which desk.
    pub desk: DeskId,
    /// Seq of its grant.
    pub granted_seq: u64,
    /// True when it settled as unknown.
    pub unknown: bool,
}

/// Up to which entry an agent has read a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// The account.
    pub account: baton_messenger::id::AccountId,
    /// The thread's customer.
    pub customer: CustomerId,
    /// Everything up to this seq was read. A lower value than before marks the thread unread again.
    pub read_seq: u64,
}
