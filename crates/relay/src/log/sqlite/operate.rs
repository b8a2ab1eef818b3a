//! Acts of the operator, each in one transaction with the facts that tell everybody.

use async_trait::async_trait;
use baton_messenger::id::{AccountId, AppId, Platform};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{DeskId, LogName};

use super::super::{Acted, LogError, OperatorAct};
use super::invites::{self, Kept};
use super::row::storage;
use super::writer::{Tx, Work};
use super::{append, enrol, held, people, team, tokens, turns};
use crate::people::NewInvite;
use crate::team::AccountState;

/// An act to be carried out.
pub(super) struct Operate(pub(super) OperatorAct);

#[async_trait]
impl Work for Operate {
    type Answer = Acted;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Acted, LogError> {
        match &self.0 {
            OperatorAct::Invite(new) => invite(tx, new).await,
            OperatorAct::Revoke(desk) => revoke(tx, *desk).await,
            OperatorAct::SetRole(agent, account, platform, role) => {
                if people::agent_name(tx.conn, *agent).await?.is_none() {
                    return Ok(Acted::NoSuch("agent"));
                }
                // A team takes on another account without anybody being invited anew.
                if role.is_some() {
                    know_account(tx, account, *platform).await?;
                } else if team::load_account(tx, account).await?.is_none() {
                    return Ok(Acted::NoSuch("account"));
                }
                Ok(Acted::Done(match role {
                    None => enrol::end_role(tx, *agent, account, &Actor::Operator).await?,
                    role => enrol::set_role(tx, *agent, account, *role).await?,
                }))
            }
            OperatorAct::HumanAgent(account, right) => human_agent(tx, account, *right).await,
            OperatorAct::DefaultApp(account, app) => default_app(tx, account, app).await,
            OperatorAct::NameApp(account, app, name) => name_app(tx, account, app, name).await,
        }
    }
}

async fn invite(tx: &mut Tx<'_>, new: &NewInvite) -> Result<Acted, LogError> {
    Ok(match invites::keep(tx, new).await? {
        Kept::Yes => Acted::Done(true),
        Kept::NoSuchAgent => Acted::NoSuch("agent"),
        Kept::ChangesRoles(name, changes) => Acted::ChangesRoles(name, changes),
    })
}

/// An account has a log from the moment somebody is invited to it.
pub(super) async fn know_account(
    tx: &mut Tx<'_>,
    account: &AccountId,
    platform: Platform,
) -> Result<(), LogError> {
    append::make_log(tx, &LogName::Account(account.clone())).await?;
    let (name, platform) = (account.as_str(), platform.as_str());
    sqlx::query!(
        "insert into account (account, platform) values (?1, ?2) on conflict do nothing",
        name,
        platform
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// Cuts a desk off and tells everybody.
pub(super) async fn revoke(tx: &mut Tx<'_>, desk: DeskId) -> Result<Acted, LogError> {
    let id = desk.to_string();
    let row = sqlx::query!("select revoked_at_ms from desk where desk = ?1", id)
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
    match row {
        None => return Ok(Acted::NoSuch("desk")),
        Some(row) if row.revoked_at_ms.is_some() => return Ok(Acted::Done(false)),
        Some(_) => {}
    }
    sqlx::query!("update desk set revoked_at_ms = ?2 where desk = ?1", id, tx.now_ms)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tokens::forget_desk(tx, &id).await?;
    held::lost_by_desk(tx, desk).await?;
    let key = format!("revoked:{id}");
    append::fact(tx, &LogName::Workspace, &key, &TeamFact::DeskRevoked { desk }).await?;
    tx.effects.access_changed = true;
    Ok(Acted::Done(true))
}

async fn human_agent(
    tx: &mut Tx<'_>,
    account: &AccountId,
    right: HumanAgentRight,
) -> Result<Acted, LogError> {
    let Some(mut known) = team::load_account(tx, account).await? else { return Ok(Acted::NoSuch("account")) };
    if known.human_agent == right {
        return Ok(Acted::Done(false));
    }
    let fact = TeamFact::HumanAgentSet { right, by: Actor::Operator };
    tell(tx, account, &mut known, &fact).await
}

async fn default_app(tx: &mut Tx<'_>, account: &AccountId, app: &AppId) -> Result<Acted, LogError> {
    let Some(mut known) = team::load_account(tx, account).await? else { return Ok(Acted::NoSuch("account")) };
    if known.default_app.as_ref() == Some(app) {
        return Ok(Acted::Done(false));
    }
    let fact = TeamFact::RoutingSet { routing: known.routing, default_app: Some(app.clone()) };
    tell(tx, account, &mut known, &fact).await
}

/// Whether the app's answers count as a person's stays as it is.
async fn name_app(tx: &mut Tx<'_>, account: &AccountId, app: &AppId, name: &str) -> Result<Acted, LogError> {
    let Some(mut known) = team::load_account(tx, account).await? else { return Ok(Acted::NoSuch("account")) };
    let answers_count = turns::apps(tx, account).await?.get(app).is_some_and(|known| known.answers_count);
    let fact = TeamFact::AppNamed { app: app.clone(), name: name.to_owned(), answers_count };
    tell(tx, account, &mut known, &fact).await
}

async fn tell(
    tx: &mut Tx<'_>,
    account: &AccountId,
    known: &mut AccountState,
    fact: &TeamFact,
) -> Result<Acted, LogError> {
    let key = format!("operator:{}", uuid::Uuid::now_v7());
    team::append_account_fact(tx, account, &key, fact).await?;
    known.apply(tx.stamp.ms, fact);
    team::save_account(tx, known).await?;
    Ok(Acted::Done(true))
}
