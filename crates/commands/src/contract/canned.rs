//! Canned replies: texts under short names that go into the composer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CannedReply {
    /// Its short name.
    pub name: String,
    /// Its text, with `{name}`, `{agent}` and `{account}` where the page puts what they stand for.
    pub text: String,
    /// True when the whole team has it; else it is this agent's alone, on this desk.
    pub shared: bool,
}

/// The canned replies that this agent can use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CannedReplies {
    /// By name.
    pub replies: Vec<CannedReply>,
    /// True when this agent may change those that the team shares.
    pub may_share: bool,
}

/// Adds, changes or removes a canned reply.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetCannedReply {
    /// Its short name.
    pub name: String,
    /// Its text; none removes it.
    pub text: Option<String>,
    /// Whether it is the team's one that is meant, or this agent's own.
    pub shared: bool,
}
