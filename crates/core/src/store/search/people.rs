//! Customers who are called as somebody typed: the group above the messages, and more of it.
//!
//! Promises: whoever is called so is on one of the pages; a page costs the same however many they are.

use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

use super::super::error::{of_json, to_json};
use super::super::{Conn, Result, Store, StoreError, ThreadRow, thread};
use super::find::SearchFor;
use super::resolve::{Resolved, resolve};
use super::turns::Kind;
use super::walk::{self, Passed};

/// So many who are called so are put in the order of their newest activity. Of more those come first whose thread came to
/// this desk last, which is the order of the index: to sort all would cost more than the search.
const MOST_SORTED: usize = 500;
/// Of so many people who are called so it is asked whether something of theirs passes the filters, for one page.
const MOST_ASKED: usize = 60;
/// One page never holds more.
const MOST: u32 = 100;

/// Where the next page of people begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonPlace {
    /// After this one, in the order of the newest activity.
    Active {
        /// When something was last said, milliseconds UTC.
        at_ms: i64,
        /// The thread's number.
        thread: i64,
    },
    /// After this one, in the order of the threads' numbers.
    Numbered {
        /// The thread's number.
        thread: i64,
    },
}

/// A page of people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeoplePage {
    /// Their threads.
    pub people: Vec<ThreadRow>,
    /// Where to go on; none when there is nobody more. With fewer people than asked for, those who were looked at did not
    /// pass the filters.
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
    let mut people = People::default();
    let is_filtered = !asked.query.filters.is_none();
    let is_sorted = match after {
        Some(PersonPlace::Active { .. }) => true,
        Some(PersonPlace::Numbered { .. }) => false,
        None => {
            let count = count(conn, &expression).await?;
            let is_few = count <= MOST_SORTED;
            people.count = (is_few && !is_filtered).then_some(u64::try_from(count).unwrap_or(u64::MAX));
            is_few
        }
    };
    let most = if is_filtered { MOST_ASKED } else { limit };
    let mut last = after;
    for (number, candidate) in
        candidates(conn, &expression, is_sorted, after, most + 1).await?.into_iter().enumerate()
    {
        if number >= most || people.threads.len() >= limit {
            people.next = last;
            break;
        }
        last = Some(candidate);
        let (PersonPlace::Active { thread, .. } | PersonPlace::Numbered { thread }) = candidate;
        if !is_filtered || passes(conn, asked, resolved, thread).await? {
            people.threads.push(thread);
        }
    }
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

/// Those who are called so, from a place on.
async fn candidates(
    conn: &mut Conn,
    expression: &str,
    is_sorted: bool,
    after: Option<PersonPlace>,
    limit: usize,
) -> Result<Vec<PersonPlace>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    if is_sorted {
        let (before_ms, below) = match after {
            Some(PersonPlace::Active { at_ms, thread }) => (at_ms, thread),
            _ => (i64::MAX, i64::MAX),
        };
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT t.last_at_ms, t.thread_id
             FROM (SELECT rowid AS thread_id FROM name_search WHERE name_search MATCH ?1 ORDER BY rowid DESC) n
             CROSS JOIN thread t USING (thread_id)
             WHERE (t.last_at_ms, t.thread_id) < (?2, ?3)
             ORDER BY t.last_at_ms DESC, t.thread_id DESC LIMIT ?4",
        )
        .bind(expression)
        .bind(before_ms)
        .bind(below)
        .bind(limit)
        .fetch_all(conn)
        .await?;
        return Ok(rows.into_iter().map(|(at_ms, thread)| PersonPlace::Active { at_ms, thread }).collect());
    }
    let below = match after {
        Some(PersonPlace::Numbered { thread }) => thread,
        _ => i64::MAX,
    };
    let threads: Vec<i64> = sqlx::query_scalar(
        "SELECT t.thread_id
         FROM (SELECT rowid AS thread_id FROM name_search
               WHERE name_search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3) n
         CROSS JOIN thread t USING (thread_id) ORDER BY t.thread_id DESC",
    )
    .bind(expression)
    .bind(below)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(threads.into_iter().map(|thread| PersonPlace::Numbered { thread }).collect())
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
