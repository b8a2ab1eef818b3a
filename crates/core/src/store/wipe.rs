//! Empties the write-ahead log once something was removed for good: it still holds the bytes, whatever the tables say.
//!
//! A reader in the middle of a page keeps the log busy. Then it is tried again: with the next removal, by the keeper of
//! the desk every few seconds, and when the file is opened.

use std::sync::atomic::Ordering;

use sqlx::SqliteConnection;

use super::{Result, Store};

/// How long writing waits for readers, milliseconds. They hold a page for a moment only.
const PATIENCE_MS: u32 = 250;
/// How long a connection waits for others in the ordinary way, milliseconds.
const USUAL_MS: u32 = 5_000;

impl Store {
    /// Something was removed whose bytes must not linger: empties the log of writes, or remembers to.
    pub(super) async fn wipe(&self) -> Result<()> {
        self.unwiped.store(true, Ordering::SeqCst);
        self.wipe_if_due().await
    }

    /// Tries again what could not be done when something was removed. Does nothing most of the time.
    ///
    /// # Errors
    /// When the file cannot be written; it is tried again then too.
    pub async fn wipe_if_due(&self) -> Result<()> {
        if !self.unwiped.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut conn = self.writer.acquire().await?;
        wait_at_most(&mut conn, PATIENCE_MS).await?;
        let emptied: std::result::Result<(i64, i64, i64), _> =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *conn).await;
        wait_at_most(&mut conn, USUAL_MS).await?;
        let (busy, _, _) = emptied?;
        if busy == 0 {
            self.unwiped.store(false, Ordering::SeqCst);
        }
        Ok(())
    }
}

async fn wait_at_most(conn: &mut SqliteConnection, ms: u32) -> Result<()> {
    let sql = format!("PRAGMA busy_timeout = {ms}");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
    Ok(())
}
