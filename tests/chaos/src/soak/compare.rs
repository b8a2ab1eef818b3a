//! The store beside the truth, through the questions that the window asks.

use std::collections::BTreeMap;

use baton_core::search::Query;
use baton_core::search::query::Calendar;
use baton_core::store::{
    Author, ListFrom, ListQuery, MessageKind, MessageRow, SearchFor, Sort, Store, ThreadId, ThreadKey,
    ThreadRow, TimelineLine, View,
};
use baton_protocol::AccountId;
use baton_protocol::team::Status;
use baton_thread::Owner;

use super::entries::{ACCOUNT, BOT, agent};
use super::truth::{By, Holder, Said, Stand, Truth};
use super::words;
use super::world::{AGENTS, Ended};

/// No more than so many differences are told.
const MOST_TOLD: usize = 12;
const PAGE: u32 = 200;
/// How many words of single messages are looked for.
const SEARCHES: usize = 300;
/// And how many frequent words inside one thread.
const SEARCHES_IN_THREAD: usize = 60;

/// Every difference between store and truth, as far as they are told; none when they are equal.
///
/// # Errors
/// When the store cannot be read.
pub async fn differences(store: &Store, ended: &Ended, seed: u64) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut ids = BTreeMap::new();
    let mut spoken = 0;
    for (number, truth) in ended.threads.iter().enumerate() {
        let customer = words::customer(number).as_str().into();
        let key = ThreadKey { account: AccountId::from(ACCOUNT), customer };
        let Some(id) = store.thread_id(&key).await? else {
            if !truth.said.is_empty() {
                found.push(format!("thread {number} is not there"));
            }
            continue;
        };
        ids.insert(id, number);
        spoken += 1;
        let row = store.thread(id, ended.now_ms).await?;
        differ(&mut found, number, "row", &row_of(truth, ended.now_ms), &shown(&row));
        let rows = all_messages(store, id).await?;
        differ(&mut found, number, "messages", &messages_of(number, truth), &rows.iter().map(said).collect());
        let timeline = store.timeline(id, 0, i64::MAX, ended.now_ms).await?;
        let notes = timeline.iter().filter(|item| matches!(item.line, TimelineLine::Note(_))).count();
        differ(&mut found, number, "notes", &truth.notes, &notes);
        if found.len() >= MOST_TOLD {
            return Ok(found);
        }
    }
    anyhow::ensure!(spoken > 0, "no thread was compared");
    lists(store, ended, &ids, &mut found).await?;
    searches(store, ended, &ids, seed, &mut found).await?;
    Ok(found)
}

fn differ<T: std::fmt::Debug + PartialEq>(
    found: &mut Vec<String>,
    thread: usize,
    what: &str,
    truth: &T,
    store: &T,
) {
    if truth != store {
        found.push(format!("thread {thread}, {what}:\n  true {truth:?}\n  shown {store:?}"));
    }
}

/// What a thread's row must say.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    holder: Holder,
    waiting_ms: Option<i64>,
    needs_reply: bool,
    stand: Stand,
    assignee: Option<String>,
    unread: usize,
    last_ms: i64,
    opened_ms: Option<i64>,
    name: Option<String>,
}

fn row_of(truth: &Truth, now_ms: i64) -> Row {
    Row {
        holder: truth.holder(now_ms),
        waiting_ms: truth.waiting_ms(now_ms),
        needs_reply: truth.needs_reply(now_ms),
        stand: truth.stand(),
        assignee: truth.assignee.map(|who| agent(who).to_string()),
        unread: truth.unread(),
        last_ms: truth.last_said_ms(),
        opened_ms: truth.opened_ms(),
        name: truth.name.clone().or_else(|| truth.history_name.clone()),
    }
}

fn shown(row: &ThreadRow) -> Row {
    let holder = match &row.owner.owner {
        Owner::Ours => Holder::Ours,
        Owner::Idle => Holder::Nobody,
        Owner::MetaInbox => Holder::Inbox,
        Owner::Other { app: Some(app) } if app.as_str() == BOT => Holder::Bot,
        _ => Holder::Unknown,
    };
    let stand = match row.status {
        Status::Open => Stand::Open,
        Status::WaitingOnCustomer => Stand::Waiting,
        Status::Snoozed { .. } => Stand::Asleep,
        Status::Done => Stand::Done,
    };
    Row {
        holder,
        waiting_ms: row.waiting_since_ms,
        needs_reply: row.needs_reply,
        stand,
        assignee: row.assignee.map(|agent| agent.to_string()),
        unread: row.unread as usize,
        last_ms: row.last_at_ms,
        opened_ms: row.last_opening_ms,
        name: row.customer_name.clone(),
    }
}

/// What is shown of one message.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    Said {
        at_ms: i64,
        number: String,
        by: String,
        text: Option<String>,
        unsent: bool,
        found_late: bool,
        edited: bool,
        attachments: usize,
        reactions: usize,
    },
    Odd {
        at_ms: i64,
    },
}

