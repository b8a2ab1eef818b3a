//! The loop around [`super::machine`]: threads in parallel, the parts of one thread in order.
//!
//! Each thread with an open part gets one lane. A lane stores the machine's state before it does what the machine says,
//! and stops where something must be waited for; a wake-up, or the time the machine named, starts it again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::lane::Lane;
use super::machine::Event;
use super::uploading::Upload;
use crate::backoff::{Backoff, random};
use crate::clock::next_look;
use crate::desk::inner::{Inner, lock};
use crate::store::{PartKey, PartRow, PartStateName, StoreError, ThreadId};

/// How often the outbox looks even when nothing wakes it: a clock that was moved is noticed then.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A thread whose last call did not reach Meta.
struct CutOff {
    until_boot_ms: i64,
    backoff: Backoff,
}

impl Default for CutOff {
    fn default() -> Self {
        Self { until_boot_ms: i64::MIN, backoff: Backoff::new(2_000, 30_000) }
    }
}

/// What the lanes share.
pub(crate) struct Outbox {
    pub(super) inner: Arc<Inner>,
    busy: Mutex<BTreeSet<ThreadId>>,
    /// Not before which boot time a thread's lane has anything to do.
    due: Mutex<BTreeMap<ThreadId, i64>>,
    /// Threads whose last call did not reach Meta: nothing of theirs is tried before, whatever else happens. Every try
    /// leaves two entries in the log, so tries must not follow each other as fast as entries do.
    cut_off: Mutex<BTreeMap<ThreadId, CutOff>>,
    /// When conversations were last looked at, milliseconds of the boot clock.
    pub(super) looked: Mutex<BTreeMap<ThreadId, i64>>,
    /// Parts that waited, so that the customer may have written since, and how often a look for that found no slot.
    pub(super) waited: Mutex<BTreeMap<PartKey, u8>>,
    /// When it was last looked whether a thread's customer wrote meanwhile, milliseconds of the boot clock.
    pub(super) words_read: Mutex<BTreeMap<ThreadId, i64>>,
    /// Parts of a run before that have not left. The team may have gone on without them, and without the relay nobody here
    /// would know.
    pub(super) of_before: Mutex<BTreeSet<PartKey>>,
    /// Files that are on their way to Meta.
    pub(super) uploads: Mutex<BTreeMap<PartKey, Upload>>,
}

