//! Tables `outbox_part` and `outbox_former`: one Send API call each, from the press of *Send* to its end.
//!
//! The machine that moves a part lives in [`crate::outbox`]; here a move is a compare-and-set, so that a state that
//! changed meanwhile is never overwritten. A part keeps its `key` for ever and may go by several ids, one per grant
//! that was asked for; an echo with any of them finds it.

use std::collections::BTreeSet;

use baton_protocol::ids::PartId;
use baton_protocol::team::TagEvidence;
use baton_protocol::{Mid, ReplyId};

use super::error::{of_json, parsed, to_json};
use super::{Conn, NewReply, Result, Store, StoreError, ThreadId, draft, own_words};

/// Where a part stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum PartStateName {
    /// Kept back for the undo time.
    Held,
    /// Durable, and not begun.
    Queued,
    /// The one Graph call may have begun.
    Sending,
    /// Meta has it.
    Sent,
    /// Meta refused it.
    Refused,
    /// Nobody knows yet.
    Unknown,
    /// A person closed it without knowing.
    Abandoned,
    /// Its text went back to the draft.
    Draft,
}

/// A part's name for ever: the first id it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartKey(pub PartId);

/// A part that was just pressed.
#[derive(Clone, Debug)]
pub struct NewPart {
    /// Its first id.
    pub part: PartId,
    /// What is sent.
    pub text: String,
    /// Evidence, when it leaves with the human-agent tag.
    pub tag: Option<TagEvidence>,
    /// [`PartStateName::Held`] or [`PartStateName::Queued`].
    pub state: PartStateName,
    /// JSON beside the state.
    pub detail: Option<String>,
}

/// A stored part.
#[derive(Clone, Debug, PartialEq)]
pub struct PartRow {
    /// Its name for ever.
    pub key: PartKey,
    /// The id it goes by now.
    pub part: PartId,
    /// Its reply.
    pub reply: ReplyId,
    /// The thread.
    pub thread: ThreadId,
    /// Its place in the reply, from 0.
    pub idx: u32,
    /// How many parts the reply has.
    pub of: u32,
    /// What is sent.
    pub text: String,
    /// Where it stands.
    pub state: PartStateName,
    /// JSON beside the state: what it waits for, what Meta said, why it came back.
    pub detail: Option<String>,
    /// Evidence, when it leaves with the human-agent tag.
    pub tag: Option<TagEvidence>,
    /// The boot clock before its grant was asked for, milliseconds.
    pub grant_boot_ms: Option<i64>,
    /// The message, once Meta has it.
    pub mid: Option<Mid>,
    /// How often a Graph call began.
    pub attempts: i64,
    /// When it was pressed, of the desk's wall clock.
    pub created_ms: i64,
    /// When its state last changed, of the desk's wall clock.
    pub updated_ms: i64,
    /// When it was pressed, milliseconds UTC of Meta as the desk knew it.
    pub pressed_ms: i64,
}

/// A move of a part from one state to another.
#[derive(Clone, Debug)]
pub struct PartMove {
    /// It moves only when it stands in one of these.
    pub from: Vec<PartStateName>,
    /// Where it goes.
    pub to: PartStateName,
    /// JSON beside the state; replaces what was there.
    pub detail: Option<String>,
    /// Evidence; replaces what was there when given.
    pub tag: Option<TagEvidence>,
    /// The boot clock before the grant was asked for; replaces what was there.
    pub grant_boot_ms: Option<i64>,
    /// The message; kept once known.
    pub mid: Option<Mid>,
    /// Counts a Graph call.
    pub begins_call: bool,
    /// Another id to go by from now on.
    pub new_part: Option<PartId>,
    /// The agent has to be told of it.
    pub untold: bool,
    /// Now, of the desk's wall clock.
    pub now_ms: i64,
}

impl PartMove {
    /// A move that changes nothing but the state.
    #[must_use]
    pub fn new(from: &[PartStateName], to: PartStateName, now_ms: i64) -> Self {
        Self {
            from: from.to_vec(),
            to,
            detail: None,
            tag: None,
            grant_boot_ms: None,
            mid: None,
            begins_call: false,
            new_part: None,
            untold: false,
            now_ms,
        }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    key: String,
    part: String,
    reply: String,
    thread_id: i64,
    idx: i64,
    of: i64,
    text: String,
    state: String,
    detail: Option<String>,
    tag: Option<String>,
    grant_boot_ms: Option<i64>,
    mid: Option<String>,
    attempts: i64,
    created_ms: i64,
    updated_ms: i64,
    pressed_ms: i64,
}

impl Store {
    /// One part, by its key or by any id it ever had.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn part(&self, part: PartId) -> Result<Option<PartRow>> {
        let id = part.to_string();
        let row: Option<Row> = sqlx::query_as(
            "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
               created_ms, updated_ms, pressed_ms
             FROM outbox_part
             WHERE key = coalesce((SELECT key FROM outbox_part WHERE part = ?1),
                                  (SELECT key FROM outbox_former WHERE part = ?1), ?1)",
        )
        .bind(id)
        .fetch_optional(self.read())
        .await?;
        row.map(PartRow::try_from).transpose()
    }

