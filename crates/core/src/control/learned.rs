//! What an act of ours tells the team, and when it was. Pure.

use baton_messenger::id::{INSTAGRAM_INBOX, PAGE_INBOX};
use baton_messenger::{AppId, Platform};
use baton_protocol::team::{OwnerSeen, OwnerSource};
use baton_thread::{AccountFacts, OwnerState};

use super::Act;

/// What the team does not know yet about a thread's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// Who holds it.
    pub seen: OwnerSeen,
    /// How that was learned.
    pub source: OwnerSource,
    /// Until when, milliseconds UTC of Meta, where that is known.
    pub until_ms: Option<i64>,
}

impl Learned {
    /// What is true after Meta did what was asked. `to` is the app that a pass named, `for_ms` how long an extension is.
    #[must_use]
    pub fn by_act(
        act: Act,
        to: Option<&AppId>,
        for_ms: i64,
        now_ms: i64,
        platform: Platform,
        facts: &AccountFacts,
    ) -> Self {
        let passed_to = |app: Option<AppId>| (OwnerSeen::Other { app }, OwnerSource::Passed, None);
        let (seen, source, until_ms) = match act {
            Act::Take => (OwnerSeen::Ours, OwnerSource::Took, None),
            Act::PassToDefault => passed_to(facts.default_app.clone()),
            Act::PassToInbox => passed_to(Some(inbox(platform))),
            Act::PassToApp => passed_to(to.cloned()),
            Act::Release => (OwnerSeen::Idle, OwnerSource::Released, None),
            // Asking moves nothing; the owner decides.
            Act::Request => (OwnerSeen::Other { app: None }, OwnerSource::Requested, None),
            Act::Extend => (OwnerSeen::Ours, OwnerSource::Extended, Some(now_ms.saturating_add(for_ms))),
        };
        Self { seen, source, until_ms }
    }
}

/// When something was learned: after everything that is known of the thread, whatever the grain of our clock.
#[must_use]
pub fn learned_at(now_ms: i64, last_said_ms: i64, owner: &OwnerState) -> i64 {
    let known_ms = last_said_ms.max(owner.since_ms.unwrap_or(i64::MIN));
    now_ms.max(known_ms.saturating_add(1))
}

/// Meta's own inbox of a channel.
#[must_use]
pub fn inbox(platform: Platform) -> AppId {
    AppId::from(match platform {
        Platform::Messenger => PAGE_INBOX,
        Platform::Instagram => INSTAGRAM_INBOX,
    })
}
