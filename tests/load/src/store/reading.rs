//! A thread that is opened, older messages of it, and the next page of every list, beside the bare SQL and beside a store of
//! a thousand messages.

use std::path::Path;
use std::time::Instant;

use baton_core::store::{ListFrom, ListKey, ListQuery, MessageKey, Sort, Store, ThreadId, View};
use fastrand::Rng;

use super::bare;
use super::profile::Profile;
use super::sized;
use super::turns::{Round, slowest};
use crate::report::{Promise, Section};
use crate::sqlite::Connection;
use crate::stat::us;
use crate::world::{END_MS, READER, Size, agent};

/// At most this many times the bare SQL, and this many times itself in a small store.
const LIMIT: f64 = 2.0;
const GROWTH: f64 = 1.3;
/// Small stores of as many messages: threads as long as in the large one, for what is read of a thread; and threads enough
/// for whole pages, for lists.
const FEW_LONG: Size = Size { messages: 1_000, threads: 20 };
const MANY_SHORT: Size = Size { messages: 1_000, threads: 250 };
/// As many messages as the window asks for when it opens a thread.
pub(super) const MESSAGES: u32 = 60;
/// As many rows as a page of a list has.
pub(super) const ROWS: u32 = 50;
/// So far apart pages begin.
const STEP: u32 = 20;
/// So many pieces of work a round has, of each kind.
const PIECES: usize = 300;

/// What is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    OpenThread,
    OlderMessages,
    NextPage(View, Sort),
}

/// One piece of work in one store.
#[derive(Debug)]
pub(super) enum Piece {
    Open(i64),
    Older(i64, MessageKey),
    Page(View, Sort, ListKey),
}

/// Measures in a store of this size and in a small one.
///
/// # Errors
/// When a file cannot be made or read.
pub async fn measure(
    folder: &Path,
    seed: u64,
    size: Size,
    rounds: usize,
) -> anyhow::Result<(Section, Section)> {
    let mut beside_sql = Section::new(
        "reading",
        "Opening a thread, and the next page of a list",
        "What the store reads for one answer of the window, at one moment. The reference is the bare SQL for the same rows \
         from prepared statements. The slowest hundredth of each round, medians of the rounds.",
    );
    let mut growth = Section::new(
        "growth",
        "The same with a long history",
        "The store part of the section before in the large store, beside itself in a store of 1 000 messages, in turn: \
         messages in threads of the same length (fifty each), lists in shorter threads, so that whole pages exist.",
    );
    beside_sql.fact("messages in the store", size.messages.to_string());
    growth.fact("messages in the store", size.messages.to_string());
    let large = Place::open(&sized::file(folder, seed, size).await?).await?;
    let few_long = Place::open(&sized::file(folder, seed, FEW_LONG).await?).await?;
    let many_short = Place::open(&sized::file(folder, seed, MANY_SHORT).await?).await?;
    for (what, kind) in kinds() {
        let small = match kind {
            Kind::OpenThread | Kind::OlderMessages => &few_long,
            Kind::NextPage(..) => &many_short,
        };
        let mut rng = Rng::with_seed(seed);
        let (pieces, few) = (large.pieces(kind, &mut rng).await?, small.pieces(kind, &mut rng).await?);
        if pieces.is_empty() {
            continue;
        }
        let (mut beside, mut grown) = (Vec::new(), Vec::new());
        for number in 0..=rounds {
            let (mut sql, mut size) = (Round::default(), Round::default());
            for place in 0..PIECES {
                let piece = &pieces[place % pieces.len()];
                let ours = large.read(piece).await?;
                sql.ours.push(ours);
                sql.reference.push(bare::read(&large.plain, piece)?);
                if let Some(piece) = few.get(place % few.len().max(1)) {
                    size.ours.push(ours);
                    size.reference.push(small.read(piece).await?);
                }
            }
            // The first warms up.
            if number > 0 {
                beside.push(sql);
                grown.push(size);
            }
        }
        let mut row = slowest(&what, &beside, Promise::AtMost(LIMIT));
        if row.kept == Some(false) {
            let profile = Profile::of(async {
                for piece in &pieces {
                    large.read(piece).await?;
                }
                anyhow::Ok(())
            })
            .await?;
            row = row.profiled(profile.longest(12));
        }
        beside_sql.row(row);
        if !few.is_empty() {
            growth.row(slowest(&what, &grown, Promise::AtMost(GROWTH)));
        }
    }
    Ok((beside_sql, growth))
}

