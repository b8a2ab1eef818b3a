//! Customers who are called as somebody typed: the group above the messages, and more of it.
//!
//! ```text
//!   few are called so   ──▶ all of them are put in order
//!   many are called so  ──▶ the threads with the newest activity are gone through: whose customer is called so
//! ```
//!
//! Promises: whoever is called so is on one of the pages, those with the newest activity first; a page costs the same however
//! many they are. Where many are called so, many of any threads are theirs, so that going through the newest finds them soon.

use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

use super::super::error::{of_json, to_json};
use super::super::{Conn, Result, Store, StoreError, ThreadRow, thread};
use super::find::SearchFor;
use super::names;
use super::resolve::{Resolved, resolve};
use super::turns::Kind;
use super::walk::{self, Passed};
use crate::search::query::Term;

/// So many who are called so are put in the order of their newest activity. To sort more would cost more than the search.
const MOST_SORTED: usize = 1_000;
/// How many threads are gone through together where more are called so, one lot after the other, before a page says where to
/// go on.
const STRIDES: [u32; 4] = [500, 1_500, 4_000, 6_000];
/// Of so many people who are called so it is asked whether something of theirs passes the filters, for one page.
const MOST_ASKED: usize = 60;
/// One page never holds more.
const MOST: u32 = 100;

/// Where the next page of people begins: after this one, in the order of the newest activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPlace {
    /// When something was last said, milliseconds UTC.
    pub at_ms: i64,
    /// The thread's number.
    pub thread: i64,
}

/// Before everybody.
const NEWEST: PersonPlace = PersonPlace { at_ms: i64::MAX, thread: i64::MAX };

/// A page of people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeoplePage {
    /// Their threads.
    pub people: Vec<ThreadRow>,
    /// Where to go on; none when there is nobody more. With fewer people than asked for, those who were looked at did not
    /// pass the filters, or are called otherwise.
    pub next: Option<PersonPlace>,
}

/// The threads of people.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) threads: Vec<i64>,
    pub(super) next: Option<PersonPlace>,
    /// How many there are; none when that is not known.
    pub(super) count: Option<u64>,
}

impl Store {
    /// More of the people whom a search found by their names. A later one ends this one.
    ///
    /// # Errors
    /// [`StoreError::Query`] when a filter names nobody, [`StoreError::Superseded`] when a newer one began, and when the
    /// file cannot be read.
    pub async fn search_people(&self, asked: &SearchFor, after: PersonPlace) -> Result<PeoplePage> {
        let turn = self.begin_turn(Kind::People);
        let mut conn = self.searchers.acquire().await?;
        if turn.is_over() {
            return Err(StoreError::Superseded);
        }
        turn.watch(&mut conn).await?;
        let page = page(&mut conn, asked, after).await;
        conn.lock_handle().await?.remove_progress_handler();
        if turn.is_over() { Err(StoreError::Superseded) } else { page }
    }
}

async fn page(conn: &mut Conn, asked: &SearchFor, after: PersonPlace) -> Result<PeoplePage> {
    let resolved = resolve(conn, &asked.query, None, asked.me).await?;
    let limit = asked.limit.clamp(1, MOST) as usize;
    let found = people(conn, asked, &resolved, Some(after), limit).await?;
    let people = thread::all_at(conn, &found.threads, asked.now_ms).await?;
    Ok(PeoplePage { people, next: found.next })
}

/// The threads of those who are called so. With filters, of those of whom something passes them.
pub(super) async fn people(
    conn: &mut Conn,
    asked: &SearchFor,
    resolved: &Resolved,
    after: Option<PersonPlace>,
    limit: usize,
) -> Result<People> {
    let Some(expression) = asked.query.expression() else { return Ok(People::default()) };
    let is_filtered = !asked.query.filters.is_none();
    let called = count(conn, &expression).await?;
    let is_few = called <= MOST_SORTED;
    let mut people = People {
        count: (is_few && !is_filtered && after.is_none())
            .then_some(u64::try_from(called).unwrap_or(u64::MAX)),
        ..People::default()
    };
    let most = if is_filtered { MOST_ASKED } else { limit };
    let candidates = if is_few {
        sorted(conn, &expression, after, most + 1).await?
    } else {
        walked(conn, asked.query.terms(), after, most + 1).await?
    };
    let mut last = after;
    for (number, candidate) in candidates.places.into_iter().enumerate() {
        if number >= most || people.threads.len() >= limit {
            people.next = last;
            return Ok(people);
        }
        last = Some(candidate);
        if !is_filtered || passes(conn, asked, resolved, candidate.thread).await? {
            people.threads.push(candidate.thread);
        }
    }
    people.next = candidates.next;
    Ok(people)
}

