//! Agents, desks, invites, roles: who may do what.

use baton_messenger::id::{AccountId, Platform};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::people::RoleOn;
use baton_protocol::{AgentId, DeskId, LogId, LogName};
use sqlx::SqliteConnection;

use super::super::{LogError, Read};
use super::row::{json, storage, text};
use crate::people::{AccountLine, DeskAccess, DeskLine};
use crate::secret::Hash;
use crate::team::Asker;

/// Makes the workspace log if it does not exist.
pub(super) async fn make_workspace_log(conn: &mut SqliteConnection) -> Result<(), LogError> {
    let (name, log_id) = (LogName::Workspace, LogId::new().to_string());
    let name = name.as_str();
    sqlx::query!("insert into log (log, log_id) values (?1, ?2) on conflict do nothing", name, log_id)
        .execute(conn)
        .await
        .map_err(storage)?;
    Ok(())
}

/// One row, to see whether reading works.
pub(super) async fn any(conn: &mut SqliteConnection) -> Result<(), LogError> {
    sqlx::query!(r#"select head as "head!" from log limit 1"#).fetch_optional(conn).await.map_err(storage)?;
    Ok(())
}

/// The desk behind a token.
pub(super) async fn desk_of_token(
    conn: &mut SqliteConnection,
    token: &Hash,
) -> Result<Option<DeskAccess>, LogError> {
    let hash = token.as_str();
    let row = sqlx::query!(r#"select desk as "desk!" from desk where token_hash = ?1"#, hash)
        .fetch_optional(&mut *conn)
        .await
        .map_err(storage)?;
    match row {
        Some(row) => desk(conn, text(&row.desk)?).await,
        None => Ok(None),
    }
}

/// A desk with what it may read.
pub(super) async fn desk(conn: &mut SqliteConnection, id: DeskId) -> Result<Option<DeskAccess>, LogError> {
    let desk = id.to_string();
    let row = sqlx::query!(
        r#"select desk.agent as "agent!", desk.revoked_at_ms, agent.name as "agent_name!"
           from desk join agent on agent.agent = desk.agent where desk.desk = ?1"#,
        desk
    )
    .fetch_optional(&mut *conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    let agent: AgentId = text(&row.agent)?;
    let is_revoked = row.revoked_at_ms.is_some();
    let accounts = if is_revoked { Vec::new() } else { accounts_of(conn, agent).await? };
    Ok(Some(DeskAccess { desk: id, agent, agent_name: row.agent_name, is_revoked, accounts }))
}

/// What an agent may read, and as what.
pub(super) async fn accounts_of(
    conn: &mut SqliteConnection,
    agent: AgentId,
) -> Result<Vec<AccountRole>, LogError> {
    let agent = agent.to_string();
    let rows = sqlx::query!(
        r#"select role.account as "account!", role.role as "role!", account.platform as "platform!",
                  account.name as "name!", account.connected_at_ms
           from role join account on account.account = role.account
           where role.agent = ?1 order by role.account"#,
        agent
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter()
        .map(|row| {
            Ok(AccountRole {
                account: AccountId::new(row.account),
                platform: text::<Platform>(&row.platform)?,
                name: row.name,
                role: text::<Role>(&row.role)?,
                connected: row.connected_at_ms.is_some(),
            })
        })
        .collect()
}

/// Whether a desk may read a log, now.
pub(super) async fn may_read(
    conn: &mut SqliteConnection,
    desk: DeskId,
    log: &LogName,
) -> Result<Read<()>, LogError> {
    let id = desk.to_string();
    let row = sqlx::query!("select revoked_at_ms from desk where desk = ?1", id)
        .fetch_optional(&mut *conn)
        .await
        .map_err(storage)?;
    match (row, log) {
        (None, _) => Ok(Read::Revoked),
        (Some(row), _) if row.revoked_at_ms.is_some() => Ok(Read::Revoked),
        (Some(_), LogName::Workspace) => Ok(Read::Found(())),
        (Some(_), LogName::Account(account)) => {
            let may = asker(conn, desk, account).await?.is_some();
            Ok(if may { Read::Found(()) } else { Read::NoSuchLog })
        }
    }
}

/// Who asks, with the role on the account; none without one.
pub(super) async fn asker(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
) -> Result<Option<Asker>, LogError> {
    let (id, account) = (desk.to_string(), account.as_str());
    let row = sqlx::query!(
        r#"select desk.agent as "agent!", role.role as "role!"
           from desk join role on role.agent = desk.agent
           where desk.desk = ?1 and role.account = ?2 and desk.revoked_at_ms is null"#,
        id,
        account
    )
    .fetch_optional(conn)
    .await
    .map_err(storage)?;
    row.map(|row| Ok(Asker { desk, agent: text(&row.agent)?, role: text(&row.role)? })).transpose()
}

/// The highest role that the agent of a desk has on any account; none without one.
pub(super) async fn highest_role(
    conn: &mut SqliteConnection,
    desk: DeskId,
) -> Result<Option<Role>, LogError> {
    let id = desk.to_string();
    let rows = sqlx::query!(
        r#"select role.role as "role!" from desk join role on role.agent = desk.agent
           where desk.desk = ?1 and desk.revoked_at_ms is null"#,
        id
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    let roles: Vec<Role> = rows.iter().map(|row| text(&row.role)).collect::<Result<_, _>>()?;
    Ok(roles.into_iter().max())
}

/// Whether an agent has a role on an account.
pub(super) async fn works_on(
    conn: &mut SqliteConnection,
    agent: AgentId,
    account: &AccountId,
) -> Result<bool, LogError> {
    Ok(role_on(conn, agent, account).await?.is_some())
}

/// The role of an agent on an account; none without one.
pub(super) async fn role_on(
    conn: &mut SqliteConnection,
    agent: AgentId,
    account: &AccountId,
) -> Result<Option<Role>, LogError> {
    let (agent, account) = (agent.to_string(), account.as_str());
    let row =
        sqlx::query!(r#"select role as "role!" from role where agent = ?1 and account = ?2"#, agent, account)
            .fetch_optional(conn)
            .await
            .map_err(storage)?;
    row.map(|row| text(&row.role)).transpose()
}

/// All accounts, by id.
pub(super) async fn accounts(conn: &mut SqliteConnection) -> Result<Vec<AccountLine>, LogError> {
    let rows = sqlx::query!(
        r#"select account as "account!", platform as "platform!", name as "name!", connected_at_ms,
                  case page when '' then account else page end as "page!: String", routing as "routing!", token_alive as "token_alive: bool", fields as "fields!"
           from account order by account"#
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter()
        .map(|row| {
            Ok(AccountLine {
                account: AccountId::new(row.account),
                platform: text(&row.platform)?,
                page: AccountId::new(row.page),
                name: row.name,
                connected: row.connected_at_ms.is_some(),
                routing: text(&row.routing)?,
                token_alive: row.token_alive,
                fields: json(&row.fields)?,
            })
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct DeskRow {
    desk: String,
    name: String,
    agent: String,
    agent_name: String,
    enrolled_at_ms: i64,
    revoked_at_ms: Option<i64>,
    wiped_at_ms: Option<i64>,
    seen_at_ms: Option<i64>,
}

/// All desks, oldest first.
pub(super) async fn desks(conn: &mut SqliteConnection) -> Result<Vec<DeskLine>, LogError> {
    let rows: Vec<DeskRow> = sqlx::query_as(
        "select desk.desk, desk.name, desk.agent, agent.name as agent_name, desk.enrolled_at_ms, desk.revoked_at_ms,
                desk.wiped_at_ms, desk.seen_at_ms
         from desk join agent on agent.agent = desk.agent order by desk.enrolled_at_ms, desk.desk",
    )
    .fetch_all(&mut *conn)
    .await
    .map_err(storage)?;
    let mut lines = Vec::new();
    for row in rows {
        let agent: AgentId = text(&row.agent)?;
        let roles = roles_of(conn, agent).await?;
        lines.push(DeskLine {
            desk: text(&row.desk)?,
            name: row.name,
            agent,
            agent_name: row.agent_name,
            enrolled_at_ms: row.enrolled_at_ms,
            revoked_at_ms: row.revoked_at_ms,
            wiped_at_ms: row.wiped_at_ms,
            seen_at_ms: row.seen_at_ms,
            roles: roles.into_iter().map(|on| (on.account, on.role)).collect(),
        });
    }
    Ok(lines)
}

/// What an agent is called; none when there is no such agent.
pub(super) async fn agent_name(
    conn: &mut SqliteConnection,
    agent: AgentId,
) -> Result<Option<String>, LogError> {
    sqlx::query_scalar("select name from agent where agent = ?1")
        .bind(agent.to_string())
        .fetch_optional(conn)
        .await
        .map_err(storage)
}

/// The roles of an agent, by account.
pub(super) async fn roles_of(conn: &mut SqliteConnection, agent: AgentId) -> Result<Vec<RoleOn>, LogError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select account, role from role where agent = ?1 order by account")
            .bind(agent.to_string())
            .fetch_all(conn)
            .await
            .map_err(storage)?;
    rows.into_iter()
        .map(|(account, role)| Ok(RoleOn { account: AccountId::new(account), role: text(&role)? }))
        .collect()
}
