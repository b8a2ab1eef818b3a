//! Tables `outbox_part` and `outbox_former`: one Send API call each, from the press of *Send* to its end.
//!
//! The machine that moves a part lives in [`crate::outbox`]; here a move is a compare-and-set, so that a state that
//! changed meanwhile is never overwritten. A part keeps its `key` for ever and may go by several ids, one per grant
//! that was asked for; an echo with any of them finds it.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::command::CommandRequest;
use baton_protocol::ids::PartId;
use baton_protocol::team::TagEvidence;
use baton_protocol::{LogName, Mid, ReplyId};

use super::error::{of_json, parsed, parsed_some, to_json};
use super::{
    Conn, NewReply, OwnFileId, Result, Store, StoreError, ThreadId, command_queue, draft, frame, heard_since,
    own_file, own_words, seq_out,
};

/// Whether a part, a row `o`, waits to leave by itself, or is looked for because nobody knows whether it left.
macro_rules! goes_on_by_itself {
    () => {
        "o.state IN ('held','queued','unknown')
         AND NOT (o.state = 'unknown'
           AND (coalesce(o.detail ->> '$.looked', 0) OR coalesce(o.detail ->> '$.look_failed', 0)))
         AND NOT EXISTS (
           SELECT 1 FROM outbox_part e
           WHERE e.reply = o.reply AND e.idx < o.idx AND e.state IN ('refused','abandoned'))"
    };
}
pub(super) use goes_on_by_itself;

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
    /// What is sent; empty for a file.
    pub text: String,
    /// The file that is sent instead of a text; it was added to the thread's draft.
    pub file: Option<OwnFileId>,
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
    /// What is sent; empty for a file.
    pub text: String,
    /// The file that is sent instead of a text; none once it went back to the draft, or is not needed any more.
    pub file: Option<OwnFileId>,
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
    /// What the relay is to hear of it, and in which log: it waits in the command queue once the part moved.
    pub tells: Option<(LogName, CommandRequest)>,
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
            tells: None,
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
    file: Option<String>,
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
               created_ms, updated_ms, pressed_ms, file
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
    /// Parts of one thread leave in order; a later one waits for an unknown one. What stands behind a part of the same reply
    /// that was refused or given up waits for an agent's word, and keeps nothing else back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_queued(&self, thread: ThreadId) -> Result<Option<PartRow>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
               created_ms, updated_ms, pressed_ms, file
             FROM outbox_part o
             WHERE thread_id = ? AND state IN ('held','queued','sending','unknown')
               AND NOT EXISTS (
                 SELECT 1 FROM outbox_part e
                 WHERE e.reply = o.reply AND e.idx < o.idx AND e.state IN ('refused','abandoned'))
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
        self.sending.or_read(self.version(), async || self.read_open_threads().await).await
    }

    async fn read_open_threads(&self) -> Result<Vec<ThreadId>> {
        let rows: Vec<i64> = sqlx::query_scalar(
            "SELECT thread_id FROM outbox_part WHERE state IN ('held','queued','sending','unknown')
             UNION SELECT thread_id FROM reply WHERE after_sent = 'done'",
        )
        .fetch_all(self.read())
        .await?;
        Ok(rows.into_iter().map(ThreadId).collect())
    }

    /// Threads in which a part waits to leave by itself, or is looked for because nobody knows whether it left: what waits for
    /// an agent's word is not among them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn threads_with_waiting_parts(&self) -> Result<Vec<ThreadId>> {
        let rows: Vec<i64> = sqlx::query_scalar(concat!(
            "SELECT DISTINCT o.thread_id FROM outbox_part o WHERE ",
            goes_on_by_itself!(),
            " ORDER BY o.thread_id"
        ))
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
               created_ms, updated_ms, pressed_ms, file
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
               created_ms, updated_ms, pressed_ms, file
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

    /// Moves a part to the draft state, with all parts of its reply behind it that have not begun, and puts their texts and
    /// files back into the thread's draft, before whatever was written since, in one transaction: what was pressed together
    /// comes back together. Returns whether the part moved.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn return_to_draft(&self, key: PartKey, change: &PartMove) -> Result<bool> {
        let mut tx = self.write().await?;
        let change = PartMove { to: PartStateName::Draft, ..change.clone() };
        let moved = set_state(&mut tx, key, &change).await?;
        if moved {
            let mut going = vec![key];
            // The agent is told once.
            let beside = PartMove { new_part: None, untold: false, ..change.clone() };
            for behind in behind(&mut tx, key).await? {
                set_state(&mut tx, behind, &PartMove { from: NOT_BEGUN.to_vec(), ..beside.clone() }).await?;
                going.push(behind);
            }
            put_back(&mut tx, &going, &change).await?;
            frame_back(&mut tx, key).await?;
        }
        let removed = moved && words_went(&mut tx, key).await?;
        self.commit_or_removal(tx, removed).await?;
        Ok(moved)
    }

    /// The first part of the same reply that is kept back, so that all of it is taken back together.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_held(&self, part: &PartRow) -> Result<Option<PartRow>> {
        let parts = self.parts_of_reply(part.reply).await?;
        Ok(parts.into_iter().find(|part| part.state == PartStateName::Held))
    }

    /// True while a part stands behind one of its reply that was refused or given up: it leaves only on an agent's word.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_behind(&self, part: &PartRow) -> Result<bool> {
        let parts = self.parts_of_reply(part.reply).await?;
        Ok(parts.iter().any(|earlier| earlier.idx < part.idx && earlier.state.keeps_back()))
    }
}

