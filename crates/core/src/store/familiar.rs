//! Table `familiar`: customers whose pictures an agent at this desk chose to see. Everybody whom a person of ours has
//! answered is familiar too. Of an answer that only history tells nobody knows whether it was a bot's.

use std::collections::BTreeSet;

use baton_messenger::CustomerId;
use baton_protocol::AccountId;

use super::error::to_json;
use super::message_write::OF_HISTORY;
use super::{Conn, Result, Store, ThreadId, ThreadKey};

impl Store {
    /// The pictures of this customer are shown at once from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_familiar(&self, thread: &ThreadKey, now_ms: i64) -> Result<()> {
        let (account, customer) = (thread.account.as_str(), thread.customer.as_str());
        let mut tx = self.write().await?;
        sqlx::query!(
            "INSERT INTO familiar (account, customer, since_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            account,
            customer,
            now_ms
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }
}

/// True when no person of ours has answered the thread's customer, and no agent at this desk chose to see a picture.
pub(super) async fn is_stranger(conn: &mut Conn, thread: ThreadId) -> Result<bool> {
    let stranger: bool = sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT 1 FROM message WHERE thread_id = ?1 AND person = 1 AND rank <> ?2)
           AND NOT EXISTS (SELECT 1 FROM outbox_part WHERE thread_id = ?1 AND state = 'sent')
           AND NOT EXISTS (SELECT 1 FROM familiar f JOIN thread t ON t.account = f.account AND t.customer = f.customer
             WHERE t.thread_id = ?1)",
    )
    .bind(thread.0)
    .bind(OF_HISTORY)
    .fetch_one(conn)
    .await?;
    Ok(stranger)
}

/// Those of these threads of which that is true, with one look.
pub(super) async fn strangers(conn: &mut Conn, threads: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    if threads.is_empty() {
        return Ok(BTreeSet::new());
    }
    let strangers: Vec<i64> = sqlx::query_scalar(
        "SELECT j.value FROM json_each(?1) j
         WHERE NOT EXISTS (SELECT 1 FROM message WHERE thread_id = j.value AND person = 1 AND rank <> ?2)
           AND NOT EXISTS (SELECT 1 FROM outbox_part WHERE thread_id = j.value AND state = 'sent')
           AND NOT EXISTS (SELECT 1 FROM familiar f JOIN thread t ON t.account = f.account AND t.customer = f.customer
             WHERE t.thread_id = j.value)",
    )
    .bind(to_json(threads)?)
    .bind(OF_HISTORY)
    .fetch_all(conn)
    .await?;
    Ok(strangers.into_iter().collect())
}

/// The customer was erased: whoever writes under this id later is a stranger.
pub(super) async fn forget(conn: &mut Conn, account: &AccountId, customer: &CustomerId) -> Result<()> {
    let (account, customer) = (account.as_str(), customer.as_str());
    sqlx::query!("DELETE FROM familiar WHERE account = ? AND customer = ?", account, customer)
        .execute(conn)
        .await?;
    Ok(())
}
