//! The calls about people, desks and invites, and what this desk confirms once it is gone.
//!
//! An invite's secret is in one answer and in no log line and no error.

use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::people::{
    Changed, ErasureStanding, InvitesAsked, InvitesMade, NameAsked, People, Removals, RoleAsked,
};
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, InviteId, routes};
use reqwest::Method;
use serde_json::json;

use super::RelayError;
use super::client::{self, ANSWER, RelayClient, done, read};

impl RelayClient {
    /// Everybody whom this desk's agent administers.
    ///
    /// # Errors
    /// [`RelayError::RelayTooOld`] from a relay that does not tell; [`RelayError`].
    pub async fn people(&self) -> Result<People, RelayError> {
        match read(self.call(Method::GET, routes::PEOPLE).timeout(ANSWER)).await {
            Err(RelayError::Refused(body)) if body.code == ErrorCode::NoSuchLog => {
                Err(RelayError::RelayTooOld)
            }
            told => told,
        }
    }

    /// Makes invites, all or none. After a cut they may have been made, and their secrets are lost.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn make_invites(&self, asked: &InvitesAsked) -> Result<InvitesMade, RelayError> {
        read(self.post(routes::INVITES, asked)).await
    }

    /// Takes an invite back.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn take_invite_back(&self, invite: InviteId) -> Result<(), RelayError> {
        done(self.call(Method::DELETE, &routes::take_back_invite(invite)).timeout(ANSWER)).await
    }

    /// Gives, changes or ends a role. False when nothing needed to change.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn set_role(
        &self,
        agent: AgentId,
        account: &AccountId,
        role: Option<Role>,
    ) -> Result<bool, RelayError> {
        let asked = RoleAsked { account: account.clone(), role };
        let changed: Changed = read(self.post(&routes::of_agent(routes::AGENT_ROLE, agent), &asked)).await?;
        Ok(changed.changed)
    }

    /// Gives a person another name. False when nothing needed to change.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn rename_agent(&self, agent: AgentId, name: &str) -> Result<bool, RelayError> {
        let asked = NameAsked { name: name.to_owned() };
        let changed: Changed = read(self.post(&routes::of_agent(routes::AGENT_NAME, agent), &asked)).await?;
        Ok(changed.changed)
    }

    /// Cuts a desk off. False when it was.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn revoke_desk(&self, desk: DeskId) -> Result<bool, RelayError> {
        let changed: Changed = read(self.post(&routes::revoke(desk), &json!({}))).await?;
        Ok(changed.changed)
    }

    /// How the last erasure of a customer stands; none when there was none.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn erasure(
        &self,
        account: &AccountId,
        customer: &CustomerId,
    ) -> Result<Option<ErasureStanding>, RelayError> {
        let path = routes::of_account(routes::ERASURE, account);
        let call = self.call(Method::GET, &path).query(&[("customer", customer.as_str())]).timeout(ANSWER);
        client::or_nothing(read(call).await)
    }

    /// What this desk has to remove and did not confirm.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn owed(&self) -> Result<Removals, RelayError> {
        read(self.call(Method::GET, routes::OWED).timeout(ANSWER)).await
    }

    /// Confirms that this is gone from this desk.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn gone(&self, gone: &Removals) -> Result<(), RelayError> {
        done(self.post(routes::GONE, gone)).await
    }

    /// Confirms, as a desk that was cut off, that nothing is left here.
    ///
    /// # Errors
    /// [`RelayError`]; [`RelayError::UnknownDesk`] when there is nobody to whom it could matter.
    pub async fn wiped(&self) -> Result<(), RelayError> {
        done(self.post(routes::WIPED, &json!({}))).await
    }
}
