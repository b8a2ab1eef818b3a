//! Table `thread`: the row of the list, and the team's facts about a thread.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::id::{AppId, Platform};
use baton_protocol::team::{Status, TeamFact};
use baton_protocol::{AccountId, AgentId, CustomerId, LabelId};
use baton_thread::team::effective_status;
use baton_thread::{AccountFacts, OwnerState};
use serde::Deserialize;
use serde_json::{Value, json};

use super::as_json::flag;
use super::error::{of_json, parsed_some, to_json};
use super::message::Author;
use super::message_page::first_line;
use super::{
    Block, Conn, Preview, Result, Store, StoreError, ThreadId, ThreadKey, ThreadLabel, account, as_json,
    customer, label, recompute, seq_in, seq_out,
};

/// How many parts of this desk's outbox stand where, in one thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Kept back for the undo time.
    pub held: u32,
    /// Waiting for their turn, or for what [`Self::waiting`] counts.
    pub queued: u32,
    /// Of those, how many something stands in the way of: relay, network, Meta's limits, a token.
    pub waiting: u32,
    /// On their way.
    pub sending: u32,
    /// Nobody knows.
    pub unknown: u32,
    /// Refused by Meta and not dealt with.
    pub refused: u32,
}

impl Outgoing {
    /// Counts states by name, one name after the other.
    fn of(states: &str) -> Self {
        let mut counted = Self::default();
        for state in states.split(',') {
            match state {
                "held" => counted.held += 1,
                "queued" => counted.queued += 1,
                "waiting" => {
                    counted.queued += 1;
                    counted.waiting += 1;
                }
                "sending" => counted.sending += 1,
                "unknown" => counted.unknown += 1,
                "refused" => counted.refused += 1,
                _ => {}
            }
        }
        counted
    }
}

/// A note that mentions this desk's agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// When it was added, milliseconds UTC of the relay.
    pub at_ms: i64,
    /// Seq of the fact.
    pub seq: u64,
    /// True until the agent has read up to there.
    pub is_open: bool,
}

/// A thread as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadRow {
    /// This desk's number for it.
    pub id: ThreadId,
    /// Account and customer.
    pub key: ThreadKey,
    /// Messenger or Instagram; none before the account was connected.
    pub platform: Option<Platform>,
    /// The account's name; its id before it has one.
    pub account_name: String,
    /// The customer's name, when it is known.
    pub customer_name: Option<String>,
    /// True when an agent wrote that name, and Meta did not give it.
    pub named_by_hand: bool,
    /// True when a desk read a name for the team; until then one may be known from a page of history.
    pub is_name_read: bool,
    /// Whether the customer is kept away.
    pub block: Block,
    /// The last thing said.
    pub preview: Preview,
    /// When, milliseconds UTC of Meta.
    pub last_at_ms: i64,
    /// The customer's messages that this agent has not read; at most 100.
    pub unread: u32,
    /// Who holds the thread at the time asked for.
    pub owner: OwnerState,
    /// The customer's last act that opens the 24-hour window, milliseconds UTC of Meta.
    pub last_opening_ms: Option<i64>,
    /// Who works on it.
    pub assignee: Option<AgentId>,
    /// Where it stands: as set, or open again because the customer wrote or a sleep ended.
    pub status: Status,
    /// Since when the customer waits for a person, milliseconds UTC of Meta.
    pub waiting_since_ms: Option<i64>,
    /// True when a person should answer.
    pub needs_reply: bool,
    /// True for urgent.
    pub urgent: bool,
    /// The labels that it carries, or is about to.
    pub labels: BTreeMap<LabelId, ThreadLabel>,
    /// The newest note that stands and mentions this desk's agent.
    pub mention: Option<Mention>,
    /// The draft's first line.
    pub draft: Option<String>,
    /// JSON: why the draft came back from the outbox, when it did.
    pub draft_reason: Option<String>,
    /// What is in this desk's outbox.
    pub outgoing: Outgoing,
    /// The first line of what this desk sends or just sent, while nothing newer was said: the screen is ahead of Meta. Of a
    /// reply that is files alone it is the name of the last one.
    pub leaving: Option<String>,
    /// Where that stands, as the one that is counted; none is once Meta has it, or while there is nothing.
    pub leaving_is: Outgoing,
    /// The agent on whose desk a reply waits, another desk than this one. It may leave when that desk comes back.
    pub reply_waits: Option<AgentId>,
    /// Seq of the last assignment or status entry.
    pub version: u64,
    /// Seq of the last word.
    pub word_seq: u64,
    /// Seq of the customer's newest message.
    pub inbound_seq: u64,
}

