//! The simulated Meta itself: apps, tokens, accounts, customers, threads. Pure: time comes in, answers and webhooks
//! come out; nothing here touches the network.
//!
//! Promises: every rule is checked in Meta's order (token, ownership, window, content, person), for every app
//! alike, the built-in bot included. A refused act changes nothing. Webhooks that an act causes are in
//! [`World::outgoing`] in the order in which they happened.

pub(crate) mod account;
pub(crate) mod acts;
pub(crate) mod app;
pub(crate) mod attachment;
pub(crate) mod handover;
pub(crate) mod labels;
pub(crate) mod limits;
pub(crate) mod login;
pub(crate) mod media;
pub(crate) mod ownership;
pub(crate) mod persona;
pub(crate) mod refusals;
pub(crate) mod routing;
pub(crate) mod send;
pub(crate) mod show;
pub(crate) mod thread;
pub(crate) mod token;
pub(crate) mod topic;
pub(crate) mod webhook_out;
pub(crate) mod window;
pub(crate) mod written;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_messenger::{AccountId, AppId, CustomerId, Mid, Platform};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use account::Account;
use app::App;
use labels::Label;
use limits::{Limits, Meters};
use login::Code;
use media::Files;
use persona::Persona;
use refusals::Refusal;
use send::upload::Upload;
use thread::{Customer, Message, Profile, Thread};
use token::{Holder, Token};
use webhook_out::Delivery;

/// Everything that exists.
#[derive(Default)]
pub(crate) struct World {
    pub apps: BTreeMap<AppId, App>,
    pub accounts: BTreeMap<AccountId, Account>,
    /// By the token's text.
    pub tokens: BTreeMap<String, Token>,
    /// Codes of the login dialog, by their text.
    pub codes: BTreeMap<String, Code>,
    /// Webhooks that acts have caused and nobody has collected yet.
    pub outgoing: Vec<Delivery>,
    pub files: Files,
    pub limits: Limits,
    meters: Meters,
    /// By id.
    pub uploads: BTreeMap<String, Upload>,
    /// By id.
    pub personas: BTreeMap<String, Persona>,
    /// By id.
    pub labels: BTreeMap<String, Label>,
    customers_made: u64,
    numbers_given: u64,
}

impl World {
    pub fn account(&self, id: &AccountId) -> Result<&Account, Refusal> {
        self.accounts.get(id).ok_or_else(|| Refusal::of("object_missing"))
    }

    pub fn account_mut(&mut self, id: &AccountId) -> Result<&mut Account, Refusal> {
        self.accounts.get_mut(id).ok_or_else(|| Refusal::of("object_missing"))
    }

    /// The Instagram account that is linked to this Page.
    pub fn instagram_of(&self, page: &AccountId) -> Option<&Account> {
        self.accounts.values().find(|account| account.page.as_ref() == Some(page))
    }

    /// Which of the accounts that a token of `speaker` speaks for has a thread with this customer.
    pub fn account_with(&self, speaker: &AccountId, customer: &CustomerId) -> Result<AccountId, Refusal> {
        let linked = self.instagram_of(speaker);
        let mut candidates = self.accounts.get(speaker).into_iter().chain(linked);
        let found = candidates.find(|account| account.threads.contains_key(customer));
        found.map(|account| account.id.clone()).ok_or_else(|| Refusal::of("no_matching_user"))
    }

    /// Whether the person behind the tokens may do this on the account; for Instagram the Page's tasks count.
    pub fn may(&self, account: &AccountId, task: &str) -> bool {
        let Ok(account) = self.account(account) else { return false };
        match &account.page {
            Some(page) => self.account(page).is_ok_and(|page| page.may(task)),
            None => account.may(task),
        }
    }

    pub fn thread(&self, account: &AccountId, customer: &CustomerId) -> Result<&Thread, Refusal> {
        self.account(account)?.threads.get(customer).ok_or_else(|| Refusal::of("no_matching_user"))
    }

    pub fn thread_mut(&mut self, account: &AccountId, customer: &CustomerId) -> Result<&mut Thread, Refusal> {
        self.account_mut(account)?.threads.get_mut(customer).ok_or_else(|| Refusal::of("no_matching_user"))
    }

    pub fn app(&self, app: &AppId) -> Result<&App, Refusal> {
        self.apps.get(app).ok_or_else(|| Refusal::of("object_missing"))
    }

    /// The token of this text, if it lives. An app token (`<id>|<secret>`) is made on the spot.
    pub fn token(&self, text: &str, now_ms: i64) -> Result<Token, Refusal> {
        if let Some(token) = self.tokens.get(text) {
            token.check_alive(now_ms)?;
            return Ok(token.clone());
        }
        self.app_token(text).ok_or_else(|| Refusal::of("token_invalid"))
    }

    fn app_token(&self, text: &str) -> Option<Token> {
        let (id, secret) = text.split_once('|')?;
        let app = self.apps.get(&AppId::from(id))?;
        (app.secret.expose_secret() == secret).then(|| Token::lasting(&app.id, Holder::App, 0))
    }

    /// Makes a token without an end for this app and holder and returns its text.
    pub fn mint_token(&mut self, app: &AppId, holder: Holder, now_ms: i64) -> SecretString {
        self.keep_token(Token::lasting(app, holder, now_ms))
    }

