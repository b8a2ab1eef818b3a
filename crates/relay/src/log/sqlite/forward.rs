//! Brings a file to this program's schema.
//!
//! ```text
//!  look ─▶ newer? refused, untouched
//!       ─▶ older? copied to `.before-<schema>` ─▶ every migration in one transaction ─▶ of this program's schema
//! ```
//!
//! The copy is one that the relay knows ([`super::backup`]): what is taken back or erased later goes from it too. An update that
//! fails leaves the file as it was, so that the relay of before can still use it; a migration must therefore be one that
//! can run in a transaction.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::backup::Backups;
use super::open::{OpenError, close, database};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/relay");

/// The newest schema that this program knows.
pub(super) fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The schema of a file; 0 where no relay made one yet.
pub(super) async fn schema(conn: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let is_there: bool = sqlx::query_scalar(
        "select exists (select 1 from sqlite_master where type = 'table' and name = '_sqlx_migrations')",
    )
    .fetch_one(&mut *conn)
    .await?;
    if !is_there {
        return Ok(0);
    }
    sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations").fetch_one(conn).await
}

/// The schema of the file there, by a connection that changes nothing of it, not even how it is journalled.
///
/// # Errors
/// [`OpenError::TooNew`], and [`OpenError::Database`] when it cannot be read.
pub(super) async fn look(path: &Path) -> Result<i64, OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging();
    let mut conn = options.connect().await.map_err(database)?;
    let found = schema(&mut conn).await;
    close(conn).await;
    let (found, known) = (found.map_err(database)?, newest());
    if found > known { Err(OpenError::TooNew { found, known }) } else { Ok(found) }
}

/// Brings the file of the schema `found` forward. `at_ms` is now, milliseconds UTC.
///
/// # Errors
/// [`OpenError::NoCopy`] and [`OpenError::Update`]. The file is as it was then.
pub(super) async fn bring(
    conn: &mut SqliteConnection,
    backups: &Backups,
    found: i64,
    at_ms: i64,
) -> Result<(), OpenError> {
    let known = newest();
    if found != 0 && found < known {
        let made = backups.make_before_update(conn, found, at_ms).await;
        let copy = made.map_err(|why| OpenError::NoCopy { found, known, why })?;
        tracing::info!(copy = %copy.display(), found, known, "the database is updated; a copy is kept from before");
    }
    migrate(conn).await.map_err(|error| OpenError::Update { found, known, why: error.to_string() })
}

async fn migrate(conn: &mut SqliteConnection) -> Result<(), MigrateError> {
    let mut tx = conn.begin_with("begin immediate").await?;
    MIGRATIONS.run(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}
