//! The first start after an update: the file is copied before anything in it changes, and every thread is computed anew.

use std::fs::File;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use baton_core::store::Store;

use super::{fresh, sized};
use crate::report::{Promise, Row, Section};
use crate::sqlite::{Connection, Value};
use crate::stat::{median, short};
use crate::world::Size;

/// As if an earlier version had written the file: `store.applied_by` says which one computed its threads.
const OF_AN_EARLIER_ONE: &str = "UPDATE setting SET value = '0' WHERE name = 'store.applied_by'";

/// Measures a store of this size.
///
/// # Errors
/// When a file cannot be made, copied or read.
pub async fn measure(folder: &Path, seed: u64, size: Size, rounds: usize) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "update",
        "The first start after an update",
        "The copy that is made before a migration (VACUUM INTO, synced), and Store::open of a file whose threads an earlier \
         version computed: each of them is computed anew. The reference is a bare copy of the file, synced. What single \
         migrations do to tables is not in it.",
    );
    section.fact("messages in the store", size.messages.to_string());
    let file = sized::file(folder, seed, size).await?;
    // Whatever still lies beside the file goes into it.
    Connection::open(&file)?.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let (mut bare, mut copied, mut computed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let own = fresh(folder, "update")?;
        let begun = Instant::now();
        std::fs::copy(&file, &own)?;
        File::open(&own)?.sync_all()?;
        bare.push(begun.elapsed().as_secs_f64());
        let plain = Connection::open(&own)?;
        let kept = own.with_file_name("kept.db");
        let name = Value::from(kept.to_str().context("a path that is no text")?);
        let begun = Instant::now();
        plain.statement("VACUUM INTO ?")?.run(&[name])?;
        File::open(&kept)?.sync_all()?;
        copied.push(begun.elapsed().as_secs_f64());
        std::fs::remove_file(&kept)?;
        plain.statement(OF_AN_EARLIER_ONE)?.run(&[])?;
        drop(plain);
        let begun = Instant::now();
        let store = Store::open(&own).await?;
        computed.push(begun.elapsed().as_secs_f64());
        store.close().await;
    }
    fresh(folder, "update")?;
    for (what, ours) in
        [("the copy before a migration", &copied), ("opened, every thread computed anew", &computed)]
    {
        section.row(
            Row::of(what, ours, &bare, Promise::Told)
                .told(format!("{} s", short(median(ours))), format!("{} s", short(median(&bare)))),
        );
    }
    let a_message = 1e6 * median(&computed) / size.messages as f64;
    section.fact("computed anew, for each message", format!("{} µs", short(a_message)));
    Ok(section)
}
