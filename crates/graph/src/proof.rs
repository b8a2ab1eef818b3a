//! Proofs for calls about an account: asked for where the account needs them, and kept until near their end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use baton_messenger::Words;
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

    /// Meta refused a call about this account for want of a proof. The client keeps to that as long as it lives; a prover
    /// may remember it for longer.
    fn learn_required(&self, _account: &AccountId) {}
}

/// Why there is no proof. The texts hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoProof {
    /// Nobody makes one at this moment; that passes.
    #[error("no proof could be had: {0}")]
    NotNow(String),
    /// None is made for this token, now or later: why, for people.
    #[error("no proof is made for this token: {}", .0.what)]
    NotForThisToken(Words),
}

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

/// A proof on a call.
pub(crate) struct Carried {
    pub(crate) proof: AppsecretProof,
    /// Made for this very call, and not kept from an earlier one.
    pub(crate) is_fresh: bool,
}

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
    ) -> Result<Option<Carried>, NoProof> {
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
            return Ok(Some(Carried { proof: kept.proof.clone(), is_fresh: false }));
        }
        let proof = self.prover.prove(account, token).await?;
        let until_boot_ms = now_ms.saturating_add(PROOF_LIFE_MS - RESERVE_MS);
        *kept = Some(Kept { token: token.clone(), proof: proof.clone(), until_boot_ms });
        Ok(Some(Carried { proof, is_fresh: true }))
    }

    /// Meta refused a call because it had no proof, or not the right one. True when the same call may work with another:
    /// it had none, or a kept one, which ends early where clocks disagree. A fresh one that is refused stays refused.
    pub(crate) async fn refused(&self, account: &AccountId, carried: Option<&Carried>) -> bool {
        if lock(&self.wanted).insert(account.clone()) {
            self.prover.learn_required(account);
        }
        *self.place(account).lock().await = None;
        carried.is_none_or(|carried| !carried.is_fresh)
    }

    fn place(&self, account: &AccountId) -> Arc<Place> {
        Arc::clone(lock(&self.kept).entry(account.clone()).or_default())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
