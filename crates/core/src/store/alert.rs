//! What alerts need of the store: how threads stand, and what was told. Tables `alert_log` and `alert_end`.

use baton_messenger::limits::{HUMAN_AGENT_WINDOW_MS, OPEN_WINDOW_MS};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::{AccountId, AgentId, CustomerId, LogName};
use sqlx::AssertSqlSafe;

use super::error::{parsed, parsed_some, to_json};
use super::{PreviewKind, Result, Store, StoreError, ThreadId, ThreadKey, seq_in, seq_out};
use crate::alerts::{End, Ending, HeardLog, Stage, ToldOf};

/// How many ends are looked at once. What one agent has open is fewer; the rest comes with the next look.
const MOST: i64 = 500;

/// A thread, as far as an alert needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertThread {
    /// This desk's number for it.
    pub id: ThreadId,
    /// Account and customer.
    pub key: ThreadKey,
    /// The customer's name, when it is known.
    pub customer_name: Option<String>,
    /// The account's name; its id before it has one.
    pub account_name: String,
    /// Who works on it.
    pub assignee: Option<AgentId>,
    /// True while it is somebody's business: not done, and its customer not kept away.
    pub is_active: bool,
    /// True when a person should answer.
    pub needs_reply: bool,
    /// The customer's messages that this agent has not read; at most 100.
    pub unread: u32,
    /// True when the customer said the last thing.
    pub is_customers: bool,
    /// What the last thing was.
    pub kind: PreviewKind,
    /// Its line.
    pub line: String,
    /// True while a note that means this desk's agent stands there and was not read.
    pub is_meant: bool,
    /// True when its customer was erased and nothing was said with them since.
    pub is_erased: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    thread_id: i64,
    account: String,
    customer: String,
    customer_name: Option<String>,
    account_name: Option<String>,
    assignee: Option<String>,
    active: i64,
    needs_reply: bool,
    unread: u32,
    preview_by: String,
    preview_kind: String,
    preview: String,
    is_meant: bool,
    is_erased: bool,
}

impl TryFrom<Row> for AlertThread {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: ThreadId(row.thread_id),
            customer_name: row.customer_name,
            account_name: row.account_name.unwrap_or_else(|| row.account.clone()),
            key: ThreadKey {
                account: AccountId::from(row.account),
                customer: CustomerId::from(row.customer),
            },
            assignee: parsed_some(row.assignee.as_deref())?,
            is_active: row.active == 1,
            needs_reply: row.needs_reply,
            unread: row.unread,
            is_customers: row.preview_by == "customer",
            kind: row.preview_kind.parse().unwrap_or_default(),
            line: row.preview,
            is_meant: row.is_meant,
            is_erased: row.is_erased,
        })
    }
}

/// Threads that a list names; `?1` is the list, and what comes in between says how it names them.
fn threads(named: &str) -> String {
    format!(
        "SELECT t.thread_id, t.account, t.customer,
           coalesce(c.hand_name, c.meta_name, c.audit_name) AS customer_name, a.name AS account_name, t.assignee,
           t.active, t.needs_reply, t.unread, t.preview_by, t.preview_kind, t.preview,
           EXISTS (SELECT 1 FROM mention n JOIN enrolment e ON e.only = 1 AND e.agent = n.agent
             WHERE n.thread_id = t.thread_id AND n.open = 1) AS is_meant,
           coalesce(c.erased_seq, 0) > 0 AND NOT EXISTS (SELECT 1 FROM message m
             WHERE m.thread_id = t.thread_id AND m.word = 1 AND m.seq > c.erased_seq) AS is_erased
         FROM json_each(?1) j CROSS JOIN thread t ON {named}
         LEFT JOIN account a ON a.account = t.account
         LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer"
    )
}

#[derive(sqlx::FromRow)]
struct EndRow {
    thread_id: i64,
    ends: String,
    until_ms: i64,
    stage: i64,
}

