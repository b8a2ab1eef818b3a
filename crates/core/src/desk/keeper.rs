//! Keeps Meta's time in the store, tells the screen when it moved (deadlines and owners depend on it), and notices that
//! the machine slept: the boot clock ran on while this program did not. What was removed from the store and could not be
//! wiped at once is wiped here.

use std::sync::Arc;
use std::time::Duration;

use super::inner::{Inner, lock};
use crate::meta_time::Learned;
use crate::store::{Store, StoreError};

/// The setting under which it is kept.
const SETTING: &str = "core.meta_time";
/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(5);
/// More than this on the boot clock between two looks, and the machine slept, milliseconds.
const SLEPT_MS: i64 = 20_000;
/// How often the time is kept although nothing moved, milliseconds.
const KEEP_EVERY_MS: i64 = 60_000;

/// What was kept by an earlier run.
pub(super) async fn kept(store: &Store) -> Result<Option<Learned>, StoreError> {
    let kept = store.setting(SETTING).await?;
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let (mut looked, mut kept) = (inner.boot_ms(), inner.boot_ms());
    loop {
        let moved = tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.meta.moved.notified() => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        if moved {
            // Windows and control may have lapsed meanwhile, and queued replies must be looked at again.
            inner.notices.lists(inner.store.version());
            inner.notices.status();
            inner.wake_outbox.notify_one();
            inner.wake_sleepers.notify_one();
            inner.wake_tokens.notify_one();
            inner.wake_checks.notify_one();
            inner.history.wake.notify_one();
        }
        let now = inner.boot_ms();
        if now.saturating_sub(looked) > SLEPT_MS {
            tracing::info!("the machine slept");
            inner.woke();
        }
        looked = now;
        if let Err(error) = inner.store.wipe_if_due().await {
            tracing::warn!(%error, "what was removed may linger in the file of writes");
        }
        if moved || now.saturating_sub(kept) >= KEEP_EVERY_MS {
            kept = now;
            inner.keep_meta_time().await;
        }
    }
}

impl Inner {
    /// The machine slept, or the network came back: old connections are dead without knowing it, and what waits may go.
    pub(super) fn woke(&self) {
        let fresh = self.graph().fresh();
        match fresh {
            Ok(fresh) => *lock(&self.graph) = fresh,
            Err(error) => tracing::warn!(%error, "the connections to Meta could not be renewed"),
        }
        if let Some(relay) = self.relay() {
            relay.renew();
        }
        self.wake_sync.notify_one();
        self.cut_offs.try_again();
        self.wake_commands.notify_one();
        // Only whoever waits out a pause now: the next time that Meta is away is another one.
        self.wake_reaching.notify_waiters();
        if let Some(outbox) = self.outbox.get().and_then(std::sync::Weak::upgrade) {
            outbox.try_now();
        }
    }

    /// Keeps Meta's time. A disk that refuses costs only the head start of the next run.
    pub(super) async fn keep_meta_time(&self) {
        let Some(learned) = self.meta.learned() else { return };
        let Ok(json) = serde_json::to_string(&learned) else { return };
        if let Err(error) = self.store.set_setting(SETTING, Some(&json)).await {
            tracing::debug!(%error, "Meta's time was not kept");
        }
    }
}
