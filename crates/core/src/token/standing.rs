//! What this desk's Page tokens are worth: the relay is shown each once, and asks Meta about it once a day.
//!
//! ```text
//!   kept ──▶ shown to the relay ──┬─ registered ──▶ a day, or somebody's token died ──▶ shown again
//!              ▲                  ├─ of no use ──▶ dead: the account must be connected again
//!              └───── pause ◀─────┴─ relay or Meta away
//! ```
//!
//! It is durable: what is not registered yet stands in the store. A report on the token before, which still waits for the
//! relay, goes first: it would be taken for one on the new token. Meta wants stored tokens checked daily (docs/meta.md 1.4),
//! and a token that died is told without any call that failed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_graph::Credentials;
use baton_messenger::AccountId;
use baton_protocol::LogName;
use baton_protocol::command::Command;
use baton_protocol::token::TokenRegistered;
use secrecy::SecretString;

use crate::backoff::{Backoff, random};
use crate::clock::until_boot;
use crate::desk::Token;
use crate::desk::inner::Inner;
use crate::store::{StoreError, TokenRow};

/// How long what Meta said of a token is good, milliseconds of Meta's clock.
const GOOD_FOR_MS: i64 = 24 * 60 * 60 * 1000;
/// A key store that does not open, and a queue that is not empty, are looked at again after this, milliseconds.
const SOON_MS: i64 = 2_000;
/// The store failed: after this, milliseconds.
const AGAIN_MS: i64 = 60_000;

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = watch(&inner) => {}
    }
}

async fn watch(inner: &Inner) {
    let mut watch = Watch { inner, pauses: BTreeMap::new(), doubted: BTreeSet::new() };
    loop {
        let looked_ms = inner.boot_ms();
        let wait_ms = watch.look().await.unwrap_or_else(|error| {
            tracing::debug!(%error, "Page tokens could not be looked at");
            AGAIN_MS
        });
        tokio::select! {
            () = inner.wake_tokens.notified() => {}
            () = until_boot(&*inner.clock, looked_ms.saturating_add(wait_ms)) => {}
        }
    }
}

struct Watch<'a> {
    inner: &'a Inner,
    /// Accounts whose token could not be shown: when again, milliseconds of the boot clock.
    pauses: BTreeMap<AccountId, (i64, Backoff)>,
    /// Accounts of which the team says that a token died, and whose own was checked because of that.
    doubted: BTreeSet<AccountId>,
}

impl Watch<'_> {
    /// Shows what is due. Returns after how long to look again, milliseconds.
    async fn look(&mut self) -> Result<i64, StoreError> {
        let mut wait_ms = GOOD_FOR_MS;
        for access in self.inner.store.access().await? {
            wait_ms = wait_ms.min(self.look_at(&access.account).await?);
        }
        Ok(wait_ms)
    }

    async fn look_at(&mut self, account: &AccountId) -> Result<i64, StoreError> {
        let token = match self.inner.tokens.of(account).await {
            Token::Alive(token) => token,
            Token::Locked(_) => return Ok(SOON_MS),
            Token::Missing | Token::Dead => return Ok(GOOD_FOR_MS),
        };
        let row = self.row(account).await?;
        let is_doubted = self.is_doubted(account).await?;
        let left_ms = self.good_for_ms(&row);
        if left_ms > 0 && !is_doubted {
            return Ok(left_ms);
        }
        let now_ms = self.inner.boot_ms();
        if let Some((until_ms, _)) = self.pauses.get(account).filter(|(until_ms, _)| *until_ms > now_ms) {
            return Ok(until_ms - now_ms);
        }
        if self.inner.store.queues_token_report(account).await? {
            self.inner.wake_commands.notify_one();
            return Ok(SOON_MS);
        }
        let wait_ms = self.show(account, &token, &row).await?;
        if wait_ms.is_none() && is_doubted {
            self.doubted.insert(account.clone());
        }
        Ok(wait_ms.unwrap_or(GOOD_FOR_MS))
    }

    /// What is known of a token; a token of an earlier version of this program has no row yet.
    async fn row(&self, account: &AccountId) -> Result<TokenRow, StoreError> {
        if let Some(row) = self.inner.store.token_row(account).await? {
            return Ok(row);
        }
        self.inner.store.token_comes(account, self.inner.meta_now().ms).await?;
        self.inner.store.token_row(account).await?.ok_or(StoreError::Missing("Page token"))
    }

    /// How long nothing needs to be asked about it, milliseconds; none left when it was never registered.
    fn good_for_ms(&self, row: &TokenRow) -> i64 {
        let Some(facts) = row.facts.as_ref().filter(|_| row.is_registered) else { return 0 };
        facts.checked_ms.saturating_add(GOOD_FOR_MS).saturating_sub(self.inner.meta_now().ms)
    }

    /// Whether a desk found its token dead since this one's was last asked about: it may be the same, or of the same
    /// person. The token of an Instagram account is a token of its Page, so that what happened to the Page's counts too.
    async fn is_doubted(&mut self, account: &AccountId) -> Result<bool, StoreError> {
        let page = self.inner.page_of(account).await?;
        if !self.died_somewhere(account).await? && !self.died_somewhere(&page).await? {
            self.doubted.remove(account);
            return Ok(false);
        }
        Ok(!self.doubted.contains(account))
    }

    /// Whether the last that the team heard of an account's token is that Meta refused one.
    async fn died_somewhere(&self, account: &AccountId) -> Result<bool, StoreError> {
        let known = self.inner.store.account(account).await?;
        Ok(known.and_then(|row| row.token_alive) == Some(false))
    }

    /// Shows a token to the relay. Returns after how long to try again, milliseconds; none when it is settled.
    async fn show(
        &mut self,
        account: &AccountId,
        token: &SecretString,
        row: &TokenRow,
    ) -> Result<Option<i64>, StoreError> {
        let Some(relay) = self.inner.relay() else { return Ok(Some(SOON_MS)) };
        match relay.register_token(account, token).await {
            Ok(facts) => {
                self.pauses.remove(account);
                self.registered(account, row, &facts).await?;
                Ok(None)
            }
            Err(error) if error.is_token_refused() => {
                tracing::warn!(%account, %error, "the relay found the Page token of no use");
                self.inner.token_died(account, &Credentials::of(token)).await?;
                Ok(None)
            }
            Err(error) => {
                tracing::debug!(%account, %error, "the Page token could not be shown to the relay");
                let now_ms = self.inner.boot_ms();
                let pause =
                    self.pauses.entry(account.clone()).or_insert((now_ms, Backoff::new(1_000, 30_000)));
                let wait_ms = pause.1.fail(random());
                pause.0 = now_ms.saturating_add(wait_ms);
                Ok(Some(wait_ms))
            }
        }
    }

    async fn registered(
        &self,
        account: &AccountId,
        row: &TokenRow,
        facts: &TokenRegistered,
    ) -> Result<(), StoreError> {
        let inner = self.inner;
        let now_ms = inner.meta_now().ms;
        if !inner.store.token_registered(account, row.generation, now_ms, facts).await? {
            // Another one came meanwhile, and is looked at next.
            inner.wake_tokens.notify_one();
            return Ok(());
        }
        inner.notices.accounts();
        inner.history.wake_leases.notify_one();
        let is_new = !row.is_registered;
        let was_dead = inner.store.account(account).await?.and_then(|row| row.token_alive) == Some(false);
        if is_new && was_dead {
            inner.tell(&LogName::Account(account.clone()), Command::ReportToken { alive: true }).await?;
        }
        inner.hand_out.of(account, is_new);
        Ok(())
    }
}
