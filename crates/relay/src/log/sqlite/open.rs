//! Opening the file: lock, version, schema ([`super::forward`]), connections, and what the log last knew.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Notify, broadcast, watch};
use uuid::Uuid;

use super::super::{BackupError, Live, LogError};
use super::backup::Backups;
use super::writer::{Run, Told, Writer};
use super::{SqliteLog, SqliteSettings, checkpoint, forward, people, read, reparse, scrub};
use crate::meta_time::MetaTime;

/// So much news of queues waits for whoever gives threads out; whoever misses some reads all anew.
const QUEUE_NEWS: usize = 8_192;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another relay, or a command of one, has it.
    #[error("{0} is in use by another relay; stop that one, or give this one its own database")]
    InUse(PathBuf),
    /// The folder or the file cannot be read or written.
    #[error("{path} cannot be opened: {why}; check that the folder exists and belongs to the relay's user")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// This SQLite can lose data.
    #[error("the program was built with SQLite {0}, which can lose pages; build it with 3.51.3 or newer")]
    SqliteVersion(String),
    /// A newer relay made the file. Nothing was written into it.
    #[error(
        "the database was made by a newer relay (schema {found}); this one knows {known}: run the newer program, or restore a \
         backup made before; nothing was changed"
    )]
    TooNew {
        /// The schema of the file.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The copy that is kept from before an update could not be made, so there was no update.
    #[error(
        "the database has to be brought from schema {found} to {known}, and the copy that is kept from before cannot be made: \
         {why}; nothing was changed"
    )]
    NoCopy {
        /// The schema of the file.
        found: i64,
        /// The schema of this program.
        known: i64,
        /// Why there is no copy.
        why: BackupError,
    },
    /// The update itself failed; the file is of the schema that it had.
    #[error("the database cannot be brought from schema {found} to {known}: {why}; it is as it was")]
    Update {
        /// The schema of the file, 0 for a new one.
        found: i64,
        /// The schema of this program.
        known: i64,
        /// What SQLite or the migrations say.
        why: String,
    },
    /// SQLite failed.
    #[error("the database cannot be used: {0}")]
    Database(String),
}

/// The lock beside the file, held while it is used.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

pub(super) async fn open(settings: SqliteSettings, time: Arc<MetaTime>) -> Result<SqliteLog, OpenError> {
    let path = settings.path;
    let lock = take(&path)?;
    create(&path)?;
    let found = forward::look(&path).await?;
    let backups =
        Backups::open(&path).map_err(|e| OpenError::File { path: path.clone(), why: e.to_string() })?;
    let mut conn = options(&path).connect().await.map_err(database)?;
    if let Err(error) = prepare(&mut conn, &backups, found, time.clock().wall_ms()).await {
        close(conn).await;
        return Err(error);
    }
    people::make_workspace_log(&mut conn).await.map_err(log_error)?;
    let live: Live = read::live(&mut conn).await.map_err(log_error)?;

    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .connect_with(options(&path).read_only(true))
        .await
        .map_err(database)?;
    let (live, live_receiver) = watch::channel(live);
    let (marks, _) = broadcast::channel(256);
    let (renewed, _) = broadcast::channel(1024);
    let (queue, _) = broadcast::channel(QUEUE_NEWS);
    let (broken, broken_receiver) = watch::channel(None);
    let removed = Arc::new(Notify::new());
    let (refusing, refusing_receiver) = watch::channel(None);
    let removals = watch::Sender::new(0);
    let counted = removals.subscribe();
    let told = Told {
        live,
        marks: marks.clone(),
        queue: queue.clone(),
        renewed: renewed.clone(),
        broken,
        refusing,
        removed: removed.clone(),
        removals,
    };
    let run = Run { id: Uuid::new_v4(), began_boot_ms: time.clock().boot_ms(), app: settings.app };
    let backups = Arc::new(backups);
    let writer = Arc::new(Writer::start(conn, run, time.clone(), told, backups.clone()));
    writer.run(reparse::Reparse).await.map_err(log_error)?;
    let (weak, copies) = (Arc::downgrade(&writer), backups.clone());
    scrub::start(options(&path).read_only(true), weak, counted, removed.clone(), copies);
    checkpoint::start(options(&path), path.clone(), removed, broken_receiver.clone());
    Ok(SqliteLog {
        readers,
        writer,
        time,
        live: live_receiver,
        marks,
        queue,
        renewed,
        broken: broken_receiver,
        refusing: refusing_receiver,
        backups,
        _lock: lock,
    })
}

/// This SQLite may be used, and the file is of this program's schema.
async fn prepare(
    conn: &mut SqliteConnection,
    backups: &Backups,
    found: i64,
    at_ms: i64,
) -> Result<(), OpenError> {
    check_version(conn).await?;
    forward::bring(conn, backups, found, at_ms).await
}

/// How every connection is set up.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("wal_autocheckpoint", "0")
        .pragma("secure_delete", "on")
        .disable_statement_logging()
}

pub(super) fn take(path: &Path) -> Result<FileLock, OpenError> {
    let lock_path = beside(path, ".lock");
    let file = private_file(&lock_path)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| OpenError::InUse(path.to_owned()))?;
    Ok(FileLock { _file: file })
}

/// A file that belongs to the database, such as its lock or its socket.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The file exists before SQLite opens it, so that nobody else can ever read it; WAL and shared memory inherit that.
fn create(path: &Path) -> Result<(), OpenError> {
    private_file(path).map(|_| ())
}

pub(super) fn private_file(path: &Path) -> Result<File, OpenError> {
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| OpenError::File { path: path.to_owned(), why: e.to_string() })
}

async fn check_version(conn: &mut SqliteConnection) -> Result<(), OpenError> {
    let version: String =
        sqlx::query_scalar("select sqlite_version()").fetch_one(conn).await.map_err(database)?;
    if is_safe(&version) { Ok(()) } else { Err(OpenError::SqliteVersion(version)) }
}

/// 3.7.0 to 3.51.2 can lose pages when a write and a checkpoint meet.
fn is_safe(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let version = (next(), next(), next());
    version >= (3, 51, 3)
}

#[expect(clippy::needless_pass_by_value, reason = "used as the function of map_err")]
pub(super) fn database(error: sqlx::Error) -> OpenError {
    OpenError::Database(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "used as the function of map_err")]
fn log_error(error: LogError) -> OpenError {
    OpenError::Database(error.to_string())
}

/// Closes a connection that a failed start leaves.
pub(super) async fn close(conn: SqliteConnection) {
    let _ = conn.close().await;
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_safe;

    #[rstest]
    #[case("3.51.3", true)]
    #[case("3.54.1", true)]
    #[case("4.0.0", true)]
    #[case("3.51.2", false)]
    #[case("3.40.1", false)]
    #[case("odd", false)]
    fn a_sqlite_that_can_lose_pages_is_refused(#[case] version: &str, #[case] safe: bool) {
        assert_eq!(is_safe(version), safe);
    }
}
