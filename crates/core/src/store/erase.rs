//! Erasing a customer: what the log told of them before goes from every table, and never comes back by an entry of
//! before, whenever it is read.
//!
//! ```text
//!   entries of the customer    ──▶ before the erasure: words taken out, the messages they name noted as erased
//!   (seq)  3  5  7 ▏9▕ 11 14   ──▶ after it: as ever
//!                   erasure
//! ```
//!
//! What has no words stays: who held the thread, its assignee and status, how far things were read.

use baton_messenger::{CustomerId, Mid};
use baton_protocol::entry::Entry;
use baton_protocol::{AccountId, LogName};
use baton_thread::Act;

use super::error::{of_json, to_json};
use super::owner_event::EvidencePlace;
use super::search::Pending;
use super::{Conn, Result, Store, ThreadId, log, seq_in};
use crate::apply;

/// How many raw entries are looked at together.
const STRIDE: u32 = 500;

/// Removes what is here of a customer from before this seq. Returns none when that was done already, else the first
/// place of the owner's evidence that changed, if one did.
pub(super) async fn customer(
    conn: &mut Conn,
    index: &mut Pending,
    account: &AccountId,
    thread: ThreadId,
    customer: &CustomerId,
    seq: u64,
) -> Result<Option<Option<EvidencePlace>>> {
    if !note_seq(conn, account, customer, seq).await? {
        return Ok(None);
    }
    let log = LogName::Account(account.clone());
    let changed = strip_notes(conn, &log, thread, customer, seq).await?;
    silence_raw(conn, index, &log, thread, customer, seq).await?;
    clear_rows(conn, index, account, thread, customer, seq).await?;
    index.renamed(thread);
    super::familiar::forget(conn, account, customer).await?;
    Ok(Some(changed))
}

impl Store {
    /// Whether a customer was erased and nothing was said with them since: then nothing about them is asked of anybody.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_erased(&self, thread: ThreadId) -> Result<bool> {
        let erased: Option<bool> = sqlx::query_scalar(
            "SELECT c.erased_seq > 0 AND NOT EXISTS (
               SELECT 1 FROM message m WHERE m.thread_id = t.thread_id AND m.word = 1 AND m.seq > c.erased_seq)
             FROM thread t CROSS JOIN customer c ON c.account = t.account AND c.customer = t.customer
             WHERE t.thread_id = ?",
        )
        .bind(thread.0)
        .fetch_optional(self.read())
        .await?;
        Ok(erased.unwrap_or(false))
    }
}

/// Up to which seq a customer was erased; 0 when never.
pub(super) async fn seq_of(conn: &mut Conn, account: &AccountId, customer: &CustomerId) -> Result<u64> {
    let seq: Option<i64> =
        sqlx::query_scalar("SELECT erased_seq FROM customer WHERE account = ? AND customer = ?")
            .bind(account.as_str())
            .bind(customer.as_str())
            .fetch_optional(conn)
            .await?;
    Ok(super::seq_out(seq.unwrap_or(0)))
}

