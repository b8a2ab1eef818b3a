//! What a customer sees before the first message, and the faces of agents (docs/meta.md 4.9, 9).
//!
//! The profile belongs to whichever app set it up. Baton reads and shows it, and changes it only when asked.

use serde::Serialize;

use super::text::{address, line};
use super::{Field, Items, Unsendable};
use crate::id::CustomerId;
use crate::limits::{
    DOMAINS, GREETING_CHARS, ICE_BREAKERS, MENU_ITEMS, MENU_TITLE_CHARS, PAYLOAD_CHARS, PERSONA_NAME_CHARS,
};

/// The locale of the text for everybody else; Meta wants one.
pub const DEFAULT_LOCALE: &str = "default";

/// The body of `POST /me/messenger_profile`: what is set, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProfileBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    get_started: Option<GetStarted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    greeting: Vec<Greeting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ice_breakers: Vec<IceBreakers>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    persistent_menu: Vec<Menu>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    whitelisted_domains: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct GetStarted {
    payload: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Greeting {
    locale: String,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct IceBreakers {
    call_to_actions: Vec<Question>,
    locale: String,
}

/// A question that is offered to somebody who has not written yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    question: String,
    payload: String,
}

impl Question {
    /// A question and the text that comes back when it is tapped.
    ///
    /// # Errors
    /// [`Unsendable::Empty`], [`Unsendable::TooLong`] for the payload (1000 characters) and the question (80, without a
    /// source).
    pub fn new(question: impl Into<String>, payload: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self {
            question: line(Field::Question, question, 80)?,
            payload: line(Field::ButtonPayload, payload, PAYLOAD_CHARS)?,
        })
    }
}

/// The menu beside the composer of the customer, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Menu {
    locale: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    composer_input_disabled: Option<bool>,
    call_to_actions: Vec<MenuItem>,
}

/// One item of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum MenuItem {
    Postback { title: String, payload: String },
    WebUrl { title: String, url: String },
}

impl Menu {
    /// An empty menu for one language, on Messenger. It leaves the customer free to write.
    pub fn new(locale: impl Into<String>) -> Self {
        Self { locale: locale.into(), composer_input_disabled: Some(false), call_to_actions: Vec::new() }
    }

    /// The same for Instagram, which does not know the switch for writing.
    pub fn new_on_instagram(locale: impl Into<String>) -> Self {
        Self { composer_input_disabled: None, ..Self::new(locale) }
    }

    /// With one more item that tells the app.
    ///
    /// # Errors
    /// [`Unsendable::TooMany`] (20), [`Unsendable::TooLong`] for title (30 characters) and payload (1000).
    pub fn with_postback(
        self,
        title: impl Into<String>,
        payload: impl Into<String>,
    ) -> Result<Self, Unsendable> {
        let payload = line(Field::ButtonPayload, payload, PAYLOAD_CHARS)?;
        let title = line(Field::MenuTitle, title, MENU_TITLE_CHARS)?;
        self.with(MenuItem::Postback { title, payload })
    }

    /// With one more item that opens an address.
    ///
    /// # Errors
    /// [`Unsendable::TooMany`] (20), [`Unsendable::TooLong`] for the title (30 characters), [`Unsendable::WrongForm`]
    /// unless the address is HTTPS.
    pub fn with_url(self, title: impl Into<String>, url: impl Into<String>) -> Result<Self, Unsendable> {
        let title = line(Field::MenuTitle, title, MENU_TITLE_CHARS)?;
        self.with(MenuItem::WebUrl { title, url: address(Field::Address, url)? })
    }

    fn with(mut self, item: MenuItem) -> Result<Self, Unsendable> {
        if self.call_to_actions.len() >= MENU_ITEMS {
            return Err(Unsendable::TooMany { items: Items::MenuItems, max: MENU_ITEMS });
        }
        self.call_to_actions.push(item);
        Ok(self)
    }
}

impl ProfileBody {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What comes back from the button that begins a thread.
    ///
    /// # Errors
    /// [`Unsendable::Empty`], [`Unsendable::TooLong`] (1000 characters).
    pub fn with_get_started(self, payload: impl Into<String>) -> Result<Self, Unsendable> {
        let payload = line(Field::ButtonPayload, payload, PAYLOAD_CHARS)?;
        Ok(Self { get_started: Some(GetStarted { payload }), ..self })
    }

    /// Greetings by locale.
    ///
    /// # Errors
    /// [`Unsendable::None`] without one for [`DEFAULT_LOCALE`], [`Unsendable::TooLong`] (160 characters).
    pub fn with_greetings(self, greetings: Vec<(String, String)>) -> Result<Self, Unsendable> {
        needs_default(greetings.iter().map(|(locale, _)| locale))?;
        let greeting = |(locale, text): (String, String)| {
            Ok(Greeting { locale, text: line(Field::Greeting, text, GREETING_CHARS)? })
        };
        Ok(Self { greeting: greetings.into_iter().map(greeting).collect::<Result<_, _>>()?, ..self })
    }

