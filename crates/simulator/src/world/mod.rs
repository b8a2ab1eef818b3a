//! The simulated Meta itself: apps, tokens, Pages, customers, threads. Pure: time comes in, answers and webhooks
//! come out; nothing here touches the network.
//!
//! Promises: every rule is checked in Meta's order (token, ownership, window, content, person), for every app
//! alike, the built-in bot included. A refused act changes nothing. Webhooks that an act causes are in
//! [`World::outgoing`] in the order in which they happened.
//!
//! Refuses: Instagram and the old roles protocol (not built yet).

pub(crate) mod app;
pub(crate) mod customer;
pub(crate) mod handover;
pub(crate) mod ownership;
pub(crate) mod page;
pub(crate) mod refusals;
pub(crate) mod send;
pub(crate) mod show;
pub(crate) mod thread;
pub(crate) mod token;
pub(crate) mod webhook_out;
pub(crate) mod window;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use app::App;
use page::Page;
use refusals::Refusal;
use thread::{Customer, Message, Thread};
use token::{Holder, Token};
use webhook_out::Delivery;

/// Everything that exists.
#[derive(Default)]
pub(crate) struct World {
    pub apps: BTreeMap<AppId, App>,
    pub pages: BTreeMap<AccountId, Page>,
    /// By the token's text.
    pub tokens: BTreeMap<String, Token>,
    /// Webhooks that acts have caused and nobody has collected yet.
    pub outgoing: Vec<Delivery>,
    customers_made: u64,
}

impl World {
    pub fn page(&self, page: &AccountId) -> Result<&Page, Refusal> {
        self.pages.get(page).ok_or_else(|| Refusal::of("object_missing"))
    }

    pub fn page_mut(&mut self, page: &AccountId) -> Result<&mut Page, Refusal> {
        self.pages.get_mut(page).ok_or_else(|| Refusal::of("object_missing"))
    }

    pub fn thread(&self, page: &AccountId, customer: &CustomerId) -> Result<&Thread, Refusal> {
        self.page(page)?.threads.get(customer).ok_or_else(|| Refusal::of("no_matching_user"))
    }

    pub fn thread_mut(&mut self, page: &AccountId, customer: &CustomerId) -> Result<&mut Thread, Refusal> {
        self.page_mut(page)?.threads.get_mut(customer).ok_or_else(|| Refusal::of("no_matching_user"))
    }

    pub fn app(&self, app: &AppId) -> Result<&App, Refusal> {
        self.apps.get(app).ok_or_else(|| Refusal::of("object_missing"))
    }

    /// The token of this text, if it lives. An app token (`<id>|<secret>`) is made on the spot.
    pub fn token(&self, text: &str) -> Result<Token, Refusal> {
        if let Some(token) = self.tokens.get(text) {
            token.check_alive()?;
            return Ok(token.clone());
        }
        self.app_token(text).ok_or_else(|| Refusal::of("token_invalid"))
    }

    fn app_token(&self, text: &str) -> Option<Token> {
        let (id, secret) = text.split_once('|')?;
        let app = self.apps.get(&AppId::from(id))?;
        (app.secret.expose_secret() == secret).then(|| Token {
            app: app.id.clone(),
            holder: Holder::App,
            issued_ms: 0,
            dead: None,
        })
    }

    /// Makes a token for this app and holder and returns its text.
    pub fn mint_token(&mut self, app: &AppId, holder: Holder, now_ms: i64) -> SecretString {
        let text = format!("EAAS{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        self.tokens.insert(text.clone(), Token { app: app.clone(), holder, issued_ms: now_ms, dead: None });
        SecretString::from(text)
    }

    /// The living or dead token text that this app has for this holder.
    pub fn token_of(&self, app: &AppId, holder: &Holder) -> Option<SecretString> {
        let mut mine = self.tokens.iter().filter(|(_, t)| &t.app == app && &t.holder == holder);
        mine.next().map(|(text, _)| SecretString::from(text.clone()))
    }

    /// A new customer of this Page, with an empty thread.
    pub fn add_customer(&mut self, page: &AccountId, new: NewPerson) -> Result<CustomerId, Refusal> {
        self.customers_made += 1;
        let number = self.customers_made;
        let id = new.id.unwrap_or_else(|| self.unused_psid());
        let page = self.page_mut(page)?;
        let customer = Customer {
            id: id.clone(),
            first_name: new.first_name,
            last_name: new.last_name,
            locale: new.locale,
            gender: new.gender,
            timezone: new.timezone,
            is_reachable: true,
        };
        let thread = format!("t_{}", 9_000_000_000_000_300 + number);
        page.threads.entry(id.clone()).or_insert_with(|| Thread::new(thread, customer));
        Ok(id)
    }

    fn unused_psid(&self) -> CustomerId {
        let is_used = |id: &CustomerId| self.pages.values().any(|page| page.threads.contains_key(id));
        let mut ids = (6_200_000_000_000_100 + self.customers_made..).map(|n| CustomerId::new(n.to_string()));
        ids.find(|id| !is_used(id)).unwrap_or_else(|| CustomerId::from("6200000000000100"))
    }

    /// Puts messages, oldest first, into a thread as its past: control moved as it would have, nobody was told.
    pub fn remember(&mut self, page: &AccountId, customer: &CustomerId, past: Vec<Message>) {
        let Ok(routing) = self.page(page).map(|p| p.routing.clone()) else { return };
        let Ok(thread) = self.thread_mut(page, customer) else { return };
        for message in past {
            if message.is_from_customer() {
                ownership::customer_wrote(&routing, thread, message.at_ms);
                thread.last_customer_ms = thread.last_customer_ms.max(Some(message.at_ms));
                thread.window_opened_ms = thread.last_customer_ms;
            } else {
                // An answer means that the business had read what came before it.
                thread.business_seen_ms = thread.business_seen_ms.max(message.at_ms);
            }
            thread.delivered_ms = thread.delivered_ms.max(message.at_ms);
            thread.read_ms = thread.read_ms.max(message.at_ms);
            thread.messages.push(message);
        }
    }
}

/// What [`World::add_customer`] needs to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewPerson {
    pub id: Option<CustomerId>,
    pub first_name: String,
    pub last_name: String,
    pub locale: String,
    pub gender: String,
    pub timezone: i32,
}

/// A message id nobody can guess, in Meta's form.
pub(crate) fn new_mid() -> Mid {
    let mut bytes = Vec::with_capacity(39);
    bytes.extend_from_slice(Uuid::new_v4().as_bytes());
    bytes.extend_from_slice(Uuid::new_v4().as_bytes());
    bytes.extend_from_slice(&Uuid::new_v4().as_bytes()[..7]);
    Mid::new(format!("m_{}", URL_SAFE_NO_PAD.encode(bytes)))
}