impl Outbox {
    pub(crate) fn new(inner: Arc<Inner>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            busy: Mutex::default(),
            due: Mutex::default(),
            cut_off: Mutex::default(),
            looked: Mutex::default(),
            waited: Mutex::default(),
            words_read: Mutex::default(),
            of_before: Mutex::default(),
            uploads: Mutex::default(),
        })
    }

    /// Runs until the desk stops.
    pub(crate) async fn run(self: Arc<Self>) {
        let stop = self.inner.stop.clone();
        let mut pause = LOOK_EVERY;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.inner.wake_outbox.notified() => lock(&self.due).clear(),
                () = tokio::time::sleep(pause) => {}
            }
            pause = match self.start_lanes().await {
                Ok(true) => LOOK_EVERY,
                Ok(false) => next_look(&*self.inner.clock),
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read");
                    LOOK_EVERY
                }
            };
        }
    }

    /// What was on its way when the desk ended is unknown from now on, and what was kept back is a draft. Runs before
    /// anything else moves.
    pub(crate) async fn recover(&self) -> Result<(), StoreError> {
        self.relay_was_away().await?;
        *lock(&self.of_before) = lock(&self.waited).keys().copied().collect();
        let cut_off = [PartStateName::Held, PartStateName::Sending, PartStateName::Unknown];
        for part in self.inner.store.parts_in(&cut_off).await? {
            self.lane().happen(&part, Event::Restarted).await?;
            // An echo may have been stored in the last moment of the run before.
            if let Some((mid, at_ms)) = self.inner.store.proof_of(part.key).await?
                && let Some(part) = self.inner.store.part(part.part).await?
            {
                self.lane().happen(&part, Event::Proved { mid, at_ms: Some(at_ms) }).await?;
            }
        }
        Ok(())
    }

    /// Something happened to one part from outside: a proof, an agent's choice.
    pub(crate) async fn happen(&self, part: &PartRow, event: Event) -> Result<(), StoreError> {
        self.lane().happen(part, event).await?;
        self.inner.wake_outbox.notify_one();
        Ok(())
    }

    /// Looks at Meta for a part that was closed before anybody looked; see [`Lane::look_at_closed`].
    pub(crate) async fn look_at_closed(&self, part: &PartRow) -> Result<(), StoreError> {
        self.lane().look_at_closed(part).await
    }

    pub(super) fn wait(&self, thread: ThreadId, in_ms: i64) {
        lock(&self.due).insert(thread, self.inner.boot_ms().saturating_add(in_ms));
    }

    fn lane(&self) -> Lane<'_> {
        Lane { outbox: self, inner: &self.inner, used: Mutex::default(), hurry: Mutex::default() }
    }

    /// True when anything is on its way.
    async fn start_lanes(self: &Arc<Self>) -> Result<bool, StoreError> {
        let open = self.inner.store.threads_with_open_parts().await?;
        for &thread in &open {
            if self.is_due(thread) && lock(&self.busy).insert(thread) {
                let outbox = Arc::clone(self);
                self.inner.tasks.spawn(async move {
                    let stop = outbox.inner.stop.clone();
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = outbox.serve(thread) => {}
                    }
                    lock(&outbox.busy).remove(&thread);
                });
            }
        }
        Ok(!open.is_empty())
    }

    /// Meta could not be reached: the next try waits, longer each time.
    pub(super) fn could_not_reach(&self, thread: ThreadId) {
        let now = self.inner.boot_ms();
        let mut cut_off = lock(&self.cut_off);
        let cut = cut_off.entry(thread).or_default();
        cut.until_boot_ms = now.saturating_add(cut.backoff.fail(random()));
    }

    /// Meta could be reached.
    pub(super) fn reached(&self, thread: ThreadId) {
        lock(&self.cut_off).remove(&thread);
    }

    /// The network came back, or the agent asks for it: everything may be tried now.
    pub(crate) fn try_now(&self) {
        for cut in lock(&self.cut_off).values_mut() {
            cut.until_boot_ms = i64::MIN;
        }
        self.inner.wake_outbox.notify_one();
    }

    fn is_due(&self, thread: ThreadId) -> bool {
        let now = self.inner.boot_ms();
        let cut_off = lock(&self.cut_off).get(&thread).is_some_and(|cut| cut.until_boot_ms > now);
        !cut_off && lock(&self.due).get(&thread).is_none_or(|due| *due <= now)
    }

    /// Moves one thread as far as it goes.
    async fn serve(&self, thread: ThreadId) {
        if let Err(error) = self.serve_in_order(thread).await {
            tracing::warn!(%thread, %error, "the outbox of a thread is stuck");
            self.wait(thread, 2_000);
        }
    }

    async fn serve_in_order(&self, thread: ThreadId) -> Result<(), StoreError> {
        while let Some(part) = self.inner.store.next_queued(thread).await? {
            let before = (part.key, part.state, part.part);
            match part.state {
                PartStateName::Held | PartStateName::Queued => {
                    let facts = self.lane().facts(&part).await?;
                    self.lane().happen(&part, Event::Turn(facts)).await?;
                }
                PartStateName::Unknown => self.lane().look(&part).await?,
                _ => return Ok(()),
            }
            let after = self.inner.store.next_queued(thread).await?;
            let moved = after.as_ref().is_none_or(|part| (part.key, part.state, part.part) != before);
            if !moved || !self.is_due(thread) {
                return Ok(());
            }
        }
        self.lane().finish(thread).await
    }
}
