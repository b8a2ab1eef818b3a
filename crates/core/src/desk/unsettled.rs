//! What was begun at Meta when the program ended: whether Meta did it nobody kept, and no event may tell.
//!
//! ```text
//!   pressed ──▶ row ──▶ Meta ──▶ the team is told ──▶ the row goes
//!                │         killed anywhere in between
//!   start ───────┴─▶ the log was read to its end ──┬─ control ──▶ Meta is asked who holds the thread
//!                                                  └─ block ──┬─ nobody set it meanwhile ──▶ asked once more: twice does no harm
//!                                                             └─ as wanted, or set by others ──▶ nothing
//! ```
//!
//! Reactions, *seen* and typing need none of this: they are shown as not done, and may be done again.

use std::sync::Arc;

use baton_protocol::CommandId;

use super::DeskError;
use super::blocking::{BlockError, may_block, set_at_meta};
use super::inner::Inner;
use crate::clock::until_boot;
use crate::control::owner_read::{OwnerRead, try_read_owner};
use crate::store::{Begun, BegunAct, Block, StoreError, ThreadRow};
use crate::sync::SyncStatus;

/// How often it is looked whether the log was read, and how long after a try the next one comes, milliseconds of the boot clock.
const SOON_MS: i64 = 1_000;
const AGAIN_MS: i64 = 60_000;
/// What cannot be settled in so many tries is left to the next start.
const MOST_TRIES: u32 = 20;

/// What came of an act is kept.
pub(crate) async fn ended(inner: &Inner, act: &BegunAct) {
    if let Err(error) = inner.store.act_is_settled(act).await {
        tracing::info!(%error, "that an act is settled could not be noted");
    }
}

/// Settles what the run before left, or ends with the desk.
pub(super) async fn run(inner: Arc<Inner>, mut left: Vec<BegunAct>) {
    let (mut tries, mut pause_ms) = (0, SOON_MS);
    while !left.is_empty() && tries < MOST_TRIES {
        let due_ms = inner.boot_ms().saturating_add(pause_ms);
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = until_boot(&*inner.clock, due_ms) => {}
        }
        // What others did meanwhile stands in the log.
        if !matches!(inner.sync_status(), SyncStatus::Live { .. }) {
            pause_ms = SOON_MS;
            continue;
        }
        (tries, pause_ms) = (tries + 1, AGAIN_MS);
        let mut open = Vec::new();
        for act in left {
            let settled = tokio::select! {
                () = inner.stop.cancelled() => return,
                settled = settle(&inner, &act) => settled,
            };
            match settled {
                Ok(true) => {}
                Ok(false) => open.push(act),
                Err(error) => {
                    tracing::info!(%error, "an act of the run before could not be settled");
                    open.push(act);
                }
            }
        }
        left = open;
    }
}

/// False when it cannot be done yet.
async fn settle(inner: &Inner, act: &BegunAct) -> Result<bool, StoreError> {
    let is_over = match inner.store.thread_id(&act.thread).await? {
        None => true,
        Some(id) => {
            let thread = inner.thread(id).await?;
            match act.begun {
                Begun::Control => try_read_owner(inner, &thread).await? != OwnerRead::NotRead,
                Begun::Block { was, wanted } => blocked(inner, &thread, (was, wanted)).await?,
            }
        }
    };
    if is_over {
        inner.store.act_is_settled(act).await?;
    }
    Ok(is_over)
}

/// The agent wanted it, and saw no answer.
async fn blocked(
    inner: &Inner,
    thread: &ThreadRow,
    (was, wanted): (Block, Block),
) -> Result<bool, StoreError> {
    let is = inner.blocking(thread).await?;
    if is == wanted || is != was || !may_block(inner, thread).await? {
        return Ok(true);
    }
    match set_at_meta(inner, thread, wanted).await {
        Ok(()) => Ok(true),
        Err(DeskError::Block(error)) if error.may_pass() || matches!(error, BlockError::NoToken) => Ok(false),
        Err(DeskError::Block(error)) => {
            inner.store.act_refused(thread.id, CommandId::new(), &error.agent_words()).await?;
            inner.notices.status();
            Ok(true)
        }
        Err(DeskError::Store(error)) => Err(error),
        Err(error) => {
            tracing::info!(%error, "a customer could not be blocked, or let through, after a new start");
            Ok(false)
        }
    }
}
