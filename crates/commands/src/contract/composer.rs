//! The composer: what may be sent now, until when, and why not when not.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attachment::MediaView;
use super::note::NoteDraft;
use super::thread::Item;
use super::{ControlAct, Count, Ms, ThreadRef, Words};

/// What may be sent in a thread now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComposerState {
    /// As what a reply would leave.
    pub verdict: Verdict,
    /// Until when a plain reply may be sent.
    pub free_until_ms: Option<Ms>,
    /// Until when a late reply may be sent.
    pub late_until_ms: Option<Ms>,
    /// What the send button does.
    pub send: SendMode,
    /// Why not, or what to know, in words.
    pub words: Option<Words>,
    /// True while the customer is kept away.
    pub blocked: bool,
    /// True where only the thread's assignee may answer and that is a colleague: taking the thread helps.
    pub for_another: bool,
    /// Acts on control that can work now.
    pub acts: Vec<ControlAct>,
    /// The apps that `passToApp` can be for, by name.
    pub pass_to: Vec<PassTarget>,
    /// How long a note to another app may be, in UTF-16 units as Meta counts.
    pub note_max: u32,
    /// The page of Meta's settings where an admin of the account changes which app may do what.
    pub control_setting: String,
    /// How long a text may be.
    pub limit: TextLimit,
    /// The saved draft.
    pub draft: String,
    /// The files that were added to the draft, in order.
    pub files: Vec<MediaView>,
    /// What files the channel takes.
    pub takes: TakesFiles,
    /// Why the draft came back from the outbox, when it did.
    pub draft_words: Option<Words>,
    /// What the agent has seen, to be given back with the reply.
    pub seen: Seen,
    /// What is written as a private note.
    pub note: NoteDraft,
}

/// What files a channel takes. What a file is, the desk finds in its bytes, and says so when it is added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakesFiles {
    /// MIME types; none when everything is taken.
    pub types: Vec<String>,
    /// The most that a file may have, bytes; some kinds may have less.
    pub most_bytes: Count,
    /// The most files of one reply.
    pub most: u32,
}

/// Adds a file to a draft; its bytes travel beside this. It is on this computer's disk when the command answers.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttachFile {
    /// The thread.
    pub thread: ThreadRef,
    /// Its real name; may be empty.
    pub name: String,
}

/// Takes a file out of a draft.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveFile {
    /// The thread.
    pub thread: ThreadRef,
    /// The file, by the id of its view.
    pub file: String,
}

/// An app that a thread can be passed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PassTarget {
    /// Meta's id.
    pub app: String,
    /// Its name, or its id where nobody named it.
    pub name: String,
}

/// As what a reply would leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// A plain response, within 24 hours.
    Plain,
    /// A late reply by a person, within 7 days.
    HumanAgent,
    /// Not at all.
    Refused,
}

/// What the send button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SendMode {
    /// Sends.
    Send,
    /// Takes control, then sends.
    TakeAndSend,
    /// Nothing can leave now.
    Blocked,
}

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextLimit {
    /// The most.
    pub max: u32,
    /// In which unit.
    pub unit: TextUnit,
}

/// The unit Meta counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TextUnit {
    /// Characters, an emoji outside the basic plane counting two (UTF-16 units).
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// What the agent has seen of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The thread's version.
    pub version: Count,
    /// The seq of its last word.
    pub word_seq: Count,
}

/// Sends a reply. It is durable when the command answers; the composer may clear.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendReply {
    /// The thread.
    pub thread: ThreadRef,
    /// The text; may be empty when there are files.
    pub text: String,
    /// The files of the draft, all of them, in order, by the ids of their views. Each is a message of its own, after the text.
    pub files: Vec<String>,
    /// The saved draft that it goes out from, as the page knows it. When another reply came back into the draft since,
    /// nothing is sent: `draftChanged`.
    pub based_on: String,
    /// What the agent has seen.
    pub seen: Seen,
    /// As what the composer said it would leave; it never leaves as anything else.
    pub verdict: Verdict,
    /// Take control first.
    pub take_first: bool,
    /// How long the agent had the composer focused with text in it, milliseconds.
    pub composed_ms: Ms,
    /// True when the agent was shown a colleague's reply of unknown end and sends all the same.
    pub despite_unknown: bool,
    /// For so long it is kept back and can be taken back, milliseconds; 0 for not at all.
    pub hold_ms: Ms,
    /// Set the thread done once the reply was sent: not before, and not when it comes back, is refused, or somebody
    /// writes meanwhile.
    pub then_done: bool,
}

/// A reply that has not left this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotLeft {
    /// The thread.
    pub thread: ThreadRef,
    /// Its customer.
    pub name: String,
    /// The text, and the names of its files.
    pub text: String,
    /// True while it can be taken back: closed now it becomes a draft. Else it leaves after the next start.
    pub held: bool,
}

/// A reply that is in the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendReceipt {
    /// The reply.
    pub reply: String,
    /// Keys of its messages.
    pub keys: Vec<String>,
    /// Its parts, in the same order.
    pub parts: Vec<String>,
    /// What stands in the thread of them now, for the page to show before it reads the thread again; parts that are messages
    /// already are left to that.
    pub items: Vec<Item>,
    /// The version of the store that these are of.
    pub store_version: Count,
}

/// Saves a draft; an empty text removes it. When a reply came back into the draft since the page heard of it, nothing is
/// saved: `draftChanged`. The page then reads the composer and joins both texts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveDraft {
    /// The thread.
    pub thread: ThreadRef,
    /// The text.
    pub text: String,
    /// The saved draft that it goes out from, as the page knows it; empty when there was none.
    pub based_on: String,
}

/// A reply, a note or an act that did not do what its agent meant: it came back, was refused, or its thread was not set done.
/// It is told until the agent heard of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Setback {
    /// The part, by the name it keeps; a note or an act goes by its own.
    pub part: String,
    /// What did not happen.
    pub kind: SetbackKind,
    /// Where to look.
    pub thread: ThreadRef,
    /// The customer's name.
    pub name: String,
    /// What happened and what can be done.
    pub words: Words,
}

/// What did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SetbackKind {
    /// The reply is not known to have been sent; its thread shows it.
    NotSent,
    /// The reply was sent, and the thread was not set done.
    NotDone,
    /// A private note was not added; its text is back where it was written.
    NotNoted,
    /// A label or the urgency was not set: the relay refused what had waited for it.
    NotSet,
}

/// Names a part of the outbox.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartName {
    /// The part.
    pub part: String,
}

/// Puts a part aside that Meta refused, or takes that back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PutAside {
    /// The part.
    pub part: String,
    /// Which of both.
    pub aside: bool,
}

/// Names a part that an agent sends once more, or with what waits behind it, and what the agent has seen of its thread: it comes
/// back where somebody wrote since.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartPress {
    /// The part.
    pub part: String,
    /// What the agent has seen.
    pub seen: Seen,
    /// True when the agent was told, on pressing it, of a colleague's reply of unknown end, and sends all the same.
    pub despite_unknown: bool,
}
