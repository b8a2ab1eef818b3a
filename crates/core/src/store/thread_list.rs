//! Pages of threads, and how many each view holds.

use baton_messenger::id::Platform;
use baton_protocol::{AccountId, AgentId};
use sqlx::AssertSqlSafe;

use super::error::{of_json, to_json};
use super::refresh::Shelf;
use super::shut::BELOW_MS;
use super::thread::{COLUMNS, JOINS, Row};
use super::{Conn, Filter, ListKey, Result, Store, ThreadId, ThreadRow, as_json, list_keys, mention};

/// One page never holds more.
pub const MOST_ROWS: u32 = 200;

/// Which threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Assigned to this agent, neither done nor asleep.
    Mine(AgentId),
    /// Assigned to nobody, neither done nor asleep.
    Unassigned,
    /// In which a note mentions this desk's agent who has not read it, or that were not done since; always the newest mention
    /// first, whatever order is asked for.
    Mentions,
    /// Of all, who needs a reply and of whom the window, the late window or control ends within hours; always what ends next
    /// first, whatever order is asked for.
    EndingSoon,
    /// Everything that is neither done nor asleep.
    All,
    /// Of those, who needs a reply and can get none any more; always longest wait first, whatever order is asked for.
    TooLate,
    /// Asleep; always who wakes next first, whatever order is asked for.
    Snoozed,
    /// Done.
    Done,
    /// Those whose customer is kept away.
    Blocked,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Who needs a reply and can get one first, the urgent before the others, longest wait on top; then who needs one and can
    /// get none any more; then the rest, newest first.
    NeedsReply,
    /// Newest activity first.
    Newest,
}

