//! Tables `name_search` and `name_doc`: customers by their names, whoever gave them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use baton_protocol::AccountId;

use super::super::error::to_json;
use super::super::{Conn, Result, thread};
use crate::search::{Query, words_of};

/// Of how many threads that fit the newest are chosen.
const LOOKED_AT: usize = 60;
/// For so many threads at most a word may be the name of their customer. The index is asked for each of them.
const MOST_MEANT: usize = 200;

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
    let mut found = called(conn, &expression, LOOKED_AT).await?;
    found.truncate(limit);
    Ok(found)
}

/// For each word of a query, the threads whose customer has a name with it. Of no more threads than [`MOST_MEANT`]
/// altogether: those with the most of the words in their name, then those with the newest activity.
pub(super) async fn of_each_word(conn: &mut Conn, query: &Query) -> Result<Vec<Vec<i64>>> {
    // Somebody with a frequent name is found by the rest of it.
    let mut candidates = find(conn, query, MOST_MEANT).await?;
    for term in query.terms() {
        candidates.extend(called(conn, &term.expression(), MOST_MEANT).await?);
    }
    let mut seen = HashSet::new();
    candidates.retain(|thread| seen.insert(*thread));
    let written = words_of_threads(conn, &candidates).await?;
    let has: HashMap<i64, Vec<bool>> = written
        .iter()
        .map(|(thread, words)| {
            let line: Vec<&str> = words.split(' ').collect();
            (*thread, query.terms().iter().map(|term| term.is_among(&line)).collect())
        })
        .collect();
    let of = |thread: &i64| has.get(thread).map(Vec::as_slice).unwrap_or_default();
    candidates.sort_by_cached_key(|thread| Reverse(of(thread).iter().filter(|has| **has).count()));
    candidates.truncate(MOST_MEANT);
    let having = |place| candidates.iter().copied().filter(|t| of(t).get(place) == Some(&true)).collect();
    Ok((0..query.terms().len()).map(having).collect())
}

async fn called(conn: &mut Conn, expression: &str, looked_at: usize) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(
        "SELECT t.thread_id
         FROM (SELECT rowid AS thread_id FROM name_search WHERE name_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) n
         CROSS JOIN thread t USING (thread_id) ORDER BY t.last_at_ms DESC, t.thread_id DESC",
    )
    .bind(expression)
    .bind(i64::try_from(looked_at).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?)
}

/// The words of names as the index has them, by thread.
async fn words_of_threads(conn: &mut Conn, threads: &[i64]) -> Result<Vec<(i64, String)>> {
    Ok(sqlx::query_as(
        "SELECT d.thread_id, d.words FROM json_each(?) j CROSS JOIN name_doc d ON d.thread_id = j.value",
    )
    .bind(to_json(&threads)?)
    .fetch_all(conn)
    .await?)
}
