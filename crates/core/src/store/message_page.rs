//! Pages of a thread's messages, with all that is shown beside each.

use std::collections::{BTreeMap, HashMap};

use baton_messenger::Mid;
use baton_messenger::id::AppId;
use serde::Deserialize;

use super::as_json::flag;
use super::beside::Beside;
use super::edit::EditRow;
use super::error::{of_json, parsed, parsed_some, to_json};
use super::message::{Author, Delivery, Earlier, MessageKind, Quote};
use super::read_mark::is_unread;
use super::{
    Conn, MessageKey, MessageRow, PartKey, Result, Store, ThreadId, as_json, beside, crossed, seq_out, thread,
};

/// One page never holds more.
const MOST: u32 = 200;

/// Which messages: 1 thread, 2 to 4 where to begin, 5 how many.
const PAGE: &str = "WITH page AS MATERIALIZED (
           SELECT * FROM message
           WHERE thread_id = ?1 AND (at_ms, tie, key) < (?2, ?3, ?4)
           ORDER BY at_ms DESC, tie DESC, key DESC LIMIT ?5)";

/// Which messages: 1 thread, 2 to 4 where to begin, 5 how many.
const FROM: &str = "WITH page AS MATERIALIZED (
           SELECT * FROM message
           WHERE thread_id = ?1 AND (at_ms, tie, key) >= (?2, ?3, ?4)
           ORDER BY at_ms, tie, key LIMIT ?5)";

/// Which messages: 1 thread, 2 their keys.
const NAMED: &str = "WITH page AS MATERIALIZED (
           SELECT * FROM message WHERE thread_id = ?1 AND key IN (SELECT value FROM json_each(?2)))";

/// The columns of [`Row`] up to what crossed it, in its order.
const COLUMNS: &str = "m.message_id, m.key, m.mid, m.at_ms, m.tie, m.kind, m.inbound, m.text, m.app, m.part,
  m.heard, m.rank, m.seq, m.unsent, m.reply_to, m.extra,
  -- What was said before the account was connected has no notice that could have been lost.
  m.found_late = 1 AND m.at_ms >= coalesce(
    (SELECT connected_ms FROM account WHERE account.account = t.account), 0)
    -- One that was announced and looked up had its notice.
    AND NOT EXISTS (SELECT 1 FROM raw_entry e WHERE e.log = t.account AND e.mid = m.mid AND e.kind = 'meta'),
  coalesce(p.agent, q.agent), coalesce(p.reply, q.reply),
  coalesce(p.tag, q.tag) IS NOT NULL, coalesce(p.unchecked, q.unchecked, 0),
  coalesce((SELECT o.key FROM outbox_part o WHERE o.part = m.part),
           (SELECT f.key FROM outbox_former f WHERE f.part = m.part),
           (SELECT o.key FROM outbox_part o WHERE o.mid = m.mid)),
  m.receipt >= 2 OR m.at_ms <= max(t.seen_ms, coalesce(s.at_ms, 0)),
  m.receipt >= 1 OR m.at_ms <= max(t.delivered_ms, coalesce(s.at_ms, 0))";

/// What the columns are read from.
const FROM_PAGE: &str = "page m
  JOIN thread t ON t.thread_id = ?1
  LEFT JOIN (SELECT max(at_ms) AS at_ms FROM message WHERE thread_id = ?1 AND receipt = 2) s
  LEFT JOIN team_part p ON p.part = m.part
  LEFT JOIN team_part q ON m.part IS NULL AND q.mid = m.mid";

/// The statement for these messages with all that is told of them, oldest first.
fn told_of(which: &str) -> String {
    let columns = format!("{COLUMNS}, {}", crossed::COLUMNS);
    format!("{which} {}", as_json::page(&columns, FROM_PAGE, "m.at_ms, m.tie, m.key"))
}

#[derive(Deserialize)]
struct Row {
    message_id: i64,
    key: String,
    mid: Option<String>,
    at_ms: i64,
    tie: i64,
    kind: String,
    #[serde(deserialize_with = "flag")]
    inbound: bool,
    text: Option<String>,
    app: Option<String>,
    part: Option<String>,
    heard: Option<String>,
    rank: i64,
    seq: Option<i64>,
    #[serde(deserialize_with = "flag")]
    unsent: bool,
    reply_to: Option<String>,
    extra: Option<String>,
    #[serde(deserialize_with = "flag")]
    found_late: bool,
    agent: Option<String>,
    reply: Option<String>,
    #[serde(deserialize_with = "flag")]
    tagged: bool,
    #[serde(deserialize_with = "flag")]
    unchecked: bool,
    own_part: Option<String>,
    #[serde(deserialize_with = "flag")]
    seen: bool,
    #[serde(deserialize_with = "flag")]
    delivered: bool,
    crossed_by_word: Option<String>,
    crossed_by_part: Option<String>,
}

