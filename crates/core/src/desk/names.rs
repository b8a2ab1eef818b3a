//! Names of customers: the profile is read once for a customer who has none, or of whom history knows only a handle, then
//! told to the team. Low in priority: one at a time, with pauses, at most once a day per customer. A failure never keeps
//! a message from being shown.
//!
//! ```text
//!  a thread changed ────────────────────────────────────────┐
//!  the steward looks for those whom nobody asked about ─────┴──▶ a slot ──▶ profile ──▶ told to the team
//!                     └─ nobody knows whether Meta gives names here ──▶ the newest customer's profile
//! ```
//!
//! The second look finds those whose turn was missed: the desk was started anew, had no token, or Meta did not answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_graph::{CallError, Credentials, Urgency};
use baton_messenger::error::ErrorClass;
use baton_messenger::id::{AccountId, Platform};
use baton_protocol::LogName;
use baton_protocol::command::Command;

use super::checks::refuses_names;
use super::inner::{Inner, lock};
use crate::store::{StoreError, ThreadId, ThreadKey, ThreadRow};

/// Between two reads.
const PAUSE: Duration = Duration::from_millis(300);
/// A customer without a name is asked for again after this time, milliseconds of the boot clock.
const AGAIN_MS: i64 = 24 * 60 * 60 * 1000;
/// After a call that may work later, milliseconds.
const SOON_MS: i64 = 60_000;
/// A handle is good enough for a thread in which nothing was said for so long, milliseconds: history brings thousands of
/// those, and each name costs a read.
const HANDLE_WILL_DO_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How long nothing is looked at when nothing wakes it.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often the steward looks for customers whom nobody asked about, milliseconds of the boot clock.
const MISSED_EVERY_MS: i64 = 60_000;

/// From when on something is asked about again, milliseconds of the boot clock.
#[derive(Default)]
struct Due {
    customers: BTreeMap<ThreadKey, i64>,
    /// Accounts in which those were looked for whose turn was missed.
    accounts: BTreeMap<AccountId, i64>,
    /// Accounts of which it was asked whether Meta gives names at all.
    given: BTreeMap<AccountId, i64>,
}

/// Reads names until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = read_all(&inner) => {}
    }
}

