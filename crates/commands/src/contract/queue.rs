//! How threads are given out, and what is done when somebody falls out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::many::ThreadBefore;
use super::{Channel, Count, Ms, ThreadRef, Words};

/// How new threads find an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum QueueWayView {
    /// Agents claim them.
    Manual,
    /// Those who are online get them in turn.
    RoundRobin,
    /// A way that this version does not know.
    Unknown,
}

/// How an account's threads are given out, and who may answer in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueueView {
    /// How new threads find an agent.
    pub way: QueueWayView,
    /// How many open threads one agent gets by the rules at most.
    pub limit: u32,
    /// The highest limit that can be chosen.
    pub limit_most: u32,
    /// Whether a thread that the customer opens again goes to whoever had it last.
    pub reopen_to_last: bool,
    /// Whether a customer's reaction opens a thread again.
    pub reaction_reopens: bool,
    /// Whether a thread's assignee alone may answer.
    pub only_assignee_sends: bool,
}

/// Chooses how an account's threads are given out, and who may answer in them.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetQueue {
    /// The account.
    pub account: String,
    /// How new threads find an agent.
    pub way: QueueWayView,
    /// How many open threads one agent gets by the rules at most.
    pub limit: u32,
    /// Whether a thread that the customer opens again goes to whoever had it last.
    pub reopen_to_last: bool,
    /// Whether a customer's reaction opens a thread again.
    pub reaction_reopens: bool,
    /// Whether a thread's assignee alone may answer.
    pub only_assignee_sends: bool,
}

/// Names a person of the team.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentName {
    /// Their id.
    pub agent: String,
}

/// An account from which threads are returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReturningAccountView {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// How many threads that are not done the person has there.
    pub threads: Count,
}

/// What it would do to set somebody offline and return their threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReturningView {
    /// Their id.
    pub agent: String,
    /// Their name.
    pub name: String,
    /// The accounts that whoever sits here supervises.
    pub accounts: Vec<ReturningAccountView>,
    /// How many threads they are together.
    pub threads: Count,
    /// False for whoever works on none of these accounts any more: then only their threads are returned.
    pub sets_offline: bool,
}

/// What it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReturnedView {
    /// Their name.
    pub name: String,
    /// The threads that went to the queue, each with how it stood, for an undo.
    pub threads: Vec<ThreadBefore>,
    /// Names of accounts whose threads were not all returned.
    pub failed: Vec<String>,
    /// Why those of the first of them were not.
    pub words: Option<Words>,
}

/// A reply that waits on another desk. It may leave when that desk comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplyWaitsView {
    /// Whose desk that is.
    pub name: String,
    /// True where it is another desk of this agent.
    pub me: bool,
}

/// What somebody was writing from whom a thread was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandedDraftView {
    /// Names it within its thread.
    pub seq: Count,
    /// Who wrote it.
    pub by: String,
    /// When the thread was taken, milliseconds UTC of the relay.
    pub at_ms: Ms,
    /// What they wrote; empty where only files were in it.
    pub text: String,
    /// What its files are called, which stayed on their desk.
    pub files: Vec<String>,
}

/// Names what was handed over with a thread. It was used, or is not needed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandedDraftName {
    /// The thread.
    pub thread: ThreadRef,
    /// Which.
    pub seq: Count,
}
