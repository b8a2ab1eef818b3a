//! Tables `history_pass` and `history_thread`: how far this desk is with reading an account's history, while it is the
//! steward; and `audited`: which threads somebody read, as the log tells.

use std::collections::BTreeSet;

use baton_protocol::audit::UnreadThread;
use baton_protocol::{AccountId, CustomerId, Mid};

use super::error::to_json;
use super::{Conn, Result, Store, ThreadId, ThreadKey};
use crate::apply::AuditedSaid;

/// One pass over the threads of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPass {
    /// When it began, milliseconds UTC of Meta.
    pub begun_ms: i64,
    /// Threads that did not change after this moment are left out; none when all are read.
    pub since_ms: Option<i64>,
    /// True once all its threads are known.
    pub is_listed: bool,
    /// Messages that it found.
    pub messages: u64,
    /// Threads that are known to be in it.
    pub threads_known: u64,
    /// Threads of these that are done.
    pub threads_done: u64,
    /// Threads of these that are set aside, because Meta fails to give them.
    pub threads_failing: u64,
}

/// A thread that a pass reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryThread {
    /// Graph's id of it.
    pub conversation: String,
    /// Its customer, where the listing names one.
    pub customer: Option<CustomerId>,
    /// The customer's name, where the listing gives it.
    pub name: Option<String>,
    /// When it last changed, milliseconds UTC of Meta.
    pub updated_ms: i64,
    /// It is set aside, because Meta failed to give it, and is tried once more.
    pub is_aside: bool,
    /// An earlier pass left it out: it is read to its end, whatever the log has of it.
    pub is_carried: bool,
}

/// The columns of a [`HistoryThread`], but for whether it is set aside.
type ListedRow = (String, Option<String>, Option<String>, i64, bool);

/// When a pass begun, since when it reads, whether all threads are listed; and the messages that were read, the threads known,
/// done and set aside.
type PassRow = (i64, Option<i64>, bool, i64, i64, i64, i64);

/// What only history tells of an account since it was connected. That is few and has an index; by threads it would be all
/// messages.
const MISSED: &str = "SELECT count(*) FROM message m CROSS JOIN thread t USING (thread_id)
     WHERE m.rank = 1 AND t.account = ?1 AND m.at_ms >= (
       SELECT min(c.at_ms) FROM connection c
       WHERE c.account = ?1 AND c.seq > (SELECT removed_seq FROM account WHERE account = ?1))
     AND NOT EXISTS (SELECT 1 FROM raw_entry e WHERE e.log = ?1 AND e.mid = m.mid AND e.kind = 'meta')";

