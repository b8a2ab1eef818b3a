//! What we attach to a message for ourselves; Messenger's echo brings it back (docs/meta.md 4.1, 2.6.11).

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use super::Unsendable;
use crate::limits::METADATA_CHARS;

/// Any metadata short enough for Meta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Metadata(String);

impl Metadata {
    /// Takes the text if it is short enough.
    ///
    /// # Errors
    /// [`Unsendable::MetadataTooLong`] from 1000 characters on.
    pub fn new(text: impl Into<String>) -> Result<Self, Unsendable> {
        let text = text.into();
        // UTF-16 units, the stricter reading of "characters".
        if text.encode_utf16().count() > METADATA_CHARS {
            return Err(Unsendable::MetadataTooLong);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Our own form, `b1:out:<uuid of the outbox part>`: it joins an echo to the part it came from, also when the answer to
/// the send was lost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OutMetadata {
    part: String,
}

const PREFIX: &str = "b1:out:";

impl OutMetadata {
    /// For one part of the outbox.
    ///
    /// # Errors
    /// [`Unsendable::NotAPart`] when the id is not a hyphenated UUID.
    pub fn new(part: impl AsRef<str>) -> Result<Self, Unsendable> {
        Self::of_part(part.as_ref()).ok_or(Unsendable::NotAPart)
    }

    /// Reads what an echo brought back; `None` when it is not ours.
    pub fn parse(metadata: &str) -> Option<Self> {
        Self::of_part(metadata.strip_prefix(PREFIX)?)
    }

    /// The id of the part, in lower case.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// The text that is sent.
    pub fn encode(&self) -> String {
        self.to_string()
    }

    fn of_part(part: &str) -> Option<Self> {
        const HYPHENATED: usize = 36;
        let uuid = Uuid::try_parse(part).ok().filter(|_| part.len() == HYPHENATED)?;
        Some(Self { part: uuid.hyphenated().to_string() })
    }
}

impl fmt::Display for OutMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.part)
    }
}

impl From<&OutMetadata> for Metadata {
    fn from(out: &OutMetadata) -> Self {
        Self(out.encode())
    }
}

impl From<OutMetadata> for Metadata {
    fn from(out: OutMetadata) -> Self {
        Self(out.encode())
    }
}