    /// Questions by locale.
    ///
    /// # Errors
    /// [`Unsendable::None`] without one set for [`DEFAULT_LOCALE`] or for an empty set, [`Unsendable::TooMany`] (4).
    pub fn with_ice_breakers(self, sets: Vec<(String, Vec<Question>)>) -> Result<Self, Unsendable> {
        needs_default(sets.iter().map(|(locale, _)| locale))?;
        for (_, questions) in &sets {
            match questions.len() {
                0 => return Err(Unsendable::None(Items::Questions)),
                1..=ICE_BREAKERS => {}
                _ => return Err(Unsendable::TooMany { items: Items::Questions, max: ICE_BREAKERS }),
            }
        }
        let set = |(locale, call_to_actions)| IceBreakers { call_to_actions, locale };
        Ok(Self { ice_breakers: sets.into_iter().map(set).collect(), ..self })
    }

    /// Menus by locale. The button that begins a thread has to be set too, now or before.
    ///
    /// # Errors
    /// [`Unsendable::None`] without one for [`DEFAULT_LOCALE`], or for a menu without items.
    pub fn with_menus(self, menus: Vec<Menu>) -> Result<Self, Unsendable> {
        Ok(Self { persistent_menu: checked_menus(menus)?, ..self })
    }

    /// The domains that may be opened inside Messenger.
    ///
    /// # Errors
    /// [`Unsendable::TooMany`] (50), [`Unsendable::WrongForm`] unless all are HTTPS.
    pub fn with_domains(self, domains: Vec<String>) -> Result<Self, Unsendable> {
        if domains.len() > DOMAINS {
            return Err(Unsendable::TooMany { items: Items::Domains, max: DOMAINS });
        }
        let domain = |domain: String| address(Field::Address, domain);
        Ok(Self { whitelisted_domains: domains.into_iter().map(domain).collect::<Result<_, _>>()?, ..self })
    }
}

fn checked_menus(menus: Vec<Menu>) -> Result<Vec<Menu>, Unsendable> {
    needs_default(menus.iter().map(|menu| &menu.locale))?;
    if menus.iter().any(|menu| menu.call_to_actions.is_empty()) {
        return Err(Unsendable::None(Items::MenuItems));
    }
    Ok(menus)
}

fn needs_default<'a>(mut locales: impl Iterator<Item = &'a String>) -> Result<(), Unsendable> {
    if locales.any(|locale| locale == DEFAULT_LOCALE) {
        Ok(())
    } else {
        Err(Unsendable::None(Items::DefaultLocale))
    }
}

/// The body of `DELETE /me/messenger_profile`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileDeletion {
    fields: Vec<ProfileField>,
}

/// A part of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileField {
    /// The button that begins a thread.
    GetStarted,
    /// The greeting.
    Greeting,
    /// The questions.
    IceBreakers,
    /// The menu.
    PersistentMenu,
    /// The domains.
    WhitelistedDomains,
    /// Where accounts are linked.
    AccountLinkingUrl,
    /// The commands.
    Commands,
}

impl ProfileDeletion {
    /// Takes parts of the profile away.
    ///
    /// # Errors
    /// [`Unsendable::None`] for no part.
    pub fn of(fields: Vec<ProfileField>) -> Result<Self, Unsendable> {
        if fields.is_empty() { Err(Unsendable::None(Items::ProfileFields)) } else { Ok(Self { fields }) }
    }
}

/// The body of `POST /me/custom_user_settings`: the menu of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerMenuBody {
    psid: CustomerId,
    persistent_menu: Vec<Menu>,
}

impl CustomerMenuBody {
    /// Menus by locale, for one customer.
    ///
    /// # Errors
    /// As for the menus of everybody.
    pub fn new(customer: &CustomerId, menus: Vec<Menu>) -> Result<Self, Unsendable> {
        Ok(Self { psid: customer.clone(), persistent_menu: checked_menus(menus)? })
    }
}

/// The body of `POST /{page}/personas`. There is no change of a persona: another name is another one. Messenger only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonaBody {
    name: String,
    profile_picture_url: String,
}

impl PersonaBody {
    /// A name, and a picture (up to 8 MB) that Meta can fetch.
    ///
    /// # Errors
    /// [`Unsendable::Empty`], [`Unsendable::TooLong`] (50 characters), [`Unsendable::WrongForm`] unless the address is
    /// HTTPS.
    pub fn new(name: impl Into<String>, picture: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self {
            name: line(Field::PersonaName, name, PERSONA_NAME_CHARS)?,
            profile_picture_url: address(Field::Address, picture)?,
        })
    }
}
