//! A desk that was away: everything it missed, through stream, fetching and store, beside the bare loop.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_chaos_tests::relay::Relay;
use baton_core::desk::Desk;
use baton_core::store::{ListFrom, ListQuery, Sort, Store, ThreadRow, View};
use baton_protocol::entry::{Entry, EntryKind};

use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};
use crate::store::{fresh, record};
use crate::team;
use crate::world::{END_MS, Size, World, log, log_id};

/// Fast enough when it is this share of the bare loop, with the newest screen after this many milliseconds.
const SHARE: f64 = 0.7;
const SCREEN_MS: f64 = 500.0;
/// As many entries as a commit of the bare loop takes in: as the desk fetches them.
const STRIDE: usize = 500;
/// So long a whole round may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// Measures how long a desk needs that missed so many entries.
///
/// # Errors
/// When a part does not start or stops.
pub async fn measure(folder: &Path, seed: u64, entries: usize, rounds: usize) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "catch-up",
        "A desk that was away",
        "A relay with a log of so many entries and a new desk, both real: from the start of the desk until it holds every \
         entry, index included. The reference is the bare loop of the section on ingest over the same entries, newest \
         first, 500 a commit. The newest screen is the first page of all threads, as it stands at the end.",
    );
    let relay_folder = fresh(folder, "catch-up")?.with_file_name("relay");
    let relay = team::relay(&relay_folder).await?;
    // A third of the entries are of the team, which only desks may write.
    let mut world = World::new(seed, Size::of(entries as u64));
    let mut said = Vec::new();
    while said.len() < entries {
        let next = world.next_entries(STRIDE);
        if next.is_empty() {
            break;
        }
        said.extend(next.into_iter().filter(|entry| entry.kind == EntryKind::Meta));
    }
    said.truncate(entries);
    team::fill(&relay, &said).await?;
    let missed = everything(&relay).await?;
    section.fact("entries missed", missed.len().to_string());
    let batches: Vec<Vec<Entry>> = missed.rchunks(STRIDE).map(<[Entry]>::to_vec).collect();
    let script = record(&fresh(folder, "recorded")?, &batches).await?;
    let head = missed.last().context("a log with entries")?.seq;
    let (mut ours, mut bare, mut screens) = (Vec::new(), Vec::new(), Vec::new());
    let expected = expected(folder, &batches).await?;
    for number in 0..rounds {
        let place = fresh(folder, "away")?.with_file_name(format!("desk-{number}"));
        let (took, screen) = round(&place, &relay, head, &expected).await?;
        ours.push(missed.len() as f64 / took.as_secs_f64());
        screens.push(screen.as_secs_f64() * 1e3);
        let file = fresh(folder, "bare")?;
        Store::open(&file).await?.close().await;
        bare.push(missed.len() as f64 / script.play(&file)?.as_secs_f64());
    }
    section.row(
        Row::of("everything is there", &ours, &bare, Promise::AtLeast(SHARE))
            .told(format!("{}/s", short(median(&ours))), format!("{}/s", short(median(&bare)))),
    );
    section.row(
        Row::of(
            "the newest screen is right",
            &screens,
            &vec![SCREEN_MS; screens.len()],
            Promise::AtMost(1.0),
        )
        .told(
            format!("{} ms (slowest {})", short(median(&screens)), short(percentile(&screens, 1.0))),
            format!("{SCREEN_MS} ms"),
        ),
    );
    relay.stop();
    Ok(section)
}

/// The whole log of the account, oldest first.
async fn everything(relay: &Relay) -> anyhow::Result<Vec<Entry>> {
    let reader = team::reader(relay).await?;
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry| entry.seq);
        let page = reader.entries(&log(), Some(after), None, 1_000).await?;
        if page.entries.is_empty() {
            return Ok(entries);
        }
        entries.extend(page.entries);
    }
}

/// The first page of all threads once everything is there.
async fn expected(folder: &Path, batches: &[Vec<Entry>]) -> anyhow::Result<Vec<String>> {
    let store = Store::open(&fresh(folder, "expected")?).await?;
    for batch in batches {
        store.ingest(batch, log_id()).await?;
    }
    let screen = screen(&store).await?;
    store.close().await;
    Ok(screen)
}

async fn screen(store: &Store) -> anyhow::Result<Vec<String>> {
    let asked = ListQuery {
        view: View::All,
        account: None,
        sort: Sort::Newest,
        from: ListFrom::Top,
        limit: 50,
        now_ms: END_MS,
    };
    Ok(store.thread_list(&asked).await?.rows.iter().map(shown).collect())
}

/// What somebody reads first of a row.
fn shown(row: &ThreadRow) -> String {
    format!("{} {} {}", row.key.customer, row.last_at_ms, row.preview.text)
}

async fn round(
    folder: &Path,
    relay: &Relay,
    head: u64,
    expected: &[String],
) -> anyhow::Result<(Duration, Duration)> {
    let begun = Instant::now();
    let desk: Desk = team::desk(folder, relay).await?;
    let mut right = None;
    while begun.elapsed() < PATIENCE {
        if right.is_none() && screen(desk.store()).await? == expected {
            right = Some(begun.elapsed());
        }
        if desk.store().cursor(&log()).await?.is_some_and(|cursor| cursor.ranges.as_slice() == [(1, head)]) {
            let took = begun.elapsed();
            desk.shutdown().await;
            return Ok((took, right.unwrap_or(took)));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("the desk did not catch up")
}
