//! Filters that name somebody or something become words of the index, or a look at the thread of a hit.

use baton_protocol::AgentId;

use super::super::{Conn, Result, StoreError, ThreadId};
use super::names;
use crate::search::query::{Calendar, Place, State, Term, Who};
use crate::search::scope::Scope;
use crate::search::{Query, QueryError, words_of};

/// A name stands for so many threads at most, those with the newest activity.
const MOST_THREADS: usize = 50;
/// With more threads than these a label is looked at with each hit, because the index would be asked for too much at once.
const MOST_LABELLED: usize = 200;

/// What is asked of the index, and what is looked at with each hit.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// The words, and what has to hold besides.
    pub(super) expression: String,
    /// What has to hold besides the words, as far as the index can tell; empty when that is nothing.
    besides: Vec<String>,
    /// Conditions on `t`, the thread; made of fixed pieces, `?me` is the asking agent.
    pub(super) looked_at: Vec<&'static str>,
    /// Labels that a thread has to carry, each one of these.
    pub(super) labels: Vec<Vec<String>>,
}

pub(super) async fn resolve(
    conn: &mut Conn,
    query: &Query,
    thread: Option<ThreadId>,
    me: AgentId,
) -> Result<Resolved> {
    let mut all: Vec<String> = Vec::new();
    let mut resolved = Resolved::default();
    if let Some(thread) = thread {
        all.push(quoted(Scope::Thread(thread.0)));
    }
    if !query.filters.from.is_empty() {
        all.push(people(conn, &query.filters.from, me).await?);
    }
    if !query.filters.within.is_empty() {
        all.push(places(conn, &query.filters.within).await?);
    }
    all.extend(query.filters.has.iter().map(|content| quoted(Scope::Has(*content))));
    for label in &query.filters.labels {
        match labelled(conn, label).await? {
            Labelled::Threads(threads) => {
                all.push(any(threads.into_iter().map(Scope::Thread).map(quoted)));
            }
            Labelled::Many(labels) => resolved.labels.push(labels),
        }
    }
    resolved.looked_at = query.filters.is.iter().map(|state| condition(*state)).collect();
    resolved.besides = all.clone();
    let words = if thread.is_some() || query.filters.is_none() {
        query.expression().into_iter().collect()
    } else {
        words_or_names(conn, query).await?
    };
    all.splice(0..0, words);
    if all.is_empty() {
        all.push(any([Scope::Inbound, Scope::Outbound].map(quoted)));
    }
    resolved.expression = all.join(" AND ");
    Ok(resolved)
}

impl Resolved {
    /// The expression for whatever in a thread passes the filters.
    pub(super) fn passing_in(&self, thread: i64) -> String {
        let mut all = vec![quoted(Scope::Thread(thread))];
        all.extend(self.besides.iter().cloned());
        all.join(" AND ")
    }
}

/// Each word of the query: in what a message says, or in the name of its customer. Only where a filter says which
/// messages are meant: without one, a name would bring everything that its customer ever wrote.
async fn words_or_names(conn: &mut Conn, query: &Query) -> Result<Vec<String>> {
    let called = names::of_each_word(conn, query).await?;
    let words = query.terms().iter().map(Term::expression).zip(called);
    Ok(words
        .map(|(word, threads)| {
            if threads.is_empty() {
                return word;
            }
            any(std::iter::once(word).chain(threads.into_iter().map(Scope::Thread).map(quoted)))
        })
        .collect())
}

/// Scope words hold no quotes.
fn quoted(scope: Scope<'_>) -> String {
    format!("\"{}\"", scope.word())
}

/// Any of these. Of none there is nothing: a word that no text has.
fn any(words: impl IntoIterator<Item = String>) -> String {
    const NOTHING: &str = "\"\u{E001}\"";
    let words: Vec<String> = words.into_iter().collect();
    if words.is_empty() { NOTHING.to_owned() } else { format!("({})", words.join(" OR ")) }
}

fn condition(state: State) -> &'static str {
    match state {
        State::Open => "t.active IN (1, 3)",
        State::Done => "t.active = 0",
        State::Blocked => "t.active = 2",
        State::Snoozed => "t.asleep_until_ms IS NOT NULL AND t.woke = 0",
        State::Waiting => "t.needs_reply = 1",
        State::Unread => "t.unread > 0",
        State::Mine => "t.assignee = ?me",
        State::Unassigned => "t.assignee IS NULL AND t.active IN (1, 3)",
    }
}

