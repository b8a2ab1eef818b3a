//! The supervisor's board: every open thread, in the order in which they will be too late.
//!
//! ```text
//!   a column   thread_breach_of_agent: assignee ─▶ breach_ms, thread_id   ─┐
//!   everybody  thread_breach:                      breach_ms, thread_id   ─┼─ so many keys ─▶ rows
//!   by wait    thread_waiting, thread_waiting_of_agent                    ─┤
//!   by agent   one column after the other, the queue first, then by name  ─┘
//! ```
//!
//! The plan, because it is asked with every notice: a page is read by key from one of these indexes, never sorted and never
//! counted. The two of the board hold open threads alone, and carry account and status, so what a filter leaves out is passed
//! over inside the index. A label that few threads carry is read from its own list, and those few are sorted; another one is
//! looked up for each key. How many there are comes from counts that are kept. `breach_ms` is computed by the database from
//! columns that are kept already (`docs/schema.sql`), so nothing can forget to keep it.

use baton_protocol::{AccountId, AgentId, LabelId};
use sqlx::AssertSqlSafe;

use super::board_load::agent_of;
use super::error::{of_json, to_json};
use super::shut::BELOW_MS;
use super::thread::{COLUMNS, JOINS, Row};
use super::thread_list::MOST_ROWS;
use super::{Conn, Reading, Result, Store, ThreadId, ThreadRow, as_json};

/// A label that no more open threads carry is read from its own list.
const FEW: i64 = 400;

/// Whose threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoardOf {
    /// Everybody's.
    All,
    /// Nobody's.
    Queue,
    /// One agent's.
    Agent(AgentId),
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoardSort {
    /// Whose window, late window or control ends first; then who needs a reply and can get none any more, longest wait first;
    /// then the rest, newest first.
    Breach,
    /// The urgent before the others, longest wait on top; then as [`BoardSort::Breach`].
    Wait,
    /// The queue, then one agent after the other by name, each as [`BoardSort::Breach`].
    Assignee,
}

/// Where a thread stands in the team's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoardStatus {
    /// Somebody should look at it.
    Open,
    /// We wait for the customer.
    WaitingOnCustomer,
}

/// What is shown of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardFilter {
    /// Only with this label, as the log tells of it.
    pub label: Option<LabelId>,
    /// Only of this status.
    pub status: Option<BoardStatus>,
    /// Only those who need a reply.
    pub only_waiting: bool,
}

/// A thread's place on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardKey {
    /// Whose it is, in the order of [`BoardSort::Assignee`]; none in others, and for nobody.
    pub agent: Option<AgentId>,
    /// The value that it is sorted by.
    pub place_ms: i64,
    /// The thread.
    pub thread: ThreadId,
}

/// From where a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardFrom {
    /// The first rows.
    Top,
    /// The rows after this one.
    After(BoardKey),
    /// The rows up to this one and with it.
    UpTo(BoardKey),
}

/// Asks for a page of the board.
#[derive(Clone, Debug)]
pub struct BoardQuery {
    /// Whose threads.
    pub of: BoardOf,
    /// In which order.
    pub sort: BoardSort,
    /// Of these accounts.
    pub accounts: Vec<AccountId>,
    /// What of them.
    pub filter: BoardFilter,
    /// From where.
    pub from: BoardFrom,
    /// How many at most; never more than [`MOST_ROWS`].
    pub limit: u32,
    /// Meta's time, for who holds each thread.
    pub now_ms: i64,
}

/// A thread on the board.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    /// The thread.
    pub row: ThreadRow,
    /// Of one that needs a reply, when the next of window, late window and control ends, milliseconds UTC of Meta; none when
    /// nothing will, or everything did.
    pub ends_ms: Option<i64>,
}

/// A page of the board.
#[derive(Clone, Debug)]
pub struct BoardPage {
    /// The rows.
    pub rows: Vec<BoardRow>,
    /// Where the page before ends; none at the top.
    pub previous: Option<BoardKey>,
    /// Where the next page begins; none at the end.
    pub next: Option<BoardKey>,
    /// How many there are in all; none with a status, of which no count is kept.
    pub total: Option<u64>,
}

impl Reading {
    /// A page of the board.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn board_page(&mut self, query: &BoardQuery) -> Result<BoardPage> {
        page(self.conn(), query).await
    }
}

