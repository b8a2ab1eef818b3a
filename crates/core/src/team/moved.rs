//! Whose doing it is that a thread is no longer as the agent saw it. What this very desk did to it speaks against nothing
//! that its agent pressed before, and neither does what history brings from before the agent looked.
//!
//! ```text
//!   asked as seen at 5 ──▶ relay: it stands at 9 ──▶ log from 6 to 9 ──┬─ this desk's alone ──▶ asked as seen at 9
//!                                                     ▲                └─ somebody else's ────▶ refused
//!                                          waits until it is here
//! ```

use tokio::sync::broadcast;

use crate::clock::until_boot;
use crate::desk::Notice;
use crate::desk::inner::Inner;
use crate::store::{HeardSince, MovedBy, StoreError, ThreadRow};

/// How long the stream may take to bring what the relay speaks of, milliseconds.
const STREAM_MS: i64 = 2_000;

/// Who moved a thread's version from `seen` to `now`, which is what the relay says.
pub(crate) async fn by_whom(
    inner: &Inner,
    thread: &ThreadRow,
    seen: u64,
    now: u64,
) -> Result<MovedBy, StoreError> {
    let Some(me) = inner.me() else { return Ok(MovedBy::NotKnown) };
    let mut patience = Patience::new(inner);
    loop {
        let moved = inner.store.moved_by(thread.id, &thread.key.account, me.desk, seen, now).await?;
        if moved != MovedBy::NotKnown || patience.is_over(inner).await {
            return Ok(moved);
        }
    }
}

/// Whether others said something in a thread between the words at `seen` and at `now`, which is what the relay says.
pub(crate) async fn heard_since(
    inner: &Inner,
    thread: &ThreadRow,
    seen: u64,
    now: u64,
) -> Result<HeardSince, StoreError> {
    let mut patience = Patience::new(inner);
    loop {
        let heard = inner.store.heard_since(thread.id, &thread.key.account, seen, now).await?;
        if heard != HeardSince::NotKnown || patience.is_over(inner).await {
            return Ok(heard);
        }
    }
}

/// Waits from one piece of news to the next, for as long as the stream may take.
struct Patience {
    until: i64,
    news: broadcast::Receiver<Notice>,
}

impl Patience {
    fn new(inner: &Inner) -> Self {
        Self { until: inner.boot_ms().saturating_add(STREAM_MS), news: inner.notices.subscribe() }
    }

    /// Comes back when there is news; true when it took too long.
    async fn is_over(&mut self, inner: &Inner) -> bool {
        tokio::select! {
            _ = self.news.recv() => inner.boot_ms() >= self.until,
            () = until_boot(&*inner.clock, self.until) => true,
        }
    }
}