async fn people(conn: &mut Conn, people: &[Who], me: AgentId) -> Result<String> {
    let mut words = Vec::new();
    for who in people {
        match who {
            Who::Customer => words.push(quoted(Scope::Inbound)),
            Who::Me => words.push(quoted(Scope::Agent(&me.to_string()))),
            Who::Team => words.push(quoted(Scope::Person)),
            Who::Bot => words.push(quoted(Scope::Bot)),
            Who::Called(name) => {
                let agents: Vec<(String, String)> =
                    sqlx::query_as("SELECT agent, name FROM agent").fetch_all(&mut *conn).await?;
                let agents = agents.iter().filter(|(_, called)| is_called(called, name));
                let before = words.len();
                words.extend(agents.map(|(agent, _)| quoted(Scope::Agent(agent))));
                let threads = threads_called(conn, name).await?;
                if !threads.is_empty() {
                    let threads = any(threads.into_iter().map(Scope::Thread).map(quoted));
                    words.push(format!("({threads} AND {})", quoted(Scope::Inbound)));
                }
                if words.len() == before {
                    return Err(not_called("from", name));
                }
            }
        }
    }
    Ok(any(words))
}

async fn places(conn: &mut Conn, places: &[Place]) -> Result<String> {
    let accounts: Vec<(String, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT account, name, platform FROM account").fetch_all(&mut *conn).await?;
    let mut words = Vec::new();
    for place in places {
        let platform = match place {
            Place::Messenger => "messenger",
            Place::Instagram => "instagram",
            Place::Called(name) => {
                let before = words.len();
                let called = accounts.iter().filter(|(account, called, _)| {
                    account == name || called.as_deref().is_some_and(|called| is_called(called, name))
                });
                words.extend(called.map(|(account, ..)| quoted(Scope::Account(account))));
                words.extend(threads_called(conn, name).await?.into_iter().map(Scope::Thread).map(quoted));
                if words.len() == before {
                    return Err(not_called("in", name));
                }
                continue;
            }
        };
        let on_it = accounts.iter().filter(|(_, _, its)| its.as_deref() == Some(platform));
        words.extend(on_it.map(|(account, ..)| quoted(Scope::Account(account))));
    }
    Ok(any(words))
}

async fn threads_called(conn: &mut Conn, name: &str) -> Result<Vec<i64>> {
    // A name is words without filters, whatever stands in it.
    let plain = words_of([name]).replace(|c: char| c.is_ascii_punctuation(), " ");
    let Ok(query) = Query::parse(&plain, &Calendar::none()) else { return Ok(Vec::new()) };
    names::find(conn, &query, MOST_THREADS).await
}

/// True when each word typed is the beginning of a word of the name.
fn is_called(called: &str, typed: &str) -> bool {
    let (called, typed) = (words_of([called]), words_of([typed]));
    let mut typed = typed.split(' ').filter(|word| !word.is_empty()).peekable();
    typed.peek().is_some() && typed.all(|word| called.split(' ').any(|its| its.starts_with(word)))
}

enum Labelled {
    Threads(Vec<i64>),
    Many(Vec<String>),
}

async fn labelled(conn: &mut Conn, typed: &str) -> Result<Labelled> {
    let labels: Vec<(String, String)> =
        sqlx::query_as("SELECT label, name FROM label WHERE removed = 0").fetch_all(&mut *conn).await?;
    let labels: Vec<String> =
        labels.into_iter().filter(|(_, name)| is_called(name, typed)).map(|(label, _)| label).collect();
    if labels.is_empty() {
        return Err(not_called("label", typed));
    }
    let mut threads = Vec::new();
    for label in &labels {
        let found: Vec<i64> =
            sqlx::query_scalar("SELECT thread_id FROM thread_label WHERE label = ? AND is_on = 1 LIMIT ?")
                .bind(label)
                .bind(i64::try_from(MOST_LABELLED).unwrap_or(i64::MAX) + 1)
                .fetch_all(&mut *conn)
                .await?;
        threads.extend(found);
        if threads.len() > MOST_LABELLED {
            return Ok(Labelled::Many(labels));
        }
    }
    Ok(Labelled::Threads(threads))
}

fn not_called(filter: &'static str, value: &str) -> StoreError {
    StoreError::Query(QueryError::NotCalled { filter, value: value.to_owned() })
}
