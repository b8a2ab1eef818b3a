//! An admin's desk seals its Page token for desks of the team that have none that lives.
//!
//! ```text
//!   due: registered anew · somebody enrolled or got a role · a token died · stream opened · hourly
//!     └─▶ how do the tokens of the account's desks stand? ──▶ a box for each that needs one ──▶ relay
//! ```
//!
//! The relay's list says whether this desk's own token lives: one that was reported dead is never handed on. A token that
//! was just connected takes the place of whatever still waits in a box.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use baton_messenger::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::sealed::Sealed;
use baton_protocol::token::{BoxedToken, BoxesLeft, DeskBox, PageToken, TokenDesk, TokenStanding};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;

use crate::backoff::{Backoff, random};
use crate::clock::until_boot;
use crate::desk::inner::{Inner, Me, lock};
use crate::relay_client::{RelayClient, RelayError};
use crate::store::StoreError;

/// How often it is looked although nothing said so, milliseconds: for a box that got lost on its way.
const EVERY_MS: i64 = 60 * 60 * 1000;

/// Which accounts are due.
#[derive(Debug, Default)]
pub(crate) struct HandOut {
    due: Mutex<Due>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Due {
    everywhere: bool,
    /// Accounts that are due, and whether their token is new.
    accounts: BTreeMap<AccountId, bool>,
}

impl HandOut {
    /// Any account may have a desk without a token.
    pub(crate) fn everywhere(&self) {
        lock(&self.due).everywhere = true;
        self.wake.notify_one();
    }

    /// This account may; its token here is new when `is_new`.
    pub(crate) fn of(&self, account: &AccountId, is_new: bool) {
        *lock(&self.due).accounts.entry(account.clone()).or_default() |= is_new;
        self.wake.notify_one();
    }

    fn take(&self) -> Due {
        std::mem::take(&mut *lock(&self.due))
    }
}

/// Why nothing was handed out for now.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Store(#[from] StoreError),
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
    let mut backoff = Backoff::new(1_000, 300_000);
    let mut until_ms = inner.boot_ms().saturating_add(EVERY_MS);
    loop {
        tokio::select! {
            () = inner.hand_out.wake.notified() => {}
            () = until_boot(&*inner.clock, until_ms) => inner.hand_out.everywhere(),
        }
        let wait_ms = if serve_due(inner).await {
            backoff.succeed();
            EVERY_MS
        } else {
            backoff.fail(random())
        };
        until_ms = inner.boot_ms().saturating_add(wait_ms);
    }
}

/// Serves what is due. False when some of it has to be tried again.
async fn serve_due(inner: &Inner) -> bool {
    let mut due = inner.hand_out.take();
    if due.everywhere {
        match inner.store.access().await {
            Ok(access) => {
                for mine in access {
                    due.accounts.entry(mine.account).or_default();
                }
            }
            Err(error) => {
                tracing::debug!(%error, "it could not be read which accounts this desk has");
                return false;
            }
        }
    }
    let mut is_done = true;
    for (account, is_new) in due.accounts {
        if let Err(error) = serve_account(inner, &account, is_new).await {
            tracing::debug!(%account, %error, "the Page token could not be handed to other desks");
            let again = matches!(&error, Failed::Store(_))
                || matches!(&error, Failed::Relay(error) if error.may_work_later());
            if again {
                *lock(&inner.hand_out.due).accounts.entry(account).or_default() |= is_new;
                is_done = false;
            }
        }
    }
    is_done
}

async fn serve_account(inner: &Inner, account: &AccountId, is_new: bool) -> Result<(), Failed> {
    let (Some(me), Some(relay)) = (inner.me(), inner.relay()) else { return Ok(()) };
    let Some(token) = ours_to_hand_on(inner, account).await? else { return Ok(()) };
    let desks = relay.token_desks(account).await?.desks;
    match desks.iter().find(|desk| desk.desk == me.desk).map(|own| own.token) {
        Some(TokenStanding::Alive) => {}
        Some(TokenStanding::Dead) => {
            // Somebody who has the same one found it dead. The standing of ours asks Meta.
            inner.wake_tokens.notify_one();
            return Ok(());
        }
        Some(TokenStanding::Missing) | None => {
            // A relay that was set back to an earlier day.
            inner.store.token_unregistered(account).await?;
            inner.wake_tokens.notify_one();
            return Ok(());
        }
    }
    leave(&relay, &me, account, &token, &desks, is_new).await?;
    Ok(())
}

/// The token of an account that this desk may hand on: an admin's, alive, and known to the relay.
async fn ours_to_hand_on(inner: &Inner, account: &AccountId) -> Result<Option<SecretString>, StoreError> {
    let access = inner.store.access().await?;
    if !access.iter().any(|mine| mine.account == *account && mine.role == Role::Admin) {
        return Ok(None);
    }
    let is_registered = inner.store.token_row(account).await?.is_some_and(|row| row.is_registered);
    Ok(inner.tokens.of(account).await.usable().filter(|_| is_registered).cloned())
}

async fn leave(
    relay: &RelayClient,
    me: &Me,
    account: &AccountId,
    token: &SecretString,
    desks: &[TokenDesk],
    is_new: bool,
) -> Result<(), RelayError> {
    let needs = |desk: &&TokenDesk| {
        desk.desk != me.desk && if is_new { desk.token != TokenStanding::Alive } else { desk.needs_box() }
    };
    let boxes: Vec<DeskBox> =
        desks.iter().filter(needs).filter_map(|desk| sealed_for(desk, account, token)).collect();
    if boxes.is_empty() {
        return Ok(());
    }
    let told = relay.leave_boxes(account, &BoxesLeft { boxes }).await?;
    tracing::info!(%account, kept = told.kept.len(), refused = told.refused.len(), "the Page token was sealed for other desks");
    Ok(())
}

fn sealed_for(desk: &TokenDesk, account: &AccountId, token: &SecretString) -> Option<DeskBox> {
    let content = BoxedToken {
        account: account.clone(),
        desk: desk.desk,
        token: PageToken::new(token.expose_secret().to_owned()),
    };
    match Sealed::of(&content, &desk.public_key) {
        Ok(sealed) => Some(DeskBox { desk: desk.desk, public_key: desk.public_key.clone(), sealed }),
        Err(error) => {
            tracing::warn!(%account, desk = %desk.desk, %error, "the Page token could not be sealed for a desk");
            None
        }
    }
}
