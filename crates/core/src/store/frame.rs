//! Tables `draft_frame` and `reply_frame`: what stands around the text of a draft and of a reply. It is the message that
//! is answered, and the answers that the customer can give with one tap.
//!
//! A draft's frame goes out with its reply in one transaction, and comes back with it when the reply does. A frame without
//! anything in it is no row.

use std::collections::BTreeMap;

use baton_protocol::{Mid, ReplyId};

use super::error::{of_json, to_json};
use super::{Conn, PartKey, Result, Store, ThreadId};

/// What stands around a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The message that it answers.
    pub answers: Option<Mid>,
    /// Titles of the quick replies that it offers.
    pub offers: Vec<String>,
}

impl Frame {
    /// True when nothing stands around the text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_none() && self.offers.is_empty()
    }

    fn of_row((answers, offers): (Option<String>, String)) -> Result<Self> {
        Ok(Self { answers: answers.map(Mid::from), offers: of_json(&offers)? })
    }
}

impl Store {
    /// Puts this around a thread's draft.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn frame_draft(&self, thread: ThreadId, frame: &Frame) -> Result<()> {
        let mut tx = self.write().await?;
        if frame.is_empty() {
            remove(&mut tx, thread).await?;
        } else {
            let (answers, offers) = (frame.answers.as_ref().map(Mid::as_str), to_json(&frame.offers)?);
            sqlx::query!(
                "INSERT INTO draft_frame (thread_id, answers, offers) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET answers = excluded.answers, offers = excluded.offers",
                thread.0,
                answers,
                offers
            )
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }

    /// What stands around a thread's draft.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn draft_frame(&self, thread: ThreadId) -> Result<Frame> {
        let mut conn = self.read().acquire().await?;
        of_draft(&mut conn, thread).await
    }

    /// What stands around a reply.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn reply_frame(&self, reply: ReplyId) -> Result<Frame> {
        let row: Option<(Option<String>, String)> =
            sqlx::query_as("SELECT answers, offers FROM reply_frame WHERE reply = ?")
                .bind(reply.to_string())
                .fetch_optional(self.read())
                .await?;
        Ok(row.map(Frame::of_row).transpose()?.unwrap_or_default())
    }
}

pub(super) async fn of_draft(conn: &mut Conn, thread: ThreadId) -> Result<Frame> {
    let row: Option<(Option<String>, String)> =
        sqlx::query_as("SELECT answers, offers FROM draft_frame WHERE thread_id = ?")
            .bind(thread.0)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(Frame::of_row).transpose()?.unwrap_or_default())
}

/// What stands around replies of a thread, by their parts: the first one carries what is answered, the last one what is
/// offered.
pub(super) async fn of_parts(conn: &mut Conn, thread: ThreadId) -> Result<BTreeMap<PartKey, Frame>> {
    let rows: Vec<(String, i64, i64, Option<String>, String)> = sqlx::query_as(
        "SELECT o.key, o.idx, o.of, f.answers, f.offers FROM reply_frame f CROSS JOIN outbox_part o ON o.reply = f.reply
         WHERE f.thread_id = ? ORDER BY o.created_ms DESC LIMIT 500",
    )
    .bind(thread.0)
    .fetch_all(conn)
    .await?;
    let mut frames = BTreeMap::new();
    for (key, idx, of, answers, offers) in rows {
        let mut frame = Frame::of_row((answers, offers))?;
        if idx > 0 {
            frame.answers = None;
        }
        if idx + 1 < of {
            frame.offers.clear();
        }
        frames.insert(PartKey(super::error::parsed(&key)?), frame);
    }
    Ok(frames)
}

/// The draft goes out as this reply, with what stands around it.
pub(super) async fn go_out(conn: &mut Conn, thread: ThreadId, reply: ReplyId) -> Result<()> {
    let reply = reply.to_string();
    sqlx::query!(
        "INSERT INTO reply_frame (reply, thread_id, answers, offers)
         SELECT ?1, thread_id, answers, offers FROM draft_frame WHERE thread_id = ?2",
        reply,
        thread.0
    )
    .execute(&mut *conn)
    .await?;
    remove(conn, thread).await
}

/// The reply comes back into the draft, what it answers only with its first part; what was put around that meanwhile stays.
pub(super) async fn come_back(
    conn: &mut Conn,
    thread: ThreadId,
    reply: &str,
    with_first: bool,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO draft_frame (thread_id, answers, offers)
         SELECT ?1, iif(?3, answers, NULL), offers FROM reply_frame
         WHERE reply = ?2 AND (?3 OR offers <> '[]') ON CONFLICT DO NOTHING",
        thread.0,
        reply,
        with_first
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Another reply says the same once more, or says the rest of it; `answers` when what this one answers has not left with it.
pub(super) async fn copy(conn: &mut Conn, from: ReplyId, to: ReplyId, answers: bool) -> Result<()> {
    let (from, to) = (from.to_string(), to.to_string());
    sqlx::query!(
        "INSERT INTO reply_frame (reply, thread_id, answers, offers)
         SELECT ?2, thread_id, iif(?3, answers, NULL), offers FROM reply_frame
         WHERE reply = ?1 AND (?3 OR offers <> '[]')",
        from,
        to,
        answers
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Nothing stands around the draft any more.
pub(super) async fn remove(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query!("DELETE FROM draft_frame WHERE thread_id = ?", thread.0).execute(conn).await?;
    Ok(())
}
