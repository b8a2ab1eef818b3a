//! Table `reply`: what an agent sends with one press, and what was seen when it was pressed.

use baton_protocol::{AgentId, ReplyId};

use super::error::{parsed, parsed_some};
use super::outbox_part::{self, NewPart};
use super::{Conn, PartRow, Result, Store, StoreError, ThreadId, draft, frame, own_file, seq_in, seq_out};

/// As what the agent was shown that a reply leaves. It never leaves as anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum LeavesAs {
    /// An ordinary response.
    Plain,
    /// A late reply by a person.
    HumanAgent,
}

/// What follows a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum AfterSent {
    /// The thread is set done once every part was sent.
    Done,
    /// It was to be set done, and was not: something happened in it meanwhile.
    Missed,
}

/// A reply that was just pressed.
#[derive(Clone, Debug)]
pub struct NewReply {
    /// Its id.
    pub reply: ReplyId,
    /// The thread.
    pub thread: ThreadId,
    /// Who pressed send.
    pub agent: AgentId,
    /// When, of the desk's wall clock.
    pub created_ms: i64,
    /// When, milliseconds UTC of Meta as the desk knows it.
    pub pressed_ms: i64,
    /// The thread's version as seen.
    pub version_seen: u64,
    /// Seq of the last word as seen.
    pub word_seq_seen: u64,
    /// The grant assigns the thread too.
    pub claim: bool,
    /// Control is taken before.
    pub take_first: bool,
    /// The agent was shown another's part whose end is unknown.
    pub despite_unknown: bool,
    /// As what it leaves.
    pub leaves: LeavesAs,
    /// What follows it.
    pub after_sent: Option<AfterSent>,
    /// Its parts, in order.
    pub parts: Vec<NewPart>,
}

/// A stored reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyRow {
    /// Its id.
    pub reply: ReplyId,
    /// The thread.
    pub thread: ThreadId,
    /// Who pressed send.
    pub agent: AgentId,
    /// When, of the desk's wall clock.
    pub created_ms: i64,
    /// The thread's version as seen.
    pub version_seen: u64,
    /// Seq of the last word as seen.
    pub word_seq_seen: u64,
    /// The grant assigns the thread too.
    pub claim: bool,
    /// Control is taken before.
    pub take_first: bool,
    /// The agent was shown another's part whose end is unknown.
    pub despite_unknown: bool,
    /// As what it leaves.
    pub leaves: LeavesAs,
    /// What follows it.
    pub after_sent: Option<AfterSent>,
}

#[derive(sqlx::FromRow)]
struct Row {
    reply: String,
    thread_id: i64,
    agent: String,
    created_ms: i64,
    version_seen: i64,
    word_seq_seen: i64,
    claim: bool,
    take_first: bool,
    despite_unknown: bool,
    leaves: String,
    after_sent: Option<String>,
}

impl NewReply {
    /// What the agent wrote, all parts of it.
    fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

impl Store {
    /// Stores a reply with its parts, all queued, and leaves the draft alone.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn insert_reply(&self, reply: &NewReply) -> Result<()> {
        let mut tx = self.write().await?;
        insert(&mut tx, reply, reply.parts.len()).await?;
        self.commit(tx).await
    }

    /// Stores a reply that says once more what a part of unknown end said, its file too, and puts what stands behind that
    /// part into the same reply, after it. `detail` is the state of those. The old part stays as it is.
    ///
    /// # Errors
    /// When the file cannot be written; [`StoreError::Missing`] when the part's file is gone.
    pub async fn send_copy(&self, copy: &NewReply, old: &PartRow, detail: &str) -> Result<()> {
        let mut tx = self.write().await?;
        let rest = outbox_part::behind(&mut tx, old.key).await?;
        for (from, to) in old.file.into_iter().zip(copy.parts.iter().filter_map(|part| part.file)) {
            own_file::copy(&mut tx, from, to).await?;
        }
        insert(&mut tx, copy, copy.parts.len() + rest.len()).await?;
        frame::copy(&mut tx, old.reply, copy.reply, old.idx == 0).await?;
        outbox_part::move_to_reply(&mut tx, &rest, copy, detail).await?;
        self.commit(tx).await
    }

