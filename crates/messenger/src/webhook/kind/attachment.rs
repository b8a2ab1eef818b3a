//! Files, shares, places, cards and templates inside a message (docs/meta.md 2.6.4–2.6.9, 2.7.2–2.7.7).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::template::Template;
use crate::loose;

/// A file, share, place, card or template inside a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "AttachmentForm")]
pub struct Attachment {
    /// `type` as Meta wrote it; [`Attachment::is`] reads it.
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

/// The stickers that are the thumb *like*, in its three sizes (docs/meta.md 2.6.5).
const LIKE_STICKERS: [&str; 3] = ["369239263222822", "369239383222810", "369239343222814"];

/// What an attachment is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, strum::EnumString, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// Sound, mostly a voice clip.
    Audio,
    /// A document.
    File,
    /// A sticker.
    Sticker,
    /// A place on the map; old.
    Location,
    /// A link with its preview, or a share that cannot be given.
    Fallback,
    /// Cards, buttons, a receipt, products; see [`Attachment::template`] and [`Attachment::products`].
    Template,
    /// A post of Facebook.
    Post,
    /// A post of Instagram.
    IgPost,
    /// A reel of Facebook.
    Reel,
    /// A reel of Instagram.
    IgReel,
    /// A post of Instagram, as it came before [`AttachmentKind::IgPost`].
    Share,
    /// The customer's story names us. It may be shown while it lives and must not be kept.
    StoryMention,
    /// A picture that disappears; Meta gives no address.
    Ephemeral,
    /// The customer asks for an appointment; see [`Attachment::booking`].
    AppointmentBooking,
    /// Instagram's heart as a message of its own, in an echo.
    LikeHeart,
    /// A word that is not known.
    #[strum(default)]
    Other(String),
}

impl AttachmentKind {
    /// Whether a copy of the content may be kept. Story media may only be streamed (docs/meta.md 2.7.4); what has no
    /// content here, or is not known, is not fetched either.
    pub fn may_be_kept(&self) -> bool {
        !matches!(self, Self::StoryMention | Self::Ephemeral | Self::Other(_))
    }

    /// Whether its address is that of a picture, a video, a sound or a file. What else has one is a page, for people to open:
    /// nothing fetches it.
    pub fn is_medium(&self) -> bool {
        match self {
            Self::Image
            | Self::Video
            | Self::Audio
            | Self::File
            | Self::Sticker
            | Self::LikeHeart
            | Self::IgPost
            | Self::Reel
            | Self::IgReel
            | Self::Share
            | Self::StoryMention => true,
            Self::Location
            | Self::Fallback
            | Self::Template
            | Self::Post
            | Self::Ephemeral
            | Self::AppointmentBooking
            | Self::Other(_) => false,
        }
    }
}

impl Attachment {
    /// An attachment from its parts, as a store keeps them.
    pub fn of(
        kind: Option<String>,
        url: Option<String>,
        title: Option<String>,
        payload: Option<Value>,
    ) -> Self {
        AttachmentForm { kind, url, title, payload }.into()
    }

    /// Whether it is the thumb *like*.
    pub fn is_like(&self) -> bool {
        self.sticker_id.as_deref().is_some_and(|id| LIKE_STICKERS.contains(&id))
    }

    /// What it is; `None` when Meta named no type.
    pub fn is(&self) -> Option<AttachmentKind> {
        // The fallback variant takes every word, so that this cannot fail.
        self.kind.as_deref().and_then(|kind| kind.parse().ok())
    }

    /// The structured content of a template, with unknown kinds of templates as a kind of their own; `None` for
    /// everything that is none.
    pub fn template(&self) -> Option<Template> {
        let payload = self.payload.as_ref().filter(|payload| payload.get("template_type").is_some())?;
        Template::read(payload)
    }

    /// The products of a shared catalogue (docs/meta.md 2.6.8).
    pub fn products(&self) -> Vec<SharedProduct> {
        let elements = self.payload.as_ref().and_then(|payload| payload.pointer("/product/elements"));
        elements.cloned().map(loose::list_of).unwrap_or_default()
    }

    /// The appointment that is asked for.
    pub fn booking(&self) -> Option<Booking> {
        let payload =
            self.payload.as_ref().filter(|_| self.is() == Some(AttachmentKind::AppointmentBooking))?;
        loose::object_of(payload.clone())
    }
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

/// A product of the account's catalogue that was shared into the thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedProduct {
    /// Meta's id of the product.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
    /// The shop's own id.
    #[serde(default, deserialize_with = "loose::id")]
    pub retailer_id: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "loose::text")]
    pub image_url: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// Mostly its price, as the shop writes it.
    #[serde(default, deserialize_with = "loose::text")]
    pub subtitle: Option<String>,
}

/// An appointment that the customer asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its id.
    #[serde(default, deserialize_with = "loose::id")]
    pub booking_id: Option<String>,
    /// `requested`, or a word not known yet.
    #[serde(default, deserialize_with = "loose::text")]
    pub status: Option<String>,
    /// When it begins, in milliseconds; Meta sends seconds.
    #[serde(default, alias = "start_time", deserialize_with = "loose::time_ms")]
    pub start_ms: Option<i64>,
    /// When it ends, in milliseconds.
    #[serde(default, alias = "end_time", deserialize_with = "loose::time_ms")]
    pub end_ms: Option<i64>,
    /// The time zone in which the customer chose, such as `Europe/Berlin`.
    #[serde(default, deserialize_with = "loose::text")]
    pub timezone: Option<String>,
}
