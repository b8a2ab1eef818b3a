//! What time does to threads: wakes those whose sleep is over, puts those whose windows shut below those that can be
//! answered, and finds those whose time ends soon. What lists count and how they are ordered follows then. Tells the agent of
//! threads whose control ends soon.
//!
//! ```text
//!   look ──▶ some are due ──▶ put right, at most 100 in one write ──▶ notice ──▶ look
//!     ▲ └──▶ none is due ──▶ until the next one is, a thread or account changed, or Meta's clock moved
//!     └───────────────────────────┘
//! ```

use std::sync::Arc;

use super::LapsingThread;
use super::inner::Inner;
use crate::clock::until_boot;
use crate::store::StoreError;

/// How many are computed anew in one write, so that nothing else waits long for its turn.
const AT_ONCE: u32 = 100;
/// When the store failed, it is tried again after this long, milliseconds.
const AGAIN_MS: i64 = 60_000;

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut lapsing = Vec::new();
    loop {
        // What look found is counted from before it: the clock may jump while it reads.
        let looked_ms = inner.boot_ms();
        let wait_ms = match look(&inner, &mut lapsing).await {
            Ok(wait_ms) => wait_ms,
            Err(error) => {
                tracing::debug!(%error, "threads that sleep or shut could not be looked at");
                Some(AGAIN_MS)
            }
        };
        let due = async {
            match wait_ms {
                Some(ms) => until_boot(&*inner.clock, looked_ms.saturating_add(ms)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.wake_sleepers.notified() => {}
            () = due => {}
        }
    }
}

/// Puts right who is due. Returns how long until the next one is; none when none will be.
async fn look(inner: &Inner, lapsing: &mut Vec<LapsingThread>) -> Result<Option<i64>, StoreError> {
    loop {
        let now_ms = inner.meta_now().ms;
        let mut changed = inner.store.wake_sleepers(now_ms, AT_ONCE).await?;
        changed.extend(inner.store.shut_windows(now_ms, AT_ONCE).await?);
        changed.extend(inner.store.look_at_ends(now_ms, AT_ONCE).await?);
        if changed.is_empty() {
            let now_lapsing = inner.lapsing().await?;
            if now_lapsing != *lapsing {
                *lapsing = now_lapsing;
                inner.notices.status();
            }
            let (wakes_ms, shuts_ms) = (inner.store.next_wake_ms().await?, inner.store.next_shut_ms().await?);
            let (ends_ms, lapses_ms) = (inner.store.next_end_ms().await?, inner.next_lapsing_ms().await?);
            let next_ms = wakes_ms.into_iter().chain(shuts_ms).chain(ends_ms).chain(lapses_ms).min();
            return Ok(next_ms.map(|next_ms| next_ms.saturating_sub(now_ms).max(0)));
        }
        inner.notices.threads(changed, inner.store.version());
    }
}
