//! The composer: what may be sent now, until when, and why not when not.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Acts on control that can work now.
    pub acts: Vec<ControlAct>,
    /// How long a text may be.
    pub limit: TextLimit,
    /// The saved draft.
    pub draft: String,
    /// Why the draft came back from the outbox, when it did.
    pub draft_words: Option<Words>,
    /// What the agent has seen, to be given back with the reply.
    pub seen: Seen,
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
    /// The text.
    pub text: String,
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
    /// The text.
    pub text: String,
    /// True while it can be taken back: closed now it becomes a draft. Else it leaves after the next start.
    pub held: bool,
}

/// A reply that is in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendReceipt {
    /// The reply.
    pub reply: String,
    /// Keys of its messages.
    pub keys: Vec<String>,
    /// Its parts, in the same order.
    pub parts: Vec<String>,
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

/// A reply that did not do what its agent meant: it came back, was refused, or its thread was not set done. It is told
/// until the agent heard of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Setback {
    /// The part, by the name it keeps.
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
}

/// Names a part of the outbox.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartName {
    /// The part.
    pub part: String,
}