impl Line {
    fn at_ms(&self) -> i64 {
        match self {
            Self::Said { at_ms, .. } | Self::Odd { at_ms } => *at_ms,
        }
    }
}

fn messages_of(thread: usize, truth: &Truth) -> Vec<Line> {
    let line = |one: &Said| Line::Said {
        at_ms: one.at_ms,
        number: words::mid(thread, one.number),
        by: match one.by {
            By::Customer => "customer".to_owned(),
            By::Bot => "bot".to_owned(),
            By::Agent(who) => agent(who).to_string(),
            By::Inbox => "inbox".to_owned(),
        },
        text: one.text(thread),
        unsent: one.unsent,
        found_late: one.lost.is_some(),
        edited: !one.unsent && one.version.is_some_and(|version| version > 0),
        attachments: usize::from(one.version.is_none() && !one.unsent),
        reactions: usize::from(one.reacted_ms.is_some() && !one.unsent),
    };
    let said = truth.known().map(line);
    let mut lines: Vec<Line> =
        said.chain(truth.odd.iter().map(|at_ms| Line::Odd { at_ms: *at_ms })).collect();
    lines.sort_by_key(Line::at_ms);
    lines
}

fn said(row: &MessageRow) -> Line {
    if row.kind == MessageKind::Unknown {
        return Line::Odd { at_ms: row.place.at_ms };
    }
    Line::Said {
        at_ms: row.place.at_ms,
        number: row.mid.as_ref().map(ToString::to_string).unwrap_or_default(),
        by: match &row.author {
            Author::Customer => "customer".to_owned(),
            Author::Agent(who) => who.to_string(),
            Author::MetaInbox => "inbox".to_owned(),
            Author::App(app) if app.as_str() == BOT => "bot".to_owned(),
            other => format!("{other:?}"),
        },
        text: row.text.clone(),
        unsent: row.unsent,
        found_late: row.found_late,
        edited: row.edited,
        attachments: row.attachments.len(),
        reactions: row.reactions.len(),
    }
}

async fn all_messages(store: &Store, thread: ThreadId) -> anyhow::Result<Vec<MessageRow>> {
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = store.messages(thread, before.as_ref(), PAGE).await?;
        let Some(first) = page.first() else { break };
        before = Some(first.place.clone());
        pages.push(page);
    }
    Ok(pages.into_iter().rev().flatten().collect())
}