impl ThreadRow {
    /// Whether the newest word of the thread is the customer's, not a person's of ours.
    #[must_use]
    pub fn last_word_is_customers(&self) -> bool {
        self.word_seq == self.inbound_seq
    }
}

/// The columns of [`Row`], in its order; `t` is the thread.
pub(super) const COLUMNS: &str = "t.thread_id, t.account, t.customer, a.platform, a.name,
  coalesce(c.hand_name, c.meta_name, c.audit_name), c.hand_name IS NOT NULL,
  c.meta_name IS NOT NULL, coalesce(c.blocked, 0), coalesce(c.spam, 0), t.preview_by, t.preview_agent, t.preview_app, t.preview, t.preview_kind, t.last_at_ms, t.unread, t.owner,
  t.last_opening_ms, t.assignee, t.assignee_seq, t.status, t.status_seq, t.inbound_seq, t.waiting_since_ms,
  t.needs_reply, t.urgent, t.word_seq, t.sort_ms, t.asleep_until_ms, t.ends_ms, t.reopened,
  (SELECT group_concat(x.label) FROM thread_label x WHERE x.thread_id = t.thread_id AND x.is_on = 1),
  (SELECT group_concat(q.place || ' ' || (q.request ->> '$.command.label') || ' ' || (q.request ->> '$.command.on'))
   FROM command_queue q
   WHERE q.log = t.account AND q.request ->> '$.command.do' = 'set_label'
     AND q.request ->> '$.command.customer' = +t.customer),
  d.text, d.reason,
  (SELECT group_concat(iif(o.state = 'queued' AND o.detail ->> '$.wait' IS NOT NULL, 'waiting', o.state))
   FROM outbox_part o
   WHERE o.thread_id = t.thread_id AND o.state IN ('held', 'queued', 'sending', 'unknown', 'refused')
     AND NOT (o.state = 'refused' AND coalesce(o.detail ->> '$.aside', 0))),
  (SELECT iif(o.pressed_ms >= t.last_at_ms,
     iif(o.state = 'queued' AND o.detail ->> '$.wait' IS NOT NULL, 'waiting', o.state) || ' ' || coalesce(nullif(o.text, ''),
     (SELECT w.text FROM outbox_part w WHERE w.reply = o.reply AND w.text <> '' ORDER BY w.idx DESC LIMIT 1),
     (SELECT u.name FROM own_file_use u WHERE u.id = o.file)), NULL)
   FROM outbox_part o WHERE o.thread_id = t.thread_id
     AND o.state IN ('held', 'queued', 'sending', 'unknown', 'sent')
   ORDER BY o.created_ms DESC, o.idx DESC LIMIT 1), n.at_ms, n.seq, n.open,
  (SELECT w.agent FROM reply_pending w
   WHERE w.thread_id = t.thread_id AND w.parts > 0
     AND w.desk IS NOT (SELECT e.desk FROM enrolment e WHERE e.only = 1)
     AND NOT EXISTS (SELECT 1 FROM desk k WHERE k.desk = w.desk AND k.revoked_seq > 0)
   ORDER BY w.desk LIMIT 1)";

/// What the columns are read from.
pub(super) const JOINS: &str = "LEFT JOIN account a ON a.account = t.account
  LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
  LEFT JOIN draft d ON d.thread_id = t.thread_id
  LEFT JOIN mention n ON n.agent = (SELECT e.agent FROM enrolment e WHERE e.only = 1) AND n.thread_id = t.thread_id";

#[derive(Deserialize)]
pub(super) struct Row {
    pub thread_id: i64,
    account: String,
    customer: String,
    platform: Option<String>,
    account_name: Option<String>,
    customer_name: Option<String>,
    #[serde(deserialize_with = "flag")]
    named_by_hand: bool,
    #[serde(deserialize_with = "flag")]
    is_name_read: bool,
    #[serde(deserialize_with = "flag")]
    blocked: bool,
    #[serde(deserialize_with = "flag")]
    spam: bool,
    preview_by: String,
    preview_agent: Option<String>,
    preview_app: Option<String>,
    preview: String,
    preview_kind: String,
    pub last_at_ms: i64,
    unread: u32,
    owner: String,
    last_opening_ms: Option<i64>,
    assignee: Option<String>,
    assignee_seq: i64,
    status: String,
    status_seq: i64,
    inbound_seq: i64,
    waiting_since_ms: Option<i64>,
    #[serde(deserialize_with = "flag")]
    needs_reply: bool,
    #[serde(deserialize_with = "flag")]
    urgent: bool,
    word_seq: i64,
    pub sort_ms: i64,
    pub asleep_until_ms: Option<i64>,
    pub ends_ms: Option<i64>,
    #[serde(deserialize_with = "flag")]
    reopened: bool,
    labels: Option<String>,
    queued_labels: Option<String>,
    draft: Option<String>,
    draft_reason: Option<String>,
    /// The states of the parts that did not leave for good, one name after the other.
    outgoing: Option<String>,
    /// The state of a part, and after a space its text.
    leaving: Option<String>,
    pub mentioned_ms: Option<i64>,
    mention_seq: Option<i64>,
    #[serde(deserialize_with = "flag")]
    mention_open: bool,
    reply_waits: Option<String>,
}

