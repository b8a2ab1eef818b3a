//! An index that is not good any more is put aside at once and taken apart a little at a time: emptying a large one in one
//! transaction would keep everybody waiting who writes, and it happens while the program starts.
//!
//! ```text
//!   search, search_doc ──rename──▶ search_aside, search_doc_aside ──slices──▶ nothing
//!        ▲ made anew, empty; filled by rebuild
//! ```
//!
//! What is aside calls itself empty from the first moment on, so that SQLite finds nothing wrong with it while pieces of
//! it are gone.

use super::super::{Conn, Result};

/// So many rows go at once: about a megabyte of the index, or as long as that takes of the others.
const SLICE: i64 = 300;
const SHORT_ROWS: i64 = 3_000;

/// Puts the index of messages aside and makes an empty one. A small one is emptied where it is; so is one that was begun
/// while another one is still aside.
pub(super) async fn put(conn: &mut Conn) -> Result<()> {
    if is_there(conn).await? || is_small(conn).await? {
        sqlx::query("INSERT INTO search (search) VALUES ('delete-all')").execute(&mut *conn).await?;
        sqlx::query("DELETE FROM search_doc").execute(&mut *conn).await?;
        return set_up(conn).await;
    }
    let search = definition(conn, "search").await?;
    let documents = definition(conn, "search_doc").await?;
    for sql in
        ["ALTER TABLE search RENAME TO search_aside", "ALTER TABLE search_doc RENAME TO search_doc_aside"]
    {
        sqlx::query(sql).execute(&mut *conn).await?;
    }
    for sql in [search, documents] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await?;
    }
    // The two records that say which pieces an index has, as those of an empty one.
    sqlx::query(
        "INSERT OR REPLACE INTO search_aside_data (id, block) SELECT id, block FROM search_data WHERE id IN (1, 10)",
    )
    .execute(&mut *conn)
    .await?;
    set_up(conn).await
}

/// Nothing of any index is left, neither of this one nor of one that is aside.
pub(super) async fn empty(conn: &mut Conn) -> Result<()> {
    if is_there(conn).await? {
        drop_it(conn).await?;
    }
    sqlx::query("INSERT INTO search (search) VALUES ('delete-all')").execute(&mut *conn).await?;
    sqlx::query("DELETE FROM search_doc").execute(&mut *conn).await?;
    set_up(conn).await
}

/// What is taken out of the index is taken out of its pages, and not only marked; and two pieces are enough to be merged,
/// see [`super::merge`].
async fn set_up(conn: &mut Conn) -> Result<()> {
    for sql in [
        "INSERT INTO search (search, rank) VALUES ('secure-delete', 1)",
        "INSERT INTO search (search, rank) VALUES ('usermerge', 2)",
    ] {
        sqlx::query(sql).execute(&mut *conn).await?;
    }
    Ok(())
}

/// True while something is left of an index that was put aside.
pub(super) async fn is_there(conn: &mut Conn) -> Result<bool> {
    let found: i64 =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'search_aside')")
            .fetch_one(conn)
            .await?;
    Ok(found == 1)
}

/// Whether it is no more than a slice.
async fn is_small(conn: &mut Conn) -> Result<bool> {
    let (pieces, documents): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM search_data LIMIT ?1)),
           (SELECT count(*) FROM (SELECT 1 FROM search_doc LIMIT ?2))",
    )
    .bind(SLICE)
    .bind(SHORT_ROWS)
    .fetch_one(conn)
    .await?;
    Ok(pieces < SLICE && documents < SHORT_ROWS)
}

/// Takes one slice away.
pub(super) async fn take_slice(conn: &mut Conn) -> Result<()> {
    for (sql, most) in [
        (
            "DELETE FROM search_aside_data WHERE id IN (SELECT id FROM search_aside_data WHERE id > 10 LIMIT ?)",
            SLICE,
        ),
        (
            "DELETE FROM search_aside_idx WHERE (segid, term) IN (SELECT segid, term FROM search_aside_idx LIMIT ?)",
            SHORT_ROWS,
        ),
        (
            "DELETE FROM search_doc_aside WHERE docid IN (SELECT docid FROM search_doc_aside LIMIT ?)",
            SHORT_ROWS,
        ),
    ] {
        let done = sqlx::query(sql).bind(most).execute(&mut *conn).await?;
        if done.rows_affected() > 0 {
            return Ok(());
        }
    }
    drop_it(conn).await
}

async fn drop_it(conn: &mut Conn) -> Result<()> {
    for sql in ["DROP TABLE search_aside", "DROP TABLE search_doc_aside"] {
        sqlx::query(sql).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn definition(conn: &mut Conn, table: &str) -> Result<String> {
    Ok(sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = ?").bind(table).fetch_one(conn).await?)
}
