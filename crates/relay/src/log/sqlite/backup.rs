//! Copies of the file that the relay made and still knows, so that what is taken back or erased goes from them too.
//!
//! ```text
//!  backup ─▶ making ──copied──▶ what was removed meanwhile is removed there ─▶ known
//!                                                                               │
//!  removal ─▶ rewritten in every known copy, then committed in the file ◀───────┘
//!             a copy that cannot be rewritten is deleted
//!         later: looked through for what lies between its cells, as the file itself is (`scrub_copy`)
//! ```
//!
//! The known ones stand in a list beside the database, because a restored database must know them too. Among them is the one
//! that was made before the last update of the schema. Copies that somebody made by hand, or moved away, cannot be
//! followed; the documentation says so.

mod before_update;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, Notify};

use super::super::BackupError;
use super::open::beside;
use super::{row, scrub_copy};

/// What a copy in the making ends with.
const PART: &str = ".part";
/// What follows the database's name where a restore keeps what was there before.
pub(super) const BEFORE_RESTORE: &str = ".before-restore";
/// What the list of known copies ends with.
const LIST: &str = ".backups";

/// What was removed: where which body stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rewritten {
    /// By log and seq.
    pub(super) entries: BTreeMap<(String, i64), String>,
    /// By place in quarantine.
    pub(super) waiting: BTreeMap<i64, Vec<u8>>,
    /// Messages that were taken back, by account and mid, with when.
    pub(super) unsent: BTreeMap<(String, String), i64>,
    /// Customers who were erased, by account: no draft to them stays.
    pub(super) drafts: BTreeSet<(String, String)>,
}

impl Rewritten {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.waiting.is_empty() && self.unsent.is_empty() && self.drafts.is_empty()
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.entries.extend(later.entries);
        self.waiting.extend(later.waiting);
        self.unsent.extend(later.unsent);
        self.drafts.extend(later.drafts);
    }
}

/// One copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    path: PathBuf,
    at_ms: i64,
    /// False until it is complete.
    complete: bool,
}

#[derive(Debug, Default)]
struct State {
    copies: Vec<Made>,
    /// What was removed since the copy that is being made began.
    making: Option<Rewritten>,
}

/// The copies that are known.
#[derive(Debug)]
pub(crate) struct Backups {
    database: PathBuf,
    list: PathBuf,
    state: Mutex<State>,
    /// Another copy is known.
    more: Notify,
}

