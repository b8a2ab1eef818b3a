//! Tables `mention` and `mention_count`: in which threads a note mentions whom, and how many of them each agent has.
//!
//! ```text
//!   a note that mentions them ──▶ open, listed ──they read the thread──▶ listed ──the thread is done──▶ over
//!                                   ▲    └──the thread is done──▶ open, listed ──they read it──▶ over │
//!                                   └───────────────── another note, or the thread marked unread ─────┘
//! ```
//!
//! The newest note that stands counts, so a row follows from the notes of a thread, its status and how far it was read,
//! whichever came first. Time has no part in it. What an agent has read is known of this desk's agent alone, so `open` and
//! `listed` mean nothing for others.

use std::collections::BTreeSet;

use baton_protocol::{AccountId, AgentId};

use super::error::to_json;
use super::{Conn, Result, ThreadId};

/// Whose notes came or went: who is mentioned in these threads is found anew.
pub(super) async fn refresh(conn: &mut Conn, threads: &BTreeSet<ThreadId>) -> Result<()> {
    if threads.is_empty() {
        return Ok(());
    }
    let ids = ids(threads)?;
    sqlx::query(
        "DELETE FROM mention WHERE thread_id IN (SELECT value FROM json_each(?1))
           AND NOT EXISTS (SELECT 1 FROM note n, json_each(n.mentions) m
             WHERE n.thread_id = mention.thread_id AND m.value = mention.agent
               AND n.seq > 0 AND n.removed_seq = 0 AND n.text IS NOT NULL AND n.by IS NOT m.value)",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    // SQLite takes the other columns of a group from the row that has its maximum.
    sqlx::query(
        "INSERT INTO mention (agent, thread_id, account, at_ms, seq, open, listed)
         SELECT m.value, n.thread_id, n.account, n.at_ms, max(n.seq), 1, 1
         FROM json_each(?1) j CROSS JOIN note n ON n.thread_id = j.value CROSS JOIN json_each(n.mentions) m
         WHERE n.seq > 0 AND n.removed_seq = 0 AND n.text IS NOT NULL AND n.by IS NOT m.value
         GROUP BY m.value, n.thread_id
         ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, seq = excluded.seq",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    settle(conn, threads).await
}

/// These threads were read, or their status was set: which mentions are open, and which are over, is found anew.
pub(super) async fn settle(conn: &mut Conn, threads: &BTreeSet<ThreadId>) -> Result<()> {
    if threads.is_empty() {
        return Ok(());
    }
    let ids = ids(threads)?;
    sqlx::query(
        "UPDATE mention SET open = seq > coalesce((
           SELECT r.read_seq FROM thread t JOIN read_mark r ON r.account = t.account AND r.customer = t.customer
           WHERE t.thread_id = mention.thread_id), 0)
         WHERE thread_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE mention SET listed = open = 1 OR NOT EXISTS (
           SELECT 1 FROM thread t WHERE t.thread_id = mention.thread_id
             AND t.status ->> '$.status' = 'done' AND t.status_seq > mention.seq)
         WHERE thread_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(&ids)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many threads the view of an agent holds, and in how many of them the mention is open.
pub(super) async fn counts(
    conn: &mut Conn,
    agent: AgentId,
    account: Option<&AccountId>,
) -> Result<(u64, u64)> {
    let (all, open): (i64, i64) = sqlx::query_as(
        "SELECT coalesce(sum(threads), 0), coalesce(sum(iif(open = 1, threads, 0)), 0) FROM mention_count
         WHERE agent = ?1 AND (?2 IS NULL OR account = ?2)",
    )
    .bind(agent.to_string())
    .bind(account.map(AccountId::as_str))
    .fetch_one(conn)
    .await?;
    Ok((u64::try_from(all).unwrap_or(0), u64::try_from(open).unwrap_or(0)))
}

/// Drops what notes said, for a resync.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM mention WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}

fn ids(threads: &BTreeSet<ThreadId>) -> Result<String> {
    let ids: Vec<i64> = threads.iter().map(|thread| thread.0).collect();
    to_json(&ids)
}
