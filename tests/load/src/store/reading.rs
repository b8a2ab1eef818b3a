//! A thread that is opened, older messages of it, and the next page of every list, beside the bare SQL and beside a store of
//! a thousand messages.
//!
//! What is measured is all that the commands `openThread`, `olderItems` and `listThreads` read for one answer, in their order
//! (`crates/commands/src/answer/thread.rs` and `rows.rs`): whoever changes what they read changes it here.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use baton_core::desk::{ComposerRows, Desk};
use baton_core::store::{
    Filter, ListFrom, ListKey, ListQuery, MessageKey, Reading, Sort, Store, ThreadId, ThreadRow, View,
};
use baton_messenger::id::Platform;
use baton_protocol::AccountId;
use fastrand::Rng;

use super::bare;
use super::profile::Profile;
use super::sized;
use super::turns::{Round, slowest};
use crate::report::{Promise, Section};
use crate::sqlite::Connection;
use crate::stat::us;
use crate::world::{END_MS, PAGE, READER, Size, agent, label};

/// At most this many times the bare SQL, and this many times itself in a small store.
const LIMIT: f64 = 2.0;
const GROWTH: f64 = 1.3;
/// Small stores of as many messages: threads as long as in the large one, for what is read of a thread; and threads enough
/// for whole pages, for lists.
const FEW_LONG: Size = Size { messages: 1_000, threads: 20 };
const MANY_SHORT: Size = Size { messages: 1_000, threads: 400 };
/// As many messages as the window asks for when it opens a thread.
pub(super) const MESSAGES: u32 = 60;
/// As many rows as the window asks for when it goes on down a list.
pub(super) const ROWS: u32 = 100;
/// Of a view without a whole page one of so many rows at least is measured.
const LEAST: usize = 40;
/// "Who held it" looks so far back.
const HELD_BACK_MS: i64 = 30 * 24 * 3_600_000;
/// So far apart pages begin.
const STEP: u32 = 20;
/// So many pieces of work a round has, of each kind.
const PIECES: usize = 300;

/// What is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    OpenThread,
    OlderMessages,
    NextPage(List),
}

/// A list as somebody has it open.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) view: View,
    pub(super) sort: Sort,
    of: Of,
}

/// Which threads of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    All,
    Account,
    Channel,
    Label,
    /// As one that was kept under a name may be narrowed: all three at once.
    Kept,
}

impl List {
    /// Whether it is all of its view.
    pub(super) fn is_whole(self) -> bool {
        self.of == Of::All
    }

    pub(super) fn filter(self) -> Filter {
        Filter {
            platform: matches!(self.of, Of::Channel | Of::Kept).then_some(Platform::Messenger),
            label: matches!(self.of, Of::Label | Of::Kept).then(label),
        }
    }

    fn account(self) -> Option<AccountId> {
        matches!(self.of, Of::Account | Of::Kept).then(|| AccountId::from(PAGE))
    }

    fn asked(self, after: Option<ListKey>) -> ListQuery {
        ListQuery {
            view: self.view,
            account: self.account(),
            sort: self.sort,
            from: after.map_or(ListFrom::Top, ListFrom::After),
            limit: ROWS,
            now_ms: END_MS,
        }
    }
}

