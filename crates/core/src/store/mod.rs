//! The desk's one SQLite file: every table, and all SQL of this crate.
//!
//! ```text
//!   ingest ──▶ ┌────────┐  BEGIN IMMEDIATE, one connection   ┌───────────────┐
//!   outbox ──▶ │ writer │ ─────────────────────────────────▶ │ WAL, FULL     │
//!              └────────┘                                    │ STRICT tables │
//!   lists  ──▶ ┌─────────────────────┐  read-only            │               │
//!   thread ──▶ │ readers, four       │ ◀───────────────────── │               │
//!              └─────────────────────┘                       └───────────────┘
//! ```
//!
//! Promises:
//! - A write that returned is on the disk. Raw entry, what follows from it and the cursor move in one transaction.
//! - Derived tables are a function of the set of entries, see [`crate::apply`]; own tables survive a resync.
//! - What one answer is made of is read at one moment, see [`Reading`].
//! - Lists are pages by key; no query reads everything; counts on the screen are kept, not counted.
//! - No secret is ever stored here: tokens live in the key store of the system.
//!
//! It refuses an SQLite that can lose pages, and a file of a newer schema. With more than one writing connection,
//! transactions that read before they write fail as busy, so there is one.

mod account;
mod account_check;
mod again;
mod app_role;
mod attachment;
mod canonical;
mod command_queue;
mod customer;
mod draft;
mod edit;
mod enrolment;
mod erase;
mod error;
mod familiar;
mod figures;
mod ids;
mod ingest;
mod label;
mod log;
mod media;
mod media_source;
mod media_wanted;
mod message;
mod message_page;
mod message_write;
mod note;
mod outbox_part;
mod own_moves;
mod own_words;
mod owner_event;
mod page_token;
mod policy;
mod preview;
mod proof;
mod purge;
mod reaction;
mod read_mark;
mod reading;
mod refresh;
mod removal;
mod reply;
mod setting;
mod sleep;
mod team_event;
mod team_part;
mod thread;
mod thread_list;
mod timeline;
mod untold;
mod wipe;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

pub use crate::apply::{Answered, Came, Extra, Happened, Pressed, StorySaid};
pub use account::{AccountRow, AgentRow};
pub use attachment::{AttachmentPlace, AttachmentRow, CART};
pub use command_queue::QueuedCommand;
pub use draft::DraftRow;
pub use enrolment::Enrolment;
pub use error::{Result, StoreError};
pub use figures::Figures;
pub use ids::{ListKey, MessageKey, ThreadId, ThreadKey};
pub use ingest::{Changes, NewInbound};
pub use log::LogState;
pub use media::{KeptFile, MediaFacts, MediaFate, MediaKnown, NewMedia, Picture};
pub use media_source::{MediaRef, MediaSource, picture_of_card};
pub use media_wanted::FreshMedia;
pub use message::{Author, Delivery, Earlier, MessageKind, MessageRow, Quote};
pub use note::NoteRow;
pub use outbox_part::{NewPart, PartKey, PartMove, PartRow, PartStateName};
pub use own_moves::MovedBy;
pub use page_token::{TokenFactsRow, TokenRow};
pub use policy::Policed;
pub use preview::{Preview, PreviewKind};
pub use reaction::ReactionRow;
pub use reading::Reading;
pub use removal::Removal;
pub use reply::{AfterSent, LeavesAs, NewReply, ReplyRow};
pub use team_part::TeamPartRow;
pub use thread::{Outgoing, ThreadRow};
pub use thread_list::{ListQuery, Page, Sort, View, ViewCounts};
pub use timeline::{TimelineItem, TimelineLine};

/// The newest schema this program knows; the number of the newest migration.
pub const SCHEMA: i64 = 9;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/desk");

/// The desk's file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    version: Arc<AtomicU64>,
    /// Something was removed, and the log of writes may still hold its bytes.
    unwiped: Arc<AtomicBool>,
}

impl Store {
    /// Opens the file, makes it when it is not there, and brings it to this program's schema.
    ///
    /// # Errors
    /// [`StoreError::UnsafeSqlite`], [`StoreError::TooNew`], and whatever the disk says.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = options(path);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone().create_if_missing(true))
            .await?;
        check_sqlite(&writer).await?;
        migrate(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.read_only(true))
            .await?;
        let (version, unwiped) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicBool::new(false)));
        let store = Self { writer, readers, version, unwiped };
        store.apply_again().await?;
        // A run that was killed may have left what it had just removed.
        store.wipe().await?;
        Ok(store)
    }

    /// Closes the file. Whatever was written is in it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A number that grows with every change, so that a reader can tell older answers from newer ones. Begins anew with
    /// each start.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    /// A setting of the writing connection, for the tests that hold the file to what this page promises.
    #[doc(hidden)]
    pub async fn pragma(&self, name: &'static str) -> Result<i64> {
        let sql = format!("PRAGMA {name}");
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.writer).await?)
    }

    /// Lets the file grow no further, as on a full disk, for tests.
    #[doc(hidden)]
    pub async fn limit_pages_to_present(&self) -> Result<()> {
        sqlx::query("PRAGMA max_page_count = 1").execute(&self.writer).await?;
        Ok(())
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    async fn commit(&self, transaction: Transaction<'static, Sqlite>) -> Result<()> {
        transaction.commit().await?;
        self.version.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn read(&self) -> &SqlitePool {
        &self.readers
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // What an unsend or an erasure removes must not linger in free pages.
        .pragma("secure_delete", "ON")
        .optimize_on_close(true, None)
}

async fn check_sqlite(pool: &SqlitePool) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    if is_safe(&version) { Ok(()) } else { Err(StoreError::UnsafeSqlite { version }) }
}

/// 3.7.0 to 3.51.2 can lose pages when a WAL is reset at the wrong moment.
fn is_safe(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor, patch) =
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let found = (major, minor, patch);
    !((3, 7, 0)..=(3, 51, 2)).contains(&found)
}

async fn migrate(pool: &SqlitePool) -> Result<()> {
    match MIGRATIONS.run(pool).await {
        Ok(()) => Ok(()),
        Err(sqlx::migrate::MigrateError::VersionMissing(found)) if found > SCHEMA => {
            Err(StoreError::TooNew { found, known: SCHEMA })
        }
        Err(sqlx::migrate::MigrateError::Execute(error)) => Err(error.into()),
        Err(other) => Err(StoreError::Migration(other.to_string())),
    }
}

/// What a write works on, named so that signatures stay short.
type Conn = SqliteConnection;

/// Seqs are u64 on the wire and i64 in SQLite; a log never gets that long.
fn seq_in(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn seq_out(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_safe;

    #[rstest]
    #[case("3.6.23", true)]
    #[case("3.7.0", false)]
    #[case("3.46.1", false)]
    #[case("3.51.2", false)]
    #[case("3.51.3", true)]
    #[case("3.52.0", true)]
    #[case("4.0.0", true)]
    fn versions_that_can_lose_pages_are_refused(#[case] version: &str, #[case] safe: bool) {
        assert_eq!(is_safe(version), safe);
    }
}