impl Store {
    /// These threads, those of them that are known.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn alert_threads(&self, keys: &[ThreadKey]) -> Result<Vec<AlertThread>> {
        let named: Vec<(&str, &str)> =
            keys.iter().map(|key| (key.account.as_str(), key.customer.as_str())).collect();
        let sql = threads("t.account = j.value ->> 0 AND t.customer = j.value ->> 1");
        self.read_alert_threads(sql, to_json(&named)?).await
    }

    /// The same by this desk's numbers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn alert_threads_of(&self, threads_of: &[ThreadId]) -> Result<Vec<AlertThread>> {
        self.read_alert_threads(threads("t.thread_id = j.value"), to_json(&threads_of)?).await
    }

    async fn read_alert_threads(&self, sql: String, named: String) -> Result<Vec<AlertThread>> {
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql)).bind(named).fetch_all(self.read()).await?;
        rows.into_iter().map(AlertThread::try_from).collect()
    }

    /// The threads of this agent whose customer waits and whose 24 hours end after the one and by the other moment of Meta's
    /// time, soonest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn windows_ending(&self, agent: AgentId, after_ms: i64, by_ms: i64) -> Result<Vec<Ending>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT thread_id, last_opening_ms + ?4 FROM thread
             WHERE active = 1 AND assignee = ?1 AND needs_reply = 1
               AND last_opening_ms > ?2 - ?4 AND last_opening_ms <= ?3 - ?4
             ORDER BY last_opening_ms, thread_id LIMIT ?5",
        )
        .bind(agent.to_string())
        .bind(after_ms)
        .bind(by_ms)
        .bind(OPEN_WINDOW_MS)
        .bind(MOST)
        .fetch_all(self.read())
        .await?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(thread, until_ms)| Ending { thread: ThreadId(thread), end: End::Window, until_ms })
            .collect())
    }

    /// The same of the 7 days in which a late reply goes, of accounts that may send one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn late_windows_ending(
        &self,
        agent: AgentId,
        after_ms: i64,
        by_ms: i64,
    ) -> Result<Vec<Ending>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT t.thread_id, t.last_opening_ms + ?4 FROM thread t JOIN account a ON a.account = t.account
             WHERE t.active = 1 AND t.assignee = ?1 AND t.needs_reply = 1
               AND t.last_opening_ms > ?2 - ?4 AND t.last_opening_ms <= ?3 - ?4 AND a.human_agent = ?6
             ORDER BY t.last_opening_ms, t.thread_id LIMIT ?5",
        )
        .bind(agent.to_string())
        .bind(after_ms)
        .bind(by_ms)
        .bind(HUMAN_AGENT_WINDOW_MS)
        .bind(MOST)
        .bind(HumanAgentRight::Approved.to_string())
        .fetch_all(self.read())
        .await?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(thread, until_ms)| Ending { thread: ThreadId(thread), end: End::LateWindow, until_ms })
            .collect())
    }

    /// The ends that this desk's agent was told of. Those of a kind that only a newer version knows are left out: this one tells
    /// of none such, and theirs go once they are over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn told_of_ends(&self) -> Result<Vec<ToldOf>> {
        let rows: Vec<EndRow> =
            sqlx::query_as("SELECT thread_id, ends, until_ms, stage FROM alert_end ORDER BY thread_id, ends")
                .fetch_all(self.read())
                .await?;
        let told = rows.into_iter().filter_map(|row| {
            let Ok(end) = row.ends.parse::<End>() else {
                tracing::debug!(ends = %row.ends, "an end of a kind that this version does not know was told of");
                return None;
            };
            let (thread, until_ms) = (ThreadId(row.thread_id), row.until_ms);
            let stage = if row.stage >= Stage::Near as i64 { Stage::Near } else { Stage::Far };
            Some(ToldOf { ending: Ending { thread, end, until_ms }, stage })
        });
        Ok(told.collect())
    }

    /// Remembers that these ends are told of. Those that are over by `now_ms` of Meta's time are forgotten.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing changed.
    pub async fn tell_of_ends(&self, told: &[ToldOf], now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM alert_end WHERE until_ms <= ?").bind(now_ms).execute(&mut *tx).await?;
        for ToldOf { ending, stage } in told {
            sqlx::query(
                "INSERT INTO alert_end (thread_id, ends, until_ms, stage) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET until_ms = excluded.until_ms, stage = excluded.stage",
            )
            .bind(ending.thread.0)
            .bind(ending.end.to_string())
            .bind(ending.until_ms)
            .bind(*stage as i64)
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }

    /// How far each log was told.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn heard_logs(&self) -> Result<Vec<HeardLog>> {
        let rows: Vec<(String, String, i64, i64)> =
            sqlx::query_as("SELECT log, log_id, seq, wall_ms FROM alert_log").fetch_all(self.read()).await?;
        rows.into_iter()
            .map(|(log, log_id, seq, wall_ms)| {
                Ok(HeardLog { log: LogName::from(log), log_id: parsed(&log_id)?, seq: seq_out(seq), wall_ms })
            })
            .collect()
    }

    /// Remembers how far each log was told.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing changed.
    pub async fn keep_heard_logs(&self, logs: &[HeardLog]) -> Result<()> {
        let mut tx = self.write().await?;
        for heard in logs {
            sqlx::query(
                "INSERT INTO alert_log (log, log_id, seq, wall_ms) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET log_id = excluded.log_id, seq = excluded.seq, wall_ms = excluded.wall_ms",
            )
            .bind(heard.log.to_string())
            .bind(heard.log_id.to_string())
            .bind(seq_in(heard.seq))
            .bind(heard.wall_ms)
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }
}
