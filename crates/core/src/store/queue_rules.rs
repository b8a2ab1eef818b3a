//! Table `queue_set`: how an account's threads are given out, and who may answer in them. All rules that ever held are kept, so
//! that a reaction opens a thread again by the rules of its moment: those that come later open and shut nothing of before.

use baton_protocol::AccountId;
use baton_protocol::account::QueueRules;

use super::error::{of_json, to_json};
use super::{Conn, Result, Store, ThreadId, seq_in};

impl Store {
    /// The rules of an account's queue as they are now; the usual ones where nobody chose any.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queue_rules(&self, account: &AccountId) -> Result<QueueRules> {
        let mut conn = self.read().acquire().await?;
        of_account(&mut conn, account).await
    }
}

/// The rules of an account's queue as they are now.
pub(super) async fn of_account(conn: &mut Conn, account: &AccountId) -> Result<QueueRules> {
    let rules: Option<String> =
        sqlx::query_scalar("SELECT rules FROM queue_set WHERE account = ? ORDER BY seq DESC LIMIT 1")
            .bind(account.as_str())
            .fetch_optional(conn)
            .await?;
    Ok(rules.as_deref().map(of_json).transpose()?.unwrap_or_default())
}

/// Takes in rules. Returns the threads that a reaction may open by them.
pub(super) async fn apply(
    conn: &mut Conn,
    account: &AccountId,
    seq: u64,
    rules: &QueueRules,
) -> Result<Vec<ThreadId>> {
    sqlx::query("INSERT INTO queue_set (account, seq, rules) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(account.as_str())
        .bind(seq_in(seq))
        .bind(to_json(rules)?)
        .execute(&mut *conn)
        .await?;
    let threads: Vec<i64> = sqlx::query_scalar(
        "SELECT t.thread_id FROM thread t
         WHERE t.account = ? AND t.status ->> '$.status' <> 'open' AND EXISTS (
           SELECT 1 FROM reaction r
           WHERE r.thread_id = t.thread_id AND r.actor = t.customer AND r.on_seq > t.status_seq)",
    )
    .bind(account.as_str())
    .fetch_all(conn)
    .await?;
    Ok(threads.into_iter().map(ThreadId).collect())
}

/// Drops what the log said, for a resync.
pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    sqlx::query("DELETE FROM queue_set WHERE account = ?").bind(account.as_str()).execute(conn).await?;
    Ok(())
}