/// In which order rows are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    By(Sort),
    NewestMention,
    SoonestEnd,
    SoonestAwake,
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
    /// In which the agent is mentioned.
    pub mentions: u64,
    /// Of those, whose note the agent has not read.
    pub mentions_open: u64,
    /// All that are not done.
    pub all: u64,
    /// All that are to be answered.
    pub all_waiting: u64,
    /// All that need a reply and can get none any more.
    pub too_late: u64,
    /// All that need a reply and whose time ends soon.
    pub ending_soon: u64,
    /// Asleep.
    pub snoozed: u64,
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
        self.filtered_list(query, &Filter::default()).await
    }

    /// A page of those threads that a filter leaves.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn filtered_list(&self, query: &ListQuery, filter: &Filter) -> Result<Page> {
        let mut conn = self.read().acquire().await?;
        page(&mut conn, query, filter).await
    }

    /// How many threads each view holds, for this agent. The counts are kept with every change, so this reads a few rows
    /// however many threads there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn view_counts(&self, agent: AgentId, account: Option<&AccountId>) -> Result<ViewCounts> {
        self.filtered_counts(agent, account, &Filter::default()).await
    }

    /// The same of those threads that a filter leaves.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn filtered_counts(
        &self,
        agent: AgentId,
        account: Option<&AccountId>,
        filter: &Filter,
    ) -> Result<ViewCounts> {
        let mut conn = self.read().acquire().await?;
        counts(&mut conn, agent, account, filter).await
    }

    /// How the database would carry out a list query, for the tests that hold it to its index.
    #[doc(hidden)]
    pub async fn explain_thread_list(&self, query: &ListQuery) -> Result<Vec<String>> {
        self.explain_filtered_list(query, &Filter::default()).await
    }

    /// The same of a filtered one.
    #[doc(hidden)]
    pub async fn explain_filtered_list(&self, query: &ListQuery, filter: &Filter) -> Result<Vec<String>> {
        let mut conn = self.read().acquire().await?;
        let asked = Asked::of(&mut conn, query, filter).await?;
        let explained = format!("EXPLAIN QUERY PLAN {}", asked.sql);
        let (active, assignee) = query.view.filter();
        let from = query.begins();
        let plan = sqlx::query_as(AssertSqlSafe(explained))
            .bind(active)
            .bind(assignee.map(|agent| agent.to_string()))
            .bind(asked.accounts)
            .bind(from.sort_ms)
            .bind(from.thread.0)
            .bind(query.limit);
        let rows: Vec<(i64, i64, i64, String)> = if list_keys::reads(query, filter) {
            plan.bind(filter.label.map(|label| label.to_string())).fetch_all(&mut *conn).await?
        } else {
            plan.fetch_all(&mut *conn).await?
        };
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

/// The statement for a page, and what it is asked with.
struct Asked {
    sql: String,
    /// The account, or accounts as JSON.
    accounts: Option<String>,
    /// There is no account whose threads could be listed.
    is_of_nobody: bool,
}

impl Asked {
    async fn of(conn: &mut Conn, query: &ListQuery, filter: &Filter) -> Result<Self> {
        let account = query.account.as_ref();
        if !list_keys::reads(query, filter) {
            let accounts = account.map(ToString::to_string);
            return Ok(Self { sql: sql(query), accounts, is_of_nobody: false });
        }
        let accounts = list_keys::accounts(conn, account, filter).await?;
        let sql = list_keys::sql(query, accounts.len(), filter);
        Ok(Self { sql, is_of_nobody: accounts.is_empty(), accounts: Some(to_json(&accounts)?) })
    }
}

/// A page of threads.
pub(super) async fn page(conn: &mut Conn, query: &ListQuery, filter: &Filter) -> Result<Page> {
    let limit = query.limit.clamp(1, MOST_ROWS);
    let from = query.begins();
    let (active, assignee) = query.view.filter();
    let asked = Asked::of(conn, query, filter).await?;
    if asked.is_of_nobody {
        return Ok(Page { rows: Vec::new(), previous: None, next: None });
    }
    let page = sqlx::query_scalar(AssertSqlSafe(asked.sql))
        .bind(active)
        .bind(assignee.map(|agent| agent.to_string()))
        .bind(asked.accounts)
        .bind(from.sort_ms)
        .bind(from.thread.0)
        .bind(limit + 1);
    let rows: String = if list_keys::reads(query, filter) {
        page.bind(filter.label.map(|label| label.to_string())).fetch_one(conn).await?
    } else {
        page.fetch_one(conn).await?
    };
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
    filter: &Filter,
) -> Result<ViewCounts> {
    let (mentions, mentions_open) = if filter.is_none() {
        mention::counts(conn, agent, account).await?
    } else {
        list_keys::mentions(conn, agent, account, filter).await?
    };
    let kept =
        if filter.label.is_some() { "label_count WHERE label = ?3" } else { "list_count WHERE ?3 IS NULL" };
    let sql = format!(
        "SELECT assignee, active, needs_reply = 1 AS waits, shut = 1 AS too_late, ending = 1 AS ends, sum(threads)
         FROM {kept} AND (?1 IS NULL OR account = ?1)
           AND (?2 IS NULL OR account IN (SELECT a.account FROM account a WHERE a.platform = ?2))
         GROUP BY assignee, active, waits, too_late, ends"
    );
    let rows: Vec<(String, i64, bool, bool, bool, i64)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(account.map(AccountId::as_str))
        .bind(filter.platform.map(Platform::as_str))
        .bind(filter.label.map(|label| label.to_string()))
        .fetch_all(conn)
        .await?;
    let agent = agent.to_string();
    let mut counts = ViewCounts { mentions, mentions_open, ..ViewCounts::default() };
    for (assignee, active, waits, too_late, ends, threads) in rows {
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
        if active == Shelf::Asleep as i64 {
            counts.snoozed += threads;
            continue;
        }
        counts.all += threads;
        counts.all_waiting += waiting;
        counts.ending_soon += if ends { threads } else { 0 };
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
    if query.view == View::Mentions {
        return mentions_sql(query);
    }
    let assignee = match query.view {
        View::Mine(_) | View::Unassigned => "AND t.assignee IS ?2",
        _ => "AND ?2 IS NULL",
    };
    let account = if query.account.is_some() { "AND t.account = ?3" } else { "AND ?3 IS NULL" };
    let upwards = matches!(query.from, ListFrom::UpTo(_));
    // They stand between the other two groups of that order; the end at which a page does not begin has to be said.
    let group = match (query.view, upwards) {
        (View::TooLate, false) => format!("AND t.sort_ms < {}", 2 * BELOW_MS),
        (View::TooLate, true) => format!("AND t.sort_ms >= {BELOW_MS}"),
        _ => String::new(),
    };
    let (from, order) = match (query.order() == Order::By(Sort::NeedsReply), upwards) {
        (true, false) => ("(t.sort_ms, t.thread_id) > (?4, ?5)", "t.sort_ms, t.thread_id"),
        (true, true) => ("(t.sort_ms, t.thread_id) <= (?4, ?5)", "t.sort_ms DESC, t.thread_id DESC"),
        (false, false) => ("(t.last_at_ms, t.thread_id) < (?4, ?5)", "t.last_at_ms DESC, t.thread_id DESC"),
        (false, true) => ("(t.last_at_ms, t.thread_id) >= (?4, ?5)", "t.last_at_ms, t.thread_id"),
    };
    let page = format!(
        "(SELECT * FROM thread t WHERE t.active = ?1 {assignee} {account} AND {from} {group} ORDER BY {order} LIMIT ?6) t {JOINS}"
    );
    as_json::page(COLUMNS, &page, order)
}

/// The same for the threads in which this desk's agent is mentioned; 1 says that they are listed.
fn mentions_sql(query: &ListQuery) -> String {
    let account = if query.account.is_some() { "AND n.account = ?3" } else { "AND ?3 IS NULL" };
    let (from, inner, outer) = if matches!(query.from, ListFrom::UpTo(_)) {
        ("(n.at_ms, n.thread_id) >= (?4, ?5)", "n.at_ms, n.thread_id", "t.mentioned_at_ms, t.thread_id")
    } else {
        (
            "(n.at_ms, n.thread_id) < (?4, ?5)",
            "n.at_ms DESC, n.thread_id DESC",
            "t.mentioned_at_ms DESC, t.thread_id DESC",
        )
    };
    let page = format!(
        "(SELECT t.*, n.at_ms AS mentioned_at_ms FROM mention n CROSS JOIN thread t ON t.thread_id = n.thread_id
          WHERE n.agent = (SELECT e.agent FROM enrolment e WHERE e.only = 1) AND n.listed = ?1 AND ?2 IS NULL {account} AND {from}
          ORDER BY {inner} LIMIT ?6) t {JOINS}"
    );
    as_json::page(COLUMNS, &page, outer)
}

impl ListQuery {
    /// In which order it is read.
    pub(super) fn order(&self) -> Order {
        match self.view {
            View::TooLate => Order::By(Sort::NeedsReply),
            View::Mentions => Order::NewestMention,
            View::EndingSoon => Order::SoonestEnd,
            View::Snoozed => Order::SoonestAwake,
            _ => Order::By(self.sort),
        }
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
            // Done or not; `1` is asked of them too.
            Self::Mentions => (1, None),
            Self::Unassigned | Self::All | Self::EndingSoon | Self::TooLate => (Shelf::Active as i64, None),
            Self::Snoozed => (Shelf::Asleep as i64, None),
            Self::Done => (Shelf::Done as i64, None),
            Self::Blocked => (Shelf::Blocked as i64, None),
        }
    }
}

impl Order {
    fn start(self) -> ListKey {
        match self {
            Self::By(Sort::NeedsReply) | Self::SoonestEnd | Self::SoonestAwake => {
                ListKey { sort_ms: i64::MIN, thread: ThreadId(i64::MIN) }
            }
            Self::By(Sort::Newest) | Self::NewestMention => {
                ListKey { sort_ms: i64::MAX, thread: ThreadId(i64::MAX) }
            }
        }
    }

    fn key(self, row: &Row) -> ListKey {
        let sort_ms = match self {
            Self::By(Sort::NeedsReply) => row.sort_ms,
            Self::By(Sort::Newest) => row.last_at_ms,
            Self::NewestMention => row.mentioned_ms.unwrap_or_default(),
            Self::SoonestEnd => row.ends_ms.unwrap_or_default(),
            Self::SoonestAwake => row.asleep_until_ms.unwrap_or_default(),
        };
        ListKey { sort_ms, thread: ThreadId(row.thread_id) }
    }
}
