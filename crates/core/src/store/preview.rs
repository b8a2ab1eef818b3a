//! The last thing of a thread in one line: what it was, and what it says. Words for it are the page's.

use baton_messenger::webhook::{Attachment, AttachmentKind, Origin, Template};

use super::attachment::CART;
use super::message_page::first_line;
use super::{AttachmentRow, Author, MessageKind, MessageRow};
use crate::apply::{Extra, Happened, Pressed};

/// The last thing said or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Who said it; [`Author::System`] where nobody said anything.
    pub by: Author,
    /// One line of it; empty for pure media and after an unsend.
    pub text: String,
    /// What it was.
    pub kind: PreviewKind,
}

/// What the last thing of a thread was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum PreviewKind {
    /// Words; none at all in a thread in which nothing was said.
    #[default]
    #[strum(serialize = "message")]
    Text,
    /// A button that was pressed, or a quick reply that was chosen.
    Pressed,
    /// A picture.
    Image,
    /// Several files.
    Files,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A file.
    File,
    /// A sticker.
    Sticker,
    /// A place.
    Place,
    /// A link.
    Link,
    /// Cards; the text is the title of the first.
    Cards,
    /// A question with buttons.
    Buttons,
    /// A receipt; the text is the number of the order.
    Receipt,
    /// A product of the shop.
    Product,
    /// A shared post.
    Post,
    /// A shared reel.
    Reel,
    /// Words about a story of ours.
    StoryReply,
    /// A story that names us.
    StoryMention,
    /// An appointment.
    Appointment,
    /// A shopping cart.
    Order,
    /// A picture that is gone once it was looked at.
    Disappearing,
    /// Something that cannot be shown.
    Unknown,
    /// A message that was taken back.
    Unsent,
    /// A reaction to what we said; the text is the character.
    Reaction,
    /// A reaction to what the customer said.
    ReactionToOwn,
    /// The customer agreed to be written to.
    OptedIn,
    /// The customer took that back.
    OptedOut,
    /// The customer came through an ad; the text is its title.
    CameByAd,
    /// The customer finished a lead form.
    CameByLeadForm,
    /// The customer came from the business's website.
    CameByWebsite,
    /// The customer came through a link, or otherwise.
    CameByLink,
    /// The customer linked an account.
    Linked,
    /// The customer unlinked an account.
    Unlinked,
    /// The customer gave feedback.
    Feedback,
    /// Thumb up.
    ThumbUp,
    /// Thumb down.
    ThumbDown,
    /// Nobody said anything, and control moved; the text is the note that was passed along.
    HandedOver,
    /// Nobody said anything, and another app asks for the thread; the text is its note.
    AskedFor,
    /// Nobody said anything, and a label was set in Meta's inbox; the text is its name.
    LabelSet,
    /// Nobody said anything, and a label was removed in Meta's inbox; the text is its name.
    LabelRemoved,
}

/// A message, as far as its line needs it.
pub(super) struct Line<'a> {
    pub kind: MessageKind,
    pub unsent: bool,
    pub text: Option<&'a str>,
    pub extra: &'a Extra,
    /// The first attachment, and how many there are.
    pub first: Option<&'a AttachmentRow>,
    pub attachments: i64,
}

impl MessageRow {
    /// What it is, and one line of it.
    #[must_use]
    pub fn in_one_line(&self) -> (PreviewKind, String) {
        line_of(&Line {
            kind: self.kind,
            unsent: self.unsent,
            text: self.text.as_deref(),
            extra: &self.extra,
            first: self.attachments.first(),
            attachments: i64::try_from(self.attachments.len()).unwrap_or(i64::MAX),
        })
    }
}

/// What a message was, and its line.
pub(super) fn line_of(line: &Line<'_>) -> (PreviewKind, String) {
    if line.unsent {
        return (PreviewKind::Unsent, String::new());
    }
    if line.kind == MessageKind::Unknown || line.extra.unsupported {
        return (PreviewKind::Unknown, String::new());
    }
    if let Some(happened) = &line.extra.happened {
        return of_happened(happened);
    }
    let text = line.text.map(first_line).filter(|text| !text.is_empty());
    if line.extra.story.is_some() {
        return (PreviewKind::StoryReply, text.unwrap_or_default());
    }
    if let Some(Pressed::Button | Pressed::QuickReply) = line.extra.pressed {
        return (PreviewKind::Pressed, text.unwrap_or_default());
    }
    match (text, line.first) {
        (Some(text), _) => (PreviewKind::Text, text),
        (None, Some(_)) if line.attachments > 1 => (PreviewKind::Files, line.attachments.to_string()),
        (None, Some(first)) => of_attachment(first),
        (None, None) => (PreviewKind::Text, String::new()),
    }
}

