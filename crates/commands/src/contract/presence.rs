//! Who is there, what they look at, and how present this agent is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Count, ThreadRef};

/// How present an agent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PresenceState {
    /// Gets new threads.
    Online,
    /// Gets no new threads.
    Away,
    /// Gets only what is handed over.
    TransfersOnly,
    /// As if Baton were closed there.
    Offline,
    /// Nobody knows here: the relay is away, or does not tell.
    Unknown,
}

/// What somebody does in a thread that they look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Doing {
    /// Reads.
    Reads,
    /// Types a reply.
    WritesReply,
    /// Types a note for colleagues.
    WritesNote,
}

/// A thread that is on somebody's screen. It is named as rows of the list name it, because this desk may not have it yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OnScreen {
    /// The thread's account.
    pub account: String,
    /// The customer's scoped id.
    pub customer: String,
    /// What they do there.
    pub doing: Doing,
}

/// Somebody who works on an account of this desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// The agent's id.
    pub agent: String,
    /// The agent's name.
    pub name: String,
    /// True for the agent of this desk.
    pub me: bool,
    /// How present, all desks of theirs together.
    pub state: PresenceState,
    /// What they look at.
    pub looks_at: Vec<OnScreen>,
    /// True when whoever sits here may set them offline and return their threads. False of who is offline and has none.
    pub may_return: bool,
}

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresenceView {
    /// False while nobody can know who is there; everybody's state is unknown then.
    pub known: bool,
    /// What this agent chose on this desk.
    pub chosen: PresenceState,
    /// How present this agent is on this desk: what they chose, or away because nothing was touched for long.
    pub mine: PresenceState,
    /// True where that happens by itself, after ten minutes.
    pub goes_away: bool,
    /// Who set this agent offline, while they have not chosen since.
    pub set_offline_by: Option<String>,
    /// How many of their open threads left them since then; 0 where nobody set them offline, and after a restart.
    pub threads_left: Count,
    /// Everybody who works on an account of this desk, this agent too, by name.
    pub people: Vec<PersonView>,
}

/// Changes how present this agent is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetPresence {
    /// The choice; none leaves it.
    pub state: Option<PresenceState>,
    /// Whether the agent is away by themselves after ten minutes without a key or a pointer; none leaves it.
    pub goes_away: Option<bool>,
}

/// What is on the screen of this desk.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Shows {
    /// The thread; none while none is, or nobody can see it.
    pub thread: Option<ThreadRef>,
    /// What the agent does there. Typing is told again at least every four seconds.
    pub doing: Doing,
}
