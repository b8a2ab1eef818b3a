//! What would be gone with a customer, for whoever is about to erase one, and what was left to lose on a desk that is cut off.

use super::{Result, Store, ThreadId};

/// What this desk holds of one customer. The relay and other desks may hold more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasing {
    /// Messages, of both sides.
    pub messages: u64,
    /// Private notes.
    pub notes: u64,
    /// Pictures, sounds, videos and files that are on this computer.
    pub files: u64,
    /// True when something is written and not sent.
    pub has_draft: bool,
    /// Parts of replies that have not left, or of which nobody knows whether they arrived.
    pub waiting_parts: u64,
}

/// What stood on a desk alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnlyHere {
    /// Drafts.
    pub drafts: u64,
    /// Replies that had not left.
    pub replies: u64,
}

impl Store {
    /// What would be gone with a thread's customer.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn erasing(&self, thread: ThreadId) -> Result<Erasing> {
        let mut conn = self.read().acquire().await?;
        let (messages, notes, files, drafts, waiting): (i64, i64, i64, i64, i64) = sqlx::query_as(
            "SELECT
               (SELECT count(*) FROM message WHERE thread_id = ?1),
               (SELECT count(*) FROM note WHERE thread_id = ?1 AND removed_seq = 0 AND text IS NOT NULL),
               (SELECT count(*) FROM media_use WHERE thread_id = ?1 AND state = 'here'),
               (SELECT count(*) FROM draft WHERE thread_id = ?1 AND text <> '')
                 + (SELECT count(*) FROM own_file_use WHERE thread_id = ?1 AND drafted = 1),
               (SELECT count(*) FROM outbox_part
                WHERE thread_id = ?1 AND state IN ('held','queued','sending','unknown'))",
        )
        .bind(thread.0)
        .fetch_one(&mut *conn)
        .await?;
        Ok(Erasing {
            messages: count(messages),
            notes: count(notes),
            files: count(files),
            has_draft: drafts > 0,
            waiting_parts: count(waiting),
        })
    }

    /// What stands on this desk alone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn only_here(&self) -> Result<OnlyHere> {
        let mut conn = self.read().acquire().await?;
        let (drafts, replies): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM draft WHERE text <> ''),
                    (SELECT count(DISTINCT reply) FROM outbox_part WHERE state IN ('held','queued'))",
        )
        .fetch_one(&mut *conn)
        .await?;
        Ok(OnlyHere { drafts: count(drafts), replies: count(replies) })
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
