//! Acts of admins at their desks: judged by the roles of the moment, then carried out as the operator's are, with the same
//! facts.

use async_trait::async_trait;
use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::enrol::Role;
use baton_protocol::people::{ErasureStanding, People, RoleOn};
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AgentId, DeskId, LogName};
use sqlx::SqliteConnection;

use super::super::LogError;
use super::super::people::{AdminAct, Judged};
use super::invites::{self, Kept};
use super::people::{agent_name, desk as find_desk, roles_of};
use super::row::{storage, text};
use super::writer::{Tx, Work};
use super::{append, enrol, held, operate, roster};
use crate::people::NewInvite;
use crate::team::{Objection, Office, Whole, changes_roles, last_admin, nobody};

/// An act to be judged and carried out.
pub(super) struct Administer {
    pub(super) desk: DeskId,
    pub(super) act: AdminAct,
}

#[async_trait]
impl Work for Administer {
    type Answer = Judged<bool>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Judged<bool>, LogError> {
        let Some(office) = office(tx.conn, self.desk).await? else { return Ok(Judged::Revoked) };
        if let Err(no) = office.is_an_admins() {
            return Ok(Judged::Not(no));
        }
        let judged = match &self.act {
            AdminAct::Invite(new) => invite(tx, &office, new).await?,
            AdminAct::TakeBack(invite) => match invites::take_back(tx, &office, *invite).await? {
                true => Ok(true),
                false => Err(nobody("invite")),
            },
            AdminAct::SetRole(agent, account, role) => set_role(tx, &office, *agent, account, *role).await?,
            AdminAct::Rename(agent, name) => rename(tx, &office, *agent, name).await?,
            AdminAct::Revoke(desk) => revoke(tx, &office, *desk).await?,
        };
        Ok(match judged {
            Ok(changed) => Judged::Done(changed),
            Err(no) => Judged::Not(no),
        })
    }
}

/// What is judged by the roles of this moment: done, or why not.
type Ruling = Result<bool, Objection>;

/// Who asks; none when the desk was cut off.
async fn office(conn: &mut SqliteConnection, desk: DeskId) -> Result<Option<Office>, LogError> {
    let desk = find_desk(conn, desk).await?.filter(|desk| !desk.is_revoked);
    Ok(desk.as_ref().map(Office::of))
}

/// Everybody whom the desk's agent administers.
pub(super) async fn people(
    conn: &mut SqliteConnection,
    desk: DeskId,
    now_ms: i64,
) -> Result<Judged<People>, LogError> {
    let Some(office) = office(conn, desk).await? else { return Ok(Judged::Revoked) };
    match office.is_an_admins() {
        Ok(()) => Ok(Judged::Done(roster::people(conn, &office, now_ms).await?)),
        Err(no) => Ok(Judged::Not(no)),
    }
}

