//! Table `read_mark`: up to where this desk's agent has read each thread. The relay keeps the marks of everyone; here
//! are this agent's.

use std::collections::BTreeSet;

use baton_protocol::snapshot::ReadMark;

use super::{Conn, Result, Store, ThreadId, ThreadKey, mention, refresh, seq_in, seq_out, thread};

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