impl Store {
    /// A thread as it stands at `now_ms` of Meta's time, under the facts of its account as they are now: what is decided by
    /// it, a send above all, is decided by nothing older.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none.
    pub async fn thread(&self, thread: ThreadId, now_ms: i64) -> Result<ThreadRow> {
        let mut conn = self.read().acquire().await?;
        if recompute::is_thread_due(&mut conn, thread).await? {
            drop(conn);
            self.compute_one(thread).await?;
            conn = self.read().acquire().await?;
        }
        at(&mut conn, thread, now_ms).await
    }

    /// This desk's number for a thread.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn thread_id(&self, key: &ThreadKey) -> Result<Option<ThreadId>> {
        let mut conn = self.read().acquire().await?;
        find(&mut conn, key).await
    }

    /// The seqs that a grant is checked against: version and last word.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such thread.
    pub async fn thread_head_seqs(&self, thread: ThreadId) -> Result<(u64, u64)> {
        let seqs: Option<(i64, i64)> =
            sqlx::query_as("SELECT max(assignee_seq, status_seq), word_seq FROM thread WHERE thread_id = ?")
                .bind(thread.0)
                .fetch_optional(self.read())
                .await?;
        let (version, word) = seqs.ok_or(StoreError::Missing("thread"))?;
        Ok((seq_out(version), seq_out(word)))
    }
}

/// A thread as it stands at `now_ms`.
pub(super) async fn at(conn: &mut Conn, thread: ThreadId, now_ms: i64) -> Result<ThreadRow> {
    let sql = format!("SELECT json_array({COLUMNS}) FROM thread t {JOINS} WHERE t.thread_id = ?");
    let row: Option<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(thread.0).fetch_optional(conn).await?;
    of_json::<Row>(&row.ok_or(StoreError::Missing("thread"))?)?.at(now_ms)
}

/// Some threads as they stand at `now_ms`, in the order in which they are named; without those that are not there.
pub(super) async fn all_at(conn: &mut Conn, threads: &[i64], now_ms: i64) -> Result<Vec<ThreadRow>> {
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    let from = format!("json_each(?) j CROSS JOIN thread t ON t.thread_id = j.value {JOINS}");
    let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(as_json::page(COLUMNS, &from, "j.key")))
        .bind(to_json(&threads)?)
        .fetch_one(conn)
        .await?;
    of_json::<Vec<Row>>(&rows)?.into_iter().map(|row| row.at(now_ms)).collect()
}

pub(super) async fn find(conn: &mut Conn, key: &ThreadKey) -> Result<Option<ThreadId>> {
    let id: Option<i64> =
        sqlx::query_scalar("SELECT thread_id FROM thread WHERE account = ? AND customer = ?")
            .bind(key.account.as_str())
            .bind(key.customer.as_str())
            .fetch_optional(conn)
            .await?;
    Ok(id.map(ThreadId))
}

/// Of each of these customers the thread, where there is one, and up to which seq it was erased.
pub(super) async fn look_up(
    conn: &mut Conn,
    account: &AccountId,
    customers: &BTreeSet<&CustomerId>,
) -> Result<Vec<(CustomerId, Option<ThreadId>, u64)>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, Option<i64>, i64)> = sqlx::query_as(
        "SELECT j.value, t.thread_id, coalesce(c.erased_seq, 0) FROM json_each(?2) j
         LEFT JOIN thread t ON t.account = ?1 AND t.customer = j.value
         LEFT JOIN customer c ON c.account = ?1 AND c.customer = j.value",
    )
    .bind(account.as_str())
    .bind(to_json(&customers)?)
    .fetch_all(conn)
    .await?;
    let found = found.into_iter();
    Ok(found
        .map(|(customer, thread, seq)| (CustomerId::from(customer), thread.map(ThreadId), seq_out(seq)))
        .collect())
}

