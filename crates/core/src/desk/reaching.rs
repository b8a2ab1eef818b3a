//! Asks for a Meta that is away until it answers, so that what is said of it stays true although nobody sends or opens
//! anything meanwhile.
//!
//! ```text
//!   reached ── calls without an answer ──▶ away ── pause ──▶ asked ──┬─ answered ──▶ reached
//!                                           ▲     or woken           │
//!                                           └──────── not ───────────┘
//! ```

use std::sync::Arc;

use baton_graph::Urgency;
use tokio::sync::Notify;

use super::inner::Inner;
use crate::backoff::{Backoff, random};
use crate::clock::{Clock, until_boot};

/// The first pause and the longest, milliseconds of the boot clock.
const PAUSES_MS: (i64, i64) = (5_000, 60_000);

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = keep_asking(&inner) => {}
    }
}

async fn keep_asking(inner: &Inner) {
    let mut pauses = Backoff::new(PAUSES_MS.0, PAUSES_MS.1);
    loop {
        if inner.meta.not_reached_boot_ms().is_none() {
            pauses.succeed();
            inner.meta.lost.notified().await;
            continue;
        }
        let again_ms = inner.boot_ms().saturating_add(pauses.fail(random()));
        if is_woken_in(&*inner.clock, again_ms, &inner.wake_reaching).await {
            // A network that just came back may fail the first try, and that says nothing of how long it will.
            pauses.succeed();
        }
        // Somebody else may have been answered meanwhile.
        if inner.meta.not_reached_boot_ms().is_some() {
            ask(inner).await;
        }
    }
}

/// Waits out a pause; true when somebody asked for a try before its end.
async fn is_woken_in(clock: &dyn Clock, until_boot_ms: i64, woken: &Notify) -> bool {
    tokio::select! {
        () = until_boot(clock, until_boot_ms) => false,
        () = woken.notified() => true,
    }
}

/// Whatever Meta answers: who answers is there, and every answer tells that.
async fn ask(inner: &Inner) {
    let access = match inner.store.access().await {
        Ok(access) => access,
        Err(error) => {
            tracing::debug!(%error, "it cannot be read for whom Meta could be asked");
            return;
        }
    };
    for account in access.iter().map(|access| &access.account) {
        let Some(credentials) = inner.credentials(account).await else { continue };
        if let Err(error) = inner.graph().urgent(Urgency::SetUp).me(&credentials).await {
            tracing::debug!(%error, "Meta was asked whether it is there");
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::clock::TestClock;

    const NINE: i64 = 1_800_000_000_000;

    #[tokio::test]
    async fn a_pause_ends_when_it_is_over_or_when_somebody_asks_for_a_try() {
        let (clock, woken) = (TestClock::at(NINE), Notify::new());
        let again_ms = clock.boot_ms() + 60_000;
        let mut pause = std::pin::pin!(is_woken_in(&clock, again_ms, &woken));
        assert!(pause.as_mut().now_or_never().is_none());
        woken.notify_waiters();
        assert!(pause.await);

        clock.advance(Duration::from_secs(60));
        assert!(!is_woken_in(&clock, again_ms, &woken).await);
    }

    #[tokio::test]
    async fn who_asks_while_nobody_pauses_does_not_cut_a_later_pause_short() {
        let (clock, woken) = (TestClock::at(NINE), Notify::new());
        woken.notify_waiters();
        let pause = is_woken_in(&clock, clock.boot_ms() + 60_000, &woken);
        assert!(pause.now_or_never().is_none());
    }
}
