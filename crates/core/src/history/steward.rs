//! The loop that keeps leases: asked for while there is a token, renewed, given back.
//!
//! ```text
//!   account connected, token here and registered ──▶ asked ──┬─ ours ──▶ renewed every 20 s, with how far the history is
//!                                                    ▲       ├─ another's ──▶ asked again when that would end
//!                                                    └───────┴─ no token, relay away ──▶ after a pause
//! ```
//!
//! A lease counts from the moment before it was asked for, so that this desk never takes itself for the steward for longer
//! than the relay does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_graph::Pace;
use baton_messenger::AccountId;
use baton_protocol::error::ErrorCode;
use baton_protocol::lease::{
    HistoryProgress, HistoryState, HistoryWait, LEASE_MS, LeaseAsked, RENEW_EVERY_MS,
};

use super::{History, Lease};
use crate::backoff::random;
use crate::clock::until_boot;
use crate::desk::inner::{Inner, lock};
use crate::relay_client::{RelayClient, RelayError};
use crate::store::StoreError;

/// The relay is away, or could not be asked: after this, milliseconds.
const SOON_MS: i64 = 3_000;
/// A relay that knows no leases is asked again after this, milliseconds.
const OLD_RELAY_MS: i64 = 5 * 60_000;
/// How long a desk that quits waits for the relay.
const QUIT: Duration = Duration::from_secs(2);

/// Keeps leases until the desk stops.
pub(crate) async fn keep_leases(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = keep(&inner) => {}
    }
}

async fn keep(inner: &Inner) {
    let mut due: BTreeMap<AccountId, i64> = BTreeMap::new();
    loop {
        let looked_ms = inner.boot_ms();
        let wait_ms = look(inner, &mut due).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "leases could not be looked at");
            SOON_MS
        });
        tokio::select! {
            () = inner.history.wake_leases.notified() => {}
            () = until_boot(&*inner.clock, looked_ms.saturating_add(wait_ms)) => {}
        }
    }
}

/// Asks for each lease that is due. Returns after how long to look again, milliseconds.
async fn look(inner: &Inner, due: &mut BTreeMap<AccountId, i64>) -> Result<i64, StoreError> {
    let mut wait_ms = RENEW_EVERY_MS;
    let answers = inner.is_served();
    let Some(relay) = inner.relay().filter(|_| answers) else { return Ok(SOON_MS) };
    for access in inner.store.access().await? {
        let account = &access.account;
        if !may_ask(inner, account).await? {
            if inner.history.is_steward(account, inner.boot_ms()) {
                let _ = relay.give_lease_back(account).await;
            }
            inner.history.forget(account);
            due.remove(account);
            continue;
        }
        let now_ms = inner.boot_ms();
        let (progress, news_in_ms) = inner.history.to_tell(account, now_ms);
        let news_in_ms = news_in_ms.filter(|_| inner.history.is_steward(account, now_ms));
        let left_ms = due.get(account).map_or(0, |due| due.saturating_sub(now_ms));
        // News that may not be told yet is told as soon as it may, not with the next renewal.
        let left_ms = news_in_ms.map_or(left_ms, |news_ms| news_ms.min(left_ms));
        if left_ms > 0 {
            wait_ms = wait_ms.min(left_ms);
            continue;
        }
        let progress = progress.map(|told| with_pace(told, inner.graph().pace(account)));
        let again_ms = ask(inner, &relay, account, progress).await;
        due.insert(account.clone(), now_ms.saturating_add(again_ms));
        wait_ms = wait_ms.min(again_ms);
    }
    Ok(wait_ms)
}

/// Whether this desk could be the steward: only with a token that the relay was shown.
async fn may_ask(inner: &Inner, account: &AccountId) -> Result<bool, StoreError> {
    let connected = inner.store.account(account).await?.is_some_and(|row| row.connected);
    if !connected || inner.credentials(account).await.is_none() {
        return Ok(false);
    }
    Ok(inner.store.token_row(account).await?.is_some_and(|row| row.is_registered))
}

