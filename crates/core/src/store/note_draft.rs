//! Table `note_draft`: a private note that is written and not added, one per thread. It is a table of its own, so that no
//! path leads from here to the customer: what is written as a note never becomes a reply.
//!
//! A note that the relay refused for good comes back into it, and is told of until the agent heard of it. So, as with a reply's
//! draft, whoever takes its place names the text that it goes out from.

use baton_messenger::Words;
use baton_protocol::command::CommandRequest;
use baton_protocol::{CommandId, LogName, NoteId};

use super::error::{of_json, parsed, to_json};
use super::{Conn, Result, Store, StoreError, ThreadId, command_queue};

/// What is written as a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteDraftRow {
    /// The whole text.
    pub text: String,
    /// Only supervisors and admins are to see it.
    pub supervisors_only: bool,
    /// Why a note came back into it, when one did.
    pub came_back: Option<Words>,
}

type Row = (String, bool, Option<String>);

impl Store {
    /// What is written as a note in a thread.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn note_draft(&self, thread: ThreadId) -> Result<Option<NoteDraftRow>> {
        let mut conn = self.read().acquire().await?;
        of_thread(&mut conn, thread).await
    }

    /// Saves what is written as a note, going out from the text `based_on`; an empty text removes it.
    ///
    /// # Errors
    /// [`StoreError::NoteDraftChanged`] when another text stands there by now; it stays as it is. When the file cannot be
    /// written.
    pub async fn save_note_draft(
        &self,
        thread: ThreadId,
        text: &str,
        supervisors_only: bool,
        based_on: &str,
        now_ms: i64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        give_way(&mut tx, thread, text, based_on).await?;
        if text.is_empty() {
            remove(&mut tx, thread).await?;
        } else {
            sqlx::query(
                "INSERT INTO note_draft (thread_id, text, supervisors_only, updated_ms) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET text = excluded.text, supervisors_only = excluded.supervisors_only,
                   updated_ms = excluded.updated_ms",
            )
            .bind(thread.0)
            .bind(text)
            .bind(supervisors_only)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }

    /// Queues a note for the relay in the transaction that removes what was written. Who adds a note without having written
    /// one here names no text.
    ///
    /// # Errors
    /// As [`Store::save_note_draft`].
    pub async fn queue_note(
        &self,
        thread: ThreadId,
        written: Option<(&str, &str)>,
        log: &LogName,
        requests: &[CommandRequest],
        now_ms: i64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        if let Some((text, based_on)) = written {
            give_way(&mut tx, thread, text, based_on).await?;
            remove(&mut tx, thread).await?;
        }
        for request in requests {
            command_queue::queue(&mut tx, log, request, now_ms).await?;
        }
        self.commit(tx).await
    }

    /// The relay does not take a queued note: its text comes back, before whatever was written since, and its command is
    /// forgotten. Of two texts of which one is for supervisors only, all is.
    ///
    /// # Errors
    /// When the file cannot be written; then it is still queued.
    pub async fn note_came_back(
        &self,
        thread: ThreadId,
        command: CommandId,
        (note, text, supervisors_only): (NoteId, &str, bool),
        why: &Words,
        now_ms: i64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO note_draft (thread_id, text, supervisors_only, reason, untold, updated_ms)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET
               text = excluded.text || iif(note_draft.text = '', '', char(10) || note_draft.text),
               supervisors_only = max(note_draft.supervisors_only, excluded.supervisors_only),
               reason = excluded.reason, untold = excluded.untold, updated_ms = excluded.updated_ms",
        )
        .bind(thread.0)
        .bind(text)
        .bind(supervisors_only)
        .bind(to_json(&(&why.what, &why.remedy))?)
        .bind(note.to_string())
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        command_queue::forget(&mut tx, command).await?;
        self.commit(tx).await
    }

    /// Notes that came back and of which the agent was not told yet, with why, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn notes_untold(&self) -> Result<Vec<(ThreadId, NoteId, Words)>> {
        let rows: Vec<(i64, String, Option<String>)> = sqlx::query_as(
            "SELECT thread_id, untold, reason FROM note_draft WHERE untold IS NOT NULL
             ORDER BY updated_ms, thread_id LIMIT 20",
        )
        .fetch_all(self.read())
        .await?;
        rows.into_iter()
            .map(|(thread, note, reason)| {
                let words = reason.as_deref().map(words).transpose()?;
                let words = words.unwrap_or_else(|| Words::new("", ""));
                Ok((ThreadId(thread), parsed(&note)?, words))
            })
            .collect()
    }

    /// The agent was told that a note came back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn told_of_note(&self, note: NoteId) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE note_draft SET untold = NULL WHERE untold = ?")
            .bind(note.to_string())
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }
}

pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Option<NoteDraftRow>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT text, supervisors_only, reason FROM note_draft WHERE thread_id = ?")
            .bind(thread.0)
            .fetch_optional(conn)
            .await?;
    row.map(|(text, supervisors_only, reason)| {
        let came_back = reason.as_deref().map(words).transpose()?;
        Ok(NoteDraftRow { text, supervisors_only, came_back })
    })
    .transpose()
}

pub(super) async fn remove(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query("DELETE FROM note_draft WHERE thread_id = ?").bind(thread.0).execute(conn).await?;
    Ok(())
}

/// Nothing is lost by whoever knows the text, or puts that very text in its place.
async fn give_way(conn: &mut Conn, thread: ThreadId, text: &str, based_on: &str) -> Result<()> {
    match of_thread(conn, thread).await? {
        Some(draft) if draft.text != based_on && draft.text != text => Err(StoreError::NoteDraftChanged),
        _ => Ok(()),
    }
}

fn words(json: &str) -> Result<Words> {
    let (what, remedy): (String, String) = of_json(json)?;
    Ok(Words::new(what, remedy))
}
