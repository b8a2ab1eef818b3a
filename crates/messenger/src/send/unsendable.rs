//! Why a body could not be made: which limit of Meta stands against it, and what can be done.

use std::fmt;

use thiserror::Error;

use super::file::FileKind;
use super::text::TextUnit;
use crate::id::Platform;
use crate::policy::Refusal;
use crate::words::Words;

/// Why a body could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsendable {
    /// Policy does not allow a message now.
    #[error("sending is not allowed now: {}", .0.name())]
    Refused(Refusal),
    /// The text is empty or white space (docs/meta.md 4.4).
    #[error("the text is empty")]
    EmptyText,
    /// The text is longer than the channel takes.
    #[error("the text is longer than {max} {unit}")]
    TextTooLong {
        /// What the channel takes.
        max: usize,
        /// What it counts.
        unit: TextUnit,
    },
    /// Metadata has 1000 characters or more.
    #[error("the metadata has 1000 characters or more")]
    MetadataTooLong,
    /// The id of an outbox part is not a UUID.
    #[error("the id of a part is not a UUID")]
    NotAPart,
    /// Control can be extended by one second to seven days.
    #[error("control can be extended by 1 to 604800 seconds")]
    ExtendOutOfRange,
    /// A text inside a structured message has to be there.
    #[error("{0} is empty")]
    Empty(Field),
    /// A text inside a structured message is too long.
    #[error("{field} is longer than {max} characters")]
    TooLong {
        /// Which text.
        field: Field,
        /// What Meta takes, in UTF-16 units.
        max: usize,
    },
    /// A value is not of the form that Meta takes.
    #[error("{field} is not {form}")]
    WrongForm {
        /// Which value.
        field: Field,
        /// What it has to be.
        form: &'static str,
    },
    /// More than Meta takes.
    #[error("more than {max} {items}")]
    TooMany {
        /// Of what.
        items: Items,
        /// What Meta takes.
        max: usize,
    },
    /// At least one has to be there.
    #[error("no {0}")]
    None(Items),
    /// The channel does not have it.
    #[error("{platform} does not take {feature}")]
    NotOnChannel {
        /// What.
        feature: Feature,
        /// The channel.
        platform: Platform,
    },
    /// Meta takes it only while the 24 hours are open.
    #[error("{0} can be sent only within 24 hours")]
    OnlyInWindow(Feature),
    /// A card needs something besides its title.
    #[error("a card has only a title")]
    BareCard,
    /// Quick replies need a text or a file to stand under.
    #[error("quick replies need a text or a file")]
    RepliesAlone,
    /// A file goes with a message of its own; several pictures in one have to be uploaded before.
    #[error("several pictures in one message must be uploaded before")]
    NotUploaded,
    /// The file is too big.
    #[error("{kind} of more than {max_bytes} bytes")]
    FileTooBig {
        /// What it is sent as.
        kind: FileKind,
        /// What Meta takes.
        max_bytes: u64,
    },
    /// The channel does not take this format.
    #[error("{platform} does not take this format as {kind}")]
    FileFormat {
        /// What it would be sent as.
        kind: FileKind,
        /// The channel.
        platform: Platform,
    },
}

/// A text or value inside a structured message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The title of a quick reply.
    QuickReplyTitle,
    /// The developer's text of a quick reply.
    QuickReplyPayload,
    /// The title of a button.
    ButtonTitle,
    /// The developer's text of a button.
    ButtonPayload,
    /// The telephone number of a button.
    PhoneNumber,
    /// The title of a card.
    CardTitle,
    /// The second line of a card.
    CardSubtitle,
    /// The text of a template with buttons.
    TemplateText,
    /// An address.
    Address,
    /// The address of a picture or video on Facebook.
    FacebookAddress,
    /// The name on a receipt.
    ReceiptName,
    /// The number of an order.
    OrderNumber,
    /// How something was paid.
    PaymentMethod,
    /// A currency.
    Currency,
    /// The name of a line or adjustment of a receipt.
    ReceiptLine,
    /// The postal address on a receipt.
    PostalAddress,
    /// The name of a template.
    TemplateName,
    /// The name of a persona.
    PersonaName,
    /// A greeting.
    Greeting,
    /// A question that is offered.
    Question,
    /// The title of a menu item.
    MenuTitle,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::QuickReplyTitle => "the title of a quick reply",
            Self::QuickReplyPayload => "the payload of a quick reply",
            Self::ButtonTitle => "the title of a button",
            Self::ButtonPayload => "the payload of a button",
            Self::PhoneNumber => "the telephone number",
            Self::CardTitle => "the title of a card",
            Self::CardSubtitle => "the second line of a card",
            Self::TemplateText => "the text above the buttons",
            Self::Address => "the address",
            Self::FacebookAddress => "the address of the picture or video",
            Self::ReceiptName => "the name on the receipt",
            Self::OrderNumber => "the number of the order",
            Self::PaymentMethod => "the way of payment",
            Self::Currency => "the currency",
            Self::ReceiptLine => "the name of a line of the receipt",
            Self::PostalAddress => "the postal address",
            Self::TemplateName => "the name of the template",
            Self::PersonaName => "the name of the persona",
            Self::Greeting => "the greeting",
            Self::Question => "the question",
            Self::MenuTitle => "the title of a menu item",
        })
    }
}

