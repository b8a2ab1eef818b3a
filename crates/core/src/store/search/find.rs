//! Asks the index, newest first.

use std::collections::HashMap;

use baton_messenger::id::{AppId, Platform};
use baton_protocol::AgentId;
use serde::Deserialize;
use sqlx::AssertSqlSafe;

use super::super::as_json::{self, flag};
use super::super::error::{of_json, parsed_some, to_json};
use super::super::message::Author;
use super::super::{
    AttachmentRow, Conn, MediaKnown, MediaRef, MessageKey, Result, Store, StoreError, ThreadId, ThreadRow,
    familiar, media, thread,
};
use super::document::Document;
use super::people::{PersonPlace, people};
use super::resolve::{Resolved, resolve};
use super::turns::{Kind, Turn};
use super::{docid_of, document, walk};
use crate::search::{Query, Snippet};

/// One page never holds more.
const MOST: u32 = 100;
/// How many names are shown above the messages.
const MOST_NAMES: usize = 6;
/// Hits inside one thread are counted up to here.
const MOST_COUNTED: u32 = 1_000;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct SearchFor {
    /// As typed, understood.
    pub query: Query,
    /// Only in this thread.
    pub thread: Option<ThreadId>,
    /// Who is asking.
    pub me: AgentId,
    /// The `next` of the page before.
    pub before: Option<i64>,
    /// How many hits at most; 100 is the most a page holds.
    pub limit: u32,
    /// Meta's time, for who holds the threads of the names.
    pub now_ms: i64,
}

/// A page of hits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchPage {
    /// Threads whose customer is called so, and with filters, of whom something passes them; on the first page only.
    pub names: Vec<ThreadRow>,
    /// Where more of them begin; none when these are all.
    pub names_next: Option<PersonPlace>,
    /// How many of them there are, on the first page; none when they were not all counted: with filters, and when they
    /// are very many.
    pub names_count: Option<u64>,
    /// Messages, newest first.
    pub hits: Vec<SearchHit>,
    /// Where to go on; none when there is nothing more. With fewer hits than asked for, what was looked at did not fit.
    pub next: Option<i64>,
    /// Inside one thread, how many hits there are, on the first page; counted up to 1 000.
    pub count: Option<u64>,
    /// There are more than were counted.
    pub counts_on: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchHit {
    /// Its thread.
    pub thread: ThreadId,
    /// Its place in the thread.
    pub place: MessageKey,
    /// Who said it.
    pub author: Author,
    /// What it says around what was found.
    pub snippet: Snippet,
    /// Messenger or Instagram.
    pub platform: Option<Platform>,
    /// The account.
    pub account: String,
    /// The account's name; its id before it has one.
    pub account_name: String,
    /// The customer.
    pub customer: String,
    /// The customer's name, when it is known.
    pub customer_name: Option<String>,
    /// What came with it, in order.
    pub attachments: Vec<AttachmentRow>,
    /// What is known of the media among that.
    pub media: Vec<(MediaRef, MediaKnown)>,
    /// True when the customer said it, something came with it, and nobody of ours has answered this customer yet: what
    /// pictures it has are not shown unasked.
    pub by_stranger: bool,
}

impl SearchFor {
    /// Between which places of the index the filters allow a hit: from the first, below the second.
    pub(super) fn within(&self) -> (i64, i64) {
        let filters = &self.query.filters;
        (docid_of(filters.after_ms.unwrap_or(0)), filters.before_ms.map_or(i64::MAX, docid_of))
    }

    /// And between which of them the hits of this page are.
    pub(super) fn between(&self) -> (i64, i64) {
        let (from, below) = self.within();
        (from, self.before.map_or(below, |before| below.min(before)))
    }
}

#[derive(Deserialize)]
struct Row {
    docid: i64,
    message_id: i64,
    thread_id: i64,
    key: String,
    at_ms: i64,
    tie: i64,
    kind: String,
    #[serde(deserialize_with = "flag")]
    inbound: bool,
    app: Option<String>,
    part: Option<String>,
    agent: Option<String>,
    our_app: Option<String>,
    platform: Option<String>,
    account: String,
    account_name: Option<String>,
    customer: String,
    customer_name: Option<String>,
}

