//! The loop that settles what desks left that are gone: a part that was granted a minute ago and has no end. Its echo settles
//! it, or a look at the conversation does, if exactly one message fits. Else it ends as unknown: then it no longer keeps
//! other desks from answering, and whoever sends next is shown it.
//!
//! A desk can also be gone after it said that it does not know the end and before it looked. So an unknown part of the last
//! day is looked at once here too, and whenever its echo comes, that settles it.
//!
//! Only the account's steward does this. The relay takes no such settlement before the part's desk was silent for a minute
//! by its own clock, and a desk that comes back and knows better still has the last word.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_graph::{CallError, Credentials, Urgency};
use baton_messenger::answer::ConversationMessage;
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::{AccountId, Mid};
use baton_protocol::command::Command;
use baton_protocol::enrol::AccountRole;
use baton_protocol::team::Settlement;
use baton_protocol::{LogName, PartId};

use crate::desk::inner::{Inner, request};
use crate::outbox::says;
use crate::store::{LeftPart, StoreError};

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Where nothing was found, and nothing was written since, it is looked again after this, milliseconds of the boot clock: a
/// part may have grown old.
const QUIET_MS: i64 = 15_000;
/// How long a part's desk is waited for, milliseconds: as long as the relay does.
const GONE_MS: i64 = 60_000;
/// A part that could not be settled is tried again after this, milliseconds of the boot clock.
const AGAIN_MS: i64 = 30_000;
/// An unknown part is looked at once in this time, and not after it, milliseconds.
const UNKNOWN_MS: i64 = 24 * 3_600_000;
/// Graph tells whole seconds, and clocks differ a little.
const SLACK_MS: i64 = 5_000;

/// When a part is tried again, milliseconds of the boot clock: without its echo, and with it.
type NotBefore = BTreeMap<(PartId, bool), i64>;

/// Settles until the desk stops.
pub(crate) async fn settle(inner: Arc<Inner>) {
    let mut not_before = NotBefore::new();
    let mut quiet = None;
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            looked = look(&inner, &mut not_before, &mut quiet) => if let Err(error) = looked {
                tracing::debug!(%error, "parts of other desks could not be looked at");
            }
        }
    }
}

/// Nothing was left at this version of the store, and this moment of the boot clock.
type Quiet = Option<(u64, i64)>;

async fn look(inner: &Inner, not_before: &mut NotBefore, quiet: &mut Quiet) -> Result<(), StoreError> {
    let Some(me) = inner.me() else { return Ok(()) };
    let (version, looked_ms) = (inner.store.version(), inner.boot_ms());
    let is_quiet = |(of, at_ms): &(u64, i64)| *of == version && looked_ms.saturating_sub(*at_ms) < QUIET_MS;
    if quiet.as_ref().is_some_and(is_quiet) {
        return Ok(());
    }
    *quiet = None;
    let mut found_none = true;
    for access in inner.store.access().await? {
        if !inner.history.is_steward(&access.account, inner.boot_ms()) {
            // It may become the steward at any moment.
            found_none = false;
            continue;
        }
        let meta_now_ms = inner.meta_now().ms;
        let (before_ms, since_ms) =
            (meta_now_ms.saturating_sub(GONE_MS), meta_now_ms.saturating_sub(UNKNOWN_MS));
        let all = inner.store.left_parts(&access.account, me.desk, before_ms, since_ms).await?;
        found_none &= all.is_empty();
        for left in &all {
            let now_ms = inner.boot_ms();
            // An echo that has come since is no try from before.
            let tried = (left.part, left.echo.is_some());
            if not_before.get(&tried).is_some_and(|due| *due > now_ms) {
                continue;
            }
            // Of two that say the same, nobody can tell which one a message is.
            let is_alone = all.iter().filter(|other| says_the_same(other, left)).count() == 1;
            let looked = settle_one(inner, &access, left, is_alone).await?;
            let again_ms = if looked && left.is_unknown { UNKNOWN_MS } else { AGAIN_MS };
            not_before.insert(tried, now_ms.saturating_add(again_ms));
            not_before.retain(|_, due| *due > now_ms);
        }
    }
    *quiet = found_none.then_some((version, looked_ms));
    Ok(())
}

