//! Files of a size, made once and kept beside the results: the product itself fills them.

use std::path::{Path, PathBuf};

use baton_core::store::{Enrolment, SCHEMA, Store};
use baton_protocol::DeskId;

use crate::world::{self, Size, VERSION, World};

/// How many entries a commit takes in while a file is filled.
const STRIDE: usize = 2_000;
/// How many threads are looked at at once.
const LOOKED_AT: u32 = 500;

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
    let enrolment = Enrolment {
        // Nobody answers there.
        relay: "http://127.0.0.1:9".to_owned(),
        desk: DeskId::new(),
        agent: world::agent(world::READER),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await?;
    let mut world = World::new(seed, size);
    loop {
        let entries = world.next_entries(STRIDE);
        if entries.is_empty() {
            break;
        }
        store.ingest(&entries, world::log_id()).await?;
    }
    // Time makes no entry: what sleeps, shuts and ends is looked at as a desk looks.
    loop {
        let mut looked = store.wake_sleepers(world::END_MS, LOOKED_AT).await?;
        looked.extend(store.shut_windows(world::END_MS, LOOKED_AT).await?);
        looked.extend(store.look_at_ends(world::END_MS, LOOKED_AT).await?);
        if looked.is_empty() {
            break;
        }
    }
    store.close().await;
    std::fs::rename(&part, &done)?;
    Ok(done)
}
