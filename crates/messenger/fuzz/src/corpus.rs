//! The bodies to begin with: every documented webhook as Meta spells it, and what earlier runs grew from them.

use std::io;
use std::path::PathBuf;

/// Where the bodies lie.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/webhook"))
}

/// Every body with the name of its file, in the order of names.
///
/// # Errors
/// When the folder cannot be read.
pub fn bodies() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut bodies = Vec::new();
    for file in std::fs::read_dir(folder())? {
        let file = file?;
        bodies.push((file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path())?));
    }
    bodies.sort();
    Ok(bodies)
}