/// Things of which Meta takes only so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Items {
    /// Quick replies under a message.
    QuickReplies,
    /// Buttons of a card or template.
    Buttons,
    /// Cards of a template.
    Cards,
    /// Pictures of one message.
    Images,
    /// Lines of a receipt.
    ReceiptLines,
    /// Greetings, or sets of questions, without one for all languages.
    DefaultLocale,
    /// Questions that are offered.
    Questions,
    /// Items of the menu.
    MenuItems,
    /// Domains on the allow list.
    Domains,
    /// Fields of the profile.
    ProfileFields,
}

impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::QuickReplies => "quick replies",
            Self::Buttons => "buttons",
            Self::Cards => "cards",
            Self::Images => "pictures in one message",
            Self::ReceiptLines => "lines of a receipt",
            Self::DefaultLocale => "text for the locale `default`",
            Self::Questions => "questions",
            Self::MenuItems => "menu items",
            Self::Domains => "domains",
            Self::ProfileFields => "fields of the profile",
        })
    }
}

/// What only one channel has, or only the open window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// A sticker.
    Sticker,
    /// Instagram's heart as a message.
    LikeHeart,
    /// A post of the account's own.
    OwnPost,
    /// A template of media.
    MediaTemplate,
    /// A receipt.
    Receipt,
    /// A button of this kind.
    Button,
    /// A quick reply that asks for the e-mail address.
    EmailReply,
    /// A picture on a quick reply.
    ReplyPicture,
    /// A name and face of an agent.
    Persona,
    /// A reaction other than a heart.
    Reaction,
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sticker => "stickers",
            Self::LikeHeart => "a heart as a message",
            Self::OwnPost => "an own post as a message",
            Self::MediaTemplate => "media templates",
            Self::Receipt => "receipts",
            Self::Button => "this kind of button",
            Self::EmailReply => "quick replies that ask for an e-mail address",
            Self::ReplyPicture => "pictures on quick replies",
            Self::Persona => "personas",
            Self::Reaction => "this reaction",
        })
    }
}

impl Unsendable {
    /// What the agent is told: the limit, and what can be done about it.
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Refused(refusal) => refusal.agent_words(),
            Self::EmptyText => Words::new("There is nothing to send yet.", "Write a reply."),
            Self::TextTooLong { max, unit } => Words::new(
                format!("The reply is longer than Meta takes in one message ({max} {unit})."),
                "Shorten it, or send it as several messages.",
            ),
            Self::MetadataTooLong => {
                Words::new("The note is longer than Meta takes (999 characters).", "Shorten the note.")
            }
            Self::NotAPart => Words::new("This reply has no valid number of its own.", "Write it again."),
            Self::ExtendOutOfRange => {
                Words::new("Control can be kept for at most 7 days.", "Choose a shorter time.")
            }
            Self::Empty(field) => {
                Words::new(format!("{} is missing.", capital(field)), "Fill it in, or leave this part out.")
            }
            Self::TooLong { field, max } => Words::new(
                format!("{} is longer than Meta takes ({max} characters).", capital(field)),
                "Shorten it.",
            ),
            Self::WrongForm { field, form } => {
                Words::new(format!("{} is not {form}.", capital(field)), "Correct it.")
            }
            Self::TooMany { items: Items::Images, max } => Words::new(
                format!("Meta takes at most {max} pictures in one message."),
                "Send the rest in another message.",
            ),
            Self::TooMany { items, max } => {
                Words::new(format!("Meta takes at most {max} {items}."), "Take some away.")
            }
            Self::None(items) => Words::new(format!("There are no {items}."), "Add at least one."),
            Self::NotOnChannel { feature, platform } => Words::new(
                format!("{} does not take {feature}.", channel(*platform)),
                "Send it in another form, for example as text.",
            ),
            Self::OnlyInWindow(feature) => Words::new(
                format!("Meta takes {feature} only within 24 hours after the customer wrote."),
                "Write the reply as text.",
            ),
            Self::BareCard => {
                Words::new("A card needs more than its title.", "Add a second line, a picture or a button.")
            }
            Self::RepliesAlone => {
                Words::new("Quick replies need a text or a file to stand under.", "Add a text.")
            }
            Self::NotUploaded => Words::new(
                "Several pictures in one message must be uploaded to Meta before.",
                "Send them one by one, or upload them first.",
            ),
            Self::FileTooBig { kind, max_bytes } => Words::new(
                format!("The {kind} is too big for Meta ({} MB at most).", max_bytes / 1_000_000),
                "Attach a smaller file.",
            ),
            Self::FileFormat { kind, platform } => Words::new(
                format!("{} does not take this format as {kind}.", channel(*platform)),
                match kind {
                    FileKind::Image => "Attach it as PNG, JPEG or GIF.",
                    FileKind::Audio => "Attach it as AAC, M4A, WAV or MP4.",
                    FileKind::Video => "Attach it as MP4, OGG, AVI, MOV or WebM.",
                    FileKind::File => {
                        "Attach a PDF, a picture (PNG, JPEG, GIF), a video (MP4, OGG, AVI, MOV, WebM) or a sound (AAC, \
                         M4A, WAV)."
                    }
                },
            ),
        }
    }
}

fn channel(platform: Platform) -> &'static str {
    match platform {
        Platform::Messenger => "Messenger",
        Platform::Instagram => "Instagram",
    }
}

/// The same words at the beginning of a sentence.
fn capital(words: &impl fmt::Display) -> String {
    let words = words.to_string();
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
