//! How long a text may be, in the unit that Meta counts (docs/meta.md 4.4, 4.7, 4.8).

use std::fmt;

use serde::Serialize;
use url::Url;

use super::{Field, Unsendable};
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

/// A text that has to be there and is at most so many characters long.
pub(super) fn line(field: Field, text: impl Into<String>, max: usize) -> Result<String, Unsendable> {
    let text = present(field, text)?;
    if text.encode_utf16().count() > max { Err(Unsendable::TooLong { field, max }) } else { Ok(text) }
}

/// A text that has to be there.
pub(super) fn present(field: Field, text: impl Into<String>) -> Result<String, Unsendable> {
    let text = text.into();
    if text.trim().is_empty() { Err(Unsendable::Empty(field)) } else { Ok(text) }
}

/// An address that Meta can open: HTTPS, with a host, without a password in it.
pub(super) fn address(field: Field, text: impl Into<String>) -> Result<String, Unsendable> {
    let text = present(field, text)?;
    let is_good = |url: &Url| {
        url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()
    };
    // The parser drops white space around and inside; Meta may not.
    let parsed = Url::parse(&text).ok().filter(|_| !text.contains(char::is_whitespace));
    match parsed.filter(is_good) {
        Some(_) => Ok(text),
        None => Err(Unsendable::WrongForm { field, form: "an address that begins with https://" }),
    }
}

/// The address of something on Facebook itself.
pub(super) fn facebook_address(text: impl Into<String>) -> Result<String, Unsendable> {
    let field = Field::FacebookAddress;
    let text = address(field, text)?;
    let host = Url::parse(&text).ok().and_then(|url| url.host_str().map(str::to_owned));
    let on_facebook = host.is_some_and(|host| host == "facebook.com" || host.ends_with(".facebook.com"));
    if on_facebook {
        Ok(text)
    } else {
        Err(Unsendable::WrongForm { field, form: "an address on facebook.com" })
    }
}
