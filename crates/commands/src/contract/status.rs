//! The status line and diagnostics: the truth in layers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::composer::Setback;
use super::history::HistoryView;
use super::{Channel, Count, Ms, ThreadRef, Words};

/// The status line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusLine {
    /// How Meta answers.
    pub meta: Layer,
    /// How the relay answers.
    pub relay: Layer,
    /// How complete this desk is.
    pub desk: Layer,
    /// How far older messages are, while they are read for the first time; none else.
    pub history: Option<Layer>,
    /// How each account is, in the order of the session's.
    pub accounts: Vec<AccountStatus>,
    /// Replies that have not left.
    pub replies_waiting: Count,
    /// When the first of those that Meta's limits hold back is sent again, of Meta's clock; none when none is held back.
    pub sent_again_ms: Option<Ms>,
    /// Replies of which nobody knows yet whether they arrived.
    pub replies_unknown: Count,
    /// How many of them are still being checked. Meta does not show the others, and a person has to say what becomes of them.
    pub replies_checking: Count,
    /// Meta's time now, as this desk knows it; the page counts on from here.
    pub now_ms: Ms,
    /// True when the clock jumped and Meta has not been heard since.
    pub now_doubtful: bool,
    /// Threads that this agent is to answer, and can: what the window's title counts.
    pub waiting_for_me: Count,
    /// Threads of this agent of which Baton loses control within the hour, soonest first.
    pub lapsing: Vec<LapsingThread>,
    /// Threads with a reply that was not sent, or of which nobody knows whether it was, longest ago first.
    pub not_sent: Vec<NotSentThread>,
    /// Replies that did not do what the agent meant, oldest first, until the agent was told.
    pub setbacks: Vec<Setback>,
}

/// A thread of this agent of which Baton soon loses control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LapsingThread {
    /// Which.
    pub thread: ThreadRef,
    /// What its customer is called.
    pub name: String,
    /// When control ends, of Meta's clock.
    pub until_ms: Ms,
}

/// A thread with a reply that was not sent and that nobody put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotSentThread {
    /// Which.
    pub thread: ThreadRef,
    /// What its customer is called.
    pub name: String,
    /// True when nobody knows whether it was sent, and Meta was asked in vain.
    pub unsure: bool,
}

/// How one account is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountStatus {
    /// Meta's id.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// True while its webhooks go into its log.
    pub connected: bool,
    /// When the last webhook arrived at the relay.
    pub last_webhook_ms: Option<Ms>,
    /// Entries that the relay has and this desk has not yet.
    pub lacks: Count,
    /// How many there were at most since this desk last had all.
    pub lacked: Count,
    /// How its history stands; none while it is not connected.
    pub history: Option<HistoryView>,
}

/// One layer of the status line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// How it is.
    pub health: Health,
    /// Short, for the line: "Relay ok".
    pub short: String,
    /// The whole story.
    pub words: Words,
}

/// How a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Health {
    /// All is well.
    Good,
    /// Being worked on: connecting, catching up.
    Busy,
    /// Not well.
    Bad,
    /// Nothing is known yet.
    Unknown,
}

/// Facts for support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// Name and value, in order.
    pub facts: Vec<DiagnosticFact>,
}

/// One fact for support. Never a secret, never a customer's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticFact {
    /// What it is.
    pub name: String,
    /// How it is.
    pub value: String,
}
