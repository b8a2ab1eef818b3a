//! Old copies of what was removed, between the cells of the file's pages: looked for and zeroed after each removal
//! (`baton_scrub` tells where they come from).
//!
//! ```text
//!   removed ──▶ due (in the file, in the same transaction) ──▶ a pass: read a stretch, have the writer zero a few pages, …
//!                ▲                                                └─ last page ──▶ nothing removed meanwhile? clean
//!                └──────────────────────── something was ◀───────────┘
//! ```
//!
//! That it is due outlives a kill: it is the file's `user_version`, which nothing else uses here. A file of an earlier version
//! has never been looked through, so its first pass is due when it is opened. The writer gets a few pages at a time, each
//! time behind whatever waits: no webhook waits longer for it than for a group of others. The backups come after the file
//! ([`super::scrub_copy`]).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use baton_scrub::{AT_A_TIME, ScrubError, find};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Notify, watch};

use super::super::LogError;
use super::backup::Backups;
use super::open::close;
use super::row::storage;
use super::scrub_copy;
use super::writer::{Tx, Work, Writer};

/// The file's `user_version` once it was looked through after the last removal.
const CLEAN: i64 = 1;
/// Between two stretches others get the disk.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// After a failure it is tried again, and many removals one after the other are looked for together.
const AGAIN: Duration = Duration::from_secs(2);
/// A backup that could not be looked through so many times in a row is deleted.
const TRIES: u32 = 5;

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error(transparent)]
    Scrub(#[from] ScrubError),
    #[error(transparent)]
    Log(#[from] LogError),
    /// The log is closed.
    #[error("the log is closed")]
    Closed,
}

/// Something is removed in this transaction: the file has to be looked through once it is over.
pub(super) async fn is_due(conn: &mut SqliteConnection) -> Result<(), LogError> {
    sqlx::query("pragma user_version = 0").execute(conn).await.map(|_| ()).map_err(storage)
}

/// Starts the task; it ends with the writer.
pub(super) fn start(
    options: SqliteConnectOptions,
    writer: Weak<Writer>,
    removals: watch::Receiver<u64>,
    zeroed: Arc<Notify>,
    backups: Arc<Backups>,
) {
    tokio::spawn(async move {
        match options.connect().await {
            Ok(conn) => watch(conn, writer, removals, &zeroed, &backups).await,
            Err(error) => {
                tracing::error!(%error, "what was removed may linger in the file until the next start");
            }
        }
    });
}

async fn watch(
    mut conn: SqliteConnection,
    writer: Weak<Writer>,
    mut removals: watch::Receiver<u64>,
    zeroed: &Notify,
    backups: &Backups,
) {
    let mut is_due = user_version(&mut conn).await.is_ok_and(|version| version != CLEAN);
    // What an earlier run removed from a copy, it may not have lived to look for.
    let mut copies_due = true;
    let mut failed = BTreeMap::new();
    // How many removals the last pass knew of: resting takes notice of one and does nothing about it.
    let mut known = 0;
    loop {
        if !is_due && !copies_due && *removals.borrow() == known {
            tokio::select! {
                changed = removals.changed() => if changed.is_err() { break },
                () = backups.is_made() => {}
            }
        }
        if rest(&mut removals, AGAIN).await.is_err() {
            break;
        }
        let counted = *removals.borrow();
        if is_due || counted != known {
            known = counted;
            is_due = match pass(&mut conn, &writer, &mut removals, zeroed).await {
                Ok(is_clean) => !is_clean,
                Err(Ended::Closed) => break,
                Err(error) => {
                    tracing::warn!(%error, "what was removed may linger in the file");
                    // A file that cannot be looked through at all is not tried again and again.
                    !matches!(error, Ended::Scrub(ScrubError::OtherLayout))
                }
            };
        }
        copies_due = match look_through_copies(backups, &mut removals, &mut failed).await {
            Ok(are_clean) => !are_clean,
            Err(_) => break,
        };
    }
    close(conn).await;
}

/// Looks through the backups in which something was removed; one that cannot be is deleted. True when none is left to be
/// looked through.
async fn look_through_copies(
    backups: &Backups,
    removals: &mut watch::Receiver<u64>,
    failed: &mut BTreeMap<PathBuf, u32>,
) -> Result<bool, Ended> {
    let mut are_clean = true;
    for path in backups.complete().await {
        match scrub_copy::look_through(&path, removals).await {
            Ok(is_clean) => {
                failed.remove(&path);
                are_clean &= is_clean;
            }
            Err(Ended::Closed) => return Err(Ended::Closed),
            // Whoever made it took it away meanwhile.
            Err(_) if !path.exists() => {}
            Err(Ended::Scrub(error @ ScrubError::OtherLayout)) => {
                backups.give_up(&path, &error.to_string()).await;
            }
            Err(error) => {
                let times = failed.entry(path.clone()).or_default();
                *times += 1;
                if *times >= TRIES {
                    failed.remove(&path);
                    backups.give_up(&path, &error.to_string()).await;
                } else {
                    tracing::warn!(path = %path.display(), %error, "what was removed may linger in a backup");
                    are_clean = false;
                }
            }
        }
    }
    Ok(are_clean)
}

/// Looks through the file. True when nothing was removed meanwhile.
async fn pass(
    conn: &mut SqliteConnection,
    writer: &Weak<Writer>,
    removals: &mut watch::Receiver<u64>,
    zeroed: &Notify,
) -> Result<bool, Ended> {
    let counted = *removals.borrow_and_update();
    let mut next = Some(1);
    while let Some(from) = next {
        let found = find(conn, from).await?;
        for pages in found.dirty.chunks(AT_A_TIME) {
            let writer = writer.upgrade().ok_or(Ended::Closed)?;
            writer.run(Zero(pages.to_vec())).await?;
        }
        next = found.next;
        rest(removals, PAUSE).await?;
    }
    let writer = writer.upgrade().ok_or(Ended::Closed)?;
    let is_clean = writer.run(LookedThrough { counted, removals: removals.clone() }).await?;
    // What was zeroed also lies in the WAL.
    zeroed.notify_one();
    Ok(is_clean)
}

/// Waits, unless the log is closed meanwhile.
pub(super) async fn rest(removals: &mut watch::Receiver<u64>, time: Duration) -> Result<(), Ended> {
    let over = tokio::time::sleep(time);
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = &mut over => return Ok(()),
            changed = removals.changed() => changed.map_err(|_| Ended::Closed)?,
        }
    }
}

async fn user_version(conn: &mut SqliteConnection) -> Result<i64, LogError> {
    sqlx::query_scalar("pragma user_version").fetch_one(conn).await.map_err(storage)
}

/// Zeroes what belongs to nothing in these pages.
struct Zero(Vec<u32>);

#[async_trait]
impl Work for Zero {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        match baton_scrub::zero(tx.conn, &self.0).await {
            Ok(()) => Ok(()),
            Err(ScrubError::Sqlite(error)) => Err(storage(error)),
            Err(other @ ScrubError::OtherLayout) => Err(LogError::Unreadable(other.to_string())),
        }
    }
}

/// The last page was looked at. A removal in the same group is written after this, and makes it due again.
struct LookedThrough {
    counted: u64,
    removals: watch::Receiver<u64>,
}

#[async_trait]
impl Work for LookedThrough {
    type Answer = bool;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<bool, LogError> {
        let is_clean = *self.removals.borrow() == self.counted;
        if is_clean {
            sqlx::query("pragma user_version = 1").execute(&mut *tx.conn).await.map_err(storage)?;
        }
        Ok(is_clean)
    }
}
