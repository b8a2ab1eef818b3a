//! Table `reply_pending`: on which desks replies wait, as those desks said last. A desk that does not come back takes nothing
//! back, so it stands until the desk says otherwise or was cut off. Rows of the list tell of it ([`super::ThreadRow`]).

use baton_protocol::team::TeamFact;

use super::{Conn, Result, ThreadId, seq_in};

/// Takes in that replies wait on a desk, or no longer do: what it said last counts. Where this desk said so and does not know of
/// it, because its file or the log was put back, it is to look whether that is still so.
pub(super) async fn apply(
    conn: &mut Conn,
    thread: ThreadId,
    (seq, at_ms): (u64, i64),
    fact: &TeamFact,
) -> Result<()> {
    let TeamFact::ReplyPending { desk, agent, parts, .. } = fact else { return Ok(()) };
    let taken = sqlx::query(
        "INSERT INTO reply_pending (thread_id, desk, agent, parts, at_ms, seq) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET agent = excluded.agent, parts = excluded.parts, at_ms = excluded.at_ms,
           seq = excluded.seq
         WHERE excluded.seq > reply_pending.seq",
    )
    .bind(thread.0)
    .bind(desk.to_string())
    .bind(agent.to_string())
    .bind(i64::from(*parts))
    .bind(at_ms)
    .bind(seq_in(seq))
    .execute(&mut *conn)
    .await?;
    if *parts > 0 && taken.rows_affected() > 0 {
        sqlx::query(
            "INSERT INTO reply_pending_told (thread_id, told)
             SELECT ?, 0 FROM enrolment WHERE only = 1 AND desk = ? ON CONFLICT DO NOTHING",
        )
        .bind(thread.0)
        .bind(desk.to_string())
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Drops what the log said, for a resync.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM reply_pending WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}
