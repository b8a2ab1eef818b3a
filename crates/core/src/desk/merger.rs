//! Merges pieces of the index while nobody does anything: every message that arrives makes a piece, and few pieces make a
//! quick search. Who types, reads or gets a message comes first.
//!
//! ```text
//!   watching ──quiet for a while──▶ merging, a small step and a breath at a time ──nothing left──▶ resting
//!      ▲                               │ somebody does something                                      │
//!      └───────────────────────────────┴──────────────────────────────────────────────────────────────┘
//! ```

use std::sync::Arc;
use std::time::Duration;

use super::inner::Inner;

/// How long nobody may have done anything before it begins.
const QUIET: Duration = Duration::from_secs(5);
/// Between two steps.
const BREATH: Duration = Duration::from_millis(40);

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut seen = inner.store.uses();
    let mut rests = false;
    let mut pause = QUIET;
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = QUIET;
        let uses = inner.store.uses();
        if uses != seen {
            (seen, rests) = (uses, false);
            continue;
        }
        if rests {
            continue;
        }
        match inner.store.merge_step().await {
            Ok(true) => pause = BREATH,
            Ok(false) => rests = true,
            Err(error) => {
                tracing::warn!(%error, "the index could not be merged");
                rests = true;
            }
        }
    }
}