impl Backups {
    /// Reads the list. What was being made when the program ended is worth nothing and is removed.
    pub(crate) fn open(database: &Path) -> io::Result<Self> {
        let list = beside(database, LIST);
        let known: Vec<Made> = match std::fs::read(&list) {
            Ok(json) => serde_json::from_slice(&json).map_err(io::Error::other)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        // Also of complete ones: a run may have ended before it gave one its name.
        for copy in &known {
            remove(&beside(&copy.path, PART))?;
        }
        let copies: Vec<Made> = known.into_iter().filter(|copy| copy.complete).collect();
        let state = Mutex::new(State { copies, making: None });
        Ok(Self { database: database.to_owned(), list, state, more: Notify::new() })
    }

    /// Takes up a complete copy that was made otherwise.
    pub(super) async fn adopt(&self, path: &Path, at_ms: i64) -> io::Result<()> {
        let mut state = self.state.lock().await;
        state.copies.retain(|copy| copy.path != path);
        state.copies.push(Made { path: path.to_owned(), at_ms, complete: true });
        self.keep(&state.copies)
    }

    /// Copies the file while it is in use, and knows the copy from then on.
    pub(super) async fn make(&self, readers: &SqlitePool, to: &Path, at_ms: i64) -> Result<u64, BackupError> {
        if !to.is_absolute() || to.to_str().is_none() || to.exists() {
            return Err(BackupError::Name(to.to_owned()));
        }
        let failed = |error: &io::Error| of_io(to, error);
        {
            let mut state = self.state.lock().await;
            if state.making.is_some() {
                return Err(BackupError::Busy);
            }
            state.making = Some(Rewritten::default());
            state.copies.push(Made { path: to.to_owned(), at_ms, complete: false });
            self.keep(&state.copies).map_err(|e| failed(&e))?;
        }
        let part = beside(to, PART);
        let copied = match readers.acquire().await {
            Ok(mut conn) => copy(&mut conn, &part).await,
            Err(error) => Err(of_sqlite(&part, &error)),
        };
        let mut state = self.state.lock().await;
        let meanwhile = state.making.take().unwrap_or_default();
        let done = match copied {
            Ok(bytes) => rewrite(&part, &meanwhile)
                .await
                .map_err(|e| of_sqlite(&part, &e))
                .and_then(|()| std::fs::rename(&part, to).map_err(|e| failed(&e)))
                .map(|()| bytes),
            Err(error) => Err(error),
        };
        match &done {
            Ok(_) => {
                state.copies.iter_mut().filter(|copy| copy.path == to).for_each(|copy| copy.complete = true);
            }
            Err(_) => {
                state.copies.retain(|copy| copy.path != to);
                let _ = remove(&part);
            }
        }
        self.keep(&state.copies).map_err(|e| failed(&e))?;
        self.more.notify_one();
        done
    }

    /// Something is about to be removed from the file: it goes from every known copy before.
    pub(super) async fn follow(&self, removed: &Rewritten) {
        if removed.is_empty() {
            return;
        }
        let mut state = self.state.lock().await;
        if let Some(making) = &mut state.making {
            making.merge(removed.clone());
        }
        let mut gone = Vec::new();
        for copy in state.copies.iter().filter(|copy| copy.complete) {
            if !copy.path.exists() {
                gone.push(copy.path.clone());
                continue;
            }
            if let Err(error) = rewrite(&copy.path, removed).await {
                tracing::error!(
                    path = %copy.path.display(), %error,
                    "a backup holds what was taken back or erased and cannot be rewritten: it is deleted"
                );
                match remove(&copy.path) {
                    Ok(()) => gone.push(copy.path.clone()),
                    Err(error) => {
                        tracing::error!(path = %copy.path.display(), %error, "delete this backup by hand");
                    }
                }
            }
        }
        if !gone.is_empty() {
            state.copies.retain(|copy| !gone.contains(&copy.path));
            if let Err(error) = self.keep(&state.copies) {
                tracing::warn!(%error, "the list of backups could not be written");
            }
        }
    }

    /// Another copy is known, in which something may have been removed while it was made.
    pub(super) async fn is_made(&self) {
        self.more.notified().await;
    }

    /// The complete copies that are there.
    pub(super) async fn complete(&self) -> Vec<PathBuf> {
        let state = self.state.lock().await;
        let complete = state.copies.iter().filter(|copy| copy.complete && copy.path.exists());
        complete.map(|copy| copy.path.clone()).collect()
    }

    /// A copy may hold what was taken back or erased, and nothing can be done about it: it is deleted.
    pub(super) async fn give_up(&self, path: &Path, why: &str) {
        let mut state = self.state.lock().await;
        tracing::error!(
            path = %path.display(), why,
            "a backup may hold what was taken back or erased and cannot be looked through: it is deleted"
        );
        if let Err(error) = remove(path) {
            tracing::error!(path = %path.display(), %error, "delete this backup by hand");
            return;
        }
        state.copies.retain(|copy| copy.path != path);
        if let Err(error) = self.keep(&state.copies) {
            tracing::warn!(%error, "the list of backups could not be written");
        }
    }

    fn keep(&self, copies: &[Made]) -> io::Result<()> {
        let part = beside(&self.list, PART);
        std::fs::write(&part, serde_json::to_vec(copies).map_err(io::Error::other)?)?;
        std::fs::File::open(&part)?.sync_all()?;
        std::fs::rename(&part, &self.list)
    }
}

/// The newest complete copy that the list beside a database names: where it is and when it was made, milliseconds UTC. What a
/// restore set aside and what was kept from before an update are in that list too, so that removals reach them, but nobody
/// made those as copies.
pub(crate) fn newest(database: &Path) -> Option<(PathBuf, i64)> {
    let json = std::fs::read(beside(database, LIST)).ok()?;
    let known: Vec<Made> = serde_json::from_slice(&json).ok()?;
    let aside = beside(database, BEFORE_RESTORE);
    let by_somebody = |copy: &Made| copy.path != aside && !before_update::is_one(database, &copy.path);
    let newest =
        known.into_iter().filter(|copy| copy.complete && by_somebody(copy)).max_by_key(|copy| copy.at_ms)?;
    Some((newest.path, newest.at_ms))
}

fn of_io(path: &Path, error: &io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BackupError::NoRoom(path.to_owned()),
        _ => BackupError::File { path: path.to_owned(), why: error.to_string() },
    }
}

