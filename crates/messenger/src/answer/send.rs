//! What Graph says after it did something (docs/meta.md 4.2, 5.3).

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, Mid};
use crate::loose;

/// The answer to a send. It means accepted, not delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendAnswer {
    /// To whom.
    #[serde(default, rename = "recipient_id", deserialize_with = "loose::id")]
    pub recipient: Option<CustomerId>,
    /// The message's id; missing for sender actions.
    #[serde(default, rename = "message_id", deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// The id under which a reusable file can be sent again.
    #[serde(default, deserialize_with = "loose::id")]
    pub attachment_id: Option<String>,
}

/// The answer of calls that only say yes. `true` comes as a flag or as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Success {
    /// Whether it was done.
    #[serde(default, deserialize_with = "loose::flag")]
    pub success: bool,
}
