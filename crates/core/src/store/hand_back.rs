//! Table `hand_back_due`: threads that go back to the default app because this desk's agent is done with them. A row stands
//! from before the relay hears of it until the thread was handed back, or was not to be any more.

use super::{Result, Store, ThreadId};

impl Store {
    /// This desk's agent is done with a thread, which goes back for that; `done_ms` of Meta's time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn hand_back_is_due(&self, thread: ThreadId, done_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO hand_back_due (thread_id, done_ms) VALUES (?, ?)
             ON CONFLICT DO UPDATE SET done_ms = excluded.done_ms",
        )
        .bind(thread.0)
        .bind(done_ms)
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// It was handed back, or is not to be any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn hand_back_is_settled(&self, thread: ThreadId) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM hand_back_due WHERE thread_id = ?").bind(thread.0).execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// Threads that were to go back and of which that is not settled, the longest due first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn hand_backs_due(&self) -> Result<Vec<ThreadId>> {
        let due: Vec<i64> =
            sqlx::query_scalar("SELECT thread_id FROM hand_back_due ORDER BY done_ms, thread_id")
                .fetch_all(self.read())
                .await?;
        Ok(due.into_iter().map(ThreadId).collect())
    }
}
