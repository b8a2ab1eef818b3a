//! Who is there: what this desk says of its agent, and what it hears of everybody.
//!
//! ```text
//!   page ──(chose, touched, shows)──▶ saying ──▶ relay ──▶ stream ──▶ everybody ──▶ notice ──▶ page
//! ```
//!
//! Everything is in memory. While no stream is open nobody knows who is there: everybody is forgotten then, and nobody is
//! taken for offline.

pub(crate) mod run;
mod saying;
mod screens;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use baton_protocol::AgentId;
use baton_protocol::presence::{
    Doing, LooksAt, Presence, PresenceSaid, PresenceState, Present, SetOffline, Viewing,
};
use tokio::sync::Notify;

use crate::desk::inner::{Inner, lock};
use crate::desk::{Desk, DeskError};
use crate::store::{Store, StoreError, ThreadId};
use saying::{Event, Saying};
pub use screens::Screen;
use screens::Screens;

/// Whether the agent is away by themselves after a while; absent where they are.
const SETTING: &str = "core.stays_online";

/// What a desk knows of who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhoIsThere {
    /// What this agent chose on this desk.
    pub chosen: PresenceState,
    /// How present this agent is, as this desk says it: what they chose, or away because nothing was touched for long.
    pub state: PresenceState,
    /// Whether that happens by itself.
    pub goes_away: bool,
    /// Who set this agent offline, while they have not chosen since.
    pub set_offline_by: Option<AgentId>,
    /// How many open threads they had then, as far as this desk knew.
    pub had_threads: u64,
    /// Everybody who is there, this agent too, as the relay told; none while nobody can know.
    pub everybody: Option<BTreeMap<AgentId, Presence>>,
}

/// Presence, as the loops of a desk share it.
#[derive(Debug)]
pub(crate) struct Presences {
    saying: Mutex<Saying>,
    everybody: Mutex<Option<BTreeMap<AgentId, Presence>>>,
    /// What each window of this desk shows.
    screens: Mutex<Screens>,
    /// Something else may have to be said.
    wake: Notify,
}

impl Presences {
    /// Reads what the agent chose in an earlier run.
    pub(crate) async fn open(store: &Store, boot_ms: i64) -> Result<Self, StoreError> {
        let goes_away = store.setting(SETTING).await?.is_none();
        Ok(Self {
            saying: Mutex::new(Saying::begin(boot_ms, goes_away)),
            everybody: Mutex::default(),
            screens: Mutex::default(),
            wake: Notify::new(),
        })
    }

    fn happens(&self, event: Event, boot_ms: i64) {
        lock(&self.saying).step(event, boot_ms);
        self.wake.notify_one();
    }

    /// The thread that somebody at this desk looks at, in a window that has the focus.
    pub(crate) fn looked_at(&self) -> Option<ThreadId> {
        lock(&self.screens).looked_at()
    }

    /// What is said with the opening of a stream.
    pub(crate) fn said_with_stream(&self, boot_ms: i64) -> PresenceSaid {
        lock(&self.saying).said_now(boot_ms)
    }

    /// What the stream brought. Nothing counts before the first one of a stream, which names everybody.
    fn hears(&self, present: Present) -> bool {
        let mut everybody = lock(&self.everybody);
        if present.whole {
            *everybody = Some(BTreeMap::new());
        }
        let Some(there) = everybody.as_mut() else { return false };
        for one in present.agents {
            if one.state == PresenceState::Offline {
                there.remove(&one.agent);
            } else {
                there.insert(one.agent, one);
            }
        }
        true
    }
}

/// A stream that tells of presence is open as long as this lives.
pub(crate) struct Open(Arc<Inner>);

impl Open {
    /// It is open; over it the desk said how it is.
    pub(crate) fn begin(inner: &Arc<Inner>) -> Self {
        inner.presence.happens(Event::Connected, inner.boot_ms());
        Self(Arc::clone(inner))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let Self(inner) = self;
        inner.presence.happens(Event::Disconnected, inner.boot_ms());
        if lock(&inner.presence.everybody).take().is_some() {
            inner.notices.presence();
        }
    }
}

impl Inner {
    /// Somebody came, went, looks or types.
    pub(crate) fn heard_who_is_there(&self, present: Present) {
        if self.presence.hears(present) {
            self.notices.presence();
        }
    }

