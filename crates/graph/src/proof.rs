//! Proofs for calls about an account: asked for where the account needs them, and kept until near their end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use baton_messenger::id::AccountId;
use baton_messenger::limits::PROOF_LIFE_MS;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::credentials::AppsecretProof;
use crate::pace::BootClock;

/// A proof is replaced so long before its end, milliseconds: the call must arrive before it, and clocks differ a little.
const RESERVE_MS: i64 = 60_000;

/// Makes proofs: the relay, which alone has the app secret.
#[async_trait]
pub trait Prover: Send + Sync {
    /// Whether the app refuses calls about this account that carry none. Where this is not known, say no: a refusal tells.
    fn is_required(&self, account: &AccountId) -> bool;

    /// A fresh proof for the token of this account.
    async fn prove(&self, account: &AccountId, token: &SecretString) -> Result<AppsecretProof, NoProof>;
}

/// Why there is no proof now. The text holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no proof could be had: {0}")]
pub struct NoProof(pub String);

/// The proofs of a client and its clones.
pub(crate) struct Proofs {
    prover: Arc<dyn Prover>,
    clock: Arc<dyn BootClock>,
    /// Accounts of which Meta said that it wants a proof.
    wanted: Mutex<BTreeSet<AccountId>>,
    kept: Mutex<BTreeMap<AccountId, Arc<Place>>>,
}

/// One account's proof. Its lock is held while a proof is asked for, so that many calls ask once.
type Place = tokio::sync::Mutex<Option<Kept>>;

struct Kept {
    token: SecretString,
    proof: AppsecretProof,
    until_boot_ms: i64,
}

impl Proofs {
    pub(crate) fn new(prover: Arc<dyn Prover>, clock: Arc<dyn BootClock>) -> Self {
        Self { prover, clock, wanted: Mutex::default(), kept: Mutex::default() }
    }

    /// The proof that a call must carry; `None` when it needs none.
    pub(crate) async fn of(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<Option<AppsecretProof>, NoProof> {
        if !self.prover.is_required(account) && !lock(&self.wanted).contains(account) {
            return Ok(None);
        }
        let place = self.place(account);
        let mut kept = place.lock().await;
        let now_ms = self.clock.boot_ms();
        if let Some(kept) = kept.as_ref()
            && kept.until_boot_ms > now_ms
            && kept.token.expose_secret() == token.expose_secret()
        {
            return Ok(Some(kept.proof.clone()));
        }
        let proof = self.prover.prove(account, token).await?;
        let until_boot_ms = now_ms.saturating_add(PROOF_LIFE_MS - RESERVE_MS);
        *kept = Some(Kept { token: token.clone(), proof: proof.clone(), until_boot_ms });
        Ok(Some(proof))
    }

    /// Meta refused a call because it had no proof, or not the right one. True when a proof was not sent before, so that
    /// the same call may work with one.
    pub(crate) async fn refused(&self, account: &AccountId, had_one: bool) -> bool {
        lock(&self.wanted).insert(account.clone());
        *self.place(account).lock().await = None;
        !had_one
    }

    fn place(&self, account: &AccountId) -> Arc<Place> {
        Arc::clone(lock(&self.kept).entry(account.clone()).or_default())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