/// These messages are erased, whatever is told of them later.
pub(super) async fn messages(
    conn: &mut Conn,
    index: &mut Pending,
    thread: ThreadId,
    mids: &[Mid],
) -> Result<()> {
    if mids.is_empty() {
        return Ok(());
    }
    let mids: Vec<&str> = mids.iter().map(Mid::as_str).collect();
    let mids = to_json(&mids)?;
    let going: Vec<i64> = sqlx::query_scalar(
        "SELECT message_id FROM message WHERE thread_id = ?1 AND key IN (SELECT value FROM json_each(?2))",
    )
    .bind(thread.0)
    .bind(&mids)
    .fetch_all(&mut *conn)
    .await?;
    index.before_all(conn, &going).await?;
    sqlx::query!(
        "INSERT INTO erased (thread_id, mid) SELECT ?1, value FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING",
        thread.0,
        mids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM message WHERE thread_id = ?1 AND key IN (SELECT value FROM json_each(?2))",
        thread.0,
        mids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM message_edit WHERE thread_id = ?1 AND mid IN (SELECT value FROM json_each(?2))",
        thread.0,
        mids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM reaction WHERE thread_id = ?1 AND mid IN (SELECT value FROM json_each(?2))",
        thread.0,
        mids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// True when it is a later erasure than those known.
async fn note_seq(conn: &mut Conn, account: &AccountId, customer: &CustomerId, seq: u64) -> Result<bool> {
    let (account, customer, seq) = (account.as_str(), customer.as_str(), seq_in(seq));
    let done = sqlx::query!(
        "UPDATE customer SET erased_seq = ?3 WHERE account = ?1 AND customer = ?2 AND erased_seq < ?3",
        account,
        customer,
        seq
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Raw entries lose their words, and what they name is erased.
async fn silence_raw(
    conn: &mut Conn,
    index: &mut Pending,
    log: &LogName,
    thread: ThreadId,
    customer: &CustomerId,
    seq: u64,
) -> Result<()> {
    let mut after = 0;
    loop {
        let entries = log::of_customer(conn, log, customer, after, seq, STRIDE).await?;
        let Some((last, _)) = entries.last() else { return Ok(()) };
        after = last.seq;
        for (entry, mid) in &entries {
            let silenced = apply::silence(entry, apply::understand(entry), customer);
            let mut mids = silenced.mids;
            mids.extend(mid.as_deref().map(Mid::from));
            messages(conn, index, thread, &mids).await?;
            if let Some(bare) = silenced.entry {
                keep_bare(conn, log, &bare).await?;
            }
        }
    }
}

async fn keep_bare(conn: &mut Conn, log: &LogName, bare: &Entry) -> Result<()> {
    log::replace_body(conn, log, bare.kind, &bare.key, bare.body.get()).await
}

/// Whatever still has words of before.
async fn clear_rows(
    conn: &mut Conn,
    index: &mut Pending,
    account: &AccountId,
    thread: ThreadId,
    customer: &CustomerId,
    seq: u64,
) -> Result<()> {
    let seq = seq_in(seq);
    let told: Vec<String> =
        sqlx::query_scalar("SELECT mid FROM message WHERE thread_id = ? AND seq < ? AND mid IS NOT NULL")
            .bind(thread.0)
            .bind(seq)
            .fetch_all(&mut *conn)
            .await?;
    let told: Vec<Mid> = told.into_iter().map(Mid::from).collect();
    messages(conn, index, thread, &told).await?;
    let nameless: Vec<i64> =
        sqlx::query_scalar("SELECT message_id FROM message WHERE thread_id = ? AND seq < ?")
            .bind(thread.0)
            .bind(seq)
            .fetch_all(&mut *conn)
            .await?;
    index.before_all(conn, &nameless).await?;
    sqlx::query!("DELETE FROM message WHERE thread_id = ? AND seq < ?", thread.0, seq)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("UPDATE note SET text = NULL WHERE thread_id = ? AND seq < ?", thread.0, seq)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("UPDATE team_part SET text = NULL WHERE thread_id = ? AND granted_seq < ?", thread.0, seq)
        .execute(&mut *conn)
        .await?;
    super::handed_draft::erase(conn, thread, super::seq_out(seq)).await?;
    super::withheld::erase(conn, thread, super::seq_out(seq)).await?;
    let (account, customer) = (account.as_str(), customer.as_str());
    sqlx::query!(
        "UPDATE customer SET hand_name = CASE WHEN hand_seq > ?3 THEN hand_name END,
           meta_name = CASE WHEN meta_seq > ?3 THEN meta_name END, audit_name = NULL, audit_ms = 0
         WHERE account = ?1 AND customer = ?2",
        account,
        customer,
        seq
    )
    .execute(&mut *conn)
    .await?;
    clear_own(conn, account, customer, thread).await
}

/// What was written here and is nowhere else. A part that is still on its way keeps its text until it has ended.
async fn clear_own(conn: &mut Conn, account: &str, customer: &str, thread: ThreadId) -> Result<()> {
    super::draft::remove(conn, thread).await?;
    super::note_draft::remove(conn, thread).await?;
    super::own_file::remove_of_draft(conn, thread).await?;
    super::frame::remove(conn, thread).await?;
    sqlx::query(
        "DELETE FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' IN ('name_customer', 'add_note')
           AND request ->> '$.command.customer' = ?",
    )
    .bind(account)
    .bind(customer)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE command_queue SET request = json_set(request, '$.command.note', NULL)
         WHERE log = ? AND request ->> '$.command.do' = 'learn_owner' AND request ->> '$.command.customer' = ?",
    )
    .bind(account)
    .bind(customer)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE reply SET after_sent = NULL WHERE thread_id = ?")
        .bind(thread.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "DELETE FROM outbox_part WHERE thread_id = ? AND state IN ('sent', 'refused', 'abandoned', 'draft')",
    )
    .bind(thread.0)
    .execute(&mut *conn)
    .await?;
    // The frame of one that is still on its way goes with its text.
    sqlx::query(
        "DELETE FROM reply_frame WHERE thread_id = ?1 AND reply NOT IN (SELECT reply FROM outbox_part WHERE thread_id = ?1)",
    )
    .bind(thread.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that were passed along with the thread. Returns the first place that changed, from which on the owner is
/// folded anew.
async fn strip_notes(
    conn: &mut Conn,
    log: &LogName,
    thread: ThreadId,
    customer: &CustomerId,
    seq: u64,
) -> Result<Option<EvidencePlace>> {
    let rows: Vec<(i64, i64, String, String)> = sqlx::query_as(
        "SELECT at_ms, rank, tie, act FROM owner_event
         WHERE thread_id = ?1 AND tie IN (SELECT key FROM raw_entry WHERE log = ?2 AND customer = ?3 AND seq < ?4)
         ORDER BY at_ms, rank, tie",
    )
    .bind(thread.0)
    .bind(log.as_str())
    .bind(customer.as_str())
    .bind(seq_in(seq))
    .fetch_all(&mut *conn)
    .await?;
    let mut first = None;
    for (at_ms, rank, tie, json) in rows {
        let mut act: Act = of_json(&json)?;
        if !apply::without_note(&mut act) {
            continue;
        }
        let bare = to_json(&act)?;
        sqlx::query!(
            "UPDATE owner_event SET act = ?5, after = NULL
             WHERE thread_id = ?1 AND at_ms = ?2 AND rank = ?3 AND tie = ?4",
            thread.0,
            at_ms,
            rank,
            tie,
            bare
        )
        .execute(&mut *conn)
        .await?;
        first.get_or_insert(EvidencePlace { at_ms, rank, tie });
    }
    Ok(first)
}
