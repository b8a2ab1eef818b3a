//! What comes with a message: media, cards, receipts, places, links and shares.
//!
//! Media are named by an id; what they hold is asked of the host. Addresses are for people to see and are opened by the
//! host alone, with `open_outside`: the page has no network.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Count, Ms};

/// What came with a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AttachmentView {
    /// A picture, sound, video, file or sticker.
    Media {
        /// It.
        media: MediaView,
    },
    /// A link with what Meta knows of its page.
    Link {
        /// The page's title; may be empty.
        title: String,
        /// Where it leads, past Meta's redirector; none when Meta keeps it.
        address: Option<String>,
    },
    /// A place on the map.
    Place {
        /// What the customer calls it; may be empty.
        title: String,
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        long: f64,
    },
    /// Cards beside each other, or one.
    Cards {
        /// In order.
        cards: Vec<CardView>,
    },
    /// A receipt.
    Receipt {
        /// It.
        receipt: Box<ReceiptView>,
    },
    /// A shopping cart that the customer sent.
    Order {
        /// What is in it.
        lines: Vec<BoughtView>,
    },
    /// A post or reel that somebody shared.
    Shared {
        /// What.
        what: SharedKind,
        /// Its title; may be empty.
        title: String,
        /// The page of the post, where it has one.
        address: Option<String>,
        /// Its picture or video, where Meta gives one.
        media: Option<MediaView>,
    },
    /// The customer's story that names us.
    StoryMention {
        /// It, for the day that a story lives; none when Meta gives no address.
        media: Option<MediaView>,
    },
    /// An appointment.
    Appointment {
        /// As Meta words its state, such as "requested"; may be empty.
        status: String,
        /// When it begins, of the world's clock.
        start_ms: Option<Ms>,
        /// When it ends.
        end_ms: Option<Ms>,
        /// The time zone that was meant, such as "Europe/Berlin".
        zone: Option<String>,
    },
    /// Something that cannot be shown here.
    Hidden {
        /// Why.
        why: HiddenWhy,
        /// What Meta calls it; may be empty.
        title: String,
    },
}

/// A picture, sound, video, file or sticker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaView {
    /// Names it to the host. Stable while its message stands.
    pub id: String,
    /// What it is.
    pub kind: MediaKind,
    /// Its file name or title; may be empty.
    pub title: String,
    /// Where it lies.
    pub state: MediaState,
    /// Its size in bytes, once it is known.
    pub bytes: Option<Count>,
    /// True for story media: it may be shown and is never kept.
    pub fleeting: bool,
    /// The emoji that a sticker stands for, where it is one.
    pub emoji: Option<String>,
    /// What it turned out to be, once it was looked at.
    pub content: Option<MediaContent>,
}

/// What a medium is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// Any other file.
    File,
    /// A sticker.
    Sticker,
}

/// Where a medium lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MediaState {
    /// On this desk.
    Here,
    /// At Meta, under an address that ends some day.
    AtMeta,
    /// At Meta, and not to be reached the last time.
    Later,
    /// Nowhere any more: its address ended.
    Dead,
    /// At Meta, and larger than what is fetched.
    Large,
    /// At an address that nothing is fetched from.
    Forbidden,
    /// Nowhere that Meta tells.
    Missing,
    /// On another desk, which is sending it.
    Elsewhere,
    /// At Meta, of a message that was read there because the relay is away: it is fetched once the relay has told of it.
    Unheard,
}

/// What a medium turned out to be. Its bytes say it, whatever it was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum MediaContent {
    /// A picture that can be shown.
    Picture {
        /// In pixels, as it is shown.
        width: u32,
        /// In pixels.
        height: u32,
        /// True when it has more than one frame.
        moves: bool,
    },
    /// A sound or a video that may be played; whether it can, the player says.
    Played,
    /// A document that a program of the desktop opens.
    Document,
    /// Anything else: it is saved, never opened from here.
    Other,
}

