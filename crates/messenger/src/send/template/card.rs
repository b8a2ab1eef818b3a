//! Cards of a generic template (docs/meta.md 4.8).

use serde::Serialize;

use super::{Button, Field, Unsendable, check_buttons};
use crate::id::Platform;
use crate::limits::CARD_LINE_CHARS;
use crate::send::text::{address, line};

/// One card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_action: Option<DefaultAction>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum DefaultAction {
    WebUrl { url: String },
}

impl Card {
    /// A card with a title; it needs one thing more before it can be sent.
    ///
    /// # Errors
    /// [`Unsendable::Empty`], [`Unsendable::TooLong`] (80 characters).
    pub fn new(title: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self {
            title: line(Field::CardTitle, title, CARD_LINE_CHARS)?,
            subtitle: None,
            image_url: None,
            default_action: None,
            buttons: Vec::new(),
        })
    }

    /// With a second line.
    ///
    /// # Errors
    /// [`Unsendable::Empty`], [`Unsendable::TooLong`] (80 characters).
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self { subtitle: Some(line(Field::CardSubtitle, subtitle, CARD_LINE_CHARS)?), ..self })
    }

    /// With a picture.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless the address is HTTPS.
    pub fn with_picture(self, url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self { image_url: Some(address(Field::Address, url)?), ..self })
    }

    /// A press on the card opens an address.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless the address is HTTPS.
    pub fn opening(self, url: impl Into<String>) -> Result<Self, Unsendable> {
        let action = DefaultAction::WebUrl { url: address(Field::Address, url)? };
        Ok(Self { default_action: Some(action), ..self })
    }

    /// With one more button; the template counts them.
    #[must_use]
    pub fn with_button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    pub(super) fn check(&self, platform: Platform) -> Result<(), Unsendable> {
        let is_bare = self.subtitle.is_none()
            && self.image_url.is_none()
            && self.default_action.is_none()
            && self.buttons.is_empty();
        if is_bare {
            return Err(Unsendable::BareCard);
        }
        check_buttons(platform, &self.buttons)
    }
}
