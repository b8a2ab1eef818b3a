//! Threads with a reply of this desk that was not sent, or of which nobody knows whether it was. Of all threads, done and asleep
//! too: once its agent has gone on, nothing else leads back to it.

use super::{Result, Store, ThreadId, ThreadKey};

/// How many are told of at most.
const MOST: i64 = 200;

/// What Meta refused and nobody put aside; what was looked for in vain; and what came back into its draft, other than by the
/// agent's own hand.
const NOT_SENT: &str =
    "SELECT n.thread_id, t.account, t.customer, coalesce(c.hand_name, c.meta_name, c.audit_name), n.unsure
     FROM (
       SELECT thread_id, 0 AS unsure, created_ms AS since_ms FROM outbox_part
       WHERE state = 'refused' AND NOT coalesce(detail ->> '$.aside', 0)
       UNION ALL
       SELECT thread_id, 1, created_ms FROM outbox_part WHERE state = 'unknown' AND detail ->> '$.looked'
       UNION ALL
       SELECT thread_id, 0, updated_ms FROM draft
       WHERE reason ->> '$.state' = 'returned' AND reason ->> '$.reason.reason' <> 'taken') n
     CROSS JOIN thread t ON t.thread_id = n.thread_id
     LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
     GROUP BY n.thread_id, n.unsure
     ORDER BY min(n.since_ms), n.thread_id, n.unsure LIMIT ?";

/// A thread with a reply that was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSentRow {
    /// This desk's number for it.
    pub thread: ThreadId,
    /// Account and customer.
    pub key: ThreadKey,
    /// The customer's name, when it is known.
    pub customer_name: Option<String>,
    /// Nobody knows whether it was sent, and Meta was asked in vain.
    pub unsure: bool,
}

impl Store {
    /// Threads with a reply that was not sent and that nobody put aside, and those with one of which nobody knows, longest ago
    /// first. A thread with both is told of twice.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn not_sent(&self) -> Result<Vec<NotSentRow>> {
        let rows: Vec<(i64, String, String, Option<String>, bool)> =
            sqlx::query_as(NOT_SENT).bind(MOST).fetch_all(self.read()).await?;
        let not_sent =
            rows.into_iter().map(|(thread, account, customer, customer_name, unsure)| NotSentRow {
                thread: ThreadId(thread),
                key: ThreadKey { account: account.into(), customer: customer.into() },
                customer_name,
                unsure,
            });
        Ok(not_sent.collect())
    }
}
