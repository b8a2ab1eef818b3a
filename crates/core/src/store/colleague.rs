//! Tables `agent`, `agent_role` and `access`: who works on the accounts of this desk.

use super::account::AgentRow;
use super::error::parsed;
use super::{Conn, Result};

/// The agents with a role on an account that this desk may read, by name.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<AgentRow>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT agent, name FROM agent
         WHERE agent IN (SELECT r.agent FROM agent_role r JOIN access a ON a.account = r.account
                         WHERE r.role IS NOT NULL)
         ORDER BY name, agent",
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(agent, name)| Ok(AgentRow { agent: parsed(&agent)?, name })).collect()
}
