//! Table `note`: private notes of the team.

use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AccountId, AgentId, NoteId};

use super::error::{of_json, parsed, parsed_some, to_json};
use super::{Conn, Result, ThreadId, seq_in};

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

#[derive(sqlx::FromRow)]
struct Row {
    note: String,
    at_ms: i64,
    by: Option<String>,
    text: String,
    mentions: Option<String>,
    supervisors_only: bool,
}

pub(super) async fn apply(
    conn: &mut Conn,
    account: &AccountId,
    thread: ThreadId,
    seq: u64,
    at_ms: i64,
    fact: &TeamFact,
) -> Result<()> {
    match fact {
        TeamFact::NoteAdded { note, text, mentions, supervisors_only, by, .. } => {
            let by = match by {
                Actor::Agent { agent, .. } => Some(agent.to_string()),
                Actor::Relay | Actor::Operator => None,
            };
            let note = note.to_string();
            let account = account.as_str();
            let mentions_json = to_json(mentions)?;
            let seq = seq_in(seq);
            sqlx::query!("INSERT INTO note (note, account, thread_id, at_ms, by, text, mentions, supervisors_only, seq, removed_seq)
                 VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, 0)
                 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, by = excluded.by, text = excluded.text,
                   mentions = excluded.mentions, supervisors_only = excluded.supervisors_only, seq = excluded.seq
                 WHERE note.seq = 0 OR excluded.seq < note.seq", note, account, thread.0, at_ms, by, text, mentions_json, *supervisors_only, seq)
            .execute(conn)
            .await?;
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
            .execute(conn)
            .await?;
        }
        _ => {}
    }
    Ok(())
}

pub(super) async fn between(
    conn: &mut Conn,
    thread: ThreadId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<NoteRow>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT note, at_ms, by, text, mentions, supervisors_only FROM note
         WHERE thread_id = ? AND at_ms >= ? AND at_ms < ? AND removed_seq = 0 AND text IS NOT NULL
         ORDER BY at_ms, note LIMIT 1000",
    )
    .bind(thread.0)
    .bind(from_ms)
    .bind(to_ms)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(NoteRow {
                note: parsed(&row.note)?,
                at_ms: row.at_ms,
                by: parsed_some(row.by.as_deref())?,
                text: row.text,
                mentions: row.mentions.as_deref().map_or_else(|| Ok(Vec::new()), of_json)?,
                supervisors_only: row.supervisors_only,
            })
        })
        .collect()
}

pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    let account = account.as_str();
    sqlx::query!("DELETE FROM note WHERE account = ?", account).execute(conn).await?;
    Ok(())
}
