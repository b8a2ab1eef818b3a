//! Table `team_event`: what the team did in a thread, for the timeline.

use baton_protocol::AccountId;
use baton_protocol::team::TeamFact;

use super::error::{of_json, to_json};
use super::{Conn, Result, ThreadId, seq_in, seq_out};

/// A fact of the timeline.
pub(super) struct TeamEventRow {
    pub seq: u64,
    pub at_ms: i64,
    pub fact: TeamFact,
}

/// The name of a fact that the timeline shows; none for the rest.
fn shown(fact: &TeamFact) -> Option<&'static str> {
    match fact {
        TeamFact::Assigned { .. } => Some("assigned"),
        TeamFact::StatusSet { .. } => Some("status_set"),
        TeamFact::LabelAdded { .. } => Some("label_added"),
        TeamFact::LabelRemoved { .. } => Some("label_removed"),
        TeamFact::PrioritySet { .. } => Some("priority_set"),
        TeamFact::BlockSet { .. } => Some("block_set"),
        TeamFact::CustomerErased { .. } => Some("customer_erased"),
        _ => None,
    }
}

/// A fact as it goes into the table: seq, thread, time, name and body.
pub(super) type NewRow = (i64, i64, i64, &'static str, String);

/// Makes a row of a fact that the timeline shows; none of the rest.
pub(super) fn row(thread: ThreadId, seq: u64, at_ms: i64, fact: &TeamFact) -> Result<Option<NewRow>> {
    let Some(name) = shown(fact) else { return Ok(None) };
    Ok(Some((seq_in(seq), thread.0, at_ms, name, to_json(fact)?)))
}

pub(super) async fn add_all(conn: &mut Conn, account: &AccountId, rows: &[NewRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let account = account.as_str();
    let rows_json = to_json(&rows)?;
    sqlx::query!(
        "INSERT INTO team_event (account, seq, thread_id, at_ms, fact, body)
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?2) WHERE true
         ON CONFLICT DO NOTHING",
        account,
        rows_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn between(
    conn: &mut Conn,
    thread: ThreadId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<TeamEventRow>> {
    let rows: Vec<(i64, i64, String)> = sqlx::query_as(
        "SELECT seq, at_ms, body FROM team_event WHERE thread_id = ? AND at_ms >= ? AND at_ms < ?
         ORDER BY at_ms, seq LIMIT 1000",
    )
    .bind(thread.0)
    .bind(from_ms)
    .bind(to_ms)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(seq, at_ms, body)| Ok(TeamEventRow { seq: seq_out(seq), at_ms, fact: of_json(&body)? }))
        .collect()
}

pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM team_event WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}
