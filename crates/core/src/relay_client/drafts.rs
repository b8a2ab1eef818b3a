//! The call that tells a draft, for when this desk's agent falls out. No word of it is in a log line or an error.

use baton_protocol::draft::DraftTold;
use baton_protocol::{AccountId, routes};

use super::RelayError;
use super::client::{RelayClient, done};

impl RelayClient {
    /// Tells the relay a draft, or with an empty text that there is none any more.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn tell_draft(&self, account: &AccountId, told: &DraftTold) -> Result<(), RelayError> {
        done(self.post(&routes::of_account(routes::DRAFTS, account), told)).await
    }
}
