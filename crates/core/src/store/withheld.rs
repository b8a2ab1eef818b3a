//! Table `withheld`: messages in the middle of a thread that Meta names and does not give, as pages of history told.
//!
//! A row says no more than that. Whether a message is missing is asked when it is looked at: it is not where it came after all,
//! by whatever way, where it was taken back, and where it was erased. So it does not matter what came first.

use std::collections::BTreeSet;

use baton_protocol::Mid;
use baton_protocol::audit::Lack;

use super::error::to_json;
use super::{Conn, Result, Store, ThreadId, ThreadKey, seq_in};

/// Whether the message that a row `w` names is missing here.
macro_rules! is_missing {
    () => {
        "NOT EXISTS (SELECT 1 FROM message m WHERE m.thread_id = w.thread_id AND m.key = w.mid)
         AND NOT EXISTS (SELECT 1 FROM unsent u WHERE u.thread_id = w.thread_id AND u.mid = w.mid)
         AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.thread_id = w.thread_id AND e.mid = w.mid)"
    };
}
pub(super) use is_missing;

impl Store {
    /// Of these messages of a customer, those that the log already named as lacking, and those that were taken back: nothing
    /// more is to be said of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn named_as_lacking(&self, key: &ThreadKey, mids: &[&Mid]) -> Result<BTreeSet<Mid>> {
        let mids: Vec<&str> = mids.iter().map(|mid| mid.as_str()).collect();
        let found: Vec<String> = sqlx::query_scalar(
            "SELECT w.mid FROM thread t JOIN withheld w USING (thread_id)
             WHERE t.account = ?1 AND t.customer = ?2 AND w.mid IN (SELECT value FROM json_each(?3))
             UNION
             SELECT u.mid FROM thread t JOIN unsent u USING (thread_id)
             WHERE t.account = ?1 AND t.customer = ?2 AND u.mid IN (SELECT value FROM json_each(?3))",
        )
        .bind(key.account.as_str())
        .bind(key.customer.as_str())
        .bind(to_json(&mids)?)
        .fetch_all(self.read())
        .await?;
        Ok(found.into_iter().map(Mid::from).collect())
    }

    /// When the oldest message was said that the relay's log has of a thread, as far as it was read, milliseconds UTC of Meta;
    /// none when it has none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn oldest_logged_ms(&self, key: &ThreadKey) -> Result<Option<i64>> {
        let oldest = sqlx::query_scalar(
            "SELECT m.at_ms FROM thread t CROSS JOIN message m ON m.thread_id = t.thread_id
             WHERE t.account = ? AND t.customer = ? AND m.mid IS NOT NULL AND m.rank >= 0 AND m.seq IS NOT NULL
             ORDER BY m.at_ms LIMIT 1",
        )
        .bind(key.account.as_str())
        .bind(key.customer.as_str())
        .fetch_optional(self.read())
        .await?;
        Ok(oldest)
    }
}

/// A page of history named messages that Meta does not give. Of several pages the newest says when they were.
pub(super) async fn told(conn: &mut Conn, thread: ThreadId, seq: u64, lacks: &[Lack]) -> Result<()> {
    let rows: Vec<(&str, i64)> = lacks.iter().map(|lack| (lack.mid.as_str(), lack.at_ms)).collect();
    sqlx::query(
        "INSERT INTO withheld (thread_id, mid, at_ms, seq)
         SELECT ?1, value ->> 0, value ->> 1, ?2 FROM json_each(?3) WHERE true
         ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, seq = excluded.seq
         WHERE excluded.seq > withheld.seq",
    )
    .bind(thread.0)
    .bind(seq_in(seq))
    .bind(to_json(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// When each message was that is missing from `from_ms` until before `to_ms`, oldest first, with its id.
pub(super) async fn between(
    conn: &mut Conn,
    thread: ThreadId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<(i64, String)>> {
    let rows = sqlx::query_as(concat!(
        "SELECT w.at_ms, w.mid FROM withheld w WHERE w.thread_id = ? AND w.at_ms >= ? AND w.at_ms < ? AND ",
        is_missing!(),
        " ORDER BY w.at_ms, w.mid"
    ))
    .bind(thread.0)
    .bind(from_ms)
    .bind(to_ms)
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// A customer was erased: what was named before is not named any more.
pub(super) async fn erase(conn: &mut Conn, thread: ThreadId, seq: u64) -> Result<()> {
    sqlx::query("DELETE FROM withheld WHERE thread_id = ? AND seq < ?")
        .bind(thread.0)
        .bind(seq_in(seq))
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops what the log said of these threads, a JSON array of their numbers, for a resync.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM withheld WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}
