//! Threads that need a reply and can get none any more: they stand below those that can, and time makes no entry.
//!
//! ```text
//!   needs a reply, shut = 0 ──the last usable window ends──▶ shut = 1 ──▶ its place is below all that can be answered
//!            ▲                                                  │
//!            └── the customer wrote · late replies were approved · the clock was ahead
//! ```
//!
//! `shut` follows from the time of the last look and from whether the account may send late replies, so it never matters
//! when or how often somebody looks. The window is the one that [`policy`](baton_messenger::policy) lets a person answer in;
//! whose customer never opened one keeps its place.

use baton_messenger::limits::{HUMAN_AGENT_WINDOW_MS, OPEN_WINDOW_MS};
use baton_protocol::account::HumanAgentRight;
use sqlx::AssertSqlSafe;

use super::{Result, Store, ThreadId};

/// How far below those that can be answered a thread stands, in the order "needs a reply first", milliseconds. What needs no
/// reply stands below twice this, and what is urgent and can be answered so far above the rest.
pub(super) const BELOW_MS: i64 = 4_000_000_000_000_000;

/// How long a person may answer on the account `a`; 1 how long with late replies, 2 without, 3 how the right is called.
const LASTS: &str = "CASE a.human_agent WHEN ?3 THEN ?1 ELSE ?2 END";

/// Threads that are kept as answerable and are not, or the other way round; 4 the time, 5 how many.
fn due() -> String {
    format!(
        "SELECT t.thread_id FROM account a CROSS JOIN thread t ON t.account = a.account
         WHERE t.needs_reply = 1 AND t.shut = 0 AND t.last_opening_ms IS NOT NULL
           AND t.last_opening_ms <= ?4 - {LASTS}
         UNION ALL
         SELECT t.thread_id FROM account a CROSS JOIN thread t ON t.account = a.account
         WHERE t.needs_reply = 1 AND t.shut = 1 AND t.last_opening_ms IS NOT NULL
           AND t.last_opening_ms > ?4 - {LASTS}
         LIMIT ?5"
    )
}

impl Store {
    /// Puts the threads in their place whose last usable window ended by `now_ms` of Meta's time, at most so many at once,
    /// and those that can be answered after all. Returns them; fewer than `most` means that there are no more.
    ///
    /// # Errors
    /// When the file cannot be read or written; then nothing changed.
    pub async fn shut_windows(&self, now_ms: i64, most: u32) -> Result<Vec<ThreadId>> {
        let due = due();
        let right = HumanAgentRight::Approved.to_string();
        let found: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(due.clone()))
            .bind(HUMAN_AGENT_WINDOW_MS)
            .bind(OPEN_WINDOW_MS)
            .bind(&right)
            .bind(now_ms)
            .bind(most)
            .fetch_all(self.read())
            .await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.write().await?;
        // Between the look and now a thread may have been touched: what is true now decides.
        let sql = format!(
            "UPDATE thread SET shut = 1 - shut, sort_ms = waiting_since_ms + iif(shut = 0, ?6, -?6 * urgent)
             WHERE thread_id IN ({due}) RETURNING thread_id"
        );
        let changed: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(HUMAN_AGENT_WINDOW_MS)
            .bind(OPEN_WINDOW_MS)
            .bind(&right)
            .bind(now_ms)
            .bind(most)
            .bind(BELOW_MS)
            .fetch_all(&mut *tx)
            .await?;
        self.commit(tx).await?;
        Ok(changed.into_iter().map(ThreadId).collect())
    }

    /// When the next thread can be answered no longer, milliseconds UTC of Meta; none when none needs a reply.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_shut_ms(&self) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT min((SELECT min(t.last_opening_ms) FROM thread t
               WHERE t.account = a.account AND t.needs_reply = 1 AND t.shut = 0 AND t.last_opening_ms IS NOT NULL)
               + {LASTS})
             FROM account a"
        );
        let next = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(HUMAN_AGENT_WINDOW_MS)
            .bind(OPEN_WINDOW_MS)
            .bind(HumanAgentRight::Approved.to_string());
        Ok(next.fetch_one(self.read()).await?)
    }

    /// How the database would look for what shut, for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_shut_windows(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", due())))
                .bind(HUMAN_AGENT_WINDOW_MS)
                .bind(OPEN_WINDOW_MS)
                .bind(HumanAgentRight::Approved.to_string())
                .bind(0)
                .bind(1)
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}
