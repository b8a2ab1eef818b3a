//! Table `customer`: names, and who is kept away. A name that an agent wrote stays when Graph gives another; a name that a desk read from
//! the profile wins over one in a page of history. Where nobody gave one, the steward asks.

use baton_messenger::id::CustomerId;
use baton_protocol::AccountId;
use serde::{Deserialize, Serialize};

use super::{Conn, Result, Store, ThreadId, seq_in};

/// Among how many of an account's newest threads those without a name are looked for.
const NEWEST: i64 = 200;

impl Store {
    /// Those among the newest threads of an account whose customer has no name from anybody, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn nameless_threads(&self, account: &AccountId) -> Result<Vec<ThreadId>> {
        let found: Vec<i64> = sqlx::query_scalar(
            "SELECT t.thread_id FROM (
               SELECT thread_id, customer, last_at_ms FROM thread WHERE active = 1 AND account = ?1
               ORDER BY last_at_ms DESC, thread_id DESC LIMIT ?2) t
             LEFT JOIN customer c ON c.account = ?1 AND c.customer = t.customer
             WHERE coalesce(c.hand_name, c.meta_name, c.audit_name) IS NULL
             ORDER BY t.last_at_ms DESC, t.thread_id DESC",
        )
        .bind(account.as_str())
        .bind(NEWEST)
        .fetch_all(self.read())
        .await?;
        Ok(found.into_iter().map(ThreadId).collect())
    }
}

pub(super) async fn named(
    conn: &mut Conn,
    account: &AccountId,
    customer: &CustomerId,
    name: &str,
    by_hand: bool,
    seq: u64,
) -> Result<()> {
    ensure(conn, account, customer).await?;
    let sql = if by_hand {
        "UPDATE customer SET hand_name = nullif(?3, ''), hand_seq = ?4
         WHERE account = ?1 AND customer = ?2 AND hand_seq < ?4"
    } else {
        "UPDATE customer SET meta_name = nullif(?3, ''), meta_seq = ?4
         WHERE account = ?1 AND customer = ?2 AND meta_seq < ?4"
    };
    sqlx::query(sql)
        .bind(account.as_str())
        .bind(customer.as_str())
        .bind(name)
        .bind(seq_in(seq))
        .execute(conn)
        .await?;
    Ok(())
}

/// History does not name a customer who was erased: nobody can tell whether it read the name before.
pub(super) async fn named_in_history(
    conn: &mut Conn,
    account: &AccountId,
    customer: &CustomerId,
    name: &str,
    read_ms: i64,
) -> Result<()> {
    ensure(conn, account, customer).await?;
    let account = account.as_str();
    let customer = customer.as_str();
    sqlx::query!(
        "UPDATE customer SET audit_name = ?3, audit_ms = ?4
         WHERE account = ?1 AND customer = ?2 AND (audit_ms, coalesce(audit_name, '')) < (?4, ?3)
           AND erased_seq = 0",
        account,
        customer,
        name,
        read_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a customer is kept away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Not at all.
    #[default]
    No,
    /// Meta lets nothing through, either way.
    Blocked,
    /// The same, and the thread went among Meta's spam.
    Spam,
}

impl Block {
    /// From what the log says.
    #[must_use]
    pub fn of(blocked: bool, spam: bool) -> Self {
        match (blocked, spam) {
            (false, _) => Self::No,
            (true, false) => Self::Blocked,
            (true, true) => Self::Spam,
        }
    }

    /// True unless nothing is in the way.
    #[must_use]
    pub fn keeps_away(self) -> bool {
        self != Self::No
    }
}

pub(super) async fn blocked(
    conn: &mut Conn,
    account: &AccountId,
    customer: &CustomerId,
    (blocked, spam): (bool, bool),
    seq: u64,
) -> Result<()> {
    ensure(conn, account, customer).await?;
    let account = account.as_str();
    let customer = customer.as_str();
    let seq = seq_in(seq);
    sqlx::query!(
        "UPDATE customer SET blocked = ?3, spam = ?4, blocked_seq = ?5
         WHERE account = ?1 AND customer = ?2 AND blocked_seq < ?5",
        account,
        customer,
        blocked,
        spam,
        seq
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn ensure(conn: &mut Conn, account: &AccountId, customer: &CustomerId) -> Result<()> {
    let account = account.as_str();
    let customer = customer.as_str();
    sqlx::query!(
        "INSERT INTO customer (account, customer) VALUES (?, ?) ON CONFLICT DO NOTHING",
        account,
        customer
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what team facts said of the customers of these threads, a JSON array of their numbers, for a resync.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query(
        "UPDATE customer SET hand_name = NULL, hand_seq = 0, meta_name = NULL, meta_seq = 0, blocked = 0,
           spam = 0, blocked_seq = 0, erased_seq = 0
         WHERE (account, customer) IN (
           SELECT t.account, t.customer FROM json_each(?) j CROSS JOIN thread t ON t.thread_id = j.value)",
    )
    .bind(threads)
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes the customers whose threads are here.
pub(super) async fn ensure_of_threads(conn: &mut Conn) -> Result<()> {
    sqlx::query("INSERT OR IGNORE INTO customer (account, customer) SELECT account, customer FROM thread")
        .execute(conn)
        .await?;
    Ok(())
}
