//! The evidence of late replies, read page by page for a file.

use baton_protocol::AccountId;
use baton_protocol::team::{Settlement, TagEvidence};

use super::error::of_json;
use super::{Result, Store, seq_in, seq_out};

/// A late reply, with the proof that a person wrote it in time.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// Seq of its grant in the account's log.
    pub seq: u64,
    /// When it was granted, milliseconds UTC of the relay; Meta's time where the relay knew it.
    pub granted_ms: i64,
    /// The customer's scoped id.
    pub customer: String,
    /// The customer's name, where it is known.
    pub customer_name: String,
    /// The person who pressed *Send*.
    pub agent: String,
    /// That person's name now.
    pub agent_name: String,
    /// The desk it left from.
    pub desk: String,
    /// The proof.
    pub tag: TagEvidence,
    /// True when the relay was away and was not asked before.
    pub unchecked: bool,
    /// How it ended, as far as the log tells.
    pub settlement: Option<Settlement>,
}

type Row = (
    i64,
    Option<i64>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    bool,
    Option<String>,
);

impl Store {
    /// Late replies of an account after a place in its log, in the log's order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn evidence(&self, account: &AccountId, after: u64, limit: u32) -> Result<Vec<EvidenceRow>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT p.granted_seq, p.granted_ms, t.customer, coalesce(c.hand_name, c.meta_name, c.audit_name), p.agent,
               a.name, p.desk, p.tag, p.unchecked, p.settlement
             FROM team_part p JOIN thread t ON t.thread_id = p.thread_id
             LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
             LEFT JOIN agent a ON a.agent = p.agent
             WHERE p.account = ?1 AND p.granted_seq > ?2 AND p.tag IS NOT NULL
             ORDER BY p.granted_seq LIMIT ?3",
        )
        .bind(account.as_str())
        .bind(seq_in(after))
        .bind(limit)
        .fetch_all(self.read())
        .await?;
        rows.into_iter().map(read).collect()
    }

    /// How the database would carry out [`Store::evidence`], for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_evidence(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(
            "EXPLAIN QUERY PLAN SELECT part FROM team_part
             WHERE account = ?1 AND granted_seq > ?2 AND tag IS NOT NULL ORDER BY granted_seq LIMIT ?3",
        )
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

fn read(row: Row) -> Result<EvidenceRow> {
    let (seq, granted_ms, customer, customer_name, agent, agent_name, desk, tag, unchecked, settlement) = row;
    Ok(EvidenceRow {
        seq: seq_out(seq),
        granted_ms: granted_ms.unwrap_or_default(),
        customer,
        customer_name: customer_name.unwrap_or_default(),
        agent: agent.unwrap_or_default(),
        agent_name: agent_name.unwrap_or_default(),
        desk: desk.unwrap_or_default(),
        tag: of_json(&tag)?,
        unchecked,
        settlement: settlement.as_deref().map(of_json).transpose()?,
    })
}