/// How many are called so, counted no further than one more than are sorted.
async fn count(conn: &mut Conn, expression: &str) -> Result<usize> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT 1 FROM name_search WHERE name_search MATCH ?1 LIMIT ?2)",
    )
    .bind(expression)
    .bind(i64::try_from(MOST_SORTED).unwrap_or(i64::MAX).saturating_add(1))
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Some of those who are called so, in their order.
struct Candidates {
    places: Vec<PersonPlace>,
    /// Where to go on when there may be more than these, and fewer than were asked for.
    next: Option<PersonPlace>,
}

/// Of few who are called so, those after a place: all of them are put in order.
async fn sorted(
    conn: &mut Conn,
    expression: &str,
    after: Option<PersonPlace>,
    limit: usize,
) -> Result<Candidates> {
    let after = after.unwrap_or(NEWEST);
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT t.last_at_ms, t.thread_id
         FROM (SELECT rowid AS thread_id FROM name_search WHERE name_search MATCH ?1 ORDER BY rowid DESC) n
         CROSS JOIN thread t USING (thread_id)
         WHERE (t.last_at_ms, t.thread_id) < (?2, ?3)
         ORDER BY t.last_at_ms DESC, t.thread_id DESC LIMIT ?4",
    )
    .bind(expression)
    .bind(after.at_ms)
    .bind(after.thread)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    let places = rows.into_iter().map(|(at_ms, thread)| PersonPlace { at_ms, thread }).collect();
    Ok(Candidates { places, next: None })
}

/// Of many who are called so, those after a place: whatever thread comes next is theirs or not.
async fn walked(
    conn: &mut Conn,
    terms: &[Term],
    after: Option<PersonPlace>,
    limit: usize,
) -> Result<Candidates> {
    let sql = newest_threads();
    let mut after = after.unwrap_or(NEWEST);
    let mut places = Vec::new();
    for stride in STRIDES {
        let passed: Vec<(i64, i64)> = sqlx::query_as(AssertSqlSafe(sql.clone()))
            .bind(after.at_ms)
            .bind(after.thread)
            .bind(stride)
            .fetch_all(&mut *conn)
            .await?;
        let is_end = passed.len() < stride as usize;
        let threads: Vec<i64> = passed.iter().map(|(_, thread)| *thread).collect();
        let lines = names::lines(conn, &threads).await?;
        for (at_ms, thread) in passed {
            after = PersonPlace { at_ms, thread };
            if lines.have(thread, terms) {
                places.push(after);
            }
            if places.len() >= limit {
                return Ok(Candidates { places, next: None });
            }
        }
        if is_end {
            return Ok(Candidates { places, next: None });
        }
    }
    Ok(Candidates { places, next: Some(after) })
}

/// The statement for the threads with the newest activity, on whatever shelf, each shelf from its index. Values are bound: 1 and 2
/// after which place, 3 how many.
fn newest_threads() -> String {
    let shelves = [0, 1, 2, 3].map(|shelf| {
        format!(
            "SELECT * FROM (SELECT last_at_ms, thread_id FROM thread INDEXED BY thread_newest
             WHERE active = {shelf} AND (last_at_ms, thread_id) < (?1, ?2)
             ORDER BY last_at_ms DESC, thread_id DESC LIMIT ?3)"
        )
    });
    format!("{} ORDER BY last_at_ms DESC, thread_id DESC LIMIT ?3", shelves.join(" UNION ALL "))
}

/// Whether something in the thread passes the filters.
async fn passes(conn: &mut Conn, asked: &SearchFor, resolved: &Resolved, thread: i64) -> Result<bool> {
    let (from, below) = asked.within();
    let expression = resolved.passing_in(conn, thread).await?;
    let one: String = sqlx::query_scalar(AssertSqlSafe(walk::sql(resolved)))
        .bind(expression)
        .bind(below)
        .bind(from)
        .bind(1)
        .bind(asked.me.to_string())
        .bind(to_json(&resolved.labels)?)
        .fetch_one(conn)
        .await?;
    // What the index cannot tell is about the thread, so that one message speaks for all.
    Ok(of_json::<Vec<Passed>>(&one)?.iter().any(|one| one.fits))
}
