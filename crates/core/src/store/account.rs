//! Tables `account`, `app`, `agent`, `agent_role`, `desk` and `canned_reply`: what holds for a whole account or for the
//! workspace. Each field belongs to the fact with the highest seq that speaks of it.

use std::collections::BTreeMap;

use baton_messenger::id::{AppId, Platform};
use baton_messenger::routing::AppRole;
use baton_protocol::account::{HumanAgentRight, RoutingMode, WaitingRule};
use baton_protocol::audit::UnreadThread;
use baton_protocol::enrol::Role;
use baton_protocol::team::TeamFact;
use baton_protocol::{AccountId, AgentId};
use baton_thread::AccountFacts;
use baton_thread::owner::KnownApp;
use serde::Deserialize;
use sqlx::AssertSqlSafe;

use super::error::{of_json, parsed, parsed_some, to_json};
use super::{Conn, Policed, Result, Store, ThreadId, refused_take, seq_in};

/// An account, as its log tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Meta's id.
    pub account: AccountId,
    /// Messenger or Instagram; none before it was connected.
    pub platform: Option<Platform>,
    /// As Meta names it.
    pub name: Option<String>,
    /// The Page it is linked to; itself on Messenger.
    pub page: Option<AccountId>,
    /// Our app.
    pub our_app: Option<AppId>,
    /// True while it is connected.
    pub connected: bool,
    /// When it was last connected, milliseconds UTC of the relay.
    pub connected_ms: Option<i64>,
    /// True while Meta sends what happens there, as far as anybody found out.
    pub subscribed: bool,
    /// Webhook fields that Meta confirmed.
    pub fields: Vec<String>,
    /// What Meta sends our app of the platform at all, as the relay found out; none when it never said.
    pub app_sent: Option<AppSent>,
    /// How routing stands.
    pub routing: RoutingMode,
    /// The default app.
    pub default_app: Option<AppId>,
    /// Whether late replies may be sent.
    pub human_agent: HumanAgentRight,
    /// What a reply does while the relay is away.
    pub waiting_rule: WaitingRule,
    /// Whether Meta accepts the Page token, as the team knows it.
    pub token_alive: Option<bool>,
    /// Whether Meta gives the names of customers; none when nobody found out.
    pub names_given: Option<bool>,
    /// When the relay received the newest webhook held here, milliseconds UTC.
    pub last_event_ms: Option<i64>,
    /// What Meta did to it last: a warning, a block, or its end.
    pub policed: Option<Policed>,
    /// True where a thread goes back to the default app when an agent is done with it.
    pub hand_back: bool,
    /// True while reading its history is paused.
    pub history_paused: bool,
    /// What had changed there before this moment is in the log, as far as Meta gives it; milliseconds UTC of Meta.
    pub history_through_ms: Option<i64>,
    /// But for these threads, which Meta failed to give.
    pub history_unread: Vec<UnreadThread>,
}

/// What Meta sends our app of one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSent {
    /// True while it sends anything.
    pub subscribed: bool,
    /// Those webhook fields of the app that an inbox asks for.
    pub fields: Vec<String>,
}

/// An agent of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRow {
    /// Our id.
    pub agent: AgentId,
    /// The current name.
    pub name: String,
}

/// Somebody who works on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Our id.
    pub agent: AgentId,
    /// The current name.
    pub name: String,
    /// As what.
    pub role: Role,
}

#[derive(sqlx::FromRow)]
struct Row {
    account: String,
    platform: Option<String>,
    name: Option<String>,
    page: Option<String>,
    our_app: Option<String>,
    connected_ms: Option<i64>,
    connected_seq: i64,
    removed_seq: i64,
    subscribed: bool,
    fields: Option<String>,
    app_subscribed: Option<bool>,
    app_fields: Option<String>,
    routing: String,
    default_app: Option<String>,
    human_agent: String,
    waiting_rule: String,
    token_alive: Option<bool>,
    names_given: Option<bool>,
    last_event_ms: Option<i64>,
    policy: Option<String>,
    policy_reason: Option<String>,
    policy_ms: i64,
    hand_back: bool,
    history_paused: bool,
    history_through_ms: Option<i64>,
    history_unread: Option<String>,
}

