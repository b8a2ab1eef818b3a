//! The history of an account: messages from before it was connected, and those that webhooks missed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Count, Ms, Words};

/// How the history of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// What is done with it.
    pub state: HistoryStateView,
    /// In words: how far it is, and what can be done.
    pub words: Words,
    /// Threads that were read.
    pub threads_done: Count,
    /// Threads that are known of.
    pub threads_known: Count,
    /// True once all threads are known of.
    pub is_listed: bool,
    /// True while somebody paused it.
    pub is_paused: bool,
    /// True when this agent may pause it, or let it go on.
    pub may_pause: bool,
    /// Messages that no webhook brought although the account was connected, and that were found by looking.
    pub missed: Count,
    /// Up to when everything that Meta gives is here; none before it was read once.
    pub through_ms: Option<Ms>,
}

/// What is done with an account's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HistoryStateView {
    /// It was not begun, and nobody reads it now.
    NotBegun,
    /// It is read for the first time.
    Reading,
    /// It is looked through for what was missed.
    Looking,
    /// It stands still until Meta lets it go on.
    Waiting,
    /// Somebody paused it.
    Paused,
    /// Everything that Meta gives is here, but for threads that it fails to give, which the words count.
    UpToDate,
}

/// Pauses reading an account's history, or lets it go on.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PauseHistory {
    /// The account.
    pub account: String,
    /// True to pause.
    pub paused: bool,
}
