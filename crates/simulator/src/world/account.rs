//! An account: a Page or an Instagram Professional account linked to one; its switches, the apps subscribed to it,
//! its threads.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::{AccountId, AppId, CustomerId, Platform};
use serde_json::{Map, Value};

use super::routing::Routing;
use super::thread::Thread;

/// An account's subscription to one app.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscription {
    /// Empty for an Instagram account that is heard of through its Page: there the app's own choice of fields counts
    /// (docs/meta.md 2.5).
    pub fields: BTreeSet<String>,
    /// Since when every delivery to this app failed, simulated time.
    pub failing_since_ms: Option<i64>,
}

/// What Meta or the account's owner has switched on. As it begins, everything is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Switches {
    /// Meta approved the Human Agent feature.
    pub has_human_agent: bool,
    /// Meta approved reading names and pictures (Business Asset User Profile Access).
    pub has_names: bool,
    /// Instagram: the owner allows connected tools to see messages.
    pub allows_tools: bool,
    /// Instagram: the account may use the messaging API at all.
    pub is_eligible: bool,
    /// Several images in one message are rolled out to this account.
    pub has_albums: bool,
    /// The Page's admin accepted the terms of labels.
    pub has_label_terms: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            has_human_agent: true,
            has_names: true,
            allows_tools: true,
            is_eligible: true,
            has_albums: true,
            has_label_terms: true,
        }
    }
}

/// One account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub id: AccountId,
    pub platform: Platform,
    pub name: String,
    /// Instagram's handle.
    pub username: Option<String>,
    /// The Page that an Instagram account is linked to: its token speaks for the account.
    pub page: Option<AccountId>,
    pub category: String,
    /// What the person behind the tokens may do on the Page: `MESSAGING`, `MODERATE` … (docs/meta.md 1.4).
    pub tasks: Vec<String>,
    pub routing: Routing,
    pub switches: Switches,
    /// Blocked by policy: it cannot send until Meta lifts it.
    pub is_restricted: bool,
    /// Order numbers of receipts that were sent.
    pub orders: BTreeSet<String>,
    /// The Messenger profile, by property.
    pub profile: Map<String, Value>,
    /// Menus for single people, by their scoped id.
    pub menus: BTreeMap<String, Value>,
    /// For an Instagram account an app is in here while the Page is subscribed to it.
    pub subscriptions: BTreeMap<AppId, Subscription>,
    pub threads: BTreeMap<CustomerId, Thread>,
}

impl Account {
    /// What people call it, as every page that shows it does: on Instagram its handle, which tells it from its Page.
    pub fn called(&self) -> String {
        self.username.as_ref().map_or_else(|| self.name.clone(), |username| format!("@{username}"))
    }

    pub fn may(&self, task: &str) -> bool {
        self.tasks.iter().any(|t| t == task)
    }

    pub fn is_instagram(&self) -> bool {
        self.platform == Platform::Instagram
    }

    /// Threads, newest change first: the order of the conversations list.
    pub fn threads_newest_first(&self) -> Vec<&Thread> {
        let mut threads: Vec<&Thread> = self.threads.values().filter(|t| !t.messages.is_empty()).collect();
        threads.sort_by(|a, b| b.updated_ms().cmp(&a.updated_ms()).then_with(|| a.id.cmp(&b.id)));
        threads
    }
}