impl Store {
    /// All accounts of which this desk has entries.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn accounts(&self) -> Result<Vec<AccountRow>> {
        let mut conn = self.read().acquire().await?;
        all(&mut conn).await
    }

    /// One account.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn account(&self, account: &AccountId) -> Result<Option<AccountRow>> {
        let mut conn = self.read().acquire().await?;
        one(&mut conn, account).await
    }

    /// What matters to control on an account, with the names of its apps.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn account_facts(&self, account: &AccountId) -> Result<AccountFacts> {
        let mut conn = self.read().acquire().await?;
        facts(&mut conn, account).await
    }

    /// The agents of the workspace, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn agents(&self) -> Result<Vec<AgentRow>> {
        let mut conn = self.read().acquire().await?;
        agents(&mut conn).await
    }

    /// The role of an agent on an account, as the workspace log tells it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn agent_role(&self, agent: AgentId, account: &AccountId) -> Result<Option<Role>> {
        let mut conn = self.read().acquire().await?;
        role(&mut conn, agent, account).await
    }

    /// Everybody who works on an account, as the workspace log tells it, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn members(&self, account: &AccountId) -> Result<Vec<MemberRow>> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT r.agent, a.name, r.role FROM agent_role r JOIN agent a ON a.agent = r.agent
             WHERE r.account = ? AND r.role IS NOT NULL ORDER BY a.name, r.agent",
        )
        .bind(account.as_str())
        .fetch_all(self.read())
        .await?;
        rows.into_iter()
            .map(|(agent, name, role)| Ok(MemberRow { agent: parsed(&agent)?, name, role: parsed(&role)? }))
            .collect()
    }

    /// The highest role of an agent on any account, as the workspace log tells it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn highest_role(&self, agent: AgentId) -> Result<Option<Role>> {
        let roles: Vec<String> =
            sqlx::query_scalar("SELECT role FROM agent_role WHERE agent = ? AND role IS NOT NULL")
                .bind(agent.to_string())
                .fetch_all(self.read())
                .await?;
        let roles: Vec<Role> = roles.iter().map(|role| parsed(role)).collect::<Result<_>>()?;
        Ok(roles.into_iter().max())
    }
}

/// The role of an agent on an account.
pub(super) async fn role(conn: &mut Conn, agent: AgentId, account: &AccountId) -> Result<Option<Role>> {
    let role: Option<Option<String>> =
        sqlx::query_scalar("SELECT role FROM agent_role WHERE agent = ? AND account = ?")
            .bind(agent.to_string())
            .bind(account.as_str())
            .fetch_optional(conn)
            .await?;
    parsed_some(role.flatten().as_deref())
}

/// All accounts.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<AccountRow>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT account, platform, name, page, our_app, connected_ms, connected_seq, removed_seq, subscribed, fields,
           routing, default_app, human_agent, waiting_rule, token_alive, names_given, last_event_ms, policy,
           policy_reason, policy_ms, hand_back, history_paused, history_through_ms, history_unread, app_subscribed,
           app_fields
         FROM account ORDER BY account",
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(AccountRow::try_from).collect()
}

/// The agents of the workspace, by name.
pub(super) async fn agents(conn: &mut Conn) -> Result<Vec<AgentRow>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT agent, name FROM agent ORDER BY name, agent").fetch_all(conn).await?;
    rows.into_iter().map(|(agent, name)| Ok(AgentRow { agent: parsed(&agent)?, name })).collect()
}

pub(super) async fn one(conn: &mut Conn, account: &AccountId) -> Result<Option<AccountRow>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT account, platform, name, page, our_app, connected_ms, connected_seq, removed_seq, subscribed, fields,
           routing, default_app, human_agent, waiting_rule, token_alive, names_given, last_event_ms, policy,
           policy_reason, policy_ms, hand_back, history_paused, history_through_ms, history_unread, app_subscribed,
           app_fields
         FROM account WHERE account = ?",
    )
    .bind(account.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(AccountRow::try_from).transpose()
}