impl Store {
    /// The pass that this desk is in; none between two.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn history_pass(&self, account: &AccountId) -> Result<Option<HistoryPass>> {
        let row: Option<PassRow> = sqlx::query_as(
            "SELECT begun_ms, since_ms, is_listed, messages,
               (SELECT count(*) FROM history_thread t WHERE t.account = p.account),
               (SELECT count(*) FROM history_thread t WHERE t.account = p.account AND t.is_done = 1),
               (SELECT count(*) FROM history_thread t WHERE t.account = p.account AND t.is_done = 0 AND t.aside > 0)
             FROM history_pass p WHERE account = ?",
        )
        .bind(account.as_str())
        .fetch_optional(self.read())
        .await?;
        Ok(row.map(|(begun_ms, since_ms, is_listed, messages, known, done, failing)| HistoryPass {
            begun_ms,
            since_ms,
            is_listed,
            messages: messages.cast_unsigned(),
            threads_known: known.cast_unsigned(),
            threads_done: done.cast_unsigned(),
            threads_failing: failing.cast_unsigned(),
        }))
    }

    /// Begins a pass. What an earlier one left is forgotten; the threads that the last one left out are in this one, set aside
    /// from the beginning.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn begin_history_pass(
        &self,
        account: &AccountId,
        begun_ms: i64,
        since_ms: Option<i64>,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        forget(&mut tx, account).await?;
        sqlx::query(
            "INSERT INTO history_pass (account, begun_ms, since_ms, is_listed, messages) VALUES (?, ?, ?, 0, 0)",
        )
        .bind(account.as_str())
        .bind(begun_ms)
        .bind(since_ms)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO history_thread (account, conversation, updated_ms, is_done, aside, is_carried)
             SELECT a.account, j.value ->> 'conversation', j.value ->> 'updated_ms', 0, 1, 1
             FROM account a, json_each(a.history_unread) j WHERE a.account = ?1
             ON CONFLICT DO NOTHING",
        )
        .bind(account.as_str())
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// A pass ended, or is given up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_history_pass(&self, account: &AccountId) -> Result<()> {
        let mut tx = self.write().await?;
        forget(&mut tx, account).await?;
        self.commit(tx).await
    }

    /// Takes in what a listing gave. A thread that a page of the log shows as read since it changed is done at once; one
    /// that changed since it was listed is to be read again, and set aside no more. Threads are known once `is_end`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn history_listed(
        &self,
        account: &AccountId,
        threads: &[HistoryThread],
        is_end: bool,
    ) -> Result<()> {
        let rows: Vec<serde_json::Value> = threads
            .iter()
            .map(|each| {
                let customer = each.customer.as_ref().map(CustomerId::as_str);
                serde_json::json!([each.conversation, customer, each.name, each.updated_ms])
            })
            .collect();
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO history_thread (account, conversation, customer, name, updated_ms, is_done)
             SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, EXISTS (
               SELECT 1 FROM audited a JOIN thread t USING (thread_id)
               WHERE t.account = ?1 AND t.customer = value ->> 1 AND a.read_ms >= value ->> 3)
             FROM json_each(?2) WHERE true
             ON CONFLICT DO UPDATE SET customer = excluded.customer, name = excluded.name,
               updated_ms = excluded.updated_ms, is_done = excluded.is_done, aside = 0
             WHERE excluded.updated_ms > history_thread.updated_ms",
        )
        .bind(account.as_str())
        .bind(to_json(&rows)?)
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE history_pass SET is_listed = max(is_listed, ?2) WHERE account = ?1")
            .bind(account.as_str())
            .bind(is_end)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// The thread to read next: of those that are neither done nor set aside, the one that changed last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_history_thread(&self, account: &AccountId) -> Result<Option<HistoryThread>> {
        self.history_thread(account, false).await
    }

    /// The thread to try once more: of those that are set aside and were not tried again, the one that changed last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_thread_set_aside(&self, account: &AccountId) -> Result<Option<HistoryThread>> {
        self.history_thread(account, true).await
    }

    async fn history_thread(&self, account: &AccountId, is_aside: bool) -> Result<Option<HistoryThread>> {
        let row: Option<ListedRow> = sqlx::query_as(
            "SELECT conversation, customer, name, updated_ms, is_carried FROM history_thread
             WHERE account = ? AND is_done = 0 AND aside = ? ORDER BY updated_ms DESC, conversation LIMIT 1",
        )
        .bind(account.as_str())
        .bind(is_aside)
        .fetch_optional(self.read())
        .await?;
        Ok(row.map(|(conversation, customer, name, updated_ms, is_carried)| HistoryThread {
            conversation,
            customer: customer.map(CustomerId::from),
            name,
            updated_ms,
            is_aside,
            is_carried,
        }))
    }

    /// Meta fails to give a thread: it is set aside, and when it was already, left out of this pass.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_history_thread_aside(&self, account: &AccountId, thread: &HistoryThread) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "UPDATE history_thread SET aside = min(aside + 1, 2)
             WHERE account = ? AND conversation = ? AND is_done = 0",
        )
        .bind(account.as_str())
        .bind(&thread.conversation)
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// The threads that the pass leaves out, in the order of their ids.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unread_threads(&self, account: &AccountId) -> Result<Vec<UnreadThread>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT conversation, updated_ms FROM history_thread
             WHERE account = ? AND is_done = 0 ORDER BY conversation",
        )
        .bind(account.as_str())
        .fetch_all(self.read())
        .await?;
        Ok(rows
            .into_iter()
            .map(|(conversation, updated_ms)| UnreadThread { conversation, updated_ms })
            .collect())
    }

    /// A thread was read to its end, unless it changed meanwhile, and brought so many messages.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn history_thread_done(
        &self,
        account: &AccountId,
        thread: &HistoryThread,
        messages: u64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "UPDATE history_thread SET is_done = 1 WHERE account = ? AND conversation = ? AND updated_ms = ?",
        )
        .bind(account.as_str())
        .bind(&thread.conversation)
        .bind(thread.updated_ms)
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE history_pass SET messages = messages + ?2 WHERE account = ?1")
            .bind(account.as_str())
            .bind(i64::try_from(messages).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// Of these messages of a customer, those that this desk was ever told of, and those that were erased.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn known_messages(&self, key: &ThreadKey, mids: &[&Mid]) -> Result<BTreeSet<Mid>> {
        self.messages_of(key, mids, "m.rank >= 0").await
    }

    /// Of these messages of a customer, those that the relay's log has, as far as it was read, and those that were erased.
    /// After a resync that may be fewer than [`Store::known_messages`]: what only a log of before told of is not in this one,
    /// and no other desk will hear of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn logged_messages(&self, key: &ThreadKey, mids: &[&Mid]) -> Result<BTreeSet<Mid>> {
        self.messages_of(key, mids, "m.rank >= 0 AND m.seq IS NOT NULL").await
    }

    async fn messages_of(
        &self,
        key: &ThreadKey,
        mids: &[&Mid],
        which: &'static str,
    ) -> Result<BTreeSet<Mid>> {
        let mids: Vec<&str> = mids.iter().map(|mid| mid.as_str()).collect();
        let sql = format!(
            "SELECT m.key FROM thread t JOIN message m USING (thread_id)
             WHERE t.account = ?1 AND t.customer = ?2 AND {which}
               AND m.key IN (SELECT value FROM json_each(?3))
             UNION
             SELECT x.mid FROM thread t JOIN erased x USING (thread_id)
             WHERE t.account = ?1 AND t.customer = ?2 AND x.mid IN (SELECT value FROM json_each(?3))"
        );
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(key.account.as_str())
            .bind(key.customer.as_str())
            .bind(to_json(&mids)?)
            .fetch_all(self.read())
            .await?;
        Ok(found.into_iter().map(Mid::from).collect())
    }

    /// Whether a webhook told of a message, or of what became of it. An announcement names nobody and tells of nothing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_told_by_webhook(&self, account: &AccountId, mid: &Mid) -> Result<bool> {
        let told = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM raw_entry
             WHERE log = ? AND mid = ? AND kind = 'meta' AND customer IS NOT NULL)",
        )
        .bind(account.as_str())
        .bind(mid.as_str())
        .fetch_one(self.read())
        .await?;
        Ok(told)
    }

    /// Whether a thread has messages that Meta does not give any more, before the first one here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn lacks_older(&self, thread: ThreadId) -> Result<bool> {
        let mut conn = self.read().acquire().await?;
        lacks_older(&mut conn, thread).await
    }

    /// How many messages of an account no webhook brought, although it was connected: an audit found them. One that Meta
    /// announced without telling it was not missed, whoever looked it up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn missed_messages(&self, account: &AccountId) -> Result<u64> {
        let found: i64 = sqlx::query_scalar(MISSED).bind(account.as_str()).fetch_one(self.read()).await?;
        Ok(found.cast_unsigned())
    }

    /// How the database would count what was missed, for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_missed(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {MISSED}")))
                .bind("")
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

