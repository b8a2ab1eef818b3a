//! Opens the desk's file, and brings it into a state in which it can be used.
//!
//! ```text
//!  a finished repair? ─▶ put in place ─▶ known as damaged? ─no─▶ open ─▶ newer? refuse ─▶ older? copy, then migrate ─▶ ready
//!                                            │ yes                │ damaged
//!                                            └──────────┬─────────┘
//!                                                       ▼
//!                                     repair into a new file, put in place, open
//! ```
//!
//! Nothing is written into a file of a newer schema. A copy is made before each migration, and lies in `set-aside` until
//! something is taken back or erased: what must be gone must be gone there too.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::as_of::AsOf;
use super::haste::Haste;
use super::place::{self, Place};
use super::scrub::Scrub;
use super::search::Turns;
use super::telling::{OpeningStep, OpeningWatcher, Share, Untold};
use super::{Result, SCHEMA, Store, StoreError, repair};

/// Every migration.
fn migrations() -> Migrator {
    sqlx::migrate!("../../migrations/desk")
}

/// The migrations up to a schema.
fn migrations_to(schema: i64) -> Migrator {
    let mut migrator = migrations();
    migrator.migrations = migrator.migrations.iter().filter(|one| one.version <= schema).cloned().collect();
    migrator
}

/// A new file of a schema, today's or an earlier one.
///
/// # Errors
/// Whatever the disk says.
pub(super) async fn new_file(path: &Path, schema: i64) -> Result<SqlitePool> {
    let writer = pool(1).connect_with(options(path).create_if_missing(true)).await?;
    let made = at_once(&migrations_to(schema), &writer).await;
    if made.is_err() {
        writer.close().await;
    }
    made.map(|()| writer)
}

impl Store {
    /// Opens the file, makes it when it is not there, repairs it when it is damaged, and brings it to this program's
    /// schema.
    ///
    /// # Errors
    /// [`StoreError::UnsafeSqlite`], [`StoreError::TooNew`], and whatever the disk says; [`StoreError::DiskFull`] also
    /// when there is no room for the copy that is made before a migration or for a repair. Nothing is changed then.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_told(path, &Untold).await
    }

    /// The same as [`Store::open`], with somebody who hears what takes long.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_told(path: &Path, tells: &dyn OpeningWatcher) -> Result<Self> {
        let place = Place::of(path);
        place.finish_repair().await?;
        if place.is_marked().await? && Place::exists(place.file()).await? {
            repair::run(&place, tells).await?;
        }
        match Self::open_sound(&place, tells).await {
            Err(StoreError::Corrupt) => {
                repair::run(&place, tells).await?;
                Self::open_sound(&place, tells).await
            }
            opened => opened,
        }
    }

    /// Removes the file, whatever is in it, with its copies and what a repair left. Nobody may have it open.
    ///
    /// # Errors
    /// When something of it cannot be removed.
    pub async fn remove_files(path: &Path) -> Result<()> {
        Place::of(path).remove_all().await
    }

    /// Opens a file that is believed to be sound.
    async fn open_sound(place: &Place, tells: &dyn OpeningWatcher) -> Result<Self> {
        let store = Self::open_as_it_is(place, tells).await?;
        unless_damaged(store.resume_resyncs(tells).await, "a resync could not go on yet")?;
        unless_damaged(store.resume_computing(tells).await, "threads could not be computed anew yet")?;
        store.apply_again(tells).await?;
        // A run that was killed may have left what it had just removed.
        store.wipe_log().await?;
        Ok(store)
    }

    /// Opens a file and migrates it, no more.
    pub(super) async fn open_as_it_is(place: &Place, tells: &dyn OpeningWatcher) -> Result<Self> {
        let options = options(place.file());
        let writing = options.clone().create_if_missing(true).pragma("cache_size", WRITER_CACHE);
        let writer = pool(1).connect_with(writing).await?;
        let prepared = async {
            check_sqlite(&writer).await?;
            let found = schema(&writer).await?;
            keep_copy(&writer, place, found, tells).await?;
            migrate(&writer, found, tells).await?;
            forget_statistics(&writer).await
        };
        if let Err(error) = prepared.await {
            writer.close().await;
            return Err(error);
        }
        let readers = pool(4).connect_with(options.clone().read_only(true)).await?;
        let scrub = Scrub::of(&mut *writer.acquire().await?).await?;
        let store = Self {
            writer,
            readers,
            searchers: pool(2).connect_lazy_with(options.read_only(true)),
            turns: Turns::default(),
            version: Arc::new(AtomicU64::new(1)),
            uses: Arc::new(AtomicU64::new(0)),
            access: AsOf::default(),
            sending: AsOf::default(),
            held: AsOf::default(),
            haste: Haste::default(),
            unwiped: Arc::new(AtomicBool::new(false)),
            copies_linger: Arc::new(AtomicBool::new(false)),
            damaged: Arc::new(AtomicBool::new(false)),
            is_limited: Arc::default(),
            place: Arc::new(place.clone()),
            scrub: Arc::new(scrub),
        };
        // Before anything is written: the index has to be one of this program's words.
        if let Err(error) = store.check_index().await {
            store.close().await;
            return Err(error);
        }
        Ok(store)
    }
}

