//! The call that says who is there.

use std::time::Duration;

use baton_protocol::presence::PresenceSaid;
use baton_protocol::routes;

use super::RelayError;
use super::client::{RelayClient, done};

/// What is said later is worth more than an answer to this.
const ANSWER: Duration = Duration::from_secs(3);

impl RelayClient {
    /// Says how present this desk's agent is and what they look at.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn say_presence(&self, said: &PresenceSaid) -> Result<(), RelayError> {
        done(self.post(routes::PRESENCE, said).timeout(ANSWER)).await
    }
}
