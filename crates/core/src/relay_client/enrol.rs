//! From an invite to a desk that the relay knows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::enrol::{AccountRole, EnrolRequest, Enrolled, InviteInfo, InviteQuestion};
use baton_protocol::hello::VERSION;
use baton_protocol::{AgentId, DeskId, routes};
use crypto_box::SecretKey;
use secrecy::{ExposeSecret, SecretString};

use super::client::{ask, ask_first};
use super::{RelayAddress, RelayError};

/// What enrolment gave: who this desk is, and its two secrets.
#[derive(Debug)]
pub struct DeskIdentity {
    /// The desk.
    pub desk: DeskId,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// The workspace's name.
    pub workspace: String,
    /// What the desk may read, and as what.
    pub accounts: Vec<AccountRole>,
    /// The desk's bearer token.
    pub token: SecretString,
    /// The private half of the desk's key pair, base64.
    pub private_key: SecretString,
}

/// What an invite is good for, without using it.
///
/// # Errors
/// [`RelayError`], also when the relay's version does not fit.
pub async fn invite_info(address: &RelayAddress, invite: &SecretString) -> Result<InviteInfo, RelayError> {
    let question = InviteQuestion { invite: invite.expose_secret().trim().to_owned() };
    ask_first(address, routes::INVITE, &question).await
}

/// Uses an invite. Afterwards the invite is spent: the caller must keep both secrets, or ask for another invite.
///
/// # Errors
/// [`RelayError`].
pub async fn enrol(
    address: &RelayAddress,
    invite: &SecretString,
    desk_name: &str,
) -> Result<DeskIdentity, RelayError> {
    let key = new_key()?;
    let request = EnrolRequest {
        invite: invite.expose_secret().trim().to_owned(),
        desk_name: desk_name.to_owned(),
        public_key: STANDARD.encode(key.public_key().as_bytes()),
        version: VERSION,
    };
    let enrolled: Enrolled = ask(address, routes::ENROL, &request).await?;
    Ok(DeskIdentity {
        desk: enrolled.desk,
        agent: enrolled.agent,
        agent_name: enrolled.agent_name,
        workspace: enrolled.workspace,
        accounts: enrolled.accounts,
        token: SecretString::from(enrolled.token),
        private_key: SecretString::from(STANDARD.encode(key.to_bytes())),
    })
}

fn new_key() -> Result<SecretKey, RelayError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| RelayError::Unreachable(format!("the system gives no random numbers: {error}")))?;
    Ok(SecretKey::from_bytes(bytes))
}