pub(super) fn of_happened(happened: &Happened) -> (PreviewKind, String) {
    match happened {
        Happened::OptedIn { title, on } => {
            let kind = if *on { PreviewKind::OptedIn } else { PreviewKind::OptedOut };
            (kind, title.as_deref().map(first_line).unwrap_or_default())
        }
        Happened::Came(came) => {
            let kind = match came.by {
                Origin::Ad => PreviewKind::CameByAd,
                Origin::LeadAd => PreviewKind::CameByLeadForm,
                Origin::WebsitePlugin => PreviewKind::CameByWebsite,
                Origin::Shop => PreviewKind::Product,
                Origin::Link | Origin::Other => PreviewKind::CameByLink,
            };
            (kind, came.title.as_deref().map(first_line).unwrap_or_default())
        }
        Happened::AccountLinked { linked: true } => (PreviewKind::Linked, String::new()),
        Happened::AccountLinked { linked: false } => (PreviewKind::Unlinked, String::new()),
        Happened::Feedback { answers } => {
            let said = answers.last().map(|answer| first_line(&answer.answer));
            (PreviewKind::Feedback, said.unwrap_or_default())
        }
        Happened::Thumb { good: true } => (PreviewKind::ThumbUp, String::new()),
        Happened::Thumb { good: false } => (PreviewKind::ThumbDown, String::new()),
        Happened::InboxLabel { name, on: true } => (PreviewKind::LabelSet, first_line(name)),
        Happened::InboxLabel { name, on: false } => (PreviewKind::LabelRemoved, first_line(name)),
    }
}

fn of_attachment(row: &AttachmentRow) -> (PreviewKind, String) {
    if row.kind == CART {
        return (PreviewKind::Order, String::new());
    }
    let attachment = row.read();
    if attachment.is_like() {
        return (PreviewKind::Text, "👍".to_owned());
    }
    let kind = match attachment.is() {
        Some(AttachmentKind::Image) => PreviewKind::Image,
        Some(AttachmentKind::Video) => PreviewKind::Video,
        Some(AttachmentKind::Audio) => PreviewKind::Audio,
        Some(AttachmentKind::File) => PreviewKind::File,
        Some(AttachmentKind::Sticker) => PreviewKind::Sticker,
        Some(AttachmentKind::Location) => PreviewKind::Place,
        Some(AttachmentKind::Fallback) => PreviewKind::Link,
        Some(AttachmentKind::Template) => return of_template(&attachment),
        Some(AttachmentKind::Post | AttachmentKind::IgPost | AttachmentKind::Share) => PreviewKind::Post,
        Some(AttachmentKind::Reel | AttachmentKind::IgReel) => PreviewKind::Reel,
        Some(AttachmentKind::StoryMention) => PreviewKind::StoryMention,
        Some(AttachmentKind::AppointmentBooking) => PreviewKind::Appointment,
        Some(AttachmentKind::Ephemeral) => PreviewKind::Disappearing,
        Some(AttachmentKind::LikeHeart) => return (PreviewKind::Text, "❤️".to_owned()),
        Some(AttachmentKind::Other(_)) | None => PreviewKind::Unknown,
    };
    (kind, line(attachment.title.as_ref()))
}

fn of_template(attachment: &Attachment) -> (PreviewKind, String) {
    let products = attachment.products();
    if let Some(product) = products.first() {
        return (PreviewKind::Product, line(product.title.as_ref()));
    }
    match attachment.template() {
        Some(Template::Button { text, .. }) => (PreviewKind::Buttons, line(text.as_ref())),
        Some(Template::Receipt(receipt)) => (PreviewKind::Receipt, line(receipt.order_number.as_ref())),
        Some(Template::Generic { cards } | Template::Media { cards }) => {
            (PreviewKind::Cards, line(cards.first().and_then(|card| card.title.as_ref())))
        }
        Some(Template::Other { .. }) | None => (PreviewKind::Cards, line(attachment.title.as_ref())),
    }
}

fn line(text: Option<&String>) -> String {
    text.map(|text| first_line(text)).unwrap_or_default()
}
