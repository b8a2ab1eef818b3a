//! One picture or video with buttons (docs/meta.md 4.8).

use serde::Serialize;

use super::{Button, Unsendable};
use crate::id::AttachmentId;
use crate::send::text::facebook_address;

/// The element of a media template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Media {
    media_type: MediaKind,
    #[serde(flatten)]
    source: Source,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Button>,
}

/// What a media template shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A video.
    Video,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    AttachmentId(AttachmentId),
    Url(String),
}

impl Media {
    /// From an upload.
    pub fn of_upload(media_type: MediaKind, id: AttachmentId) -> Self {
        Self { media_type, source: Source::AttachmentId(id), buttons: Vec::new() }
    }

    /// From an address on Facebook; Meta takes no other.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`].
    pub fn of_facebook(media_type: MediaKind, url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self { media_type, source: Source::Url(facebook_address(url)?), buttons: Vec::new() })
    }

    /// With one more button; the template counts them.
    #[must_use]
    pub fn with_button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    pub(super) fn buttons(&self) -> &[Button] {
        &self.buttons
    }
}
