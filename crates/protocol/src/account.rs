//! What is true of a whole account and kept in its log.

pub use baton_messenger::policy::HumanAgent as HumanAgentRight;
pub use baton_messenger::routing::RoutingMode;
use serde::{Deserialize, Serialize};

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