impl Store {
    /// A page of what was found. A search that began later and is of the same kind ends this one.
    ///
    /// # Errors
    /// [`StoreError::Query`] when a filter names nobody, [`StoreError::Superseded`] when a newer search began, and when
    /// the file cannot be read.
    pub async fn search(&self, asked: &SearchFor) -> Result<SearchPage> {
        let turn = self.begin_turn(if asked.thread.is_some() { Kind::InThread } else { Kind::Everywhere });
        let mut conn = self.searchers.acquire().await?;
        if turn.is_over() {
            return Err(StoreError::Superseded);
        }
        turn.watch(&mut conn).await?;
        let page = page(&mut conn, asked, &turn).await;
        conn.lock_handle().await?.remove_progress_handler();
        if turn.is_over() { Err(StoreError::Superseded) } else { page }
    }

    /// How the database would carry out a search, for the test that holds it to the index.
    #[doc(hidden)]
    pub async fn explain_search(&self, asked: &SearchFor) -> Result<Vec<String>> {
        let mut conn = self.read().acquire().await?;
        let resolved = resolve(&mut conn, &asked.query, asked.thread, asked.me).await?;
        let statements = if resolved.is_told_by_index() {
            vec![as_json::page(COLUMNS, &found(NEWEST), ORDER)]
        } else {
            vec![walk::sql(&resolved), as_json::page(COLUMNS, &found(LISTED), ORDER)]
        };
        let mut steps = Vec::new();
        for statement in statements {
            let rows: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
                    .fetch_all(&mut *conn)
                    .await?;
            steps.extend(rows.into_iter().map(|(_, _, _, detail)| detail));
        }
        Ok(steps)
    }
}

async fn page(conn: &mut Conn, asked: &SearchFor, turn: &Turn) -> Result<SearchPage> {
    let resolved = resolve(conn, &asked.query, asked.thread, asked.me).await?;
    let first = asked.before.is_none();
    let mut page = SearchPage::default();
    if first && asked.thread.is_none() {
        let people = people(conn, asked, &resolved, None, MOST_NAMES).await?;
        page.names = thread::all_at(conn, &people.threads, asked.now_ms).await?;
        page.names_next = people.next;
        page.names_count = people.count;
    }
    let limit = asked.limit.clamp(1, MOST) as usize;
    let (mut rows, next) = rows(conn, asked, &resolved, limit, turn).await?;
    page.next = next;
    let ids: Vec<i64> = rows.iter().map(|row| row.message_id).collect();
    let mut documents: HashMap<i64, Document> = document::of_messages(conn, &ids)
        .await?
        .into_iter()
        .map(|document| (document.message, document))
        .collect();
    let has_more =
        |row: &&Row| documents.get(&row.message_id).is_some_and(|said| !said.attachments.is_empty());
    let with_more: Vec<(i64, &str, i64)> =
        rows.iter().filter(has_more).map(|row| (row.thread_id, row.key.as_str(), row.message_id)).collect();
    let mut media = media::of_found(conn, &with_more).await?;
    let inbound = rows.iter().filter(has_more).filter(|row| row.inbound).map(|row| row.thread_id);
    let strangers = familiar::strangers(conn, &inbound.collect()).await?;
    for row in rows.drain(..) {
        // Gone between the two looks.
        let Some(document) = documents.remove(&row.message_id) else { continue };
        let found = Shown {
            snippet: asked.query.snippet(document.texts.iter().map(String::as_str)),
            media: media.remove(&row.message_id).unwrap_or_default(),
            by_stranger: row.inbound
                && !document.attachments.is_empty()
                && strangers.contains(&row.thread_id),
            attachments: document.attachments,
        };
        page.hits.push(row.into_hit(found)?);
    }
    if first && asked.thread.is_some() {
        let count = count(conn, asked, &resolved).await?;
        page.counts_on = count > u64::from(MOST_COUNTED);
        page.count = Some(count.min(u64::from(MOST_COUNTED)));
    }
    Ok(page)
}

/// What a hit shows besides who said it where.
struct Shown {
    snippet: Snippet,
    attachments: Vec<AttachmentRow>,
    media: Vec<(MediaRef, MediaKnown)>,
    by_stranger: bool,
}

