//! Writes to `message` and what hangs on it: `attachment`, `reaction`, `message_edit`, `receipt`, `unsent`.
//!
//! Every write is a union, a maximum, or "the better source wins", so that order and repeats do not matter.

use std::collections::BTreeMap;

use baton_messenger::id::{AppId, INSTAGRAM_INBOX, PAGE_INBOX};
use baton_messenger::webhook::plain_json;
use baton_messenger::{AccountId, CustomerId, Mid};
use baton_protocol::PartId;
use baton_protocol::team::TeamFact;
use baton_thread::Heard;

use super::error::to_json;
use super::search::Pending;
use super::team_part::PartTold;
use super::{Conn, Result, ThreadId, seq_in, team_part};
use crate::apply::{Grade, MessageSaid, ReactionSaid, ReceiptSaid};

/// The rank of what only a page of history tells.
pub(super) const OF_HISTORY: i64 = Grade::Audit as i64;

pub(super) async fn id_of(conn: &mut Conn, thread: ThreadId, key: &str) -> Result<Option<i64>> {
    let id = sqlx::query_scalar("SELECT message_id FROM message WHERE thread_id = ? AND key = ?");
    Ok(id.bind(thread.0).bind(key).fetch_optional(conn).await?)
}

/// What holds whichever source wins.
pub(super) async fn join(conn: &mut Conn, id: i64, said: &MessageSaid, seq: u64) -> Result<()> {
    let seq = seq_in(seq);
    let part = said.part.map(|part| part.to_string());
    sqlx::query!(
        "UPDATE message SET seq = min(coalesce(seq, ?2), ?2), word = max(word, ?3), opens = max(opens, ?4),
           found_late = max(found_late, ?5), part = coalesce(part, ?6)
         WHERE message_id = ?1",
        id,
        seq,
        said.counts,
        said.opens,
        said.found_late,
        part
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The content of the better source, and of the newer of two pages of history.
pub(super) async fn replace_if_better(conn: &mut Conn, id: i64, said: &MessageSaid) -> Result<bool> {
    let text = said.text.as_deref();
    let app = said.app.as_ref().map(AppId::as_str);
    let heard = said.heard.map(heard_name);
    let grade = said.told.grade as i64;
    let reply_to = said.reply_to.as_ref().map(Mid::as_str);
    let extra = said.extra.as_ref().map(to_json).transpose()?;
    let mid = said.mid.as_ref().map(Mid::as_str);
    let done = sqlx::query!(
        "UPDATE message SET at_ms = ?2, tie = ?3, kind = ?4, inbound = ?5, text = ?6, app = ?7, heard = ?8, rank = ?9,
           told_ms = ?10, told_key = ?11, reply_to = ?12, extra = ?13, mid = ?14
         WHERE message_id = ?1 AND (rank, told_ms, told_key) < (?9, ?10, ?11)",
        id,
        said.at_ms,
        said.tie,
        said.kind,
        said.inbound,
        text,
        app,
        heard,
        grade,
        said.told.ms,
        said.told.key,
        reply_to,
        extra,
        mid
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn put_attachments(conn: &mut Conn, id: i64, said: &MessageSaid) -> Result<()> {
    sqlx::query!("DELETE FROM attachment WHERE message_id = ?", id).execute(&mut *conn).await?;
    if said.attachments.is_empty() {
        return Ok(());
    }
    let rows: Vec<serde_json::Value> = said
        .attachments
        .iter()
        .map(|a| {
            let payload = a.payload.as_ref().map(ToString::to_string);
            serde_json::json!([a.kind, a.url, a.title, payload])
        })
        .collect();
    let rows_json = to_json(&rows)?;
    sqlx::query!(
        "INSERT INTO attachment (message_id, idx, kind, url, title, payload)
         SELECT ?1, key, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?2)",
        id,
        rows_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a person of ours, or in Meta's inbox, said what the account said; and whether it is a word.
///
/// A page of history does not tell which app sent a message. What the account said and no echo claims for an app counts as
/// a person's: else whoever was answered in Meta's inbox before the account was connected would wait here. Once its echo
/// comes, that decides. It is no word: nobody has to have seen it before answering.
pub(super) async fn classify(conn: &mut Conn, messages: &[i64], our_app: Option<&AppId>) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let messages_json = to_json(&messages)?;
    let our_app = our_app.map(AppId::as_str);
    sqlx::query!(
        "UPDATE message SET
           word = part IS NOT NULL OR coalesce(app IN (?2, ?3, ?4), 0),
           person = part IS NOT NULL OR coalesce(app IN (?2, ?3, ?4), 0)
             OR rank = ?5 OR EXISTS (SELECT 1 FROM team_part t WHERE t.mid = message.mid)
         WHERE message_id IN (SELECT value FROM json_each(?1)) AND inbound = 0 AND kind = 'message'",
        messages_json,
        our_app,
        PAGE_INBOX,
        INSTAGRAM_INBOX,
        OF_HISTORY
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The same for everything the account said, when it became known which app is ours.
pub(super) async fn classify_thread(
    conn: &mut Conn,
    thread: ThreadId,
    our_app: Option<&AppId>,
) -> Result<()> {
    let our_app = our_app.map(AppId::as_str);
    sqlx::query!(
        "UPDATE message SET
           word = part IS NOT NULL OR coalesce(app IN (?2, ?3, ?4), 0),
           person = part IS NOT NULL OR coalesce(app IN (?2, ?3, ?4), 0)
             OR rank = ?5 OR EXISTS (SELECT 1 FROM team_part t WHERE t.mid = message.mid)
         WHERE thread_id = ?1 AND inbound = 0 AND kind = 'message'",
        thread.0,
        our_app,
        PAGE_INBOX,
        INSTAGRAM_INBOX,
        OF_HISTORY
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Parts turned out to be these messages, as far as they are here.
pub(super) async fn proved(
    conn: &mut Conn,
    proved: &[(ThreadId, &Mid)],
    our_app: Option<&AppId>,
) -> Result<()> {
    let messages = ids_of(conn, proved).await?;
    classify(conn, &messages, our_app).await
}

async fn ids_of(conn: &mut Conn, messages: &[(ThreadId, &Mid)]) -> Result<Vec<i64>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Vec<(i64, &str)> = messages.iter().map(|(thread, mid)| (thread.0, mid.as_str())).collect();
    let ids = sqlx::query_scalar(
        "SELECT m.message_id FROM json_each(?) j
         CROSS JOIN message m ON m.thread_id = j.value ->> 0 AND m.key = j.value ->> 1",
    );
    Ok(ids.bind(to_json(&asked)?).fetch_all(conn).await?)
}

/// Who said something stands in the index with it, and the team may tell it later than Meta told the message.
pub(super) async fn before_their_authors_are_told(
    conn: &mut Conn,
    index: &mut Pending,
    told: &[PartTold<'_>],
) -> Result<()> {
    let proved: Vec<(ThreadId, &Mid)> =
        told.iter().filter_map(|told| Some((told.thread, team_part::mid_of(told.fact)?))).collect();
    let mut messages = ids_of(conn, &proved).await?;
    let started: Vec<&PartId> = told
        .iter()
        .filter_map(|told| match told.fact {
            TeamFact::SendStarted { part, .. } => Some(part),
            _ => None,
        })
        .collect();
    if !started.is_empty() {
        let of_parts: Vec<i64> = sqlx::query_scalar(
            "SELECT m.message_id FROM json_each(?) j CROSS JOIN message m ON m.part = j.value",
        )
        .bind(to_json(&started)?)
        .fetch_all(&mut *conn)
        .await?;
        messages.extend(of_parts);
    }
    index.before_all(conn, &messages).await
}

pub(super) async fn edited(
    conn: &mut Conn,
    index: &mut Pending,
    thread: ThreadId,
    mid: &Mid,
    num: i64,
    at_ms: i64,
    text: &str,
) -> Result<()> {
    if fate(conn, thread, mid).await? != Fate::Stands {
        return Ok(());
    }
    let mid = mid.as_str();
    if let Some(id) = id_of(conn, thread, mid).await? {
        index.before(conn, id).await?;
    }
    sqlx::query!(
        "INSERT INTO message_edit (thread_id, mid, num, at_ms, text) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, text = excluded.text
         WHERE (excluded.at_ms, excluded.text) > (message_edit.at_ms, message_edit.text)",
        thread.0,
        mid,
        num,
        at_ms,
        text
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A reaction that the entry at this seq tells of. That one was set stays known when it was taken away: it opened what it
/// opened. What only a page of history tells has no time, and opens nothing.
pub(super) async fn reacted(conn: &mut Conn, thread: ThreadId, seq: u64, said: &ReactionSaid) -> Result<()> {
    if fate(conn, thread, &said.mid).await? != Fate::Stands {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO reaction (thread_id, mid, actor, at_ms, key, emoji, on_seq, on_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?6 IS NULL OR ?4 = 0, 0, ?7), iif(?6 IS NULL, 0, ?4))
         ON CONFLICT DO UPDATE SET
           at_ms = iif((excluded.at_ms, excluded.key, coalesce(excluded.emoji, ''))
             > (reaction.at_ms, reaction.key, coalesce(reaction.emoji, '')), excluded.at_ms, reaction.at_ms),
           key = iif((excluded.at_ms, excluded.key, coalesce(excluded.emoji, ''))
             > (reaction.at_ms, reaction.key, coalesce(reaction.emoji, '')), excluded.key, reaction.key),
           emoji = iif((excluded.at_ms, excluded.key, coalesce(excluded.emoji, ''))
             > (reaction.at_ms, reaction.key, coalesce(reaction.emoji, '')), excluded.emoji, reaction.emoji),
           on_ms = iif(excluded.on_seq > reaction.on_seq, excluded.on_ms, reaction.on_ms),
           on_seq = max(excluded.on_seq, reaction.on_seq)",
    )
    .bind(thread.0)
    .bind(said.mid.as_str())
    .bind(&said.actor)
    .bind(said.at_ms)
    .bind(&said.key)
    .bind(said.emoji.as_deref())
    .bind(seq_in(seq))
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops the reactions of the account's own that the team's log told of: Meta brings no event of them. Those of a page of
/// history have no time.
pub(super) async fn forget_own_reactions(conn: &mut Conn, account: &AccountId, threads: &str) -> Result<()> {
    sqlx::query(
        "DELETE FROM reaction WHERE actor = ?1 AND at_ms > 0
           AND thread_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(account.as_str())
    .bind(threads)
    .execute(conn)
    .await?;
    Ok(())
}

/// Until when everything of a thread was delivered and seen, as far as a batch tells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watermarks {
    delivered_ms: i64,
    seen_ms: i64,
}

impl Watermarks {
    /// What was seen was delivered too.
    pub(super) fn add(&mut self, said: &ReceiptSaid) {
        let until_ms = said.watermark_ms.unwrap_or(0);
        self.delivered_ms = self.delivered_ms.max(until_ms);
        if said.seen {
            self.seen_ms = self.seen_ms.max(until_ms);
        }
    }
}

pub(super) async fn watermarks(conn: &mut Conn, moved: BTreeMap<ThreadId, Watermarks>) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, i64, i64)> = moved
        .into_iter()
        .filter(|(_, marks)| marks.delivered_ms > 0)
        .map(|(thread, marks)| (thread.0, marks.delivered_ms, marks.seen_ms))
        .collect();
    sqlx::query(
        "UPDATE thread SET delivered_ms = max(delivered_ms, j.value ->> 1), seen_ms = max(seen_ms, j.value ->> 2)
         FROM json_each(?) j WHERE thread.thread_id = j.value ->> 0",
    )
    .bind(to_json(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// A receipt of one message: its thread, its mid, and 1 for delivered or 2 for seen.
pub(super) type Received = (i64, String, i64);

/// Messages that receipts name.
pub(super) async fn receipts(conn: &mut Conn, received: &[Received]) -> Result<()> {
    if received.is_empty() {
        return Ok(());
    }
    let received_json = to_json(&received)?;
    sqlx::query!(
        "INSERT INTO receipt (thread_id, mid, grade) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
         WHERE true ON CONFLICT DO UPDATE SET grade = max(receipt.grade, excluded.grade)",
        received_json
    )
    .execute(&mut *conn)
    .await?;
    // The greatest of several that name one message is the one that stands by now.
    sqlx::query!(
        "UPDATE message SET receipt = max(message.receipt, r.grade)
         FROM json_each(?) j CROSS JOIN receipt r ON r.thread_id = j.value ->> 0 AND r.mid = j.value ->> 1
         WHERE message.thread_id = j.value ->> 0 AND message.key = j.value ->> 1",
        received_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A receipt may have come before its message.
pub(super) async fn receive_receipt(
    conn: &mut Conn,
    thread: ThreadId,
    id: i64,
    said: &MessageSaid,
) -> Result<()> {
    let Some(mid) = &said.mid else { return Ok(()) };
    let mid = mid.as_str();
    sqlx::query!(
        "UPDATE message SET receipt = coalesce(
           (SELECT grade FROM receipt WHERE thread_id = ?2 AND mid = ?3), receipt)
         WHERE message_id = ?1",
        id,
        thread.0,
        mid
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A message was taken back: its content goes, its place stays. One that comes later finds the note of it.
pub(super) async fn unsent(conn: &mut Conn, index: &mut Pending, thread: ThreadId, mid: &Mid) -> Result<()> {
    let mid = mid.as_str();
    let known = id_of(conn, thread, mid).await?;
    if let Some(id) = known {
        index.before(conn, id).await?;
    }
    sqlx::query!("INSERT INTO unsent (thread_id, mid) VALUES (?, ?) ON CONFLICT DO NOTHING", thread.0, mid)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM message_edit WHERE thread_id = ? AND mid = ?", thread.0, mid)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM reaction WHERE thread_id = ? AND mid = ?", thread.0, mid)
        .execute(&mut *conn)
        .await?;
    match known {
        Some(id) => clear(conn, id).await,
        None => Ok(()),
    }
}

/// What became of a message's content.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stands,
    /// Taken back: its place stays.
    Unsent,
    /// Erased with its customer: nothing of it stays.
    Erased,
}

async fn fate(conn: &mut Conn, thread: ThreadId, mid: &Mid) -> Result<Fate> {
    let (unsent, erased): (bool, bool) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM unsent WHERE thread_id = ?1 AND mid = ?2),
           EXISTS (SELECT 1 FROM erased WHERE thread_id = ?1 AND mid = ?2)",
    )
    .bind(thread.0)
    .bind(mid.as_str())
    .fetch_one(conn)
    .await?;
    Ok(match (unsent, erased) {
        (_, true) => Fate::Erased,
        (true, false) => Fate::Unsent,
        (false, false) => Fate::Stands,
    })
}

pub(super) async fn is_unsent(conn: &mut Conn, thread: ThreadId, mid: &Mid) -> Result<bool> {
    Ok(fate(conn, thread, mid).await? == Fate::Unsent)
}

/// Whether JSON names a message of this customer that was taken back; where nobody knows the customer, of anybody's.
pub(super) async fn names_unsent(
    conn: &mut Conn,
    account: &AccountId,
    customer: Option<&CustomerId>,
    json: &str,
) -> Result<bool> {
    const OF_CUSTOMER: &str =
        "SELECT EXISTS (SELECT 1 FROM thread t JOIN unsent u ON u.thread_id = t.thread_id
        WHERE t.account = ?1 AND t.customer = ?2 AND (instr(?3, u.mid) > 0 OR instr(?4, u.mid) > 0))";
    const OF_ANYBODY: &str =
        "SELECT EXISTS (SELECT 1 FROM unsent u JOIN thread t ON t.thread_id = u.thread_id
        WHERE t.account = ?1 AND ?2 IS NULL AND (instr(?3, u.mid) > 0 OR instr(?4, u.mid) > 0))";
    let sql = if customer.is_some() { OF_CUSTOMER } else { OF_ANYBODY };
    let names: bool = sqlx::query_scalar(sql)
        .bind(account.as_str())
        .bind(customer.map(CustomerId::as_str))
        .bind(json)
        .bind(plain_json(json).unwrap_or_default())
        .fetch_one(conn)
        .await?;
    Ok(names)
}

pub(super) async fn clear(conn: &mut Conn, id: i64) -> Result<()> {
    sqlx::query!("UPDATE message SET text = NULL, extra = NULL, unsent = 1 WHERE message_id = ?", id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM attachment WHERE message_id = ?", id).execute(conn).await?;
    Ok(())
}

pub(super) fn heard_name(heard: Heard) -> &'static str {
    match heard {
        Heard::Messaging => "messaging",
        Heard::Standby => "standby",
    }
}
