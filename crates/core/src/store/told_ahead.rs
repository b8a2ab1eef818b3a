//! Tables `draft_told` and `reply_pending_told`: what the relay was told for when this desk falls out. A row stands from before
//! the relay hears of it, so that what may be there is taken back too, whenever the program ends.

use super::error::of_json;
use super::{Conn, Result, Store, ThreadId, ThreadKey};

/// A draft, or one that was told and is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftToTell {
    /// Where it is written.
    pub thread: ThreadId,
    /// The same for the relay.
    pub key: ThreadKey,
    /// The whole text; empty where there is none any more.
    pub text: String,
    /// What the files in it are called, in order.
    pub files: Vec<String>,
    /// When it was last changed, of the desk's wall clock.
    pub updated_ms: i64,
    /// Digest of what the relay has; empty while that is not known, none where it has nothing.
    pub told: Option<String>,
}

/// Replies of a thread that have not left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepliesWaiting {
    /// Where they go.
    pub thread: ThreadId,
    /// The same for the relay.
    pub key: ThreadKey,
    /// How many parts are kept back.
    pub held: u32,
    /// How many parts are queued.
    pub queued: u32,
    /// When the first of them was pressed, of the desk's wall clock.
    pub since_ms: i64,
    /// Whether the team was told of some: not (none), perhaps (false), certainly (true).
    pub told: Option<bool>,
}

type DraftColumns = (i64, String, String, String, i64, Option<String>, String);
type WaitingColumns = (i64, String, String, i64, i64, i64, Option<bool>);

/// Both are asked for with every notice, so they begin with the few rows that are meant: in the order of threads the database
/// would rather go through all threads that there are.
const DRAFTS: &str = "SELECT d.thread_id, t.account, t.customer, d.text, d.updated_ms, k.digest,
       (SELECT json_group_array(u.name) FROM (
          SELECT name FROM own_file_use WHERE thread_id = d.thread_id AND drafted = 1 ORDER BY place) u)
     FROM draft d CROSS JOIN thread t ON t.thread_id = d.thread_id
     LEFT JOIN draft_told k ON k.thread_id = d.thread_id
     UNION ALL
     SELECT k.thread_id, t.account, t.customer, '', 0, k.digest, '[]'
     FROM draft_told k CROSS JOIN thread t ON t.thread_id = k.thread_id
     WHERE NOT EXISTS (SELECT 1 FROM draft d WHERE d.thread_id = k.thread_id)
     ORDER BY 1";
const WAITING: &str =
    "SELECT o.thread_id, t.account, t.customer, sum(o.state = 'held'), sum(o.state = 'queued'),
       min(o.created_ms), (SELECT k.told FROM reply_pending_told k WHERE k.thread_id = o.thread_id)
     FROM outbox_part o CROSS JOIN thread t ON t.thread_id = o.thread_id
     WHERE o.state IN ('held', 'queued') GROUP BY o.thread_id
     UNION ALL
     SELECT k.thread_id, t.account, t.customer, 0, 0, 0, k.told
     FROM reply_pending_told k CROSS JOIN thread t ON t.thread_id = k.thread_id
     WHERE NOT EXISTS (
       SELECT 1 FROM outbox_part o WHERE o.thread_id = k.thread_id AND o.state IN ('held', 'queued'))
     ORDER BY 1";

impl Store {
    /// Every draft, and those that the relay was told of and that are no more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn drafts_to_tell(&self) -> Result<Vec<DraftToTell>> {
        let rows: Vec<DraftColumns> = sqlx::query_as(DRAFTS).fetch_all(self.read()).await?;
        let drafts = rows.into_iter().map(|(thread, account, customer, text, updated_ms, told, files)| {
            let (thread, key, files) = (ThreadId(thread), key(account, customer), of_json(&files)?);
            Ok(DraftToTell { thread, key, text, files, updated_ms, told })
        });
        drafts.collect()
    }

    /// How the database would look for what is told ahead, for the test that holds it to few rows.
    #[doc(hidden)]
    pub async fn explain_told_ahead(&self) -> Result<Vec<String>> {
        let mut plan = Vec::new();
        for sql in [DRAFTS, WAITING] {
            let rows: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
                    .fetch_all(self.read())
                    .await?;
            plan.extend(rows.into_iter().map(|(_, _, _, detail)| detail));
        }
        Ok(plan)
    }

    /// The relay is about to hear of a draft: it may have it from now on, whatever happens.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn draft_is_being_told(&self, thread: ThreadId) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO draft_told (thread_id, digest) VALUES (?, '') ON CONFLICT DO UPDATE SET digest = ''",
        )
        .bind(thread.0)
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// The relay has a draft with this digest, or none any more. Where the draft was handed on meanwhile nothing is noted: the
    /// relay has it no longer.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn draft_was_told(&self, thread: ThreadId, digest: Option<&str>) -> Result<()> {
        let mut tx = self.write().await?;
        let query = match digest {
            Some(digest) => sqlx::query("UPDATE draft_told SET digest = ?2 WHERE thread_id = ?1")
                .bind(thread.0)
                .bind(digest),
            None => sqlx::query("DELETE FROM draft_told WHERE thread_id = ?").bind(thread.0),
        };
        query.execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// Threads with replies that have not left, and those of which the team was told and where none wait any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn replies_waiting(&self) -> Result<Vec<RepliesWaiting>> {
        let rows: Vec<WaitingColumns> = sqlx::query_as(WAITING).fetch_all(self.read()).await?;
        let waiting = rows.into_iter().map(|(thread, account, customer, held, queued, since_ms, told)| {
            RepliesWaiting {
                thread: ThreadId(thread),
                key: key(account, customer),
                held: u32::try_from(held).unwrap_or(u32::MAX),
                queued: u32::try_from(queued).unwrap_or(u32::MAX),
                since_ms,
                told,
            }
        });
        Ok(waiting.collect())
    }

    /// The team is about to hear that replies wait in a thread: it may know from now on, whatever happens.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn replies_are_being_told(&self, thread: ThreadId) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("INSERT INTO reply_pending_told (thread_id, told) VALUES (?, 0) ON CONFLICT DO NOTHING")
            .bind(thread.0)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// The team knows that replies wait in a thread, or that none do any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn replies_were_told(&self, thread: ThreadId, wait: bool) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = if wait {
            "UPDATE reply_pending_told SET told = 1 WHERE thread_id = ?"
        } else {
            "DELETE FROM reply_pending_told WHERE thread_id = ?"
        };
        sqlx::query(sql).bind(thread.0).execute(&mut *tx).await?;
        self.commit(tx).await
    }
}

fn key(account: String, customer: String) -> ThreadKey {
    ThreadKey { account: account.into(), customer: customer.into() }
}

/// What another log knows of what was told nobody knows, so all of it is told anew, also what is no more.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    for sql in [
        "UPDATE draft_told SET digest = '' WHERE thread_id IN (SELECT value FROM json_each(?))",
        "UPDATE reply_pending_told SET told = 0 WHERE thread_id IN (SELECT value FROM json_each(?))",
    ] {
        sqlx::query(sql).bind(threads).execute(&mut *conn).await?;
    }
    Ok(())
}