    /// Keeps a token under a new text.
    pub fn keep_token(&mut self, token: Token) -> SecretString {
        let begins = if matches!(token.holder, Holder::Instagram(_)) { "IGAA" } else { "EAAS" };
        let text = format!("{begins}{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let text = SecretString::from(text);
        self.keep_token_as(&text, token);
        text
    }

    /// Keeps a token under a text that was given out before.
    pub fn keep_token_as(&mut self, text: &SecretString, token: Token) {
        self.tokens.insert(text.expose_secret().to_owned(), token);
    }

    /// The token without an end that this app has for this holder: a living one, else a dead one.
    pub fn token_of(&self, app: &AppId, holder: &Holder) -> Option<SecretString> {
        let mine = self.tokens.iter().filter(|(_, t)| &t.app == app && &t.holder == holder);
        let best = mine.filter(|(_, t)| t.expires_ms.is_none()).min_by_key(|(_, t)| t.dead.is_some());
        best.map(|(text, _)| SecretString::from(text.clone()))
    }

    /// As [`World::token_of`], but a living one.
    pub fn living_token_of(&self, app: &AppId, holder: &Holder) -> Option<SecretString> {
        let lives = |t: &Token| &t.app == app && &t.holder == holder && t.dead.is_none();
        self.tokens.iter().find(|(_, t)| lives(t)).map(|(text, _)| SecretString::from(text.clone()))
    }

    /// A new customer of this account, with an empty thread.
    pub fn add_customer(&mut self, account: &AccountId, new: NewPerson) -> Result<CustomerId, Refusal> {
        let platform = self.account(account)?.platform;
        self.customers_made += 1;
        let number = self.customers_made;
        let id = new.id.unwrap_or_else(|| self.unused_id(platform));
        let is_instagram = platform == Platform::Instagram;
        let username = new.username.or_else(|| is_instagram.then(|| handle(&new.first_name, &new.last_name)));
        let customer = Customer {
            id: id.clone(),
            first_name: new.first_name,
            last_name: new.last_name,
            username,
            locale: new.locale,
            gender: new.gender,
            timezone: new.timezone,
            profile: Profile::Full,
            is_reachable: true,
            is_blocked: false,
        };
        let mut thread = Thread::new(thread_id(platform, number), customer);
        thread.is_request = is_instagram;
        self.account_mut(account)?.threads.entry(id.clone()).or_insert(thread);
        Ok(id)
    }

    /// A number that was never given before, counted up from `first`: ids of posts, labels, personas …
    pub fn new_number(&mut self, first: u64) -> u64 {
        self.numbers_given += 1;
        first + self.numbers_given
    }

    fn unused_id(&self, platform: Platform) -> CustomerId {
        let first: u64 = match platform {
            Platform::Messenger => 6_200_000_000_000_100,
            Platform::Instagram => 7_300_000_000_000_200,
        };
        let is_used = |id: &CustomerId| self.accounts.values().any(|a| a.threads.contains_key(id));
        let mut ids = (first + self.customers_made..).map(|n| CustomerId::new(n.to_string()));
        ids.find(|id| !is_used(id)).unwrap_or_else(|| CustomerId::new(first.to_string()))
    }

    /// Puts messages, oldest first, into a thread as its past: control moved as it would have, nobody was told.
    pub fn remember(&mut self, account: &AccountId, customer: &CustomerId, past: Vec<Message>) {
        let Ok(routing) = self.account(account).map(|a| a.routing.clone()) else { return };
        let Ok(thread) = self.thread_mut(account, customer) else { return };
        for message in past {
            if message.is_from_customer() {
                ownership::customer_wrote(&routing, thread, message.at_ms);
                thread.last_customer_ms = thread.last_customer_ms.max(Some(message.at_ms));
                thread.window_opened_ms = thread.last_customer_ms;
            } else {
                // An answer means that the business had read what came before it.
                thread.business_seen_ms = thread.business_seen_ms.max(message.at_ms);
                thread.is_request = false;
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
    pub username: Option<String>,
    pub locale: String,
    pub gender: String,
    pub timezone: i32,
}

/// A message id nobody can guess, in the platform's form.
pub(crate) fn new_mid(platform: Platform) -> Mid {
    let mut bytes = Vec::with_capacity(39);
    bytes.extend_from_slice(Uuid::new_v4().as_bytes());
    bytes.extend_from_slice(Uuid::new_v4().as_bytes());
    bytes.extend_from_slice(&Uuid::new_v4().as_bytes()[..7]);
    let random = URL_SAFE_NO_PAD.encode(bytes);
    Mid::new(match platform {
        Platform::Messenger => format!("m_{random}"),
        Platform::Instagram => format!("aWdfZAG1faXRlbTpz{random}ZD"),
    })
}

/// Graph's id of the n-th thread.
fn thread_id(platform: Platform, number: u64) -> String {
    match platform {
        Platform::Messenger => format!("t_{}", 9_000_000_000_000_300 + number),
        Platform::Instagram => {
            let inner = URL_SAFE_NO_PAD.encode(format!("IGMessageThread:simulated:{number}"));
            format!("aWdfZAG06{inner}ZD")
        }
    }
}

/// `Mara Lindt` is `mara.lindt` on Instagram.
fn handle(first_name: &str, last_name: &str) -> String {
    let words = [first_name, last_name].join(" ").to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(".")
}
