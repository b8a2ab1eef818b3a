//! Table `read_mark`: up to where this desk's agent has read each thread. The relay keeps the marks of everyone; here
//! are this agent's.

use std::collections::BTreeSet;

use baton_protocol::AccountId;
use baton_protocol::snapshot::ReadMark;

use super::{Conn, Result, Store, ThreadId, ThreadKey, mention, refresh, seq_in, seq_out, thread};

/// Which of the customer's words `m` are unread, of a thread of this account that was read up to this seq. What only history
/// tells of from before the account was connected is not, however late it is read: it was there before anybody here was. By
/// hand a thread is marked unread from its newest word on, whatever that is.
macro_rules! is_unread {
    ($account:literal, $read_seq:literal) => {
        concat!(
            "m.inbound = 1 AND m.word = 1 AND m.seq > ",
            $read_seq,
            " AND (m.rank <> 1 OR m.seq = 1 + ",
            $read_seq,
            " OR m.at_ms >= coalesce((SELECT min(c.at_ms) FROM connection c WHERE c.account = ",
            $account,
            " AND c.seq > coalesce((SELECT a.removed_seq FROM account a WHERE a.account = ",
            $account,
            "), 0)), 0))"
        )
    };
}
pub(super) use is_unread;

impl Store {
    /// Moves a mark, from this desk or from another desk of the same agent. Returns the thread when it is known here.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_read_mark(&self, mark: &ReadMark) -> Result<Option<ThreadId>> {
        let mut tx = self.write().await?;
        put(&mut tx, mark).await?;
        let key = ThreadKey { account: mark.account.clone(), customer: mark.customer.clone() };
        let thread = thread::find(&mut tx, &key).await?;
        if let Some(thread) = thread {
            refresh::unread(&mut tx, thread).await?;
            mention::settle(&mut tx, &BTreeSet::from([thread])).await?;
        }
        self.commit(tx).await?;
        Ok(thread)
    }

    /// Moves many marks at once. Returns the threads that are known here.
    ///
    /// # Errors
    /// When the file cannot be written; then none was moved.
    pub async fn set_read_marks(&self, marks: &[ReadMark]) -> Result<Vec<ThreadId>> {
        let mut tx = self.write().await?;
        let mut threads = Vec::new();
        for mark in marks {
            put(&mut tx, mark).await?;
            let key = ThreadKey { account: mark.account.clone(), customer: mark.customer.clone() };
            if let Some(thread) = thread::find(&mut tx, &key).await? {
                refresh::unread(&mut tx, thread).await?;
                threads.push(thread);
            }
        }
        mention::settle(&mut tx, &threads.iter().copied().collect()).await?;
        self.commit(tx).await?;
        Ok(threads)
    }

    /// Up to which seq this agent has read a thread; 0 when nothing was read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn read_seq(&self, thread: ThreadId) -> Result<u64> {
        let mut conn = self.read().acquire().await?;
        of_thread(&mut conn, thread).await
    }
}

async fn put(conn: &mut Conn, mark: &ReadMark) -> Result<()> {
    let account = mark.account.as_str();
    let customer = mark.customer.as_str();
    let read_seq = seq_in(mark.read_seq);
    sqlx::query!(
        "INSERT INTO read_mark (account, customer, read_seq) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET read_seq = excluded.read_seq",
        account,
        customer,
        read_seq
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The account was connected or removed: threads of which history tells something that may be unread now, or no longer.
pub(super) async fn of_history(conn: &mut Conn, account: &AccountId) -> Result<Vec<ThreadId>> {
    let threads: Vec<i64> = sqlx::query_scalar(
        "SELECT t.thread_id FROM thread t
         WHERE t.account = ? AND EXISTS (
           SELECT 1 FROM message m
           WHERE m.thread_id = t.thread_id AND m.inbound = 1 AND m.word = 1 AND m.rank = 1)",
    )
    .bind(account.as_str())
    .fetch_all(conn)
    .await?;
    Ok(threads.into_iter().map(ThreadId).collect())
}

pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<u64> {
    let seq: Option<i64> = sqlx::query_scalar(
        "SELECT r.read_seq FROM thread t JOIN read_mark r ON r.account = t.account AND r.customer = t.customer
         WHERE t.thread_id = ?",
    )
    .bind(thread.0)
    .fetch_optional(conn)
    .await?;
    Ok(seq.map_or(0, seq_out))
}
