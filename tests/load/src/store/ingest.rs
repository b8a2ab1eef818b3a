//! Entries from the log into the store, beside a loop that writes the same rows.

use std::path::Path;
use std::time::{Duration, Instant};

use baton_core::store::Store;
use baton_protocol::entry::Entry;

use super::profile::Profile;
use super::{fresh, record};
use crate::report::{Promise, Row, Section};
use crate::stat::{median, short};
use crate::world::{self, Size, World};

/// Fast enough when it is this share of the bare loop.
const SHARE: f64 = 0.9;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// How many messages are in the store before.
    pub seed: u64,
    /// How many entries come.
    pub entries: usize,
    /// How often, in turn with the loop.
    pub rounds: usize,
}

/// Measures with batches of one, of fifty and of five hundred entries, each one commit that is synced.
///
/// # Errors
/// When a file cannot be written.
pub async fn measure(folder: &Path, asked: Asked) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "ingest",
        "Entries into the store",
        "Entries of a log go through `Store::ingest`, index included, each batch one transaction that is synced. The \
         reference is a bare loop over SQLite itself with the same settings, which writes exactly the rows that the \
         product wrote, of all tables, in the same commits, from prepared statements; it decides nothing and reads nothing.",
    );
    let size = Size::of(asked.entries as u64);
    for (batch, share) in [(1, 20), (50, 2), (500, 1)] {
        let mut world = World::new(asked.seed, size);
        let entries = world.next_entries((asked.entries / share).max(batch));
        let batches: Vec<Vec<Entry>> = entries.chunks(batch).map(<[Entry]>::to_vec).collect();
        section.row(one(folder, &batches, batch, asked.rounds).await?);
    }
    Ok(section)
}

async fn one(folder: &Path, batches: &[Vec<Entry>], batch: usize, rounds: usize) -> anyhow::Result<Row> {
    let count: usize = batches.iter().map(Vec::len).sum();
    let script = record(&fresh(folder, "recorded")?, batches).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(count as f64 / product(&fresh(folder, "product")?, batches).await?.as_secs_f64());
        let file = fresh(folder, "bare")?;
        Store::open(&file).await?.close().await;
        bare.push(count as f64 / script.play(&file)?.as_secs_f64());
    }
    let what = format!("{batch} a commit ({:.1} rows an entry)", script.rows() as f64 / count as f64);
    let row = Row::of(what, &ours, &bare, Promise::AtLeast(SHARE))
        .told(format!("{}/s", short(median(&ours))), format!("{}/s", short(median(&bare))));
    if row.kept == Some(true) {
        return Ok(row);
    }
    let profile = Profile::of(product(&fresh(folder, "profiled")?, batches)).await?;
    Ok(row.profiled(profile.longest(12)))
}

async fn product(file: &Path, batches: &[Vec<Entry>]) -> anyhow::Result<Duration> {
    let store = Store::open(file).await?;
    let begun = Instant::now();
    for batch in batches {
        store.ingest(batch, world::log_id()).await?;
    }
    let took = begun.elapsed();
    store.close().await;
    Ok(took)
}