    /// The first part of a thread that has not ended well or badly: the one whose turn it is, or that others wait for.
    /// Parts of one thread leave in order; a later one waits for an unknown one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_queued(&self, thread: ThreadId) -> Result<Option<PartRow>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
               created_ms, updated_ms, pressed_ms
             FROM outbox_part
             WHERE thread_id = ? AND state IN ('held','queued','sending','unknown')
             ORDER BY created_ms, reply, idx LIMIT 1",
        )
        .bind(thread.0)
        .fetch_optional(self.read())
        .await?;
        row.map(PartRow::try_from).transpose()
    }

    /// Threads that have a part in the outbox which has not ended, or after which something follows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn threads_with_open_parts(&self) -> Result<Vec<ThreadId>> {
        let rows: Vec<i64> = sqlx::query_scalar(
            "SELECT thread_id FROM outbox_part WHERE state IN ('held','queued','sending','unknown')
             UNION SELECT thread_id FROM reply WHERE after_sent = 'done'",
        )
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(ThreadId).collect())
    }

    /// Parts of a thread that the thread must show beside its messages, oldest first: all but those that went back to
    /// the draft and those whose message is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn parts_of_thread(&self, thread: ThreadId) -> Result<Vec<PartRow>> {
        let mut conn = self.read().acquire().await?;
        of_thread(&mut conn, thread).await
    }

    /// Parts of a reply, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn parts_of_reply(&self, reply: ReplyId) -> Result<Vec<PartRow>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
               created_ms, updated_ms, pressed_ms
             FROM outbox_part WHERE reply = ? ORDER BY idx",
        )
        .bind(reply.to_string())
        .fetch_all(self.read())
        .await?;
        rows.into_iter().map(PartRow::try_from).collect()
    }

    /// Open parts in these states, oldest first, at most 500. Of the ended states only `refused` can be asked for.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn parts_in(&self, states: &[PartStateName]) -> Result<Vec<PartRow>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
               created_ms, updated_ms, pressed_ms
             FROM outbox_part
             WHERE state IN ('held','queued','sending','refused','unknown')
               AND state IN (SELECT value FROM json_each(?))
             ORDER BY created_ms, reply, idx LIMIT 500",
        )
        .bind(names(states)?)
        .fetch_all(self.read())
        .await?;
        rows.into_iter().map(PartRow::try_from).collect()
    }

    /// Moves a part if it still stands where the mover thinks. Returns whether it moved.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_state(&self, key: PartKey, change: &PartMove) -> Result<bool> {
        let mut tx = self.write().await?;
        let moved = set_state(&mut tx, key, change).await?;
        let removed = moved && is_end(change.to) && words_went(&mut tx, key).await?;
        self.commit_or_removal(tx, removed).await?;
        Ok(moved)
    }

    /// Moves a part to the draft state and puts its text back into the thread's draft, before whatever was written since,
    /// in one transaction. Returns whether it moved.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn return_to_draft(&self, key: PartKey, change: &PartMove) -> Result<bool> {
        let mut tx = self.write().await?;
        let change = PartMove { to: PartStateName::Draft, ..change.clone() };
        let moved = set_state(&mut tx, key, &change).await?;
        if moved {
            let (thread, text): (i64, String) =
                sqlx::query_as("SELECT thread_id, text FROM outbox_part WHERE key = ?")
                    .bind(key.0.to_string())
                    .fetch_one(&mut *tx)
                    .await?;
            draft::put_back(&mut tx, ThreadId(thread), &text, change.detail.as_deref(), change.now_ms)
                .await?;
        }
        let removed = moved && words_went(&mut tx, key).await?;
        self.commit_or_removal(tx, removed).await?;
        Ok(moved)
    }
}

/// Replies of a thread that have not left and whose customer has written since they were pressed: they will not leave.
pub(super) async fn overtaken(conn: &mut Conn, thread: ThreadId) -> Result<BTreeSet<ReplyId>> {
    let replies: Vec<String> = sqlx::query_scalar(
        "SELECT r.reply FROM outbox_part o JOIN reply r ON r.reply = o.reply JOIN thread t ON t.thread_id = o.thread_id
         WHERE o.thread_id = ? AND o.state = 'queued' AND t.inbound_seq > r.word_seq_seen",
    )
    .bind(thread.0)
    .fetch_all(conn)
    .await?;
    replies.iter().map(|reply| parsed(reply)).collect()
}

/// Parts of a thread that are no message yet, oldest first.
pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Vec<PartRow>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
           created_ms, updated_ms, pressed_ms
         FROM outbox_part o
         WHERE thread_id = ?1 AND state <> 'draft'
           AND NOT EXISTS (SELECT 1 FROM message m WHERE m.thread_id = ?1 AND m.key = o.mid)
           AND NOT EXISTS (SELECT 1 FROM message m WHERE m.part = o.part)
           AND NOT EXISTS (SELECT 1 FROM message m JOIN outbox_former f ON m.part = f.part WHERE f.key = o.key)
         ORDER BY created_ms DESC, idx DESC LIMIT 200",
    )
    .bind(thread.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().rev().map(PartRow::try_from).collect()
}