impl Store {
    /// A page of a thread's messages, oldest first: the newest before `before`, or the newest of all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn messages(
        &self,
        thread: ThreadId,
        before: Option<&MessageKey>,
        limit: u32,
    ) -> Result<Vec<MessageRow>> {
        let mut conn = self.read().acquire().await?;
        page(&mut conn, thread, before, limit).await
    }

    /// How the database would carry out [`Store::messages`], for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_messages(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", told_of(PAGE))))
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }

    /// Messages of the account between two moments, oldest first: candidates when nobody knows how a send ended.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn messages_between(
        &self,
        thread: ThreadId,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<Vec<MessageRow>> {
        let until = MessageKey { at_ms: to_ms, tie: i64::MIN, key: String::new() };
        let mut page = self.messages(thread, Some(&until), MOST).await?;
        page.retain(|message| message.place.at_ms >= from_ms && !message.inbound);
        Ok(page)
    }
}

/// A page of a thread's messages, oldest first.
pub(super) async fn page(
    conn: &mut Conn,
    thread: ThreadId,
    before: Option<&MessageKey>,
    limit: u32,
) -> Result<Vec<MessageRow>> {
    let newest = MessageKey { at_ms: i64::MAX, tie: i64::MAX, key: String::new() };
    let rows = rows(conn, PAGE, thread, before.unwrap_or(&newest), limit).await?;
    shown(conn, thread, rows).await
}

/// A page of a thread's messages from a place on, the place itself first, oldest first.
pub(super) async fn page_from(
    conn: &mut Conn,
    thread: ThreadId,
    from: &MessageKey,
    limit: u32,
) -> Result<Vec<MessageRow>> {
    let rows = rows(conn, FROM, thread, from, limit).await?;
    shown(conn, thread, rows).await
}

/// The messages with what hangs on them and what they answer, oldest first.
async fn shown(conn: &mut Conn, thread: ThreadId, rows: Vec<Row>) -> Result<Vec<MessageRow>> {
    let facts = thread::facts(conn, thread).await?;
    let quoted: Vec<String> = rows.iter().filter_map(|row| row.reply_to.clone()).collect();
    let mut shown = told(conn, thread, rows, facts.our_app.as_ref()).await?;
    if quoted.is_empty() {
        return Ok(shown);
    }
    let originals = named(conn, thread, &quoted).await?;
    let originals = told(conn, thread, originals, facts.our_app.as_ref()).await?;
    let originals: HashMap<String, MessageRow> =
        originals.into_iter().map(|original| (original.place.key.clone(), original)).collect();
    for quote in shown.iter_mut().filter_map(|message| message.reply_to.as_mut()) {
        quote.original = originals.get(quote.mid.as_str()).cloned().map(Box::new);
    }
    Ok(shown)
}

/// Messages of a thread as quotes, without what they answer in turn.
pub(super) async fn quotes(conn: &mut Conn, thread: ThreadId, mids: &[Mid]) -> Result<BTreeMap<Mid, Quote>> {
    if mids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let facts = thread::facts(conn, thread).await?;
    let keys: Vec<String> = mids.iter().map(ToString::to_string).collect();
    let rows = named(conn, thread, &keys).await?;
    let originals = told(conn, thread, rows, facts.our_app.as_ref()).await?;
    let mut quotes: BTreeMap<Mid, Quote> =
        mids.iter().map(|mid| (mid.clone(), Quote { mid: mid.clone(), original: None })).collect();
    for original in originals {
        if let Some(quote) = quotes.get_mut(&Mid::from(original.place.key.as_str())) {
            quote.original = Some(Box::new(original));
        }
    }
    Ok(quotes)
}

/// The place of the first message that is unread, of a thread that was read up to this seq.
pub(super) async fn first_unread(
    conn: &mut Conn,
    thread: ThreadId,
    read_seq: u64,
) -> Result<Option<MessageKey>> {
    let place: Option<(i64, i64, String)> = sqlx::query_as(concat!(
        "SELECT m.at_ms, m.tie, m.key FROM thread t CROSS JOIN message m ON m.thread_id = t.thread_id
         WHERE t.thread_id = ?1 AND ",
        is_unread!("t.account", "?2"),
        " ORDER BY m.seq LIMIT 1"
    ))
    .bind(thread.0)
    .bind(super::seq_in(read_seq))
    .fetch_optional(conn)
    .await?;
    Ok(place.map(|(at_ms, tie, key)| MessageKey { at_ms, tie, key }))
}

