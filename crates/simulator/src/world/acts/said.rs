//! What a customer can say, as the control API takes it.

use baton_messenger::Mid;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One message of a customer. A text, things, or both; everything else is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Said {
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What hangs on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub things: Vec<Thing>,
    /// The message it answers; need not be known to anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Mid>,
    /// The payload of the quick reply that was tapped; its title is the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_reply: Option<String>,
    /// Commands of the Messenger profile that the text uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// What led here: `{ref, source, type, ad_id, ads_context_data}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Value>,
    /// Instagram: it answers a story of the account.
    #[serde(skip_serializing_if = "is_false")]
    pub answers_story: bool,
    /// It is of a kind that the API cannot carry: nothing of it is told but that it came.
    #[serde(skip_serializing_if = "is_false")]
    pub is_unsupported: bool,
    /// Which webhooks tell of it.
    #[serde(skip_serializing_if = "Telling::is_usual")]
    pub telling: Telling,
}

impl Said {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// One thing without words.
    pub fn thing(thing: Thing) -> Self {
        Self { things: vec![thing], ..Self::default() }
    }
}

/// Which webhooks tell of a message (docs/meta.md 2.7.2, 2.7.9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// The message itself.
    #[default]
    Usual,
    /// Instagram's trap: an edit with the number 0, without people and text, instead of the message.
    EditZero,
    /// That edit, and then the message.
    EditZeroThenUsual,
    /// None at all, as with some stickers on Instagram.
    Silent,
}

impl Telling {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    fn is_usual(&self) -> bool {
        *self == Self::Usual
    }
}

/// One thing that hangs on a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Thing {
    /// A picture.
    Image,
    /// A moving picture.
    Animation,
    /// A film of some seconds.
    Video,
    /// A voice clip.
    Audio,
    /// A document.
    File {
        /// Its name; made up when left out.
        #[serde(default)]
        name: Option<String>,
    },
    /// A sticker.
    Sticker {
        /// Its id; a smiling disc when left out.
        #[serde(default)]
        id: Option<u64>,
        /// How webhooks write it.
        #[serde(default)]
        form: StickerForm,
    },
    /// A place.
    Location {
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        long: f64,
    },
    /// The preview of a link in the text.
    Link {
        /// Where it leads.
        url: String,
        /// The preview's title.
        title: String,
    },
    /// A share that Meta does not carry: a fallback without a payload.
    UnknownShare,
    /// A post of the Page.
    Post {
        /// Its title.
        title: String,
    },
    /// A Facebook reel.
    Reel {
        /// Its title.
        title: String,
    },
    /// A post on Instagram.
    IgPost {
        /// Its title.
        title: String,
    },
    /// A reel on Instagram.
    IgReel {
        /// Its title.
        title: String,
    },
    /// A post on Instagram in the older form, with nothing but a link.
    Share,
    /// A product of the catalogue.
    Product {
        /// Its name.
        title: String,
        /// Its price, as shown.
        subtitle: String,
    },
    /// A wish for an appointment.
    Appointment {
        /// When it begins, milliseconds UTC.
        start_ms: i64,
        /// When it ends, milliseconds UTC.
        end_ms: i64,
        /// `Europe/Berlin` and the like.
        timezone: String,
    },
    /// Instagram: the account is mentioned in the person's story.
    StoryMention,
    /// Instagram: a picture that disappears; it has no link.
    Ephemeral,
}

/// How a sticker is written (docs/meta.md 2.6.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StickerForm {
    /// As a sticker.
    #[default]
    Sticker,
    /// Until 30 August 2026: as a sticker and as an image.
    Twice,
    /// Older still: as an image with a sticker's id.
    Image,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
