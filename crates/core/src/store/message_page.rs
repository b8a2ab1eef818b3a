//! Pages of a thread's messages, with all that is shown beside each.

use baton_messenger::Mid;
use baton_messenger::id::AppId;

use super::error::{of_json, parsed, parsed_some};
use super::message::{Author, Delivery, MessageKind};
use super::{
    Conn, MessageKey, MessageRow, PartKey, Result, Store, ThreadId, attachment, reaction, seq_out, thread,
};

/// One page never holds more.
const MOST: u32 = 200;

/// 1 thread, 2 to 4 where to begin, 5 how many.
const PAGE: &str = "WITH page AS MATERIALIZED (
           SELECT * FROM message
           WHERE thread_id = ?1 AND (at_ms, tie, key) < (?2, ?3, ?4)
           ORDER BY at_ms DESC, tie DESC, key DESC LIMIT ?5)
         SELECT m.message_id, m.key, m.mid, m.at_ms, m.tie, m.kind, m.inbound, m.text, m.app, m.part, m.heard, m.rank,
           m.found_late, m.seq, m.unsent, m.reply_to, m.extra,
           (SELECT e.text FROM message_edit e WHERE e.thread_id = ?1 AND e.mid = m.mid ORDER BY e.num DESC LIMIT 1)
             AS edit,
           coalesce(p.agent, q.agent) AS agent,
           coalesce(p.tag, q.tag) IS NOT NULL AS tagged,
           coalesce((SELECT o.key FROM outbox_part o WHERE o.part = m.part),
                    (SELECT f.key FROM outbox_former f WHERE f.part = m.part),
                    (SELECT o.key FROM outbox_part o WHERE o.mid = m.mid)) AS own_part,
           m.receipt >= 2 OR m.at_ms <= max(t.seen_ms, coalesce(s.at_ms, 0)) AS seen,
           m.receipt >= 1 OR m.at_ms <= max(t.delivered_ms, coalesce(s.at_ms, 0)) AS delivered,
           (SELECT coalesce(a.text, '') FROM message a WHERE a.thread_id = ?1 AND a.key = m.reply_to) AS answered
         FROM page m
         JOIN thread t ON t.thread_id = ?1
         LEFT JOIN (SELECT max(at_ms) AS at_ms FROM message WHERE thread_id = ?1 AND receipt = 2) s
         LEFT JOIN team_part p ON p.part = m.part
         LEFT JOIN team_part q ON m.part IS NULL AND q.mid = m.mid
         ORDER BY m.at_ms DESC, m.tie DESC, m.key DESC";

#[derive(sqlx::FromRow)]
struct Row {
    message_id: i64,
    key: String,
    mid: Option<String>,
    at_ms: i64,
    tie: i64,
    kind: String,
    inbound: bool,
    text: Option<String>,
    app: Option<String>,
    part: Option<String>,
    heard: Option<String>,
    rank: i64,
    found_late: bool,
    seq: Option<i64>,
    unsent: bool,
    reply_to: Option<String>,
    extra: Option<String>,
    edit: Option<String>,
    agent: Option<String>,
    tagged: bool,
    own_part: Option<String>,
    seen: bool,
    delivered: bool,
    answered: Option<String>,
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
        let facts = thread::facts(&mut conn, thread).await?;
        let mut rows = rows(&mut conn, thread, before, limit.min(MOST)).await?;
        rows.reverse();
        let ids: Vec<i64> = rows.iter().map(|row| row.message_id).collect();
        let mids: Vec<&str> = rows.iter().filter_map(|row| row.mid.as_deref()).collect();
        let mut attachments = attachment::of_messages(&mut conn, &ids).await?;
        let mut reactions = reaction::of_messages(&mut conn, thread, &mids).await?;
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            let found = Beside {
                attachments: attachments.remove(&row.message_id).unwrap_or_default(),
                reactions: row.mid.as_ref().and_then(|mid| reactions.remove(mid)).unwrap_or_default(),
            };
            shown.push(row.into_message(found, facts.our_app.as_ref())?);
        }
        Ok(shown)
    }

    /// How the database would carry out [`Store::messages`], for the test that holds it to its index.
    #[doc(hidden)]
    pub async fn explain_messages(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {PAGE}")))
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }

    /// The place of the first inbound message that came after this seq: where the unread ones begin.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_unread(&self, thread: ThreadId, read_seq: u64) -> Result<Option<MessageKey>> {
        let place: Option<(i64, i64, String)> = sqlx::query_as(
            "SELECT at_ms, tie, key FROM message
             WHERE thread_id = ? AND inbound = 1 AND word = 1 AND seq > ? ORDER BY seq LIMIT 1",
        )
        .bind(thread.0)
        .bind(super::seq_in(read_seq))
        .fetch_optional(self.read())
        .await?;
        Ok(place.map(|(at_ms, tie, key)| MessageKey { at_ms, tie, key }))
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

struct Beside {
    attachments: Vec<super::AttachmentRow>,
    reactions: Vec<super::ReactionRow>,
}

async fn rows(
    conn: &mut Conn,
    thread: ThreadId,
    before: Option<&MessageKey>,
    limit: u32,
) -> Result<Vec<Row>> {
    let newest = MessageKey { at_ms: i64::MAX, tie: i64::MAX, key: String::new() };
    let before = before.unwrap_or(&newest);
    let rows = sqlx::query_as(PAGE)
        .bind(thread.0)
        .bind(before.at_ms)
        .bind(before.tie)
        .bind(&before.key)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(rows)
}

impl Row {
    fn into_message(self, beside: Beside, our_app: Option<&AppId>) -> Result<MessageRow> {
        let kind: MessageKind = parsed(&self.kind)?;
        let part = parsed_some(self.part.as_deref())?;
        let is_echo = !self.inbound && kind == MessageKind::Message;
        let author = if self.inbound {
            Author::Customer
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
            place: MessageKey { at_ms: self.at_ms, tie: self.tie, key: self.key },
            mid: self.mid.map(Mid::from),
            kind,
            inbound: self.inbound,
            author,
            edited: self.edit.is_some() && !self.unsent,
            text: if self.unsent { None } else { self.edit.or(self.text) },
            attachments: beside.attachments,
            reactions: beside.reactions,
            delivery: is_echo.then_some(delivery),
            part,
            own_part: parsed_some(self.own_part.as_deref())?.map(PartKey),
            tagged: self.tagged,
            unsent: self.unsent,
            standby: self.heard.as_deref() == Some("standby"),
            found_late: self.found_late && self.rank <= 1,
            reply_to: self.reply_to.map(|mid| (Mid::from(mid), self.answered.map(|text| first_line(&text)))),
            extra: self.extra.as_deref().map(of_json).transpose()?,
            seq: self.seq.map(seq_out),
        })
    }
}

/// The first line of a text, cut to what a list can show.
pub(super) fn first_line(text: &str) -> String {
    const CHARS: usize = 160;
    text.trim().lines().next().unwrap_or_default().chars().take(CHARS).collect()
}
