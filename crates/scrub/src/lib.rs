//! What was deleted, out of SQLite's file.
//!
//! `secure_delete` zeroes a cell when it is deleted. But when SQLite moves cells from a page that became too full or too
//! empty to its neighbours, it builds these pages anew and leaves what was there before in the gap between their cells: a
//! copy that no query finds, that a deletion does not reach, and that stays until something is written over it.
//!
//! ```text
//!   page ▕header│pointers│······gap······│cell│free block│cell▏        found: a stretch of pages is read
//!                         └─ old copies ─┘    └─ zeroed ─┘             zeroed: those that are not clean, a few at a time
//! ```
//!
//! Pages are read and written by SQLite itself, in its transactions, through its table `sqlite_dbpage`; what readers see
//! does not change by it. A whole pass costs reading the file once, and never holds the writer longer than for a few
//! pages. Why not `VACUUM`: docs/decisions/0005.

mod page;

use sqlx::{Row, SqliteConnection};

pub use page::{clean, is_dirty};

/// From this number on, the first byte of a page that is none of a tree may look like one of a tree. It is at 137 GB.
const TOO_MANY: u32 = 1 << 25;

/// How many pages are read together.
pub const STRETCH: u32 = 1_000;
/// How many pages are zeroed in one transaction.
pub const AT_A_TIME: usize = 64;

/// Why a file could not be looked through.
#[derive(Debug, thiserror::Error)]
pub enum ScrubError {
    /// SQLite refused.
    #[error(transparent)]
    Sqlite(#[from] sqlx::Error),
    /// Pages of this file cannot be told apart safely.
    #[error(
        "the file is too large or laid out in another way than Baton makes it, so old copies in it cannot be looked for"
    )]
    OtherLayout,
}

/// A stretch of pages was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The pages in it that hold something that belongs to nothing.
    pub dirty: Vec<u32>,
    /// Where the next stretch begins; none when this was the last one.
    pub next: Option<u32>,
}

/// Reads the pages from this one on, [`STRETCH`] of them. The first page is 1.
///
/// # Errors
/// [`ScrubError`].
pub async fn find(conn: &mut SqliteConnection, from: u32) -> Result<Found, ScrubError> {
    let pages = layout(conn).await?;
    let last = from.saturating_add(STRETCH - 1).min(pages);
    // The table of pages finds one page quickly, and nothing else.
    let rows = sqlx::query(
        "WITH RECURSIVE wanted (page) AS (VALUES (?1) UNION ALL SELECT page + 1 FROM wanted WHERE page < ?2)
         SELECT pgno, data FROM wanted CROSS JOIN sqlite_dbpage ON pgno = page",
    )
    .bind(from)
    .bind(last)
    .fetch_all(&mut *conn)
    .await?;
    let mut dirty = Vec::new();
    for row in &rows {
        let (number, data): (u32, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
        if is_dirty(data, number == 1) {
            dirty.push(number);
        }
    }
    Ok(Found { dirty, next: (last < pages).then_some(last + 1) })
}

/// Zeroes what belongs to nothing in these pages, inside the transaction that is open. Those that are clean by now are not
/// written.
///
/// # Errors
/// [`ScrubError`].
pub async fn zero(conn: &mut SqliteConnection, pages: &[u32]) -> Result<(), ScrubError> {
    let count = layout(conn).await?;
    for number in pages.iter().filter(|number| **number <= count) {
        let mut data: Vec<u8> = sqlx::query_scalar("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")
            .bind(number)
            .fetch_one(&mut *conn)
            .await?;
        if clean(&mut data, *number == 1) {
            sqlx::query("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")
                .bind(number)
                .bind(data)
                .execute(&mut *conn)
                .await?;
        }
    }
    Ok(())
}

/// How many pages the file has, if it is laid out so that they can be told apart.
async fn layout(conn: &mut SqliteConnection) -> Result<u32, ScrubError> {
    let row = sqlx::query(
        "SELECT (SELECT page_count FROM pragma_page_count()), (SELECT auto_vacuum FROM pragma_auto_vacuum()),
           (SELECT data FROM sqlite_dbpage WHERE pgno = 1)",
    )
    .fetch_one(conn)
    .await?;
    let (pages, auto_vacuum, first): (u32, i64, &[u8]) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    // Byte 20 says how much is kept free at the end of each page, which this does not reckon with.
    let is_ours = pages < TOO_MANY && auto_vacuum == 0 && first.get(20) == Some(&0);
    is_ours.then_some(pages).ok_or(ScrubError::OtherLayout)
}