/// What matters to control on an account: its platform, our app, its routing, its default app, the apps that were seen
/// or named there, and the roles that Meta told of. Asked for with every answer and every batch, so it is one look.
const FACTS: &str = "SELECT json_array(a.platform, a.our_app, a.routing, a.default_app,
    json((SELECT json_group_array(json_array(p.app, p.name, p.answers_count)) FROM app p
          WHERE p.account = asked.account)),
    json((SELECT json_group_array(json_array(r.app, r.role)) FROM app_role r
          WHERE r.account = asked.account AND r.role IS NOT NULL)),
    EXISTS (SELECT 1 FROM setting s WHERE s.name = 'core.take_refused.' || asked.account))
  FROM asked LEFT JOIN account a ON a.account = asked.account";

/// In the order of the columns of [`FACTS`].
#[derive(Deserialize)]
struct FactsRow {
    platform: Option<String>,
    our_app: Option<String>,
    /// None where the account has no row yet.
    routing: Option<String>,
    default_app: Option<String>,
    apps: Vec<(String, String, i64)>,
    roles: Vec<(String, String)>,
    /// See `super::refused_take`.
    take_refused: i64,
}

pub(super) async fn facts(conn: &mut Conn, account: &AccountId) -> Result<AccountFacts> {
    facts_of(facts_row(conn, account).await?)
}

/// The same, and the account has its row afterwards.
pub(super) async fn facts_of_ensured(conn: &mut Conn, account: &AccountId) -> Result<AccountFacts> {
    let row = facts_row(conn, account).await?;
    if row.routing.is_none() {
        ensure(conn, account).await?;
        return facts(conn, account).await;
    }
    facts_of(row)
}

async fn facts_row(conn: &mut Conn, account: &AccountId) -> Result<FactsRow> {
    let sql = format!("WITH asked AS (SELECT ? AS account) {FACTS}");
    let row: String = sqlx::query_scalar(AssertSqlSafe(sql)).bind(account.as_str()).fetch_one(conn).await?;
    of_json(&row)
}

/// The same of a thread's account; none where there is no such thread.
pub(super) async fn facts_of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Option<AccountFacts>> {
    let sql = format!("WITH asked AS (SELECT account FROM thread WHERE thread_id = ?) {FACTS}");
    let row: Option<String> =
        sqlx::query_scalar(AssertSqlSafe(sql)).bind(thread.0).fetch_optional(conn).await?;
    row.map(|row| facts_of(of_json(&row)?)).transpose()
}

fn facts_of(row: FactsRow) -> Result<AccountFacts> {
    let apps: BTreeMap<AppId, KnownApp> = row
        .apps
        .into_iter()
        .map(|(app, name, counts)| (AppId::from(app), KnownApp { name, answers_count: counts != 0 }))
        .collect();
    let Some(routing) = row.routing else { return Ok(AccountFacts { apps, ..AccountFacts::default() }) };
    let routing: RoutingMode = parsed(&routing)?;
    let roles: BTreeMap<AppId, AppRole> = row
        .roles
        .into_iter()
        .map(|(app, role)| Ok((AppId::from(app), parsed(&role)?)))
        .collect::<Result<_>>()?;
    let our_app = row.our_app.map(AppId::from);
    // A secondary receiver's threads go back to the primary one, where Meta says which app that is.
    let primary = roles.iter().find(|(_, role)| **role == AppRole::PrimaryReceiver);
    let receiver = primary.filter(|_| routing == RoutingMode::HopV2).map(|(app, _)| app.clone());
    Ok(AccountFacts {
        platform: parsed_some(row.platform.as_deref())?,
        default_app: row.default_app.map(AppId::from).or(receiver),
        role: our_app.as_ref().and_then(|app| roles.get(app)).copied(),
        our_app,
        routing,
        take_refused: row.take_refused != 0,
        apps,
    })
}