/// True when it was looked at to the end.
async fn settle_one(
    inner: &Inner,
    access: &AccountRole,
    left: &LeftPart,
    is_alone: bool,
) -> Result<bool, StoreError> {
    let settlement = match &left.echo {
        Some(mid) => Settlement::Sent { mid: mid.clone(), at_ms: None },
        None => match found(inner, access, left).await? {
            Ok(found) => match found.settlement(is_alone) {
                // That nobody knows is told already.
                Settlement::Unknown { .. } if left.is_unknown => return Ok(true),
                settlement => settlement,
            },
            Err(error) => {
                tracing::debug!(part = %left.part, %error, "the conversation could not be looked at");
                return Ok(false);
            }
        },
    };
    let command = Command::SettleSend {
        customer: left.customer.clone(),
        reply: left.reply,
        part: left.part,
        settlement,
    };
    match inner.ask(&LogName::Account(access.account.clone()), &request(command)).await {
        Ok(_) => {
            tracing::info!(part = %left.part, "a part of a desk that is gone was settled");
            Ok(true)
        }
        Err(error) => {
            tracing::debug!(part = %left.part, %error, "the relay did not take a settlement");
            Ok(false)
        }
    }
}

/// What the conversation shows of a part.
enum Found {
    /// Nothing that it can have become.
    Nothing,
    /// The one message that it can have become, and when.
    One(Mid, Option<i64>),
    /// More than one.
    Several,
}

impl Found {
    /// How the part ends by that. `is_alone`: no other part that was left says the same.
    fn settlement(self, is_alone: bool) -> Settlement {
        let why = match self {
            Self::One(mid, at_ms) if is_alone => return Settlement::Sent { mid, at_ms },
            Self::One(..) => {
                "Its desk is gone, and what the conversation shows could be another reply that says the same."
            }
            Self::Several => "Its desk is gone, and several messages of the conversation could be it.",
            Self::Nothing => "Its desk is gone, and the conversation does not show it.",
        };
        Settlement::Unknown { why: why.to_owned() }
    }
}

/// The messages of the conversation that the part can have become.
async fn found(
    inner: &Inner,
    access: &AccountRole,
    left: &LeftPart,
) -> Result<Result<Found, CallError>, StoreError> {
    let account = &access.account;
    let Some(credentials) = inner.credentials(account).await else {
        return Ok(Err(baton_graph::NotBegun::TokenUnusable.into()));
    };
    let newest = match newest(inner, access, &credentials, left).await {
        Ok(newest) => newest,
        Err(error) => return Ok(Err(error)),
    };
    let mut found = Found::Nothing;
    for message in newest.iter().filter(|message| could_be(message, left, account)) {
        if let Some(mid) = &message.id
            && !inner.store.is_of_another_part(mid, left.part).await?
        {
            found = match found {
                Found::Nothing => Found::One(mid.clone(), message.created_ms),
                Found::One(..) | Found::Several => Found::Several,
            };
        }
    }
    Ok(Ok(found))
}

async fn newest(
    inner: &Inner,
    access: &AccountRole,
    credentials: &Credentials,
    left: &LeftPart,
) -> Result<Vec<ConversationMessage>, CallError> {
    let account = &access.account;
    let page = inner.page_of(account).await.unwrap_or_else(|_| account.clone());
    let graph = inner.graph().urgent(Urgency::Settling);
    graph.newest_messages(credentials, &page, access.platform, &left.customer, MESSAGES_WITH_DETAILS).await
}

fn could_be(message: &ConversationMessage, left: &LeftPart, account: &AccountId) -> bool {
    let since_ms = left.granted_ms.saturating_sub(SLACK_MS);
    message.is_from_account(account) == Some(true)
        && says(message, &left.text, left.file)
        && message.created_ms.is_some_and(|created_ms| created_ms >= since_ms)
}

fn says_the_same(one: &LeftPart, other: &LeftPart) -> bool {
    (&one.customer, &one.text, one.file) == (&other.customer, &other.text, other.file)
}

#[cfg(test)]
mod tests {
    use baton_messenger::Mid;
    use baton_protocol::team::Settlement;

    use super::Found;

    fn one() -> Found {
        Found::One(Mid::from("m_1"), Some(7))
    }

    #[test]
    fn one_message_that_fits_one_part_is_it() {
        let sent = Settlement::Sent { mid: Mid::from("m_1"), at_ms: Some(7) };
        assert_eq!(one().settlement(true), sent);
    }

    #[test]
    fn that_nobody_knows_says_what_the_conversation_shows() {
        let cases = [
            (Found::Nothing, true, "does not show it"),
            (Found::Several, true, "several messages of the conversation could be it"),
            (Found::Several, false, "several messages of the conversation could be it"),
            (one(), false, "another reply that says the same"),
        ];
        for (found, is_alone, says) in cases {
            let settlement = found.settlement(is_alone);
            let Settlement::Unknown { why } = &settlement else { panic!("{settlement:?}") };
            assert!(why.contains(says), "{why}");
        }
    }
}
