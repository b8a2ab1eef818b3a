//! Goes through what the index gives, newest first, where the index cannot tell everything: how a thread stands, and whose
//! it is where very many people are called so.

use std::collections::HashSet;

use serde::Deserialize;
use sqlx::AssertSqlSafe;

use super::super::as_json::{self, flag};
use super::super::error::{of_json, to_json};
use super::super::{Conn, Result, StoreError};
use super::find::SearchFor;
use super::names::{self, Lines};
use super::resolve::Resolved;
use super::turns::Turn;

/// How many hits are looked at together, one after the other, before a page says where to go on. Where much fits the first
/// few are enough; where little does, many together cost less.
const STRIDES: [u32; 4] = [100, 400, 1_000, 1_500];

/// What a hit is judged by.
#[derive(Deserialize)]
pub(super) struct Passed {
    docid: i64,
    thread_id: i64,
    scope: String,
    /// Its thread stands as it should.
    #[serde(deserialize_with = "flag")]
    pub(super) fits: bool,
}

/// The places in the index of hits that fit, newest first, and where to go on. With fewer than `limit` and somewhere to go
/// on, what was looked at did not fit.
pub(super) async fn walk(
    conn: &mut Conn,
    asked: &SearchFor,
    resolved: &Resolved,
    limit: usize,
    turn: &Turn,
) -> Result<(Vec<i64>, Option<i64>)> {
    let (from, mut below) = asked.between();
    let sql = sql(resolved);
    let mut found = Vec::new();
    for stride in STRIDES {
        let passed: String = sqlx::query_scalar(AssertSqlSafe(sql.clone()))
            .bind(&resolved.expression)
            .bind(below)
            .bind(from)
            .bind(stride)
            .bind(asked.me.to_string())
            .bind(to_json(&resolved.labels)?)
            .fetch_one(&mut *conn)
            .await?;
        let passed: Vec<Passed> = of_json(&passed)?;
        let is_end = passed.len() < stride as usize;
        below = passed.last().map_or(below, |last| last.docid);
        for docid in fitting(conn, resolved, &passed).await? {
            found.push(docid);
            if found.len() >= limit {
                return Ok((found, Some(docid)));
            }
        }
        if is_end {
            return Ok((found, None));
        }
        if turn.is_over() {
            return Err(StoreError::Superseded);
        }
    }
    Ok((found, Some(below)))
}

/// Those of these hits that fit, in their order.
async fn fitting(conn: &mut Conn, resolved: &Resolved, passed: &[Passed]) -> Result<Vec<i64>> {
    let by_names = !(resolved.choices.is_empty() && resolved.spoken.is_empty());
    let lines = if by_names {
        let threads: HashSet<i64> = passed.iter().map(|hit| hit.thread_id).collect();
        names::lines(conn, &threads.into_iter().collect::<Vec<_>>()).await?
    } else {
        Lines::default()
    };
    let mut said = Vec::new();
    for term in &resolved.spoken {
        said.push((term, saying(conn, resolved, &term.expression(), passed).await?));
    }
    let fits = |hit: &&Passed| {
        hit.fits
            && resolved.choices.iter().all(|choice| choice.holds(hit.thread_id, &hit.scope, &lines))
            && said.iter().all(|(term, said)| {
                said.contains(&hit.docid) || lines.have(hit.thread_id, std::slice::from_ref(*term))
            })
    };
    Ok(passed.iter().filter(fits).map(|hit| hit.docid).collect())
}

/// Those of these hits whose message has the word.
async fn saying(conn: &mut Conn, resolved: &Resolved, word: &str, passed: &[Passed]) -> Result<HashSet<i64>> {
    let (Some(first), Some(last)) = (passed.first(), passed.last()) else { return Ok(HashSet::new()) };
    let saying: String = sqlx::query_scalar(
        "SELECT json_group_array(docid) FROM (SELECT rowid AS docid FROM search
         WHERE search MATCH ?1 AND rowid <= ?2 AND rowid >= ?3 ORDER BY rowid DESC)",
    )
    .bind(format!("{} AND {word}", resolved.expression))
    .bind(first.docid)
    .bind(last.docid)
    .fetch_one(conn)
    .await?;
    of_json(&saying)
}

/// The statement. Made of fixed pieces; values are bound: 1 the expression, 2 and 3 between which places of the index,
/// 4 how many, 5 the asking agent, 6 the labels.
pub(super) fn sql(resolved: &Resolved) -> String {
    let columns = format!("h.docid, m.thread_id, d.scope, ({})", resolved.of_thread());
    let from = "(SELECT rowid AS docid FROM search
           WHERE search MATCH ?1 AND rowid < ?2 AND rowid >= ?3 ORDER BY rowid DESC LIMIT ?4) h
      CROSS JOIN search_doc d ON d.docid = h.docid
      CROSS JOIN message m ON m.message_id = d.message_id
      CROSS JOIN thread t ON t.thread_id = m.thread_id";
    as_json::page(&columns, from, "h.docid DESC")
}