/// Hits that fit, and where to go on.
async fn rows(
    conn: &mut Conn,
    asked: &SearchFor,
    resolved: &Resolved,
    limit: usize,
    turn: &Turn,
) -> Result<(Vec<Row>, Option<i64>)> {
    if !resolved.is_told_by_index() {
        let (docids, next) = walk::walk(conn, asked, resolved, limit, turn).await?;
        let rows: String = sqlx::query_scalar(AssertSqlSafe(as_json::page(COLUMNS, &found(LISTED), ORDER)))
            .bind(to_json(&docids)?)
            .fetch_one(conn)
            .await?;
        return Ok((of_json(&rows)?, next));
    }
    let (from, below) = asked.between();
    let rows: String = sqlx::query_scalar(AssertSqlSafe(as_json::page(COLUMNS, &found(NEWEST), ORDER)))
        .bind(&resolved.expression)
        .bind(below)
        .bind(from)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_one(conn)
        .await?;
    let rows: Vec<Row> = of_json(&rows)?;
    let next = rows.last().filter(|_| rows.len() >= limit).map(|last| last.docid);
    Ok((rows, next))
}

/// How many hits there are, counted no further than one more than [`MOST_COUNTED`].
async fn count(conn: &mut Conn, asked: &SearchFor, resolved: &Resolved) -> Result<u64> {
    let (from, below) = asked.within();
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 AND rowid < ?2 AND rowid >= ?3 LIMIT ?4)",
    )
    .bind(&resolved.expression)
    .bind(below)
    .bind(from)
    .bind(MOST_COUNTED + 1)
    .fetch_one(conn)
    .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The columns of [`Row`], in its order.
const COLUMNS: &str =
    "h.docid, m.message_id, m.thread_id, m.key, m.at_ms, m.tie, m.kind, m.inbound, m.app, m.part,
  coalesce((SELECT p.agent FROM team_part p WHERE p.part = m.part),
           (SELECT p.agent FROM team_part p WHERE p.mid = m.mid AND m.part IS NULL
            ORDER BY p.part LIMIT 1)),
  a.our_app, a.platform, t.account, a.name, t.customer,
  coalesce(c.hand_name, c.meta_name, c.audit_name)";

/// Newest first is the order of the index.
const ORDER: &str = "h.docid DESC";

/// The newest that the index has: 1 the expression, 2 and 3 between which places of the index, 4 how many.
const NEWEST: &str = "(SELECT rowid AS docid FROM search
       WHERE search MATCH ?1 AND rowid < ?2 AND rowid >= ?3 ORDER BY rowid DESC LIMIT ?4)";

/// Those at the places in a list: 1 the list.
const LISTED: &str = "(SELECT value AS docid FROM json_each(?1))";

/// What the columns of a hit are read from.
fn found(hits: &str) -> String {
    format!(
        "{hits} h
         CROSS JOIN search_doc d ON d.docid = h.docid
         CROSS JOIN message m ON m.message_id = d.message_id
         CROSS JOIN thread t ON t.thread_id = m.thread_id
         LEFT JOIN account a ON a.account = t.account
         LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer"
    )
}

impl Row {
    fn into_hit(self, shown: Shown) -> Result<SearchHit> {
        let our_app = self.our_app.map(AppId::from);
        let author = if self.inbound {
            Author::Customer
        } else if self.kind == "message" {
            let (agent, part) = (parsed_some(self.agent.as_deref())?, parsed_some(self.part.as_deref())?);
            Author::of_echo(agent, part, self.app.map(AppId::from), our_app.as_ref())
        } else {
            Author::System
        };
        Ok(SearchHit {
            thread: ThreadId(self.thread_id),
            place: MessageKey { at_ms: self.at_ms, tie: self.tie, key: self.key },
            author,
            snippet: shown.snippet,
            attachments: shown.attachments,
            media: shown.media,
            by_stranger: shown.by_stranger,
            platform: parsed_some(self.platform.as_deref())?,
            account_name: self.account_name.unwrap_or_else(|| self.account.clone()),
            account: self.account,
            customer: self.customer,
            customer_name: self.customer_name,
        })
    }
}
