//! Keeps control of the threads in which this desk's agent writes, or in which a reply waits to leave
//! ([`crate::control::keep`] says which). What an agent types is saved as a draft at once, so that typing is seen here too.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::inner::Inner;
use crate::clock::until_boot;
use crate::control::keep::{KEEP_FOR_S, Work, is_to_be_kept};
use crate::control::{Asked, act};
use crate::store::{StoreError, ThreadId};

/// How often drafts and waiting replies are looked at, milliseconds.
const EVERY_MS: i64 = 60_000;
/// After a try that failed there is none for so long, milliseconds.
const AGAIN_MS: i64 = 10 * 60_000;

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut tried: BTreeMap<ThreadId, i64> = BTreeMap::new();
    loop {
        let looked_ms = inner.boot_ms();
        let look = async {
            if let Err(error) = look(&inner, &mut tried).await {
                tracing::debug!(%error, "drafts and waiting replies could not be looked at");
            }
            until_boot(&*inner.clock, looked_ms.saturating_add(EVERY_MS)).await;
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = look => {}
        }
    }
}

async fn look(inner: &Inner, tried: &mut BTreeMap<ThreadId, i64>) -> Result<(), StoreError> {
    let boot_ms = inner.boot_ms();
    tried.retain(|_, at_ms| boot_ms.saturating_sub(*at_ms) < AGAIN_MS);
    for (thread, work) in works(inner).await? {
        let row = inner.thread(thread).await?;
        let facts = inner.store.account_facts(&row.key.account).await?;
        let is_due = is_to_be_kept(&row.owner, &facts, work, inner.meta_now().ms);
        if !is_due || tried.contains_key(&thread) {
            continue;
        }
        tried.insert(thread, boot_ms);
        if let Err(error) = act::perform(inner, thread, &Asked::keep(KEEP_FOR_S)).await {
            // The strip goes on to warn, and offers the same by hand.
            tracing::info!(%error, "control of a thread was not kept");
        }
    }
    Ok(())
}

/// What the agent has begun, by thread.
async fn works(inner: &Inner) -> Result<BTreeMap<ThreadId, Work>, StoreError> {
    let mut works: BTreeMap<ThreadId, Work> = BTreeMap::new();
    for (thread, updated_ms) in inner.store.drafts().await? {
        let age_ms = inner.wall_ms().saturating_sub(updated_ms).max(0);
        works.entry(thread).or_default().draft_age_ms = Some(age_ms);
    }
    for thread in inner.store.threads_with_waiting_parts().await? {
        works.entry(thread).or_default().reply_waits = true;
    }
    Ok(works)
}
