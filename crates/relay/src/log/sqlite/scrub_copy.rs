//! Old copies of what was removed, between the cells of a backup: looked for and zeroed as in the file itself
//! ([`super::scrub`]), behind its back and a few pages at a time, so that a removal waits for one small transaction at most.
//!
//! ```text
//!   user_version   0 something was removed, or nobody knows ──▶ 2 looked through now ──▶ 1 clean
//!                  ▲                                            │
//!                  └────── something was removed meanwhile ─────┘
//! ```

use std::path::Path;

use baton_scrub::{AT_A_TIME, ScrubError, find, zero};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::watch;

use super::backup::options;
use super::scrub::{Ended, PAUSE, rest};

/// Something was removed.
const DUE: i64 = 0;
/// Nothing was removed since it was looked through.
const CLEAN: i64 = 1;
/// It is being looked through.
const BEGUN: i64 = 2;

/// Something is removed from a copy in this transaction.
pub(super) async fn is_due(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    set_version(conn, DUE).await
}

/// Looks through a copy where that is due. True when nothing was removed meanwhile.
pub(super) async fn look_through(path: &Path, removals: &mut watch::Receiver<u64>) -> Result<bool, Ended> {
    let mut conn = options(path).connect().await.map_err(sqlite)?;
    let looked = pass(&mut conn, removals).await;
    conn.close().await.map_err(sqlite)?;
    looked
}

async fn pass(conn: &mut SqliteConnection, removals: &mut watch::Receiver<u64>) -> Result<bool, Ended> {
    if version(conn).await.map_err(sqlite)? == CLEAN {
        return Ok(true);
    }
    set_version(conn, BEGUN).await.map_err(sqlite)?;
    let mut next = Some(1);
    while let Some(from) = next {
        let found = find(conn, from).await?;
        for pages in found.dirty.chunks(AT_A_TIME) {
            let mut tx = conn.begin_with("begin immediate").await.map_err(sqlite)?;
            zero(&mut tx, pages).await?;
            tx.commit().await.map_err(sqlite)?;
        }
        next = found.next;
        rest(removals, PAUSE).await?;
    }
    let mut tx = conn.begin_with("begin immediate").await.map_err(sqlite)?;
    let is_clean = version(&mut tx).await.map_err(sqlite)? == BEGUN;
    if is_clean {
        set_version(&mut tx, CLEAN).await.map_err(sqlite)?;
    }
    tx.commit().await.map_err(sqlite)?;
    Ok(is_clean)
}

fn sqlite(error: sqlx::Error) -> Ended {
    Ended::Scrub(ScrubError::Sqlite(error))
}

async fn version(conn: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("pragma user_version").fetch_one(conn).await
}

async fn set_version(conn: &mut SqliteConnection, version: i64) -> Result<(), sqlx::Error> {
    let sql = match version {
        CLEAN => "pragma user_version = 1",
        BEGUN => "pragma user_version = 2",
        _ => "pragma user_version = 0",
    };
    sqlx::query(sql).execute(conn).await.map(|_| ())
}
