//! Answers that the customer can give with one tap (docs/meta.md 4.7).

use serde::Serialize;

use super::text::{address, line};
use super::{Feature, Field, Items, Unsendable};
use crate::id::Platform;
use crate::limits::{PAYLOAD_CHARS, QUICK_REPLIES, QUICK_REPLY_TITLE_CHARS};

/// One answer that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuickReply {
    content_type: ContentType,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum ContentType {
    Text,
    UserPhoneNumber,
    UserEmail,
}

impl QuickReply {
    /// A text; its payload comes back with the tap.
    ///
    /// # Errors
    /// [`Unsendable::Empty`] and [`Unsendable::TooLong`] for the title (20 characters) and the payload (1000).
    pub fn text(title: impl Into<String>, payload: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self {
            title: Some(line(Field::QuickReplyTitle, title, QUICK_REPLY_TITLE_CHARS)?),
            payload: Some(line(Field::QuickReplyPayload, payload, PAYLOAD_CHARS)?),
            ..Self::of(ContentType::Text)
        })
    }

    /// The same with a small picture. Messenger only.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless the address is HTTPS.
    pub fn with_picture(self, url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self { image_url: Some(address(Field::Address, url)?), ..self })
    }

    /// Offers the customer's telephone number.
    pub fn phone_number() -> Self {
        Self::of(ContentType::UserPhoneNumber)
    }

    /// Offers the customer's e-mail address. Messenger only.
    pub fn email() -> Self {
        Self::of(ContentType::UserEmail)
    }

    fn of(content_type: ContentType) -> Self {
        Self { content_type, title: None, payload: None, image_url: None }
    }

    fn check(&self, platform: Platform) -> Result<(), Unsendable> {
        if platform == Platform::Messenger {
            return Ok(());
        }
        if self.content_type == ContentType::UserEmail {
            return Err(Unsendable::NotOnChannel { feature: Feature::EmailReply, platform });
        }
        if self.image_url.is_some() {
            return Err(Unsendable::NotOnChannel { feature: Feature::ReplyPicture, platform });
        }
        Ok(())
    }
}

/// The replies, if the channel takes all of them.
pub(super) fn checked(platform: Platform, replies: Vec<QuickReply>) -> Result<Vec<QuickReply>, Unsendable> {
    if replies.is_empty() {
        return Err(Unsendable::None(Items::QuickReplies));
    }
    if replies.len() > QUICK_REPLIES {
        return Err(Unsendable::TooMany { items: Items::QuickReplies, max: QUICK_REPLIES });
    }
    replies.iter().try_for_each(|reply| reply.check(platform))?;
    Ok(replies)
}
