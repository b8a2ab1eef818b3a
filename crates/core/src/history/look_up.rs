//! The loop around [`super::announced`]: the account's steward reads each message that was announced and that nothing told of,
//! and appends it to the log as a page of its own, so that every desk gets it and nobody else asks Meta.
//!
//! A supervisor who pauses the history pauses passes, not this: here a customer has just written. It goes like a thread that
//! an agent opens, before the history and after replies in doubt.

use std::sync::Arc;

use baton_graph::{CallError, Credentials, Urgency};
use baton_messenger::{AccountId, Mid};
use baton_protocol::LogName;
use baton_protocol::command::Command;

use super::page::{self, Origin};
use crate::clock::next_look;
use crate::desk::inner::{Inner, lock, request};
use crate::store::{StoreError, ThreadKey};
use crate::sync::SyncStatus;

/// Looks messages up until the desk stops.
pub(crate) async fn look_up(inner: Arc<Inner>) {
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.history.wake_announced.notified() => {}
            () = tokio::time::sleep(next_look(&*inner.clock)) => {}
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            looked = look(&inner) => if let Err(error) = looked {
                tracing::debug!(%error, "announced messages could not be looked at");
            }
        }
    }
}

async fn look(inner: &Inner) -> Result<(), StoreError> {
    let due = lock(&inner.history.announced).due(inner.boot_ms());
    for (account, mid) in due {
        // What is known is judged against the log, and only the steward may append.
        let is_whole = matches!(inner.sync_status(), SyncStatus::Live { .. });
        if !is_whole || !inner.history.may_look_up(&account, inner.boot_ms()) {
            continue;
        }
        let looked = look_at(inner, &account, &mid).await?;
        let mut announced = lock(&inner.history.announced);
        match looked {
            Looked::Done => announced.done(&account, &mid),
            Looked::InVain { wait_ms } => announced.in_vain(&account, &mid, wait_ms, inner.boot_ms()),
        }
    }
    Ok(())
}

/// What became of a look.
enum Looked {
    /// It is in the log, whoever put it there.
    Done,
    /// Not now.
    InVain {
        /// How long Meta gives nothing, milliseconds, where that is known.
        wait_ms: Option<i64>,
    },
}

async fn look_at(inner: &Inner, account: &AccountId, mid: &Mid) -> Result<Looked, StoreError> {
    if inner.store.is_told_by_webhook(account, mid).await? {
        return Ok(Looked::Done);
    }
    let vain = Looked::InVain { wait_ms: None };
    let (Some(me), Some(credentials)) = (inner.me(), inner.credentials(account).await) else {
        return Ok(vain);
    };
    let asked_ms = inner.meta_now().ms;
    let message = match inner.graph().urgent(Urgency::Opening).message(&credentials, mid).await {
        Ok(message) => message,
        Err(error) => return failed(inner, account, &credentials, &error).await,
    };
    // Meta gives a message that is too old, or not there yet, without what it says.
    let is_whole = message.id.as_ref() == Some(mid) && message.from.is_some() && message.created_ms.is_some();
    let customer = page::customer_of(std::slice::from_ref(&message), account);
    let Some(customer) = customer.filter(|_| is_whole) else { return Ok(vain) };
    let key = ThreadKey { account: account.clone(), customer: customer.clone() };
    let known = inner.store.logged_messages(&key, &[mid]).await?;
    let party = message.from.as_ref().filter(|party| !party.is_account(account));
    let origin = Origin {
        customer,
        // Nobody asks for more of the thread here.
        conversation: String::new(),
        name: party.and_then(|party| party.name.clone().or_else(|| party.username.clone())),
        desk: me.desk,
        asked_ms,
    };
    for page in page::alone(&origin, message, &known) {
        let command = Command::AppendAudit { page: Box::new(page) };
        if let Err(error) = inner.ask(&LogName::Account(account.clone()), &request(command)).await {
            tracing::info!(%account, %error, "the relay did not take a message that was looked up");
            if !error.passes_by_itself() {
                // Another desk is the steward, or this one lost the account.
                inner.history.let_go(account);
                inner.history.wake_leases.notify_one();
            }
            return Ok(vain);
        }
    }
    Ok(Looked::Done)
}

async fn failed(
    inner: &Inner,
    account: &AccountId,
    used: &Credentials,
    error: &CallError,
) -> Result<Looked, StoreError> {
    if error.is_dead_token() {
        inner.token_died(account, used).await?;
    }
    tracing::debug!(%account, %error, "an announced message was not given");
    Ok(Looked::InVain { wait_ms: error.wait_ms() })
}
