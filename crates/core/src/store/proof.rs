//! What proves, or speaks against, that a message is a part of this desk's outbox.

use baton_messenger::Mid;
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AccountId, AgentId};

use super::error::of_json;
use super::{PartKey, Result, Store, seq_in};

impl Store {
    /// The message whose echo carries one of a part's ids, with its time in milliseconds UTC of Meta.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn proof_of(&self, part: PartKey) -> Result<Option<(Mid, i64)>> {
        let proof: Option<(String, i64)> = sqlx::query_as(
            "SELECT m.mid, m.at_ms FROM message m
             WHERE m.mid IS NOT NULL AND m.part IN (
               SELECT part FROM outbox_part WHERE key = ?1
               UNION SELECT part FROM outbox_former WHERE key = ?1)
             LIMIT 1",
        )
        .bind(part.0.to_string())
        .fetch_optional(self.read())
        .await?;
        Ok(proof.map(|(mid, at_ms)| (Mid::from(mid), at_ms)))
    }

    /// The agent whose grant claimed a thread with the entry at this seq; none when that entry is something else.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn claim_at(&self, account: &AccountId, seq: u64) -> Result<Option<AgentId>> {
        let body: Option<String> = sqlx::query_scalar(
            "SELECT body FROM team_event WHERE account = ? AND seq = ? AND fact = 'assigned'",
        )
        .bind(account.as_str())
        .bind(seq_in(seq))
        .fetch_optional(self.read())
        .await?;
        Ok(match body.as_deref().map(of_json).transpose()? {
            Some(TeamFact::Assigned { assignee, by: Actor::Agent { agent, .. }, reply: Some(_), .. })
                if assignee == Some(agent) =>
            {
                Some(agent)
            }
            _ => None,
        })
    }

    /// True when a message is known to be something else than this part: another part, or said by another app.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_known_as_another(&self, mid: &Mid, part: PartKey) -> Result<bool> {
        let known: bool = sqlx::query_scalar(
            "WITH ids (part) AS (
               SELECT part FROM outbox_part WHERE key = ?2
               UNION SELECT part FROM outbox_former WHERE key = ?2)
             SELECT EXISTS (SELECT 1 FROM outbox_part WHERE mid = ?1 AND key <> ?2)
               OR EXISTS (SELECT 1 FROM team_part WHERE mid = ?1 AND part NOT IN (SELECT part FROM ids))
               OR EXISTS (
                 SELECT 1 FROM outbox_part o JOIN thread t ON t.thread_id = o.thread_id
                 JOIN message m ON m.thread_id = o.thread_id AND m.key = ?1
                 LEFT JOIN account a ON a.account = t.account
                 WHERE o.key = ?2 AND (m.part IS NOT NULL AND m.part NOT IN (SELECT part FROM ids)
                   OR m.app IS NOT NULL AND m.app <> coalesce(a.our_app, m.app)))",
        )
        .bind(mid.as_str())
        .bind(part.0.to_string())
        .fetch_one(self.read())
        .await?;
        Ok(known)
    }
}