/// Of these messages of a thread, those that this desk has anything of, and those of which it knows that they are gone.
pub(super) async fn here_or_gone(conn: &mut Conn, thread: ThreadId, mids: &[&Mid]) -> Result<BTreeSet<Mid>> {
    let mids: Vec<&str> = mids.iter().map(|mid| mid.as_str()).collect();
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT key FROM message WHERE thread_id = ?1 AND key IN (SELECT value FROM json_each(?2))
         UNION SELECT mid FROM unsent WHERE thread_id = ?1 AND mid IN (SELECT value FROM json_each(?2))
         UNION SELECT mid FROM erased WHERE thread_id = ?1 AND mid IN (SELECT value FROM json_each(?2))",
    )
    .bind(thread.0)
    .bind(to_json(&mids)?)
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(Mid::from).collect())
}

pub(super) async fn lacks_older(conn: &mut Conn, thread: ThreadId) -> Result<bool> {
    let row: Option<bool> =
        sqlx::query_scalar("SELECT is_withheld = 1 AND is_whole = 0 FROM audited WHERE thread_id = ?")
            .bind(thread.0)
            .fetch_optional(conn)
            .await?;
    Ok(row.unwrap_or(false))
}

/// Drops the pass that is under way.
pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    for sql in ["DELETE FROM history_thread WHERE account = ?", "DELETE FROM history_pass WHERE account = ?"]
    {
        sqlx::query(sql).bind(account.as_str()).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Drops some of the pass that is under way, for a resync: what an earlier log had of the history, another may lack. False
/// once nothing of it is left but that it began.
pub(super) async fn forget_some(conn: &mut Conn, account: &AccountId, most: u32) -> Result<bool> {
    let done = sqlx::query(
        "DELETE FROM history_thread WHERE (account, conversation) IN (
           SELECT account, conversation FROM history_thread WHERE account = ? LIMIT ?)",
    )
    .bind(account.as_str())
    .bind(most)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// That these threads were read, a JSON array of their numbers, counted for an earlier log.
pub(super) async fn forget_read(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM audited WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}

/// A page of history told how far it reaches.
pub(super) async fn audited(conn: &mut Conn, thread: ThreadId, said: &AuditedSaid) -> Result<()> {
    sqlx::query(
        "INSERT INTO audited (thread_id, read_ms, is_whole, is_withheld) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET read_ms = max(read_ms, excluded.read_ms),
           is_whole = max(is_whole, excluded.is_whole), is_withheld = max(is_withheld, excluded.is_withheld)",
    )
    .bind(thread.0)
    .bind(said.read_ms)
    .bind(!said.is_withheld)
    .bind(said.is_withheld)
    .execute(conn)
    .await?;
    Ok(())
}
