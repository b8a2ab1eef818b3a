//! Words of ours that were taken back, or were said to a customer who was erased since: a message of the account's is also quoted in the team's record of its part, in the
//! grant that let it out, and in the outbox of the desk that sent it; and in each earlier try that never arrived.
//!
//! A part may turn out to be a message after that was taken back, and the other way round; so this looks at what is known
//! now, and is asked whenever either of the two was told.

use std::collections::BTreeSet;

use super::error::to_json;
use super::{Conn, Result, ThreadId};

/// The messages of a thread that were taken back, by the parts they were. `?1` is the thread.
const PARTS_TAKEN_BACK: &str = "SELECT m.part AS part FROM unsent u
       JOIN message m ON m.thread_id = ?1 AND m.key = u.mid
       WHERE u.thread_id = ?1 AND m.part IS NOT NULL
     UNION
     SELECT p.part AS part FROM unsent u JOIN team_part p ON p.mid = u.mid WHERE u.thread_id = ?1";

/// Those of the threads of which anything was ever taken back or erased; in the others there is nothing to take out.
pub(super) async fn may_be(conn: &mut Conn, threads: &BTreeSet<ThreadId>) -> Result<Vec<ThreadId>> {
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = threads.iter().map(|thread| thread.0).collect();
    let some: Vec<i64> = sqlx::query_scalar(
        "SELECT t.thread_id FROM json_each(?) j CROSS JOIN thread t ON t.thread_id = j.value
         WHERE EXISTS (SELECT 1 FROM unsent u WHERE u.thread_id = t.thread_id)
           OR coalesce((SELECT c.erased_seq > 0 FROM customer c
                        WHERE c.account = t.account AND c.customer = t.customer), 0)",
    )
    .bind(to_json(&ids)?)
    .fetch_all(conn)
    .await?;
    Ok(some.into_iter().map(ThreadId).collect())
}

/// Takes them out of the team's record. Returns the seqs of the grants that quote them.
pub(super) async fn of_team(conn: &mut Conn, thread: ThreadId) -> Result<Vec<u64>> {
    // 1 is an end that nobody knows, 4 is sent (`Settlement::rank`); whatever else ended never arrived.
    let sql = format!(
        "WITH gone AS MATERIALIZED ({PARTS_TAKEN_BACK}),
           sent AS MATERIALIZED (SELECT * FROM team_part WHERE part IN (SELECT part FROM gone))
         SELECT p.part, p.granted_seq FROM team_part p
         WHERE p.thread_id = ?1 AND p.text IS NOT NULL AND (
           p.part IN (SELECT part FROM gone)
           OR p.settled_rank NOT IN (1, 4) AND EXISTS (
             SELECT 1 FROM sent WHERE (sent.reply = p.reply AND sent.idx = p.idx) OR sent.text = p.text))"
    );
    let found: Vec<(String, Option<i64>)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(thread.0).fetch_all(&mut *conn).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let parts = to_json(&found.iter().map(|(part, _)| part).collect::<Vec<_>>())?;
    sqlx::query!("UPDATE team_part SET text = NULL WHERE part IN (SELECT value FROM json_each(?))", parts)
        .execute(conn)
        .await?;
    Ok(found.into_iter().filter_map(|(_, seq)| seq).map(super::seq_out).collect())
}

