//! Messages, echoes, unsends and edits (docs/meta.md 2.6.1–2.6.11, 2.7.1–2.7.9).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::customer::Referral;
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

/// A file, share, place, card or template inside a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "AttachmentForm")]
pub struct Attachment {
    /// `image`, `video`, `audio`, `file`, `sticker`, `location`, `fallback`, `template`, `post`, `ig_post`, `reel`,
    /// `ig_reel`, `share`, `story_mention`, `ephemeral`, `appointment_booking`, or a word not known yet.
    pub kind: Option<String>,
    /// Where the content lies; signed, and expires.
    pub url: Option<String>,
    /// A title, for shares and links.
    pub title: Option<String>,
    /// Which sticker it is.
    pub sticker_id: Option<String>,
    /// The id of a reusable upload.
    pub attachment_id: Option<String>,
    /// The id of the shared post or reel.
    pub media_id: Option<String>,
    /// A place on the map.
    pub coordinates: Option<Coordinates>,
    /// `payload` as it came, for templates and everything else in it.
    pub payload: Option<Value>,
}

#[derive(Deserialize)]
struct AttachmentForm {
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    url: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    #[serde(default)]
    payload: Option<Value>,
}

impl From<AttachmentForm> for Attachment {
    fn from(form: AttachmentForm) -> Self {
        let payload = form.payload.filter(|payload| !payload.is_null());
        let inside = |name: &str| payload.as_ref().and_then(|payload| payload.get(name));
        let text = |name: &str| inside(name).and_then(loose::id_of::<String>);
        Self {
            kind: form.kind,
            // Older webhooks put both beside `type` (docs/meta.md 2.6.7).
            url: text("url").or(form.url),
            title: text("title").or(form.title),
            sticker_id: text("sticker_id"),
            attachment_id: text("attachment_id"),
            media_id: text("reel_video_id").or_else(|| text("ig_post_media_id")).or_else(|| text("id")),
            coordinates: inside("coordinates").cloned().and_then(loose::object_of),
            payload,
        }
    }
}

/// A place on the map, in degrees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees north.
    #[serde(default, deserialize_with = "loose::real")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(default, deserialize_with = "loose::real")]
    pub long: Option<f64>,
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
pub struct Story {
    /// The story's id.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
    /// Where its media lies for at most a day; Graph calls it `link`.
    #[serde(default, alias = "link", deserialize_with = "loose::text")]
    pub url: Option<String>,
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