    /// A supervisor set this desk's agent offline. Whoever does that returns their threads right after it, so those that are
    /// here now are those that leave.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn was_set_offline(&self, set: &SetOffline) -> Result<(), StoreError> {
        if self.me().is_some_and(|me| me.agent == set.agent) {
            let threads: u64 = self.store.open_threads_of(set.agent).await?.into_values().sum();
            let event = Event::SetOffline { offline: set.offline, by: set.by, threads };
            self.presence.happens(event, self.boot_ms());
            self.notices.presence();
        }
        Ok(())
    }
}

impl Desk {
    /// Who is there, as far as this desk knows.
    #[must_use]
    pub fn who_is_there(&self) -> WhoIsThere {
        let presence = &self.inner().presence;
        let everybody = lock(&presence.everybody).clone();
        let saying = lock(&presence.saying);
        let state = saying.state(self.inner().boot_ms());
        WhoIsThere {
            chosen: saying.chosen(),
            state,
            goes_away: saying.goes_away(),
            set_offline_by: saying.set_offline_by(),
            had_threads: saying.had_threads(),
            everybody,
        }
    }

    /// The agent chose how present they are. It holds until they choose again, or the program ends.
    pub fn choose_presence(&self, state: PresenceState) {
        self.presence_event(Event::Chose(state));
        self.inner().notices.presence();
    }

    /// Whether the agent is away by themselves after ten minutes without a key or a pointer.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_goes_away(&self, goes_away: bool) -> Result<(), DeskError> {
        self.inner().store.set_setting(SETTING, (!goes_away).then_some("yes")).await?;
        self.presence_event(Event::GoesAway(goes_away));
        self.inner().notices.presence();
        Ok(())
    }

    /// A key was pressed, or a pointer moved.
    pub fn touched(&self) {
        self.presence_event(Event::Touched);
    }

    /// This thread is on the screen, and the agent does this there; or none is.
    ///
    /// # Errors
    /// When the thread is not here, or the store cannot be read.
    pub async fn shows(&self, thread: Option<(ThreadId, Doing)>) -> Result<(), DeskError> {
        self.shows_on(Screen::Main, thread).await
    }

    /// The same of one of several windows: what one shows takes nothing from another.
    ///
    /// # Errors
    /// As [`Desk::shows`].
    pub async fn shows_on(&self, screen: Screen, thread: Option<(ThreadId, Doing)>) -> Result<(), DeskError> {
        let viewing = match thread {
            None => None,
            Some((thread, doing)) => {
                let key = self.inner().thread(thread).await?.key;
                let thread = LooksAt { account: key.account, customer: key.customer };
                Some(Viewing { thread, doing })
            }
        };
        let shown = lock(&self.inner().presence.screens).shows(screen, viewing);
        self.presence_event(Event::Shows(shown));
        Ok(())
    }

    /// Somebody looks at this thread in a window that has the focus, or at none there; see [`Desk::looks_at`].
    pub fn looks_on(&self, screen: Screen, thread: Option<ThreadId>) {
        let looked_at = lock(&self.inner().presence.screens).looks_at(screen, thread);
        self.looks_at(looked_at);
    }

    fn presence_event(&self, event: Event) {
        self.inner().presence.happens(event, self.inner().boot_ms());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presences() -> Presences {
        Presences {
            saying: Mutex::new(Saying::begin(0, true)),
            everybody: Mutex::default(),
            screens: Mutex::default(),
            wake: Notify::new(),
        }
    }

    fn is(agent: AgentId, state: PresenceState) -> Presence {
        Presence { agent, state, views: Vec::new() }
    }

    #[test]
    fn nothing_counts_before_the_whole_and_then_each_change_does() {
        let (presences, ada, ben) = (presences(), AgentId::new(), AgentId::new());
        let changed = |agents| Present { whole: false, agents };
        assert!(!presences.hears(changed(vec![is(ada, PresenceState::Online)])));
        assert_eq!(*lock(&presences.everybody), None);
        let whole = Present { whole: true, agents: vec![is(ada, PresenceState::Away)] };
        assert!(presences.hears(whole.clone()));
        assert!(
            presences.hears(changed(vec![is(ben, PresenceState::Online), is(ada, PresenceState::Offline)]))
        );
        let there = lock(&presences.everybody).clone().unwrap();
        assert_eq!(there.into_keys().collect::<Vec<_>>(), [ben]);
        assert!(presences.hears(whole));
        let there = lock(&presences.everybody).clone().unwrap();
        assert_eq!(there.into_keys().collect::<Vec<_>>(), [ada], "who is not named in it is not there");
    }
}
