//! Table `note`: private notes of the team.
//!
//! Whoever may read an account has all its notes in its log. A note for supervisors is not given out here to an agent who is
//! none and did not write it: that keeps it from the screen, and is no border.

use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AccountId, AgentId, NoteId};

use sqlx::AssertSqlSafe;

use super::error::{of_json, parsed, parsed_some, to_json};
use super::{Conn, Result, Store, StoreError, ThreadId, seq_in, seq_out};

/// A note that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Our id.
    pub note: NoteId,
    /// When the relay appended it, milliseconds UTC.
    pub at_ms: i64,
    /// Who wrote it.
    pub by: Option<AgentId>,
    /// Its text.
    pub text: String,
    /// Who is meant.
    pub mentions: Vec<AgentId>,
    /// Only for supervisors and admins.
    pub supervisors_only: bool,
}

/// A note that waits for the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedNote {
    /// Our id.
    pub note: NoteId,
    /// When it was written, of the desk's wall clock.
    pub created_ms: i64,
    /// Its text.
    pub text: String,
    /// Who is meant.
    pub mentions: Vec<AgentId>,
    /// Only for supervisors and admins.
    pub supervisors_only: bool,
}

/// Who of the team is given the note `n` at this desk.
const SHOWN: &str = "(n.supervisors_only = 0 OR n.by = (SELECT e.agent FROM enrolment e WHERE e.only = 1)
   OR EXISTS (SELECT 1 FROM access x WHERE x.account = n.account AND x.role IN ('supervisor', 'admin')))";

#[derive(sqlx::FromRow)]
struct Row {
    note: String,
    at_ms: i64,
    by: Option<String>,
    text: String,
    mentions: Option<String>,
    supervisors_only: bool,
}

impl Store {
    /// A note that stands and that this desk's agent is shown.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn note(&self, note: NoteId) -> Result<Option<NoteRow>> {
        let sql = format!(
            "SELECT n.note, n.at_ms, n.by, n.text, n.mentions, n.supervisors_only FROM note n
             WHERE n.note = ? AND n.removed_seq = 0 AND n.text IS NOT NULL AND {SHOWN}"
        );
        let row: Option<Row> =
            sqlx::query_as(AssertSqlSafe(sql)).bind(note.to_string()).fetch_optional(self.read()).await?;
        row.map(NoteRow::try_from).transpose()
    }
}

/// Takes in that a note was added or taken away. Returns the seqs of entries whose words have to go.
pub(super) async fn apply(
    conn: &mut Conn,
    account: &AccountId,
    thread: ThreadId,
    seq: u64,
    at_ms: i64,
    fact: &TeamFact,
) -> Result<Option<u64>> {
    match fact {
        TeamFact::NoteAdded { note, text, mentions, supervisors_only, by, .. } => {
            let by = match by {
                Actor::Agent { agent, .. } => Some(agent.to_string()),
                Actor::Relay | Actor::Operator => None,
            };
            let note = note.to_string();
            let account = account.as_str();
            let mentions_json = to_json(mentions)?;
            let (added, has_words) = (seq, !text.is_empty());
            let seq = seq_in(seq);
            sqlx::query!("INSERT INTO note (note, account, thread_id, at_ms, by, text, mentions, supervisors_only, seq, removed_seq)
                 VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, 0)
                 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, by = excluded.by,
                   text = iif(note.removed_seq = 0, excluded.text, NULL),
                   mentions = excluded.mentions, supervisors_only = excluded.supervisors_only, seq = excluded.seq
                 WHERE note.seq = 0 OR excluded.seq < note.seq", note, account, thread.0, at_ms, by, text, mentions_json, *supervisors_only, seq)
            .execute(&mut *conn)
            .await?;
            Ok((has_words && is_removed(conn, &note).await?).then_some(added))
        }
        TeamFact::NoteRemoved { note, .. } => {
            let note = note.to_string();
            let account = account.as_str();
            let seq = seq_in(seq);
            sqlx::query!(
                "INSERT INTO note (note, account, thread_id, at_ms, supervisors_only, seq, removed_seq)
                 VALUES (?, ?, ?, 0, 0, 0, ?)
                 ON CONFLICT DO UPDATE SET removed_seq = max(note.removed_seq, excluded.removed_seq)",
                note,
                account,
                thread.0,
                seq
            )
            .execute(&mut *conn)
            .await?;
            silence(conn, &note).await
        }
        _ => Ok(None),
    }
}

async fn is_removed(conn: &mut Conn, note: &str) -> Result<bool> {
    let removed = sqlx::query_scalar("SELECT removed_seq > 0 FROM note WHERE note = ?");
    Ok(removed.bind(note).fetch_one(conn).await?)
}

/// Takes the words out of a note that was taken away. Returns the seq of the entry that has them.
async fn silence(conn: &mut Conn, note: &str) -> Result<Option<u64>> {
    let seq: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM note WHERE note = ? AND text IS NOT NULL AND seq > 0")
            .bind(note)
            .fetch_optional(&mut *conn)
            .await?;
    let Some(seq) = seq else { return Ok(None) };
    sqlx::query("UPDATE note SET text = NULL WHERE note = ?").bind(note).execute(conn).await?;
    Ok(Some(seq_out(seq)))
}

pub(super) async fn between(
    conn: &mut Conn,
    thread: ThreadId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<NoteRow>> {
    let sql = format!(
        "SELECT n.note, n.at_ms, n.by, n.text, n.mentions, n.supervisors_only FROM note n
         WHERE n.thread_id = ? AND n.at_ms >= ? AND n.at_ms < ? AND n.removed_seq = 0 AND n.text IS NOT NULL
           AND {SHOWN}
         ORDER BY n.at_ms, n.note LIMIT 1000"
    );
    let rows: Vec<Row> =
        sqlx::query_as(AssertSqlSafe(sql)).bind(thread.0).bind(from_ms).bind(to_ms).fetch_all(conn).await?;
    rows.into_iter().map(NoteRow::try_from).collect()
}

impl TryFrom<Row> for NoteRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            note: parsed(&row.note)?,
            at_ms: row.at_ms,
            by: parsed_some(row.by.as_deref())?,
            text: row.text,
            mentions: row.mentions.as_deref().map_or_else(|| Ok(Vec::new()), of_json)?,
            supervisors_only: row.supervisors_only,
        })
    }
}

pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM note WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}
