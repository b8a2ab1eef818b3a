//! The running simulator's heart: the world behind its lock, the clock, the journal, the faults and the webhook
//! queues, shared by every route, by the bot and by the library's handle.
//!
//! The one lock is a plain mutex: each act is short and never waits. Webhooks are queued before it is let go, so
//! that their order is the order of the acts.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use baton_messenger::AppId;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bot::BotSettings;
use crate::clock::Clock;
use crate::deliver::Queues;
use crate::faults::Faults;
use crate::journal::{Call, End, Journal};
use crate::load::Loads;
use crate::world::World;

pub(crate) struct Sim {
    world: Mutex<World>,
    pub clock: Clock,
    pub journal: Journal,
    pub faults: Faults,
    pub load: Loads,
    pub queues: Queues,
    pub bot: BotSettings,
    /// The app under test, "ours".
    pub desk_app: AppId,
    /// Set once the listener is bound.
    pub base_url: OnceLock<String>,
    /// Counts up whenever anything changed; phones and waiting tests listen to it.
    pub changed: watch::Sender<u64>,
    pub stop: CancellationToken,
    pub tasks: TaskTracker,
}

impl Sim {
    pub fn new(world: World, clock: Clock, queues: Queues, bot: BotSettings, desk_app: AppId) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            clock,
            journal: Journal::default(),
            faults: Faults::default(),
            load: Loads::default(),
            queues,
            bot,
            desk_app,
            base_url: OnceLock::new(),
            changed: watch::Sender::new(0),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Does something to the world at the present simulated time and queues the webhooks it caused.
    pub fn act<T>(self: &Arc<Self>, act: impl FnOnce(&mut World, i64) -> T) -> T {
        let result = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let result = act(&mut world, self.clock.now_ms());
            for delivery in std::mem::take(&mut world.outgoing) {
                self.queues.push(self, delivery);
            }
            result
        };
        self.note_change();
        result
    }

    /// Looks at the world.
    pub fn look<T>(&self, look: impl FnOnce(&World, i64) -> T) -> T {
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        look(&world, self.clock.now_ms())
    }

    /// Wakes everyone who waits for a change.
    pub fn note_change(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Writes a call into the journal and gives its number.
    pub fn note_call(&self, make: impl FnOnce(u64) -> Call) -> u64 {
        let number = self.journal.call(make);
        self.note_change();
        number
    }

    /// Writes into the journal how a call ended.
    pub fn note_end(&self, number: u64, end: End) {
        self.journal.call_ended(number, self.clock.now_ms(), end);
        self.note_change();
    }

    /// Waits until simulated time is there.
    pub async fn until(&self, at_ms: i64) {
        self.clock.until(at_ms).await;
    }

    /// Waits for so long, in simulated time.
    pub async fn pause_ms(&self, ms: u64) {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        self.until(self.clock.now_ms().saturating_add(ms)).await;
    }

    pub fn base_url(&self) -> &str {
        self.base_url.get().map_or("http://127.0.0.1", String::as_str)
    }
}
