//! An invite becomes a desk: once, in one transaction with the facts that tell everybody.

use async_trait::async_trait;
use baton_messenger::id::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AgentId, LogName};

use super::super::LogError;
use super::row::{storage, text};
use super::writer::{Tx, Work};
use super::{append, drafts, held, invites, people, returning, tokens};
use crate::people::{DeskAccess, Invited, NewDesk};

/// A desk to be made.
pub(super) struct Enrol(pub(super) NewDesk);

#[async_trait]
impl Work for Enrol {
    type Answer = Option<DeskAccess>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Option<DeskAccess>, LogError> {
        let new = &self.0;
        let Some(invited) = invites::invited(tx.conn, &new.invite, tx.now_ms).await? else {
            return Ok(None);
        };
        let agent = agent_of(tx, new, &invited).await?;
        for on in &invited.gives {
            set_role(tx, agent, &on.account, Some(on.role)).await?;
        }
        make_desk(tx, new, agent).await?;
        held::given_to_desk(tx, new.desk, agent).await?;
        tx.effects.access_changed = true;
        people::desk(tx.conn, new.desk).await
    }
}

/// The agent that the invite names, or a new one.
async fn agent_of(tx: &mut Tx<'_>, new: &NewDesk, invited: &Invited) -> Result<AgentId, LogError> {
    let hash = new.invite.as_str();
    sqlx::query!("update invite set used_at_ms = ?2 where invite_hash = ?1", hash, tx.now_ms)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    if let Some(agent) = invited.agent {
        return Ok(agent);
    }
    let agent = new.new_agent;
    let (id, name) = (agent.to_string(), invited.agent_name.as_str());
    sqlx::query!("insert into agent (agent, name) values (?1, ?2)", id, name)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    let named = TeamFact::AgentNamed { agent, name: name.to_owned() };
    append::fact(tx, &LogName::Workspace, &format!("agent:{agent}"), &named).await?;
    Ok(agent)
}

async fn make_desk(tx: &mut Tx<'_>, new: &NewDesk, agent: AgentId) -> Result<(), LogError> {
    let (desk, agent_id, token) = (new.desk.to_string(), agent.to_string(), new.token.as_str());
    sqlx::query!(
        "insert into desk (desk, agent, name, public_key, token_hash, enrolled_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
        desk,
        agent_id,
        new.name,
        new.public_key,
        token,
        tx.now_ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let enrolled = TeamFact::DeskEnrolled { desk: new.desk, agent, name: new.name.clone() };
    append::fact(tx, &LogName::Workspace, &format!("desk:{desk}"), &enrolled).await?;
    Ok(())
}

/// Gives or ends a role and tells everybody; false when nothing needed to change.
pub(super) async fn set_role(
    tx: &mut Tx<'_>,
    agent: AgentId,
    account: &AccountId,
    role: Option<Role>,
) -> Result<bool, LogError> {
    let (id, name) = (agent.to_string(), account.as_str());
    let known =
        sqlx::query!(r#"select role as "role!" from role where agent = ?1 and account = ?2"#, id, name)
            .fetch_optional(&mut *tx.conn)
            .await
            .map_err(storage)?;
    let word = role.map(|role| role.to_string());
    if known.map(|row| row.role) == word {
        return Ok(false);
    }
    match &word {
        Some(word) => {
            sqlx::query!(
                "insert into role (agent, account, role) values (?1, ?2, ?3)
                 on conflict (agent, account) do update set role = excluded.role",
                id,
                name,
                word
            )
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
            held::given_to_agent(tx, agent, account).await?;
        }
        None => {
            sqlx::query!("delete from role where agent = ?1 and account = ?2", id, name)
                .execute(&mut *tx.conn)
                .await
                .map_err(storage)?;
            tokens::forget_account(tx, agent, account).await?;
            held::lost_by_agent(tx, agent, account).await?;
        }
    }
    let key = format!("role:{}", uuid::Uuid::now_v7());
    let fact = TeamFact::RoleSet { agent, account: account.clone(), role };
    append::fact(tx, &LogName::Workspace, &key, &fact).await?;
    tx.effects.access_changed = true;
    Ok(true)
}

/// A person's role on an account ends, and what they worked on there goes to the queue with what they were writing.
pub(super) async fn end_role(
    tx: &mut Tx<'_>,
    agent: AgentId,
    account: &AccountId,
    by: &Actor,
) -> Result<bool, LogError> {
    if !set_role(tx, agent, account, None).await? {
        return Ok(false);
    }
    let key = format!("role_ended:{}", uuid::Uuid::now_v7());
    returning::take_from_whoever_left(tx, account, agent, by, &key).await?;
    Ok(true)
}

/// Nobody may read the account from now on: every role on it ends, and so does what invites still promise. Its log stays,
/// for whoever the operator invites to it later.
pub(super) async fn end_service(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), LogError> {
    let name = account.as_str();
    sqlx::query!("delete from invite_account where account = ?1", name)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    let rows = sqlx::query!(r#"select agent as "agent!" from role where account = ?1 order by agent"#, name)
        .fetch_all(&mut *tx.conn)
        .await
        .map_err(storage)?;
    for row in rows {
        set_role(tx, text(&row.agent)?, account, None).await?;
    }
    drafts::end_service(tx, account).await
}
