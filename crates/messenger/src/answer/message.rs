//! A message as the Conversations API tells it (docs/meta.md 3.4).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Participant;
use crate::id::{AccountId, Mid};
use crate::loose;
use crate::webhook::ReplyTo;

/// A message. A field without content is left out by Graph.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConversationMessage {
    /// The same id as in webhooks.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<Mid>,
    /// When it was sent, in whole seconds.
    #[serde(default, rename = "created_time", deserialize_with = "loose::iso_ms")]
    pub created_ms: Option<i64>,
    /// Who sent it.
    #[serde(default, deserialize_with = "loose::object")]
    pub from: Option<Participant>,
    /// To whom.
    #[serde(default, deserialize_with = "loose::data")]
    pub to: Vec<Participant>,
    /// The text; may be empty.
    #[serde(default, rename = "message", deserialize_with = "loose::text")]
    pub text: Option<String>,
    /// Files and cards.
    #[serde(default, deserialize_with = "loose::data")]
    pub attachments: Vec<AttachedFile>,
    /// Shared posts, reels, products.
    #[serde(default, deserialize_with = "loose::data")]
    pub shares: Vec<Share>,
    /// The address of a sticker.
    #[serde(default, deserialize_with = "loose::text")]
    pub sticker: Option<String>,
    /// Reactions and who gave them.
    #[serde(default, deserialize_with = "loose::data")]
    pub reactions: Vec<MessageReaction>,
    /// Instagram: the story it mentions or answers.
    #[serde(default, deserialize_with = "loose::object")]
    pub story: Option<MessageStory>,
    /// The message it answers.
    #[serde(default, deserialize_with = "loose::object")]
    pub reply_to: Option<ReplyTo>,
    /// The content cannot be given.
    #[serde(default, deserialize_with = "loose::flag")]
    pub is_unsupported: bool,
    /// `inbox`, `read`, `source:chat`, …
    #[serde(default, deserialize_with = "tag_names", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// Tags come as objects with a name.
fn tag_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let tags: Vec<Value> = loose::data(deserializer)?;
    Ok(tags.iter().filter_map(|tag| loose::text_of(tag.get("name").unwrap_or(tag))).collect())
}

impl ConversationMessage {
    /// Whether the account sent it; `None` when Graph does not say who did.
    pub fn is_from_account(&self, account: &AccountId) -> Option<bool> {
        self.from.as_ref().filter(|from| from.id.is_some()).map(|from| from.is_account(account))
    }
}

/// A file or card of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Its id.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
    /// Its kind, such as `image/jpeg`.
    #[serde(default, deserialize_with = "loose::text")]
    pub mime_type: Option<String>,
    /// Its file name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// Its size in bytes.
    #[serde(default, deserialize_with = "loose::whole")]
    pub size: Option<i64>,
    /// Where a sound or document lies.
    #[serde(default, deserialize_with = "loose::text")]
    pub file_url: Option<String>,
    /// A picture.
    #[serde(default, deserialize_with = "loose::object")]
    pub image_data: Option<AttachedImage>,
    /// A video.
    #[serde(default, deserialize_with = "loose::object")]
    pub video_data: Option<AttachedVideo>,
    /// A card.
    #[serde(default, deserialize_with = "loose::object")]
    pub generic_template: Option<Card>,
}

/// A picture; sizes in pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedImage {
    /// Where it lies; expires.
    #[serde(default, deserialize_with = "loose::text")]
    pub url: Option<String>,
    /// A smaller one.
    #[serde(default, deserialize_with = "loose::text")]
    pub preview_url: Option<String>,
    /// Width.
    #[serde(default, deserialize_with = "loose::whole")]
    pub width: Option<i64>,
    /// Height.
    #[serde(default, deserialize_with = "loose::whole")]
    pub height: Option<i64>,
    /// It is a sticker.
    #[serde(default, deserialize_with = "loose::flag")]
    pub render_as_sticker: bool,
    /// Where it moves, for an animation; then `url` is its first picture.
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub animated_gif_url: Option<String>,
}

/// A video; sizes in pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedVideo {
    /// Where it lies; expires.
    #[serde(default, deserialize_with = "loose::text")]
    pub url: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "loose::text")]
    pub preview_url: Option<String>,
    /// Width.
    #[serde(default, deserialize_with = "loose::whole")]
    pub width: Option<i64>,
    /// Height.
    #[serde(default, deserialize_with = "loose::whole")]
    pub height: Option<i64>,
    /// Length in seconds.
    #[serde(default, deserialize_with = "loose::whole")]
    pub length: Option<i64>,
    /// By how many degrees it has to be turned.
    #[serde(default, deserialize_with = "loose::whole", skip_serializing_if = "Option::is_none")]
    pub rotation: Option<i64>,
}

/// A card of a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its title.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// Its second line.
    #[serde(default, deserialize_with = "loose::text")]
    pub subtitle: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "loose::text")]
    pub media_url: Option<String>,
    /// Its button: title, type, address.
    #[serde(default)]
    pub cta: Option<Value>,
}

/// A shared post, reel or product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ShareForm")]
pub struct Share {
    /// Its id.
    pub id: Option<String>,
    /// `post`, `reel`, …; since March 2026.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Where it lies.
    pub link: Option<String>,
    /// Its title.
    pub name: Option<String>,
    /// Its text.
    pub description: Option<String>,
}

/// Since March 2026 the address and title of posts and reels have names of their own, beside the older ones.
#[derive(Deserialize)]
struct ShareForm {
    #[serde(default, deserialize_with = "loose::id")]
    id: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    link: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    url: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    description: Option<String>,
}

impl From<ShareForm> for Share {
    fn from(form: ShareForm) -> Self {
        Self {
            id: form.id,
            kind: form.kind,
            link: form.link.or(form.url),
            name: form.name.or(form.title),
            description: form.description,
        }
    }
}

/// One reaction and who gave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageReaction {
    /// The character.
    #[serde(default, deserialize_with = "loose::text")]
    pub reaction: Option<String>,
    /// Who.
    #[serde(default, deserialize_with = "loose::list")]
    pub users: Vec<Participant>,
}

/// The Instagram story a message mentions or answers. Its media may be shown, never stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageStory {
    /// The customer's story that names us.
    #[serde(default, deserialize_with = "loose::object")]
    pub mention: Option<crate::webhook::Story>,
    /// Our story that they answer.
    #[serde(default, deserialize_with = "loose::object")]
    pub reply_to: Option<crate::webhook::Story>,
}
