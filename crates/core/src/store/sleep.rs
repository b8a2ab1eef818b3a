//! Threads that sleep: what is kept of them for lists changes when their time comes, and time makes no entry.
//!
//! ```text
//!   status: asleep until ten ──▶ asleep_until_ms = ten, woke = 0 ──ten──▶ woke = 1 ──▶ needs a reply, counts, place
//!                                              ▲                            │
//!                                              └── the clock was ahead ─────┘
//! ```
//!
//! `woke` follows from the time of the last look alone, so it never matters when or how often somebody looks.

use baton_protocol::AccountId;

use super::{Conn, Result, Store, ThreadId, account, owner_event, refresh};

/// Threads that are kept as asleep and should be awake, or the other way round; 1 the time, 2 how many.
const DUE: &str = "SELECT thread_id FROM thread
   WHERE woke = 0 AND asleep_until_ms IS NOT NULL AND asleep_until_ms <= ?1
   UNION ALL
   SELECT thread_id FROM thread
   WHERE woke = 1 AND asleep_until_ms IS NOT NULL AND asleep_until_ms > ?1
   LIMIT ?2";

impl Store {
    /// Computes the threads anew whose sleep is over by `now_ms` of Meta's time, at most so many at once, and those that
    /// a clock that was ahead woke too early. Returns them; fewer than `most` means that there are no more.
    ///
    /// # Errors
    /// When the file cannot be read or written; then nothing changed.
    pub async fn wake_sleepers(&self, now_ms: i64, most: u32) -> Result<Vec<ThreadId>> {
        let found: Vec<i64> = sqlx::query_scalar(DUE).bind(now_ms).bind(most).fetch_all(self.read()).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.write().await?;
        for thread in &found {
            wake(&mut tx, ThreadId(*thread), now_ms).await?;
        }
        self.commit(tx).await?;
        Ok(found.into_iter().map(ThreadId).collect())
    }

    /// When the next thread wakes, milliseconds UTC of Meta; none when none sleeps.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_wake_ms(&self) -> Result<Option<i64>> {
        let next = sqlx::query_scalar(
            "SELECT min(asleep_until_ms) FROM thread WHERE woke = 0 AND asleep_until_ms IS NOT NULL",
        );
        Ok(next.fetch_one(self.read()).await?)
    }

    /// How the database would look for sleepers, for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_wake_sleepers(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {DUE}")))
                .bind(0)
                .bind(1)
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

async fn wake(conn: &mut Conn, thread: ThreadId, now_ms: i64) -> Result<()> {
    // Between the look and now the thread may have been touched: the time decides, not what was found.
    sqlx::query!(
        "UPDATE thread SET woke = asleep_until_ms <= ?2 WHERE thread_id = ?1 AND asleep_until_ms IS NOT NULL",
        thread.0,
        now_ms
    )
    .execute(&mut *conn)
    .await?;
    compute(conn, thread).await
}

/// Computes a thread anew of which time alone changed something.
pub(super) async fn compute(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    let Some(account) = account_of(conn, thread).await? else { return Ok(()) };
    let facts = account::facts(conn, &account).await?;
    let owner = owner_event::last(conn, thread, &facts).await?;
    refresh::thread(conn, thread, &facts, owner).await
}

/// None when the account was purged meanwhile.
async fn account_of(conn: &mut Conn, thread: ThreadId) -> Result<Option<AccountId>> {
    let account: Option<String> = sqlx::query_scalar("SELECT account FROM thread WHERE thread_id = ?")
        .bind(thread.0)
        .fetch_optional(conn)
        .await?;
    Ok(account.map(AccountId::from))
}
