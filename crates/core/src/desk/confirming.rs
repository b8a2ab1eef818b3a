//! Tells the relay that what had to be removed is gone: customers who were erased, and accounts that this desk lost.
//!
//! What it owes the relay knows, so nothing of that is kept here: it is asked whenever the stream opens and whenever something was
//! removed. Nothing is confirmed before it is so: the entry that erases was read in its place, and no row, no file, no key and
//! no old copy between the pages of the store is left.

use std::sync::Arc;
use std::time::Duration;

use baton_messenger::AccountId;
use baton_protocol::LogName;
use baton_protocol::people::{ErasureAt, Removals};

use super::inner::Inner;
use crate::keys::{KeyName, KeyStoreError};
use crate::relay_client::RelayError;
use crate::store::StoreError;

/// How often it is looked again while something is owed that is not gone yet.
const AGAIN: Duration = Duration::from_secs(5);

/// Why nothing could be confirmed.
#[derive(Debug, thiserror::Error)]
enum NotNow {
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut is_owed = false;
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.wake_confirming.notified() => {}
            () = tokio::time::sleep(AGAIN), if is_owed => {}
        }
        is_owed = match confirm(&inner).await {
            Ok(is_owed) => is_owed,
            // The relay is asked again when the stream opens.
            Err(NotNow::Relay(error)) => {
                tracing::debug!(%error, "what was removed could not be confirmed");
                false
            }
            Err(NotNow::Store(error)) => {
                tracing::warn!(%error, "whether something is removed cannot be read");
                true
            }
        };
    }
}

/// True when something is owed that is not gone yet.
async fn confirm(inner: &Inner) -> Result<bool, NotNow> {
    let Some(relay) = inner.relay() else { return Ok(false) };
    let owed = relay.owed().await?;
    if owed.is_empty() {
        return Ok(false);
    }
    if !inner.store.nothing_lingers().await? {
        return Ok(true);
    }
    let mut gone = Removals::default();
    for erasure in &owed.erasures {
        if is_erased(inner, erasure).await? {
            gone.erasures.push(erasure.clone());
        }
    }
    for account in &owed.accounts {
        if is_account_gone(inner, account).await? {
            gone.accounts.push(account.clone());
        }
    }
    if !gone.is_empty() {
        relay.gone(&gone).await?;
    }
    Ok(gone != owed)
}

/// The fact was read in its place: whatever comes later of the customer's past is silenced by it.
async fn is_erased(inner: &Inner, erasure: &ErasureAt) -> Result<bool, StoreError> {
    let cursor = inner.store.cursor(&LogName::Account(erasure.account.clone())).await?;
    Ok(cursor.is_some_and(|cursor| cursor.ranges.contains(erasure.seq)))
}

async fn is_account_gone(inner: &Inner, account: &AccountId) -> Result<bool, StoreError> {
    if inner.store.holds_any_of(account).await? {
        return Ok(false);
    }
    match forget_tokens(inner, account).await {
        Ok(()) => Ok(true),
        Err(error) => {
            tracing::warn!(%account, %error, "the key store does not say that the Page token is gone");
            Ok(false)
        }
    }
}

/// The key store may not have let go of them when the account was lost.
async fn forget_tokens(inner: &Inner, account: &AccountId) -> Result<(), KeyStoreError> {
    for name in [KeyName::PageToken(account.clone()), KeyName::BoxedToken(account.clone())] {
        if inner.keys.get(&name).await?.is_some() {
            inner.tokens.forget(account).await?;
        }
    }
    Ok(())
}
