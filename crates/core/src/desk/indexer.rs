//! Puts what was here before the index into the index: after an update, a little at a time, so that nobody who writes or
//! reads waits for it. Most of the time there is nothing to do.

use std::sync::Arc;
use std::time::Duration;

use super::inner::Inner;

/// How many messages one step takes.
const STEP: u32 = 200;
/// Between two steps, so that others get to write.
const BREATH: Duration = Duration::from_millis(15);
/// How often it is looked whether there is something to do: losing a large account makes work.
const EVERY: Duration = Duration::from_secs(60);

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut worked = false;
    loop {
        let pause = match inner.store.index_step(STEP).await {
            Ok(true) => {
                worked = true;
                BREATH
            }
            Ok(false) => {
                if std::mem::take(&mut worked) {
                    tracing::info!("everything that is here can be searched");
                }
                EVERY
            }
            Err(error) => {
                tracing::warn!(%error, "older messages could not be put into the index");
                EVERY
            }
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