/// How the last erasure of a customer stands.
pub(super) async fn erasure(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<Judged<Option<ErasureStanding>>, LogError> {
    let Some(office) = office(conn, desk).await? else { return Ok(Judged::Revoked) };
    match office.is_over(account) {
        Ok(()) => Ok(Judged::Done(held::erasure(conn, account, customer).await?)),
        Err(no) => Ok(Judged::Not(no)),
    }
}

/// All of them are looked at before the first one is kept.
async fn invite(tx: &mut Tx<'_>, office: &Office, new: &[NewInvite]) -> Result<Ruling, LogError> {
    for each in new {
        if let Err(no) = may_invite(tx.conn, office, each).await? {
            return Ok(Err(no));
        }
    }
    for each in new {
        let Kept::Yes = invites::keep(tx, each).await? else {
            return Err(LogError::Unreadable("an invite that may be kept was not".to_owned()));
        };
    }
    Ok(Ok(true))
}

async fn may_invite(
    conn: &mut SqliteConnection,
    office: &Office,
    new: &NewInvite,
) -> Result<Result<(), Objection>, LogError> {
    for on in &new.accounts {
        if let Err(no) = office.is_over(&on.account) {
            return Ok(Err(no));
        }
    }
    let Some(agent) = new.agent else { return Ok(Ok(())) };
    let Some(name) = agent_name(conn, agent).await? else { return Ok(Err(nobody("person"))) };
    let roles = roles_of(conn, agent).await?;
    if let Err(no) = office.is_over_person(&roles, Whole::FurtherDesk) {
        return Ok(Err(no));
    }
    if !new.changes_roles && !invites::changes(&roles, &new.accounts).is_empty() {
        return Ok(Err(changes_roles(&name)));
    }
    Ok(Ok(()))
}

async fn set_role(
    tx: &mut Tx<'_>,
    office: &Office,
    agent: AgentId,
    account: &AccountId,
    role: Option<Role>,
) -> Result<Ruling, LogError> {
    if let Err(no) = office.is_over(account) {
        return Ok(Err(no));
    }
    if agent_name(tx.conn, agent).await?.is_none() {
        return Ok(Err(nobody("person")));
    }
    let has = roles_of(tx.conn, agent).await?.into_iter().find(|on| on.account == *account);
    let is_admin = has.is_some_and(|on| on.role == Role::Admin);
    if is_admin && role != Some(Role::Admin) && !has_other_admin(tx.conn, account, agent).await? {
        return Ok(Err(last_admin(account, &account_name(tx.conn, account).await?)));
    }
    let by = Actor::Agent { agent: office.agent, desk: office.desk };
    Ok(Ok(match role {
        None => enrol::end_role(tx, agent, account, &by).await?,
        role => enrol::set_role(tx, agent, account, role).await?,
    }))
}

async fn rename(tx: &mut Tx<'_>, office: &Office, agent: AgentId, name: &str) -> Result<Ruling, LogError> {
    let Some(known) = agent_name(tx.conn, agent).await? else { return Ok(Err(nobody("person"))) };
    if let Err(no) = office.is_over_person(&roles_of(tx.conn, agent).await?, Whole::Name) {
        return Ok(Err(no));
    }
    if known == name {
        return Ok(Ok(false));
    }
    sqlx::query("update agent set name = ?2 where agent = ?1")
        .bind(agent.to_string())
        .bind(name)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    // The key of the first name stands in the log for ever.
    let key = format!("named:{}", uuid::Uuid::now_v7());
    let fact = TeamFact::AgentNamed { agent, name: name.to_owned() };
    append::fact(tx, &LogName::Workspace, &key, &fact).await?;
    tx.effects.access_changed = true;
    Ok(Ok(true))
}

async fn revoke(tx: &mut Tx<'_>, office: &Office, desk: DeskId) -> Result<Ruling, LogError> {
    let agent: Option<String> = sqlx::query_scalar("select agent from desk where desk = ?1")
        .bind(desk.to_string())
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
    let Some(agent) = agent else { return Ok(Err(nobody("desk"))) };
    let agent: AgentId = text(&agent)?;
    let roles = roles_of(tx.conn, agent).await?;
    if let Err(no) = office.is_over_person(&roles, Whole::Desk) {
        return Ok(Err(no));
    }
    if !has_other_desk(tx.conn, agent, desk).await?
        && let Some(on) = only_admin_of(tx.conn, agent, &roles).await?
    {
        return Ok(Err(last_admin(&on.account, &account_name(tx.conn, &on.account).await?)));
    }
    let acted = operate::revoke(tx, desk).await?;
    Ok(Ok(acted == super::super::Acted::Done(true)))
}

/// An account that only this agent administers with a desk.
async fn only_admin_of<'r>(
    conn: &mut SqliteConnection,
    agent: AgentId,
    roles: &'r [RoleOn],
) -> Result<Option<&'r RoleOn>, LogError> {
    for on in roles.iter().filter(|on| on.role == Role::Admin) {
        if !has_other_admin(conn, &on.account, agent).await? {
            return Ok(Some(on));
        }
    }
    Ok(None)
}

/// Whether somebody else administers the account who has a desk.
async fn has_other_admin(
    conn: &mut SqliteConnection,
    account: &AccountId,
    agent: AgentId,
) -> Result<bool, LogError> {
    sqlx::query_scalar(
        "select exists (select 1 from role join desk on desk.agent = role.agent and desk.revoked_at_ms is null
                        where role.account = ?1 and role.role = 'admin' and role.agent <> ?2)",
    )
    .bind(account.as_str())
    .bind(agent.to_string())
    .fetch_one(conn)
    .await
    .map_err(storage)
}

/// Whether the agent has another desk that is not cut off. One that is cut off already takes nothing away.
async fn has_other_desk(conn: &mut SqliteConnection, agent: AgentId, desk: DeskId) -> Result<bool, LogError> {
    sqlx::query_scalar(
        "select exists (select 1 from desk where agent = ?1 and desk <> ?2 and revoked_at_ms is null)
           or exists (select 1 from desk where desk = ?2 and revoked_at_ms is not null)",
    )
    .bind(agent.to_string())
    .bind(desk.to_string())
    .fetch_one(conn)
    .await
    .map_err(storage)
}

async fn account_name(conn: &mut SqliteConnection, account: &AccountId) -> Result<String, LogError> {
    let name: Option<String> = sqlx::query_scalar("select name from account where account = ?1")
        .bind(account.as_str())
        .fetch_optional(conn)
        .await
        .map_err(storage)?;
    Ok(name.unwrap_or_default())
}
