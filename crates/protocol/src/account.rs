//! What is true of a whole account and kept in its log.

use serde::{Deserialize, Serialize};

/// How Meta decides which app may answer on an account (docs/meta.md 5).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RoutingMode {
    /// Conversation Routing is on: a thread is owned or idle; a default app may be set; `take` works.
    On,
    /// Zero configuration: every connected app hears everything and may answer. No owner, no `take`, no expiry.
    Off,
    /// The old handover protocol with primary and secondary receivers.
    HopV2,
    /// Not asked yet.
    #[default]
    Unknown,
}

/// Whether replies after 24 hours may carry the human-agent tag (docs/meta.md 4.3).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HumanAgentRight {
    /// Nobody has said that Meta approved it.
    #[default]
    NotApproved,
    /// An admin says that Meta approved it.
    Approved,
    /// Meta refused a tagged reply; off until an admin says otherwise.
    Refused,
}

/// What a reply does while the relay is away.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WaitingRule {
    /// It waits until the relay grants it.
    #[default]
    Relay,
    /// It leaves, and is marked unchecked.
    Send,
}
