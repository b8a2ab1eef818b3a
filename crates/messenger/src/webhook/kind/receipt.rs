//! Delivered and seen (docs/meta.md 2.6.14, 2.6.15, 2.7.10).

use serde::{Deserialize, Serialize};

use crate::id::Mid;
use crate::loose;

/// Sent messages reached the customer. Messenger only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Some of the messages, when Meta names them.
    #[serde(default, deserialize_with = "loose::ids")]
    pub mids: Vec<Mid>,
    /// Everything sent at or before this time is delivered.
    #[serde(default, rename = "watermark", deserialize_with = "loose::time_ms")]
    pub watermark_ms: Option<i64>,
}

/// The customer saw sent messages: by time on Messenger, by message on Instagram.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Everything sent at or before this time was seen.
    #[serde(default, rename = "watermark", deserialize_with = "loose::time_ms")]
    pub watermark_ms: Option<i64>,
    /// Everything up to this message was seen.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
}
