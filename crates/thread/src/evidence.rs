//! What is known about control of one thread, one piece each, and how pieces are ordered.
//!
//! Evidence comes from webhooks (a pass, a take, in which list a message was heard) and from what a desk
//! learned (an answer of Graph, a refused send). Pieces are ordered by Meta's time; at the same millisecond
//! what customers and apps say comes before what moves control, and what a desk learned comes last.

use std::cmp::Ordering;

use baton_messenger::id::AppId;
use baton_messenger::webhook::{Event, Kind, List};
use baton_protocol::team::{Actor, OwnerSeen, OwnerSource, TeamFact};
use serde::{Deserialize, Serialize};

use crate::owner::AccountFacts;

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Tells pieces of the same millisecond apart and makes a repeat recognisable: the key of the entry it
    /// came in.
    pub tie: String,
    /// What happened.
    pub act: Act,
}

/// In which list an event was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// In `messaging`: the thread was ours, idle or unmanaged.
    Messaging,
    /// In `standby`: another app held it.
    Standby,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// The customer wrote or pressed a button.
    CustomerWrote {
        /// Where it was heard.
        heard: Heard,
    },
    /// An app answered for the account.
    AppAnswered {
        /// The app, where Meta names it; ours too.
        app: Option<AppId>,
        /// Where it was heard.
        heard: Heard,
    },
    /// Another app asks the owner for control. Moves nothing.
    Requested {
        /// Who asks.
        by: Option<AppId>,
        /// The note passed along.
        note: Option<String>,
    },
    /// Control was passed on by its owner.
    Passed {
        /// Who held it; none when nobody did.
        from: Option<AppId>,
        /// Who holds it now; none when Meta does not say.
        to: Option<AppId>,
        /// The note passed along.
        note: Option<String>,
    },
    /// An app took control.
    Taken {
        /// Who held it; none when nobody did.
        from: Option<AppId>,
        /// Who holds it now; none when Meta does not say.
        to: Option<AppId>,
        /// The note passed along.
        note: Option<String>,
    },
    /// A desk learned it outside of webhooks.
    Learned {
        /// Who holds it.
        seen: OwnerSeen,
        /// How that was learned.
        source: OwnerSource,
        /// Until when, milliseconds UTC of Meta, where Meta said so.
        until_ms: Option<i64>,
        /// The note passed along.
        note: Option<String>,
        /// Who did or read it; none in what an older version kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Actor>,
        /// True for a pass that nobody pressed: whoever did it was done with the thread.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        when_done: bool,
    },
}

impl Act {
    /// The place among acts of the same millisecond.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::CustomerWrote { .. } => 0,
            Self::AppAnswered { .. } => 1,
            Self::Requested { .. } => 2,
            Self::Passed { .. } | Self::Taken { .. } => 3,
            Self::Learned { .. } => 4,
        }
    }

    /// The apps that it names, ours too.
    pub fn apps(&self) -> impl Iterator<Item = &AppId> {
        let (one, other) = match self {
            Self::CustomerWrote { .. } => (None, None),
            Self::AppAnswered { app, .. } => (app.as_ref(), None),
            Self::Requested { by, .. } => (by.as_ref(), None),
            Self::Passed { from, to, .. } | Self::Taken { from, to, .. } => (from.as_ref(), to.as_ref()),
            Self::Learned { seen: OwnerSeen::Other { app }, .. } => (app.as_ref(), None),
            Self::Learned { seen: OwnerSeen::Ours | OwnerSeen::Idle, .. } => (None, None),
        };
        [one, other].into_iter().flatten()
    }
}

impl Evidence {
    /// What a webhook event says about control, if anything. `key` is the entry's key, `at_ms` the event's time.
    #[must_use]
    pub fn of_event(event: &Event, key: &str, at_ms: i64) -> Option<Self> {
        let heard = heard(event);
        let act = match &event.kind {
            Kind::Message(_) | Kind::Postback(_) => Act::CustomerWrote { heard: heard? },
            Kind::Echo(message) => Act::AppAnswered { app: message.app_id.clone(), heard: heard? },
            Kind::PassControl(passed) => Act::Passed {
                from: passed.previous_owner.clone(),
                to: passed.new_owner.clone(),
                note: words(passed.metadata.as_deref()),
            },
            Kind::TakeControl(taken) => Act::Taken {
                from: taken.previous_owner.clone(),
                to: taken.new_owner.clone(),
                note: words(taken.metadata.as_deref()),
            },
            Kind::RequestControl(asked) => {
                Act::Requested { by: asked.requested_owner.clone(), note: words(asked.metadata.as_deref()) }
            }
            _ => return None,
        };
        Some(Self { at_ms, tie: key.to_owned(), act })
    }

    /// What a team fact says about control, if anything.
    #[must_use]
    pub fn of_fact(fact: &TeamFact, key: &str) -> Option<Self> {
        let TeamFact::OwnerLearned { seen, source, at_ms, until_ms, note, by, when_done, .. } = fact else {
            return None;
        };
        let act = Act::Learned {
            seen: seen.clone(),
            source: *source,
            until_ms: *until_ms,
            note: words(note.as_deref()),
            by: Some(by.clone()),
            when_done: *when_done,
        };
        Some(Self { at_ms: *at_ms, tie: key.to_owned(), act })
    }

    /// The order in which evidence counts.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        (self.at_ms, self.act.rank(), &self.tie).cmp(&(other.at_ms, other.act.rank(), &other.tie))
    }
}

/// Sorts evidence and drops repeats.
#[must_use]
pub fn sorted(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by(Evidence::order);
    evidence.dedup();
    evidence
}

/// Whether the account itself sent through this app.
#[must_use]
pub(crate) fn is_ours(app: Option<&AppId>, facts: &AccountFacts) -> bool {
    app.is_some() && app == facts.our_app.as_ref()
}

fn heard(event: &Event) -> Option<Heard> {
    match event.envelope.list {
        List::Messaging => Some(Heard::Messaging),
        List::Standby => Some(Heard::Standby),
        _ => None,
    }
}

fn words(note: Option<&str>) -> Option<String> {
    note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned)
}
