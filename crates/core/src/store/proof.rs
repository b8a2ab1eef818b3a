//! What proves, or speaks against, that a message is a part of this desk's outbox.

use baton_messenger::Mid;
use baton_messenger::send::FileKind;

use super::{PartKey, Result, Store};

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

    /// The echo that a part without a proof must be, where echoes bring no metadata back: said by the account since then
    /// (milliseconds UTC of Meta) with the same text, or with nothing but one file of this kind, heard while no other app held the thread, and known as nothing else.
    /// None when there are several, and none when another part with the same text, or with a file, could be the one that was
    /// said.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn nameless_echo_of(
        &self,
        part: PartKey,
        file: Option<FileKind>,
        since_ms: i64,
    ) -> Result<Option<(Mid, i64)>> {
        let fitting: Vec<(String, i64)> = sqlx::query_as(
            "WITH ids (part) AS (
               SELECT part FROM outbox_part WHERE key = ?1
               UNION SELECT part FROM outbox_former WHERE key = ?1)
             SELECT m.mid, m.at_ms
             FROM outbox_part o
             JOIN thread t ON t.thread_id = o.thread_id
             LEFT JOIN account a ON a.account = t.account
             JOIN message m ON m.thread_id = o.thread_id
             WHERE o.key = ?1 AND m.at_ms >= ?2 AND m.inbound = 0 AND m.kind = 'message' AND m.mid IS NOT NULL
               AND m.part IS NULL AND (m.app IS NULL OR m.app = a.our_app) AND m.unsent = 0
               AND coalesce(m.heard, 'messaging') = 'messaging'
               AND CASE WHEN ?3 IS NULL THEN trim(m.text) = trim(o.text)
                   ELSE coalesce(trim(m.text), '') = '' AND (
                     SELECT count(*) = 1 AND min(x.kind) = ?3 FROM attachment x WHERE x.message_id = m.message_id) END
               AND NOT EXISTS (SELECT 1 FROM outbox_part other WHERE other.mid = m.mid AND other.key <> ?1)
               AND NOT EXISTS (SELECT 1 FROM team_part p WHERE p.mid = m.mid AND p.part NOT IN (SELECT part FROM ids))
               AND NOT EXISTS (
                 SELECT 1 FROM outbox_part other
                 WHERE other.thread_id = o.thread_id AND other.key <> ?1 AND trim(other.text) = trim(o.text)
                   AND other.state IN ('sending', 'unknown', 'abandoned'))
               AND NOT EXISTS (
                 SELECT 1 FROM team_part p
                 WHERE p.thread_id = o.thread_id AND p.part NOT IN (SELECT part FROM ids)
                   AND CASE WHEN ?3 IS NULL THEN trim(p.text) = trim(o.text) ELSE p.file IS NOT NULL END
                   AND coalesce(p.settled_rank, 1) IN (1, 2)
                   AND NOT EXISTS (SELECT 1 FROM outbox_part own WHERE own.part = p.part)
                   AND NOT EXISTS (SELECT 1 FROM outbox_former own WHERE own.part = p.part))
             LIMIT 2",
        )
        .bind(part.0.to_string())
        .bind(since_ms)
        .bind(file.map(|file| file.to_string()))
        .fetch_all(self.read())
        .await?;
        let [(mid, at_ms)] = fitting.as_slice() else { return Ok(None) };
        Ok(Some((Mid::from(mid.as_str()), *at_ms)))
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
