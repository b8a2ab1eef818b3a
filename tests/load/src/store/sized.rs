//! Files of a size, made once and kept beside the results: the product itself fills them.

use std::path::{Path, PathBuf};

use baton_core::store::{SCHEMA, Store};

use crate::world::{self, Size, World};

/// Raised whenever the world of a seed becomes another.
const VERSION: u32 = 1;
/// How many entries a commit takes in while a file is filled.
const STRIDE: usize = 2_000;

/// The file with this many messages; filled when it is not there yet.
///
/// # Errors
/// When it cannot be written.
pub async fn file(folder: &Path, seed: u64, size: Size) -> anyhow::Result<PathBuf> {
    let words: String =
        baton_core::search::version().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let name = format!("{VERSION}-{SCHEMA}-{words}-{seed}-{}-{}", size.messages, size.threads);
    let folder = folder.join("worlds").join(name);
    let done = folder.join("desk.db");
    if done.is_file() {
        return Ok(done);
    }
    std::fs::create_dir_all(&folder)?;
    let part = folder.join("part.db");
    for ending in ["", "-wal", "-shm"] {
        let old = folder.join(format!("part.db{ending}"));
        if old.exists() {
            std::fs::remove_file(old)?;
        }
    }
    eprintln!("  filling a store with {} messages in {} threads, once", size.messages, size.threads);
    let store = Store::open(&part).await?;
    let mut world = World::new(seed, size);
    loop {
        let entries = world.next_entries(STRIDE);
        if entries.is_empty() {
            break;
        }
        store.ingest(&entries, world::log_id()).await?;
    }
    store.close().await;
    std::fs::rename(&part, &done)?;
    Ok(done)
}
