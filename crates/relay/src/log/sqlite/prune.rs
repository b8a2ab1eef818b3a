//! First results of commands go when no honest repeat can come any more.
//!
//! A few at a time, in a transaction of their own, after the answers of a group and only while nobody waits; so a large
//! backlog costs many small steps and no answer.

use async_trait::async_trait;
use baton_protocol::command::RESULT_KEPT_MS;
use sqlx::SqliteConnection;

use super::super::LogError;
use super::row::storage;
use super::writer::{Tx, Work};

/// How many go in one step.
const AT_A_TIME: i64 = 100;
/// How many steps follow on one group at most; the next group brings more.
pub(super) const MOST_STEPS: u32 = 20;

/// Whether anything is old enough to go.
pub(super) async fn is_due(conn: &mut SqliteConnection, now_ms: i64) -> Result<bool, LogError> {
    let before = now_ms - RESULT_KEPT_MS;
    let row = sqlx::query!(
        r#"select exists (select 1 from command_result where at_ms < ?1) as "due!: bool""#,
        before
    )
    .fetch_one(conn)
    .await
    .map_err(storage)?;
    Ok(row.due)
}

/// One step.
pub(super) struct Prune;

#[async_trait]
impl Work for Prune {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        let before = tx.stamp.ms - RESULT_KEPT_MS;
        sqlx::query!(
            "delete from command_result where (desk, command_id) in
               (select desk, command_id from command_result where at_ms < ?1 order by at_ms limit ?2)",
            before,
            AT_A_TIME
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
        Ok(())
    }
}
