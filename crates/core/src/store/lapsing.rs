//! Threads of an agent of which control ends soon. Control lapses by time alone, so this is asked of the rows as they stand:
//! of what one agent has open, which is not much.

use baton_protocol::AgentId;
use baton_thread::OwnerState;

use super::error::of_json;
use super::outbox_part::goes_on_by_itself;
use super::{Result, Store, StoreError, ThreadId, ThreadKey};

/// How many are told of at most.
const MOST: i64 = 50;

/// A thread whose control ends, whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LapsingRow {
    /// This desk's number for it.
    pub thread: ThreadId,
    /// Account and customer.
    pub key: ThreadKey,
    /// The customer's name, when it is known.
    pub customer_name: Option<String>,
    /// Who holds it, and until when.
    pub owner: OwnerState,
    /// True when its customer waits for a person.
    pub needs_reply: bool,
    /// When its draft was last touched, of the desk's wall clock; none without one.
    pub drafted_ms: Option<i64>,
    /// True while a reply of it waits to leave by itself, or is looked for ([`Store::threads_with_waiting_parts`]).
    pub reply_waits: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    thread_id: i64,
    account: String,
    customer: String,
    customer_name: Option<String>,
    owner: String,
    needs_reply: bool,
    drafted_ms: Option<i64>,
    reply_waits: bool,
}

impl TryFrom<Row> for LapsingRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            thread: ThreadId(row.thread_id),
            key: ThreadKey { account: row.account.into(), customer: row.customer.into() },
            customer_name: row.customer_name,
            owner: of_json(&row.owner)?,
            needs_reply: row.needs_reply,
            drafted_ms: row.drafted_ms,
            reply_waits: row.reply_waits,
        })
    }
}

impl Store {
    /// The threads of this agent that are not done and of which control ends after the one and by the other moment of
    /// Meta's time, soonest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn lapsing(&self, agent: AgentId, after_ms: i64, by_ms: i64) -> Result<Vec<LapsingRow>> {
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "SELECT t.thread_id, t.account, t.customer,
               coalesce(c.hand_name, c.meta_name, c.audit_name) AS customer_name, t.owner, t.needs_reply,
               d.updated_ms AS drafted_ms,
               EXISTS (
                 SELECT 1 FROM outbox_part o WHERE o.thread_id = t.thread_id AND ",
            goes_on_by_itself!(),
            ") AS reply_waits
             FROM thread t
             LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
             LEFT JOIN draft d ON d.thread_id = t.thread_id AND d.text <> ''
             WHERE t.active IN (1, 3) AND t.assignee = ?1
               AND t.owner ->> '$.until_ms' > ?2 AND t.owner ->> '$.until_ms' <= ?3
             ORDER BY t.owner ->> '$.until_ms', t.thread_id LIMIT ?4"
        ))
        .bind(agent.to_string())
        .bind(after_ms)
        .bind(by_ms)
        .bind(MOST)
        .fetch_all(self.read())
        .await?;
        rows.into_iter().map(LapsingRow::try_from).collect()
    }

    /// When control of one of them ends next after a moment, milliseconds UTC of Meta.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_lapse_ms(&self, agent: AgentId, after_ms: i64) -> Result<Option<i64>> {
        let next = sqlx::query_scalar(
            "SELECT min(owner ->> '$.until_ms') FROM thread
             WHERE active IN (1, 3) AND assignee = ?1 AND owner ->> '$.until_ms' > ?2",
        );
        Ok(next.bind(agent.to_string()).bind(after_ms).fetch_one(self.read()).await?)
    }
}
