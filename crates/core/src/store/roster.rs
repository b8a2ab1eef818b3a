//! Who works on the accounts that this desk may read, as the workspace log tells it.

use std::collections::BTreeMap;

use baton_protocol::people::RoleOn;
use baton_protocol::{AccountId, AgentId};

use super::error::parsed;
use super::{Result, Store};

/// Somebody of the team, with the roles on accounts that this desk may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// The agent.
    pub agent: AgentId,
    /// The current name.
    pub name: String,
    /// By account.
    pub roles: Vec<RoleOn>,
}

impl Store {
    /// Everybody who works on the accounts that this desk may read, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn roster(&self) -> Result<Vec<RosterRow>> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT a.agent, a.name, r.account, r.role FROM agent_role r
             JOIN access ON access.account = r.account JOIN agent a ON a.agent = r.agent
             WHERE r.role IS NOT NULL ORDER BY a.name COLLATE NOCASE, a.agent, r.account",
        )
        .fetch_all(self.read())
        .await?;
        let mut found: Vec<RosterRow> = Vec::new();
        let mut places: BTreeMap<AgentId, usize> = BTreeMap::new();
        for (agent, name, account, role) in rows {
            let agent: AgentId = parsed(&agent)?;
            let place = *places.entry(agent).or_insert(found.len());
            if place == found.len() {
                found.push(RosterRow { agent, name, roles: Vec::new() });
            }
            let on = RoleOn { account: AccountId::from(account), role: parsed(&role)? };
            if let Some(row) = found.get_mut(place) {
                row.roles.push(on);
            }
        }
        Ok(found)
    }

    /// What an agent is called, as the workspace log tells it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn agent_name(&self, agent: AgentId) -> Result<Option<String>> {
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM agent WHERE agent = ?")
            .bind(agent.to_string())
            .fetch_optional(self.read())
            .await?;
        Ok(name)
    }
}
