//! Logging in with Meta: the browser does it, the relay carries what comes of it, this desk connects the accounts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Channel, Ms, Words};

/// How the login of this desk stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LoginView {
    /// Nobody logs in.
    None,
    /// The browser is at Meta, and nobody has come back yet.
    Waiting {
        /// When it ends by itself, milliseconds UTC of Meta's clock.
        until_ms: Ms,
        /// Whether a browser was opened; nobody tells whether it is still there.
        browser_opened: bool,
        /// The address for the person to copy; only where no browser could be opened or the person asked for it, because
        /// it is good for anybody.
        link: Option<String>,
    },
    /// The person came back and granted these accounts.
    Choosing {
        /// What was granted, in Meta's order.
        granted: Vec<GrantedView>,
        /// Accounts of this desk that were not chosen at Meta, by name.
        not_chosen: Vec<String>,
    },
    /// It brought nothing.
    Failed {
        /// What the page acts on.
        reason: LoginFailureView,
        /// What happened and what can be done.
        words: Words,
    },
}

/// An account that the person chose at Meta.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GrantedView {
    /// Meta's id.
    pub id: String,
    /// Its name at Meta.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// True when it can be connected now.
    pub may_connect: bool,
    /// True once it was connected by this login.
    pub connected: bool,
    /// Why it cannot be connected, or was not the last time.
    pub why_not: Option<Words>,
}

/// Why a login brought nothing, as far as the page acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LoginFailureView {
    /// The person did not agree: the next login asks Meta for the same again.
    Denied,
    /// The person chose no Page: the next login asks Meta for the same again.
    NoPages,
    /// Nobody came back in time.
    Expired,
    /// The relay could not reach Meta.
    MetaAway,
    /// Anything else.
    Other,
}

/// Begins a login and opens the browser.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BeginLogin {
    /// True to have Meta ask again for what the person declined before.
    pub ask_again: bool,
}

/// Connects accounts that were granted.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectGranted {
    /// Their ids.
    pub accounts: Vec<String>,
}
