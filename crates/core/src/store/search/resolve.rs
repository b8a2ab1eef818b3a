//! Filters that name somebody or something become words of the index, or a look at a hit and its thread.

use std::collections::HashSet;

use baton_protocol::AgentId;
use sqlx::AssertSqlSafe;

use super::super::error::to_json;
use super::super::{Conn, Result, StoreError, ThreadId};
use super::choice::{Choice, any, nothing, quoted};
use super::names;
use crate::search::query::{Calendar, Place, State, Term, Who};
use crate::search::scope::Scope;
use crate::search::{Query, QueryError, words_of};

/// For so many threads at most the names of a filter, or the words of a query, are asked of the index. A name that more
/// people have is looked at with each hit.
const MOST_NAMED: usize = 200;
/// With more threads than these a label is looked at with each hit, because the index would be asked for too much at once.
const MOST_LABELLED: usize = 200;

/// What is asked of the index, and what is looked at with each hit.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// The words, and what has to hold besides. Whatever fits is found by it; of what it finds, that fits which passes the
    /// rest.
    pub(super) expression: String,
    /// What has to hold besides the words, as far as the index can tell; empty when that is nothing.
    besides: Vec<String>,
    /// Conditions on `t`, the thread; made of fixed pieces, `?me` is the asking agent.
    pub(super) looked_at: Vec<&'static str>,
    /// Labels that a thread has to carry, each one of these.
    pub(super) labels: Vec<Vec<String>>,
    /// Who or where, each with a name that too many people have.
    pub(super) choices: Vec<Choice>,
    /// Words that are in the message, or in a name that too many people have.
    pub(super) spoken: Vec<Term>,
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
        all.push(quoted(&Scope::Thread(thread.0).word()));
    }
    let mut choices = Vec::new();
    if !query.filters.from.is_empty() {
        choices.push(people(conn, &query.filters.from, me).await?);
    }
    if !query.filters.within.is_empty() {
        choices.push(places(conn, &query.filters.within).await?);
    }
    for choice in choices {
        if let Some(thread) = thread {
            // Of one thread it is known whose it is.
            let lines = names::lines(conn, &[thread.0]).await?;
            all.extend(choice.in_thread(thread.0, &lines));
            continue;
        }
        all.extend(choice.at_least());
        if !choice.is_told_by_index() {
            resolved.choices.push(choice);
        }
    }
    all.extend(query.filters.has.iter().map(|content| quoted(&Scope::Has(*content).word())));
    for label in &query.filters.labels {
        match (labelled(conn, label).await?, thread) {
            (Labelled::Threads(threads), Some(thread)) if threads.contains(&thread.0) => {}
            (Labelled::Threads(_), Some(_)) => all.push(nothing()),
            (Labelled::Threads(threads), None) => {
                all.push(any(threads.into_iter().map(|thread| quoted(&Scope::Thread(thread).word()))));
            }
            (Labelled::Many(labels), _) => resolved.labels.push(labels),
        }
    }
    resolved.looked_at = query.filters.is.iter().map(|state| condition(*state)).collect();
    if let Some(thread) = thread
        && !(resolved.looked_at.is_empty() && resolved.labels.is_empty())
    {
        if !resolved.passes(conn, thread, me).await? {
            all.push(nothing());
        }
        // The same for all that is said in it.
        resolved.looked_at.clear();
        resolved.labels.clear();
    }
    resolved.besides.clone_from(&all);
    let words = if thread.is_some() || query.filters.is_none() {
        query.expression().into_iter().collect()
    } else {
        words_or_names(conn, query, &mut resolved.spoken).await?
    };
    all.splice(0..0, words);
    if all.is_empty() {
        all.push(any([Scope::Inbound, Scope::Outbound].map(|scope| quoted(&scope.word()))));
    }
    resolved.expression = all.join(" AND ");
    Ok(resolved)
}

impl Resolved {
    /// True when all that the expression finds fits.
    pub(super) fn is_told_by_index(&self) -> bool {
        self.looked_at.is_empty()
            && self.labels.is_empty()
            && self.choices.is_empty()
            && self.spoken.is_empty()
    }

    /// The expression for whatever in a thread passes the filters, as far as the index can tell.
    pub(super) async fn passing_in(&self, conn: &mut Conn, thread: i64) -> Result<String> {
        let mut all = vec![quoted(&Scope::Thread(thread).word())];
        all.extend(self.besides.iter().cloned());
        if !self.choices.is_empty() {
            let lines = names::lines(conn, &[thread]).await?;
            all.extend(self.choices.iter().filter_map(|choice| choice.in_thread(thread, &lines)));
        }
        Ok(all.join(" AND "))
    }