/// Makes the account's row when it is not there.
pub(super) async fn ensure(conn: &mut Conn, account: &AccountId) -> Result<()> {
    sqlx::query("INSERT INTO account (account) VALUES (?) ON CONFLICT DO NOTHING")
        .bind(account.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn heard(conn: &mut Conn, account: &AccountId, received_ms: i64) -> Result<()> {
    sqlx::query("UPDATE account SET last_event_ms = max(coalesce(last_event_ms, 0), ?2) WHERE account = ?1")
        .bind(account.as_str())
        .bind(received_ms)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes in a fact about the account.
pub(super) async fn apply(
    conn: &mut Conn,
    account: &AccountId,
    seq: u64,
    at_ms: i64,
    fact: &TeamFact,
) -> Result<()> {
    refused_take::heard(conn, account, fact).await?;
    let seq = seq_in(seq);
    let id = account.as_str();
    let query = match fact {
        TeamFact::AccountConnected { platform, name, page, app, routing, fields, .. } => {
            sqlx::query(
                "UPDATE account SET platform = ?3, name = ?4, page = ?5, our_app = ?6, connected_ms = ?7,
                   connected_seq = ?2
                 WHERE account = ?1 AND connected_seq < ?2",
            )
            .bind(id)
            .bind(seq)
            .bind(platform.as_str())
            .bind(name)
            .bind(page.as_str())
            .bind(app.as_str())
            .bind(at_ms)
            .execute(&mut *conn)
            .await?;
            sent(conn, account, seq, true, fields).await?;
            sqlx::query("INSERT INTO connection (account, seq, at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(seq)
                .bind(at_ms)
                .execute(&mut *conn)
                .await?;
            sqlx::query("UPDATE account SET routing = ?3, routing_seq = ?2 WHERE account = ?1 AND routing_seq < ?2")
                .bind(id)
                .bind(seq)
                .bind(routing.to_string())
        }
        TeamFact::AccountRemoved { .. } => {
            sqlx::query("UPDATE account SET removed_seq = max(removed_seq, ?2) WHERE account = ?1").bind(id).bind(seq)
        }
        TeamFact::RoutingSet { routing, default_app } => {
            sqlx::query("UPDATE account SET routing = ?3, routing_seq = ?2 WHERE account = ?1 AND routing_seq < ?2")
                .bind(id)
                .bind(seq)
                .bind(routing.to_string())
                .execute(&mut *conn)
                .await?;
            sqlx::query(
                "UPDATE account SET default_app = ?3, default_app_seq = ?2 WHERE account = ?1 AND default_app_seq < ?2",
            )
            .bind(id)
            .bind(seq)
            .bind(default_app.as_ref().map(AppId::as_str))
        }
        TeamFact::HumanAgentSet { right, .. } => sqlx::query(
            "UPDATE account SET human_agent = ?3, human_agent_seq = ?2 WHERE account = ?1 AND human_agent_seq < ?2",
        )
        .bind(id)
        .bind(seq)
        .bind(right.to_string()),
        TeamFact::WaitingSet { rule } => sqlx::query(
            "UPDATE account SET waiting_rule = ?3, waiting_seq = ?2 WHERE account = ?1 AND waiting_seq < ?2",
        )
        .bind(id)
        .bind(seq)
        .bind(rule.to_string()),
        TeamFact::TokenHealth { alive, .. } => {
            sqlx::query("UPDATE account SET token_alive = ?3, token_seq = ?2 WHERE account = ?1 AND token_seq < ?2")
                .bind(id)
                .bind(seq)
                .bind(*alive)
        }
        TeamFact::AccountChecked { routing, subscribed, fields, .. } => {
            sent(conn, account, seq, *subscribed, fields).await?;
            sqlx::query("UPDATE account SET routing = ?3, routing_seq = ?2 WHERE account = ?1 AND routing_seq < ?2")
                .bind(id)
                .bind(seq)
                .bind(routing.to_string())
        }
        TeamFact::AppSubscribed { subscribed, fields } => sqlx::query(
            "UPDATE account SET app_subscribed = ?3, app_fields = ?4, app_subscribed_seq = ?2
             WHERE account = ?1 AND app_subscribed_seq < ?2",
        )
        .bind(id)
        .bind(seq)
        .bind(*subscribed)
        .bind(to_json(fields)?),
        TeamFact::NamesGiven { given, .. } => {
            sqlx::query("UPDATE account SET names_given = ?3, names_seq = ?2 WHERE account = ?1 AND names_seq < ?2")
                .bind(id)
                .bind(seq)
                .bind(*given)
        }
        TeamFact::HandBackSet { on, .. } => sqlx::query(
            "UPDATE account SET hand_back = ?3, hand_back_seq = ?2 WHERE account = ?1 AND hand_back_seq < ?2",
        )
        .bind(id)
        .bind(seq)
        .bind(*on),
        TeamFact::HistoryPaused { paused, .. } => sqlx::query(
            "UPDATE account SET history_paused = ?3, history_paused_seq = ?2
             WHERE account = ?1 AND history_paused_seq < ?2",
        )
        .bind(id)
        .bind(seq)
        .bind(*paused),
        TeamFact::HistoryRead { through_ms, unread, .. } => sqlx::query(
            "UPDATE account SET history_through_ms = ?2, history_unread = ?3
             WHERE account = ?1 AND coalesce(history_through_ms, ?2) <= ?2",
        )
        .bind(id)
        .bind(*through_ms)
        .bind(if unread.is_empty() { None } else { Some(to_json(unread)?) }),
        TeamFact::AppNamed { app, name, answers_count } => sqlx::query(
            "INSERT INTO app (account, app, name, answers_count, seq) VALUES (?1, ?3, ?4, ?5, ?2)
             ON CONFLICT DO UPDATE SET name = excluded.name, answers_count = excluded.answers_count, seq = excluded.seq
             WHERE excluded.seq > app.seq",
        )
        .bind(id)
        .bind(seq)
        .bind(app.as_str())
        .bind(name)
        .bind(*answers_count),
        _ => return Ok(()),
    };
    query.execute(conn).await?;
    Ok(())
}

/// What Meta sends of the account, as one fact says.
async fn sent(
    conn: &mut Conn,
    account: &AccountId,
    seq: i64,
    subscribed: bool,
    fields: &[String],
) -> Result<()> {
    sqlx::query(
        "UPDATE account SET subscribed = ?3, fields = ?4, fields_seq = ?2 WHERE account = ?1 AND fields_seq < ?2",
    )
    .bind(account.as_str())
    .bind(seq)
    .bind(subscribed)
    .bind(to_json(&fields)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes in a fact of the workspace log.
pub(super) async fn apply_workspace(conn: &mut Conn, seq: u64, fact: &TeamFact) -> Result<()> {
    let seq = seq_in(seq);
    let query = match fact {
        TeamFact::AgentNamed { agent, name } => sqlx::query(
            "INSERT INTO agent (agent, name, seq) VALUES (?2, ?3, ?1)
             ON CONFLICT DO UPDATE SET name = excluded.name, seq = excluded.seq WHERE excluded.seq > agent.seq",
        )
        .bind(seq)
        .bind(agent.to_string())
        .bind(name),
        TeamFact::RoleSet { agent, account, role } => sqlx::query(
            "INSERT INTO agent_role (agent, account, role, seq) VALUES (?2, ?3, ?4, ?1)
             ON CONFLICT DO UPDATE SET role = excluded.role, seq = excluded.seq WHERE excluded.seq > agent_role.seq",
        )
        .bind(seq)
        .bind(agent.to_string())
        .bind(account.as_str())
        .bind(role.map(|role| role.to_string())),
        TeamFact::DeskEnrolled { desk, agent, name } => sqlx::query(
            "INSERT INTO desk (desk, agent, name, enrolled_seq) VALUES (?2, ?3, ?4, ?1)
             ON CONFLICT DO UPDATE SET agent = excluded.agent, name = excluded.name,
               enrolled_seq = excluded.enrolled_seq
             WHERE excluded.enrolled_seq > desk.enrolled_seq",
        )
        .bind(seq)
        .bind(desk.to_string())
        .bind(agent.to_string())
        .bind(name),
        TeamFact::DeskRevoked { desk } => sqlx::query(
            "INSERT INTO desk (desk, revoked_seq) VALUES (?2, ?1)
             ON CONFLICT DO UPDATE SET revoked_seq = max(desk.revoked_seq, excluded.revoked_seq)",
        )
        .bind(seq)
        .bind(desk.to_string()),
        TeamFact::LabelDefined { label, name, colour, removed } => sqlx::query(
            "INSERT INTO label (label, name, colour, removed, seq) VALUES (?2, ?3, ?4, ?5, ?1)
             ON CONFLICT DO UPDATE SET name = excluded.name, colour = excluded.colour, removed = excluded.removed,
               seq = excluded.seq
             WHERE excluded.seq > label.seq",
        )
        .bind(seq)
        .bind(label.to_string())
        .bind(name)
        .bind(colour)
        .bind(*removed),
        TeamFact::CannedReplySet { name, text } => sqlx::query(
            "INSERT INTO canned_reply (name, text, seq) VALUES (?2, ?3, ?1)
             ON CONFLICT DO UPDATE SET text = excluded.text, seq = excluded.seq WHERE excluded.seq > canned_reply.seq",
        )
        .bind(seq)
        .bind(name)
        .bind(text.as_deref()),
        _ => return Ok(()),
    };
    query.execute(conn).await?;
    Ok(())
}

/// Drops what team facts said, for a resync. Meta's facts stay.
pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    sqlx::query("DELETE FROM app WHERE account = ?").bind(account.as_str()).execute(&mut *conn).await?;
    sqlx::query("DELETE FROM connection WHERE account = ?")
        .bind(account.as_str())
        .execute(&mut *conn)
        .await?;
    let kept: Option<Kept> = sqlx::query_as(
        "DELETE FROM account WHERE account = ?
         RETURNING last_event_ms, policy, policy_reason, policy_ms, policy_key",
    )
    .bind(account.as_str())
    .fetch_optional(&mut *conn)
    .await?;
    let kept = kept.unwrap_or_default();
    sqlx::query(
        "INSERT INTO account (account, last_event_ms, policy, policy_reason, policy_ms, policy_key)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(account.as_str())
    .bind(kept.last_event_ms)
    .bind(kept.policy)
    .bind(kept.policy_reason)
    .bind(kept.policy_ms)
    .bind(kept.policy_key)
    .execute(conn)
    .await?;
    Ok(())
}

/// What of an account's row Meta told.
#[derive(Default, sqlx::FromRow)]
struct Kept {
    last_event_ms: Option<i64>,
    policy: Option<String>,
    policy_reason: Option<String>,
    policy_ms: i64,
    policy_key: String,
}

/// Drops what the workspace log said, for a resync.
pub(super) async fn forget_workspace(conn: &mut Conn) -> Result<()> {
    for table in ["agent", "agent_role", "desk", "label", "canned_reply"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *conn).await?;
    }
    Ok(())
}

impl TryFrom<Row> for AccountRow {
    type Error = super::StoreError;
    fn try_from(row: Row) -> Result<Self> {
        let app_fields = row.app_fields.as_deref().map(of_json).transpose()?.unwrap_or_default();
        Ok(Self {
            account: AccountId::from(row.account),
            platform: parsed_some(row.platform.as_deref())?,
            name: row.name,
            page: row.page.map(AccountId::from),
            our_app: row.our_app.map(AppId::from),
            connected: row.connected_seq > row.removed_seq,
            connected_ms: row.connected_ms,
            subscribed: row.subscribed,
            fields: row.fields.as_deref().map(of_json).transpose()?.unwrap_or_default(),
            app_sent: row.app_subscribed.map(|subscribed| AppSent { subscribed, fields: app_fields }),
            routing: parsed(&row.routing)?,
            default_app: row.default_app.map(AppId::from),
            human_agent: parsed(&row.human_agent)?,
            waiting_rule: parsed(&row.waiting_rule)?,
            token_alive: row.token_alive,
            names_given: row.names_given,
            last_event_ms: row.last_event_ms,
            policed: Policed::of(row.policy.as_deref(), row.policy_reason, row.policy_ms)?,
            hand_back: row.hand_back,
            history_paused: row.history_paused,
            history_through_ms: row.history_through_ms,
            history_unread: row.history_unread.as_deref().map(of_json).transpose()?.unwrap_or_default(),
        })
    }
}
