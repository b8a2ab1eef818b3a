//! Keeps the index in few pieces. Every transaction that says something adds a piece, and a search looks into all of them;
//! they are merged in small steps while nobody does anything.

use super::super::{Result, Store};

/// How much one step writes at most, in pieces of about four kilobytes.
const PIECES: i64 = 16;

impl Store {
    /// One small step of merging. Returns false once there is nothing to merge. Changes nothing that anybody sees, so it
    /// moves no version.
    ///
    /// # Errors
    /// When the file cannot be written; then it is tried again with the next step.
    pub async fn merge_step(&self) -> Result<bool> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut merged = false;
        for table in ["search", "name_search"] {
            let before = changes(&mut tx).await?;
            let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)");
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(PIECES).execute(&mut *tx).await?;
            // The statement itself counts as one.
            merged |= changes(&mut tx).await? - before > 1;
        }
        tx.commit().await?;
        Ok(merged)
    }
}

async fn changes(conn: &mut super::super::Conn) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT total_changes()").fetch_one(conn).await?)
}
