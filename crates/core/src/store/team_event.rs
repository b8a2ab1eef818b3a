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

pub(super) async fn add(
    conn: &mut Conn,
    account: &AccountId,
    thread: ThreadId,
    seq: u64,
    at_ms: i64,
    fact: &TeamFact,
) -> Result<()> {
    let Some(name) = shown(fact) else { return Ok(()) };
    let account = account.as_str();
    let seq = seq_in(seq);
    let fact_json = to_json(fact)?;
    sqlx::query!(
        "INSERT INTO team_event (account, seq, thread_id, at_ms, fact, body) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING",
        account,
        seq,
        thread.0,
        at_ms,
        name,
        fact_json
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

pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    let account = account.as_str();
    sqlx::query!("DELETE FROM team_event WHERE account = ?", account).execute(conn).await?;
    Ok(())
}