/// Returns after how long to ask again, milliseconds.
async fn ask(
    inner: &Inner,
    relay: &RelayClient,
    account: &AccountId,
    progress: Option<HistoryProgress>,
) -> i64 {
    let asked_ms = inner.boot_ms();
    let history = &inner.history;
    match relay.ask_lease(account, &LeaseAsked { progress: progress.clone() }).await {
        Ok(leased) if leased.yours => {
            if history.hold(account, asked_ms, leased.for_ms.min(LEASE_MS), false) {
                tracing::info!(%account, "this desk is the steward of the account");
                inner.wake_checks.notify_one();
                inner.history.wake.notify_one();
                inner.notices.accounts();
            }
            history.was_told(account, progress.as_ref(), asked_ms);
            RENEW_EVERY_MS
        }
        Ok(leased) => {
            if history.let_go(account) {
                inner.notices.accounts();
            }
            leased.for_ms.clamp(1_000, RENEW_EVERY_MS).saturating_add(jitter_ms())
        }
        Err(error) if is_of_before(&error) => {
            // What a steward checks is checked by each desk.
            history.hold(account, asked_ms, 2 * OLD_RELAY_MS, true);
            inner.wake_checks.notify_one();
            OLD_RELAY_MS
        }
        Err(error) => {
            tracing::debug!(%account, %error, "the lease could not be asked for");
            if error.is_token_refused() {
                history.let_go(account);
                return RENEW_EVERY_MS;
            }
            SOON_MS
        }
    }
}

/// Whether the relay is one of before, which knows no leases.
fn is_of_before(error: &RelayError) -> bool {
    match error {
        RelayError::NotARelay => true,
        RelayError::Refused(body) => body.code == ErrorCode::NoSuchLog,
        _ => false,
    }
}

fn jitter_ms() -> i64 {
    i64::try_from(random() % 2_000).unwrap_or(0)
}

/// A steward whose reads Meta's budget holds back waits, whatever it is at.
fn with_pace(told: HistoryProgress, pace: Pace) -> HistoryProgress {
    let for_ms = match pace {
        Pace::Throttled { for_ms } | Pace::SendsOnly { for_ms, .. } => for_ms,
        Pace::Free | Pace::Slow { .. } => return told,
    };
    if told.state != HistoryState::Reading {
        return told;
    }
    let state = HistoryState::Waiting { why: HistoryWait::Limit, for_ms: Some(for_ms) };
    HistoryProgress { state, ..told }
}

/// Gives every lease back, because this desk quits.
pub(crate) async fn give_all_back(inner: &Inner) {
    let held = inner.history.held(inner.boot_ms());
    let Some(relay) = inner.relay().filter(|_| !held.is_empty()) else { return };
    let give = async {
        for account in held {
            inner.history.let_go(&account);
            let _ = relay.give_lease_back(&account).await;
        }
    };
    // A relay that does not answer ends the leases by itself.
    let _ = tokio::time::timeout(QUIT, give).await;
}

impl History {
    /// The lease is this desk's until then. True when it was not before.
    fn hold(&self, account: &AccountId, asked_ms: i64, for_ms: i64, is_without_relay: bool) -> bool {
        let mut leases = lock(&self.leases);
        let known = leases.get(account).filter(|lease| lease.until_boot_ms > asked_ms);
        let since_boot_ms = known.map_or(asked_ms, |lease| lease.since_boot_ms);
        let is_new = known.is_none();
        let until_boot_ms = asked_ms.saturating_add(for_ms);
        leases.insert(account.clone(), Lease { since_boot_ms, until_boot_ms, is_without_relay });
        is_new
    }

    /// The lease is not this desk's. True when it was.
    pub(crate) fn let_go(&self, account: &AccountId) -> bool {
        lock(&self.own).remove(account);
        lock(&self.leases).remove(account).is_some()
    }

    fn held(&self, boot_ms: i64) -> Vec<AccountId> {
        let leases = lock(&self.leases);
        let held =
            leases.iter().filter(|(_, lease)| lease.until_boot_ms > boot_ms && !lease.is_without_relay);
        held.map(|(account, _)| account.clone()).collect()
    }
}
