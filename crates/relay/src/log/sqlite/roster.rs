//! Who works here and with which desks, as far as an admin administers it.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::id::AccountId;
use baton_protocol::people::{People, Person, PersonDesk, RoleOn};
use baton_protocol::{AgentId, DeskId};
use sqlx::SqliteConnection;

use super::super::LogError;
use super::row::{storage, text};
use super::{held, invites};
use crate::team::Office;

#[derive(sqlx::FromRow)]
struct DeskRow {
    desk: String,
    agent: String,
    name: String,
    enrolled_at_ms: i64,
    seen_at_ms: Option<i64>,
    revoked_at_ms: Option<i64>,
    wiped_at_ms: Option<i64>,
}

/// Those who have a role on one of the admin's accounts or on none at all, and those of whom a desk may still hold one of them.
pub(super) async fn people(
    conn: &mut SqliteConnection,
    office: &Office,
    now_ms: i64,
) -> Result<People, LogError> {
    let roles = roles(conn).await?;
    let mut desks = desks(conn, office).await?;
    let agents: Vec<(String, String)> =
        sqlx::query_as("select agent, name from agent order by name collate nocase, agent")
            .fetch_all(&mut *conn)
            .await
            .map_err(storage)?;
    let mut people = Vec::new();
    for (agent, name) in agents {
        let agent: AgentId = text(&agent)?;
        let all = roles.get(&agent).map(Vec::as_slice).unwrap_or_default();
        let desks = desks.remove(&agent).unwrap_or_default();
        let holds = desks.iter().any(|desk| !desk.still_holds.is_empty());
        if !all.is_empty() && !office.is_over_one(all) && !holds {
            continue;
        }
        let (roles, wholly) = (office.seen(all), office.is_over_all(all));
        people.push(Person { agent, name, roles, wholly, desks });
    }
    Ok(People { people, invites: invites::open(conn, office, now_ms).await? })
}

async fn roles(conn: &mut SqliteConnection) -> Result<BTreeMap<AgentId, Vec<RoleOn>>, LogError> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select agent, account, role from role order by agent, account")
            .fetch_all(conn)
            .await
            .map_err(storage)?;
    let mut roles: BTreeMap<AgentId, Vec<RoleOn>> = BTreeMap::new();
    for (agent, account, role) in rows {
        let on = RoleOn { account: AccountId::new(account), role: text(&role)? };
        roles.entry(text(&agent)?).or_default().push(on);
    }
    Ok(roles)
}

async fn desks(
    conn: &mut SqliteConnection,
    office: &Office,
) -> Result<BTreeMap<AgentId, Vec<PersonDesk>>, LogError> {
    let rows: Vec<DeskRow> = sqlx::query_as(
        "select desk, agent, name, enrolled_at_ms, seen_at_ms, revoked_at_ms, wiped_at_ms from desk
         order by enrolled_at_ms, desk",
    )
    .fetch_all(&mut *conn)
    .await
    .map_err(storage)?;
    let mut holds: BTreeMap<DeskId, BTreeSet<AccountId>> = BTreeMap::new();
    for (desk, account) in held::lost(conn).await? {
        if office.administers(&account) {
            holds.entry(desk).or_default().insert(account);
        }
    }
    let mut erasures: BTreeMap<DeskId, u32> = BTreeMap::new();
    for (desk, account, count) in held::unconfirmed(conn).await? {
        if office.administers(&account) {
            let known = erasures.entry(desk).or_default();
            *known = known.saturating_add(count);
        }
    }
    let mut desks: BTreeMap<AgentId, Vec<PersonDesk>> = BTreeMap::new();
    for row in rows {
        let desk: DeskId = text(&row.desk)?;
        desks.entry(text(&row.agent)?).or_default().push(PersonDesk {
            desk,
            name: row.name,
            enrolled_at_ms: row.enrolled_at_ms,
            seen_at_ms: row.seen_at_ms,
            connected: false,
            revoked_at_ms: row.revoked_at_ms,
            wiped_at_ms: row.wiped_at_ms,
            still_holds: holds.remove(&desk).unwrap_or_default().into_iter().collect(),
            erasures: erasures.remove(&desk).unwrap_or_default(),
        });
    }
    Ok(desks)
}
