//! The bot gets its thread back once an agent is done with it, where the account's team wants that.
//!
//! ```text
//!   done ──▶ ten seconds in which it can be taken back ──▶ still done, still ours, somebody else answers first ──▶ pass
//! ```
//!
//! Nothing of it outlives the program: a thread that was not handed back in time goes to the default app when control lapses.

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

/// As long as the window offers to take *done* back, milliseconds.
const AFTER_MS: i64 = 10_000;

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

/// This desk's agent is done with a thread.
pub(crate) async fn after_done(inner: &Inner, thread: ThreadId) -> Result<(), StoreError> {
    let row = inner.thread(thread).await?;
    let account = inner.store.account(&row.key.account).await?;
    if account.is_some_and(|account| account.hand_back) {
        lock(&inner.hand_backs).insert(thread, inner.boot_ms().saturating_add(AFTER_MS));
        inner.wake_hand_back.notify_one();
    }
    Ok(())
}

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
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
        let handed = tokio::select! {
            () = inner.stop.cancelled() => return,
            handed = hand_back(&inner, thread) => handed,
        };
        if let Err(error) = handed {
            // It stays ours until it lapses, and the thread says so.
            tracing::info!(%error, "a thread was not handed back");
        }
    }
}

async fn hand_back(inner: &Inner, thread: ThreadId) -> Result<(), ControlError> {
    let row = inner.thread(thread).await?;
    let facts = inner.store.account_facts(&row.key.account).await?;
    let may = can_do(&row.owner.owner, &facts).contains(&Act::PassToDefault);
    if row.status == Status::Done && row.owner.owner == baton_thread::Owner::Ours && may {
        act::perform(inner, thread, &Asked::plain(Act::PassToDefault)).await?;
    }
    Ok(())
}
