//! Several calls in one (docs/meta.md 6.4). Sends never go this way: their order is not kept.

use serde::{Deserialize, Serialize};

use crate::error::GraphError;
use crate::loose;

/// The answer to one part of a batch; a part that timed out is `null`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchPart {
    /// The HTTP status of this part.
    #[serde(default, rename = "code", deserialize_with = "loose::whole")]
    pub status: Option<i64>,
    /// Its headers, where they were asked for.
    #[serde(default, deserialize_with = "loose::list")]
    pub headers: Vec<BatchHeader>,
    /// Its body: JSON as text.
    #[serde(default, deserialize_with = "loose::text")]
    pub body: Option<String>,
}

/// A header of one part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchHeader {
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// Its value.
    #[serde(default, deserialize_with = "loose::text")]
    pub value: Option<String>,
}

impl BatchPart {
    /// The error in it, where it holds one.
    pub fn error(&self) -> Option<GraphError> {
        let status = self.status.and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
        GraphError::from_body(status, self.body.as_deref()?.as_bytes())
    }
}
