//! The bot gets its thread back once an agent is done with it, where the account's team wants that.
//!
//! ```text
//!   done ──▶ ten seconds in which it can be taken back ──▶ still done, still ours, somebody else answers first ──▶ pass
//!     │            ▲                                               │
//!  a row ── start ─┘ (once the log was read to its end)            └─ no token, no clear answer: again in a minute
//! ```
//!
//! That a thread goes back is a row from before the relay hears of *done*, so that it outlives the program. The row goes once
//! the thread was handed back, or is not to be any more; Meta's refusal ends it too, and control lapses.

use std::collections::BTreeSet;
use std::sync::Arc;

use baton_messenger::AccountId;
use baton_protocol::LogName;
use baton_protocol::command::Command;
use baton_protocol::team::Status;

use super::inner::{Inner, lock, request};
use super::{Desk, DeskError};
use crate::clock::until_boot;
use crate::control::{Act, Asked, ControlError, act, can_do};
use crate::store::{StoreError, ThreadId};
use crate::sync::SyncStatus;

/// As long as the window offers to take *done* back, milliseconds.
const AFTER_MS: i64 = 10_000;
/// What could not be done now is tried again after this long, milliseconds of the boot clock.
const AGAIN_MS: i64 = 60_000;

impl Desk {
    /// Chooses for an account whether a thread goes back to the default app when an agent is done with it.
    ///
    /// # Errors
    /// [`DeskError::Relay`]: refused to agents without the right, or the relay is away.
    pub async fn set_hand_back(&self, account: &AccountId, on: bool) -> Result<(), DeskError> {
        let log = LogName::Account(self.inner.invited(account).await?.account);
        self.inner.ask(&log, &request(Command::SetHandBack { on })).await?;
        Ok(())
    }
}

/// This desk's agent is done with a thread, or about to be: it goes back ten seconds from now, if it is done then. To be
/// called before the relay is asked, and once more when it said yes.
pub(crate) async fn is_due(inner: &Inner, thread: ThreadId) -> Result<(), StoreError> {
    let row = inner.thread(thread).await?;
    let account = inner.store.account(&row.key.account).await?;
    if account.is_some_and(|account| account.hand_back) {
        inner.store.hand_back_is_due(thread, inner.meta_now().ms).await?;
        again(inner, thread, AFTER_MS);
    }
    Ok(())
}

fn again(inner: &Inner, thread: ThreadId, after_ms: i64) {
    lock(&inner.hand_backs).insert(thread, inner.boot_ms().saturating_add(after_ms));
    inner.wake_hand_back.notify_one();
}

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut from_before = left_over(&inner).await;
    loop {
        let next = lock(&inner.hand_backs).iter().map(|(thread, due_ms)| (*due_ms, *thread)).min();
        let due = async {
            match next {
                Some((due_ms, _)) => until_boot(&*inner.clock, due_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.wake_hand_back.notified() => continue,
            () = due => {}
        }
        let Some((_, thread)) = next else { continue };
        lock(&inner.hand_backs).remove(&thread);
        // What happened to it while this desk was not running stands in the log.
        if from_before.contains(&thread) && !matches!(inner.sync_status(), SyncStatus::Live { .. }) {
            again(&inner, thread, AFTER_MS);
            continue;
        }
        from_before.remove(&thread);
        let settled = tokio::select! {
            () = inner.stop.cancelled() => return,
            settled = settle(&inner, thread) => settled,
        };
        if let Err(error) = settled {
            tracing::info!(%error, "whether a thread was handed back could not be noted");
        }
    }
}

/// Threads that were to go back when the program ended.
async fn left_over(inner: &Inner) -> BTreeSet<ThreadId> {
    match inner.store.hand_backs_due().await {
        Ok(due) => {
            due.iter().for_each(|thread| again(inner, *thread, AFTER_MS));
            due.into_iter().collect()
        }
        Err(error) => {
            tracing::warn!(%error, "which threads were to be handed back could not be read");
            BTreeSet::new()
        }
    }
}

async fn settle(inner: &Inner, thread: ThreadId) -> Result<(), StoreError> {
    match hand_back(inner, thread).await {
        Ok(()) => {}
        Err(
            error @ (ControlError::NoToken
            | ControlError::NotBegun(_)
            | ControlError::Unclear(_)
            | ControlError::Store(_)),
        ) => {
            tracing::debug!(%error, "a thread is not handed back yet");
            // One that was purged meanwhile took its row along.
            if inner.store.hand_backs_due().await?.contains(&thread) {
                again(inner, thread, AGAIN_MS);
            }
            return Ok(());
        }
        // It stays ours until it lapses, and the thread says so.
        Err(error) => tracing::info!(%error, "a thread was not handed back"),
    }
    // Done anew meanwhile, it is due anew.
    if lock(&inner.hand_backs).contains_key(&thread) {
        return Ok(());
    }
    inner.store.hand_back_is_settled(thread).await
}

async fn hand_back(inner: &Inner, thread: ThreadId) -> Result<(), ControlError> {
    let row = inner.thread(thread).await?;
    let facts = inner.store.account_facts(&row.key.account).await?;
    let may = can_do(&row.owner.owner, &facts).contains(&Act::PassToDefault);
    if row.status == Status::Done && row.owner.owner == baton_thread::Owner::Ours && may {
        act::perform(inner, thread, &Asked::hand_back()).await?;
    }
    Ok(())
}
