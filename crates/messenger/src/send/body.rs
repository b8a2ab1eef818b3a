//! A message to a customer.

use serde::Serialize;

use super::text::checked_text;
use super::{Metadata, Recipient, Unsendable};
use crate::id::{CustomerId, Mid, Platform};
use crate::policy::Verdict;

/// The body of `POST /{page}/messages` (docs/meta.md 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendBody {
    recipient: Recipient,
    messaging_type: MessagingType,
    message: MessageBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<ReplyTo>,
}

/// How a message counts for Meta's windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessagingType {
    /// An answer inside the open window.
    Response,
    /// Outside of it, with a tag.
    MessageTag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Tag {
    HumanAgent,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct MessageBody {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ReplyTo {
    mid: Mid,
}

impl SendBody {
    /// A text.
    ///
    /// # Errors
    /// When policy refused, or when the text is empty or over the channel's limit (docs/meta.md 4.4).
    pub fn text(
        platform: Platform,
        customer: &CustomerId,
        verdict: &Verdict,
        text: &str,
        metadata: Option<Metadata>,
    ) -> Result<Self, Unsendable> {
        let (messaging_type, tag) = match verdict {
            Verdict::Plain { .. } => (MessagingType::Response, None),
            Verdict::HumanAgent { .. } => (MessagingType::MessageTag, Some(Tag::HumanAgent)),
            Verdict::Refused { reason } => return Err(Unsendable::Refused(*reason)),
        };
        let message = MessageBody { text: checked_text(platform, text)?.to_owned(), metadata };
        Ok(Self { recipient: customer.into(), messaging_type, message, tag, reply_to: None })
    }

    /// The same, shown as an answer to one message. Meta takes that only in the open window (docs/meta.md 4.1); on a
    /// late reply it is left out, so that the reply itself is not refused for it.
    #[must_use]
    pub fn in_reply_to(mut self, mid: &Mid) -> Self {
        self.reply_to = (self.tag.is_none()).then(|| ReplyTo { mid: mid.clone() });
        self
    }

    /// To whom.
    pub fn customer(&self) -> &CustomerId {
        &self.recipient.id
    }

    /// How it counts for Meta's windows.
    pub fn messaging_type(&self) -> MessagingType {
        self.messaging_type
    }

    /// Whether it carries the human-agent tag; evidence of such a send is kept.
    pub fn is_tagged(&self) -> bool {
        self.tag.is_some()
    }
}
