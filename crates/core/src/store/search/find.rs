//! Asks the index, newest first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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
use super::resolve::{Resolved, resolve};
use super::{docid_of, document, names};
use crate::search::{Query, Snippet};

/// One page never holds more.
const MOST: u32 = 100;
/// How many hits are looked at together, and how often, where the index cannot tell everything.
const STRIDE: u32 = 100;
const ROUNDS: usize = 10;
/// How many names are shown above the messages.
const MOST_NAMES: usize = 6;
/// Of so many people who are called so it is asked whether something of theirs passes the filters.
const MOST_ASKED: usize = 60;
/// Hits inside one thread are counted up to here.
const MOST_COUNTED: u32 = 1_000;
/// After so many steps of the database it is asked whether somebody has typed on.
const STEPS: i32 = 1_000;

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
    /// Messages, newest first.
    pub hits: Vec<SearchHit>,
    /// Where to go on; none when there is nothing more. With fewer hits than asked for, what was looked at did not fit.
    pub next: Option<i64>,
    /// Inside one thread, how many hits there are, on the first page; at most 1 000.
    pub count: Option<u64>,
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

/// Whoever types on does not want the answer to what was typed before.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Turns {
    everywhere: Arc<AtomicU64>,
    in_thread: Arc<AtomicU64>,
}

struct Turn {
    newest: Arc<AtomicU64>,
    mine: u64,
}

impl Turns {
    fn next(&self, inside: bool) -> Turn {
        let newest = if inside { &self.in_thread } else { &self.everywhere };
        Turn { newest: Arc::clone(newest), mine: newest.fetch_add(1, Ordering::SeqCst) + 1 }
    }
}

impl Turn {
    fn is_over(&self) -> bool {
        self.newest.load(Ordering::SeqCst) != self.mine
    }
}

#[derive(Deserialize)]
struct Row {
    docid: i64,
    #[serde(deserialize_with = "flag")]
    fits: bool,
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
        self.used();
        let turn = self.turns.next(asked.thread.is_some());
        let mut conn = self.searchers.acquire().await?;
        if turn.is_over() {
            return Err(StoreError::Superseded);
        }
        let (newest, mine) = (Arc::clone(&turn.newest), turn.mine);
        conn.lock_handle().await?.set_progress_handler(STEPS, move || newest.load(Ordering::SeqCst) == mine);
        let page = page(&mut conn, asked, &turn).await;
        conn.lock_handle().await?.remove_progress_handler();
        if turn.is_over() { Err(StoreError::Superseded) } else { page }
    }

    /// How the database would carry out a search, for the test that holds it to the index.
    #[doc(hidden)]
    pub async fn explain_search(&self, asked: &SearchFor) -> Result<Vec<String>> {
        let mut conn = self.read().acquire().await?;
        let resolved = resolve(&mut conn, &asked.query, asked.thread, asked.me).await?;
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql(&resolved))))
                .bind(&resolved.expression)
                .bind(i64::MAX)
                .bind(0)
                .bind(STRIDE)
                .bind(asked.me.to_string())
                .bind(to_json(&resolved.labels)?)
                .fetch_all(&mut *conn)
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

