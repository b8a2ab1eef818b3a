//! Pages of lists in an order of their own, or narrowed to a channel or a label: first the keys of a page, from indexes, then its
//! rows.
//!
//! ```text
//!   one channel   thread of account 1, in order ┐
//!                 thread of account 2, in order ┼─ merged, so many ─▶ rows
//!   one label     the same over thread_label    ┘
//!   snoozed · ending soon · mentions            ─── in order, looked through for what is asked ─▶ rows
//! ```
//!
//! What sleeps, ends within hours, or mentions one agent is not much, whatever the history; the others are found by key for
//! each account, and a merge of as many ordered lists as there are accounts goes only as far as the page.

use baton_messenger::id::Platform;
use baton_protocol::{AccountId, AgentId, LabelId};

use super::shut::BELOW_MS;
use super::thread::{COLUMNS, JOINS};
use super::thread_list::{ListFrom, ListQuery, Order, Sort, View};
use super::{Conn, Result, as_json};

/// Which threads of a view, beside their account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this channel.
    pub platform: Option<Platform>,
    /// Only with this label, as the log tells of it.
    pub label: Option<LabelId>,
}

impl Filter {
    /// True when it leaves nothing out.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Of more accounts than these lists are not merged: whatever is of another one is passed over.
const MOST_MERGED: usize = 100;

/// Whether a page is read by [`sql`].
pub(super) fn reads(query: &ListQuery, filter: &Filter) -> bool {
    !filter.is_none() || matches!(query.view, View::Snoozed | View::EndingSoon)
}

/// The accounts whose threads are listed.
pub(super) async fn accounts(
    conn: &mut Conn,
    account: Option<&AccountId>,
    filter: &Filter,
) -> Result<Vec<AccountId>> {
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT account FROM account WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR platform = ?2)
         ORDER BY account",
    )
    .bind(account.map(AccountId::as_str))
    .bind(filter.platform.map(Platform::as_str))
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(AccountId::from).collect())
}

/// The statement for a page of the threads of so many accounts. Made of fixed pieces; values are bound: 1 active, 2 assignee,
/// 3 the accounts as JSON, 4 and 5 where to begin, 6 how many, 7 the label.
pub(super) fn sql(query: &ListQuery, accounts: usize, filter: &Filter) -> String {
    let upwards = matches!(query.from, ListFrom::UpTo(_));
    let is_ascending =
        matches!(query.order(), Order::By(Sort::NeedsReply) | Order::SoonestAwake | Order::SoonestEnd);
    let (compared, way) = match (is_ascending, upwards) {
        (true, false) => (">", ""),
        (true, true) => ("<=", " DESC"),
        (false, false) => ("<", " DESC"),
        (false, true) => (">=", ""),
    };
    let has_label = filter.label.is_some();
    let Source { from, row, place, is, is_few } = source(query, has_label, upwards);
    let is_one_list = is_few || accounts > MOST_MERGED;
    let label = if has_label && row != "x" {
        format!(
            " AND EXISTS (SELECT 1 FROM thread_label l
               WHERE l.thread_id = {row}.thread_id AND l.label = ?7 AND l.is_on = 1)"
        )
    } else {
        String::new()
    };
    let select = |of_account: &str| {
        format!(
            "SELECT {row}.thread_id AS thread_id, {place} AS place FROM {from}
             WHERE {is}{label} AND {of_account} AND ({place}, {row}.thread_id) {compared} (?4, ?5)"
        )
    };
    let lists = if is_one_list {
        // Not to be looked for by account: the order is the index's.
        select(&format!("+{row}.account IN (SELECT value FROM json_each(?3))"))
    } else {
        let each = (0..accounts).map(|at| select(&format!("{row}.account = ?3 ->> '$[{at}]'")));
        each.collect::<Vec<_>>().join(" UNION ALL ")
    };
    let in_order = if is_one_list {
        format!("{place}{way}, {row}.thread_id{way}")
    } else {
        format!("place{way}, thread_id{way}")
    };
    let page = format!(
        "(SELECT t.*, k.place AS place FROM ({lists} ORDER BY {in_order} LIMIT ?6) k
          CROSS JOIN thread t ON t.thread_id = k.thread_id
          WHERE ?1 IS NOT NULL OR coalesce(?2, ?3, ?7) IS NULL) t {JOINS}"
    );
    as_json::page(COLUMNS, &page, &format!("t.place{way}, t.thread_id{way}"))
}

/// What keys are read from.
struct Source {
    from: &'static str,
    /// What a row of it is called.
    row: &'static str,
    /// The column that orders it.
    place: &'static str,
    /// What holds of each row.
    is: String,
    /// There are few of them, whatever the history.
    is_few: bool,
}

fn source(query: &ListQuery, has_label: bool, upwards: bool) -> Source {
    let few = |from, row, place, is: &str| Source { from, row, place, is: is.to_owned(), is_few: true };
    match query.view {
        View::Snoozed => return few("thread t", "t", "t.asleep_until_ms", "t.active = 3"),
        View::EndingSoon => {
            return few("thread t", "t", "t.ends_ms", "t.ending = 1 AND t.ends_ms IS NOT NULL");
        }
        View::Mentions => {
            let mine = "n.agent = (SELECT e.agent FROM enrolment e WHERE e.only = 1) AND n.listed = 1";
            return few("mention n", "n", "n.at_ms", mine);
        }
        View::Mine(_) | View::Unassigned | View::All | View::TooLate | View::Done | View::Blocked => {}
    }
    let by_need = query.order() == Order::By(Sort::NeedsReply);
    let (from, row) = if has_label { ("thread_label x", "x") } else { ("thread t", "t") };
    let place = match (has_label, by_need) {
        (true, true) => "x.sort_ms",
        (true, false) => "x.last_at_ms",
        (false, true) => "t.sort_ms",
        (false, false) => "t.last_at_ms",
    };
    let mut is = format!("{row}.active = ?1");
    if has_label {
        is.push_str(" AND x.label = ?7 AND x.is_on = 1");
    }
    if matches!(query.view, View::Mine(_) | View::Unassigned) {
        is.push_str(&format!(" AND {row}.assignee IS ?2"));
    }
    if query.view == View::TooLate {
        let end = if upwards { format!(">= {BELOW_MS}") } else { format!("< {}", 2 * BELOW_MS) };
        is.push_str(&format!(" AND {place} {end}"));
    }
    Source { from, row, place, is, is_few: false }
}

/// How many threads with a label, or of a channel, mention an agent, and how many of those mentions are open. Looked through,
/// because one agent is not mentioned in many.
pub(super) async fn mentions(
    conn: &mut Conn,
    agent: AgentId,
    account: Option<&AccountId>,
    filter: &Filter,
) -> Result<(u64, u64)> {
    let (all, open): (i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(n.open), 0) FROM mention n
         WHERE n.agent = ?1 AND n.listed = 1 AND (?2 IS NULL OR n.account = ?2)
           AND (?3 IS NULL OR n.account IN (SELECT a.account FROM account a WHERE a.platform = ?3))
           AND (?4 IS NULL OR EXISTS (SELECT 1 FROM thread_label l
             WHERE l.thread_id = n.thread_id AND l.label = ?4 AND l.is_on = 1))",
    )
    .bind(agent.to_string())
    .bind(account.map(AccountId::as_str))
    .bind(filter.platform.map(Platform::as_str))
    .bind(filter.label.map(|label| label.to_string()))
    .fetch_one(conn)
    .await?;
    Ok((u64::try_from(all).unwrap_or(0), u64::try_from(open).unwrap_or(0)))
}