/// States in which nothing of a part has begun.
const NOT_BEGUN: [PartStateName; 2] = [PartStateName::Held, PartStateName::Queued];

impl PartStateName {
    /// Later parts of the same reply wait behind it for an agent's word.
    #[must_use]
    pub fn keeps_back(self) -> bool {
        matches!(self, Self::Refused | Self::Abandoned)
    }
}

/// The parts of the same reply after this one that have not begun, in order.
pub(super) async fn behind(conn: &mut Conn, key: PartKey) -> Result<Vec<PartKey>> {
    let keys: Vec<String> = sqlx::query_scalar(
        "SELECT b.key FROM outbox_part p JOIN outbox_part b ON b.reply = p.reply AND b.idx > p.idx
         WHERE p.key = ? AND b.state IN ('held','queued') ORDER BY b.idx",
    )
    .bind(key.0.to_string())
    .fetch_all(conn)
    .await?;
    keys.iter().map(|key| Ok(PartKey(parsed(key)?))).collect()
}

/// Gives parts that have not begun another reply, where they stand behind its own parts and were pressed with it.
pub(super) async fn move_to_reply(
    conn: &mut Conn,
    keys: &[PartKey],
    reply: &NewReply,
    detail: &str,
) -> Result<()> {
    let from_idx = reply.parts.len();
    let of = count(from_idx + keys.len());
    for (idx, key) in (from_idx..).zip(keys) {
        sqlx::query(
            "UPDATE outbox_part SET reply = ?2, idx = ?3, of = ?4, detail = ?5, state = 'queued', created_ms = ?6,
               pressed_ms = ?7
             WHERE key = ?1 AND state IN ('held','queued')",
        )
        .bind(key.0.to_string())
        .bind(reply.reply.to_string())
        .bind(count(idx))
        .bind(of)
        .bind(detail)
        .bind(reply.created_ms)
        .bind(reply.pressed_ms)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// What stood around the reply comes back with this part and those behind it. What it answers does not, when an earlier part
/// has left with that.
async fn frame_back(conn: &mut Conn, key: PartKey) -> Result<()> {
    let (thread, reply, idx): (i64, String, i64) =
        sqlx::query_as("SELECT thread_id, reply, idx FROM outbox_part WHERE key = ?")
            .bind(key.0.to_string())
            .fetch_one(&mut *conn)
            .await?;
    frame::come_back(conn, ThreadId(thread), &reply, idx == 0).await
}

/// Puts parts of one reply back into the draft of its thread, in their order.
async fn put_back(conn: &mut Conn, going: &[PartKey], change: &PartMove) -> Result<()> {
    let (mut of_thread, mut texts) = (None, Vec::new());
    for key in going {
        own_file::back_into_draft(conn, *key).await?;
        let (thread, text): (i64, String) =
            sqlx::query_as("SELECT thread_id, text FROM outbox_part WHERE key = ?")
                .bind(key.0.to_string())
                .fetch_one(&mut *conn)
                .await?;
        of_thread = Some(ThreadId(thread));
        texts.extend((!text.is_empty()).then_some(text));
    }
    let (Some(thread), Some(first)) = (of_thread, going.first()) else { return Ok(()) };
    let said = (change.detail.as_deref(), change.now_ms);
    draft::put_back(conn, thread, *first, &texts.join("\n"), said).await
}

/// Replies of a thread that have not left and whose customer has written since they were pressed, beside what their authors had
/// `read` before the log brought it: they will not leave.
pub(super) async fn overtaken(
    conn: &mut Conn,
    thread: ThreadId,
    read: &BTreeMap<ReplyId, BTreeSet<Mid>>,
) -> Result<BTreeSet<ReplyId>> {
    let nothing = BTreeSet::new();
    let replies: Vec<(String, i64)> = sqlx::query_as(
        "SELECT DISTINCT r.reply, r.word_seq_seen
         FROM outbox_part o JOIN reply r ON r.reply = o.reply JOIN thread t ON t.thread_id = o.thread_id
         WHERE o.thread_id = ? AND o.state = 'queued' AND t.inbound_seq > r.word_seq_seen",
    )
    .bind(thread.0)
    .fetch_all(&mut *conn)
    .await?;
    let mut overtaken = BTreeSet::new();
    for (reply, seen) in replies {
        let reply = parsed(&reply)?;
        let read = read.get(&reply).unwrap_or(&nothing);
        if heard_since::is_news(conn, thread, seq_out(seen), read).await? {
            overtaken.insert(reply);
        }
    }
    Ok(overtaken)
}

/// Parts of a thread that are no message yet, oldest first.
pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Vec<PartRow>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts,
           created_ms, updated_ms, pressed_ms, file
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

/// When the newest message was said that is a part of a reply of which other parts have not left, milliseconds UTC of Meta:
/// what has not left stands after it, whenever it was pressed.
pub(super) async fn said_of_open_replies(conn: &mut Conn, thread: ThreadId) -> Result<Vec<(ReplyId, i64)>> {
    let said: Vec<(String, i64)> = sqlx::query_as(
        "SELECT o.reply, max(m.at_ms) FROM outbox_part o
         JOIN message m ON m.thread_id = o.thread_id AND m.key = o.mid
         WHERE o.thread_id = ?1 AND o.state = 'sent' AND o.reply IN (
           SELECT reply FROM outbox_part WHERE thread_id = ?1 AND of > 1
             AND state IN ('held','queued','sending','unknown','refused','abandoned'))
         GROUP BY o.reply",
    )
    .bind(thread.0)
    .fetch_all(conn)
    .await?;
    said.into_iter().map(|(reply, at_ms)| Ok((parsed(&reply)?, at_ms))).collect()
}

pub(super) async fn insert(
    conn: &mut Conn,
    reply: &NewReply,
    (idx, of): (usize, usize),
    part: &NewPart,
) -> Result<()> {
    let part_id = part.part.to_string();
    let reply_id = reply.reply.to_string();
    let (idx, of) = (count(idx), count(of));
    let file = part.file.map(|file| file.to_string());
    let state = part.state.to_string();
    let detail = part.detail.as_deref();
    let tag = part.tag.as_ref().map(to_json).transpose()?;
    sqlx::query!(
        "INSERT INTO outbox_part (key, part, reply, thread_id, idx, of, text, state, detail, tag, attempts, created_ms,
           updated_ms, pressed_ms, file)
         VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?10, ?11, ?12)",
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
        reply.pressed_ms,
        file
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
    if let Some((log, request)) = change.tells.as_ref().filter(|_| moved) {
        command_queue::queue(&mut *conn, log, request, change.now_ms).await?;
    }
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
            file: parsed_some(row.file.as_deref())?,
        })
    }
}
