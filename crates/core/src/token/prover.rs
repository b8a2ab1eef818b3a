//! Proofs of the app secret for this desk's calls (docs/meta.md 1.2), made by the relay.
//!
//! ```text
//!   Meta refuses for want of a proof ──▶ remembered ──▶ every call carries one, also after a restart
//!
//!   asked for ──▶ relay ──┬─ proof
//!                         ├─ does not know the token ──▶ shown to it once ──┬─ proof
//!                         │                                                 └─ of no use: never
//!                         └─ away ──▶ not now: calls wait
//! ```
//!
//! Whether an app requires proofs is a switch of the whole app, so one refusal tells it for every account.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use baton_graph::{AppsecretProof, NoProof, Prover};
use baton_messenger::AccountId;
use baton_protocol::token::TimedProof;
use secrecy::SecretString;
use tokio::sync::watch;

use crate::relay_client::{RelayClient, RelayError};
use crate::store::{Store, StoreError};

/// The setting under which it is remembered that proofs are required.
const SETTING: &str = "core.proof_required";

/// Gets proofs from the relay.
pub(crate) struct DeskProver {
    relay: watch::Receiver<Option<RelayClient>>,
    store: Store,
    is_required: AtomicBool,
    is_kept: AtomicBool,
}

impl DeskProver {
    /// With what an earlier run learned.
    pub(crate) async fn open(
        store: &Store,
        relay: watch::Receiver<Option<RelayClient>>,
    ) -> Result<Arc<Self>, StoreError> {
        let known = store.setting(SETTING).await?.is_some();
        Ok(Arc::new(Self {
            relay,
            store: store.clone(),
            is_required: AtomicBool::new(known),
            is_kept: AtomicBool::new(known),
        }))
    }

    /// Another relay serves another app, of which nothing is known.
    pub(crate) async fn forget(&self) -> Result<(), StoreError> {
        self.is_required.store(false, Ordering::Relaxed);
        self.is_kept.store(false, Ordering::Relaxed);
        self.store.set_setting(SETTING, None).await
    }

    /// A disk that refuses costs only one refused call in the next run.
    async fn keep(&self) {
        if !self.is_required.load(Ordering::Relaxed) || self.is_kept.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::info!("Meta requires proofs of the app secret: they come from the relay from now on");
        if let Err(error) = self.store.set_setting(SETTING, Some("true")).await {
            tracing::warn!(%error, "that proofs are required was not kept");
        }
    }
}

#[async_trait]
impl Prover for DeskProver {
    fn is_required(&self, _: &AccountId) -> bool {
        self.is_required.load(Ordering::Relaxed)
    }

    async fn prove(&self, account: &AccountId, token: &SecretString) -> Result<AppsecretProof, NoProof> {
        self.keep().await;
        let relay = self.relay.borrow().clone();
        let relay =
            relay.ok_or_else(|| NoProof::NotNow("this desk is not connected to a relay".to_owned()))?;
        let answer = match relay.prove(account, token).await {
            // A token that was just pasted, or one of a relay that lost its fingerprints.
            Err(error) if error.is_token_refused() => {
                relay.register_token(account, token).await.map_err(|error| no_proof(&error))?;
                relay.prove(account, token).await
            }
            answer => answer,
        };
        let TimedProof { proof, time } = answer.map_err(|error| no_proof(&error))?;
        Ok(AppsecretProof::new(SecretString::from(proof), time))
    }

    fn learn_required(&self, _: &AccountId) {
        self.is_required.store(true, Ordering::Relaxed);
    }
}

fn no_proof(error: &RelayError) -> NoProof {
    if error.is_token_refused() {
        NoProof::NotForThisToken(error.agent_words())
    } else {
        NoProof::NotNow(error.to_string())
    }
}
