//! Private notes, what is urgent, and who works on an account.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::session::RoleView;
use super::{ThreadRef, Words};

/// What is written as a private note and was not added. It is kept apart from the reply's draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoteDraft {
    /// The text; empty when nothing is written.
    pub text: String,
    /// True when only supervisors are to see it.
    pub supervisors_only: bool,
    /// Why a note came back into it, when one did.
    pub words: Option<Words>,
    /// How long a note may be, UTF-16 units.
    pub max: u32,
}

/// Saves what is written as a note; an empty text removes it. When a note came back into it since the page heard of it, nothing
/// is saved: `draftChanged`. The page then reads the composer and joins both texts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveNoteDraft {
    /// The thread.
    pub thread: ThreadRef,
    /// The text.
    pub text: String,
    /// True when only supervisors are to see it.
    pub supervisors_only: bool,
    /// The saved text that it goes out from, as the page knows it; empty when there was none.
    pub based_on: String,
}

/// Adds a private note. It is durable when the command answers; the team has it now or once the relay answers.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddNote {
    /// The thread.
    pub thread: ThreadRef,
    /// The text.
    pub text: String,
    /// Who is meant: ids of members.
    pub mentions: Vec<String>,
    /// True when only supervisors, and whoever wrote it, are to see it.
    pub supervisors_only: bool,
    /// The saved text that it goes out from, as the page knows it.
    pub based_on: String,
}

/// A note that is on its way to the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoteReceipt {
    /// The note.
    pub note: String,
}

/// Takes a note away for the whole team, and its words with it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveNote {
    /// The thread.
    pub thread: ThreadRef,
    /// The note, as its item names it.
    pub note: String,
}

/// Somebody whom a note mentions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MentionView {
    /// The name.
    pub name: String,
    /// True for this agent.
    pub me: bool,
}

/// Makes a thread urgent, or no longer so.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetUrgent {
    /// The thread.
    pub thread: ThreadRef,
    /// True for urgent.
    pub urgent: bool,
}

/// Makes a thread urgent and tells its supervisors why, in a note.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Escalate {
    /// The thread.
    pub thread: ThreadRef,
    /// Why, in a line.
    pub why: String,
}

/// Gives a thread to a colleague, or to the queue.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GiveThread {
    /// The thread.
    pub thread: ThreadRef,
    /// The id of a member; none for the queue.
    pub to: Option<String>,
}

/// Who works on a thread's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Members {
    /// By name.
    pub members: Vec<Member>,
}

/// Somebody who works on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The id.
    pub agent: String,
    /// The name.
    pub name: String,
    /// As what.
    pub role: RoleView,
    /// True for this agent.
    pub me: bool,
    /// True for who works on the thread.
    pub assigned: bool,
}
