//! Tables `media` and `media_use` where the vault's room is concerned: what it holds, what makes room first, and what was given
//! up for it.
//!
//! What it holds stands in `media_tally`. Triggers move that figure in the transactions in which rows of `media` come, go or
//! are marked, whichever statement does it, so that nobody adds up the table after every file.

use super::error::to_json;
use super::{FreshMedia, Result, Store, ThreadId};

impl Store {
    /// How many bytes the vault holds that messages need, small pictures with them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn media_bytes(&self) -> Result<u64> {
        // A file of which everything was removed has no row until the next file comes.
        let bytes: Option<i64> =
            sqlx::query_scalar("SELECT bytes FROM media_tally").fetch_optional(self.read()).await?;
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0))
    }

    /// The file whose newest message was said first, with its size; none of these hashes, which are few.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn oldest_media(&self, spared: &[String]) -> Result<Option<(String, u64)>> {
        let oldest: Option<(String, i64)> = sqlx::query_as(
            "SELECT media, bytes + thumb_bytes FROM media
             WHERE unused = 0 AND media NOT IN (SELECT value FROM json_each(?))
             ORDER BY said_ms LIMIT 1",
        )
        .bind(to_json(&spared)?)
        .fetch_optional(self.read())
        .await?;
        Ok(oldest.map(|(media, bytes)| (media, u64::try_from(bytes).unwrap_or(0))))
    }

    /// Gives up a file that messages still name, to make room. That is remembered with its size: a start would fetch it again
    /// otherwise, and give up another one for it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn give_up_media(&self, media: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query!(
            "UPDATE media_use SET state = 'given_up', media = NULL, name = NULL, tries = 0, again_ms = 0,
               bytes = (SELECT f.bytes + f.thumb_bytes FROM media f WHERE f.media = ?1)
             WHERE media = ?1",
            media
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("UPDATE media SET unused = 1 WHERE media = ?", media).execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// Takes the newest of what was given up, as far as it fits into so many bytes, for never tried, and names its messages,
    /// newest first, each as often as it has such media. That older messages lost a file is forgotten: nothing fetches those
    /// by itself.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn take_back_given_up(
        &self,
        since_ms: i64,
        fits_bytes: u64,
        limit: u32,
    ) -> Result<Vec<FreshMedia>> {
        let is_any: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM media_use WHERE state = 'given_up')")
                .fetch_one(self.read())
                .await?;
        if !is_any {
            return Ok(Vec::new());
        }
        let mut tx = self.write().await?;
        let old = sqlx::query(
            "DELETE FROM media_use WHERE state = 'given_up' AND NOT EXISTS (
               SELECT 1 FROM message m
               WHERE m.thread_id = media_use.thread_id AND m.key = media_use.key AND m.at_ms >= ?)",
        )
        .bind(since_ms)
        .execute(&mut *tx)
        .await?;
        let rows: Vec<(i64, i64, String, String)> = sqlx::query_as(
            "SELECT at_ms, thread_id, key, place FROM (
               SELECT m.at_ms, u.thread_id, u.key, u.place, sum(u.bytes) OVER (
                   ORDER BY m.at_ms DESC, u.thread_id DESC, u.key DESC, u.place
                   ROWS UNBOUNDED PRECEDING) AS total
               FROM media_use u JOIN message m ON m.thread_id = u.thread_id AND m.key = u.key
               WHERE u.state = 'given_up')
             WHERE total <= ?1 ORDER BY at_ms DESC, thread_id DESC, key DESC, place LIMIT ?2",
        )
        .bind(i64::try_from(fits_bytes).unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
        if rows.is_empty() && old.rows_affected() == 0 {
            return Ok(Vec::new());
        }
        let places: Vec<(i64, &str, &str)> =
            rows.iter().map(|(_, thread, key, place)| (*thread, key.as_str(), place.as_str())).collect();
        sqlx::query(
            "DELETE FROM media_use WHERE (thread_id, key, place) IN (
               SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))",
        )
        .bind(to_json(&places)?)
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await?;
        let messages = rows.into_iter().map(|(at_ms, thread, key, _)| FreshMedia {
            at_ms,
            thread: ThreadId(thread),
            key,
        });
        Ok(messages.collect())
    }
}
