//! Tables `name_search` and `name_doc`: customers by their names, whoever gave them.

use baton_protocol::AccountId;

use super::super::{Conn, Result, thread};
use crate::search::{Query, words_of};

/// Of how many threads that fit the newest are chosen.
const LOOKED_AT: i64 = 60;

/// Puts the index right for one thread.
pub(super) async fn refresh(conn: &mut Conn, thread: i64) -> Result<()> {
    let names: Option<(Option<String>, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT c.hand_name, c.meta_name, c.audit_name FROM thread t JOIN customer c USING (account, customer)
         WHERE t.thread_id = ?",
    )
    .bind(thread)
    .fetch_optional(&mut *conn)
    .await?;
    let names = names.map_or_else(Vec::new, |(hand, meta, audit)| vec![hand, meta, audit]);
    let mut names: Vec<String> = names.into_iter().flatten().collect();
    names.sort();
    names.dedup();
    let now = words_of(names.iter().map(String::as_str));
    let was: Option<String> = sqlx::query_scalar("SELECT words FROM name_doc WHERE thread_id = ?")
        .bind(thread)
        .fetch_optional(&mut *conn)
        .await?;
    if was.as_deref().unwrap_or_default() == now {
        return Ok(());
    }
    if let Some(was) = was {
        take_out(conn, thread, &was).await?;
    }
    if now.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT INTO name_search (rowid, words) VALUES (?, ?)")
        .bind(thread)
        .bind(&now)
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO name_doc (thread_id, words) VALUES (?, ?)")
        .bind(thread)
        .bind(&now)
        .execute(conn)
        .await?;
    Ok(())
}

async fn take_out(conn: &mut Conn, thread: i64, words: &str) -> Result<()> {
    sqlx::query("INSERT INTO name_search (name_search, rowid, words) VALUES ('delete', ?, ?)")
        .bind(thread)
        .bind(words)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM name_doc WHERE thread_id = ?").bind(thread).execute(conn).await?;
    Ok(())
}

/// Puts the index right for all threads of an account.
pub(in crate::store) async fn refresh_account(conn: &mut Conn, account: &AccountId) -> Result<()> {
    for thread in thread::of_account(conn, account).await? {
        refresh(conn, thread.0).await?;
    }
    Ok(())
}

/// Takes out everything of an account.
pub(super) async fn forget_account(conn: &mut Conn, account: &str) -> Result<()> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT thread_id, words FROM name_doc JOIN thread USING (thread_id) WHERE account = ?",
    )
    .bind(account)
    .fetch_all(&mut *conn)
    .await?;
    for (thread, words) in rows {
        take_out(conn, thread, &words).await?;
    }
    Ok(())
}

/// Threads whose customer has a name with these words, newest activity first.
pub(super) async fn find(conn: &mut Conn, query: &Query, limit: usize) -> Result<Vec<i64>> {
    let Some(expression) = query.expression() else { return Ok(Vec::new()) };
    let found: Vec<i64> = sqlx::query_scalar(
        "SELECT t.thread_id
         FROM (SELECT rowid AS thread_id FROM name_search WHERE name_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) n
         CROSS JOIN thread t USING (thread_id) ORDER BY t.last_at_ms DESC, t.thread_id DESC",
    )
    .bind(expression)
    .bind(LOOKED_AT)
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().take(limit).collect())
}