/// Every list page by page: who is in it, in which order, and how many the counts say.
async fn lists(
    store: &Store,
    ended: &Ended,
    ids: &BTreeMap<ThreadId, usize>,
    found: &mut Vec<String>,
) -> anyhow::Result<()> {
    let now_ms = ended.now_ms;
    // What time did to threads is found by looking, as a desk does all along.
    store.shut_windows(now_ms, u32::MAX).await?;
    store.look_at_ends(now_ms, u32::MAX).await?;
    let there = || ids.iter().map(|(id, number)| (*id, &ended.threads[*number]));
    let views = (0..AGENTS).map(|who| View::Mine(agent(who))).chain([
        View::Unassigned,
        View::EndingSoon,
        View::All,
        View::TooLate,
        View::Snoozed,
        View::Done,
    ]);
    let ends_soon = |truth: &Truth| {
        truth.next_end_ms(now_ms).is_some_and(|ends_ms| ends_ms <= now_ms + baton_core::store::SOON_MS)
    };
    for view in views {
        let fits = |truth: &Truth| {
            let is_active = truth.is_active();
            match view {
                View::Mine(mine) => is_active && truth.assignee.map(agent) == Some(mine),
                View::Unassigned => is_active && truth.assignee.is_none(),
                View::EndingSoon => ends_soon(truth),
                View::All => is_active,
                View::TooLate => is_active && truth.needs_reply(now_ms) && !truth.can_be_answered(now_ms),
                View::Snoozed => truth.stand() == Stand::Asleep,
                View::Done => truth.stand() == Stand::Done,
                View::Mentions | View::Blocked => false,
            }
        };
        for sort in [Sort::NeedsReply, Sort::Newest] {
            let mut expected: Vec<_> = there()
                .filter(|(_, truth)| fits(truth))
                .map(|(id, truth)| {
                    let waits_ms = truth.waiting_ms(now_ms).filter(|_| truth.needs_reply(now_ms));
                    let order = if view == View::TooLate { Sort::NeedsReply } else { sort };
                    let place = match (view, order, waits_ms) {
                        (View::EndingSoon, ..) => (0, truth.next_end_ms(now_ms).unwrap_or_default(), id),
                        // All sleep for equally long.
                        (View::Snoozed, ..) => (0, 0, id),
                        // Who can be answered stands above who cannot any more.
                        (_, Sort::NeedsReply, Some(since_ms)) => {
                            (i32::from(!truth.can_be_answered(now_ms)), since_ms, id)
                        }
                        (_, Sort::NeedsReply, None) => (2, -truth.last_said_ms(), id),
                        (_, Sort::Newest, _) => (0, -truth.last_said_ms(), ThreadId(-id.0)),
                    };
                    (place, id)
                })
                .collect();
            expected.sort_unstable();
            let expected: Vec<ThreadId> = expected.into_iter().map(|(_, id)| id).collect();
            let mut query = ListQuery { view, account: None, sort, from: ListFrom::Top, limit: PAGE, now_ms };
            let mut listed = Vec::new();
            loop {
                let page = store.thread_list(&query).await?;
                listed.extend(page.rows.iter().map(|row| row.id));
                let Some(next) = page.next else { break };
                query.from = ListFrom::After(next);
            }
            if listed != expected {
                let first = listed.iter().zip(&expected).position(|(listed, expected)| listed != expected);
                let (listed, expected) = (listed.len(), expected.len());
                found.push(format!(
                    "{view:?} by {sort:?}: {listed} listed, {expected} true, other from {first:?}"
                ));
            }
        }
    }
    for who in 0..AGENTS {
        let counts = store.view_counts(agent(who), None).await?;
        let how_many =
            |fits: &dyn Fn(&Truth) -> bool| there().filter(|(_, truth)| fits(truth)).count() as u64;
        let open = |truth: &Truth| truth.is_active();
        let mine = |truth: &Truth| open(truth) && truth.assignee == Some(who);
        let free = |truth: &Truth| open(truth) && truth.assignee.is_none();
        let to_answer = |truth: &Truth| truth.needs_reply(now_ms) && truth.can_be_answered(now_ms);
        let too_late = |truth: &Truth| truth.needs_reply(now_ms) && !truth.can_be_answered(now_ms);
        let pairs = [
            (counts.mine, how_many(&mine)),
            (counts.mine_waiting, how_many(&|truth| mine(truth) && to_answer(truth))),
            (counts.unassigned, how_many(&free)),
            (counts.unassigned_waiting, how_many(&|truth| free(truth) && to_answer(truth))),
            (counts.all, how_many(&open)),
            (counts.all_waiting, how_many(&|truth| open(truth) && to_answer(truth))),
            (counts.too_late, how_many(&|truth| open(truth) && too_late(truth))),
            (counts.done, how_many(&|truth| truth.stand() == Stand::Done)),
            (counts.snoozed, how_many(&|truth| truth.stand() == Stand::Asleep)),
            (counts.ending_soon, how_many(&ends_soon)),
        ];
        if pairs.iter().any(|(kept, counted)| kept != counted) {
            found.push(format!("counts of agent {who}, kept and true: {pairs:?}"));
        }
    }
    Ok(())
}

/// Words of single messages are found there and nowhere else, and frequent words as often as a thread says them.
async fn searches(
    store: &Store,
    ended: &Ended,
    ids: &BTreeMap<ThreadId, usize>,
    seed: u64,
    found: &mut Vec<String>,
) -> anyhow::Result<()> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let threads: Vec<(ThreadId, usize)> = ids.iter().map(|(id, number)| (*id, *number)).collect();
    let calendar = Calendar { today: jiff::civil::date(2026, 11, 1), zone: jiff::tz::TimeZone::UTC };
    let asked = |word: &str, thread| -> anyhow::Result<SearchFor> {
        let query = Query::parse(word, &calendar).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(SearchFor { query, thread, me: agent(0), before: None, limit: 100, now_ms: ended.now_ms })
    };
    for _ in 0..SEARCHES {
        let (id, number) = threads[chance.usize(..threads.len())];
        let Some(one) = chance.choice(&ended.threads[number].said) else { continue };
        for version in 0..=one.version.unwrap_or(0) {
            let word = words::own_word(number, one.number, version);
            let page = store.search(&asked(&word, None)?).await?;
            let says_it = one.is_known() && !one.unsent && one.version == Some(version);
            let expected: Vec<_> =
                says_it.then(|| (id, words::mid(number, one.number))).into_iter().collect();
            // The word may go on: "v1" finds "v12" too, which nothing reaches here.
            let hits: Vec<_> = page.hits.iter().map(|hit| (hit.thread, hit.place.key.clone())).collect();
            if hits != expected {
                found.push(format!("search for {word}: {hits:?} instead of {expected:?}"));
            }
        }
    }
    for turn in 0..SEARCHES_IN_THREAD {
        let (id, number) = threads[chance.usize(..threads.len())];
        let word = words::often(turn);
        let page = store.search(&asked(&format!("\"{word}\""), Some(id))?).await?;
        let says = ended.threads[number].known().filter(|one| words::says(number, one, word)).count() as u64;
        if page.count != Some(says.min(1_000)) {
            found.push(format!("search for {word} in thread {number}: {:?} instead of {says}", page.count));
        }
    }
    Ok(())
}