async fn read_all(inner: &Inner) {
    let mut due = Due::default();
    loop {
        if let Err(error) = look_for_missed(inner, &mut due).await {
            tracing::debug!(%error, "customers without a name were not looked for");
        }
        let Some(thread) = next(inner) else {
            tokio::select! {
                () = inner.wake_names.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            continue;
        };
        match read_one(inner, thread, &mut due.customers).await {
            Ok(true) => tokio::time::sleep(PAUSE).await,
            Ok(false) => {}
            Err(error) => tracing::debug!(%error, "a name was not read"),
        }
    }
}

fn next(inner: &Inner) -> Option<ThreadId> {
    lock(&inner.unnamed).pop_first()
}

/// As steward: those without a name whom nobody asked about come to their turn, and of an account of which nobody knows
/// whether Meta gives names, the newest customer tells.
async fn look_for_missed(inner: &Inner, due: &mut Due) -> Result<(), StoreError> {
    let now = inner.boot_ms();
    for access in inner.store.access().await? {
        let account = &access.account;
        let is_looked_at = due.accounts.get(account).is_some_and(|due| *due > now);
        if is_looked_at || !inner.history.is_steward(account, now) {
            continue;
        }
        // Reading the first names mostly tells as well whether there are any.
        let is_first = due.accounts.insert(account.clone(), now.saturating_add(MISSED_EVERY_MS)).is_none();
        let Some(credentials) = inner.credentials(account).await else { continue };
        let missed = inner.store.nameless_threads(account).await?;
        lock(&inner.unnamed).extend(missed);
        let is_open = inner.store.account(account).await?.is_some_and(|row| row.names_given.is_none());
        if is_first || !is_open || due.given.get(account).is_some_and(|due| *due > now) {
            continue;
        }
        let graph = inner.graph().urgent(Urgency::Background);
        if inner.check_names(&graph, &access, &credentials).await? {
            due.given.insert(account.clone(), now.saturating_add(AGAIN_MS));
        }
    }
    Ok(())
}

/// True when Meta was asked.
async fn read_one(
    inner: &Inner,
    thread: ThreadId,
    not_before: &mut BTreeMap<ThreadKey, i64>,
) -> Result<bool, StoreError> {
    let thread = inner.thread(thread).await?;
    let now = inner.boot_ms();
    if !is_wanted(inner, &thread) || not_before.get(&thread.key).is_some_and(|due| *due > now) {
        return Ok(false);
    }
    // Whoever was erased has no name here, and gets none by being asked about.
    if inner.store.is_erased(thread.id).await? {
        return Ok(false);
    }
    let Some(credentials) = inner.credentials(&thread.key.account).await else { return Ok(false) };
    let wait_ms = match name(inner, &thread, &credentials).await {
        Ok(found) => {
            if let Some(given) = found.given {
                inner.names_are(&thread.key.account, given).await?;
            }
            // What history knows already need not be told.
            if let Some(name) = found.name.filter(|name| thread.customer_name.as_ref() != Some(name)) {
                tell(inner, &thread, name).await?;
            }
            AGAIN_MS
        }
        Err(error) if error.is_dead_token() => {
            inner.token_died(&thread.key.account, &credentials).await?;
            SOON_MS
        }
        Err(error) => {
            tracing::debug!(%error, "Meta gave no name");
            error.wait_ms().unwrap_or(SOON_MS)
        }
    };
    not_before.insert(thread.key, now.saturating_add(wait_ms));
    Ok(true)
}

/// Whether a name would be news. On Messenger a page of history tells the name itself; on Instagram a handle, which the
/// steward alone asks about, once for all desks.
fn is_wanted(inner: &Inner, thread: &ThreadRow) -> bool {
    if thread.customer_name.is_none() {
        return true;
    }
    let may_be_handle =
        !thread.is_name_read && !thread.named_by_hand && thread.channel() == Platform::Instagram;
    may_be_handle
        && inner.meta_now().ms.saturating_sub(thread.last_at_ms) < HANDLE_WILL_DO_MS
        && inner.history.is_steward(&thread.key.account, inner.boot_ms())
}

/// What Meta told of a customer.
struct Found {
    name: Option<String>,
    /// Whether Meta gives names at all, where it told that.
    given: Option<bool>,
}

/// The profile's name; where Meta gives no profile, the name among the thread's participants.
async fn name(inner: &Inner, thread: &ThreadRow, credentials: &Credentials) -> Result<Found, CallError> {
    let (platform, customer) = (thread.channel(), &thread.key.customer);
    let graph = inner.graph().urgent(Urgency::Background);
    let given = match graph.profile(credentials, platform, customer).await {
        Ok(profile) => {
            if let Some(name) = profile.display_name() {
                return Ok(Found { name: Some(name), given: Some(true) });
            }
            None
        }
        Err(error) if is_ordinary(&error) => refuses_names(&error).then_some(false),
        Err(error) => return Err(error),
    };
    let account = &thread.key.account;
    let page = inner.page_of(account).await.unwrap_or_else(|_| account.clone());
    let found = graph.conversation_with(credentials, &page, platform, customer, "participants").await?;
    let participant = found.as_ref().and_then(|conversation| conversation.customer(account));
    let name =
        participant.and_then(|participant| participant.name.clone().or_else(|| participant.username.clone()));
    Ok(Found { name, given })
}

/// Whether Meta gives no profile of this customer, and asking again soon would change nothing.
pub(super) fn is_ordinary(error: &CallError) -> bool {
    matches!(
        error.class(),
        Some(
            ErrorClass::ProfileUnavailable
                | ErrorClass::ProfilesNotAllowed
                | ErrorClass::PersonUnknown
                | ErrorClass::ObjectMissing
                | ErrorClass::PermissionMissing
                | ErrorClass::BadRequest
        )
    )
}

async fn tell(inner: &Inner, thread: &ThreadRow, name: String) -> Result<(), StoreError> {
    let command = Command::NameCustomer { customer: thread.key.customer.clone(), name, by_hand: false };
    inner.tell(&LogName::Account(thread.key.account.clone()), command).await
}