/// Names a medium.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaName {
    /// The id that its view has.
    pub id: String,
}

/// A medium as it stands after it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaNow {
    /// Where it lies.
    pub state: MediaState,
    /// Its file name; may be empty.
    pub title: String,
    /// Its size in bytes, once it is known.
    pub bytes: Option<Count>,
    /// What it turned out to be.
    pub content: Option<MediaContent>,
}

/// What became of saving a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The name under which it was saved; none when the person changed their mind.
    pub name: Option<String>,
}

/// How much room the files of messages take on this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultView {
    /// What they take now, bytes.
    pub held: Count,
    /// What they may take, bytes.
    pub room: Count,
    /// What they may take where nobody said otherwise, bytes.
    pub usual: Count,
    /// The least that they can be given, bytes.
    pub least: Count,
}

/// Gives the files of messages another room.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetVault {
    /// Bytes; none for the usual room.
    pub room: Option<Count>,
}

/// A card of a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardView {
    /// Its first line; may be empty.
    pub title: String,
    /// Its second line, or the question over its buttons; may be empty.
    pub text: String,
    /// Its picture or video.
    pub media: Option<MediaView>,
    /// Where a press on the card leads.
    pub address: Option<String>,
    /// What can be pressed.
    pub buttons: Vec<CardButton>,
}

/// A button of a card, as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardButton {
    /// What stands on it.
    pub title: String,
    /// What it does.
    pub does: ButtonDoes,
    /// Where it leads, for those that open something.
    pub address: Option<String>,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ButtonDoes {
    /// Opens an address.
    Opens,
    /// Answers the app that sent it.
    Answers,
    /// Calls a number.
    Calls,
    /// Something else.
    Other,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// The number of the order; may be empty.
    pub number: String,
    /// Whose it is; may be empty.
    pub recipient: String,
    /// How it was paid; may be empty.
    pub payment: String,
    /// When it was ordered, of the world's clock.
    pub ordered_ms: Option<Ms>,
    /// Where it goes, line by line.
    pub shipped_to: Vec<String>,
    /// What was bought.
    pub lines: Vec<BoughtView>,
    /// The sums, in order; the last one is the total.
    pub sums: Vec<SumView>,
    /// The page of the order.
    pub address: Option<String>,
}

/// A line of a receipt or cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoughtView {
    /// What.
    pub title: String,
    /// Its second line; may be empty.
    pub text: String,
    /// How many.
    pub quantity: Option<Count>,
    /// Its price.
    pub price: Option<MoneyView>,
}

/// A sum of a receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SumView {
    /// Which.
    pub what: SumKind,
    /// What an adjustment is called.
    pub title: String,
    /// How much.
    pub amount: MoneyView,
}

/// Which sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SumKind {
    /// Before shipping and tax.
    Subtotal,
    /// Shipping.
    Shipping,
    /// Tax.
    Tax,
    /// Something taken off.
    Adjustment,
    /// All of it.
    Total,
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoneyView {
    /// How much, in whole units of the currency with a fraction.
    pub amount: f64,
    /// ISO 4217; empty when Meta names none.
    pub currency: String,
}

/// What was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SharedKind {
    /// A post.
    Post,
    /// A reel.
    Reel,
}

/// Why something cannot be shown here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HiddenWhy {
    /// It is gone once it was looked at, on the customer's phone alone.
    Disappearing,
    /// Meta gives no content.
    Empty,
    /// This version does not know it.
    Unknown,
}

/// Asks the host to open something outside of the window.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "open", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum OpenOutside {
    /// An address of the web, as it stands in a message.
    Address {
        /// It: http or https.
        address: String,
    },
    /// A place on the map.
    Place {
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        long: f64,
    },
    /// A medium, by the id that its view has: the file of this desk in the program for it, else its address.
    Media {
        /// Its id.
        id: String,
    },
    /// Meta's own inbox, where everything can be seen.
    Inbox {
        /// The thread it is about.
        thread: super::ThreadRef,
    },
}
