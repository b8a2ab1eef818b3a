//! Takes what a program reads at its start out of the page cache: the next start reads it from the disk, as the first of a day does.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, fadvise};

use super::process::family;

/// Files that a start reads.
#[derive(Debug, Default)]
pub(super) struct Files(BTreeSet<PathBuf>);

impl Files {
    /// Those which a program that runs, and all it started, has in its memory: itself and its libraries.
    pub(super) fn mapped(root: u32) -> Self {
        let maps = family(root)
            .into_iter()
            .filter_map(|pid| std::fs::read_to_string(format!("/proc/{pid}/maps")).ok());
        Self(maps.flat_map(|text| paths(&text)).collect())
    }

    /// All of a folder too.
    pub(super) fn with_folder(mut self, folder: &Path) -> Self {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    self.0.insert(path);
                }
            }
        }
        self
    }

    /// Takes them out of memory. Whatever another program still has in its own stays there.
    ///
    /// # Errors
    /// When the disk does not take what was written to one of them.
    pub(super) fn forget(&self) -> anyhow::Result<()> {
        for path in &self.0 {
            // What went meanwhile, or may not be opened, is not read from here either.
            let Ok(file) = File::open(path) else { continue };
            file.sync_all()?;
            fadvise(&file, 0, None, Advice::DontNeed)?;
        }
        Ok(())
    }
}

/// The files that a process's map names.
fn paths(map: &str) -> Vec<PathBuf> {
    map.lines()
        .filter_map(|line| line.find('/').and_then(|at| line.get(at..)))
        .filter(|path| {
            !path.starts_with("/dev/") && !path.starts_with("/memfd:") && !path.ends_with(" (deleted)")
        })
        .map(PathBuf::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_names_files_and_nothing_that_is_in_memory_alone() {
        let map = "7f00-7f01 r--p 00000000 fe:00 42   /usr/lib/libwebkit2gtk-4.1.so.0\n\
                   7f01-7f02 rw-p 00000000 00:00 0 \n\
                   7f02-7f03 rw-p 00000000 00:00 0    [heap]\n\
                   7f03-7f04 rw-s 00000000 00:01 9    /memfd:shared (deleted)\n\
                   7f04-7f05 r--p 00000000 fe:00 43   /opt/a file with spaces.so\n";
        let named =
            [PathBuf::from("/usr/lib/libwebkit2gtk-4.1.so.0"), PathBuf::from("/opt/a file with spaces.so")];
        assert_eq!(paths(map), named);
    }

    #[test]
    fn what_is_forgotten_is_there_still() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("deep"))?;
        let file = folder.path().join("deep").join("store");
        std::fs::write(&file, "said")?;
        let files = Files::default().with_folder(folder.path());
        assert!(files.0.contains(&file));
        files.forget()?;
        assert_eq!(std::fs::read_to_string(file)?, "said");
        Ok(())
    }
}