/// What of the last run's work could not go on is left for later: a disk that takes nothing keeps no desk from being opened.
/// Damage does, for it is repaired.
fn unless_damaged(went_on: Result<()>, what: &str) -> Result<()> {
    match went_on {
        Err(error) if !matches!(error, StoreError::Corrupt) => {
            tracing::warn!(%error, "{what}");
            Ok(())
        }
        went_on => went_on,
    }
}

/// What the writing connection keeps of the file in memory at most: 32 MiB (SQLite reads a negative number as KiB). With the
/// usual two, each batch reads the same pages of the indexes again.
const WRITER_CACHE: &str = "-32768";

/// How often it is looked how far a copy is.
const LOOKS_EVERY: Duration = Duration::from_millis(200);

/// What has to stay free beside a copy: for the update itself, and for others.
const SPARE_BYTES: u64 = 32 << 20;

/// How many statements a connection keeps ready; more than this module has.
const STATEMENTS_KEPT: usize = 1_000;

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(u32::from(connections == 1))
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // The driver keeps a hundred by itself; what the module has more would be made anew whenever its turn comes.
        .statement_cache_capacity(STATEMENTS_KEPT)
        // What an unsend or an erasure removes must not linger in free pages.
        .pragma("secure_delete", "ON")
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

/// The schema of a file; 0 for a new one.
async fn schema(pool: &SqlitePool) -> Result<i64> {
    let is_old: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(pool)
    .await?;
    if is_old == 0 {
        return Ok(0);
    }
    Ok(sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations").fetch_one(pool).await?)
}

/// Copies a file that is about to be migrated. An earlier copy goes once this one is complete.
async fn keep_copy(pool: &SqlitePool, place: &Place, found: i64, tells: &dyn OpeningWatcher) -> Result<()> {
    if found > SCHEMA {
        return Err(StoreError::TooNew { found, known: SCHEMA });
    }
    let copy = place.copy_of(found);
    if found == 0 || found == SCHEMA || Place::exists(&copy).await? {
        return Ok(());
    }
    place.make_aside().await?;
    let part = copy.with_extension("part");
    Place::remove(&part).await?;
    let copied = copy_into(pool, &part, tells).await;
    if let Err(error) = copied {
        let _ = Place::remove(&part).await;
        return Err(error);
    }
    for older in 1..found {
        Place::remove(&place.copy_of(older)).await?;
    }
    tokio::fs::rename(&part, &copy).await.map_err(|error| StoreError::of_io(&error))?;
    place::sync_folder(&copy).await
}

async fn copy_into(pool: &SqlitePool, part: &Path, tells: &dyn OpeningWatcher) -> Result<()> {
    let Some(name) = part.to_str() else { return Err(StoreError::CannotOpen) };
    let of = bytes_in_use(pool).await?;
    if !has_room(part.parent().and_then(place::free_bytes), of) {
        return Err(StoreError::DiskFull);
    }
    tells.stands(OpeningStep::Copying(Share::new(0, of)));
    let mut copying = std::pin::pin!(sqlx::query("VACUUM INTO ?").bind(name).execute(pool));
    let mut looks = tokio::time::interval(LOOKS_EVERY);
    // SQLite says nothing of how far it is, but the copy grows.
    let copied = loop {
        tokio::select! {
            copied = &mut copying => break copied,
            _ = looks.tick() => {
                let done = tokio::fs::metadata(part).await.map_or(0, |facts| facts.len());
                tells.stands(OpeningStep::Copying(Share::new(done, of)));
            }
        }
    };
    copied?;
    place::sync_file(part).await
}

/// Whether a copy of so many bytes fits where so many are free; where nobody knows how many are, the disk says it. A copy that
/// fills a disk to its last byte before it is given up takes the room from everybody else meanwhile.
fn has_room(free: Option<u64>, of: u64) -> bool {
    free.is_none_or(|free| free >= of.saturating_add(SPARE_BYTES))
}

/// How large a copy without free pages becomes.
async fn bytes_in_use(pool: &SqlitePool) -> Result<u64> {
    let bytes: i64 = sqlx::query_scalar(
        "SELECT (page_count - freelist_count) * page_size
         FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    )
    .fetch_one(pool)
    .await?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// Every statement is written for tables that are large. What SQLite once counted in small ones, as earlier programs let it
/// do when they closed the file, makes it read whole tables where one look into an index is meant, for as long as the file
/// grows.
async fn forget_statistics(pool: &SqlitePool) -> Result<()> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'sqlite_stat[0-9]'",
    )
    .fetch_all(pool)
    .await?;
    if tables.is_empty() {
        return Ok(());
    }
    let mut conn = pool.acquire().await?;
    for table in tables {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&mut *conn).await?;
    }
    // It read the counts when it was opened.
    Ok(conn.close().await?)
}

