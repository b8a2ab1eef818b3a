//! Buttons of templates (docs/meta.md 4.8).

use serde::Serialize;

use super::{Feature, Field, Unsendable};
use crate::id::Platform;
use crate::limits::{BUTTON_TITLE_CHARS, PAYLOAD_CHARS};
use crate::send::text::{address, line};

/// One button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Button(Form);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Form {
    WebUrl { title: String, url: String },
    Postback { title: String, payload: String },
    PhoneNumber { title: String, payload: String },
    AccountLink { url: String },
    AccountUnlink,
}

impl Button {
    /// Opens an address.
    ///
    /// # Errors
    /// [`Unsendable::TooLong`] for the title (20 characters), [`Unsendable::WrongForm`] unless the address is HTTPS.
    pub fn web_url(title: impl Into<String>, url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self(Form::WebUrl { title: titled(title)?, url: address(Field::Address, url)? }))
    }

    /// Tells the app that it was pressed.
    ///
    /// # Errors
    /// [`Unsendable::TooLong`] for title (20 characters) and payload (1000).
    pub fn postback(title: impl Into<String>, payload: impl Into<String>) -> Result<Self, Unsendable> {
        let payload = line(Field::ButtonPayload, payload, PAYLOAD_CHARS)?;
        Ok(Self(Form::Postback { title: titled(title)?, payload }))
    }

    /// Calls a number. Messenger only.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless the number is `+` and 7 to 15 digits (E.164).
    pub fn phone_number(title: impl Into<String>, number: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self(Form::PhoneNumber { title: titled(title)?, payload: e164(number)? }))
    }

    /// Begins the linking of an account of the business. Messenger only.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless the address is HTTPS.
    pub fn account_link(url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self(Form::AccountLink { url: address(Field::Address, url)? }))
    }

    /// Ends it. Messenger only.
    pub fn account_unlink() -> Self {
        Self(Form::AccountUnlink)
    }

    pub(super) fn check(&self, platform: Platform) -> Result<(), Unsendable> {
        match (platform, &self.0) {
            (Platform::Messenger, _) | (_, Form::WebUrl { .. } | Form::Postback { .. }) => Ok(()),
            (Platform::Instagram, _) => Err(Unsendable::NotOnChannel { feature: Feature::Button, platform }),
        }
    }
}

fn titled(title: impl Into<String>) -> Result<String, Unsendable> {
    line(Field::ButtonTitle, title, BUTTON_TITLE_CHARS)
}

fn e164(number: impl Into<String>) -> Result<String, Unsendable> {
    let number = number.into();
    let digits = number.strip_prefix('+').unwrap_or_default();
    let is_good = (7..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0');
    if is_good {
        Ok(number)
    } else {
        let form = "a number with country code, such as +4930000000";
        Err(Unsendable::WrongForm { field: Field::PhoneNumber, form })
    }
}
