//! The calls that say who is there, and that somebody is not.

use std::time::Duration;

use baton_protocol::presence::PresenceSaid;
use baton_protocol::{AgentId, routes};
use reqwest::Method;

use super::RelayError;
use super::client::{ANSWER, RelayClient, done};

/// What is said later is worth more than an answer to this.
const SAID: Duration = Duration::from_secs(3);

impl RelayClient {
    /// Says how present this desk's agent is and what they look at.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn say_presence(&self, said: &PresenceSaid) -> Result<(), RelayError> {
        done(self.post(routes::PRESENCE, said).timeout(SAID)).await
    }

    /// Sets an agent offline, until they choose again.
    ///
    /// # Errors
    /// [`RelayError::Refused`] to whoever supervises no account of theirs; [`RelayError`].
    pub async fn set_offline(&self, agent: AgentId) -> Result<(), RelayError> {
        let path = routes::of_agent(routes::AGENT_OFFLINE, agent);
        done(self.call(Method::POST, &path).timeout(ANSWER)).await
    }
}
