//! What one stream was told of who is there: what its desk may hear and has not heard, a few times a second at most.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::time::Duration;

use baton_protocol::AgentId;
use baton_protocol::presence::{Presence, PresenceState, Present};
use tokio::sync::watch;
use tokio::time::Sleep;

use crate::people::DeskAccess;
use crate::presence::{Book, WhoIsThere};

/// After something was told, what follows is gathered for so long.
const GATHER: Duration = Duration::from_millis(300);

/// What a stream was told.
pub(super) struct Told {
    changes: watch::Receiver<u64>,
    /// Up to which change of the book; nothing up to the first telling, and after rights changed.
    up_to: u64,
    /// The agents that were told to be there, as they were told.
    agents: BTreeMap<AgentId, Presence>,
    /// There may be something to tell.
    asked: bool,
    /// Until when nothing more is told.
    quiet: Option<Pin<Box<Sleep>>>,
}

impl Told {
    pub(super) fn nothing(there: &WhoIsThere) -> Self {
        Self { changes: there.changes(), up_to: 0, agents: BTreeMap::new(), asked: false, quiet: None }
    }

    /// Waits until there may be something to tell. Giving up the wait loses nothing.
    pub(super) async fn due(&mut self) {
        if let Some(quiet) = &mut self.quiet {
            quiet.as_mut().await;
            self.quiet = None;
        }
        if self.asked {
            return;
        }
        if self.changes.changed().await.is_err() {
            // Its sender lives as long as the relay.
            std::future::pending::<()>().await;
        }
        self.asked = true;
    }

    /// Rights changed: everybody is looked at anew, and at once.
    pub(super) fn begin_anew(&mut self) {
        self.up_to = 0;
        self.asked = true;
        self.quiet = None;
    }

    /// What to tell the desk at the opening of its stream.
    pub(super) fn whole(&mut self, there: &WhoIsThere, desk: &DeskAccess) -> Present {
        self.agents.clear();
        self.up_to = 0;
        let agents = self.news(there, desk);
        Present { whole: true, agents }
    }

    /// What to tell it now, if anything.
    pub(super) fn rest(&mut self, there: &WhoIsThere, desk: &DeskAccess) -> Option<Present> {
        if !self.asked || self.quiet.is_some() {
            return None;
        }
        let agents = self.news(there, desk);
        (!agents.is_empty()).then_some(Present { whole: false, agents })
    }

    fn news(&mut self, there: &WhoIsThere, desk: &DeskAccess) -> Vec<Presence> {
        self.asked = false;
        self.changes.borrow_and_update();
        let news = self.differs(&there.book(), desk);
        if !news.is_empty() {
            self.quiet = Some(Box::pin(tokio::time::sleep(GATHER)));
        }
        news
    }

    fn differs(&mut self, book: &Book, desk: &DeskAccess) -> Vec<Presence> {
        let mut news = Vec::new();
        let mut there = BTreeSet::new();
        for (agent, now) in book.agents() {
            there.insert(agent);
            if now.since <= self.up_to {
                continue;
            }
            let Some(seen) = now.seen_by(agent, desk) else {
                there.remove(&agent);
                continue;
            };
            if self.agents.get(&agent) != Some(&seen) {
                news.push(seen.clone());
                self.agents.insert(agent, seen);
            }
        }
        self.agents.retain(|agent, _| {
            let stays = there.contains(agent);
            if !stays {
                news.push(Presence { agent: *agent, state: PresenceState::Offline, views: Vec::new() });
            }
            stays
        });
        self.up_to = book.changes();
        news
    }
}
