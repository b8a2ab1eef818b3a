//! Where the pictures, sounds and files of messages lie, by names that the page may know.

use std::fmt;
use std::str::FromStr;

use baton_messenger::Mid;
use baton_messenger::webhook::{Attachment, AttachmentKind, Template, TemplateCard};
use sha2::{Digest as _, Sha256};

use super::attachment::AttachmentPlace;
use super::error::of_json;
use super::{OwnFileId, Result, Store, StoreError, ThreadId};
use crate::apply::Extra;

/// Names a medium on this desk: `a.<message>.<place>`, `c.<message>.<place>.<card>`, `s.<message>`, `r.<message>`,
/// `f.<file>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaRef {
    /// An attachment itself.
    Attachment(AttachmentPlace),
    /// The picture of a card in an attachment.
    Card {
        /// The attachment.
        place: AttachmentPlace,
        /// Which card, from 0.
        card: usize,
    },
    /// The story of ours that a message answers.
    Story {
        /// This desk's number of the message.
        message: i64,
    },
    /// The picture of the ad or link that led to a message.
    Referral {
        /// This desk's number of the message.
        message: i64,
    },
    /// A file of this desk's draft or outbox.
    Own(OwnFileId),
}

/// Where a medium lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaSource {
    /// Meta's address of it; expires.
    pub url: String,
    /// The thread of its message.
    pub thread: ThreadId,
    /// The stable key of its message.
    pub key: String,
    /// False for story media, which may be shown and never kept (docs/meta.md 2.7.4).
    pub may_be_kept: bool,
}

impl MediaSource {
    /// A short hash of its address: enough to tell another address, and of no use to anybody else.
    pub(super) fn address(&self) -> String {
        hex::encode(&Sha256::digest(self.url.as_bytes())[..8])
    }
}

impl Store {
    /// Where a medium lies.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when its message is not here any more, or Meta gives no address.
    pub async fn media_source(&self, medium: MediaRef) -> Result<MediaSource> {
        let (thread, key) = self.message_of(medium).await?;
        let (url, may_be_kept) = match medium {
            MediaRef::Attachment(place) => {
                let attachment = self.attachment(place).await?.read();
                let may_be_kept = attachment.is().is_some_and(|kind| kind.may_be_kept());
                (url_of(&attachment), may_be_kept)
            }
            MediaRef::Card { place, card } => {
                (picture_of_card(&self.attachment(place).await?.read(), card), true)
            }
            MediaRef::Story { message } => {
                (self.extra(message).await?.story.and_then(|story| story.url), false)
            }
            MediaRef::Referral { message } => {
                let extra = self.extra(message).await?;
                (extra.came().and_then(|came| came.picture.clone()), true)
            }
            MediaRef::Own(_) => (None, false),
        };
        let url = url.ok_or(StoreError::Missing("address of a file"))?;
        Ok(MediaSource { url, thread, key, may_be_kept })
    }

    /// The thread and the stable key of a medium's message.
    async fn message_of(&self, medium: MediaRef) -> Result<(ThreadId, String)> {
        let found: Option<(i64, String)> =
            sqlx::query_as("SELECT thread_id, key FROM message WHERE message_id = ? AND unsent = 0")
                .bind(medium.message())
                .fetch_optional(self.read())
                .await?;
        let (thread, key) = found.ok_or(StoreError::Missing("message"))?;
        Ok((ThreadId(thread), key))
    }

    /// Meta's id of a medium's message; none where it has none.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the message is not here any more.
    pub async fn mid_of_media(&self, medium: MediaRef) -> Result<Option<Mid>> {
        let found: Option<Option<String>> =
            sqlx::query_scalar("SELECT mid FROM message WHERE message_id = ? AND unsent = 0")
                .bind(medium.message())
                .fetch_optional(self.read())
                .await?;
        Ok(found.ok_or(StoreError::Missing("message"))?.map(Mid::from))
    }

    async fn extra(&self, message: i64) -> Result<Extra> {
        let extra: Option<Option<String>> =
            sqlx::query_scalar("SELECT extra FROM message WHERE message_id = ?")
                .bind(message)
                .fetch_optional(self.read())
                .await?;
        extra.flatten().map_or_else(|| Ok(Extra::default()), |json| of_json(&json))
    }
}

