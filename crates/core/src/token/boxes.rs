//! A box with a Page token from an admin's desk: taken once, opened, checked with Meta like a token that was pasted, kept.
//!
//! ```text
//!   a box waits ──▶ key store opens? ──▶ taken ──▶ opened, ours? ──▶ key store (not tried yet)
//!                                                                        │
//!                     thrown away ◀── of no use ── asked Meta ◀──────────┤ also after a restart
//!                                                      │ away: pause ────┘
//!                                                      └─ serves ──▶ kept in the place of the one before
//! ```
//!
//! The relay gives a box out once, so the token is in the key store before anything else is asked. Nothing that a box says
//! is believed: the relay that carried it could have put another in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use baton_messenger::AccountId;
use baton_protocol::token::{BoxTaken, BoxedToken};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;

use crate::account::ConnectError;
use crate::backoff::{Backoff, random};
use crate::clock::until_boot;
use crate::desk::inner::{Inner, lock};
use crate::desk::{DeskError, Token};
use crate::keys::{KeyName, KeyStoreError};
use crate::store::StoreError;

/// When nothing says so, whether something waits in the key store is looked at again after this, milliseconds.
const EVERY_MS: i64 = 60 * 60 * 1000;

/// Accounts for which a box waits at the relay.
#[derive(Debug, Default)]
pub(crate) struct Boxes {
    waiting: Mutex<BTreeSet<AccountId>>,
    wake: Notify,
}

impl Boxes {
    /// The relay said that one waits.
    pub(crate) fn waits(&self, account: AccountId) {
        lock(&self.waiting).insert(account);
        self.wake.notify_one();
    }

    /// What could not be done before may work now.
    pub(crate) fn try_again(&self) {
        self.wake.notify_one();
    }
}

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = serve(&inner) => {}
    }
}

async fn serve(inner: &Inner) {
    let mut backoff = Backoff::new(1_000, 60_000);
    loop {
        let wait_ms = match serve_all(inner).await {
            Ok(true) => {
                backoff.succeed();
                EVERY_MS
            }
            Ok(false) => backoff.fail(random()),
            Err(error) => {
                tracing::debug!(%error, "boxes could not be looked at");
                backoff.fail(random())
            }
        };
        let until_ms = inner.boot_ms().saturating_add(wait_ms);
        tokio::select! {
            () = inner.boxes.wake.notified() => {}
            () = until_boot(&*inner.clock, until_ms) => {}
        }
    }
}

/// True when nothing is left to be tried again.
async fn serve_all(inner: &Inner) -> Result<bool, StoreError> {
    let mut is_done = true;
    for access in inner.store.access().await? {
        is_done &= take(inner, &access.account).await && try_taken(inner, &access.account).await;
    }
    // An account that this desk lost has no box any more.
    let access: BTreeMap<_, _> =
        inner.store.access().await?.into_iter().map(|mine| (mine.account, ())).collect();
    lock(&inner.boxes.waiting).retain(|account| access.contains_key(account));
    Ok(is_done)
}

/// Takes the box of an account, if one waits. False when that has to be tried again.
async fn take(inner: &Inner, account: &AccountId) -> bool {
    if !lock(&inner.boxes.waiting).contains(account) {
        return true;
    }
    // Both halves of what follows need the key store, and the box is given out once.
    let private_key = match opens(inner).await {
        Ok(Some(key)) => key,
        Ok(None) => {
            tracing::warn!(%account, "a box waits, and this desk has no key to open it with");
            lock(&inner.boxes.waiting).remove(account);
            return true;
        }
        Err(error) => {
            tracing::debug!(%account, %error, "a box waits until the key store opens");
            return false;
        }
    };
    let Some(relay) = inner.relay() else { return false };
    match relay.take_box(account).await {
        Ok(taken) => {
            lock(&inner.boxes.waiting).remove(account);
            match taken.and_then(|taken| open(inner, account, &taken, &private_key)) {
                Some(token) => keep_untried(inner, account, &token).await,
                None => true,
            }
        }
        Err(error) => {
            tracing::debug!(%account, %error, "a box could not be taken");
            !error.may_work_later()
        }
    }
}

/// The desk's private key, when the key store gives secrets out and takes them.
async fn opens(inner: &Inner) -> Result<Option<SecretString>, KeyStoreError> {
    let key = inner.keys.get(&KeyName::DeskPrivateKey).await?;
    inner.keys.set(&KeyName::Trial, &SecretString::from("trial")).await?;
    inner.keys.delete(&KeyName::Trial).await?;
    Ok(key)
}

/// The token in a box, if the box is for this desk and this account.
fn open(
    inner: &Inner,
    account: &AccountId,
    taken: &BoxTaken,
    private_key: &SecretString,
) -> Option<SecretString> {
    let content: BoxedToken = match taken.sealed.open(private_key.expose_secret()) {
        Ok(content) => content,
        Err(error) => {
            tracing::warn!(%account, from = %taken.from, %error, "a box did not open");
            return None;
        }
    };
    let is_ours = inner.me().is_some_and(|me| me.desk == content.desk) && content.account == *account;
    if !is_ours || !content.token.is_well_formed() {
        tracing::warn!(%account, from = %taken.from, is_ours, "a box holds what is not for this desk and account");
        return None;
    }
    Some(SecretString::from(content.token.expose().to_owned()))
}

async fn keep_untried(inner: &Inner, account: &AccountId, token: &SecretString) -> bool {
    let kept = inner.keys.set(&KeyName::BoxedToken(account.clone()), token).await;
    if let Err(error) = kept {
        tracing::warn!(%account, %error, "the key store took no token from a box: an admin's desk will leave another");
    }
    true
}

/// Tries the token that came in a box for this account, if there is one. False when it has to be tried again.
async fn try_taken(inner: &Inner, account: &AccountId) -> bool {
    let name = KeyName::BoxedToken(account.clone());
    let token = match inner.keys.get(&name).await {
        Ok(Some(token)) => token,
        Ok(None) => return true,
        Err(_) => return false,
    };
    let is_known = matches!(inner.tokens.of(account).await, Token::Alive(known)
        if known.expose_secret() == token.expose_secret());
    if !is_known {
        match inner.adopt_token(account, &token).await {
            Ok(()) => tracing::info!(%account, "the Page token came in a box"),
            Err(error) if may_pass(&error) => {
                tracing::debug!(%account, %error, "a token from a box could not be tried yet");
                return false;
            }
            Err(error) => tracing::warn!(%account, %error, "a token from a box is of no use"),
        }
    }
    if let Err(error) = inner.keys.delete(&name).await {
        tracing::debug!(%account, %error, "a token from a box stays in the key store for now");
    }
    true
}

/// Whether the same token may serve later without anybody doing anything about it.
fn may_pass(error: &DeskError) -> bool {
    match error {
        DeskError::Connect(ConnectError::MetaUnreachable(_) | ConnectError::KeyStore(_))
        | DeskError::KeyStore(_)
        | DeskError::Store(_)
        | DeskError::NotEnrolled => true,
        DeskError::Relay(error) | DeskError::Connect(ConnectError::Relay(error)) => error.may_work_later(),
        _ => false,
    }
}