    /// Lets a part and what stands behind it leave without the part before them, which was refused or given up: from now on
    /// they are a reply of their own, `rest`, which has no other parts. `detail` is their state. False when the part has
    /// begun or ended meanwhile.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn send_rest(&self, rest: &NewReply, first: &PartRow, detail: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let waits: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM outbox_part WHERE key = ? AND state = 'queued')",
        )
        .bind(first.key.0.to_string())
        .fetch_one(&mut *tx)
        .await?;
        if !waits {
            return Ok(false);
        }
        let mut going = vec![first.key];
        going.extend(outbox_part::behind(&mut tx, first.key).await?);
        insert(&mut tx, rest, going.len()).await?;
        // The one before them did not go out: if it was the first, what it answered goes with the next.
        frame::copy(&mut tx, first.reply, rest.reply, first.idx <= 1).await?;
        outbox_part::move_to_reply(&mut tx, &going, rest, detail).await?;
        self.commit(tx).await?;
        Ok(true)
    }

    /// Stores a reply with its parts, all queued, and removes the thread's draft, in one transaction: its text and its files
    /// are the reply's from now on. The reply goes out from the draft `based_on`. When this returned, the composer may clear.
    ///
    /// # Errors
    /// [`StoreError::DraftChanged`] when the thread's draft is another one by now, or has other files than the reply; when
    /// the file cannot be written. The draft is untouched then and no part exists.
    pub async fn take_draft_into_reply(&self, reply: &NewReply, based_on: &str) -> Result<()> {
        let mut tx = self.write().await?;
        draft::give_way(&mut tx, reply.thread, &reply.text(), based_on).await?;
        let files = own_file::of_draft(&mut tx, reply.thread).await?;
        if !files.iter().map(|file| file.id).eq(reply.parts.iter().filter_map(|part| part.file)) {
            return Err(StoreError::DraftChanged);
        }
        for file in files {
            own_file::into_part(&mut tx, file.id).await?;
        }
        insert(&mut tx, reply, reply.parts.len()).await?;
        draft::remove(&mut tx, reply.thread).await?;
        frame::go_out(&mut tx, reply.thread, reply.reply).await?;
        self.commit(tx).await
    }

    /// A stored reply.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none.
    pub async fn reply(&self, reply: ReplyId) -> Result<ReplyRow> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT reply, thread_id, agent, created_ms, version_seen, word_seq_seen, claim, take_first,
               despite_unknown, leaves, after_sent
             FROM reply WHERE reply = ?",
        )
        .bind(reply.to_string())
        .fetch_optional(self.read())
        .await?;
        row.ok_or(StoreError::Missing("reply"))?.try_into()
    }

    /// The first reply of a thread after which something follows, once every part of it was sent.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn reply_to_finish(&self, thread: ThreadId) -> Result<Option<ReplyRow>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT reply, thread_id, agent, created_ms, version_seen, word_seq_seen, claim, take_first,
               despite_unknown, leaves, after_sent
             FROM reply r WHERE thread_id = ? AND after_sent = 'done'
               AND NOT EXISTS (SELECT 1 FROM outbox_part o WHERE o.reply = r.reply AND o.state <> 'sent')
             ORDER BY created_ms, reply LIMIT 1",
        )
        .bind(thread.0)
        .fetch_optional(self.read())
        .await?;
        row.map(ReplyRow::try_from).transpose()
    }

    /// Says again what was seen, when an agent decided anew: a retry, or sending on despite an unknown part.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn see_again(
        &self,
        reply: ReplyId,
        version_seen: u64,
        word_seq_seen: u64,
        despite_unknown: bool,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let version_seen = seq_in(version_seen);
        let word_seq_seen = seq_in(word_seq_seen);
        let reply = reply.to_string();
        sqlx::query!(
            "UPDATE reply SET version_seen = ?, word_seq_seen = ?, despite_unknown = ? WHERE reply = ?",
            version_seen,
            word_seq_seen,
            despite_unknown,
            reply
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }
}

async fn insert(conn: &mut Conn, reply: &NewReply, of: usize) -> Result<()> {
    let reply_id = reply.reply.to_string();
    let agent = reply.agent.to_string();
    let version_seen = seq_in(reply.version_seen);
    let word_seq_seen = seq_in(reply.word_seq_seen);
    let leaves = reply.leaves.to_string();
    let after_sent = reply.after_sent.map(|after| after.to_string());
    sqlx::query!(
        "INSERT INTO reply (reply, thread_id, agent, created_ms, version_seen, word_seq_seen, claim, take_first,
           despite_unknown, leaves, after_sent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        reply_id,
        reply.thread.0,
        agent,
        reply.created_ms,
        version_seen,
        word_seq_seen,
        reply.claim,
        reply.take_first,
        reply.despite_unknown,
        leaves,
        after_sent
    )
    .execute(&mut *conn)
    .await?;
    for (idx, part) in reply.parts.iter().enumerate() {
        outbox_part::insert(conn, reply, (idx, of), part).await?;
    }
    Ok(())
}

impl TryFrom<Row> for ReplyRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            reply: parsed(&row.reply)?,
            thread: ThreadId(row.thread_id),
            agent: parsed(&row.agent)?,
            created_ms: row.created_ms,
            version_seen: seq_out(row.version_seen),
            word_seq_seen: seq_out(row.word_seq_seen),
            claim: row.claim,
            take_first: row.take_first,
            despite_unknown: row.despite_unknown,
            leaves: parsed(&row.leaves)?,
            after_sent: parsed_some(row.after_sent.as_deref())?,
        })
    }
}