fn url_of(attachment: &Attachment) -> Option<String> {
    attachment.url.clone().filter(|_| attachment.is().as_ref().is_some_and(AttachmentKind::is_medium))
}

/// The picture or video of a card, wherever its template has it.
#[must_use]
pub fn picture_of_card(attachment: &Attachment, card: usize) -> Option<String> {
    let product = attachment.products().into_iter().nth(card).and_then(|product| product.image_url);
    let of = |card: TemplateCard| card.image_url.or(card.url);
    product.or_else(|| match attachment.template() {
        Some(Template::Generic { cards } | Template::Media { cards }) => {
            cards.into_iter().nth(card).and_then(of)
        }
        _ => {
            let inside = |name: &str| attachment.payload.as_ref()?.get(name)?.as_str().map(str::to_owned);
            (card == 0).then(|| inside("image_url").or_else(|| inside("media_url"))).flatten()
        }
    })
}

impl MediaRef {
    /// This desk's number of its message; none for a file that is no message yet.
    #[must_use]
    pub fn message(self) -> Option<i64> {
        match self {
            Self::Attachment(place) | Self::Card { place, .. } => Some(place.message),
            Self::Story { message } | Self::Referral { message } => Some(message),
            Self::Own(_) => None,
        }
    }

    /// Which medium of its message it is: its name without the number of the message, which is not stable for ever.
    pub(super) fn place(self) -> String {
        match self {
            Self::Attachment(place) => format!("a.{}", place.idx),
            Self::Card { place, card } => format!("c.{}.{card}", place.idx),
            Self::Story { .. } => "s".to_owned(),
            Self::Referral { .. } => "r".to_owned(),
            Self::Own(_) => "f".to_owned(),
        }
    }

    /// The medium at a place of a message; none when the place cannot be read.
    pub(super) fn at(message: i64, place: &str) -> Option<Self> {
        let (kind, rest) =
            place.split_once('.').map_or((place, String::new()), |(kind, rest)| (kind, format!(".{rest}")));
        format!("{kind}.{message}{rest}").parse().ok()
    }
}

impl fmt::Display for MediaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attachment(place) => write!(f, "a.{}.{}", place.message, place.idx),
            Self::Card { place, card } => write!(f, "c.{}.{}.{card}", place.message, place.idx),
            Self::Story { message } => write!(f, "s.{message}"),
            Self::Referral { message } => write!(f, "r.{message}"),
            Self::Own(file) => write!(f, "f.{file}"),
        }
    }
}

/// The text names no medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a file cannot be read")]
pub struct NoSuchName;

impl FromStr for MediaRef {
    type Err = NoSuchName;

    fn from_str(name: &str) -> std::result::Result<Self, NoSuchName> {
        if let Some(own) = name.strip_prefix("f.") {
            return own.parse().map(Self::Own).map_err(|_| NoSuchName);
        }
        let mut pieces = name.split('.');
        let kind = pieces.next().ok_or(NoSuchName)?;
        let numbers: std::result::Result<Vec<i64>, _> = pieces.map(str::parse).collect();
        match (kind, numbers.map_err(|_| NoSuchName)?.as_slice()) {
            ("a", &[message, idx]) => Ok(Self::Attachment(AttachmentPlace { message, idx })),
            ("c", &[message, idx, card]) => Ok(Self::Card {
                place: AttachmentPlace { message, idx },
                card: usize::try_from(card).map_err(|_| NoSuchName)?,
            }),
            ("s", &[message]) => Ok(Self::Story { message }),
            ("r", &[message]) => Ok(Self::Referral { message }),
            _ => Err(NoSuchName),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_the_page() {
        let place = AttachmentPlace { message: 12, idx: 3 };
        for medium in [
            MediaRef::Attachment(place),
            MediaRef::Card { place, card: 7 },
            MediaRef::Story { message: 12 },
            MediaRef::Referral { message: 12 },
        ] {
            assert_eq!(medium.to_string().parse(), Ok(medium));
            assert_eq!(MediaRef::at(12, &medium.place()), Some(medium));
        }
        let own = MediaRef::Own(OwnFileId::new());
        assert_eq!(own.to_string().parse(), Ok(own));
        for odd in ["", "a", "a.1", "a.1.2.3", "x.1.2", "s.1.2", "c.1.2.-3", "a.1.b", "f.12"] {
            assert_eq!(odd.parse::<MediaRef>(), Err(NoSuchName), "{odd}");
        }
    }
}