/// Brings the file forward. One of an earlier schema goes migration by migration, so that it can be told how far that is.
async fn migrate(pool: &SqlitePool, found: i64, tells: &dyn OpeningWatcher) -> Result<()> {
    let all = migrations();
    if found == 0 {
        return at_once(&all, pool).await;
    }
    let pending: Vec<i64> =
        all.migrations.iter().map(|one| one.version).filter(|version| *version > found).collect();
    for (done, version) in pending.iter().enumerate() {
        tells.stands(OpeningStep::Migrating(Share::counted(done, pending.len())));
        migrations_to(*version).run(pool).await.map_err(of_migration)?;
    }
    all.run(pool).await.map_err(of_migration)
}

/// Makes a new file in one transaction: the first start waits for the disk once, not with every migration.
async fn at_once(migrations: &Migrator, pool: &SqlitePool) -> Result<()> {
    let mut tx = pool.begin().await?;
    // What `run` does; the compiler cannot tell of that one, when it is given a transaction, that it may move between threads.
    migrations.run_direct(None, &mut *tx, false).await.map_err(of_migration)?;
    Ok(tx.commit().await?)
}

fn of_migration(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(found) if found > SCHEMA => StoreError::TooNew { found, known: SCHEMA },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            match StoreError::from(error) {
                StoreError::Other(why) => StoreError::Migration(why),
                of_the_disk => of_the_disk,
            }
        }
        other => StoreError::Migration(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{SPARE_BYTES, has_room, is_safe};

    #[rstest]
    #[case::enough(Some(SPARE_BYTES + 1_000), true)]
    #[case::a_byte_too_few(Some(SPARE_BYTES + 999), false)]
    #[case::none(Some(0), false)]
    #[case::nobody_knows(None, true)]
    fn a_copy_is_begun_where_it_fits(#[case] free: Option<u64>, #[case] fits: bool) {
        assert_eq!(has_room(free, 1_000), fits);
    }

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
