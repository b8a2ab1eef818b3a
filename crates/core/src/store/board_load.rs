//! What each agent has to do, for the supervisor's board.
//!
//! Which threads count is said by [`baton_thread::team::counts`], by which the relay gives out too: those that wait on the
//! customer are on the board and count for nobody's limit.
//!
//! The plan, because it is asked with every notice, for 200 agents too: loads come from counts that are kept, less those that
//! wait on the customer, which stand behind all that need a reply in the agent's range in `thread_breach_of_agent`; the longest
//! wait is two seeks in `thread_waiting_of_agent` for each agent, one among the urgent and one among the others; what is due
//! soon is the beginning of that range.

use std::collections::BTreeMap;

use baton_protocol::{AccountId, AgentId};
use sqlx::AssertSqlSafe;

use super::error::{parsed, to_json};
use super::{Conn, Reading, Result, Store};

/// What an agent has to do, or the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardLoad {
    /// Threads that count, by account; accounts without any are left out.
    pub open: BTreeMap<AccountId, u64>,
    /// How many more wait on the customer.
    pub on_customer: u64,
    /// Of all of them, those that are to be answered: they need a reply and can get one.
    pub waiting: u64,
    /// Since when the customer waits who waits longest and can be answered, milliseconds UTC of Meta.
    pub oldest_wait_ms: Option<i64>,
    /// Of how many something ends by the moment that was asked for.
    pub due: u64,
    /// When the next ends, milliseconds UTC of Meta.
    pub next_due_ms: Option<i64>,
}

/// How many threads of each agent, none for the queue, wait on the customer, by account. 1 the agents and 2 the accounts as
/// JSON. They need no reply, and those who need none begin there in the order of the board (`docs/schema.sql`).
const ON_CUSTOMER: &str = "SELECT j.value, t.account, count(*)
  FROM json_each(?1) j CROSS JOIN thread t INDEXED BY thread_breach_of_agent
  WHERE t.active = 1 AND t.assignee IS j.value AND t.breach_ms >= 8000000000000000 AND t.awaits = 1
    AND +t.account IN (SELECT value FROM json_each(?2))
  GROUP BY j.key, t.account";

/// An agent, none for the queue; the oldest wait among the urgent and among the others; how many are due; what ends next.
type Ends = (Option<String>, Option<i64>, Option<i64>, i64, Option<i64>);

impl Reading {
    /// What each of these agents has of these accounts, and everybody else who has anything; none is the queue. `due_by_ms`: by
    /// when something has to end to be due, milliseconds UTC of Meta.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn board_loads(
        &mut self,
        accounts: &[AccountId],
        agents: &[AgentId],
        due_by_ms: i64,
    ) -> Result<BTreeMap<Option<AgentId>, BoardLoad>> {
        loads(self.conn(), accounts, agents, due_by_ms).await
    }
}

impl Store {
    /// How the database would look for what agents have to do, for the test that holds it to its indexes.
    #[doc(hidden)]
    pub async fn explain_board_loads(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {ENDS}")))
                .bind("[null]")
                .bind("[]")
                .bind(0)
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }

    /// The same of what waits on the customer.
    #[doc(hidden)]
    pub async fn explain_on_customer(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {ON_CUSTOMER}")))
                .bind("[null]")
                .bind("[]")
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

/// Of each of some agents, none for the queue, when the longest wait began, how many end by a moment, and the next end. 1 the
/// agents and 2 the accounts as JSON, 3 the moment. The urgent stand so far above the others in the order of waits
/// (`shut::BELOW_MS`), and whose place is below that number can be answered.
const ENDS: &str = "SELECT j.value,
    (SELECT t.sort_ms + 4000000000000000 FROM thread t INDEXED BY thread_waiting_of_agent
     WHERE t.active = 1 AND t.assignee IS j.value AND t.sort_ms < 0
       AND +t.account IN (SELECT value FROM json_each(?2))
     ORDER BY t.sort_ms LIMIT 1),
    (SELECT t.sort_ms FROM thread t INDEXED BY thread_waiting_of_agent
     WHERE t.active = 1 AND t.assignee IS j.value AND t.sort_ms >= 0 AND t.sort_ms < 4000000000000000
       AND +t.account IN (SELECT value FROM json_each(?2))
     ORDER BY t.sort_ms LIMIT 1),
    (SELECT count(*) FROM thread t INDEXED BY thread_breach_of_agent
     WHERE t.active = 1 AND t.assignee IS j.value AND t.breach_ms <= ?3
       AND +t.account IN (SELECT value FROM json_each(?2))),
    (SELECT t.breach_ms FROM thread t INDEXED BY thread_breach_of_agent
     WHERE t.active = 1 AND t.assignee IS j.value AND t.breach_ms < 4000000000000000
       AND +t.account IN (SELECT value FROM json_each(?2))
     ORDER BY t.breach_ms LIMIT 1)
  FROM json_each(?1) j";

async fn loads(
    conn: &mut Conn,
    accounts: &[AccountId],
    agents: &[AgentId],
    due_by_ms: i64,
) -> Result<BTreeMap<Option<AgentId>, BoardLoad>> {
    let accounts = to_json(&accounts)?;
    let mut all: BTreeMap<Option<AgentId>, BoardLoad> =
        agents.iter().map(|agent| (Some(*agent), BoardLoad::default())).collect();
    all.insert(None, BoardLoad::default());
    let counted: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT c.assignee, c.account, sum(c.threads), sum(c.threads * (c.needs_reply = 1 AND c.shut = 0))
         FROM list_count c
         WHERE c.account IN (SELECT value FROM json_each(?1)) AND c.active = 1
         GROUP BY c.account, c.assignee HAVING sum(c.threads) > 0",
    )
    .bind(&accounts)
    .fetch_all(&mut *conn)
    .await?;
    for (agent, account, open, waiting) in counted {
        let load = all.entry(agent_of(&agent)?).or_default();
        load.open.insert(AccountId::from(account), u64::try_from(open).unwrap_or(0));
        load.waiting += u64::try_from(waiting).unwrap_or(0);
    }
    let asked: Vec<Option<String>> = all.keys().map(|agent| agent.map(|agent| agent.to_string())).collect();
    let asked = to_json(&asked)?;
    let on_customer: Vec<(Option<String>, String, i64)> =
        sqlx::query_as(ON_CUSTOMER).bind(&asked).bind(&accounts).fetch_all(&mut *conn).await?;
    for (agent, account, threads) in on_customer {
        let load = all.entry(agent_of(&agent.unwrap_or_default())?).or_default();
        let (account, threads) = (AccountId::from(account), u64::try_from(threads).unwrap_or(0));
        load.on_customer += threads;
        let left = load.open.remove(&account).unwrap_or(0).saturating_sub(threads);
        if left > 0 {
            load.open.insert(account, left);
        }
    }
    let ends: Vec<Ends> =
        sqlx::query_as(ENDS).bind(&asked).bind(&accounts).bind(due_by_ms).fetch_all(conn).await?;
    for (agent, urgent_ms, other_ms, due, next_due_ms) in ends {
        let load = all.entry(agent_of(&agent.unwrap_or_default())?).or_default();
        load.oldest_wait_ms = urgent_ms.into_iter().chain(other_ms).min();
        load.due = u64::try_from(due).unwrap_or(0);
        load.next_due_ms = next_due_ms;
    }
    Ok(all)
}

/// As counts name whose they are: nobody by an empty name.
pub(super) fn agent_of(name: &str) -> Result<Option<AgentId>> {
    if name.is_empty() { Ok(None) } else { Ok(Some(parsed(name)?)) }
}
