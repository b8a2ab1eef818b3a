//! Structured messages (docs/meta.md 4.8). Each can be made only within Meta's limits, and only on a channel that has it.
//!
//! ```text
//!            Messenger   Instagram
//!  generic      yes         yes      1–10 cards of up to 3 buttons
//!  button       yes         yes      a text with 1–3 buttons
//!  media        yes         –        one picture or video with up to 3 buttons
//!  receipt      yes         –        up to 100 lines and the sums
//! ```

mod button;
mod card;
mod media;
mod receipt;

pub use button::Button;
pub use card::Card;
pub use media::{Media, MediaKind};
pub use receipt::{Amount, Currency, PostalAddress, Receipt, ReceiptLine};

use serde::Serialize;

use super::text::line;
use super::{Feature, Field, Items, Unsendable};
use crate::id::Platform;
use crate::limits::{BUTTON_TEXT_CHARS, BUTTONS, CARDS};

/// The `payload` of a template, for one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateBody {
    #[serde(skip)]
    platform: Platform,
    #[serde(flatten)]
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "template_type")]
enum Form {
    Generic { elements: Vec<Card> },
    Button { text: String, buttons: Vec<Button> },
    Media { elements: [Media; 1] },
    Receipt(Box<Receipt>),
}

impl TemplateBody {
    /// Cards, side by side.
    ///
    /// # Errors
    /// [`Unsendable::None`], [`Unsendable::TooMany`] (10), [`Unsendable::BareCard`], and
    /// [`Unsendable::NotOnChannel`] for buttons that Instagram does not have.
    pub fn generic(platform: Platform, cards: Vec<Card>) -> Result<Self, Unsendable> {
        count(Items::Cards, cards.len(), CARDS)?;
        cards.iter().try_for_each(|card| card.check(platform))?;
        Ok(Self { platform, form: Form::Generic { elements: cards } })
    }

    /// A text with buttons.
    ///
    /// # Errors
    /// [`Unsendable::TooLong`] (640 characters), [`Unsendable::None`], [`Unsendable::TooMany`] (3), and
    /// [`Unsendable::NotOnChannel`] for buttons that Instagram does not have.
    pub fn button(
        platform: Platform,
        text: impl Into<String>,
        buttons: Vec<Button>,
    ) -> Result<Self, Unsendable> {
        let text = line(Field::TemplateText, text, BUTTON_TEXT_CHARS)?;
        count(Items::Buttons, buttons.len(), BUTTONS)?;
        check_buttons(platform, &buttons)?;
        Ok(Self { platform, form: Form::Button { text, buttons } })
    }

    /// One picture or video with buttons.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] on Instagram, [`Unsendable::TooMany`] for buttons (3).
    pub fn media(platform: Platform, media: Media) -> Result<Self, Unsendable> {
        on_messenger(platform, Feature::MediaTemplate)?;
        check_buttons(platform, media.buttons())?;
        Ok(Self { platform, form: Form::Media { elements: [media] } })
    }

    /// What was bought, and the sums.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] on Instagram.
    pub fn receipt(platform: Platform, receipt: Receipt) -> Result<Self, Unsendable> {
        on_messenger(platform, Feature::Receipt)?;
        Ok(Self { platform, form: Form::Receipt(Box::new(receipt)) })
    }

    /// The channel it was made for.
    pub fn platform(&self) -> Platform {
        self.platform
    }
}

fn on_messenger(platform: Platform, feature: Feature) -> Result<(), Unsendable> {
    match platform {
        Platform::Messenger => Ok(()),
        Platform::Instagram => Err(Unsendable::NotOnChannel { feature, platform }),
    }
}

fn count(items: Items, number: usize, max: usize) -> Result<(), Unsendable> {
    match number {
        0 => Err(Unsendable::None(items)),
        number if number > max => Err(Unsendable::TooMany { items, max }),
        _ => Ok(()),
    }
}

/// Buttons of a card or template; none is fine.
fn check_buttons(platform: Platform, buttons: &[Button]) -> Result<(), Unsendable> {
    if buttons.len() > BUTTONS {
        return Err(Unsendable::TooMany { items: Items::Buttons, max: BUTTONS });
    }
    buttons.iter().try_for_each(|button| button.check(platform))
}
