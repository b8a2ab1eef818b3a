//! Acts on many threads at once.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Count, Ms, StatusView, ThreadRef, Words};

/// What is done with each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "act", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ManyAct {
    /// Gives it to a member of its account, or to the queue.
    Assign {
        /// The id of a member; none for the queue.
        to: Option<String>,
    },
    /// Sets it done.
    Done,
    /// Puts it to sleep.
    Snooze {
        /// Until when.
        until_ms: Ms,
    },
    /// Sets it waiting on the customer.
    WaitOnCustomer,
    /// Puts a label on, or takes it off.
    Label {
        /// The label.
        label: String,
        /// True to put it on.
        on: bool,
    },
    /// Marks it read.
    MarkRead,
}

/// Asks for an act on many threads: at most 500 to look at, and so many at once as one wants to wait for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Many {
    /// Which.
    pub threads: Vec<ThreadRef>,
    /// What.
    pub act: ManyAct,
}

/// Why an act does not go for a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Hindrance {
    /// It stands so already.
    AlreadySo,
    /// A colleague works on it, and this agent is no supervisor there.
    OfAnother,
    /// An agent gives no free thread to somebody else.
    NotForOthers,
    /// Whoever is to get it does not work on its account.
    NoRole,
    /// Its customer is blocked.
    Blocked,
    /// It is not on this desk any more.
    Gone,
}

/// A thread for which an act does not go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HinderedThread {
    /// Which.
    pub thread: ThreadRef,
    /// What its customer is called.
    pub name: String,
    /// Why.
    pub why: Hindrance,
}

/// What an act would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManyPreview {
    /// For which it goes.
    pub can: Vec<ThreadRef>,
    /// For which it does not.
    pub cannot: Vec<HinderedThread>,
    /// How many are not on this desk any more.
    pub gone: Count,
    /// How many would sleep past the end of the time to answer, or of control.
    pub past_deadline: Count,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManyDone {
    /// For each thread, in their order.
    pub outcomes: Vec<ManyOutcome>,
}

/// What became of it for one thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManyOutcome {
    /// Which.
    pub thread: ThreadRef,
    /// What.
    pub outcome: OutcomeView,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum OutcomeView {
    /// It was done.
    Done {
        /// How the thread stood before, to put it back.
        before: BeforeView,
    },
    /// It was not, and need not or may not be.
    Not {
        /// Why.
        why: Hindrance,
    },
    /// Somebody else was faster.
    Lost {
        /// Who.
        words: Words,
    },
    /// It did not work.
    Failed {
        /// Why.
        words: Words,
    },
    /// The relay is away.
    Away,
}

/// How a thread stood before an act. The page keeps it for an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "was", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BeforeView {
    /// Who worked on it.
    Assignee {
        /// The id of a member; none for the queue.
        assignee: Option<String>,
        /// What the thread is expected to be as.
        version: Count,
    },
    /// Its status.
    Status {
        /// Which.
        status: StatusView,
        /// What the thread is expected to be as.
        version: Count,
    },
    /// Whether it carried a label.
    Label {
        /// Which.
        label: String,
        /// Whether it did.
        was_on: bool,
    },
    /// Up to where it was read.
    Read {
        /// A place in the log.
        seq: Count,
    },
}

/// Puts threads back as they were before an act on many, each only if nobody moved it since.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoMany {
    /// Which, and as what.
    pub threads: Vec<ThreadBefore>,
}

/// A thread and how it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadBefore {
    /// Which.
    pub thread: ThreadRef,
    /// How.
    pub before: BeforeView,
}

/// What became of an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManyUndone {
    /// How many stand as before.
    pub back: Count,
    /// Which somebody moved since; they stay.
    pub moved: Vec<ThreadRef>,
    /// Which could not be put back, and why the first of them could not.
    pub failed: Vec<ThreadRef>,
    /// That, in words.
    pub words: Option<Words>,
}
