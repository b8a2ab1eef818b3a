//! Search as somebody types, beside the plainest query of the same index for the same rows.

use std::path::Path;
use std::time::Instant;

use baton_core::search::Query;
use baton_core::search::query::Calendar;
use baton_core::search::scope::Scope;
use baton_core::store::{SearchFor, Store, ThreadId};
use fastrand::Rng;

use super::profile::Profile;
use super::sized;
use super::turns::{Round, slowest};
use crate::report::{Promise, Section};
use crate::sqlite::{Connection, Value};
use crate::stat::us;
use crate::words::Words;
use crate::world::{END_MS, Size, agent};

/// Fast enough when it takes at most this many times the plain query.
const LIMIT: f64 = 1.5;
/// So many different things are typed of each kind.
const TYPED: usize = 150;
const HITS: u32 = 50;

/// The hits, with all that a row of them shows, and the names above.
const PLAIN: &str =
    "SELECT h.docid, m.message_id, m.thread_id, m.key, m.at_ms, m.tie, m.kind, m.inbound, m.app, m.part, m.text, m.extra,
       p.agent, a.our_app, a.platform, t.account, a.name, t.customer, coalesce(c.hand_name, c.meta_name, c.audit_name)
     FROM (SELECT rowid AS docid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) h
     CROSS JOIN search_doc d ON d.docid = h.docid
     CROSS JOIN message m ON m.message_id = d.message_id
     CROSS JOIN thread t ON t.thread_id = m.thread_id
     LEFT JOIN team_part p ON p.part = m.part
     LEFT JOIN account a ON a.account = t.account
     LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
     ORDER BY h.docid DESC";
const NAMES: &str =
    "SELECT t.thread_id, t.account, t.customer, a.platform, a.name, coalesce(c.hand_name, c.meta_name, c.audit_name),
       t.preview, t.preview_kind, t.last_at_ms, t.unread, t.owner, t.assignee, t.status
     FROM (SELECT rowid AS thread_id FROM name_search WHERE name_search MATCH ?1 ORDER BY rowid DESC LIMIT 60) n
     CROSS JOIN thread t USING (thread_id)
     LEFT JOIN account a ON a.account = t.account
     LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
     ORDER BY t.last_at_ms DESC, t.thread_id DESC LIMIT 6";

/// Measures every kind of search in a store of this size.
///
/// # Errors
/// When the file cannot be made or read.
pub async fn measure(folder: &Path, seed: u64, size: Size, rounds: usize) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "search",
        "Search as you type",
        "A page of 50 hits, newest first, with snippets, authors, names and the group of customers, as `Store::search` \
         answers. The reference asks the same index for the same rows from two prepared statements, without \
         snippets. The slowest hundredth of each round, medians of the rounds.",
    );
    section.fact("messages in the store", size.messages.to_string());
    let file = sized::file(folder, seed, size).await?;
    let store = Store::open(&file).await?;
    let plain = Connection::open(&file)?;
    for (what, typed) in kinds(seed, size) {
        let mut measured = Vec::new();
        for number in 0..=rounds {
            let round = round(&store, &plain, &typed, number).await?;
            // The first warms up.
            if number > 0 {
                measured.push(round);
            }
        }
        let mut row = slowest(what, &measured, Promise::AtMost(LIMIT));
        if row.kept == Some(false) {
            let profile = Profile::of(round(&store, &plain, &typed, 0)).await?;
            row = row.profiled(profile.longest(6));
        }
        section.row(row);
    }
    store.close().await;
    Ok(section)
}

/// What is typed, and in which thread.
type Typed = (String, Option<i64>);

fn kinds(seed: u64, size: Size) -> Vec<(&'static str, Vec<Typed>)> {
    let words = Words::default();
    let mut rng = Rng::with_seed(seed);
    let rare = |rng: &mut Rng| words.ranked(rng.usize(8_000..25_000)).to_owned();
    let frequent = |rng: &mut Rng| words.ranked(rng.usize(0..20)).to_owned();
    let begins = |rng: &mut Rng, letters: usize| loop {
        let word = words.one(rng);
        if word.is_ascii() && word.len() >= letters {
            break word[..letters].to_owned();
        }
    };
    let threads = i64::try_from(size.threads).unwrap_or(i64::MAX);
    let mut many = |one: &mut dyn FnMut(&mut Rng) -> Typed| -> Vec<Typed> {
        (0..TYPED).map(|_| one(&mut rng)).collect()
    };
    vec![
        ("a frequent word", many(&mut |rng| (frequent(rng), None))),
        ("a rare word", many(&mut |rng| (rare(rng), None))),
        ("two words", many(&mut |rng| (format!("{} {}", frequent(rng), begins(rng, 4)), None))),
        ("one letter", many(&mut |rng| (begins(rng, 1), None))),
        ("two letters", many(&mut |rng| (begins(rng, 2), None))),
        ("three letters", many(&mut |rng| (begins(rng, 3), None))),
        ("four letters", many(&mut |rng| (begins(rng, 4), None))),
        ("five letters", many(&mut |rng| (begins(rng, 5), None))),
        ("a frequent word in one thread", many(&mut |rng| (frequent(rng), Some(rng.i64(1..=threads))))),
    ]
}

async fn round(store: &Store, plain: &Connection, typed: &[Typed], number: usize) -> anyhow::Result<Round> {
    let mut measured = Round::default();
    for (place, (text, thread)) in typed.iter().enumerate() {
        let query = Query::parse(text, &Calendar::at(END_MS, "UTC"))?;
        let mut expression = query.expression().unwrap_or_default();
        if let Some(thread) = thread {
            expression = format!("{expression} AND \"{}\"", Scope::Thread(*thread).word());
        }
        let asked = SearchFor {
            query,
            thread: thread.map(ThreadId),
            me: agent(1),
            before: None,
            limit: HITS,
            now_ms: END_MS,
        };
        // Whoever comes second finds the pages warm; so they take turns at it.
        let ours_first = (place + number).is_multiple_of(2);
        let mut bare = 0.0;
        if !ours_first {
            bare = plainly(plain, &expression, thread.is_none())?;
        }
        let begun = Instant::now();
        let _page = store.search(&asked).await?;
        measured.ours.push(us(begun.elapsed()));
        if ours_first {
            bare = plainly(plain, &expression, thread.is_none())?;
        }
        measured.reference.push(bare);
    }
    Ok(measured)
}

fn plainly(plain: &Connection, expression: &str, with_names: bool) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let _hits = plain.rows(PLAIN, &[Value::from(expression), Value::from(HITS)])?;
    if with_names {
        let _names = plain.rows(NAMES, &[Value::from(expression)])?;
    }
    Ok(us(begun.elapsed()))
}
