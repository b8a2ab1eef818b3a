//! Whose doing it is that a thread is no longer as the agent saw it. What this very desk did to it speaks against nothing
//! that its agent pressed before.
//!
//! ```text
//!   asked as seen at 5 ──▶ relay: it stands at 9 ──▶ log from 6 to 9 ──┬─ this desk's alone ──▶ asked as seen at 9
//!                                                     ▲                └─ somebody else's ────▶ refused
//!                                          waits until it is here
//! ```

use crate::clock::until_boot;
use crate::desk::inner::Inner;
use crate::store::{MovedBy, StoreError, ThreadRow};

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
    let until = inner.boot_ms().saturating_add(STREAM_MS);
    let mut news = inner.notices.subscribe();
    loop {
        let moved = inner.store.moved_by(thread.id, &thread.key.account, me.desk, seen, now).await?;
        if moved != MovedBy::NotKnown || inner.boot_ms() >= until {
            return Ok(moved);
        }
        tokio::select! {
            _ = news.recv() => {}
            () = until_boot(&*inner.clock, until) => {}
        }
    }
}