/// One piece of work in one store.
#[derive(Debug)]
pub(super) enum Piece {
    Open(i64),
    Older(i64, MessageKey),
    Page(List, ListKey),
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
        "All that the commands openThread, olderItems and listThreads read for one answer: a thread with 60 messages, what \
         hangs on them, what happened beside them, outbox, composer and rights; a page of 100 rows with the counts of all views, \
         agents, accounts and labels. The reference reads the same rows with bare SQL from prepared statements. The slowest \
         hundredth of each round, medians of the rounds.",
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
        let pieces = large.pieces(kind, &mut rng, LEAST).await?;
        // Whole pages only: those of the large store are.
        let few = small.pieces(kind, &mut rng, ROWS as usize).await?;
        if pieces.is_empty() {
            beside_sql.fact(format!("not measured: {what}"), format!("the store has no {LEAST} rows of it"));
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
    for (name, view, of) in [
        ("mine", View::Mine(agent(READER)), Of::All),
        ("unassigned", View::Unassigned, Of::All),
        ("all", View::All, Of::All),
        ("done", View::Done, Of::All),
        ("blocked", View::Blocked, Of::All),
        ("all of one account", View::All, Of::Account),
        ("all of one channel", View::All, Of::Channel),
        ("all with one label", View::All, Of::Label),
        ("a saved view of account, channel and label", View::All, Of::Kept),
    ] {
        for (order, sort) in [("longest wait first", Sort::NeedsReply), ("newest first", Sort::Newest)] {
            kinds.push((format!("next page of {name}, {order}"), Kind::NextPage(List { view, sort, of })));
        }
    }
    // These have an order of their own.
    for (name, view) in [
        ("mentions", View::Mentions),
        ("ending soon", View::EndingSoon),
        ("too late", View::TooLate),
        ("snoozed", View::Snoozed),
    ] {
        let list = List { view, sort: Sort::NeedsReply, of: Of::All };
        kinds.push((format!("next page of {name}"), Kind::NextPage(list)));
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

    /// Pieces of work all over the store. Of a list without a whole page it is the first one, if it has `least` rows.
    async fn pieces(&self, kind: Kind, rng: &mut Rng, least: usize) -> anyhow::Result<Vec<Piece>> {
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
            Kind::NextPage(list) => {
                let filter = list.filter();
                let (mut after, mut short) = (None, None);
                // Down the list as somebody scrolls, as far as there are whole pages.
                for _ in 0..PIECES {
                    let few = ListQuery { limit: STEP, ..list.asked(after) };
                    let Some(next) = self.store.filtered_list(&few, &filter).await?.next else { break };
                    let rows = self.store.filtered_list(&list.asked(Some(next)), &filter).await?.rows.len();
                    if rows < ROWS as usize {
                        short = (rows >= least).then_some(Piece::Page(list, next));
                        break;
                    }
                    pieces.push(Piece::Page(list, next));
                    after = Some(next);
                }
                if pieces.is_empty() {
                    pieces.extend(short);
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
            Piece::Open(thread) => open(&mut reading, ThreadId(*thread)).await?,
            Piece::Older(thread, place) => {
                let thread = ThreadId(*thread);
                let row = reading.thread(thread, END_MS).await?;
                scene(&mut reading, &row).await?;
                stretch(&mut reading, thread, Some(place)).await?;
            }
            Piece::Page(list, after) => page(&mut reading, *list, *after).await?,
        }
        drop(reading);
        Ok(us(begun.elapsed()))
    }
}

/// As `openThread` reads.
async fn open(reading: &mut Reading, thread: ThreadId) -> anyhow::Result<()> {
    let row = reading.thread(thread, END_MS).await?;
    Desk::renaming(reading, &row).await?;
    Desk::blocking(reading, &row).await?;
    ComposerRows::read(reading, row.clone()).await?;
    reading.draft_frame(thread).await?;
    scene(reading, &row).await?;
    stretch(reading, thread, None).await?;
    reading.parts_of_thread(thread).await?;
    reading.timeline(thread, END_MS - HELD_BACK_MS, i64::MAX, END_MS).await?;
    reading.first_unread(thread).await?;
    reading.lacks_older(thread).await?;
    reading.is_stranger(thread).await?;
    reading.handed_draft(thread).await?;
    Ok(())
}

/// What the items of a thread need besides.
async fn scene(reading: &mut Reading, row: &ThreadRow) -> anyhow::Result<()> {
    names(reading).await?;
    reading.overtaken(row.id, &BTreeMap::new()).await?;
    reading.sent_without_message(row.id).await?;
    reading.parts_elsewhere(row.id).await?;
    reading.files_of_parts(row.id).await?;
    reading.said_of_open_replies(row.id).await?;
    reading.frames_of_parts(row.id).await?;
    reading.draft_frame(row.id).await?;
    reading.quotes(row.id, &[]).await?;
    reading.queued_unchecked(&row.key).await?;
    reading.queued_reactions(&row.key).await?;
    reading.queued_notes(&row.key).await?;
    reading.queued_removals(&row.key).await?;
    reading.agent_role(agent(READER), &row.key.account).await?;
    Ok(())
}

/// What rows need beside themselves.
async fn names(reading: &mut Reading) -> anyhow::Result<()> {
    reading.agents().await?;
    for account in reading.accounts().await? {
        reading.account_facts(&account.account).await?;
    }
    reading.queued_priorities().await?;
    reading.labels().await?;
    Ok(())
}

/// Messages with all that happened in the same time.
async fn stretch(reading: &mut Reading, thread: ThreadId, before: Option<&MessageKey>) -> anyhow::Result<()> {
    let messages = reading.messages(thread, before, MESSAGES).await?;
    let full = messages.len() >= MESSAGES as usize;
    let from = messages.first().filter(|_| full).map_or(0, |first| first.place.at_ms);
    let to = before.map_or(i64::MAX, |place| place.at_ms);
    reading.timeline(thread, from, to, END_MS).await?;
    reading.parts_of_thread(thread).await?;
    Ok(())
}

/// As `listThreads` reads.
async fn page(reading: &mut Reading, list: List, after: ListKey) -> anyhow::Result<()> {
    let filter = list.filter();
    reading.filtered_list(&list.asked(Some(after)), &filter).await?;
    reading.filtered_counts(agent(READER), list.account().as_ref(), &filter).await?;
    if !list.is_whole() {
        reading.view_counts(agent(READER), None).await?;
    }
    names(reading).await
}
