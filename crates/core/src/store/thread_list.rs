//! Pages of threads, and how many each view holds.

use baton_protocol::{AccountId, AgentId};
use sqlx::AssertSqlSafe;

use super::error::of_json;
use super::refresh::Shelf;
use super::shut::BELOW_MS;
use super::thread::{COLUMNS, JOINS, Row};
use super::{Conn, ListKey, Result, Store, ThreadId, ThreadRow, as_json};

/// One page never holds more.
pub const MOST_ROWS: u32 = 200;

/// Which threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Assigned to this agent, not done.
    Mine(AgentId),
    /// Assigned to nobody, not done.
    Unassigned,
    /// Everything that is not done.
    All,
    /// Of those, who needs a reply and can get none any more; always longest wait first, whatever order is asked for.
    TooLate,
    /// Done.
    Done,
    /// Those whose customer is kept away.
    Blocked,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Who needs a reply and can get one first, longest wait on top; then who needs one and can get none any more; then the
    /// rest, newest first.
    NeedsReply,
    /// Newest activity first.
    Newest,
}

/// From where a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFrom {
    /// The first rows.
    Top,
    /// The rows after this one, where the page before ended.
    After(ListKey),
    /// The rows up to this one and with it, where the page behind began.
    UpTo(ListKey),
}

/// Asks for a page.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Which threads.
    pub view: View,
    /// Only this account.
    pub account: Option<AccountId>,
    /// In which order.
    pub sort: Sort,
    /// From where, and in which direction.
    pub from: ListFrom,
    /// How many at most; never more than [`MOST_ROWS`].
    pub limit: u32,
    /// Meta's time, for who holds each thread.
    pub now_ms: i64,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows.
    pub rows: Vec<ThreadRow>,
    /// Where the page before ends; none at the top.
    pub previous: Option<ListKey>,
    /// Where the next page begins; none at the end.
    pub next: Option<ListKey>,
}

/// How many threads each view holds, and how many of them are to be answered: they need a reply and can get one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewCounts {
    /// Mine.
    pub mine: u64,
    /// Mine that are to be answered.
    pub mine_waiting: u64,
    /// Unassigned.
    pub unassigned: u64,
    /// Unassigned that are to be answered.
    pub unassigned_waiting: u64,
    /// All that are not done.
    pub all: u64,
    /// All that are to be answered.
    pub all_waiting: u64,
    /// All that need a reply and can get none any more.
    pub too_late: u64,
    /// Done.
    pub done: u64,
    /// Those whose customer is kept away.
    pub blocked: u64,
}

impl Store {
    /// A page of threads.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn thread_list(&self, query: &ListQuery) -> Result<Page> {
        let mut conn = self.read().acquire().await?;
        page(&mut conn, query).await
    }

    /// How many threads each view holds, for this agent. The counts are kept with every change, so this reads a few rows
    /// however many threads there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn view_counts(&self, agent: AgentId, account: Option<&AccountId>) -> Result<ViewCounts> {
        let mut conn = self.read().acquire().await?;
        counts(&mut conn, agent, account).await
    }

    /// How the database would carry out a list query, for the tests that hold it to its index.
    #[doc(hidden)]
    pub async fn explain_thread_list(&self, query: &ListQuery) -> Result<Vec<String>> {
        let (active, assignee) = query.view.filter();
        let from = query.begins();
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql(query))))
                .bind(active)
                .bind(assignee.map(|agent| agent.to_string()))
                .bind(query.account.as_ref().map(AccountId::as_str))
                .bind(from.sort_ms)
                .bind(from.thread.0)
                .bind(query.limit)
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

/// A page of threads.
pub(super) async fn page(conn: &mut Conn, query: &ListQuery) -> Result<Page> {
    let limit = query.limit.clamp(1, MOST_ROWS);
    let from = query.begins();
    let (active, assignee) = query.view.filter();
    let rows: String = sqlx::query_scalar(AssertSqlSafe(sql(query)))
        .bind(active)
        .bind(assignee.map(|agent| agent.to_string()))
        .bind(query.account.as_ref().map(AccountId::as_str))
        .bind(from.sort_ms)
        .bind(from.thread.0)
        .bind(limit + 1)
        .fetch_one(conn)
        .await?;
    let mut rows: Vec<Row> = of_json(&rows)?;
    let more = rows.len() > limit as usize;
    let (previous, next) = match query.from {
        ListFrom::UpTo(key) => {
            let previous = rows.get(limit as usize).filter(|_| more).map(|row| query.order().key(row));
            rows.truncate(limit as usize);
            rows.reverse();
            (previous, Some(key))
        }
        ListFrom::Top | ListFrom::After(_) => {
            let next = rows.get(limit as usize - 1).filter(|_| more).map(|last| query.order().key(last));
            rows.truncate(limit as usize);
            (query.from.behind(), next)
        }
    };
    let rows = rows.into_iter().map(|row| row.at(query.now_ms));
    Ok(Page { rows: rows.collect::<Result<_>>()?, previous, next })
}

