//! Messages, echoes, unsends and edits (docs/meta.md 2.6.1–2.6.11, 2.7.1–2.7.9).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::attachment::Attachment;
use super::referral::Referral;
use crate::id::{AppId, Mid};
use crate::loose;

/// One message, of the customer or (as an echo) of the account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The message's id.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// The text; missing for pure media, may be empty.
    #[serde(default, deserialize_with = "loose::text")]
    pub text: Option<String>,
    /// Files, shares, templates, in order, as Meta sent them; see [`Message::shown`].
    #[serde(default, deserialize_with = "loose::list")]
    pub attachments: Vec<Attachment>,
    /// The quick reply that was tapped; `text` then is its title.
    #[serde(default, deserialize_with = "loose::object")]
    pub quick_reply: Option<QuickReply>,
    /// The message or story this one answers.
    #[serde(default, deserialize_with = "loose::object")]
    pub reply_to: Option<ReplyTo>,
    /// The ad or link that led to this message.
    #[serde(default, deserialize_with = "loose::object")]
    pub referral: Option<Referral>,
    /// The quick replies that the message offered; in an echo, where Meta tells them (docs/meta.md 14).
    #[serde(default, deserialize_with = "loose::list", skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<OfferedReply>,
    /// What Meta's own language recognition made of the text; old, and kept as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nlp: Option<Value>,
    /// Commands of the Messenger profile used in the text.
    #[serde(default, deserialize_with = "loose::list")]
    pub commands: Vec<Command>,
    /// The account sent it.
    #[serde(default, deserialize_with = "loose::flag")]
    pub is_echo: bool,
    /// In an echo: the app that sent it; missing for some of Meta's own surfaces, and on Instagram.
    #[serde(default, deserialize_with = "loose::id")]
    pub app_id: Option<AppId>,
    /// In an echo: what the sender attached for itself.
    #[serde(default, deserialize_with = "loose::text")]
    pub metadata: Option<String>,
    /// Instagram: the message was taken back.
    #[serde(default, deserialize_with = "loose::flag")]
    pub is_deleted: bool,
    /// The content cannot be given through the API.
    #[serde(default, deserialize_with = "loose::flag")]
    pub is_unsupported: bool,
    /// Instagram: a test message to oneself.
    #[serde(default, deserialize_with = "loose::flag")]
    pub is_self: bool,
    /// Apps that held the thread before; stands beside `message` in the event.
    #[serde(default, skip_deserializing)]
    pub hops: Vec<Hop>,
}

impl Message {
    /// The attachments to show: a sticker that came twice (as `sticker` and as `image`) stands once
    /// (docs/meta.md 2.6.5).
    pub fn shown(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.iter().filter(|attachment| !self.repeats_a_sticker(attachment))
    }

    fn repeats_a_sticker(&self, attachment: &Attachment) -> bool {
        attachment.kind.as_deref() == Some("image")
            && attachment.sticker_id.is_some()
            && self.attachments.iter().any(|other| {
                other.kind.as_deref() == Some("sticker") && other.sticker_id == attachment.sticker_id
            })
    }
}

/// A quick reply that a message offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedReply {
    /// `text`, `user_phone_number` or `user_email`.
    #[serde(default, deserialize_with = "loose::text")]
    pub content_type: Option<String>,
    /// What stands on it.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// The developer's text.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
    /// The small picture on it.
    #[serde(default, deserialize_with = "loose::text")]
    pub image_url: Option<String>,
}

/// The quick reply that was tapped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    /// The text its developer gave it.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
}

/// What a message answers: another message, or a story.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The message; it may be one we never saw.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// The customer answered a message of their own.
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub is_self_reply: Option<bool>,
    /// Instagram: our story.
    #[serde(default, deserialize_with = "loose::object")]
    pub story: Option<Story>,
}

/// An Instagram story. Its media may be shown, never stored (docs/meta.md 2.7.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoryForm")]
pub struct Story {
    /// The story's id.
    pub id: Option<String>,
    /// Where its media lies for at most a day; Graph calls it `link`.
    pub url: Option<String>,
}

#[derive(Deserialize)]
struct StoryForm {
    #[serde(default, deserialize_with = "loose::id")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    url: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    link: Option<String>,
}

impl From<StoryForm> for Story {
    fn from(form: StoryForm) -> Self {
        Self { id: form.id, url: form.url.or(form.link) }
    }
}

/// A command used in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Its name, without the slash.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
}

/// An app that held the thread before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// The app.
    #[serde(default, deserialize_with = "loose::id")]
    pub app_id: Option<AppId>,
    /// What it said when it passed the thread on.
    #[serde(default, deserialize_with = "loose::text")]
    pub metadata: Option<String>,
}

/// A message was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// The message whose content must go.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// It was one of the account's own.
    #[serde(default, deserialize_with = "loose::flag")]
    pub is_echo: bool,
}

/// A message got a new text. Number 0, without sender and text, announces a message that may be new: look it up
/// (docs/meta.md 2.7.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The message.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// Its new text.
    #[serde(default, deserialize_with = "loose::text")]
    pub text: Option<String>,
    /// Which edit it is, from 1 to 5.
    #[serde(default, deserialize_with = "loose::whole")]
    pub num_edit: Option<i64>,
}

impl Edit {
    /// Whether this announces a message instead of changing one.
    pub fn announces_message(&self) -> bool {
        self.num_edit == Some(0)
    }
}
