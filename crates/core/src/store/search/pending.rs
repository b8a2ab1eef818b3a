//! Keeps the index true: how it has a message is remembered before the message changes, and put right at the end of the
//! batch, everything out before anything in and each in order, because the index writes a piece of its own for every
//! step back.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::AccountId;

use super::super::error::to_json;
use super::super::{Conn, Result, ThreadId};
use super::{TIE_BITS, docid_of, document, names, rebuild};

/// More messages of an account than these are not taken out one by one: the index is emptied and made anew.
const MOST_ONE_BY_ONE: i64 = 20_000;
/// How many are taken out together.
const STRIDE: i64 = 500;

/// What a batch changes that the index has to know.
#[derive(Debug, Default)]
pub(in crate::store) struct Pending {
    /// Messages, with how the index had them.
    was: BTreeMap<i64, Option<Entry>>,
    /// Threads whose customer's names changed.
    names: BTreeSet<i64>,
}

/// A message as it stands in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    docid: i64,
    words: String,
    scope: String,
}

impl Pending {
    /// The message is about to change, or to go.
    pub(in crate::store) async fn before(&mut self, conn: &mut Conn, message: i64) -> Result<()> {
        self.before_all(conn, &[message]).await
    }

    /// The same for several, with one look.
    pub(in crate::store) async fn before_all(&mut self, conn: &mut Conn, messages: &[i64]) -> Result<()> {
        let unknown: BTreeSet<i64> =
            messages.iter().copied().filter(|message| !self.was.contains_key(message)).collect();
        let mut entries = entries_of(conn, &unknown.iter().copied().collect::<Vec<_>>()).await?;
        self.was.extend(unknown.into_iter().map(|message| (message, entries.remove(&message))));
        Ok(())
    }

    /// The message was not there before.
    pub(in crate::store) fn new_message(&mut self, message: i64) {
        self.was.entry(message).or_insert(None);
    }

    /// A name of the thread's customer may have changed.
    pub(in crate::store) fn renamed(&mut self, thread: ThreadId) {
        self.names.insert(thread.0);
    }

    /// Puts the index right.
    pub(in crate::store) async fn finish(self, conn: &mut Conn) -> Result<()> {
        let messages: Vec<i64> = self.was.keys().copied().collect();
        let mut now: BTreeMap<i64, (i64, String, String)> = BTreeMap::new();
        for document in document::of_messages(conn, &messages).await? {
            if let Some((words, scope)) = document.entry() {
                now.insert(document.message, (docid_of(document.at_ms), words, scope));
            }
        }
        let (mut out, mut into) = (Vec::new(), Vec::new());
        for (message, was) in self.was {
            let now = now.remove(&message);
            match (was, now) {
                (None, None) => {}
                (None, Some(now)) => into.push((message, now)),
                (Some(was), None) => out.push(was),
                (Some(was), Some((docid, words, scope))) => {
                    let same_time = was.docid >> TIE_BITS == docid >> TIE_BITS;
                    if !same_time || was.words != words || was.scope != scope {
                        out.push(was);
                        into.push((message, (docid, words, scope)));
                    }
                }
            }
        }
        take_out(conn, out).await?;
        put_in(conn, into).await?;
        for thread in self.names {
            names::refresh(conn, thread).await?;
        }
        Ok(())
    }
}

/// How the index has messages. Their words are those of the messages as they still are.
async fn entries_of(conn: &mut Conn, messages: &[i64]) -> Result<BTreeMap<i64, Entry>> {
    if messages.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, i64, String)> = sqlx::query_as(
        "SELECT d.message_id, d.docid, d.scope FROM json_each(?) j CROSS JOIN search_doc d ON d.message_id = j.value",
    )
    .bind(to_json(&messages)?)
    .fetch_all(&mut *conn)
    .await?;
    let mut indexed: BTreeMap<i64, (i64, String)> =
        rows.into_iter().map(|(message, docid, scope)| (message, (docid, scope))).collect();
    let messages: Vec<i64> = indexed.keys().copied().collect();
    let documents = document::of_messages(conn, &messages).await?;
    let entry = |document: document::Document| {
        let (docid, scope) = indexed.remove(&document.message)?;
        Some((document.message, Entry { docid, words: document.words(), scope }))
    };
    Ok(documents.into_iter().filter_map(entry).collect())
}

