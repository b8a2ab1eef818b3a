//! Queues of accounts as tables have them, and moves of threads by their rules.

use std::collections::BTreeSet;

use async_trait::async_trait;
use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::AgentId;
use baton_protocol::team::{Actor, TeamFact};
use sqlx::SqliteConnection;

use super::super::LogError;
use super::super::queue::QueueNow;
use super::row::{json, maybe, seq, storage, text};
use super::turns::{self, Served};
use super::writer::{Tx, Work};
use super::{people, team};
use crate::team::ThreadState;
use crate::team::queue::{Move, Standing, Stands, To};

/// The queues of all connected accounts.
pub(super) async fn all(conn: &mut SqliteConnection) -> Result<Vec<QueueNow>, LogError> {
    let rows = sqlx::query!(
        r#"select account as "account!", queue_last, human_agent as "human_agent!",
                  (select rules from queue_set where queue_set.account = account.account order by seq desc limit 1)
                    as "rules?: String"
           from account where connected_at_ms is not null order by account"#
    )
    .fetch_all(&mut *conn)
    .await
    .map_err(storage)?;
    let mut queues = Vec::new();
    for row in rows {
        let account = AccountId::new(row.account);
        queues.push(QueueNow {
            rules: row.rules.as_deref().map(json).transpose()?.unwrap_or_default(),
            human_agent: text(&row.human_agent)?,
            last: maybe(row.queue_last.as_deref())?,
            members: members(conn, &account).await?,
            threads: threads(conn, &account).await?,
            account,
        });
    }
    Ok(queues)
}

async fn members(conn: &mut SqliteConnection, account: &AccountId) -> Result<BTreeSet<AgentId>, LogError> {
    let name = account.as_str();
    let rows = sqlx::query!(r#"select agent as "agent!" from role where account = ?1"#, name)
        .fetch_all(conn)
        .await
        .map_err(storage)?;
    rows.iter().map(|row| text(&row.agent)).collect()
}

/// Threads that are open or asleep, by their own index: by itself the database would go through all threads of the account.
async fn threads(
    conn: &mut SqliteConnection,
    account: &AccountId,
) -> Result<Vec<(CustomerId, Standing)>, LogError> {
    let name = account.as_str();
    let rows = sqlx::query!(
        r#"select customer as "customer!", version as "version!", assignee, stands as "stands!", waits_ms, word_ms,
                  wakes_ms, is_reopened as "is_reopened!: bool"
           from thread indexed by thread_at_work
           where account = ?1 and stands in ('open', 'asleep')"#,
        name
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter()
        .map(|row| {
            let standing = Standing {
                version: seq(row.version),
                assignee: maybe(row.assignee.as_deref())?,
                stands: Stands::of(&row.stands).unwrap_or(Stands::Open),
                waits_ms: row.waits_ms,
                word_ms: row.word_ms,
                wakes_ms: row.wakes_ms,
                is_reopened: row.is_reopened,
            };
            Ok((CustomerId::new(row.customer), standing))
        })
        .collect()
}

/// Moves of an account's threads, by its rules.
pub(super) struct GiveOut {
    pub(super) account: AccountId,
    pub(super) moves: Vec<Move>,
}

#[async_trait]
impl Work for GiveOut {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        let served = turns::served(tx, &self.account).await?;
        for moved in &self.moves {
            let mut thread = team::load(tx, &self.account, &moved.customer, None, None).await?;
            if thread.version == moved.version {
                carry_out(tx, &served, moved, &mut thread).await?;
            }
            // It tells how the thread stands, also where somebody was faster.
            team::save(tx, &served, &moved.customer, &mut thread).await?;
        }
        Ok(())
    }
}

async fn carry_out(
    tx: &mut Tx<'_>,
    served: &Served,
    moved: &Move,
    thread: &mut ThreadState,
) -> Result<(), LogError> {
    let account = &served.account;
    let assignee = match moved.to {
        To::Stay => {
            thread.is_reopened = false;
            return Ok(());
        }
        To::Queue if thread.is_reopened => None,
        To::Agent(agent) if thread.assignee.is_none() && thread.standing().waits_ms.is_some() => {
            if !people::works_on(tx.conn, agent, account).await? {
                return Ok(());
            }
            note_turn(tx, account, agent).await?;
            Some(agent)
        }
        To::Queue | To::Agent(_) => return Ok(()),
    };
    let customer = moved.customer.clone();
    // The version goes on with the move, so that no other one has this key.
    let key = format!("queue:{customer}:{}", moved.version);
    let fact = TeamFact::Assigned { customer, assignee, by: Actor::Relay, reply: None };
    team::append_to_thread(tx, served, thread, &key, &fact).await?;
    Ok(())
}

/// This agent got a thread by the rules last.
async fn note_turn(tx: &mut Tx<'_>, account: &AccountId, agent: AgentId) -> Result<(), LogError> {
    let (name, agent) = (account.as_str(), agent.to_string());
    sqlx::query!("update account set queue_last = ?2 where account = ?1", name, agent)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    Ok(())
}
