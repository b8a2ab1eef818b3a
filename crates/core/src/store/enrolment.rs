//! Tables `enrolment` and `access`: what this desk is, and what it may read. Never a token.

use baton_messenger::id::{AppId, Platform};
use baton_protocol::enrol::AccountRole;
use baton_protocol::{AccountId, AgentId, DeskId};

use super::error::{parsed, parsed_some};
use super::{Conn, Result, Store};

/// What this desk is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// The relay's address.
    pub relay: String,
    /// This desk.
    pub desk: DeskId,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// The workspace's name.
    pub workspace: String,
    /// Our Meta app, once the relay said it.
    pub our_app: Option<AppId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    relay: String,
    desk: String,
    agent: String,
    agent_name: String,
    workspace: String,
    our_app: Option<String>,
}

#[derive(sqlx::FromRow)]
struct AccessRow {
    account: String,
    platform: String,
    name: String,
    role: String,
    connected: bool,
}

/// This desk's agent; none before it was enrolled.
pub(super) async fn me(conn: &mut Conn) -> Result<Option<AgentId>> {
    let agent: Option<String> =
        sqlx::query_scalar("SELECT agent FROM enrolment WHERE only = 1").fetch_optional(conn).await?;
    parsed_some(agent.as_deref())
}

impl Store {
    /// What this desk is; none before it was enrolled.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn enrolment(&self) -> Result<Option<Enrolment>> {
        let row: Option<Row> =
            sqlx::query_as("SELECT relay, desk, agent, agent_name, workspace, our_app FROM enrolment")
                .fetch_optional(self.read())
                .await?;
        row.map(|row| {
            Ok(Enrolment {
                relay: row.relay,
                desk: parsed(&row.desk)?,
                agent: parsed(&row.agent)?,
                agent_name: row.agent_name,
                workspace: row.workspace,
                our_app: row.our_app.map(AppId::from),
            })
        })
        .transpose()
    }

    /// Saves what this desk is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_enrolment(&self, enrolment: &Enrolment) -> Result<()> {
        let mut tx = self.write().await?;
        let desk = enrolment.desk.to_string();
        let agent = enrolment.agent.to_string();
        let our_app = enrolment.our_app.as_ref().map(AppId::as_str);
        sqlx::query!(
            "INSERT INTO enrolment (only, relay, desk, agent, agent_name, workspace, our_app)
             VALUES (1, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET relay = excluded.relay, desk = excluded.desk, agent = excluded.agent,
               agent_name = excluded.agent_name, workspace = excluded.workspace, our_app = excluded.our_app",
            enrolment.relay,
            desk,
            agent,
            enrolment.agent_name,
            enrolment.workspace,
            our_app
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// Forgets the enrolment; what was read stays.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn clear_enrolment(&self) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query!("DELETE FROM enrolment").execute(&mut *tx).await?;
        sqlx::query!("DELETE FROM access").execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// What this desk may read, by account.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn access(&self) -> Result<Vec<AccountRole>> {
        self.access.or_read(self.version(), async || self.read_access().await).await
    }

    async fn read_access(&self) -> Result<Vec<AccountRole>> {
        let rows: Vec<AccessRow> =
            sqlx::query_as("SELECT account, platform, name, role, connected FROM access ORDER BY account")
                .fetch_all(self.read())
                .await?;
        rows.into_iter()
            .map(|row| {
                Ok(AccountRole {
                    account: AccountId::from(row.account),
                    platform: parsed::<Platform>(&row.platform)?,
                    name: row.name,
                    role: parsed(&row.role)?,
                    connected: row.connected,
                })
            })
            .collect()
    }

    /// Replaces what this desk may read. What it lost stays in the file until [`Store::purge_account`].
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_access(&self, accounts: &[AccountRole]) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query!("DELETE FROM access").execute(&mut *tx).await?;
        for access in accounts {
            let account = access.account.as_str();
            let platform = access.platform.as_str();
            let role = access.role.to_string();
            sqlx::query!(
                "INSERT INTO access (account, platform, name, role, connected) VALUES (?, ?, ?, ?, ?)",
                account,
                platform,
                access.name,
                role,
                access.connected
            )
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }
}