async fn take_out(conn: &mut Conn, mut entries: Vec<Entry>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    entries.sort_by_key(|entry| entry.docid);
    let rows: Vec<_> = entries.iter().map(|entry| (entry.docid, &entry.words, &entry.scope)).collect();
    let rows = to_json(&rows)?;
    sqlx::query(
        "INSERT INTO search (search, rowid, words, scope)
         SELECT 'delete', value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
    )
    .bind(&rows)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM search_doc WHERE docid IN (SELECT value ->> 0 FROM json_each(?))")
        .bind(&rows)
        .execute(conn)
        .await?;
    Ok(())
}

async fn put_in(conn: &mut Conn, mut entries: Vec<(i64, (i64, String, String))>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    entries.sort_by_key(|(message, (docid, ..))| (*docid, *message));
    let mut moments: Vec<i64> = entries.iter().map(|(_, (docid, ..))| *docid).collect();
    moments.dedup();
    let mut next: BTreeMap<i64, i64> = sqlx::query_as(
        "SELECT j.value, coalesce((SELECT max(d.docid) + 1 FROM search_doc d
           WHERE d.docid >= j.value AND d.docid < j.value + (1 << ?2)), j.value)
         FROM json_each(?1) j",
    )
    .bind(to_json(&moments)?)
    .bind(TIE_BITS)
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .collect();
    let mut rows = Vec::with_capacity(entries.len());
    for (message, (moment, words, scope)) in &entries {
        let Some(docid) = next.get_mut(moment) else { continue };
        rows.push((*docid, message, words, scope));
        *docid += 1;
    }
    let rows = to_json(&rows)?;
    sqlx::query(
        "INSERT INTO search (rowid, words, scope)
         SELECT value ->> 0, value ->> 2, value ->> 3 FROM json_each(?)",
    )
    .bind(&rows)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO search_doc (docid, message_id, scope)
         SELECT value ->> 0, value ->> 1, value ->> 3 FROM json_each(?)",
    )
    .bind(&rows)
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts messages in that are not there yet.
pub(super) async fn add(conn: &mut Conn, messages: &[i64]) -> Result<()> {
    let mut pending = Pending::default();
    messages.iter().for_each(|message| pending.new_message(*message));
    pending.finish(conn).await
}

/// Takes out everything of an account, before its messages go.
pub(in crate::store) async fn forget_account(conn: &mut Conn, account: &AccountId) -> Result<()> {
    const OF_ACCOUNT: &str = "FROM thread t CROSS JOIN message m USING (thread_id)
        CROSS JOIN search_doc d USING (message_id) WHERE t.account = ?1 LIMIT ?2";
    names::forget_account(conn, account.as_str()).await?;
    let many: i64 =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM (SELECT 1 {OF_ACCOUNT})")))
            .bind(account.as_str())
            .bind(MOST_ONE_BY_ONE + 1)
            .fetch_one(&mut *conn)
            .await?;
    if many > MOST_ONE_BY_ONE {
        return rebuild::empty_messages(conn).await;
    }
    loop {
        let messages: Vec<i64> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT d.message_id {OF_ACCOUNT}")))
                .bind(account.as_str())
                .bind(STRIDE)
                .fetch_all(&mut *conn)
                .await?;
        if messages.is_empty() {
            return Ok(());
        }
        let entries = entries_of(conn, &messages).await?;
        take_out(conn, entries.into_values().collect()).await?;
    }
}
