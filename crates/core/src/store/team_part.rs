//! Table `team_part`: parts of all desks, as the log tells them: who sends, what, and how it ended.

use baton_messenger::Mid;
use baton_messenger::send::FileKind;
use baton_protocol::team::{Settlement, TagEvidence, TeamFact};
use baton_protocol::{AccountId, AgentId, DeskId, PartId, ReplyId};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::error::{of_json, parsed, parsed_some, to_json};
use super::{Conn, Result, Store, StoreError, ThreadId, seq_in, seq_out};

/// How much too early the relay may tell a moment of Meta's.
const GRAIN_MS: i64 = 2_000;

/// A part as the log tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamPartRow {
    /// The part.
    pub part: PartId,
    /// Its thread.
    pub thread: ThreadId,
    /// Its reply; none while only its end is known.
    pub reply: Option<ReplyId>,
    /// Who sends.
    pub agent: Option<AgentId>,
    /// From which desk.
    pub desk: Option<DeskId>,
    /// What is sent; none for a file, and once it was unsent.
    pub text: Option<String>,
    /// What kind of file is sent instead of a text.
    pub file: Option<FileKind>,
    /// Seq of its grant.
    pub granted_seq: Option<u64>,
    /// When it was granted, milliseconds UTC of the relay.
    pub granted_ms: Option<i64>,
    /// Evidence, when it carries the human-agent tag.
    pub tag: Option<TagEvidence>,
    /// True when the relay was not asked before.
    pub unchecked: bool,
    /// How it ended.
    pub settlement: Option<Settlement>,
}

impl TeamPartRow {
    /// True when it ended and nobody knows how.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.settlement, Some(Settlement::Unknown { .. }))
    }

    /// True when it was sent.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        matches!(self.settlement, Some(Settlement::Sent { .. }))
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    part: String,
    thread_id: i64,
    reply: Option<String>,
    agent: Option<String>,
    desk: Option<String>,
    text: Option<String>,
    file: Option<String>,
    granted_seq: Option<i64>,
    granted_ms: Option<i64>,
    tag: Option<String>,
    unchecked: bool,
    settlement: Option<String>,
}

impl Store {
    /// Parts of a thread that other desks have on their way or whose end nobody knows, oldest first. Parts of this desk's
    /// outbox are not among them, nor are those whose message is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn parts_elsewhere(&self, thread: ThreadId) -> Result<Vec<TeamPartRow>> {
        let mut conn = self.read().acquire().await?;
        elsewhere(&mut conn, thread).await
    }

    /// One part as the log tells it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn team_part(&self, part: PartId) -> Result<Option<TeamPartRow>> {
        let sql = format!("SELECT {COLUMNS} FROM team_part p WHERE p.part = ?");
        let row: Option<Row> =
            sqlx::query_as(AssertSqlSafe(sql)).bind(part.to_string()).fetch_optional(self.read()).await?;
        row.map(TeamPartRow::try_from).transpose()
    }
}

/// The columns of [`Row`].
const COLUMNS: &str =
    "p.part, p.thread_id, p.reply, p.agent, p.desk, p.text, p.file, p.granted_seq, p.granted_ms, p.tag,
  p.unchecked, p.settlement";

/// It is no part of this desk, and no message is known to be it by its own word.
const IS_ELSEWHERE: &str = "p.granted_seq IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM outbox_part o WHERE o.part = p.part)
  AND NOT EXISTS (SELECT 1 FROM outbox_former f WHERE f.part = p.part)
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.part = p.part AND m.thread_id = p.thread_id)";

/// Parts of a thread that other desks have on their way or whose end nobody knows, oldest first.
pub(super) async fn elsewhere(conn: &mut Conn, thread: ThreadId) -> Result<Vec<TeamPartRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM team_part p
         WHERE p.thread_id = ? AND (p.settled_rank IS NULL OR p.settled_rank <= 1)
           AND coalesce(p.settled_rank, 1) = 1 AND {IS_ELSEWHERE}
         ORDER BY p.granted_seq LIMIT 200"
    );
    read(conn, sql, thread).await
}

/// Of the last parts of a thread that other desks sent, those of which no message is here: Meta told of none, and history did
/// not yet. Oldest first. One whose words were taken away, by an unsend or with the customer, is not among them.
pub(super) async fn without_message(conn: &mut Conn, thread: ThreadId) -> Result<Vec<TeamPartRow>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM (SELECT * FROM team_part WHERE thread_id = ?1 AND settled_rank = 4 ORDER BY settled_seq DESC LIMIT 50) p
         WHERE p.text IS NOT NULL AND {IS_ELSEWHERE}
           AND NOT EXISTS (SELECT 1 FROM message m WHERE m.thread_id = p.thread_id AND m.key = p.mid)
         ORDER BY p.granted_seq"
    );
    read(conn, sql, thread).await
}

async fn read(conn: &mut Conn, sql: String, thread: ThreadId) -> Result<Vec<TeamPartRow>> {
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql)).bind(thread.0).fetch_all(conn).await?;
    rows.into_iter().map(TeamPartRow::try_from).collect()
}

/// A grant or a settlement that the log tells of.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartTold<'a> {
    pub(super) thread: ThreadId,
    /// The entry that tells of it.
    pub(super) seq: u64,
    /// When the relay appended it, milliseconds UTC.
    pub(super) at_ms: i64,
    pub(super) fact: &'a TeamFact,
}

