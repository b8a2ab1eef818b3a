//! Invites: kept by their hash, listed by a name that is no secret, and good for what their maker may still give.

use std::collections::BTreeMap;

use baton_messenger::id::{AccountId, Platform};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::people::{OpenInvite, RoleChange, RoleOn};
use baton_protocol::{AgentId, InviteId};
use sqlx::SqliteConnection;

use super::super::LogError;
use super::operate;
use super::people::{accounts_of, agent_name, roles_of};
use super::row::{maybe, storage, text};
use super::writer::Tx;
use crate::people::{InviteAccount, Invited, NewInvite};
use crate::secret::Hash;
use crate::team::Office;

/// What became of an invite that was to be kept.
pub(super) enum Kept {
    /// It is kept.
    Yes,
    /// There is no such agent.
    NoSuchAgent,
    /// It would replace roles that the agent has, and does not say so.
    ChangesRoles(String, Vec<RoleChange>),
}

/// Keeps an invite, unless it would change roles without saying so.
pub(super) async fn keep(tx: &mut Tx<'_>, new: &NewInvite) -> Result<Kept, LogError> {
    let mut name = new.agent_name.clone();
    if let Some(agent) = new.agent {
        match agent_name(tx.conn, agent).await? {
            Some(known) => name = known,
            None => return Ok(Kept::NoSuchAgent),
        }
        let changes = changes(&roles_of(tx.conn, agent).await?, &new.accounts);
        if !new.changes_roles && !changes.is_empty() {
            return Ok(Kept::ChangesRoles(name, changes));
        }
    }
    sqlx::query(
        "insert into invite (invite_hash, agent, agent_name, expires_at_ms, invite, made_by, made_at_ms, changes_roles)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(new.hash.as_str())
    .bind(new.agent.map(|agent| agent.to_string()))
    .bind(&name)
    .bind(new.expires_at_ms)
    .bind(new.invite.to_string())
    .bind(new.made_by.map(|agent| agent.to_string()))
    .bind(tx.now_ms)
    .bind(new.changes_roles)
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for on in &new.accounts {
        operate::know_account(tx, &on.account, on.platform).await?;
        sqlx::query("insert into invite_account (invite_hash, account, role) values (?1, ?2, ?3)")
            .bind(new.hash.as_str())
            .bind(on.account.as_str())
            .bind(on.role.to_string())
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
    }
    Ok(Kept::Yes)
}

/// Roles that would be replaced by others.
pub(super) fn changes(has: &[RoleOn], gets: &[InviteAccount]) -> Vec<RoleChange> {
    let replaced = |on: &InviteAccount| {
        let has = has.iter().find(|has| has.account == on.account && has.role != on.role)?;
        Some(RoleChange { account: on.account.clone(), from: has.role, to: on.role })
    };
    gets.iter().filter_map(replaced).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    agent: Option<String>,
    agent_name: String,
    expires_at_ms: i64,
    made_by: Option<String>,
    changes_roles: bool,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    account: String,
    role: String,
    platform: String,
    name: String,
    connected_at_ms: Option<i64>,
}

/// What an invite is good for that was not used and has not ended; none when it is good for nothing.
pub(super) async fn invited(
    conn: &mut SqliteConnection,
    invite: &Hash,
    now_ms: i64,
) -> Result<Option<Invited>, LogError> {
    let row: Option<Row> = sqlx::query_as(
        "select agent, agent_name, expires_at_ms, made_by, changes_roles from invite
         where invite_hash = ?1 and used_at_ms is null and expires_at_ms > ?2",
    )
    .bind(invite.as_str())
    .bind(now_ms)
    .fetch_optional(&mut *conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    let (agent, made_by) = (maybe(row.agent.as_deref())?, maybe(row.made_by.as_deref())?);
    if !may_still_give(conn, made_by, agent).await? {
        return Ok(None);
    }
    let gives = given(conn, invite, made_by).await?;
    let Some(agent) = agent else {
        let gives_roles = gives.iter().map(role_on).collect();
        // Whatever the maker could give once, there is nothing left of it.
        let is_void = made_by.is_some() && gives.is_empty();
        return Ok((!is_void).then_some(Invited {
            agent: None,
            agent_name: row.agent_name,
            accounts: gives,
            gives: gives_roles,
            changes: Vec::new(),
            expires_at_ms: row.expires_at_ms,
        }));
    };
    let has = accounts_of(conn, agent).await?;
    let (mut will_have, mut new, mut changed) = (has.clone(), Vec::new(), Vec::new());
    for on in gives {
        match will_have.iter_mut().find(|known| known.account == on.account) {
            None => {
                new.push(role_on(&on));
                will_have.push(on);
            }
            Some(known) if row.changes_roles && known.role != on.role => {
                changed.push(RoleChange { account: on.account.clone(), from: known.role, to: on.role });
                new.push(role_on(&on));
                known.role = on.role;
            }
            Some(_) => {}
        }
    }
    will_have.sort_by(|one, other| one.account.cmp(&other.account));
    let agent_name = agent_name(conn, agent).await?.unwrap_or(row.agent_name);
    Ok(Some(Invited {
        agent: Some(agent),
        agent_name,
        accounts: will_have,
        gives: new,
        changes: changed,
        expires_at_ms: row.expires_at_ms,
    }))
}

fn role_on(on: &AccountRole) -> RoleOn {
    RoleOn { account: on.account.clone(), role: on.role }
}

/// Whether whoever made an invite may still make one: an admin whose desks were cut off, or who lost the roles, lets nobody in.
/// Another desk of a person has all that the person has, so it takes an admin of all of that.
async fn may_still_give(
    conn: &mut SqliteConnection,
    made_by: Option<AgentId>,
    agent: Option<AgentId>,
) -> Result<bool, LogError> {
    let Some(made_by) = made_by else { return Ok(true) };
    let has_desk: bool =
        sqlx::query_scalar("select exists (select 1 from desk where agent = ?1 and revoked_at_ms is null)")
            .bind(made_by.to_string())
            .fetch_one(&mut *conn)
            .await
            .map_err(storage)?;
    let Some(agent) = agent.filter(|_| has_desk) else { return Ok(has_desk) };
    let makers = roles_of(conn, made_by).await?;
    let administers =
        |on: &RoleOn| makers.iter().any(|makers| makers.account == on.account && makers.role == Role::Admin);
    Ok(roles_of(conn, agent).await?.iter().all(administers))
}

/// What an invite gives, as far as its maker may still give it.
async fn given(
    conn: &mut SqliteConnection,
    invite: &Hash,
    made_by: Option<AgentId>,
) -> Result<Vec<AccountRole>, LogError> {
    let rows: Vec<AccountRow> = sqlx::query_as(
        "select ia.account, ia.role, account.platform, account.name, account.connected_at_ms
         from invite_account ia join account on account.account = ia.account
         where ia.invite_hash = ?1
           and (?2 is null or exists (select 1 from role where role.agent = ?2 and role.account = ia.account
                                      and role.role = 'admin'))
         order by ia.account",
    )
    .bind(invite.as_str())
    .bind(made_by.map(|agent| agent.to_string()))
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

#[derive(sqlx::FromRow)]
struct OpenRow {
    invite_hash: String,
    invite: String,
    agent: Option<String>,
    agent_name: String,
    made_by: Option<String>,
    made_at_ms: i64,
    expires_at_ms: i64,
}

/// An invite that somebody may still use, with its key and all that it gives.
struct Open {
    hash: String,
    whole: Vec<RoleOn>,
    told: OpenInvite,
}

/// Invites that somebody may still use and that the admin may see, newest first.
pub(super) async fn open(
    conn: &mut SqliteConnection,
    office: &Office,
    now_ms: i64,
) -> Result<Vec<OpenInvite>, LogError> {
    Ok(all_open(conn, office, now_ms).await?.into_iter().map(|open| open.told).collect())
}

async fn all_open(conn: &mut SqliteConnection, office: &Office, now_ms: i64) -> Result<Vec<Open>, LogError> {
    let rows: Vec<OpenRow> = sqlx::query_as(
        "select invite_hash, invite, agent, agent_name, made_by, made_at_ms, expires_at_ms from invite
         where used_at_ms is null and expires_at_ms > ?1 and invite is not null
         order by made_at_ms desc, invite",
    )
    .bind(now_ms)
    .fetch_all(&mut *conn)
    .await
    .map_err(storage)?;
    let accounts: Vec<(String, String, String)> = sqlx::query_as(
        "select ia.invite_hash, ia.account, ia.role from invite_account ia
         join invite on invite.invite_hash = ia.invite_hash
         where invite.used_at_ms is null and invite.expires_at_ms > ?1 order by ia.account",
    )
    .bind(now_ms)
    .fetch_all(&mut *conn)
    .await
    .map_err(storage)?;
    let mut gives: BTreeMap<String, Vec<RoleOn>> = BTreeMap::new();
    for (hash, account, role) in accounts {
        let on = RoleOn { account: AccountId::new(account), role: text(&role)? };
        gives.entry(hash).or_default().push(on);
    }
    let mut found = Vec::new();
    for row in rows {
        let whole = gives.remove(&row.invite_hash).unwrap_or_default();
        let agent: Option<AgentId> = maybe(row.agent.as_deref())?;
        let is_over_person = match agent {
            Some(agent) => office.is_over_all(&roles_of(conn, agent).await?),
            None => false,
        };
        let roles = office.seen(&whole);
        if roles.is_empty() && !(is_over_person && whole.is_empty()) {
            continue;
        }
        let name = match agent {
            Some(agent) => agent_name(conn, agent).await?.unwrap_or(row.agent_name),
            None => row.agent_name,
        };
        let told = OpenInvite {
            invite: text(&row.invite)?,
            agent,
            name,
            roles,
            made_by: maybe(row.made_by.as_deref())?,
            made_at_ms: Some(row.made_at_ms).filter(|at| *at > 0),
            expires_at_ms: row.expires_at_ms,
        };
        found.push(Open { hash: row.invite_hash, whole, told });
    }
    Ok(found)
}

/// Takes an invite back, as far as it is for accounts that the admin administers; what is left of it stays good. False when
/// the admin sees no such invite.
pub(super) async fn take_back(tx: &mut Tx<'_>, office: &Office, invite: InviteId) -> Result<bool, LogError> {
    let open = all_open(tx.conn, office, tx.now_ms).await?;
    let Some(open) = open.into_iter().find(|open| open.told.invite == invite) else { return Ok(false) };
    for on in &open.told.roles {
        sqlx::query("delete from invite_account where invite_hash = ?1 and account = ?2")
            .bind(&open.hash)
            .bind(on.account.as_str())
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
    }
    if open.told.roles.len() < open.whole.len() {
        return Ok(true);
    }
    sqlx::query("delete from invite where invite_hash = ?1")
        .bind(&open.hash)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    Ok(true)
}
