//! Tables `label` and `thread_label`: which labels there are, and which threads carry them.

use baton_protocol::team::TeamFact;
use baton_protocol::{AccountId, LabelId};

use super::{Conn, Result, ThreadId, seq_in};

pub(super) async fn apply(conn: &mut Conn, thread: ThreadId, seq: u64, fact: &TeamFact) -> Result<()> {
    match fact {
        TeamFact::LabelAdded { label, .. } => set(conn, thread, seq, *label, true).await,
        TeamFact::LabelRemoved { label, .. } => set(conn, thread, seq, *label, false).await,
        _ => Ok(()),
    }
}

async fn set(conn: &mut Conn, thread: ThreadId, seq: u64, label: LabelId, on: bool) -> Result<()> {
    let label = label.to_string();
    let seq = seq_in(seq);
    sqlx::query!(
        "INSERT INTO thread_label (thread_id, label, is_on, seq) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET is_on = excluded.is_on, seq = excluded.seq WHERE excluded.seq > thread_label.seq",
        thread.0,
        label,
        on,
        seq
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    let account = account.as_str();
    sqlx::query!(
        "DELETE FROM thread_label WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?)",
        account
    )
    .execute(conn)
    .await?;
    Ok(())
}
