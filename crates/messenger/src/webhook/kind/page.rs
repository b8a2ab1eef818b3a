//! Meta acts on the Page itself (docs/meta.md 2.6.20).

use serde::{Deserialize, Serialize};

use crate::loose;

/// A warning, a block, or its end. It names no customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyEnforcement {
    /// What Meta did.
    #[serde(default)]
    pub action: PolicyAction,
    /// Meta's reason; missing when a block ends.
    #[serde(default, deserialize_with = "loose::text")]
    pub reason: Option<String>,
}

/// What Meta did to the Page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "serde_json::Value", rename_all = "snake_case")]
pub enum PolicyAction {
    /// A warning; sending still works.
    Warning,
    /// Sending is stopped.
    Block,
    /// Sending works again.
    Unblock,
    /// A word that is not known.
    #[default]
    Other,
}

impl From<serde_json::Value> for PolicyAction {
    fn from(value: serde_json::Value) -> Self {
        match value.as_str() {
            Some("warning") => Self::Warning,
            Some("block") => Self::Block,
            Some("unblock") => Self::Unblock,
            _ => Self::Other,
        }
    }
}
