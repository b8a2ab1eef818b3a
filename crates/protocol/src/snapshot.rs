//! The team's state of an account as of a seq, so that a new desk need not read years of claims.

use baton_messenger::id::CustomerId;
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::ids::{AgentId, DeskId, LogId, PartId, ReplyId};
use crate::team::Status;

/// How many facts about threads, and how many read marks, one page has at most.
pub const PAGE: u32 = 1_000;

/// A page of the team's state of one account. The first page has what is about the account and is newest about threads;
/// further ones go back in time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The log's identity.
    pub log_id: LogId,
    /// The seq that this page includes.
    pub as_of: u64,
    /// On the first page: the newest entry of each account fact (connected, routing, names, rights), oldest first.
    pub account_facts: Vec<Entry>,
    /// The newest entry of each fact about a thread (assignee, status, priority, labels, names), newest first: entries of the
    /// log as they stand in it, which a desk gets once more with their blocks.
    #[serde(default)]
    pub thread_facts: Vec<Entry>,
    /// Where the next page of them begins: below this seq. None at the end.
    #[serde(default)]
    pub before: Option<u64>,
    /// On the first page: threads with parts on their way, and how they stand.
    pub threads: Vec<ThreadSnapshot>,
    /// This agent's read marks, by customer.
    pub read_marks: Vec<ReadMark>,
    /// The customer after whom the next page of them begins. None at the end.
    #[serde(default)]
    pub marks_after: Option<CustomerId>,
}

/// Which page of a snapshot; nothing for the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotPage {
    /// Facts below this seq; 0 for none.
    pub before: Option<u64>,
    /// Marks after this customer.
    pub marks_after: Option<CustomerId>,
}

impl SnapshotPage {
    /// True for the page that begins a snapshot.
    #[must_use]
    pub fn is_first(&self) -> bool {
        *self == Self::default()
    }
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
