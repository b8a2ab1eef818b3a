//! Puts a copy in the place of the database. Every log gets another id, so that each desk knows that what it holds may be
//! more than the relay has, and reads anew.
//!
//! ```text
//!  copy ─looked at─▶ .restoring ─new log ids─▶ synced ─▶ the database   (the one before: .before-restore)
//! ```

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use uuid::Uuid;

use super::backup::{self, Backups};
use super::forward;
use super::open::{self, OpenError, beside};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The relay runs.
    #[error("stop the relay first: {0}")]
    Running(OpenError),
    /// The copy is not one.
    #[error("{path} is no sound database of a relay: {why}; nothing was changed")]
    NotSound {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The copy is of a newer relay.
    #[error(
        "{path} was made by a newer relay (schema {found}); this one knows {known}: install the newer program, then restore, or \
         restore a backup made before; nothing was changed"
    )]
    TooNew {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The system refused.
    #[error("{path} cannot be written: {why}; nothing was changed")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Entries of all logs.
    pub entries: i64,
    /// When the newest of them was appended, milliseconds UTC; none in an empty log.
    pub newest_ms: Option<i64>,
    /// Where the database of before lies, if there was one.
    pub before: Option<PathBuf>,
}

/// Restores the copy `from` as `database`.
///
/// # Errors
/// [`RestoreError`]. Nothing was changed then.
pub async fn restore(from: &Path, database: &Path, now_ms: i64) -> Result<Restored, RestoreError> {
    let _lock = open::take(database).map_err(RestoreError::Running)?;
    look_at(from).await?;
    let part = beside(database, ".restoring");
    let failed = |path: &Path, e: &dyn std::fmt::Display| RestoreError::File {
        path: path.to_owned(),
        why: e.to_string(),
    };
    open::private_file(&part).map_err(|e| failed(&part, &e))?;
    tokio::fs::copy(from, &part).await.map_err(|e| failed(&part, &e))?;
    let prepared = prepare(&part).await;
    let (entries, newest_ms) = match prepared {
        Ok(said) => said,
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            return Err(RestoreError::NotSound { path: from.to_owned(), why: error.to_string() });
        }
    };
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(|e| failed(&part, &e))?;
    let before = set_aside(database, now_ms).await.map_err(|e| failed(database, &e))?;
    std::fs::rename(&part, database).map_err(|e| failed(database, &e))?;
    if let Some(folder) = database.parent() {
        // Where folders cannot be opened their names are safe already.
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(Restored { entries, newest_ms, before })
}

async fn look_at(from: &Path) -> Result<(), RestoreError> {
    let not_sound = |why: String| RestoreError::NotSound { path: from.to_owned(), why };
    let options = SqliteConnectOptions::new().filename(from).read_only(true).disable_statement_logging();
    let mut conn = options.connect().await.map_err(|e| not_sound(e.to_string()))?;
    let said: String = sqlx::query_scalar("pragma integrity_check(1)")
        .fetch_one(&mut conn)
        .await
        .map_err(|e| not_sound(e.to_string()))?;
    if said != "ok" {
        return Err(not_sound(said));
    }
    let found = forward::schema(&mut conn).await.map_err(|e| not_sound(e.to_string()))?;
    if found == 0 {
        return Err(not_sound("it has no schema of a relay".to_owned()));
    }
    let _logs: i64 = sqlx::query_scalar("select count(*) from log")
        .fetch_one(&mut conn)
        .await
        .map_err(|_| not_sound("it has no logs".to_owned()))?;
    let _ = conn.close().await;
    let known = forward::newest();
    if found > known { Err(RestoreError::TooNew { path: from.to_owned(), found, known }) } else { Ok(()) }
}

/// Gives every log another id, and forgets the drafts that desks told then: some were sent since, and each desk tells what it has
/// anew because the logs are others. Returns how many entries there are, and the time of the newest.
async fn prepare(part: &Path) -> Result<(i64, Option<i64>), sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(part)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "on")
        .disable_statement_logging();
    let mut conn: SqliteConnection = options.connect().await?;
    let logs: Vec<String> = sqlx::query_scalar("select log from log").fetch_all(&mut conn).await?;
    let mut tx = conn.begin().await?;
    for log in logs {
        sqlx::query("update log set log_id = ? where log = ?")
            .bind(Uuid::now_v7().to_string())
            .bind(log)
            .execute(&mut *tx)
            .await?;
    }
    if backup::has_drafts(&mut tx).await? {
        sqlx::query("delete from draft").execute(&mut *tx).await?;
    }
    let said = sqlx::query_as("select count(*), max(at_ms) from entry").fetch_one(&mut *tx).await?;
    tx.commit().await?;
    conn.close().await?;
    Ok(said)
}

/// Keeps the database of before under another name. It is linked there first and replaced afterwards, so that at no moment
/// there is none: a relay that started then would begin an empty log.
async fn set_aside(database: &Path, now_ms: i64) -> std::io::Result<Option<PathBuf>> {
    if !database.exists() {
        return Ok(None);
    }
    let aside = beside(database, backup::BEFORE_RESTORE);
    // What was committed last stands in the WAL until it is moved into the file; a damaged file may refuse that.
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    if let Ok(mut conn) = options.connect().await {
        let _ = sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut conn).await;
        let _ = conn.close().await;
    }
    for suffix in ["", "-wal", "-shm"] {
        backup::remove(&beside(&aside, suffix))?;
    }
    std::fs::hard_link(database, &aside)?;
    for suffix in ["-wal", "-shm"] {
        match std::fs::rename(beside(database, suffix), beside(&aside, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Backups::open(database)?.adopt(&aside, now_ms).await?;
    Ok(Some(aside))
}