impl Store {
    /// How the database would carry out a page of one column, for the tests that hold it to its index. `is_few`: as for a label
    /// that few threads carry.
    #[doc(hidden)]
    pub async fn explain_board(&self, query: &BoardQuery, is_few: bool) -> Result<Vec<String>> {
        let mut conn = self.read().acquire().await?;
        let sql = format!("EXPLAIN QUERY PLAN {}", sql(query, query.of, is_few));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(lane(query.of))
            .bind(to_json(&query.accounts)?)
            .bind(query.filter.label.map(|label| label.to_string()))
            .bind(0)
            .bind(0)
            .bind(1)
            .fetch_all(&mut *conn)
            .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

/// A row with its place.
struct Found {
    row: Row,
    key: BoardKey,
}

async fn page(conn: &mut Conn, query: &BoardQuery) -> Result<BoardPage> {
    let limit = query.limit.clamp(1, MOST_ROWS);
    let is_few = is_few(conn, query).await?;
    let mut found: Vec<Found> = Vec::new();
    for (of, begins) in columns(conn, query).await? {
        let missing = limit + 1 - u32::try_from(found.len()).unwrap_or(limit);
        found.extend(rows(conn, query, of, begins, missing, is_few).await?);
        if found.len() > limit as usize {
            break;
        }
    }
    let has_more = found.len() > limit as usize;
    let (previous, next) = match query.from {
        BoardFrom::UpTo(key) => {
            let previous = found.get(limit as usize).filter(|_| has_more).map(|one| one.key);
            found.truncate(limit as usize);
            found.reverse();
            (previous, Some(key))
        }
        BoardFrom::Top | BoardFrom::After(_) => {
            let next = found.get(limit as usize - 1).filter(|_| has_more).map(|last| last.key);
            found.truncate(limit as usize);
            (query.from.behind(), next)
        }
    };
    let rows = found.into_iter().map(|Found { row, .. }| {
        let ends_ms = row.ends_ms;
        Ok(BoardRow { row: row.at(query.now_ms)?, ends_ms })
    });
    Ok(BoardPage { rows: rows.collect::<Result<_>>()?, previous, next, total: total(conn, query).await? })
}

/// The columns that the page goes through one after the other, and where in each it begins.
async fn columns(conn: &mut Conn, query: &BoardQuery) -> Result<Vec<(BoardOf, BoardKey)>> {
    let is_up = query.is_up();
    let end = if is_up { i64::MAX } else { i64::MIN };
    let start = BoardKey { agent: None, place_ms: end, thread: ThreadId(end) };
    let behind = query.from.behind();
    if query.sort != BoardSort::Assignee || query.of != BoardOf::All {
        return Ok(vec![(query.of, behind.unwrap_or(start))]);
    }
    let from = behind.map(|key| key.agent.map(|agent| agent.to_string()).unwrap_or_default());
    // Whoever the page begins with is there, whether or not anything is left of them.
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT c.assignee FROM list_count c LEFT JOIN agent a ON a.agent = c.assignee
         WHERE c.account IN (SELECT value FROM json_each(?1)) AND c.active = 1
         GROUP BY c.assignee HAVING sum(c.threads) > 0 OR c.assignee = ?2
         ORDER BY c.assignee <> '', a.name COLLATE NOCASE, c.assignee",
    )
    .bind(to_json(&query.accounts)?)
    .bind(from)
    .fetch_all(conn)
    .await?;
    let mut all = found.into_iter().map(|agent| of(&agent)).collect::<Result<Vec<_>>>()?;
    if is_up {
        all.reverse();
    }
    let first = behind.map(|key| key.agent.map_or(BoardOf::Queue, BoardOf::Agent));
    let at = first.and_then(|first| all.iter().position(|of| *of == first)).unwrap_or(0);
    let begins = |place: usize| if place == 0 { behind.unwrap_or(start) } else { start };
    Ok(all.into_iter().skip(at).enumerate().map(|(place, of)| (of, begins(place))).collect())
}

async fn rows(
    conn: &mut Conn,
    query: &BoardQuery,
    of: BoardOf,
    begins: BoardKey,
    most: u32,
    is_few: bool,
) -> Result<Vec<Found>> {
    let rows: String = sqlx::query_scalar(AssertSqlSafe(sql(query, of, is_few)))
        .bind(lane(of))
        .bind(to_json(&query.accounts)?)
        .bind(query.filter.label.map(|label| label.to_string()))
        .bind(begins.place_ms)
        .bind(begins.thread.0)
        .bind(most)
        .fetch_one(conn)
        .await?;
    let rows: Vec<(Row, i64)> = of_json(&rows)?;
    let agent = match (query.sort, of) {
        (BoardSort::Assignee, BoardOf::Agent(agent)) => Some(agent),
        _ => None,
    };
    let keyed = rows.into_iter().map(|(row, place_ms)| {
        let key = BoardKey { agent, place_ms, thread: ThreadId(row.thread_id) };
        Found { row, key }
    });
    Ok(keyed.collect())
}

/// The statement for a page of one column. Made of fixed pieces; values are bound: 1 assignee, 2 the accounts as JSON, 3 the
/// label, 4 and 5 where to begin, 6 how many.
fn sql(query: &BoardQuery, of: BoardOf, is_few: bool) -> String {
    let (place, index) = match (query.sort, of) {
        (BoardSort::Wait, BoardOf::All) => ("t.sort_ms", "thread_waiting"),
        (BoardSort::Wait, _) => ("t.sort_ms", "thread_waiting_of_agent"),
        (_, BoardOf::All) => ("t.breach_ms", "thread_breach"),
        (..) => ("t.breach_ms", "thread_breach_of_agent"),
    };
    let (compared, way) = if query.is_up() { ("<=", " DESC") } else { (">", "") };
    let assignee = if of == BoardOf::All { "?1 IS NULL" } else { "t.assignee IS ?1" };
    let (from, label) = match (query.filter.label, is_few) {
        (None, _) => (format!("thread t INDEXED BY {index}"), "?3 IS NULL"),
        (Some(_), false) => (
            format!("thread t INDEXED BY {index}"),
            "EXISTS (SELECT 1 FROM thread_label l WHERE l.thread_id = t.thread_id AND l.label = ?3 AND l.is_on = 1)",
        ),
        (Some(_), true) => (
            "thread_label x CROSS JOIN thread t ON t.thread_id = x.thread_id".to_owned(),
            "x.label = ?3 AND x.is_on = 1 AND x.active = 1",
        ),
    };
    let status = match query.filter.status {
        None => "",
        Some(BoardStatus::Open) => " AND t.awaits = 0",
        Some(BoardStatus::WaitingOnCustomer) => " AND t.awaits = 1",
    };
    let waiting =
        if query.filter.only_waiting { format!(" AND {place} < {}", 2 * BELOW_MS) } else { String::new() };
    // Not to be looked for by account: the order is the index's.
    let keys = format!(
        "SELECT t.thread_id AS thread_id, {place} AS place FROM {from}
         WHERE t.active = 1 AND {assignee} AND {label} AND +t.account IN (SELECT value FROM json_each(?2)){status}{waiting}
           AND ({place}, t.thread_id) {compared} (?4, ?5)
         ORDER BY {place}{way}, t.thread_id{way} LIMIT ?6"
    );
    let page = format!(
        "(SELECT t.*, k.place AS place FROM ({keys}) k CROSS JOIN thread t ON t.thread_id = k.thread_id) t {JOINS}"
    );
    let columns = format!("json_array({COLUMNS}), t.place");
    as_json::page(&columns, &page, &format!("t.place{way}, t.thread_id{way}"))
}

/// Whether the label that is asked for is one of few threads.
async fn is_few(conn: &mut Conn, query: &BoardQuery) -> Result<bool> {
    let Some(label) = query.filter.label else { return Ok(false) };
    let carried: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(threads), 0) FROM label_count
         WHERE label = ?1 AND account IN (SELECT value FROM json_each(?2)) AND active = 1",
    )
    .bind(label.to_string())
    .bind(to_json(&query.accounts)?)
    .fetch_one(conn)
    .await?;
    Ok(carried <= FEW)
}