    /// What has to hold of `t`, the thread, as one condition. The asking agent is `?5`, the labels are `?6`.
    pub(super) fn of_thread(&self) -> String {
        let mut fits: Vec<String> = self.looked_at.iter().map(|piece| piece.replace("?me", "?5")).collect();
        if !self.labels.is_empty() {
            fits.push(
                "NOT EXISTS (SELECT 1 FROM json_each(?6) one WHERE NOT EXISTS (
                   SELECT 1 FROM json_each(one.value) l CROSS JOIN thread_label tl
                     ON tl.thread_id = t.thread_id AND tl.label = l.value AND tl.is_on = 1))"
                    .to_owned(),
            );
        }
        // Both are there in every statement, so that they can be bound.
        fits.push("?5 IS NOT NULL AND ?6 IS NOT NULL".to_owned());
        fits.join(" AND ")
    }

    async fn passes(&self, conn: &mut Conn, thread: ThreadId, me: AgentId) -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM thread t WHERE t.thread_id = ?1
               AND ?2 IS NULL AND ?3 IS NULL AND ?4 IS NULL AND {})",
            self.of_thread()
        );
        let passes: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(thread.0)
            .bind(None::<i64>)
            .bind(None::<i64>)
            .bind(None::<i64>)
            .bind(me.to_string())
            .bind(to_json(&self.labels)?)
            .fetch_one(conn)
            .await?;
        Ok(passes == 1)
    }
}

/// Each word of the query: in what a message says, or in the name of its customer. Only where a filter says which
/// messages are meant: without one, a name would bring everything that its customer ever wrote. Words that are in the names
/// of too many people are put aside.
async fn words_or_names(conn: &mut Conn, query: &Query, spoken: &mut Vec<Term>) -> Result<Vec<String>> {
    let mut left = MOST_NAMED;
    let mut words = Vec::new();
    for term in query.terms() {
        let word = term.expression();
        let Some(threads) = names::called(conn, &word, left).await? else {
            spoken.push(term.clone());
            continue;
        };
        left -= threads.len();
        if threads.is_empty() {
            words.push(word);
            continue;
        }
        let threads = threads.into_iter().map(|thread| quoted(&Scope::Thread(thread).word()));
        words.push(any(std::iter::once(word).chain(threads)));
    }
    Ok(words)
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

async fn people(conn: &mut Conn, people: &[Who], me: AgentId) -> Result<Choice> {
    let mut choice = Choice::by_customers();
    for who in people {
        match who {
            Who::Customer => choice.words.push(Scope::Inbound.word()),
            Who::Me => choice.words.push(Scope::Agent(&me.to_string()).word()),
            Who::Team => choice.words.push(Scope::Person.word()),
            Who::Bot => choice.words.push(Scope::Bot.word()),
            Who::Called(name) => {
                let agents: Vec<(String, String)> =
                    sqlx::query_as("SELECT agent, name FROM agent").fetch_all(&mut *conn).await?;
                let agents = agents.iter().filter(|(_, called)| is_called(called, name));
                let before = choice.words.len();
                choice.words.extend(agents.map(|(agent, _)| Scope::Agent(agent).word()));
                let known = choice.words.len() > before;
                if !add_called(conn, &mut choice, name).await? && !known {
                    return Err(not_called("from", name));
                }
            }
        }
    }
    Ok(choice)
}

async fn places(conn: &mut Conn, places: &[Place]) -> Result<Choice> {
    let accounts: Vec<(String, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT account, name, platform FROM account").fetch_all(&mut *conn).await?;
    let mut choice = Choice::by_anybody();
    for place in places {
        let platform = match place {
            Place::Messenger => "messenger",
            Place::Instagram => "instagram",
            Place::Called(name) => {
                let before = choice.words.len();
                let called = accounts.iter().filter(|(account, called, _)| {
                    account == name || called.as_deref().is_some_and(|called| is_called(called, name))
                });
                choice.words.extend(called.map(|(account, ..)| Scope::Account(account).word()));
                let known = choice.words.len() > before;
                if !add_called(conn, &mut choice, name).await? && !known {
                    return Err(not_called("in", name));
                }
                continue;
            }
        };
        let on_it = accounts.iter().filter(|(_, _, its)| its.as_deref() == Some(platform));
        choice.words.extend(on_it.map(|(account, ..)| Scope::Account(account).word()));
    }
    Ok(choice)
}

/// Adds all customers who are called so. Returns false when there is none.
async fn add_called(conn: &mut Conn, choice: &mut Choice, name: &str) -> Result<bool> {
    // A name is words without filters, whatever stands in it.
    let plain = words_of([name]).replace(|c: char| c.is_ascii_punctuation(), " ");
    let Ok(query) = Query::parse(&plain, &Calendar::none()) else { return Ok(false) };
    let Some(expression) = query.expression() else { return Ok(false) };
    let left = MOST_NAMED.saturating_sub(choice.threads.len());
    let Some(threads) = names::called(conn, &expression, left).await? else {
        choice.called.push(query.terms().to_vec());
        return Ok(true);
    };
    let is_there = !threads.is_empty();
    let known: HashSet<i64> = choice.threads.iter().copied().collect();
    choice.threads.extend(threads.into_iter().filter(|thread| !known.contains(thread)));
    Ok(is_there)
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
