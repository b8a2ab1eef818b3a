//! What the desk's store costs beside SQLite itself.

mod bare;
pub mod ingest;
mod profile;
pub mod reading;
mod recorder;
mod script;
pub mod search;
mod sized;
mod turns;
pub mod update;

use std::path::{Path, PathBuf};

pub use recorder::record;
pub use script::Script;

/// A file that is not there, with nothing beside it.
///
/// # Errors
/// When the folder cannot be emptied.
pub fn fresh(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let folder = folder.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join("desk.db"))
}