/// From the counts that are kept.
async fn total(conn: &mut Conn, query: &BoardQuery) -> Result<Option<u64>> {
    if query.filter.status.is_some() {
        return Ok(None);
    }
    let kept = if query.filter.label.is_some() {
        "label_count c WHERE c.label = ?3"
    } else {
        "list_count c WHERE ?3 IS NULL"
    };
    let assignee = if query.of == BoardOf::All { "?1 IS NULL" } else { "c.assignee = coalesce(?1, '')" };
    let waiting = if query.filter.only_waiting { "AND c.needs_reply = 1" } else { "" };
    let sql = format!(
        "SELECT coalesce(sum(c.threads), 0) FROM {kept} AND {assignee} AND c.active = 1 {waiting}
           AND c.account IN (SELECT value FROM json_each(?2))"
    );
    let threads: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(lane(query.of))
        .bind(to_json(&query.accounts)?)
        .bind(query.filter.label.map(|label| label.to_string()))
        .fetch_one(conn)
        .await?;
    Ok(Some(u64::try_from(threads).unwrap_or(0)))
}

fn of(name: &str) -> Result<BoardOf> {
    Ok(agent_of(name)?.map_or(BoardOf::Queue, BoardOf::Agent))
}

/// As threads name whose they are.
fn lane(of: BoardOf) -> Option<String> {
    match of {
        BoardOf::All | BoardOf::Queue => None,
        BoardOf::Agent(agent) => Some(agent.to_string()),
    }
}

impl BoardQuery {
    fn is_up(&self) -> bool {
        matches!(self.from, BoardFrom::UpTo(_))
    }
}

impl BoardFrom {
    fn behind(self) -> Option<BoardKey> {
        match self {
            Self::Top => None,
            Self::After(key) | Self::UpTo(key) => Some(key),
        }
    }
}
