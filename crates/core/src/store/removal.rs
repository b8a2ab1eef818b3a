//! What would be lost with an account, for whoever is about to remove it.

use baton_protocol::AccountId;

use super::{Result, Store};

/// What is on this desk of one account alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// Threads.
    pub threads: u64,
    /// Parts of replies that have not left.
    pub waiting_parts: u64,
    /// Drafts.
    pub drafts: u64,
}

impl Store {
    /// What would be lost with an account.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn removal(&self, account: &AccountId) -> Result<Removal> {
        let mut conn = self.read().acquire().await?;
        let (threads, waiting_parts, drafts): (i64, i64, i64) = sqlx::query_as(
            "SELECT
               (SELECT coalesce(sum(threads), 0) FROM list_count WHERE account = ?1),
               (SELECT count(*) FROM outbox_part p JOIN thread t USING (thread_id)
                WHERE t.account = ?1 AND p.state IN ('held','queued','sending','unknown')),
               (SELECT count(*) FROM draft d JOIN thread t USING (thread_id) WHERE t.account = ?1 AND d.text <> '')",
        )
        .bind(account.as_str())
        .fetch_one(&mut *conn)
        .await?;
        let count = |number| u64::try_from(number).unwrap_or(0);
        Ok(Removal { threads: count(threads), waiting_parts: count(waiting_parts), drafts: count(drafts) })
    }
}
