//! Asks for a Meta that is away until it answers, so that what is said of it stays true although nobody sends or opens
//! anything meanwhile.
//!
//! ```text
//!   reached ── calls without an answer ──▶ away ── pause ──▶ asked ──┬─ answered ──▶ reached
//!                                           ▲                        │
//!                                           └──────── not ───────────┘
//! ```

use std::sync::Arc;

use baton_graph::Urgency;

use super::inner::Inner;
use crate::backoff::{Backoff, random};
use crate::clock::until_boot;

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
        until_boot(&*inner.clock, again_ms).await;
        // Somebody else may have been answered meanwhile.
        if inner.meta.not_reached_boot_ms().is_some() {
            ask(inner).await;
        }
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
