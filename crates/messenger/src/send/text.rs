//! How long a text may be, in the unit that Meta counts (docs/meta.md 4.4).

use std::fmt;

use serde::Serialize;

use super::Unsendable;
use crate::id::Platform;
use crate::limits::{INSTAGRAM_TEXT_BYTES, MESSENGER_TEXT_CHARS};

/// A channel's limit for one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TextLimit {
    /// The longest text that is taken.
    pub max: usize,
    /// What is counted.
    pub unit: TextUnit,
}

/// What a channel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TextUnit {
    /// UTF-16 code units, so that an emoji counts two: the stricter reading of "characters".
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

impl fmt::Display for TextUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Characters => "characters",
            Self::Bytes => "bytes",
        })
    }
}

impl TextLimit {
    /// The length of a text as this channel counts it.
    pub fn length(self, text: &str) -> usize {
        match self.unit {
            TextUnit::Characters => text.encode_utf16().count(),
            TextUnit::Bytes => text.len(),
        }
    }
}

/// The limit of a channel.
pub fn text_limit(platform: Platform) -> TextLimit {
    match platform {
        Platform::Messenger => TextLimit { max: MESSENGER_TEXT_CHARS, unit: TextUnit::Characters },
        Platform::Instagram => TextLimit { max: INSTAGRAM_TEXT_BYTES, unit: TextUnit::Bytes },
    }
}

pub(super) fn checked_text(platform: Platform, text: &str) -> Result<&str, Unsendable> {
    if text.trim().is_empty() {
        return Err(Unsendable::EmptyText);
    }
    let limit = text_limit(platform);
    if limit.length(text) > limit.max {
        return Err(Unsendable::TextTooLong { max: limit.max, unit: limit.unit });
    }
    Ok(text)
}
