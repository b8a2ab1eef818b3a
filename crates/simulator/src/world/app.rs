//! A Meta app that is connected to accounts: ours, the bot, one of Meta's own inboxes, or Meta's AI agent.

use std::collections::BTreeSet;

use baton_messenger::{AppId, Platform};
use secrecy::SecretString;
use serde::Serialize;

use super::topic::all_fields;

/// Where an app's webhooks of one object go.
#[derive(Debug, Clone)]
pub(crate) enum Receiver {
    /// An HTTP callback, as set in the app's dashboard or by `POST /{app}/subscriptions`.
    Callback(Callback),
    /// The bot inside this program.
    Bot,
    /// Nowhere (Meta's own inboxes; an app whose callback is not set yet).
    Nobody,
}

impl Receiver {
    /// The address of a callback.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Callback(callback) => Some(&callback.url),
            Self::Bot | Self::Nobody => None,
        }
    }
}

/// A verified callback of an app.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub url: String,
    /// The fields chosen at app level; an event of a Page needs its field here and on the Page.
    pub fields: BTreeSet<String>,
}

/// What an app is in this world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AppKind {
    /// The app under test.
    Ours,
    /// The bot inside the simulator.
    Bot,
    /// One of Meta's own inboxes, where people of the business answer.
    MetaInbox,
    /// Meta's AI agent.
    AiAgent,
}

/// One app.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub id: AppId,
    pub name: String,
    pub kind: AppKind,
    pub secret: SecretString,
    /// *Require App Secret* is on: calls need a proof.
    pub requires_proof: bool,
    /// Where logins may return to; empty: anywhere safe.
    pub redirects: Vec<String>,
    /// For object `page`.
    pub pages: Receiver,
    /// For object `instagram`.
    pub instagram: Receiver,
}

impl App {
    pub fn receiver(&self, platform: Platform) -> &Receiver {
        match platform {
            Platform::Messenger => &self.pages,
            Platform::Instagram => &self.instagram,
        }
    }

    pub fn set_receiver(&mut self, platform: Platform, receiver: Receiver) {
        match platform {
            Platform::Messenger => self.pages = receiver,
            Platform::Instagram => self.instagram = receiver,
        }
    }

    /// Sends the webhooks of both objects, with every field, to one address.
    pub fn set_callbacks(&mut self, url: &str) {
        for platform in [Platform::Messenger, Platform::Instagram] {
            let callback = Callback { url: url.to_owned(), fields: all_fields(platform) };
            self.set_receiver(platform, Receiver::Callback(callback));
        }
    }
}