/// Takes them out of the outbox. A part that may still be on its way keeps its text until it has ended. True when
/// something was taken out.
pub(super) async fn of_outbox(conn: &mut Conn, thread: ThreadId) -> Result<bool> {
    let files = files_of_outbox(conn, thread).await?;
    let sql = format!(
        "WITH gone AS MATERIALIZED ({PARTS_TAKEN_BACK})
         SELECT o.text FROM outbox_part o
         WHERE o.thread_id = ?1 AND o.state = 'sent' AND o.text <> '' AND (
           o.mid IN (SELECT mid FROM unsent WHERE thread_id = ?1)
           OR o.part IN (SELECT part FROM gone)
           OR o.key IN (SELECT f.key FROM outbox_former f WHERE f.part IN (SELECT part FROM gone)))"
    );
    let texts: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(thread.0).fetch_all(&mut *conn).await?;
    if texts.is_empty() {
        return Ok(files);
    }
    let texts = to_json(&texts)?;
    // The same words sent again and standing stay; they are another message.
    let sql = format!(
        "WITH gone AS MATERIALIZED ({PARTS_TAKEN_BACK})
         UPDATE outbox_part SET text = '' WHERE thread_id = ?1 AND text IN (SELECT value FROM json_each(?2)) AND (
           state IN ('refused', 'abandoned', 'draft')
           OR state = 'sent' AND (
             mid IN (SELECT mid FROM unsent WHERE thread_id = ?1)
             OR part IN (SELECT part FROM gone)
             OR key IN (SELECT f.key FROM outbox_former f WHERE f.part IN (SELECT part FROM gone))))"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(thread.0).bind(texts).execute(conn).await?;
    Ok(true)
}

/// Takes the files of parts that were taken back out of the outbox, and of the tries at sending them that never arrived.
async fn files_of_outbox(conn: &mut Conn, thread: ThreadId) -> Result<bool> {
    let sql = format!(
        "WITH gone AS MATERIALIZED ({PARTS_TAKEN_BACK})
         SELECT u.file FROM outbox_part o JOIN own_file_use u ON u.id = o.file
         WHERE o.thread_id = ?1 AND o.state = 'sent' AND (
           o.mid IN (SELECT mid FROM unsent WHERE thread_id = ?1)
           OR o.part IN (SELECT part FROM gone)
           OR o.key IN (SELECT f.key FROM outbox_former f WHERE f.part IN (SELECT part FROM gone)))"
    );
    let files: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(thread.0).fetch_all(&mut *conn).await?;
    if files.is_empty() {
        return Ok(false);
    }
    // The same file sent again and standing stays; it is another message.
    let sql = format!(
        "WITH gone AS MATERIALIZED ({PARTS_TAKEN_BACK})
         UPDATE outbox_part SET file = NULL WHERE thread_id = ?1
           AND file IN (SELECT u.id FROM own_file_use u WHERE u.file IN (SELECT value FROM json_each(?2)))
           AND (state IN ('refused', 'abandoned')
             OR state = 'sent' AND (
               mid IN (SELECT mid FROM unsent WHERE thread_id = ?1)
               OR part IN (SELECT part FROM gone)
               OR key IN (SELECT f.key FROM outbox_former f WHERE f.part IN (SELECT part FROM gone))))"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(thread.0).bind(to_json(&files)?).execute(&mut *conn).await?;
    super::own_file::drop_unused(conn).await?;
    Ok(true)
}

/// Takes what was said to a customer before they were erased out of the outbox, of parts that have ended: while such a part
/// was on its way it kept its text. It was said before when its grant stands before the erasure; a part that waited and got
/// another grant is said after it. True when something was taken out.
pub(super) async fn of_erased(conn: &mut Conn, thread: ThreadId) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE outbox_part SET text = '', file = NULL
         WHERE thread_id = ?1 AND (text <> '' OR file IS NOT NULL) AND state IN ('sent', 'refused', 'abandoned', 'draft')
           AND EXISTS (
             SELECT 1 FROM team_part p
             WHERE p.granted_seq < (SELECT c.erased_seq FROM thread t JOIN customer c USING (account, customer)
                                    WHERE t.thread_id = ?1)
               AND (p.part = outbox_part.part
                    OR p.part IN (SELECT f.part FROM outbox_former f WHERE f.key = outbox_part.key)
                       AND NOT EXISTS (SELECT 1 FROM team_part again WHERE again.part = outbox_part.part)))",
    )
    .bind(thread.0)
    .execute(&mut *conn)
    .await?;
    super::own_file::drop_unused(conn).await?;
    Ok(done.rows_affected() > 0)
}
