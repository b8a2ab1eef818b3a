//! Puts messages in, many at once: one look tells what is known of them, those that nobody knows become rows with one
//! statement, and the others are merged with what is there.

use std::collections::HashSet;

use baton_messenger::Mid;
use baton_messenger::id::AppId;
use serde_json::{Value, json};

use super::error::to_json;
use super::message_write::{
    classify, clear, heard_name, id_of, join, put_attachments, receive_receipt, replace_if_better,
};
use super::search::Pending;
use super::{Conn, Result, ThreadId, seq_in};
use crate::apply::MessageSaid;

/// A message that was told of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) thread: ThreadId,
    /// The entry that told of it.
    pub(super) seq: u64,
    pub(super) said: &'a MessageSaid,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Put {
    /// It was not known before.
    pub(super) is_new: bool,
    /// It was taken back, before or after.
    pub(super) is_unsent: bool,
}

/// What is known of a message before it is told of.
#[derive(Clone, Copy, sqlx::FromRow)]
struct Known {
    message_id: Option<i64>,
    is_unsent: bool,
    is_erased: bool,
    /// What a receipt that came before it says.
    receipt: i64,
    /// The highest number that a message was ever given.
    last_id: i64,
}

/// Stores messages, or merges them with what is known; says of each what came of it.
pub(super) async fn all(
    conn: &mut Conn,
    index: &mut Pending,
    told: &[Told<'_>],
    our_app: Option<&AppId>,
) -> Result<Vec<Put>> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(conn, told).await?;
    let mut put = vec![Put::default(); told.len()];
    let (mut new, mut other) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (place, (told, known)) in told.iter().zip(&known).enumerate() {
        if known.is_erased {
            continue;
        }
        let is_new = known.message_id.is_none() && seen.insert((told.thread, told.said.key.as_str()));
        put[place] = Put { is_new, is_unsent: known.is_unsent };
        if is_new { new.push((*told, known)) } else { other.push((*told, *known)) }
    }
    insert(conn, index, &new, our_app).await?;
    let known: Vec<i64> = other.iter().filter_map(|(_, known)| known.message_id).collect();
    index.before_all(conn, &known).await?;
    for (told, known) in other {
        merge(conn, index, told, known, our_app).await?;
    }
    Ok(put)
}

async fn known(conn: &mut Conn, told: &[Told<'_>]) -> Result<Vec<Known>> {
    let asked: Vec<(i64, &str, Option<&str>)> = told
        .iter()
        .map(|told| (told.thread.0, told.said.key.as_str(), told.said.mid.as_ref().map(Mid::as_str)))
        .collect();
    let known = sqlx::query_as(
        "SELECT (SELECT message_id FROM message WHERE thread_id = j.value ->> 0 AND key = j.value ->> 1) AS message_id,
           EXISTS (SELECT 1 FROM unsent WHERE thread_id = j.value ->> 0 AND mid = j.value ->> 2) AS is_unsent,
           EXISTS (SELECT 1 FROM erased WHERE thread_id = j.value ->> 0 AND mid = j.value ->> 2) AS is_erased,
           coalesce((SELECT grade FROM receipt WHERE thread_id = j.value ->> 0 AND mid = j.value ->> 2), 0) AS receipt,
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'message'), 0) AS last_id
         FROM json_each(?) j ORDER BY j.key",
    );
    Ok(known.bind(to_json(&asked)?).fetch_all(conn).await?)
}

/// Stores messages that nobody knows.
async fn insert(
    conn: &mut Conn,
    index: &mut Pending,
    new: &[(Told<'_>, &Known)],
    our_app: Option<&AppId>,
) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    // Numbers are never given twice, and only this connection gives any.
    let last = new.iter().map(|(_, known)| known.last_id).max().unwrap_or_default();
    let numbered = || (last + 1..).zip(new);
    let rows = numbered().map(|(id, (told, known))| row(id, told, known)).collect::<Result<Vec<_>>>()?;
    let rows_json = to_json(&rows)?;
    sqlx::query!(
        "INSERT INTO message (message_id, thread_id, key, mid, at_ms, tie, kind, inbound, text, app, part, heard, rank,
           told_ms, told_key, seq, opens, word, person, receipt, unsent, found_late, reply_to, extra)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
           value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
           value ->> 16, value ->> 17, 0, value ->> 18, 0, value ->> 19, value ->> 20, value ->> 21
         FROM json_each(?) ORDER BY json_each.key",
        rows_json
    )
    .execute(&mut *conn)
    .await?;
    let mut said_by_us = Vec::new();
    for (id, (told, known)) in numbered() {
        index.new_message(id);
        if !told.said.attachments.is_empty() {
            put_attachments(conn, id, told.said).await?;
        }
        if known.is_unsent {
            clear(conn, id).await?;
        }
        if !told.said.inbound {
            said_by_us.push(id);
        }
    }
    classify(conn, &said_by_us, our_app).await
}

fn row(id: i64, told: &Told<'_>, known: &Known) -> Result<Value> {
    let said = told.said;
    Ok(json!([
        id,
        told.thread.0,
        said.key,
        said.mid.as_ref().map(Mid::as_str),
        said.at_ms,
        said.tie,
        said.kind,
        said.inbound,
        said.text,
        said.app.as_ref().map(AppId::as_str),
        said.part.map(|part| part.to_string()),
        said.heard.map(heard_name),
        said.told.grade as i64,
        said.told.ms,
        said.told.key,
        seq_in(told.seq),
        said.opens,
        said.counts,
        known.receipt,
        said.found_late,
        said.reply_to.as_ref().map(Mid::as_str),
        said.extra.as_ref().map(to_json).transpose()?,
    ]))
}

/// Merges a message with what is known of it: from before, or since this very batch told of it first.
async fn merge(
    conn: &mut Conn,
    index: &mut Pending,
    told: Told<'_>,
    known: Known,
    our_app: Option<&AppId>,
) -> Result<()> {
    let Told { thread, seq, said } = told;
    let is_unsent = known.is_unsent;
    let id = match known.message_id {
        Some(id) => id,
        None => {
            let Some(id) = id_of(conn, thread, &said.key).await? else { return Ok(()) };
            index.before(conn, id).await?;
            id
        }
    };
    join(conn, id, said, seq).await?;
    if replace_if_better(conn, id, said).await? {
        put_attachments(conn, id, said).await?;
        receive_receipt(conn, thread, id, said).await?;
    }
    if is_unsent {
        clear(conn, id).await?;
    }
    if !said.inbound {
        classify(conn, &[id], our_app).await?;
    }
    Ok(())
}
