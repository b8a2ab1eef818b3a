//! The calls about the steward's lease and about slots.

use std::time::Duration;

use baton_protocol::lease::{LeaseAsked, Leased, SlotAsked, SlotGiven, SlotUrgency};
use baton_protocol::{AccountId, routes};
use reqwest::Method;

use super::RelayError;
use super::client::{ANSWER, RelayClient, done, read};

/// A read of Graph waits for this answer: a relay that is so slow counts as away.
const SLOT_ANSWER: Duration = Duration::from_secs(3);

impl RelayClient {
    /// Asks for the steward's lease of an account, or renews it.
    ///
    /// # Errors
    /// [`RelayError::Refused`] with `token_refused` when this desk showed no token that lives; [`RelayError`].
    pub async fn ask_lease(&self, account: &AccountId, asked: &LeaseAsked) -> Result<Leased, RelayError> {
        read(self.post(&routes::of_account(routes::STEWARD, account), asked)).await
    }

    /// Gives the lease back, if this desk has it.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn give_lease_back(&self, account: &AccountId) -> Result<(), RelayError> {
        let path = routes::of_account(routes::STEWARD, account);
        done(self.call(Method::DELETE, &path).timeout(ANSWER)).await
    }

    /// Asks for the slot of one read about an account.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn ask_slot(&self, account: &AccountId, urgency: SlotUrgency) -> Result<SlotGiven, RelayError> {
        let path = routes::of_account(routes::SLOTS, account);
        read(self.post(&path, &SlotAsked { urgency }).timeout(SLOT_ANSWER)).await
    }
}