async fn page(conn: &mut Conn, asked: &SearchFor, turn: &Turn) -> Result<SearchPage> {
    let resolved = resolve(conn, &asked.query, asked.thread, asked.me).await?;
    let first = asked.before.is_none();
    let mut page = SearchPage::default();
    if first && asked.thread.is_none() {
        for thread in people(conn, asked, &resolved).await? {
            page.names.push(thread::at(conn, ThreadId(thread), asked.now_ms).await?);
        }
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
    let strangers = strangers(conn, inbound.collect()).await?;
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
        page.count = Some(count(conn, asked, &resolved).await?);
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

/// Those of these threads whose customer nobody of ours has answered yet.
async fn strangers(conn: &mut Conn, threads: HashSet<i64>) -> Result<HashSet<i64>> {
    let mut strangers = HashSet::new();
    for thread in threads {
        if familiar::is_stranger(conn, ThreadId(thread)).await? {
            strangers.insert(thread);
        }
    }
    Ok(strangers)
}

/// The threads of those who are called so. With filters, of those of whom something passes them.
async fn people(conn: &mut Conn, asked: &SearchFor, resolved: &Resolved) -> Result<Vec<i64>> {
    if asked.query.filters.is_none() {
        return names::find(conn, &asked.query, MOST_NAMES).await;
    }
    let mut passing = Vec::new();
    let sql = sql(resolved);
    for thread in names::find(conn, &asked.query, MOST_ASKED).await? {
        let one: String = sqlx::query_scalar(AssertSqlSafe(sql.clone()))
            .bind(resolved.passing_in(thread))
            .bind(asked.query.filters.before_ms.map_or(i64::MAX, docid_of))
            .bind(docid_of(asked.query.filters.after_ms.unwrap_or(0)))
            .bind(1)
            .bind(asked.me.to_string())
            .bind(to_json(&resolved.labels)?)
            .fetch_one(&mut *conn)
            .await?;
        // What the index cannot tell is about the thread, so that one message speaks for all.
        if of_json::<Vec<Row>>(&one)?.iter().any(|one| one.fits) {
            passing.push(thread);
        }
        if passing.len() >= MOST_NAMES {
            break;
        }
    }
    Ok(passing)
}

/// Hits that fit, and where to go on.
async fn rows(
    conn: &mut Conn,
    asked: &SearchFor,
    resolved: &Resolved,
    limit: usize,
    turn: &Turn,
) -> Result<(Vec<Row>, Option<i64>)> {
    let filters = &asked.query.filters;
    let from = docid_of(filters.after_ms.unwrap_or(0));
    let mut below = filters.before_ms.map_or(i64::MAX, docid_of);
    below = asked.before.map_or(below, |before| below.min(before));
    let all_fit = resolved.looked_at.is_empty() && resolved.labels.is_empty();
    let stride = if all_fit { u32::try_from(limit).unwrap_or(MOST) } else { STRIDE };
    let sql = sql(resolved);
    let mut found: Vec<Row> = Vec::new();
    for _ in 0..ROUNDS {
        let rows: String = sqlx::query_scalar(AssertSqlSafe(sql.clone()))
            .bind(&resolved.expression)
            .bind(below)
            .bind(from)
            .bind(stride)
            .bind(asked.me.to_string())
            .bind(to_json(&resolved.labels)?)
            .fetch_one(&mut *conn)
            .await?;
        let rows: Vec<Row> = of_json(&rows)?;
        let more = rows.len() >= stride as usize;
        for row in rows {
            below = row.docid;
            if row.fits {
                found.push(row);
            }
            if found.len() >= limit {
                return Ok((found, Some(below)));
            }
        }
        if !more {
            return Ok((found, None));
        }
        if turn.is_over() {
            return Err(StoreError::Superseded);
        }
    }
    Ok((found, Some(below)))
}

async fn count(conn: &mut Conn, asked: &SearchFor, resolved: &Resolved) -> Result<u64> {
    let filters = &asked.query.filters;
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 AND rowid < ?2 AND rowid >= ?3 LIMIT ?4)",
    )
    .bind(&resolved.expression)
    .bind(filters.before_ms.map_or(i64::MAX, docid_of))
    .bind(docid_of(filters.after_ms.unwrap_or(0)))
    .bind(MOST_COUNTED)
    .fetch_one(conn)
    .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The statement. Made of fixed pieces; values are bound: 1 the expression, 2 and 3 between which places of the index,
/// 4 how many, 5 the asking agent, 6 the labels.
fn sql(resolved: &Resolved) -> String {
    let mut fits: Vec<String> = resolved.looked_at.iter().map(|piece| piece.replace("?me", "?5")).collect();
    if !resolved.labels.is_empty() {
        fits.push(
            "NOT EXISTS (SELECT 1 FROM json_each(?6) one WHERE NOT EXISTS (
               SELECT 1 FROM json_each(one.value) l CROSS JOIN thread_label tl
                 ON tl.thread_id = t.thread_id AND tl.label = l.value AND tl.is_on = 1))"
                .to_owned(),
        );
    }
    fits.push("?5 IS NOT NULL AND ?6 IS NOT NULL".to_owned());
    let fits = fits.join(" AND ");
    let columns = format!(
        "h.docid, ({fits}), m.message_id, m.thread_id, m.key, m.at_ms, m.tie, m.kind, m.inbound, m.app, m.part,
           coalesce((SELECT p.agent FROM team_part p WHERE p.part = m.part),
                    (SELECT p.agent FROM team_part p WHERE p.mid = m.mid AND m.part IS NULL
                     ORDER BY p.part LIMIT 1)),
           a.our_app, a.platform, t.account, a.name, t.customer,
           coalesce(c.hand_name, c.meta_name, c.audit_name)"
    );
    as_json::page(&columns, FOUND, "h.docid DESC")
}

/// What the columns of a hit are read from.
const FOUND: &str = "(SELECT rowid AS docid FROM search
       WHERE search MATCH ?1 AND rowid < ?2 AND rowid >= ?3 ORDER BY rowid DESC LIMIT ?4) h
  CROSS JOIN search_doc d ON d.docid = h.docid
  CROSS JOIN message m ON m.message_id = d.message_id
  CROSS JOIN thread t ON t.thread_id = m.thread_id
  LEFT JOIN account a ON a.account = t.account
  LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer";

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
