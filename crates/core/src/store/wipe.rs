//! Empties the write-ahead log once something was removed for good: it still holds the bytes, whatever the tables say.
//!
//! A reader in the middle of a page keeps the log busy. Then it is tried again: with the next removal, by the keeper of
//! the desk every few seconds, and when the file is opened.

use std::sync::atomic::Ordering;

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{Result, Store, StoreError};

/// How long writing waits for readers, milliseconds. They hold a page for a moment only.
const PATIENCE_MS: u32 = 250;
/// How often the log is tried to be emptied when it has to be; each waits as long as `PATIENCE_MS`.
const FOLDING_TRIES: u32 = 40;
/// How long a connection waits for others in the ordinary way, milliseconds.
const USUAL_MS: u32 = 5_000;

impl Store {
    /// Commits a removal. Copies of the file, which cannot be rewritten, go before, so that a crash in between leaves no
    /// bytes of it in them; then the log of writes is emptied, or it is remembered to, and the file is looked through.
    pub(super) async fn commit_removal(&self, mut transaction: Transaction<'static, Sqlite>) -> Result<()> {
        self.copies_linger.store(true, Ordering::SeqCst);
        self.remove_copies().await;
        let due = self.scrub_is_due(&mut transaction).await?;
        self.commit(transaction).await?;
        self.scrub_begins(due);
        self.wipe_log().await
    }

    /// The one or the other, by whether something was removed.
    pub(super) async fn commit_or_removal(
        &self,
        transaction: Transaction<'static, Sqlite>,
        removed: bool,
    ) -> Result<()> {
        if removed { self.commit_removal(transaction).await } else { self.commit(transaction).await }
    }

    async fn remove_copies(&self) {
        match self.place.empty_aside().await {
            Ok(_) => self.copies_linger.store(false, Ordering::SeqCst),
            Err(error) => tracing::warn!(%error, "a copy of the file could not be removed yet"),
        }
    }

    /// Empties the log of writes, or remembers to.
    pub(super) async fn wipe_log(&self) -> Result<()> {
        self.unwiped.store(true, Ordering::SeqCst);
        self.wipe_if_due().await
    }

    /// Empties the log of writes into the file, for whoever takes the file alone. Whether the last connection that closes
    /// does it is not certain: one that only reads cannot.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when readers hold it up for long.
    pub(super) async fn fold_log(&self) -> Result<()> {
        for _ in 0..FOLDING_TRIES {
            self.wipe_log().await?;
            if !self.unwiped.load(Ordering::SeqCst) {
                return Ok(());
            }
        }
        Err(StoreError::Locked)
    }

    /// Tries again what could not be done when something was removed. Does nothing most of the time.
    ///
    /// # Errors
    /// When the file cannot be written; it is tried again then too.
    pub async fn wipe_if_due(&self) -> Result<()> {
        if self.copies_linger.load(Ordering::SeqCst) {
            self.remove_copies().await;
        }
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
