//! Tables `handed_draft` and `handed_draft_done`: what agents were writing from whom a thread was taken, for whoever goes on.
//!
//! It is shown until it was used or put aside, by this desk's agent here or by whoever works on the thread anywhere, or
//! somebody of ours has answered since; and never to whoever wrote it, who has it as a draft.

use baton_protocol::team::TeamFact;
use baton_protocol::{AccountId, AgentId};

use super::error::{of_json, parsed, to_json};
use super::{Conn, Result, Store, ThreadId, seq_in, seq_out};

/// A draft that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedDraft {
    /// Seq of the fact.
    pub seq: u64,
    /// When the relay appended it, milliseconds UTC.
    pub at_ms: i64,
    /// Whose draft it is.
    pub from: AgentId,
    /// The draft; empty where only files were in it.
    pub text: String,
    /// What its files are called, which stayed on the desk of whoever wrote it.
    pub files: Vec<String>,
}

impl Store {
    /// The newest draft that was handed over with a thread and is of use here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn handed_draft(&self, thread: ThreadId) -> Result<Option<HandedDraft>> {
        let mut conn = self.read().acquire().await?;
        of_thread(&mut conn, thread).await
    }

    /// This desk's agent used what was handed over with a thread up to this seq, or does not need it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn handed_draft_is_done(&self, thread: ThreadId, seq: u64) -> Result<()> {
        let mut tx = self.write().await?;
        is_done(&mut tx, thread, seq).await?;
        self.commit(tx).await
    }
}

/// What was handed over with a thread up to this seq is done with; the highest stands, in whatever order they come.
async fn is_done(conn: &mut Conn, thread: ThreadId, seq: u64) -> Result<()> {
    sqlx::query(
        "INSERT INTO handed_draft_done (thread_id, seq) VALUES (?, ?)
         ON CONFLICT DO UPDATE SET seq = max(handed_draft_done.seq, excluded.seq)",
    )
    .bind(thread.0)
    .bind(seq_in(seq))
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest draft that was handed over with a thread and is of use here.
pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Option<HandedDraft>> {
    let row: Option<(i64, i64, String, String, String)> = sqlx::query_as(
        "SELECT h.seq, h.at_ms, h.from_agent, coalesce(h.text, ''), h.files FROM handed_draft h
         WHERE h.thread_id = ?1 AND (h.text IS NOT NULL OR h.files <> '[]')
           AND h.seq > coalesce((SELECT d.seq FROM handed_draft_done d WHERE d.thread_id = ?1), 0)
           AND h.from_agent IS NOT (SELECT e.agent FROM enrolment e WHERE e.only = 1)
           AND NOT EXISTS (SELECT 1 FROM message m WHERE m.thread_id = ?1 AND m.person = 1 AND m.seq > h.seq)
         ORDER BY h.seq DESC LIMIT 1",
    )
    .bind(thread.0)
    .fetch_optional(conn)
    .await?;
    row.map(|(seq, at_ms, from, text, files)| {
        Ok(HandedDraft { seq: seq_out(seq), at_ms, from: parsed(&from)?, text, files: of_json(&files)? })
    })
    .transpose()
}

/// What this desk's agent was writing in a thread when it was last taken from them, as it was handed over.
pub(super) async fn of_mine(conn: &mut Conn, thread: ThreadId) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT h.text FROM handed_draft h
         WHERE h.thread_id = ? AND h.text IS NOT NULL
           AND h.from_agent = (SELECT e.agent FROM enrolment e WHERE e.only = 1)
         ORDER BY h.seq DESC LIMIT 1",
    )
    .bind(thread.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(text,)| text))
}

/// Takes in that a draft was handed over, or that whoever works on the thread is done with it. What the relay hands on it keeps no longer, so the desk of whoever wrote it tells it
/// anew while it stands there.
pub(super) async fn apply(
    conn: &mut Conn,
    account: &AccountId,
    thread: ThreadId,
    (seq, at_ms): (u64, i64),
    fact: &TeamFact,
) -> Result<()> {
    if let TeamFact::DraftDone { seq, .. } = fact {
        return is_done(conn, thread, *seq).await;
    }
    let TeamFact::DraftHanded { from, text, files, .. } = fact else { return Ok(()) };
    let from = from.to_string();
    sqlx::query(
        "INSERT INTO handed_draft (account, seq, thread_id, at_ms, from_agent, text, files)
         VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?) ON CONFLICT DO NOTHING",
    )
    .bind(account.as_str())
    .bind(seq_in(seq))
    .bind(thread.0)
    .bind(at_ms)
    .bind(&from)
    .bind(text)
    .bind(to_json(files)?)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM draft_told
         WHERE thread_id = ? AND ? = (SELECT e.agent FROM enrolment e WHERE e.only = 1)",
    )
    .bind(thread.0)
    .bind(&from)
    .execute(conn)
    .await?;
    Ok(())
}

/// The customer was erased: what was being written to them before goes.
pub(super) async fn erase(conn: &mut Conn, thread: ThreadId, seq: u64) -> Result<()> {
    sqlx::query("UPDATE handed_draft SET text = NULL, files = '[]' WHERE thread_id = ? AND seq < ?")
        .bind(thread.0)
        .bind(seq_in(seq))
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops what the log said, for a resync, and what hangs on its seqs.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    for sql in [
        "DELETE FROM handed_draft WHERE thread_id IN (SELECT value FROM json_each(?))",
        "DELETE FROM handed_draft_done WHERE thread_id IN (SELECT value FROM json_each(?))",
    ] {
        sqlx::query(sql).bind(threads).execute(&mut *conn).await?;
    }
    Ok(())
}