/// The thread, made when it is not there.
pub(super) async fn ensure(conn: &mut Conn, key: &ThreadKey) -> Result<ThreadId> {
    if let Some(thread) = find(conn, key).await? {
        return Ok(thread);
    }
    customer::ensure(conn, &key.account, &key.customer).await?;
    let id: i64 =
        sqlx::query_scalar("INSERT INTO thread (account, customer) VALUES (?, ?) RETURNING thread_id")
            .bind(key.account.as_str())
            .bind(key.customer.as_str())
            .fetch_one(conn)
            .await?;
    Ok(ThreadId(id))
}

/// What matters to control on the thread's account.
pub(super) async fn facts(conn: &mut Conn, thread: ThreadId) -> Result<AccountFacts> {
    account::facts_of_thread(conn, thread).await?.ok_or(StoreError::Missing("thread"))
}

/// What the team decided about threads themselves, as far as a batch tells: of each kind the newest of each thread.
#[derive(Debug, Default)]
pub(super) struct Decided {
    assigned: BTreeMap<ThreadId, (u64, Option<AgentId>)>,
    status: BTreeMap<ThreadId, (u64, Status)>,
    urgent: BTreeMap<ThreadId, (u64, bool)>,
}

impl Decided {
    /// Takes in a fact; one that decides nothing about the thread itself is let be.
    pub(super) fn add(&mut self, thread: ThreadId, seq: u64, fact: &TeamFact) {
        match fact {
            TeamFact::Assigned { assignee, .. } => newest(&mut self.assigned, thread, seq, *assignee),
            TeamFact::StatusSet { status, .. } => newest(&mut self.status, thread, seq, status.clone()),
            TeamFact::PrioritySet { urgent, .. } => newest(&mut self.urgent, thread, seq, *urgent),
            _ => {}
        }
    }

    /// Writes it where nothing newer stands.
    pub(super) async fn write(self, conn: &mut Conn) -> Result<()> {
        if !self.assigned.is_empty() {
            let rows = rows(self.assigned, |agent| Ok(json!(agent)))?;
            sqlx::query!(
                "UPDATE thread SET assignee = j.value ->> 2, assignee_seq = j.value ->> 1 FROM json_each(?) j
                 WHERE thread.thread_id = j.value ->> 0 AND thread.assignee_seq < j.value ->> 1",
                rows
            )
            .execute(&mut *conn)
            .await?;
        }
        if !self.status.is_empty() {
            let rows = rows(self.status, |status| Ok(json!(to_json(&status)?)))?;
            sqlx::query!(
                "UPDATE thread SET status = j.value ->> 2, status_seq = j.value ->> 1 FROM json_each(?) j
                 WHERE thread.thread_id = j.value ->> 0 AND thread.status_seq < j.value ->> 1",
                rows
            )
            .execute(&mut *conn)
            .await?;
        }
        if !self.urgent.is_empty() {
            let rows = rows(self.urgent, |urgent| Ok(json!(urgent)))?;
            sqlx::query!(
                "UPDATE thread SET urgent = j.value ->> 2, urgent_seq = j.value ->> 1 FROM json_each(?) j
                 WHERE thread.thread_id = j.value ->> 0 AND thread.urgent_seq < j.value ->> 1",
                rows
            )
            .execute(conn)
            .await?;
        }
        Ok(())
    }
}

fn newest<T>(of: &mut BTreeMap<ThreadId, (u64, T)>, thread: ThreadId, seq: u64, said: T) {
    if of.get(&thread).is_none_or(|(known, _)| *known < seq) {
        of.insert(thread, (seq, said));
    }
}

/// One row of JSON per thread: its number, the seq, and what was decided.
fn rows<T>(of: BTreeMap<ThreadId, (u64, T)>, told: impl Fn(T) -> Result<Value>) -> Result<String> {
    let rows: Vec<(i64, i64, Value)> = of
        .into_iter()
        .map(|(thread, (seq, said))| Ok((thread.0, seq_in(seq), told(said)?)))
        .collect::<Result<_>>()?;
    to_json(&rows)
}

