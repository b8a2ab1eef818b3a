//! Looks through the store's file after something was removed, in the background and a stretch at a time
//! (`crate::store`, docs/decisions/0005).

use std::sync::Arc;
use std::time::Duration;

use super::inner::Inner;

/// How often it is looked whether something was removed.
const EVERY: Duration = Duration::from_secs(5);
/// Between two stretches others get the disk.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut pause = EVERY;
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = match inner.store.scrub_on().await {
            Ok(true) => PAUSE,
            Ok(false) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "what was removed may linger in the file");
                EVERY
            }
        };
    }
}
