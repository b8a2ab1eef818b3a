//! Keeps Meta's time in the store, and tells the screen when it moved: deadlines and owners depend on it.

use std::sync::Arc;
use std::time::Duration;

use super::inner::Inner;
use crate::meta_time::Learned;
use crate::store::{Store, StoreError};

/// The setting under which it is kept.
const SETTING: &str = "core.meta_time";
/// How often it is kept although nothing moved.
const EVERY: Duration = Duration::from_secs(60);

/// What was kept by an earlier run.
pub(super) async fn kept(store: &Store) -> Result<Option<Learned>, StoreError> {
    let kept = store.setting(SETTING).await?;
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.meta.moved.notified() => {
                // Windows and control may have lapsed meanwhile, and queued replies must be looked at again.
                inner.notices.lists(inner.store.version());
                inner.notices.status();
                inner.wake_outbox.notify_one();
            }
            () = tokio::time::sleep(EVERY) => {}
        }
        inner.keep_meta_time().await;
    }
}

impl Inner {
    /// Keeps Meta's time. A disk that refuses costs only the head start of the next run.
    pub(super) async fn keep_meta_time(&self) {
        let Some(learned) = self.meta.learned() else { return };
        let Ok(json) = serde_json::to_string(&learned) else { return };
        if let Err(error) = self.store.set_setting(SETTING, Some(&json)).await {
            tracing::debug!(%error, "Meta's time was not kept");
        }
    }
}
