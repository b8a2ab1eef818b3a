//! Which media of messages are not here yet and are fetched without being asked for: pictures, sounds, videos, files and
//! stickers of late, the newest first. Their links live for days only (docs/meta.md 2.6.4).

use super::{AttachmentPlace, MediaRef, Result, Store, ThreadId};

/// A message that brought something to fetch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FreshMedia {
    /// When it was said, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Its thread.
    pub thread: ThreadId,
    /// Its stable key.
    pub key: String,
}

/// Whether attachments of this kind, in Meta's words, are fetched as they arrive; the queries below say the same. Whatever
/// else has an address is fetched when it is looked at.
pub(super) fn is_fetched(kind: &str) -> bool {
    matches!(kind, "image" | "video" | "audio" | "file" | "sticker")
}

impl Store {
    /// Messages since a moment whose media were never tried, newest first; with `before` those alone that come after it in
    /// this order. Looks only at threads that were active since.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn fresh_media(
        &self,
        since_ms: i64,
        before: Option<&FreshMedia>,
        limit: u32,
    ) -> Result<Vec<FreshMedia>> {
        let rows: Vec<(i64, i64, String)> = sqlx::query_as(
            "SELECT DISTINCT m.at_ms, m.thread_id, m.key
             FROM thread t
             JOIN message m ON m.thread_id = t.thread_id AND m.at_ms >= ?1
             JOIN attachment a ON a.message_id = m.message_id
             WHERE t.active IN (0, 1, 3) AND t.last_at_ms >= ?1 AND m.unsent = 0 AND a.url IS NOT NULL
               AND a.kind IN ('image', 'video', 'audio', 'file', 'sticker')
               AND NOT EXISTS (SELECT 1 FROM media_use u
                 WHERE u.thread_id = m.thread_id AND u.key = m.key AND u.place = 'a.' || a.idx)
               AND (?3 IS NULL OR (m.at_ms, m.thread_id, m.key) < (?3, ?4, ?5))
             ORDER BY m.at_ms DESC, m.thread_id DESC, m.key DESC LIMIT ?2",
        )
        .bind(since_ms)
        .bind(limit)
        .bind(before.map(|before| before.at_ms))
        .bind(before.map(|before| before.thread.0))
        .bind(before.map(|before| before.key.as_str()))
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(of_row).collect())
    }

    /// Messages since a moment of which a medium was tried in vain and may be tried again now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn media_to_retry(&self, now_ms: i64, since_ms: i64, limit: u32) -> Result<Vec<FreshMedia>> {
        let rows: Vec<(i64, i64, String)> = sqlx::query_as(
            "SELECT m.at_ms, u.thread_id, u.key FROM media_use u
             JOIN message m ON m.thread_id = u.thread_id AND m.key = u.key
             WHERE u.state = 'later' AND u.again_ms <= ?1 AND m.at_ms >= ?2
             ORDER BY u.again_ms LIMIT ?3",
        )
        .bind(now_ms)
        .bind(since_ms)
        .bind(limit)
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(of_row).collect())
    }

    /// The media of a message that are fetched without being asked for and may be tried now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn media_to_fetch(&self, message: &FreshMedia, now_ms: i64) -> Result<Vec<MediaRef>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT a.message_id, a.idx FROM message m
             JOIN attachment a ON a.message_id = m.message_id
             WHERE m.thread_id = ?1 AND m.key = ?2 AND m.unsent = 0 AND a.url IS NOT NULL
               AND a.kind IN ('image', 'video', 'audio', 'file', 'sticker')
               AND NOT EXISTS (SELECT 1 FROM media_use u
                 WHERE u.thread_id = ?1 AND u.key = ?2 AND u.place = 'a.' || a.idx
                   AND NOT (u.state = 'later' AND u.again_ms <= ?3))
             ORDER BY a.idx",
        )
        .bind(message.thread.0)
        .bind(&message.key)
        .bind(now_ms)
        .fetch_all(self.read())
        .await?;
        let places = rows.into_iter().map(|(message, idx)| AttachmentPlace { message, idx });
        Ok(places.map(MediaRef::Attachment).collect())
    }
}

fn of_row((at_ms, thread, key): (i64, i64, String)) -> FreshMedia {
    FreshMedia { at_ms, thread: ThreadId(thread), key }
}