/// Takes in grants and settlements, all of a batch at once: in whatever order they come, the first grant and the highest
/// settlement stay.
pub(super) async fn apply(conn: &mut Conn, account: &AccountId, told: &[PartTold<'_>]) -> Result<()> {
    let (mut started, mut settled) = (Vec::new(), Vec::new());
    for PartTold { thread, seq, at_ms, fact } in told {
        match fact {
            TeamFact::SendStarted {
                reply, part, index, of, agent, desk, text, file, tag, unchecked, ..
            } => {
                started.push(json!([
                    part,
                    thread.0,
                    seq_in(*seq),
                    at_ms,
                    reply,
                    index,
                    of,
                    agent,
                    desk,
                    text,
                    tag.as_ref().map(to_json).transpose()?,
                    unchecked,
                    file.map(|file| file.to_string()),
                ]));
            }
            TeamFact::SendSettled { part, settlement, .. } => {
                let mid = match settlement {
                    Settlement::Sent { mid, .. } => Some(mid.as_str()),
                    _ => None,
                };
                settled.push(json!([
                    part,
                    thread.0,
                    seq_in(*seq),
                    settlement.rank(),
                    to_json(settlement)?,
                    mid
                ]));
            }
            _ => {}
        }
    }
    if !started.is_empty() {
        put_started(conn, account, &started).await?;
    }
    if !settled.is_empty() {
        put_settled(conn, account, &settled).await?;
    }
    Ok(())
}

async fn put_started(conn: &mut Conn, account: &AccountId, rows: &[Value]) -> Result<()> {
    sqlx::query(
        "INSERT INTO team_part (part, account, thread_id, granted_seq, granted_ms, reply, idx, of, agent, desk, text, tag,
           unchecked, file)
         SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
           value ->> 7, value ->> 8, nullif(value ->> 9, ''), value ->> 10, value ->> 11, value ->> 12
         FROM json_each(?2) WHERE true
         ON CONFLICT DO UPDATE SET granted_seq = excluded.granted_seq, granted_ms = excluded.granted_ms,
           reply = excluded.reply, idx = excluded.idx, of = excluded.of, agent = excluded.agent,
           desk = excluded.desk, text = excluded.text, tag = excluded.tag, unchecked = excluded.unchecked,
           file = excluded.file
         WHERE team_part.granted_seq IS NULL OR excluded.granted_seq < team_part.granted_seq",
    )
    .bind(account.as_str())
    .bind(to_json(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// A settlement of a higher rank takes the place of a lower one; among equals the first stays.
async fn put_settled(conn: &mut Conn, account: &AccountId, rows: &[Value]) -> Result<()> {
    sqlx::query(
        "INSERT INTO team_part (part, account, thread_id, unchecked, settled_seq, settled_rank, settlement, mid)
         SELECT value ->> 0, ?1, value ->> 1, 0, value ->> 2, value ->> 3, value ->> 4, value ->> 5
         FROM json_each(?2) WHERE true
         ON CONFLICT DO UPDATE SET settled_seq = excluded.settled_seq, settled_rank = excluded.settled_rank,
           settlement = excluded.settlement, mid = excluded.mid
         WHERE team_part.settled_rank IS NULL
            OR excluded.settled_rank > team_part.settled_rank
            OR (excluded.settled_rank = team_part.settled_rank AND excluded.settled_seq < team_part.settled_seq)",
    )
    .bind(account.as_str())
    .bind(to_json(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// When the newest part that was sent, and whose message is not here, answered the customer, milliseconds UTC of Meta: its
/// echo may come late, or never. It answers what stood in the log before its grant, and what the customer wrote before it as
/// Meta tells, though history brought that later: its echo would. It answers no word that came after it. The relay knows
/// Meta's time by the second, so the moment of the grant is taken for some moments later, and of a word written in those
/// moments nobody can tell that it is answered.
pub(super) async fn answered_unheard_ms(conn: &mut Conn, thread: ThreadId) -> Result<Option<i64>> {
    let answered = sqlx::query_scalar(
        "SELECT min(
           max(p.granted_ms + ?2, coalesce(
             (SELECT at_ms FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1 AND seq < p.granted_seq
              ORDER BY seq DESC LIMIT 1), p.granted_ms)),
           coalesce(
             (SELECT min(at_ms) - 1 FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1
                AND seq > p.granted_seq AND at_ms > p.granted_ms - ?2), 9223372036854775807))
         FROM (SELECT mid, granted_seq, granted_ms FROM team_part
               WHERE thread_id = ?1 AND settled_rank = 4 ORDER BY settled_seq DESC LIMIT 1) p
         WHERE p.granted_seq IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM message m WHERE m.thread_id = ?1 AND m.key = p.mid)",
    );
    Ok(answered.bind(thread.0).bind(GRAIN_MS).fetch_optional(conn).await?.flatten())
}

/// The mid that a settlement gave a part, if it is known to have been sent.
pub(super) fn mid_of(fact: &TeamFact) -> Option<&Mid> {
    match fact {
        TeamFact::SendSettled { settlement: Settlement::Sent { mid, .. }, .. } => Some(mid),
        _ => None,
    }
}

/// Drops what the log said, for a resync.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM team_part WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}

impl TryFrom<Row> for TeamPartRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            part: parsed(&row.part)?,
            thread: ThreadId(row.thread_id),
            reply: parsed_some(row.reply.as_deref())?,
            agent: parsed_some(row.agent.as_deref())?,
            desk: parsed_some(row.desk.as_deref())?,
            text: row.text,
            file: parsed_some(row.file.as_deref())?,
            granted_seq: row.granted_seq.map(seq_out),
            granted_ms: row.granted_ms,
            tag: row.tag.as_deref().map(of_json).transpose()?,
            unchecked: row.unchecked,
            settlement: row.settlement.as_deref().map(of_json).transpose()?,
        })
    }
}
