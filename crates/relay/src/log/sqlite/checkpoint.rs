//! Moves the WAL into the database file, off the path of the answers: inline it is the whole tail of their times.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Notify, watch};

use super::open::{beside, close};

/// How often the WAL is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// Below this the WAL is left alone, bytes.
const WORTH_IT: u64 = 4 * 1024 * 1024;
/// From this on the WAL is emptied, even though the writer then waits for a moment, bytes.
const TOO_LARGE: u64 = 256 * 1024 * 1024;

/// Starts the task; it ends with the writer, whose end closes `writer_lives`.
pub(super) fn start(
    options: SqliteConnectOptions,
    path: PathBuf,
    removed: Arc<Notify>,
    mut writer_lives: watch::Receiver<Option<String>>,
) {
    tokio::spawn(async move {
        let Ok(mut conn) = options.connect().await else {
            tracing::error!(
                "the checkpointer cannot open the database; the WAL will grow until the next start"
            );
            return;
        };
        // The wish to empty the WAL after a removal dies with the process: a kill in between left the text there.
        step(&mut conn, &path, true, &removed).await;
        loop {
            let empty_it = tokio::select! {
                changed = writer_lives.changed() => {
                    if changed.is_err() || writer_lives.borrow().is_some() { break; }
                    continue;
                }
                () = removed.notified() => true,
                () = tokio::time::sleep(LOOK) => false,
            };
            step(&mut conn, &path, empty_it, &removed).await;
        }
        close(conn).await;
    });
}

async fn step(conn: &mut SqliteConnection, path: &std::path::Path, empty_it: bool, removed: &Notify) {
    let size = tokio::fs::metadata(beside(path, "-wal")).await.map_or(0, |file| file.len());
    let sql = match (empty_it, size) {
        (true, _) | (_, TOO_LARGE..) => "pragma wal_checkpoint(truncate)",
        (false, WORTH_IT..) => "pragma wal_checkpoint(passive)",
        _ => return,
    };
    let done = sqlx::query_as::<_, (i64, i64, i64)>(sql).fetch_one(conn).await;
    let is_left = !matches!(done, Ok((0, _, _)));
    if empty_it && is_left {
        // A reader held it up; the text must still leave the WAL.
        tokio::time::sleep(LOOK).await;
        removed.notify_one();
    }
}
