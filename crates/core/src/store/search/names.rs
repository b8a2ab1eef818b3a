//! Tables `name_search` and `name_doc`: customers by their names, whoever gave them.

use std::collections::HashMap;

use super::super::error::{of_json, to_json};
use super::super::{Conn, Result, ThreadId};
use crate::search::query::Term;
use crate::search::words_of;

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

/// Puts the index right for some threads.
pub(in crate::store) async fn refresh_some(conn: &mut Conn, threads: &[ThreadId]) -> Result<()> {
    for thread in threads {
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

/// The threads whose customer has a name that fits; none when those are more than `most`. Then each hit is looked at by
/// [`lines`], because the index of messages would be asked for too many threads at once.
pub(super) async fn called(conn: &mut Conn, expression: &str, most: usize) -> Result<Option<Vec<i64>>> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let threads: String = sqlx::query_scalar(
        "SELECT json_group_array(thread_id) FROM (SELECT rowid AS thread_id FROM name_search
         WHERE name_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2)",
    )
    .bind(expression)
    .bind(limit)
    .fetch_one(conn)
    .await?;
    let threads: Vec<i64> = of_json(&threads)?;
    Ok(if threads.len() > most { None } else { Some(threads) })
}

/// The names of the customers of some threads, as the index has them.
#[derive(Debug, Default)]
pub(super) struct Lines(HashMap<i64, String>);

impl Lines {
    /// True when the thread's customer has names with all of these.
    pub(super) fn have(&self, thread: i64, terms: &[Term]) -> bool {
        let Some(line) = self.0.get(&thread) else { return false };
        let line: Vec<&str> = line.split(' ').collect();
        !terms.is_empty() && terms.iter().all(|term| term.is_among(&line))
    }
}

/// Reads them.
pub(super) async fn lines(conn: &mut Conn, threads: &[i64]) -> Result<Lines> {
    let lines: String = sqlx::query_scalar(
        "SELECT json_group_array(json_array(d.thread_id, d.words))
         FROM json_each(?) j CROSS JOIN name_doc d ON d.thread_id = j.value",
    )
    .bind(to_json(&threads)?)
    .fetch_one(conn)
    .await?;
    Ok(Lines(of_json::<Vec<(i64, String)>>(&lines)?.into_iter().collect()))
}
