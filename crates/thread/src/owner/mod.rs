//! Who holds control of a thread (docs/meta.md 5.2).
//!
//! ```text
//!                     customer writes, we are the default app
//!          ┌──────┐   pass to us · take                       ┌──────┐
//!          │ idle │ ────────────────────────────────────────▶ │ ours │
//!          └──────┘ ◀──────────────────────────────────────── └──────┘
//!            ▲  │            release · lapse                    │  ▲
//!   release  │  │ customer heard in standby                     │  │ pass · take
//!   · lapse  │  ▼                         pass · take ·          ▼  │
//!          ┌───────────────────────────  heard in standby  ──────────┐
//!          │ another app (named or not) · Meta's inbox               │
//!          └─────────────────────────────────────────────────────────┘
//!   unknown: before the first evidence, and when Meta does not say who
//!   unmanaged: what idle is called while routing is off: any connected app may answer
//! ```
//!
//! With routing off nobody is meant to hold a thread, but an app that was given one, by a pass, by a request or by a
//! campaign, keeps the others out until it gives it up or it lapses (docs/meta.md 5.2).
//!
//! Control lapses without a webhook 24 hours after the later of the customer's last message and the act that
//! gave control; an extension sets its own time; an expiry that Graph told wins where it was read. A lapse is a
//! function of the time asked for, so nothing needs to happen for it.
//!
//! The fold goes from evidence to evidence: [`OwnerState::step`] is all it carries, so that a store can keep
//! the state after each piece and fold on from there.

mod fold;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use baton_messenger::id::{AppId, Platform, is_meta_inbox};
use baton_messenger::routing::AppRole;
use baton_protocol::AgentId;
use baton_protocol::account::RoutingMode;
use serde::{Deserialize, Serialize};

pub use fold::fold_owner;

/// What is true of the whole account and matters to control.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// The channel; none before the account was connected.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Our app; none before the account was connected.
    pub our_app: Option<AppId>,
    /// How Meta decides which app may answer.
    pub routing: RoutingMode,
    /// The app that gets a customer who writes while nobody holds the thread.
    pub default_app: Option<AppId>,
    /// Our app's part in the old handover protocol, where it is known.
    #[serde(default)]
    pub role: Option<AppRole>,
    /// Meta refused our app to take control there, and nothing says since that it may: what a desk met itself.
    #[serde(default)]
    pub take_refused: bool,
    /// What apps are called.
    pub apps: BTreeMap<AppId, KnownApp>,
}

impl AccountFacts {
    /// The app that gets a customer who writes while nobody holds the thread. In the old handover protocol that is the
    /// primary receiver, whichever app threads are passed to.
    #[must_use]
    pub fn receiver(&self) -> Option<&AppId> {
        match (self.routing, self.role) {
            (RoutingMode::Off, _) => None,
            (RoutingMode::HopV2, Some(AppRole::PrimaryReceiver)) => self.our_app.as_ref(),
            _ => self.default_app.as_ref(),
        }
    }
}

/// What is known of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownApp {
    /// Its name.
    pub name: String,
    /// True when its answers stop the waiting time on an unmanaged account.
    pub answers_count: bool,
}

/// Who holds control.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "owner", rename_all = "snake_case")]
pub enum Owner {
    /// Our app.
    Ours,
    /// Nobody.
    Idle,
    /// Another app.
    Other {
        /// Its id, where Meta shows it.
        app: Option<AppId>,
    },
    /// People in Meta's own inbox.
    MetaInbox,
    /// Routing is off and nobody holds it: any connected app may answer.
    Unmanaged,
    /// Nothing is known.
    #[default]
    Unknown,
}

impl Owner {
    /// The owner behind an app's id.
    #[must_use]
    pub fn of_app(app: &AppId, facts: &AccountFacts) -> Self {
        if facts.our_app.as_ref() == Some(app) {
            Self::Ours
        } else if is_meta_inbox(app) {
            Self::MetaInbox
        } else {
            Self::Other { app: Some(app.clone()) }
        }
    }

    /// True while somebody else answers: another app, or people in Meta's inbox.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Other { .. } | Self::MetaInbox)
    }
}

/// How control came to where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nothing is known.
    #[default]
    NothingKnown,
    /// The account's routing is off.
    RoutingOff,
    /// Passed on by the owner.
    Passed,
    /// Taken.
    Taken,
    /// Asked for; nothing moved.
    Requested,
    /// Given up.
    Released,
    /// Kept for longer.
    Extended,
    /// 24 hours without the customer, or the end of an extension.
    Lapsed,
    /// The customer wrote.
    CustomerWrote,
    /// An app answered, which it can only do while it holds the thread.
    Answered,
    /// Graph was asked.
    Read,
    /// A send was refused because another app holds the thread.
    SendRefused,
    /// A send was accepted.
    SendAccepted,
}

/// Who holds control, since when, until when, and how it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerState {
    /// Who.
    pub owner: Owner,
    /// Since when, milliseconds UTC of Meta; none while nothing is known.
    pub since_ms: Option<i64>,
    /// When it lapses, milliseconds UTC of Meta, where it does.
    pub until_ms: Option<i64>,
    /// How it came.
    pub by: Cause,
    /// The note that came with it.
    pub note: Option<String>,
    /// When the thread last came to us from another app: by a pass, a take, or a customer's message that made it
    /// ours, idle or unmanaged.
    pub came_ms: Option<i64>,
    /// True from when another app is known to have held it until it comes to us, also while nobody holds it in between:
    /// what such an app left lying is not ours to answer.
    #[serde(default)]
    pub away: bool,
    /// Since when it has been another's without a break, see [`OwnerState::is_theirs`], milliseconds UTC of Meta; none while
    /// it is not, and in what an older version kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_ms: Option<i64>,
    /// True on an account whose routing is off: a thread that no app holds is open to any of them then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unrouted: bool,
}

impl OwnerState {
    /// True while another app holds the thread, or held it last and left it lying: nobody waits for us there.
    #[must_use]
    pub fn is_theirs(&self) -> bool {
        self.owner.is_elsewhere() || (matches!(self.owner, Owner::Idle | Owner::Unmanaged) && self.away)
    }

    /// Since when that has been so without a break, milliseconds UTC of Meta; none while it is not.
    #[must_use]
    pub fn theirs_since_ms(&self) -> Option<i64> {
        // An older version kept only since when its holder has it; without even that, it was always theirs.
        self.is_theirs().then(|| self.theirs_ms.or(self.since_ms).unwrap_or(i64::MIN))
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Who held the thread before.
    pub from: Owner,
    /// Who holds it after.
    pub to: Owner,
    /// What did it.
    pub cause: Cause,
    /// The app that Meta names beside the new owner: who passed, who lost it, who asks.
    pub app: Option<AppId>,
    /// The note passed along.
    pub note: Option<String>,
    /// Who of us did it, where a desk told it.
    pub agent: Option<AgentId>,
    /// True for a pass that nobody pressed: that agent was done with the thread, and it went back to the default app.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub when_done: bool,
}
