//! A Page: its rights, its routing, the apps subscribed to it, its threads.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::{AccountId, AppId, CustomerId};

use super::thread::Thread;

/// Which system of thread control a Page uses (docs/meta.md 5.1). A third one, the old roles, belongs here too
/// once it is rehearsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Routing {
    /// Not set up: any connected app may answer.
    Off,
    /// Conversation Routing: `msgr_multi_app` is true.
    On {
        /// The app that answers when a customer writes into an idle thread.
        default_app: AppId,
        /// Apps for which the Page's admin switched on "allow this app to take control".
        may_take: BTreeSet<AppId>,
    },
}

impl Routing {
    pub fn is_on(&self) -> bool {
        matches!(self, Self::On { .. })
    }

    pub fn default_app(&self) -> Option<&AppId> {
        match self {
            Self::Off => None,
            Self::On { default_app, .. } => Some(default_app),
        }
    }
}

/// A Page's subscription to one app.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscription {
    pub fields: BTreeSet<String>,
    /// Since when every delivery to this app failed, simulated time.
    pub failing_since_ms: Option<i64>,
}

/// One Page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub id: AccountId,
    pub name: String,
    pub category: String,
    /// What the person behind the tokens may do: `MESSAGING`, `MODERATE` … (docs/meta.md 1.4).
    pub tasks: Vec<String>,
    pub routing: Routing,
    /// Whether Meta approved the Human Agent feature.
    pub human_agent_approved: bool,
    pub subscriptions: BTreeMap<AppId, Subscription>,
    pub threads: BTreeMap<CustomerId, Thread>,
}

impl Page {
    pub fn may(&self, task: &str) -> bool {
        self.tasks.iter().any(|t| t == task)
    }

    /// Threads, newest change first: the order of the conversations list.
    pub fn threads_newest_first(&self) -> Vec<&Thread> {
        let mut threads: Vec<&Thread> = self.threads.values().filter(|t| !t.messages.is_empty()).collect();
        threads.sort_by(|a, b| b.updated_ms().cmp(&a.updated_ms()).then_with(|| a.id.cmp(&b.id)));
        threads
    }
}
