//! What each desk may hold of which account, until it confirmed that it is gone.
//!
//! ```text
//!   a role is given ──▶ held (since the log's head) ──▶ erased there: owed until confirmed
//!                         │ role ended, desk cut off
//!                         ▼
//!                       lost: owed until the desk confirms ──▶ gone
//! ```

use async_trait::async_trait;
use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::people::{DeskWaiting, ErasureAt, ErasureStanding, Removals};
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AgentId, DeskId};
use sqlx::SqliteConnection;

use super::super::{LogError, Read};
use super::row::{column, json, seq, storage, text};
use super::writer::{Tx, Work};

/// The slot of the newest erasure of a customer, see [`super::snapshot`].
const ERASED: &str = "customer_erased";

/// An agent may read an account: so may all desks of theirs that are not cut off.
pub(super) async fn given_to_agent(
    tx: &mut Tx<'_>,
    agent: AgentId,
    account: &AccountId,
) -> Result<(), LogError> {
    sqlx::query(
        "insert into held (desk, account, since_seq)
         select desk.desk, log.log, log.head from desk join log on log.log = ?2
         where desk.agent = ?1 and desk.revoked_at_ms is null
         on conflict (desk, account) do update set lost_at_ms = null",
    )
    .bind(agent.to_string())
    .bind(account.as_str())
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// A new desk may read what its agent may.
pub(super) async fn given_to_desk(tx: &mut Tx<'_>, desk: DeskId, agent: AgentId) -> Result<(), LogError> {
    sqlx::query(
        "insert into held (desk, account, since_seq)
         select ?1, role.account, log.head from role join log on log.log = role.account
         where role.agent = ?2
         on conflict (desk, account) do update set lost_at_ms = null",
    )
    .bind(desk.to_string())
    .bind(agent.to_string())
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// An agent may not read an account any more.
pub(super) async fn lost_by_agent(
    tx: &mut Tx<'_>,
    agent: AgentId,
    account: &AccountId,
) -> Result<(), LogError> {
    sqlx::query(
        "update held set lost_at_ms = ?3
         where account = ?2 and lost_at_ms is null and desk in (select desk from desk where agent = ?1)",
    )
    .bind(agent.to_string())
    .bind(account.as_str())
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// A desk was cut off.
pub(super) async fn lost_by_desk(tx: &mut Tx<'_>, desk: DeskId) -> Result<(), LogError> {
    sqlx::query("update held set lost_at_ms = ?2 where desk = ?1 and lost_at_ms is null")
        .bind(desk.to_string())
        .bind(tx.now_ms)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    Ok(())
}

/// What a desk has to remove and did not confirm.
pub(super) async fn owed(conn: &mut SqliteConnection, desk: DeskId) -> Result<Removals, LogError> {
    let desk = desk.to_string();
    let erasures: Vec<(String, i64)> = sqlx::query_as(
        "select fact.account, fact.seq from held
         join thread_fact fact on fact.account = held.account and fact.slot = ?2 and fact.seq > held.since_seq
         where held.desk = ?1 and held.lost_at_ms is null
           and not exists (select 1 from erasure_done done
                           where done.desk = held.desk and done.account = fact.account and done.seq = fact.seq)
         order by fact.account, fact.seq",
    )
    .bind(&desk)
    .bind(ERASED)
    .fetch_all(&mut *conn)
    .await
    .map_err(storage)?;
    let accounts: Vec<String> = sqlx::query_scalar(
        "select account from held where desk = ?1 and lost_at_ms is not null order by account",
    )
    .bind(&desk)
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    let at = |(account, at): (String, i64)| ErasureAt { account: AccountId::new(account), seq: seq(at) };
    Ok(Removals {
        erasures: erasures.into_iter().map(at).collect(),
        accounts: accounts.into_iter().map(AccountId::new).collect(),
    })
}

/// Whether a customer was erased and a desk did not confirm it yet: it may still tell what it wrote to them before.
pub(super) async fn owes(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<bool, LogError> {
    sqlx::query_scalar(
        "select exists (
           select 1 from thread_fact fact join held on held.account = fact.account and held.desk = ?4
           where fact.account = ?1 and fact.customer = ?2 and fact.slot = ?3 and fact.seq > held.since_seq
             and not exists (select 1 from erasure_done done
                             where done.desk = held.desk and done.account = fact.account and done.seq = fact.seq))",
    )
    .bind(account.as_str())
    .bind(customer.as_str())
    .bind(ERASED)
    .bind(desk.to_string())
    .fetch_one(conn)
    .await
    .map_err(storage)
}

/// A desk says what is gone from it.
pub(super) struct Gone {
    pub(super) desk: DeskId,
    pub(super) gone: Removals,
}

#[async_trait]
impl Work for Gone {
    type Answer = Read<()>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Read<()>, LogError> {
        let desk = self.desk.to_string();
        let revoked: Option<Option<i64>> =
            sqlx::query_scalar("select revoked_at_ms from desk where desk = ?1")
                .bind(&desk)
                .fetch_optional(&mut *tx.conn)
                .await
                .map_err(storage)?;
        if !matches!(revoked, Some(None)) {
            return Ok(Read::Revoked);
        }
        for erasure in &self.gone.erasures {
            sqlx::query(
                "insert into erasure_done (desk, account, seq)
                 select held.desk, fact.account, fact.seq from held
                 join thread_fact fact on fact.account = held.account and fact.slot = ?4
                 where held.desk = ?1 and held.account = ?2 and fact.seq = ?3
                 on conflict do nothing",
            )
            .bind(&desk)
            .bind(erasure.account.as_str())
            .bind(column(erasure.seq))
            .bind(ERASED)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        }
        for account in &self.gone.accounts {
            let done =
                sqlx::query("delete from held where desk = ?1 and account = ?2 and lost_at_ms is not null")
                    .bind(&desk)
                    .bind(account.as_str())
                    .execute(&mut *tx.conn)
                    .await
                    .map_err(storage)?;
            if done.rows_affected() > 0 {
                forget_erasures(tx, &desk, Some(account)).await?;
            }
        }
        Ok(Read::Found(()))
    }
}

/// Whoever holds nothing of an account owes none of its erasures.
async fn forget_erasures(tx: &mut Tx<'_>, desk: &str, account: Option<&AccountId>) -> Result<(), LogError> {
    sqlx::query("delete from erasure_done where desk = ?1 and (?2 is null or account = ?2)")
        .bind(desk)
        .bind(account.map(AccountId::as_str))
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    Ok(())
}

/// A desk that was cut off says that nothing is left on it.
pub(super) struct Wiped(pub(super) crate::secret::Hash);

#[async_trait]
impl Work for Wiped {
    type Answer = Option<bool>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Option<bool>, LogError> {
        let found: Option<(String, Option<i64>)> =
            sqlx::query_as("select desk, revoked_at_ms from desk where token_hash = ?1")
                .bind(self.0.as_str())
                .fetch_optional(&mut *tx.conn)
                .await
                .map_err(storage)?;
        let Some((desk, revoked_at_ms)) = found else { return Ok(None) };
        if revoked_at_ms.is_none() {
            return Ok(Some(false));
        }
        sqlx::query("update desk set wiped_at_ms = coalesce(wiped_at_ms, ?2) where desk = ?1")
            .bind(&desk)
            .bind(tx.now_ms)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        sqlx::query("delete from held where desk = ?1")
            .bind(&desk)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        forget_erasures(tx, &desk, None).await?;
        Ok(Some(true))
    }
}

/// Keeps when desks were last connected.
pub(super) struct SeenAt(pub(super) Vec<(DeskId, i64)>);

#[async_trait]
impl Work for SeenAt {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        for (desk, at_ms) in &self.0 {
            sqlx::query("update desk set seen_at_ms = max(coalesce(seen_at_ms, 0), ?2) where desk = ?1")
                .bind(desk.to_string())
                .bind(at_ms)
                .execute(&mut *tx.conn)
                .await
                .map_err(storage)?;
        }
        Ok(())
    }
}

/// Accounts that desks may not read any more and did not confirm to have removed.
pub(super) async fn lost(conn: &mut SqliteConnection) -> Result<Vec<(DeskId, AccountId)>, LogError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select desk, account from held where lost_at_ms is not null order by desk, account")
            .fetch_all(conn)
            .await
            .map_err(storage)?;
    rows.into_iter().map(|(desk, account)| Ok((text(&desk)?, AccountId::new(account)))).collect()
}

/// How many erasures each desk did not confirm, by account.
pub(super) async fn unconfirmed(
    conn: &mut SqliteConnection,
) -> Result<Vec<(DeskId, AccountId, u32)>, LogError> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select held.desk, held.account, count(*) from held
         join thread_fact fact on fact.account = held.account and fact.slot = ?1 and fact.seq > held.since_seq
         where not exists (select 1 from erasure_done done
                           where done.desk = held.desk and done.account = fact.account and done.seq = fact.seq)
         group by held.desk, held.account",
    )
    .bind(ERASED)
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter()
        .map(|(desk, account, count)| {
            Ok((text(&desk)?, AccountId::new(account), u32::try_from(count).unwrap_or(u32::MAX)))
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    desk: String,
    name: String,
    agent_name: String,
    seen_at_ms: Option<i64>,
    revoked_at_ms: Option<i64>,
}

/// How the last erasure of a customer stands; none when there was none.
pub(super) async fn erasure(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<Option<ErasureStanding>, LogError> {
    let fact: Option<(i64, i64, String)> = sqlx::query_as(
        "select entry.seq, entry.at_ms, entry.body from thread_fact fact
         join entry on entry.log = fact.account and entry.seq = fact.seq
         where fact.account = ?1 and fact.customer = ?2 and fact.slot = ?3",
    )
    .bind(account.as_str())
    .bind(customer.as_str())
    .bind(ERASED)
    .fetch_optional(&mut *conn)
    .await
    .map_err(storage)?;
    let Some((at, at_ms, body)) = fact else { return Ok(None) };
    let by = match json::<TeamFact>(&body)? {
        TeamFact::CustomerErased { by: Actor::Agent { agent, .. }, .. } => Some(agent),
        _ => None,
    };
    let waiting: Vec<WaitingRow> = sqlx::query_as(
        "select held.desk, desk.name, agent.name as agent_name, desk.seen_at_ms, desk.revoked_at_ms
         from held join desk on desk.desk = held.desk join agent on agent.agent = desk.agent
         where held.account = ?1 and held.since_seq < ?2
           and not exists (select 1 from erasure_done done
                           where done.desk = held.desk and done.account = held.account and done.seq = ?2)
         order by desk.enrolled_at_ms, desk.desk",
    )
    .bind(account.as_str())
    .bind(at)
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    let waiting = waiting.into_iter().map(|row| {
        Ok(DeskWaiting {
            desk: text(&row.desk)?,
            name: row.name,
            agent_name: row.agent_name,
            seen_at_ms: row.seen_at_ms,
            connected: false,
            is_revoked: row.revoked_at_ms.is_some(),
        })
    });
    Ok(Some(ErasureStanding {
        customer: customer.clone(),
        seq: seq(at),
        at_ms,
        by,
        waiting: waiting.collect::<Result<_, LogError>>()?,
    }))
}
