//! Whether anything was said in a thread since an agent looked at it. What a page of history brings from before that moment
//! is older than what the agent saw: it fills in the thread and speaks against no reply.

use std::collections::BTreeSet;

use baton_messenger::Mid;
use baton_protocol::{AccountId, LogName};
use sqlx::types::Json;

use super::message_write::OF_HISTORY;
use super::{Conn, Result, Store, ThreadId, log, seq_in};

/// What was said in a thread since an agent looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardSince {
    /// Something that the agent has not seen.
    News,
    /// Nothing, or what history brought from before.
    Nothing,
    /// Not all entries up to there are here yet.
    NotKnown,
}

impl Store {
    /// What others than this desk said in a thread after the word at `seen`, but for the messages that were `read` before the
    /// log brought them; not known before every entry up to `now` is here. Both are seqs of the account's log.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn heard_since(
        &self,
        thread: ThreadId,
        account: &AccountId,
        seen: u64,
        now: u64,
        read: &BTreeSet<Mid>,
    ) -> Result<HeardSince> {
        let mut conn = self.read().acquire().await?;
        let cursor = log::cursor(&mut conn, &LogName::Account(account.clone())).await?;
        let is_whole =
            cursor.is_some_and(|cursor| cursor.ranges.holes(now).iter().all(|(_, last)| *last <= seen));
        if !is_whole {
            return Ok(HeardSince::NotKnown);
        }
        let is_news = is_news(&mut conn, thread, seen, read).await?;
        Ok(if is_news { HeardSince::News } else { HeardSince::Nothing })
    }
}

/// True when others than this desk said something in a thread after the word at `seen`, beside the messages that were `read`.
pub(super) async fn is_news(
    conn: &mut Conn,
    thread: ThreadId,
    seen: u64,
    read: &BTreeSet<Mid>,
) -> Result<bool> {
    let read = Json(read);
    let is_news = sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM message m
             WHERE m.thread_id = ?1 AND m.word = 1 AND m.seq > ?2
               AND NOT EXISTS (SELECT 1 FROM outbox_part o WHERE o.part = m.part)
               AND (m.mid IS NULL OR m.mid NOT IN (SELECT value FROM json_each(?4)))
               AND (m.rank <> ?3 OR m.at_ms > (
                 SELECT coalesce(max(s.at_ms), 0) FROM message s
                 WHERE s.thread_id = ?1 AND s.word = 1 AND s.seq <= ?2)))
           OR EXISTS (
             SELECT 1 FROM team_part p
             WHERE p.thread_id = ?1 AND p.settled_rank = 4 AND p.settled_seq > ?2
               AND NOT EXISTS (SELECT 1 FROM outbox_part o WHERE o.part = p.part))",
    );
    Ok(is_news.bind(thread.0).bind(seq_in(seen)).bind(OF_HISTORY).bind(read).fetch_one(conn).await?)
}
