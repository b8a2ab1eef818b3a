//! The sources of the workspace, for tests that hold a list against them.

use std::path::{Path, PathBuf};

/// Every Rust file in a folder of the workspace and below, with its text.
pub fn in_folder(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(folder)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                sources.push((path, text));
            }
        }
    }
    sources
}
