//! Every number that is kept, counted once more from the rows that it is about.

use baton_core::store::{ListFrom, ListQuery, Sort, View, ViewCounts};
use baton_protocol::{AccountId, AgentId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use crate::builders::*;

/// Kept numbers: what they are, the same counted, and as they are kept. Of what there is none of, nothing or a zero may be kept.
const KEPT: [(&str, &str, &str); 3] = [
    (
        "list_count",
        "SELECT json_array(account, coalesce(assignee, ''), active, needs_reply, shut, ending, count(*)) AS line
         FROM thread GROUP BY account, coalesce(assignee, ''), active, needs_reply, shut, ending",
        "SELECT json_array(account, assignee, active, needs_reply, shut, ending, threads) AS line
         FROM list_count WHERE threads <> 0",
    ),
    (
        "label_count",
        "SELECT json_array(l.label, t.account, coalesce(t.assignee, ''), t.active, t.needs_reply, t.shut, t.ending,
           count(*)) AS line
         FROM thread_label l JOIN thread t ON t.thread_id = l.thread_id WHERE l.is_on = 1
         GROUP BY l.label, t.account, coalesce(t.assignee, ''), t.active, t.needs_reply, t.shut, t.ending",
        "SELECT json_array(label, account, assignee, active, needs_reply, shut, ending, threads) AS line
         FROM label_count WHERE threads <> 0",
    ),
    (
        "mention_count",
        "SELECT json_array(agent, account, open, count(*)) AS line
         FROM mention WHERE listed = 1 GROUP BY agent, account, open",
        "SELECT json_array(agent, account, open, threads) AS line FROM mention_count WHERE threads <> 0",
    ),
];

/// The numbers of the views of an agent, one row.
const VIEWS: &str = "SELECT
  count(*) FILTER (WHERE active = 1 AND assignee = ?1),
  count(*) FILTER (WHERE active = 1 AND assignee = ?1 AND needs_reply = 1 AND shut <> 1),
  count(*) FILTER (WHERE active = 1 AND assignee IS NULL),
  count(*) FILTER (WHERE active = 1 AND assignee IS NULL AND needs_reply = 1 AND shut <> 1),
  count(*) FILTER (WHERE active = 1),
  count(*) FILTER (WHERE active = 1 AND needs_reply = 1 AND shut <> 1),
  count(*) FILTER (WHERE active = 1 AND needs_reply = 1 AND shut = 1),
  count(*) FILTER (WHERE active = 1 AND ending = 1),
  count(*) FILTER (WHERE active = 3),
  count(*) FILTER (WHERE active = 0),
  count(*) FILTER (WHERE active = 2)
  FROM thread WHERE ?2 IS NULL OR account = ?2";

/// Those of the mentions, one row.
const MENTIONS: &str = "SELECT count(*), count(*) FILTER (WHERE open = 1) FROM mention
  WHERE listed = 1 AND agent = ?1 AND (?2 IS NULL OR account = ?2)";

type Row = (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64);

/// Every kept number that is another one than what it is about.
pub async fn wrong_numbers(desk: &Desk) -> Vec<String> {
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    let mut wrong = Vec::new();
    for (name, counted, kept) in KEPT {
        let differ = format!(
            "SELECT 'counted ' || line FROM (SELECT line FROM ({counted}) EXCEPT SELECT line FROM ({kept}))
             UNION ALL
             SELECT 'kept ' || line FROM (SELECT line FROM ({kept}) EXCEPT SELECT line FROM ({counted}))"
        );
        let differ: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(differ)).fetch_all(&mut conn).await.unwrap();
        wrong.extend(differ.into_iter().map(|line| format!("{name}: {line}")));
    }
    let tea = AccountId::from(TEA);
    for agent in [ines(), jonas()] {
        for account in [None, Some(&tea)] {
            let told = desk.store.view_counts(agent, account).await.unwrap();
            let counted = views(&mut conn, agent, account).await;
            if told != counted {
                wrong.push(format!("{agent}, {account:?}: told {told:?}, counted {counted:?}"));
            }
            wrong.extend(lists(desk, agent, account, told).await);
        }
    }
    conn.close().await.unwrap();
    wrong
}

async fn views(conn: &mut SqliteConnection, agent: AgentId, account: Option<&AccountId>) -> ViewCounts {
    let (agent, account) = (agent.to_string(), account.map(ToString::to_string));
    let row: Row = sqlx::query_as(VIEWS)
        .bind(agent.as_str())
        .bind(account.as_deref())
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    let mentions: (i64, i64) = sqlx::query_as(MENTIONS)
        .bind(agent.as_str())
        .bind(account.as_deref())
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    let number = |counted: i64| u64::try_from(counted).unwrap();
    ViewCounts {
        mine: number(row.0),
        mine_waiting: number(row.1),
        unassigned: number(row.2),
        unassigned_waiting: number(row.3),
        mentions: number(mentions.0),
        mentions_open: number(mentions.1),
        all: number(row.4),
        all_waiting: number(row.5),
        too_late: number(row.6),
        ending_soon: number(row.7),
        snoozed: number(row.8),
        done: number(row.9),
        blocked: number(row.10),
    }
}

/// Lists that have another number of rows than is told of them.
async fn lists(desk: &Desk, agent: AgentId, account: Option<&AccountId>, told: ViewCounts) -> Vec<String> {
    let mut wrong = Vec::new();
    for (view, number) in [
        (View::Mine(agent), told.mine),
        (View::Unassigned, told.unassigned),
        (View::All, told.all),
        (View::TooLate, told.too_late),
        (View::EndingSoon, told.ending_soon),
        (View::Snoozed, told.snoozed),
        (View::Done, told.done),
        (View::Blocked, told.blocked),
    ] {
        let (from, sort) = (ListFrom::Top, Sort::NeedsReply);
        let query = ListQuery { view, account: account.cloned(), sort, from, limit: 200, now_ms: NINE };
        let rows = desk.store.thread_list(&query).await.unwrap().rows.len() as u64;
        if rows != number {
            wrong.push(format!("{view:?}, {account:?}: {number} told, {rows} listed"));
        }
    }
    wrong
}