async fn rows(
    conn: &mut Conn,
    which: &'static str,
    thread: ThreadId,
    place: &MessageKey,
    limit: u32,
) -> Result<Vec<Row>> {
    let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(told_of(which)))
        .bind(thread.0)
        .bind(place.at_ms)
        .bind(place.tie)
        .bind(&place.key)
        .bind(limit.min(MOST))
        .fetch_one(conn)
        .await?;
    of_json(&rows)
}

async fn named(conn: &mut Conn, thread: ThreadId, keys: &[String]) -> Result<Vec<Row>> {
    let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(told_of(NAMED)))
        .bind(thread.0)
        .bind(to_json(&keys)?)
        .fetch_one(conn)
        .await?;
    of_json(&rows)
}

/// The messages with what hangs on them.
async fn told(
    conn: &mut Conn,
    thread: ThreadId,
    rows: Vec<Row>,
    our_app: Option<&AppId>,
) -> Result<Vec<MessageRow>> {
    let named: Vec<beside::Named<'_>> =
        rows.iter().map(|row| (row.message_id, row.key.as_str(), row.mid.as_deref())).collect();
    let mut found = beside::of_messages(conn, thread, &named).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let beside = found.remove(&row.message_id).unwrap_or_default();
        shown.push(row.into_message(beside, our_app)?);
    }
    Ok(shown)
}

/// A text as it is now, and what it was before. Graph gives only the text as it is now.
fn history(at_ms: i64, first: Option<String>, edits: Vec<EditRow>) -> (Option<String>, Vec<Earlier>) {
    let first = first.map(|text| Earlier { at_ms, text });
    let edits = edits.into_iter().map(|edit| Earlier { at_ms: edit.at_ms, text: edit.text });
    let mut said: Vec<Earlier> = first.into_iter().chain(edits).collect();
    let now = said.pop().map(|last| last.text);
    said.retain(|earlier| Some(&earlier.text) != now.as_ref());
    (now, said)
}

impl Row {
    fn into_message(self, beside: Beside, our_app: Option<&AppId>) -> Result<MessageRow> {
        let kind: MessageKind = parsed(&self.kind)?;
        let edited = !beside.edits.is_empty() && !self.unsent;
        let (text, earlier) = history(self.at_ms, self.text, beside.edits);
        let part = parsed_some(self.part.as_deref())?;
        let is_echo = !self.inbound && kind == MessageKind::Message;
        let crossed =
            crossed::by([self.crossed_by_word.as_deref(), self.crossed_by_part.as_deref()], our_app)?;
        let author = if self.inbound {
            Author::Customer
        } else if kind == MessageKind::Unknown {
            Author::Account
        } else if is_echo {
            let agent = parsed_some(self.agent.as_deref())?;
            Author::of_echo(agent, part, self.app.map(AppId::from), our_app)
        } else {
            Author::System
        };
        let delivery = match (self.seen, self.delivered) {
            (true, _) => Delivery::Seen,
            (false, true) => Delivery::Delivered,
            (false, false) => Delivery::Sent,
        };
        Ok(MessageRow {
            number: self.message_id,
            place: MessageKey { at_ms: self.at_ms, tie: self.tie, key: self.key },
            mid: self.mid.map(Mid::from),
            kind,
            inbound: self.inbound,
            author,
            edited,
            text: text.filter(|_| !self.unsent),
            earlier: if self.unsent { Vec::new() } else { earlier },
            attachments: beside.attachments,
            media: beside.media,
            reactions: beside.reactions,
            delivery: is_echo.then_some(delivery),
            part,
            reply: parsed_some(self.reply.as_deref())?,
            own_part: parsed_some(self.own_part.as_deref())?.map(PartKey),
            tagged: self.tagged,
            unchecked: self.unchecked,
            crossed: crossed.filter(|_| is_echo && !self.unsent),
            unsent: self.unsent,
            standby: self.heard.as_deref() == Some("standby"),
            found_late: self.found_late && self.rank <= 1,
            reply_to: self.reply_to.map(|mid| Quote { mid: Mid::from(mid), original: None }),
            extra: self.extra.as_deref().map(of_json).transpose()?.unwrap_or_default(),
            seq: self.seq.map(seq_out),
        })
    }
}

/// The first line of a text, cut to what a list can show.
pub(super) fn first_line(text: &str) -> String {
    const CHARS: usize = 160;
    text.trim().lines().next().unwrap_or_default().chars().take(CHARS).collect()
}