pub(super) async fn insert(conn: &mut Conn, reply: &NewReply, idx: usize, part: &NewPart) -> Result<()> {
    let part_id = part.part.to_string();
    let reply_id = reply.reply.to_string();
    let idx = count(idx);
    let of = count(reply.parts.len());
    let state = part.state.to_string();
    let detail = part.detail.as_deref();
    let tag = part.tag.as_ref().map(to_json).transpose()?;
    sqlx::query!(
        "INSERT INTO outbox_part (key, part, reply, thread_id, idx, of, text, state, detail, tag, attempts, created_ms,
           updated_ms, pressed_ms)
         VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?10, ?11)",
        part_id,
        reply_id,
        reply.thread.0,
        idx,
        of,
        part.text,
        state,
        detail,
        tag,
        reply.created_ms,
        reply.pressed_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn set_state(conn: &mut Conn, key: PartKey, change: &PartMove) -> Result<bool> {
    if let Some(new_part) = change.new_part {
        let key_text = key.0.to_string();
        let new_part = new_part.to_string();
        let from = names(&change.from)?;
        sqlx::query!(
            "INSERT INTO outbox_former (part, key)
             SELECT part, key FROM outbox_part
             WHERE key = ?1 AND part <> ?2 AND state IN (SELECT value FROM json_each(?3))
             ON CONFLICT DO NOTHING",
            key_text,
            new_part,
            from
        )
        .execute(&mut *conn)
        .await?;
    }
    let key_text = key.0.to_string();
    let to = change.to.to_string();
    let detail = change.detail.as_deref();
    let tag = change.tag.as_ref().map(to_json).transpose()?;
    let mid = change.mid.as_ref().map(Mid::as_str);
    let begins_call = i64::from(change.begins_call);
    let new_part = change.new_part.map(|part| part.to_string());
    let from = names(&change.from)?;
    let done = sqlx::query!(
        "UPDATE outbox_part SET state = ?2, detail = ?3, tag = coalesce(?4, tag), grant_boot_ms = ?5,
           mid = coalesce(?6, mid), attempts = attempts + ?7, part = coalesce(?8, part), updated_ms = ?9,
           untold = ?11
         WHERE key = ?1 AND state IN (SELECT value FROM json_each(?10))",
        key_text,
        to,
        detail,
        tag,
        change.grant_boot_ms,
        mid,
        begins_call,
        new_part,
        change.now_ms,
        from,
        change.untold
    )
    .execute(&mut *conn)
    .await?;
    let moved = done.rows_affected() == 1;
    if moved && ends_without_arriving(change.to) {
        // What was to follow does not follow a reply that did not arrive.
        let key_text = key.0.to_string();
        sqlx::query!(
            "UPDATE reply SET after_sent = NULL WHERE reply = (SELECT reply FROM outbox_part WHERE key = ?)",
            key_text
        )
        .execute(conn)
        .await?;
    }
    Ok(moved)
}

/// A part that has ended may be a message that was taken back meanwhile, or its customer was erased. True when its words went
/// for that.
async fn words_went(conn: &mut Conn, key: PartKey) -> Result<bool> {
    let thread: i64 = sqlx::query_scalar("SELECT thread_id FROM outbox_part WHERE key = ?")
        .bind(key.0.to_string())
        .fetch_one(&mut *conn)
        .await?;
    let taken_back = own_words::of_outbox(conn, ThreadId(thread)).await?;
    Ok(own_words::of_erased(conn, ThreadId(thread)).await? || taken_back)
}

fn is_end(state: PartStateName) -> bool {
    state == PartStateName::Sent || ends_without_arriving(state)
}

fn ends_without_arriving(state: PartStateName) -> bool {
    matches!(state, PartStateName::Refused | PartStateName::Abandoned | PartStateName::Draft)
}

fn names(states: &[PartStateName]) -> Result<String> {
    to_json(&states.iter().map(<&str>::from).collect::<Vec<_>>())
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl TryFrom<Row> for PartRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            key: PartKey(parsed(&row.key)?),
            part: parsed(&row.part)?,
            reply: parsed(&row.reply)?,
            thread: ThreadId(row.thread_id),
            idx: u32::try_from(row.idx).unwrap_or(u32::MAX),
            of: u32::try_from(row.of).unwrap_or(u32::MAX),
            text: row.text,
            state: parsed(&row.state)?,
            detail: row.detail,
            tag: row.tag.as_deref().map(of_json).transpose()?,
            grant_boot_ms: row.grant_boot_ms,
            mid: row.mid.map(Mid::from),
            attempts: row.attempts,
            created_ms: row.created_ms,
            updated_ms: row.updated_ms,
            pressed_ms: row.pressed_ms,
        })
    }
}
