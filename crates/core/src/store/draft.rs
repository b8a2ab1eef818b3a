//! Table `draft`: what an agent has written and not sent, one per thread. The files that were added to it are in
//! `own_file_use`; a draft stands as long as it has a text or a file.
//!
//! A reply that could not leave comes back into it at any moment. So whoever takes a draft's place, by saving another
//! text or by sending it, names the text that it goes out from. Where the draft is no longer that one, nothing happens
//! and [`StoreError::DraftChanged`] says so: what came back is read and joined first.

use super::{Conn, Result, Store, StoreError, ThreadId, own_file};

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

    /// Every thread with a draft, and when that was last changed, of the desk's wall clock.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn drafts(&self) -> Result<Vec<(ThreadId, i64)>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT thread_id, updated_ms FROM draft ORDER BY thread_id")
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(thread, updated_ms)| (ThreadId(thread), updated_ms)).collect())
    }

    /// Saves a draft that goes out from the text `based_on`; an empty text removes it, unless files were added to it. A
    /// reason from the outbox stays as long as the draft does.
    ///
    /// # Errors
    /// [`StoreError::DraftChanged`] when the thread's draft is another one by now; it stays as it is. When the file cannot
    /// be written.
    pub async fn save_draft(&self, thread: ThreadId, text: &str, based_on: &str, now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        give_way(&mut tx, thread, text, based_on).await?;
        if text.is_empty() && own_file::of_draft(&mut tx, thread).await?.is_empty() {
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

/// A file is added: the draft begins with it, where there is none.
pub(super) async fn begin(conn: &mut Conn, thread: ThreadId, now_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, '', NULL, ?)
         ON CONFLICT DO UPDATE SET updated_ms = excluded.updated_ms",
    )
    .bind(thread.0)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// A file was taken out: a draft without anything is none.
pub(super) async fn end_if_empty(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query(
        "DELETE FROM draft WHERE thread_id = ?1 AND text = ''
           AND NOT EXISTS (SELECT 1 FROM own_file_use u WHERE u.thread_id = ?1 AND u.drafted = 1)",
    )
    .bind(thread.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts a text back, before whatever was written since and after what came back before it; an empty one only begins the draft and says why.
pub(super) async fn put_back(
    conn: &mut Conn,
    thread: ThreadId,
    text: &str,
    reason: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET
           text = CASE WHEN excluded.text = '' THEN draft.text WHEN draft.text = '' THEN excluded.text
                       -- What came back before was pressed before.
                       WHEN draft.reason IS NOT NULL THEN draft.text || char(10) || excluded.text
                       ELSE excluded.text || char(10) || draft.text END,
           reason = excluded.reason, updated_ms = excluded.updated_ms",
    )
    .bind(thread.0)
    .bind(text)
    .bind(reason)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}