/// How many threads each view holds, for this agent.
pub(super) async fn counts(
    conn: &mut Conn,
    agent: AgentId,
    account: Option<&AccountId>,
) -> Result<ViewCounts> {
    let rows: Vec<(String, i64, bool, bool, i64)> = sqlx::query_as(
        "SELECT assignee, active, needs_reply = 1 AS waits, shut = 1 AS too_late, sum(threads) FROM list_count
         WHERE ?1 IS NULL OR account = ?1 GROUP BY assignee, active, waits, too_late",
    )
    .bind(account.map(AccountId::as_str))
    .fetch_all(conn)
    .await?;
    let agent = agent.to_string();
    let mut counts = ViewCounts::default();
    for (assignee, active, waits, too_late, threads) in rows {
        let threads = u64::try_from(threads).unwrap_or(0);
        let waiting = if waits && !too_late { threads } else { 0 };
        if active == Shelf::Blocked as i64 {
            counts.blocked += threads;
            continue;
        }
        if active == Shelf::Done as i64 {
            counts.done += threads;
            continue;
        }
        counts.all += threads;
        counts.all_waiting += waiting;
        counts.too_late += if waits && too_late { threads } else { 0 };
        if assignee == agent {
            counts.mine += threads;
            counts.mine_waiting += waiting;
        } else if assignee.is_empty() {
            counts.unassigned += threads;
            counts.unassigned_waiting += waiting;
        }
    }
    Ok(counts)
}

/// The statement for a query. Made of fixed pieces; values are bound: 1 active, 2 assignee, 3 account, 4 and 5 where to
/// begin, 6 how many.
fn sql(query: &ListQuery) -> String {
    let assignee = match query.view {
        View::Mine(_) | View::Unassigned => "AND t.assignee IS ?2",
        View::All | View::TooLate | View::Done | View::Blocked => "AND ?2 IS NULL",
    };
    let account = if query.account.is_some() { "AND t.account = ?3" } else { "AND ?3 IS NULL" };
    let upwards = matches!(query.from, ListFrom::UpTo(_));
    // They stand between the other two groups of that order; the end at which a page does not begin has to be said.
    let group = match (query.view, upwards) {
        (View::TooLate, false) => format!("AND t.sort_ms < {}", 2 * BELOW_MS),
        (View::TooLate, true) => format!("AND t.sort_ms >= {BELOW_MS}"),
        _ => String::new(),
    };
    let (from, order) = match (query.order(), upwards) {
        (Sort::NeedsReply, false) => ("(t.sort_ms, t.thread_id) > (?4, ?5)", "t.sort_ms, t.thread_id"),
        (Sort::NeedsReply, true) => {
            ("(t.sort_ms, t.thread_id) <= (?4, ?5)", "t.sort_ms DESC, t.thread_id DESC")
        }
        (Sort::Newest, false) => {
            ("(t.last_at_ms, t.thread_id) < (?4, ?5)", "t.last_at_ms DESC, t.thread_id DESC")
        }
        (Sort::Newest, true) => ("(t.last_at_ms, t.thread_id) >= (?4, ?5)", "t.last_at_ms, t.thread_id"),
    };
    let page = format!(
        "(SELECT * FROM thread t WHERE t.active = ?1 {assignee} {account} AND {from} {group} ORDER BY {order} LIMIT ?6) t {JOINS}"
    );
    as_json::page(COLUMNS, &page, order)
}

impl ListQuery {
    /// In which order it is read.
    fn order(&self) -> Sort {
        if self.view == View::TooLate { Sort::NeedsReply } else { self.sort }
    }

    /// Where it is begun to be read.
    fn begins(&self) -> ListKey {
        let start = match self.view {
            View::TooLate => ListKey { sort_ms: BELOW_MS, thread: ThreadId(i64::MIN) },
            _ => self.order().start(),
        };
        self.from.behind().unwrap_or(start)
    }
}

impl ListFrom {
    fn behind(self) -> Option<ListKey> {
        match self {
            Self::Top => None,
            Self::After(key) | Self::UpTo(key) => Some(key),
        }
    }
}

impl View {
    fn filter(self) -> (i64, Option<AgentId>) {
        match self {
            Self::Mine(agent) => (Shelf::Active as i64, Some(agent)),
            Self::Unassigned | Self::All | Self::TooLate => (Shelf::Active as i64, None),
            Self::Done => (Shelf::Done as i64, None),
            Self::Blocked => (Shelf::Blocked as i64, None),
        }
    }
}

impl Sort {
    fn start(self) -> ListKey {
        match self {
            Self::NeedsReply => ListKey { sort_ms: i64::MIN, thread: ThreadId(i64::MIN) },
            Self::Newest => ListKey { sort_ms: i64::MAX, thread: ThreadId(i64::MAX) },
        }
    }

    fn key(self, row: &Row) -> ListKey {
        let sort_ms = match self {
            Self::NeedsReply => row.sort_ms,
            Self::Newest => row.last_at_ms,
        };
        ListKey { sort_ms, thread: ThreadId(row.thread_id) }
    }
}
