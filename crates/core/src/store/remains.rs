//! Parts of other desks that were granted and of which nobody heard how they ended, or only that nobody knows: what a desk
//! that is gone leaves to the account's steward.

use baton_messenger::Mid;
use baton_messenger::send::FileKind;
use baton_protocol::{AccountId, CustomerId, DeskId, PartId, ReplyId};

use super::error::{parsed, parsed_some};
use super::{Result, Store};

/// A part that a desk left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftPart {
    /// The part.
    pub part: PartId,
    /// Its reply.
    pub reply: ReplyId,
    /// The customer of its thread.
    pub customer: CustomerId,
    /// What is sent; empty for a file, and once it was taken back.
    pub text: String,
    /// What kind of file is sent instead of a text.
    pub file: Option<FileKind>,
    /// When it was granted, milliseconds UTC of the relay.
    pub granted_ms: i64,
    /// The message that its echo says it became.
    pub echo: Option<Mid>,
    /// Its desk said that it does not know the end, and may have gone before it looked.
    pub is_unknown: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    part: String,
    reply: String,
    customer: String,
    text: Option<String>,
    file: Option<String>,
    granted_ms: i64,
    echo: Option<String>,
    is_unknown: bool,
}

/// Those without an end, however old, and the unknown ones of some time. The index is used where its own condition stands.
const LEFT: &str = "
    WITH left_part AS MATERIALIZED (
      SELECT part, reply, thread_id, text, file, granted_ms, 0 AS is_unknown FROM team_part
      WHERE account = ?1 AND settled_rank IS NULL AND granted_ms <= ?3 AND desk <> ?2 AND reply IS NOT NULL
      UNION ALL
      SELECT part, reply, thread_id, text, file, granted_ms, 1 FROM team_part
      WHERE account = ?1 AND settled_rank = 1 AND (settled_rank IS NULL OR settled_rank <= 1)
        AND granted_ms BETWEEN ?4 AND ?3 AND desk <> ?2 AND reply IS NOT NULL
    )
    SELECT p.part, p.reply, t.customer, p.text, p.file, p.granted_ms, p.is_unknown,
      (SELECT m.mid FROM message m WHERE m.part = p.part AND m.thread_id = p.thread_id LIMIT 1) AS echo
    FROM left_part p JOIN thread t USING (thread_id)
    ORDER BY p.is_unknown, p.granted_ms LIMIT 200";

impl Store {
    /// Parts of an account that other desks than this one were granted before a moment, and that have no end, oldest first.
    /// Behind them those that were granted since another moment and whose desk said that it does not know the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn left_parts(
        &self,
        account: &AccountId,
        but: DeskId,
        granted_before_ms: i64,
        unknown_since_ms: i64,
    ) -> Result<Vec<LeftPart>> {
        let rows: Vec<Row> = sqlx::query_as(LEFT)
            .bind(account.as_str())
            .bind(but.to_string())
            .bind(granted_before_ms)
            .bind(unknown_since_ms)
            .fetch_all(self.read())
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(LeftPart {
                    part: parsed(&row.part)?,
                    reply: parsed(&row.reply)?,
                    customer: CustomerId::from(row.customer),
                    text: row.text.unwrap_or_default(),
                    file: parsed_some(row.file.as_deref())?,
                    granted_ms: row.granted_ms,
                    echo: row.echo.map(Mid::from),
                    is_unknown: row.is_unknown,
                })
            })
            .collect()
    }

    /// How the database would look for what desks left, for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_left_parts(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {LEFT}")))
                .bind("")
                .bind("")
                .bind(0)
                .bind(0)
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }

    /// True when a message is known to be something else than this part of whatever desk: another part, or said by another
    /// app.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_of_another_part(&self, mid: &Mid, part: PartId) -> Result<bool> {
        let known: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM outbox_part WHERE mid = ?1 AND part <> ?2)
               OR EXISTS (SELECT 1 FROM team_part WHERE mid = ?1 AND part <> ?2)
               OR EXISTS (
                 SELECT 1 FROM team_part p JOIN thread t USING (thread_id)
                 JOIN message m ON m.thread_id = p.thread_id AND m.key = ?1
                 LEFT JOIN account a ON a.account = t.account
                 WHERE p.part = ?2 AND (m.part IS NOT NULL AND m.part <> ?2
                   OR m.app IS NOT NULL AND m.app <> coalesce(a.our_app, m.app)))",
        )
        .bind(mid.as_str())
        .bind(part.to_string())
        .fetch_one(self.read())
        .await?;
        Ok(known)
    }
}
