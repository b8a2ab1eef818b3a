//! People, desks and invites, for admins.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use baton_protocol::error::ErrorCode;
use baton_protocol::people::{
    Changed, ErasureStanding, INVITE_LEAST_MS, INVITE_MOST_MS, InviteAsked, InviteMade, InvitesAsked,
    InvitesMade, MOST_INVITES, NameAsked, People, RoleAsked, name_of_agent,
};
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, InviteId};
use secrecy::ExposeSecret;

use super::gate::{Desk, read};
use super::no::No;
use crate::log::people::{AdminAct, Judged};
use crate::people::{DeskAccess, InviteAccount, NewInvite};
use crate::secret;
use crate::state::Shared;
use crate::team::nobody;

/// Everybody whom the asking admin sees.
pub(super) async fn people(State(shared): State<Arc<Shared>>, Desk(desk): Desk) -> Result<Json<People>, No> {
    let mut people = judged(shared.log.people(desk.desk).await?)?;
    let now_ms = shared.clock.wall_ms();
    for desk in people.people.iter_mut().flat_map(|person| &mut person.desks) {
        desk.connected = shared.seen.is_here(desk.desk);
        desk.seen_at_ms = shared.seen.last_ms(desk.desk, now_ms).max(desk.seen_at_ms);
    }
    Ok(Json(people))
}

/// Makes invites, all or none; their secrets are in the answer and nowhere else.
pub(super) async fn invite(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    body: Bytes,
) -> Result<impl IntoResponse, No> {
    let asked: InvitesAsked = read(&body)?;
    if asked.invites.is_empty() || asked.invites.len() > MOST_INVITES {
        return Err(No::bad_request(format!(
            "{MOST_INVITES} invites are made at once at most, and one at least."
        )));
    }
    shared.allowances.invites.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    let now_ms = shared.clock.wall_ms();
    let (mut new, mut made) = (Vec::new(), Vec::new());
    for each in &asked.invites {
        let secret = secret::fresh("inv_")
            .map_err(|e| No::new(ErrorCode::Internal, e.to_string(), "Tell whoever operates the relay."))?;
        let invite = NewInvite {
            invite: InviteId::new(),
            hash: secret::hash(&secret),
            made_by: Some(desk.agent),
            changes_roles: each.change_roles,
            agent: each.agent,
            agent_name: name(each)?,
            accounts: accounts(&desk, each)?,
            expires_at_ms: now_ms.saturating_add(each.valid_ms),
        };
        made.push(InviteMade {
            invite: invite.invite,
            secret: secret.expose_secret().to_owned(),
            name: invite.agent_name.clone(),
            expires_at_ms: invite.expires_at_ms,
        });
        new.push(invite);
    }
    judged(shared.log.administer(desk.desk, AdminAct::Invite(new)).await?)?;
    tracing::info!(desk = %desk.desk, invites = made.len(), "an admin made invites");
    Ok(([(CACHE_CONTROL, "no-store")], Json(InvitesMade { invites: made })))
}

/// Of a known person it says nothing, and is not kept.
fn name(asked: &InviteAsked) -> Result<String, No> {
    if asked.agent.is_some() {
        return Ok(String::new());
    }
    let name = name_of_agent(&asked.name).map_err(|fault| No::bad_request(format!("An invite: {fault}.")))?;
    Ok(name.to_owned())
}

fn accounts(desk: &DeskAccess, asked: &InviteAsked) -> Result<Vec<InviteAccount>, No> {
    if !(INVITE_LEAST_MS..=INVITE_MOST_MS).contains(&asked.valid_ms) {
        return Err(No::bad_request("An invite is good for an hour at least and 30 days at most."));
    }
    if asked.agent.is_none() && asked.roles.is_empty() {
        return Err(No::bad_request("An invite for a new person is for one account at least."));
    }
    let named: BTreeSet<&AccountId> = asked.roles.iter().map(|on| &on.account).collect();
    if named.len() < asked.roles.len() {
        return Err(No::bad_request("An invite names an account twice."));
    }
    let known = |on: &baton_protocol::people::RoleOn| {
        let known = desk.accounts.iter().find(|known| known.account == on.account)?;
        Some(InviteAccount { account: on.account.clone(), platform: known.platform, role: on.role })
    };
    asked.roles.iter().map(|on| known(on).ok_or_else(No::no_such_log)).collect()
}

/// Takes an invite back.
pub(super) async fn take_back(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(invite): Path<String>,
) -> Result<StatusCode, No> {
    let invite: InviteId = invite.parse().map_err(|_| No::from(nobody("invite")))?;
    judged(shared.log.administer(desk.desk, AdminAct::TakeBack(invite)).await?)?;
    tracing::info!(desk = %desk.desk, %invite, "an admin took an invite back");
    Ok(StatusCode::NO_CONTENT)
}

/// Gives, changes or ends a role.
pub(super) async fn set_role(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(agent): Path<String>,
    body: Bytes,
) -> Result<Json<Changed>, No> {
    let agent = agent_of(&agent)?;
    let RoleAsked { account, role } = read(&body)?;
    let act = AdminAct::SetRole(agent, account.clone(), role);
    let changed = judged(shared.log.administer(desk.desk, act).await?)?;
    tracing::info!(desk = %desk.desk, %agent, %account, changed, "an admin set a role");
    Ok(Json(Changed { changed }))
}

/// Gives a person another name.
pub(super) async fn rename(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(agent): Path<String>,
    body: Bytes,
) -> Result<Json<Changed>, No> {
    let agent = agent_of(&agent)?;
    let asked: NameAsked = read(&body)?;
    let name = name_of_agent(&asked.name).map_err(|fault| No::bad_request(format!("A person: {fault}.")))?;
    let act = AdminAct::Rename(agent, name.to_owned());
    Ok(Json(Changed { changed: judged(shared.log.administer(desk.desk, act).await?)? }))
}

/// Cuts a desk off.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(other): Path<String>,
) -> Result<Json<Changed>, No> {
    let other: DeskId = other.parse().map_err(|_| No::from(nobody("desk")))?;
    let changed = judged(shared.log.administer(desk.desk, AdminAct::Revoke(other)).await?)?;
    tracing::info!(desk = %desk.desk, cut_off = %other, changed, "an admin cut a desk off");
    Ok(Json(Changed { changed }))
}

/// How the last erasure of a customer stands.
pub(super) async fn erasure(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<ErasureStanding>, No> {
    let query = query.unwrap_or_default();
    let customer = url::form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "customer").then(|| CustomerId::from(value.as_ref())))
        .ok_or_else(|| No::bad_request("The call does not name a customer."))?;
    let standing = shared.log.erasure(desk.desk, &AccountId::new(account), &customer).await?;
    let mut standing = judged(standing)?.ok_or_else(No::nothing_waiting)?;
    let now_ms = shared.clock.wall_ms();
    for desk in &mut standing.waiting {
        desk.connected = shared.seen.is_here(desk.desk);
        desk.seen_at_ms = shared.seen.last_ms(desk.desk, now_ms).max(desk.seen_at_ms);
    }
    Ok(Json(standing))
}

fn agent_of(agent: &str) -> Result<AgentId, No> {
    agent.parse().map_err(|_| No::from(nobody("person")))
}

fn judged<T>(judged: Judged<T>) -> Result<T, No> {
    match judged {
        Judged::Done(done) => Ok(done),
        Judged::Not(objection) => Err(objection.into()),
        Judged::Revoked => Err(No::revoked()),
    }
}
