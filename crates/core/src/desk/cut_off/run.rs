//! The loop that removes and tells.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use baton_messenger::{AccountId, Words};
use baton_protocol::error::ErrorCode;

use super::{CutOffStage, Record};
use crate::backoff::{Backoff, random};
use crate::clock::until_boot;
use crate::desk::inner::{Inner, lock};
use crate::keys::{KeyName, KeyStoreError};
use crate::media::MediaError;
use crate::relay_client::{RelayAddress, RelayClient, RelayError};
use crate::store::{Enrolment, OnlyHere, StoreError};
use crate::sync::SyncStatus;

/// The first and the longest pause before what failed is tried again, milliseconds.
const FIRST_PAUSE_MS: i64 = 1_000;
const LONGEST_PAUSE_MS: i64 = 600_000;

/// Why it goes no further at present.
#[derive(Debug, thiserror::Error)]
enum HeldUp {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    #[error(transparent)]
    Relay(#[from] RelayError),
}

impl HeldUp {
    fn words(&self) -> Words {
        match self {
            Self::Store(error) => error.words(),
            Self::Media(error) => error.agent_words(),
            Self::Keys(error) => error.agent_words(),
            Self::Relay(error) => error.agent_words(),
        }
    }
}

/// Runs until the desk stops.
pub(in super::super) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = go_on(&inner) => {}
    }
}

async fn go_on(inner: &Inner) {
    let mut backoff = Backoff::new(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    loop {
        if inner.cut_offs.was_heard.swap(false, Ordering::SeqCst) {
            begin(inner).await;
        }
        let done = match inner.cut_offs.stage() {
            None | Some(CutOffStage::Told) => {
                inner.cut_offs.wake.notified().await;
                continue;
            }
            Some(CutOffStage::Removing) => remove(inner).await,
            Some(CutOffStage::Removed) => tell(inner).await,
        };
        let held_up = done.err();
        *lock(&inner.cut_offs.held_up) = held_up.as_ref().map(HeldUp::words);
        inner.notices.accounts();
        let Some(error) = held_up else {
            backoff.succeed();
            continue;
        };
        tracing::warn!(%error, "a desk that was cut off waits");
        let until = inner.boot_ms().saturating_add(backoff.fail(random()));
        tokio::select! {
            () = inner.cut_offs.wake.notified() => {}
            () = until_boot(&*inner.clock, until) => {}
        }
    }
}

/// From here on a crash goes on with the removal. Nothing to do for a desk that is none any more.
async fn begin(inner: &Inner) {
    let enrolment = match inner.store.enrolment().await {
        Ok(Some(enrolment)) => enrolment,
        Ok(None) => return,
        Err(error) => {
            // The relay says it again at the next start, and then the file is another one.
            tracing::warn!(%error, "a desk that was cut off cannot read its own file");
            return;
        }
    };
    tracing::warn!("this desk was cut off: everything that it holds is removed");
    inner.cut_offs.keep(record_of(inner, enrolment).await).await;
    inner.notices.accounts();
}

/// What is worth knowing once nothing is left.
async fn record_of(inner: &Inner, enrolment: Enrolment) -> Record {
    let OnlyHere { drafts, replies } = inner.store.only_here().await.unwrap_or_default();
    Record {
        relay: enrolment.relay,
        workspace: enrolment.workspace,
        agent_name: enrolment.agent_name,
        drafts,
        replies,
        accounts: accounts(inner).await.unwrap_or_default(),
        ..Record::begun()
    }
}

/// Every account of which there may be a Page token.
async fn accounts(inner: &Inner) -> Result<Vec<AccountId>, StoreError> {
    let may_read = inner.store.access().await?.into_iter().map(|access| access.account);
    let known = inner.store.accounts().await?.into_iter().map(|account| account.account);
    let all: BTreeSet<AccountId> = may_read.chain(known).collect();
    Ok(all.into_iter().collect())
}

/// Removes rows, index, files and secrets. What works is done, whatever of it does not.
async fn remove(inner: &Inner) -> Result<(), HeldUp> {
    let _removing = inner.cut_offs.removing.lock().await;
    let Some(mut record) = lock(&inner.cut_offs.known).clone() else { return Ok(()) };
    if !record.is_whole()
        && let Some(enrolment) = inner.store.enrolment().await?
    {
        record = record_of(inner, enrolment).await;
        inner.cut_offs.keep(record.clone()).await;
    }
    forget_relay(inner);
    let store = inner.store.empty().await;
    let media = inner.media.empty().await;
    let keys = forget_secrets(inner, &record.accounts).await;
    forget_what_is_in_memory(inner);
    store?;
    media?;
    keys?;
    inner.prover.forget().await?;
    record.stage = CutOffStage::Removed;
    record.accounts.clear();
    inner.cut_offs.keep(record).await;
    inner.set_sync_status(SyncStatus::Idle);
    inner.notices.lists(inner.store.version());
    Ok(())
}

/// Nothing more is asked of the relay or of Meta in the name of this desk.
fn forget_relay(inner: &Inner) {
    inner.relay.send_replace(None);
    *lock(&inner.me) = None;
    *lock(&inner.locked) = None;
}

/// The token for the last call keeps another name, so that it is in the way of no new enrolment.
async fn forget_secrets(inner: &Inner, accounts: &[AccountId]) -> Result<(), KeyStoreError> {
    let forgotten = async {
        for account in accounts {
            inner.tokens.forget(account).await?;
        }
        inner.keys.delete(&KeyName::DeskPrivateKey).await?;
        if let Some(token) = inner.keys.get(&KeyName::DeskToken).await? {
            inner.keys.set(&KeyName::CutOffToken, &token).await?;
            inner.keys.delete(&KeyName::DeskToken).await?;
        }
        Ok(())
    };
    forgotten.await
}

fn forget_what_is_in_memory(inner: &Inner) {
    *lock(&inner.relay_said) = None;
    lock(&inner.heads).clear();
    lock(&inner.lacked_most).clear();
    lock(&inner.last_webhook_ms).clear();
    lock(&inner.unnamed).clear();
    lock(&inner.owner_read).clear();
    lock(&inner.control_acts).clear();
    lock(&inner.roles_asked).clear();
    lock(&inner.hand_backs).clear();
    *lock(&inner.shown) = Default::default();
    inner.alerts_forget();
}

/// Tells the relay that nothing is left. One that does not know this desk, or does not hold it for cut off any more, waits for
/// no word of it.
async fn tell(inner: &Inner) -> Result<(), HeldUp> {
    let Some(record) = lock(&inner.cut_offs.known).clone() else { return Ok(()) };
    let address: Option<RelayAddress> = record.relay.parse().ok();
    if let (Some(token), Some(address)) = (inner.keys.get(&KeyName::CutOffToken).await?, address) {
        match RelayClient::new(address, token)?.wiped().await {
            Ok(()) | Err(RelayError::UnknownDesk) => {}
            Err(RelayError::Refused(body)) if body.code == ErrorCode::NotAllowed => {}
            Err(error) => return Err(error.into()),
        }
    }
    inner.keys.delete(&KeyName::CutOffToken).await?;
    // It may have joined anew while the relay was asked.
    let joined_anew = lock(&inner.cut_offs.known).as_ref().is_some_and(|known| known.joined_anew);
    if joined_anew {
        inner.cut_offs.forget().await;
    } else {
        inner.cut_offs.keep(Record { stage: CutOffStage::Told, ..record }).await;
    }
    Ok(())
}
