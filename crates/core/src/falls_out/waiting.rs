//! Replies that wait on this desk, told to the team: everybody sees that one may still leave from here.

use baton_protocol::LogName;
use baton_protocol::command::Command;

use super::{AGAIN_MS, Tell};
use crate::desk::inner::{Inner, request};
use crate::store::{RepliesWaiting, StoreError};

/// A reply that left within so long was no news to anybody, milliseconds: longer than it can be taken back, and than a send takes.
const AFTER_MS: i64 = 8_000;

/// Tells what is due.
pub(super) async fn look(inner: &Inner, tell: Tell) -> Result<Option<i64>, StoreError> {
    let now_ms = inner.boot_ms();
    let mut next_ms: Option<i64> = None;
    for waiting in inner.store.replies_waiting().await? {
        let parts = parts(&waiting, tell);
        let is_known = if parts == 0 { waiting.told.is_none() } else { waiting.told == Some(true) };
        if is_known {
            continue;
        }
        let age_ms = inner.wall_ms().saturating_sub(waiting.since_ms).clamp(0, AFTER_MS);
        if parts > 0 && age_ms < AFTER_MS && tell == Tell::Due {
            next_ms = next_ms.into_iter().chain([now_ms.saturating_add(AFTER_MS - age_ms)]).min();
            continue;
        }
        if !say(inner, &waiting, parts).await? {
            return Ok(Some(now_ms.saturating_add(AGAIN_MS)));
        }
    }
    Ok(next_ms)
}

/// How many parts wait. What is kept back when the desk ends is a draft after the next start.
fn parts(waiting: &RepliesWaiting, tell: Tell) -> u32 {
    match tell {
        Tell::Due => waiting.held.saturating_add(waiting.queued),
        Tell::All => waiting.queued,
    }
}

/// False when the relay is away.
async fn say(inner: &Inner, waiting: &RepliesWaiting, parts: u32) -> Result<bool, StoreError> {
    if parts > 0 {
        inner.store.replies_are_being_told(waiting.thread).await?;
    }
    let log = LogName::Account(waiting.key.account.clone());
    let command = Command::SetReplyPending { customer: waiting.key.customer.clone(), parts };
    match inner.ask(&log, &request(command)).await {
        Ok(_) => {}
        Err(error) if error.may_work_later() => return Ok(false),
        // It is not asked again for the same.
        Err(error) => tracing::info!(%error, "the relay does not tell that a reply waits here"),
    }
    inner.store.replies_were_told(waiting.thread, parts > 0).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ThreadId, ThreadKey};

    #[test]
    fn what_is_kept_back_waits_while_the_desk_runs_and_is_a_draft_after_its_end() {
        let key = ThreadKey { account: "104500000000011".into(), customer: "6200".into() };
        let waiting =
            RepliesWaiting { thread: ThreadId(1), key, held: 2, queued: 1, since_ms: 0, told: None };
        assert_eq!((parts(&waiting, Tell::Due), parts(&waiting, Tell::All)), (3, 1));
    }
}
