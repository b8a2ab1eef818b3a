//! A message to a customer: what it says, and how it counts for Meta.

use serde::Serialize;

use super::control::SendControl;
use super::message::{MessageBody, only_on};
use super::{Feature, Metadata, Recipient, Unsendable};
use crate::id::{AppId, CustomerId, Mid, PersonaId, Platform};
use crate::policy::{Content, Refusal, Verdict};

/// The body of `POST /{page}/messages` (docs/meta.md 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendBody {
    recipient: Recipient,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging_type: Option<MessagingType>,
    message: MessageBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<ReplyTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona_id: Option<PersonaId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_control: Option<SendControl>,
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
        if let Verdict::Refused { reason } = verdict {
            return Err(Unsendable::Refused(*reason));
        }
        let message = MessageBody::text(platform, text)?;
        let message = metadata.into_iter().fold(message, MessageBody::with_metadata);
        Self::message(customer, verdict, message)
    }

    /// Any message. The verdict has to be that of policy about the same content: the tag never goes onto a template
    /// (docs/meta.md 4.3), nor onto what Meta takes only in the open window.
    ///
    /// # Errors
    /// [`Unsendable::Refused`], [`Unsendable::OnlyInWindow`].
    pub fn message(
        customer: &CustomerId,
        verdict: &Verdict,
        message: MessageBody,
    ) -> Result<Self, Unsendable> {
        let (messaging_type, tag) = match verdict {
            Verdict::Plain { .. } if message.goes_without_type() => (None, None),
            Verdict::Plain { .. } => (Some(MessagingType::Response), None),
            Verdict::HumanAgent { .. } => {
                if message.content() == Content::Template {
                    return Err(Unsendable::Refused(Refusal::LateTemplate));
                }
                if let Some(feature) = message.only_in_window() {
                    return Err(Unsendable::OnlyInWindow(feature));
                }
                (Some(MessagingType::MessageTag), Some(Tag::HumanAgent))
            }
            Verdict::Refused { reason } => return Err(Unsendable::Refused(*reason)),
        };
        Ok(Self {
            recipient: customer.into(),
            messaging_type,
            message,
            tag,
            reply_to: None,
            persona_id: None,
            thread_control: None,
        })
    }

    /// The same, shown as an answer to one message. Meta takes that only in the open window (docs/meta.md 4.1); on a
    /// late reply it is left out, so that the reply itself is not refused for it.
    #[must_use]
    pub fn in_reply_to(mut self, mid: &Mid) -> Self {
        self.reply_to = (self.tag.is_none()).then(|| ReplyTo { mid: mid.clone() });
        self
    }

    /// The same, under the name and face of an agent.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] on Instagram.
    pub fn as_persona(self, persona: &PersonaId) -> Result<Self, Unsendable> {
        only_on(self.message.platform(), Platform::Messenger, Feature::Persona)?;
        Ok(Self { persona_id: Some(persona.clone()), ..self })
    }

    /// The same, and control is left to nobody afterwards. Only with routing on (docs/meta.md 4.1).
    #[must_use]
    pub fn and_release(self) -> Self {
        Self { thread_control: Some(SendControl::Release), ..self }
    }

    /// The same, and control goes to an app, or to the default app when none is named. Only with routing on.
    #[must_use]
    pub fn and_pass(self, to: Option<&AppId>) -> Self {
        Self { thread_control: Some(SendControl::Pass { app_id: to.cloned() }), ..self }
    }

    /// To whom.
    pub fn customer(&self) -> &CustomerId {
        &self.recipient.id
    }

    /// How it counts for Meta's windows.
    pub fn messaging_type(&self) -> MessagingType {
        self.messaging_type.unwrap_or(MessagingType::Response)
    }

    /// Whether it carries the human-agent tag; evidence of such a send is kept.
    pub fn is_tagged(&self) -> bool {
        self.tag.is_some()
    }

    /// Whether the call has to be a multipart form with the bytes of a file as `filedata`.
    pub fn needs_file(&self) -> bool {
        self.message.needs_file()
    }
}
