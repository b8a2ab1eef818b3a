//! A customer reacts to a message, or presses a button (docs/meta.md 2.6.12, 2.6.13).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::referral::Referral;
use crate::id::Mid;
use crate::loose;

/// A reaction set or taken away. A new one replaces the old one of the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The message.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// Set or taken away.
    #[serde(default, rename = "action")]
    pub act: ReactionAct,
    /// `love`, `like`, `smile`, … or `other`; missing when taken away.
    #[serde(default, deserialize_with = "loose::text")]
    pub reaction: Option<String>,
    /// The character itself.
    #[serde(default, deserialize_with = "loose::text")]
    pub emoji: Option<String>,
}

/// Whether a reaction was set or taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", rename_all = "lowercase")]
pub enum ReactionAct {
    /// Set.
    React,
    /// Taken away.
    Unreact,
    /// A word that is not known.
    #[default]
    Other,
}

impl ReactionAct {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::React => "react",
            Self::Unreact => "unreact",
            Self::Other => "other",
        }
    }
}

impl From<Value> for ReactionAct {
    fn from(value: Value) -> Self {
        match value.as_str() {
            Some("react") => Self::React,
            Some("unreact") => Self::Unreact,
            _ => Self::Other,
        }
    }
}

/// A button was pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postback {
    /// The id of the press, as for a message; missing on old versions.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// The text on the button.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// The developer's text; left out in standby.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
    /// The link or ad that led here.
    #[serde(default, deserialize_with = "loose::object")]
    pub referral: Option<Referral>,
}
