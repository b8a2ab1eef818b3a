//! Parts whose end an agent was not told yet: kept until somebody was, whatever happens to the window.

use baton_protocol::PartId;

use super::outbox_part::Row;
use super::{AfterSent, PartKey, PartRow, ReplyRow, Result, Store};

/// More than anybody reads at once; the rest follows when these were told.
const MOST: u32 = 20;

impl Store {
    /// Parts whose end the agent was not told yet, oldest first, with their replies.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn untold(&self) -> Result<Vec<(PartRow, ReplyRow)>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
               created_ms, updated_ms, pressed_ms, file
             FROM outbox_part WHERE untold = 1 ORDER BY created_ms, reply, idx LIMIT ?",
        )
        .bind(MOST)
        .fetch_all(self.read())
        .await?;
        let mut untold = Vec::with_capacity(rows.len());
        for row in rows {
            let part = PartRow::try_from(row)?;
            let reply = self.reply(part.reply).await?;
            untold.push((part, reply));
        }
        Ok(untold)
    }

    /// The agent was told how a part ended.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn told(&self, part: PartId) -> Result<()> {
        let mut tx = self.write().await?;
        let part = part.to_string();
        sqlx::query!("UPDATE outbox_part SET untold = 0 WHERE key = ? AND untold = 1", part)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// What was to follow a reply that was sent is done, or is not wanted any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn finished(&self, reply: baton_protocol::ReplyId) -> Result<()> {
        let mut tx = self.write().await?;
        let reply = reply.to_string();
        sqlx::query!("UPDATE reply SET after_sent = NULL WHERE reply = ?", reply).execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// What was to follow a reply cannot be: its agent has to be told.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn missed(&self, part: PartKey) -> Result<()> {
        let mut tx = self.write().await?;
        let (key, missed) = (part.0.to_string(), AfterSent::Missed.to_string());
        sqlx::query!(
            "UPDATE reply SET after_sent = ?2 WHERE reply = (SELECT reply FROM outbox_part WHERE key = ?1)",
            key,
            missed
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("UPDATE outbox_part SET untold = 1 WHERE key = ?", key).execute(&mut *tx).await?;
        self.commit(tx).await
    }
}