/// The customer did something that opens the window and is no message.
pub(super) async fn acted(conn: &mut Conn, thread: ThreadId, at_ms: i64) -> Result<()> {
    sqlx::query!(
        "UPDATE thread SET acted_ms = max(coalesce(acted_ms, 0), ?2) WHERE thread_id = ?1",
        thread.0,
        at_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The threads of an account.
pub(super) async fn of_account(conn: &mut Conn, account: &AccountId) -> Result<Vec<ThreadId>> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT thread_id FROM thread WHERE account = ?")
        .bind(account.as_str())
        .fetch_all(conn)
        .await?;
    Ok(ids.into_iter().map(ThreadId).collect())
}

/// Threads of an account, so many at most, in no order.
pub(super) async fn some_of_account(
    conn: &mut Conn,
    account: &AccountId,
    most: usize,
) -> Result<Vec<ThreadId>> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT thread_id FROM thread WHERE account = ? LIMIT ?")
        .bind(account.as_str())
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?;
    Ok(ids.into_iter().map(ThreadId).collect())
}

/// The next threads of an account after the one with this number, in the order of their numbers.
pub(super) async fn after(
    conn: &mut Conn,
    account: &AccountId,
    after: ThreadId,
    most: usize,
) -> Result<Vec<ThreadId>> {
    // By the numbers and not by the index of accounts, which would be sorted anew for every piece.
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT thread_id FROM thread WHERE +account = ? AND thread_id > ? ORDER BY thread_id LIMIT ?",
    )
    .bind(account.as_str())
    .bind(after.0)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(ThreadId).collect())
}

/// Drops what team facts said of these threads, a JSON array of their numbers, for a resync, and the places of what was said.
pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    for sql in [
        "UPDATE thread SET assignee = NULL, assignee_seq = 0, status = '{\"status\":\"open\"}', status_seq = 0,
           urgent = 0, urgent_seq = 0
         WHERE thread_id IN (SELECT value FROM json_each(?))",
        "UPDATE message SET seq = NULL
         WHERE thread_id IN (SELECT value FROM json_each(?)) AND seq IS NOT NULL",
        "UPDATE reaction SET on_seq = 0, on_ms = 0 WHERE thread_id IN (SELECT value FROM json_each(?))",
    ] {
        sqlx::query(sql).bind(threads).execute(&mut *conn).await?;
    }
    Ok(())
}

impl Row {
    pub(super) fn at(self, now_ms: i64) -> Result<ThreadRow> {
        let status: Status = of_json(&self.status)?;
        let inbound_seq = seq_out(self.inbound_seq);
        let owner: OwnerState = of_json(&self.owner)?;
        let by = Author::of_name(
            &self.preview_by,
            parsed_some(self.preview_agent.as_deref())?,
            self.preview_app.map(AppId::from),
        );
        let (leaving_is, leaving) = match self.leaving.as_deref().and_then(|said| said.split_once(' ')) {
            Some((state, text)) => {
                (Outgoing::of(state), Some(first_line(text)).filter(|line| !line.is_empty()))
            }
            None => (Outgoing::default(), None),
        };
        Ok(ThreadRow {
            id: ThreadId(self.thread_id),
            platform: parsed_some(self.platform.as_deref())?,
            account_name: self.account_name.unwrap_or_else(|| self.account.clone()),
            key: ThreadKey {
                account: AccountId::from(self.account),
                customer: CustomerId::from(self.customer),
            },
            customer_name: self.customer_name,
            named_by_hand: self.named_by_hand,
            is_name_read: self.is_name_read,
            block: Block::of(self.blocked, self.spam),
            preview: Preview { by, text: self.preview, kind: self.preview_kind.parse().unwrap_or_default() },
            last_at_ms: self.last_at_ms,
            unread: self.unread,
            owner: owner.at(now_ms),
            last_opening_ms: self.last_opening_ms,
            assignee: parsed_some(self.assignee.as_deref())?,
            status: effective_status(&status, self.reopened, Some(now_ms)),
            waiting_since_ms: self.waiting_since_ms,
            needs_reply: self.needs_reply,
            urgent: self.urgent,
            labels: label::of_thread(self.labels.as_deref(), self.queued_labels.as_deref())?,
            mention: self.mentioned_ms.zip(self.mention_seq).map(|(at_ms, seq)| Mention {
                at_ms,
                seq: seq_out(seq),
                is_open: self.mention_open,
            }),
            draft: self.draft.map(|text| first_line(&text)),
            draft_reason: self.draft_reason,
            outgoing: Outgoing::of(self.outgoing.as_deref().unwrap_or_default()),
            leaving,
            leaving_is,
            reply_waits: parsed_some(self.reply_waits.as_deref())?,
            version: seq_out(self.assignee_seq.max(self.status_seq)),
            word_seq: seq_out(self.word_seq),
            inbound_seq,
        })
    }
}
