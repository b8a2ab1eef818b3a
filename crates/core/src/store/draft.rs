//! Table `draft`: what an agent has written and not sent, one per thread.
//!
//! A reply that could not leave comes back into it at any moment. So whoever takes a draft's place, by saving another
//! text or by sending it, names the text that it goes out from. Where the draft is no longer that one, nothing happens
//! and [`StoreError::DraftChanged`] says so: what came back is read and joined first.

use super::{Conn, Result, Store, StoreError, ThreadId};

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// The whole text.
    pub text: String,
    /// JSON: why it came back from the outbox, when it did.
    pub reason: Option<String>,
    /// When it was last changed, of the desk's wall clock.
    pub updated_ms: i64,
}

impl Store {
    /// A thread's draft.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn draft(&self, thread: ThreadId) -> Result<Option<DraftRow>> {
        let mut conn = self.read().acquire().await?;
        of_thread(&mut conn, thread).await
    }

    /// Saves a draft that goes out from the text `based_on`; an empty text removes it. A reason from the outbox stays as
    /// long as the draft does.
    ///
    /// # Errors
    /// [`StoreError::DraftChanged`] when the thread's draft is another one by now; it stays as it is. When the file cannot
    /// be written.
    pub async fn save_draft(&self, thread: ThreadId, text: &str, based_on: &str, now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        give_way(&mut tx, thread, text, based_on).await?;
        if text.is_empty() {
            remove(&mut tx, thread).await?;
        } else {
            sqlx::query!(
                "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, ?, NULL, ?)
                 ON CONFLICT DO UPDATE SET text = excluded.text, updated_ms = excluded.updated_ms",
                thread.0,
                text,
                now_ms
            )
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }
}

/// A thread's draft.
pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Option<DraftRow>> {
    let row =
        sqlx::query_as!(DraftRow, "SELECT text, reason, updated_ms FROM draft WHERE thread_id = ?", thread.0);
    Ok(row.fetch_optional(conn).await?)
}

/// Asks whether the draft may be replaced: by who knows its text, or puts that very text in its place, nothing is lost.
pub(super) async fn give_way(conn: &mut Conn, thread: ThreadId, text: &str, based_on: &str) -> Result<()> {
    match of_thread(conn, thread).await? {
        Some(draft) if draft.text != based_on && draft.text != text => Err(StoreError::DraftChanged),
        _ => Ok(()),
    }
}

pub(super) async fn remove(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query!("DELETE FROM draft WHERE thread_id = ?", thread.0).execute(conn).await?;
    Ok(())
}

/// Puts a text back, before whatever was written since.
pub(super) async fn put_back(
    conn: &mut Conn,
    thread: ThreadId,
    text: &str,
    reason: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET text = excluded.text || char(10) || draft.text, reason = excluded.reason,
           updated_ms = excluded.updated_ms",
        thread.0,
        text,
        reason,
        now_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}
