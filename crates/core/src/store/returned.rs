//! How many threads an agent has, and which a supervisor took from them: for giving them back.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::{AccountId, AgentId};

use super::error::{parsed, to_json};
use super::{Result, Store, ThreadId, seq_in, seq_out};

impl Store {
    /// How many threads an agent has that the relay would take from them, by account: all that are not done, and those of
    /// customers who are kept away too, which come back to whoever has them once that ends. Accounts where they have none are
    /// not named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn open_threads_of(&self, agent: AgentId) -> Result<BTreeMap<AccountId, u64>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT account, sum(threads) FROM list_count
             WHERE assignee = ? AND active IN (1, 2, 3) GROUP BY account HAVING sum(threads) > 0",
        )
        .bind(agent.to_string())
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(|(account, threads)| (AccountId::from(account), seq_out(threads))).collect())
    }

    /// Who has threads on these accounts that the relay would take from them, whether or not they work there still.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn holders(&self, accounts: &[AccountId]) -> Result<BTreeSet<AgentId>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT assignee FROM list_count
             WHERE account IN (SELECT value FROM json_each(?)) AND active IN (1, 2, 3) AND assignee <> ''
             GROUP BY assignee HAVING sum(threads) > 0",
        )
        .bind(to_json(&accounts)?)
        .fetch_all(self.read())
        .await?;
        rows.iter().map(|agent| parsed(agent)).collect()
    }

    /// The threads that entries of an account's log gave to somebody, or to the queue, each with the seq of its entry: the
    /// version that it left. Seqs of other entries, and of those that are not here, are passed over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn assigned_by(&self, account: &AccountId, seqs: &[u64]) -> Result<Vec<(ThreadId, u64)>> {
        let seqs: Vec<i64> = seqs.iter().copied().map(seq_in).collect();
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT e.thread_id, e.seq FROM json_each(?2) j
             CROSS JOIN team_event e ON e.account = ?1 AND e.seq = j.value
             WHERE e.fact = 'assigned' ORDER BY e.seq",
        )
        .bind(account.as_str())
        .bind(to_json(&seqs)?)
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(|(thread, seq)| (ThreadId(thread), seq_out(seq))).collect())
    }
}
