//! What the team needs when this desk falls out, told ahead: its drafts, and that replies wait here.
//!
//! ```text
//!   something changed ──▶ look ──┬─ a draft that is older than ten seconds, or is no more ──▶ the relay keeps it, or not any more
//!        ▲    gathered, 1 s      └─ replies that wait for longer than a moment, or no more ──▶ a fact that everybody sees
//!        └──────────────────────────── relay away: told once it answers
//! ```
//!
//! What was told last stands in the desk's file ([`crate::store::DraftToTell`], [`crate::store::RepliesWaiting`]), so that a new
//! start repeats nothing and forgets nothing. A desk that ends in order tells what it has, without waiting for its time.

mod drafts;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::until_boot;
use crate::desk::inner::Inner;
use crate::store::{StoreError, ThreadId};
use crate::sync::SyncStatus;

/// It is looked at most this often, milliseconds of the boot clock: what changed meanwhile is gathered.
const GATHER_MS: i64 = 1_000;
/// What did not work is tried again after so long, milliseconds of the boot clock.
const AGAIN_MS: i64 = 30_000;
/// A desk that ends waits for the relay no longer than this.
const AT_THE_END: Duration = Duration::from_secs(2);

/// Whether what is not due yet is told too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tell {
    Due,
    All,
}

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let mut due = BTreeMap::new();
    loop {
        // What came before this look is seen by it: a burst of news is one look, not one each second for each of them.
        let mut news = inner.notices.subscribe();
        let looked_ms = inner.boot_ms();
        let next_ms = tokio::select! {
            () = inner.stop.cancelled() => return,
            next_ms = look(&inner, &mut due, Tell::Due) => next_ms,
        };
        let next_ms = next_ms.unwrap_or_else(|error| {
            tracing::debug!(%error, "what the team needs when this desk falls out could not be looked at");
            Some(looked_ms.saturating_add(AGAIN_MS))
        });
        let wait = async {
            let time = async {
                match next_ms {
                    Some(at_ms) => until_boot(&*inner.clock, at_ms).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = news.recv() => {}
                () = time => {}
            }
            until_boot(&*inner.clock, looked_ms.saturating_add(GATHER_MS)).await;
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = wait => {}
        }
    }
}

/// The desk ends: what the team may need is told now, as far as the relay takes it in time.
pub(crate) async fn tell_all(inner: &Inner) {
    match tokio::time::timeout(AT_THE_END, look(inner, &mut BTreeMap::new(), Tell::All)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::debug!(%error, "what the team may need was not told"),
        Err(_) => tracing::debug!("the relay did not take in time what the team may need"),
    }
}

/// Tells what is due. Returns when to look again, on the boot clock; none while nothing is due by time alone.
async fn look(
    inner: &Inner,
    due: &mut BTreeMap<ThreadId, i64>,
    tell: Tell,
) -> Result<Option<i64>, StoreError> {
    if !matches!(inner.sync_status(), SyncStatus::Live { .. } | SyncStatus::Behind { .. }) {
        return Ok(None);
    }
    let drafts = drafts::look(inner, due, tell).await?;
    let waiting = waiting::look(inner, tell).await?;
    Ok(drafts.into_iter().chain(waiting).min())
}