fn of_sqlite(path: &Path, error: &sqlx::Error) -> BackupError {
    if row::is_full(error) {
        BackupError::NoRoom(path.to_owned())
    } else {
        BackupError::Database(error.to_string())
    }
}

async fn copy(conn: &mut SqliteConnection, part: &Path) -> Result<u64, BackupError> {
    let name = part.to_str().ok_or_else(|| BackupError::Name(part.to_owned()))?;
    let failed = |error: io::Error| of_io(part, &error);
    // It exists before anything is in it, so that nobody else can ever read it.
    super::open::private_file(part)
        .map_err(|e| BackupError::File { path: part.to_owned(), why: e.to_string() })?;
    sqlx::query("vacuum into ?").bind(name).execute(conn).await.map_err(|e| of_sqlite(part, &e))?;
    let file = tokio::fs::File::options().read(true).write(true).open(part).await.map_err(failed)?;
    file.sync_all().await.map_err(failed)?;
    Ok(file.metadata().await.map_err(failed)?.len())
}

/// Puts the new bodies into a copy.
async fn rewrite(path: &Path, removed: &Rewritten) -> Result<(), sqlx::Error> {
    if removed.is_empty() {
        return Ok(());
    }
    let mut conn = options(path).connect().await?;
    let done = put(&mut conn, removed).await;
    conn.close().await?;
    done
}

/// How a copy is opened.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "on")
        .disable_statement_logging()
}

async fn put(conn: &mut SqliteConnection, removed: &Rewritten) -> Result<(), sqlx::Error> {
    let mut tx = conn.begin().await?;
    scrub_copy::is_due(&mut tx).await?;
    for ((log, seq), body) in &removed.entries {
        sqlx::query("update entry set body = ? where log = ? and seq = ?")
            .bind(body)
            .bind(log)
            .bind(seq)
            .execute(&mut *tx)
            .await?;
    }
    for (arrival, body) in &removed.waiting {
        sqlx::query("update quarantine set body = ? where arrival = ?")
            .bind(body)
            .bind(arrival)
            .execute(&mut *tx)
            .await?;
    }
    for ((account, mid), at_ms) in &removed.unsent {
        sqlx::query("insert into unsent (account, mid, at_ms) values (?, ?, ?) on conflict do nothing")
            .bind(account)
            .bind(mid)
            .bind(at_ms)
            .execute(&mut *tx)
            .await?;
    }
    if !removed.drafts.is_empty() && has_drafts(&mut tx).await? {
        for (account, customer) in &removed.drafts {
            sqlx::query("delete from draft where account = ? and customer = ?")
                .bind(account)
                .bind(customer)
                .execute(&mut *tx)
                .await?;
        }
    }
    tx.commit().await
}

/// Copies of an earlier schema have none.
pub(super) async fn has_drafts(conn: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from sqlite_master where type = 'table' and name = 'draft')")
        .fetch_one(conn)
        .await
}

/// Removes a file that may not be there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