fn kinds() -> Vec<(String, Kind)> {
    let mut kinds = vec![
        ("open a thread".to_owned(), Kind::OpenThread),
        ("older messages of a thread".to_owned(), Kind::OlderMessages),
    ];
    for (name, view) in [
        ("mine", View::Mine(agent(READER))),
        ("unassigned", View::Unassigned),
        ("all", View::All),
        ("done", View::Done),
        ("blocked", View::Blocked),
    ] {
        for (order, sort) in [("longest wait first", Sort::NeedsReply), ("newest first", Sort::Newest)] {
            kinds.push((format!("next page of {name}, {order}"), Kind::NextPage(view, sort)));
        }
    }
    // These have an order of their own.
    for (name, view) in [
        ("mentions", View::Mentions),
        ("ending soon", View::EndingSoon),
        ("too late", View::TooLate),
        ("snoozed", View::Snoozed),
    ] {
        kinds.push((format!("next page of {name}"), Kind::NextPage(view, Sort::NeedsReply)));
    }
    kinds
}

struct Place {
    store: Store,
    plain: Connection,
}

impl Place {
    async fn open(file: &Path) -> anyhow::Result<Self> {
        Ok(Self { store: Store::open(file).await?, plain: Connection::open(file)? })
    }

    /// Pieces of work all over the store.
    async fn pieces(&self, kind: Kind, rng: &mut Rng) -> anyhow::Result<Vec<Piece>> {
        let last: i64 = self.plain.number("SELECT max(thread_id) FROM thread", &[])?;
        let mut pieces = Vec::new();
        match kind {
            Kind::OpenThread => pieces.extend((0..PIECES).map(|_| Piece::Open(rng.i64(1..=last)))),
            Kind::OlderMessages => {
                for _ in 0..PIECES {
                    let thread = rng.i64(1..=last);
                    let page = self.store.messages(ThreadId(thread), None, 20).await?;
                    pieces.extend(page.first().map(|first| Piece::Older(thread, first.place.clone())));
                }
            }
            Kind::NextPage(view, sort) => {
                let mut after = None;
                // Down the list as somebody scrolls, as far as there are whole pages.
                for _ in 0..PIECES {
                    let few = ListQuery { limit: STEP, ..asked(view, sort, after) };
                    let Some(next) = self.store.thread_list(&few).await?.next else { break };
                    if self.store.thread_list(&asked(view, sort, Some(next))).await?.rows.len()
                        < ROWS as usize
                    {
                        break;
                    }
                    pieces.push(Piece::Page(view, sort, next));
                    after = Some(next);
                }
            }
        }
        Ok(pieces)
    }

    /// Microseconds that the product takes.
    async fn read(&self, piece: &Piece) -> anyhow::Result<f64> {
        let begun = Instant::now();
        let mut reading = self.store.reading().await?;
        match piece {
            Piece::Open(thread) => {
                let thread = ThreadId(*thread);
                reading.thread(thread, END_MS).await?;
                reading.accounts().await?;
                reading.agents().await?;
                let messages = reading.messages(thread, None, MESSAGES).await?;
                let full = messages.len() >= MESSAGES as usize;
                let from = messages.first().filter(|_| full).map_or(0, |first| first.place.at_ms);
                reading.timeline(thread, from, i64::MAX, END_MS).await?;
                reading.parts_of_thread(thread).await?;
                reading.draft(thread).await?;
                reading.first_unread(thread).await?;
            }
            Piece::Older(thread, place) => {
                reading.messages(ThreadId(*thread), Some(place), MESSAGES).await?;
            }
            Piece::Page(view, sort, after) => {
                reading.thread_list(&asked(*view, *sort, Some(*after))).await?;
            }
        }
        drop(reading);
        Ok(us(begun.elapsed()))
    }
}

fn asked(view: View, sort: Sort, after: Option<ListKey>) -> ListQuery {
    ListQuery {
        view,
        account: None,
        sort,
        from: after.map_or(ListFrom::Top, ListFrom::After),
        limit: ROWS,
        now_ms: END_MS,
    }
}
