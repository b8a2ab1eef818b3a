//! Where the desk's file lies, and what may lie beside it.
//!
//! ```text
//!  desk.sqlite            the file; -wal and -shm beside it are SQLite's
//!  desk.sqlite.damaged    empty: the file is known to be damaged and is repaired when it is opened next
//!  desk.sqlite.building   a repaired file in the making; worth nothing
//!  desk.sqlite.built      a repaired file that is complete and takes the place of the damaged one
//!  set-aside/             copies from before a migration, and damaged files
//! ```

use std::io;
use std::path::{Path, PathBuf};

use super::{Result, StoreError};

/// The endings of what SQLite keeps beside a file.
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// The folder of copies and damaged files.
const ASIDE: &str = "set-aside";

/// Where the desk's file lies.
#[derive(Debug, Clone)]
pub(super) struct Place {
    file: PathBuf,
}

impl Place {
    pub(super) fn of(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn building(&self) -> PathBuf {
        self.with(".building")
    }

    pub(super) fn built(&self) -> PathBuf {
        self.with(".built")
    }

    fn mark(&self) -> PathBuf {
        self.with(".damaged")
    }

    fn aside(&self) -> PathBuf {
        self.file.with_file_name(ASIDE)
    }

    fn with(&self, ending: &str) -> PathBuf {
        let mut name = self.file.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }

    /// Where a copy from before a migration belongs.
    pub(super) fn copy_of(&self, schema: i64) -> PathBuf {
        self.aside().join(format!("before-update-of-schema-{schema}.sqlite"))
    }

    /// Where a damaged file goes.
    pub(super) fn damaged(&self) -> PathBuf {
        self.aside().join("damaged.sqlite")
    }

    pub(super) async fn exists(path: &Path) -> Result<bool> {
        tokio::fs::try_exists(path).await.map_err(|error| StoreError::of_io(&error))
    }

    pub(super) async fn is_marked(&self) -> Result<bool> {
        Self::exists(&self.mark()).await
    }

    /// Remembers, over a restart too, that the file is damaged.
    pub(super) async fn set_mark(&self) -> Result<()> {
        tokio::fs::write(self.mark(), b"").await.map_err(|error| StoreError::of_io(&error))
    }

    pub(super) async fn make_aside(&self) -> Result<()> {
        tokio::fs::create_dir_all(self.aside()).await.map_err(|error| StoreError::of_io(&error))
    }

    /// Removes a file of SQLite with what lies beside it.
    pub(super) async fn remove(file: &Path) -> Result<()> {
        remove_one(file).await?;
        for ending in BESIDE {
            remove_one(&beside(file, ending)).await?;
        }
        Ok(())
    }

    /// Removes the file with everything that may lie beside it.
    pub(super) async fn remove_all(&self) -> Result<()> {
        self.empty_aside().await?;
        for file in [self.file.clone(), self.building(), self.built()] {
            Self::remove(&file).await?;
        }
        remove_one(&self.mark()).await?;
        sync_folder(&self.file).await
    }

    /// Removes every copy and every damaged file: they hold what has to be gone, and cannot be rewritten. Returns how
    /// many there were.
    pub(super) async fn empty_aside(&self) -> Result<usize> {
        let mut folder = match tokio::fs::read_dir(self.aside()).await {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(StoreError::of_io(&error)),
        };
        let mut removed = 0;
        while let Some(file) = folder.next_entry().await.map_err(|error| StoreError::of_io(&error))? {
            remove_one(&file.path()).await?;
            removed += 1;
        }
        Ok(removed)
    }

    /// What is set aside, with its size in bytes, for whoever looks after the desk.
    pub(super) async fn set_aside(&self) -> Vec<(String, u64)> {
        let Ok(mut folder) = tokio::fs::read_dir(self.aside()).await else { return Vec::new() };
        let mut found = Vec::new();
        while let Ok(Some(file)) = folder.next_entry().await {
            if let (Ok(name), Ok(facts)) = (file.file_name().into_string(), file.metadata().await) {
                found.push((name, facts.len()));
            }
        }
        found.sort();
        found
    }

    /// A repaired file that is complete takes the place of the damaged one, which is set aside. Can be done again after a
    /// crash at any point of it.
    pub(super) async fn finish_repair(&self) -> Result<()> {
        if !Self::exists(&self.built()).await? {
            return Ok(());
        }
        self.make_aside().await?;
        if Self::exists(&self.file).await? {
            Self::remove(&self.damaged()).await?;
            for ending in BESIDE {
                rename_if_there(&beside(&self.file, ending), &beside(&self.damaged(), ending)).await?;
            }
            rename_if_there(&self.file, &self.damaged()).await?;
        } else {
            // The damaged file went before the program was ended; what lay beside it must not meet the new one.
            for ending in BESIDE {
                remove_one(&beside(&self.file, ending)).await?;
            }
        }
        rename_if_there(&self.built(), &self.file).await?;
        remove_one(&self.mark()).await?;
        sync_folder(&self.file).await
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

async fn remove_one(path: &Path) -> Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::of_io(&error)),
        _ => Ok(()),
    }
}

async fn rename_if_there(from: &Path, to: &Path) -> Result<()> {
    match tokio::fs::rename(from, to).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::of_io(&error)),
        _ => Ok(()),
    }
}

/// Puts a file on the disk, name and all.
pub(super) async fn sync_file(file: &Path) -> Result<()> {
    let opened = tokio::fs::OpenOptions::new().read(true).write(true).open(file).await;
    let synced = match opened {
        Ok(opened) => opened.sync_all().await,
        Err(error) => Err(error),
    };
    synced.map_err(|error| StoreError::of_io(&error))
}

/// How many bytes this program may still write to the disk of a folder; none where nobody can tell.
#[cfg(unix)]
pub(super) fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    // Some network disks know nothing of their size.
    (disk.f_blocks > 0).then(|| disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// How many bytes this program may still write to the disk of a folder; none where nobody can tell.
#[cfg(not(unix))]
pub(super) fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Puts the names in a file's folder on the disk. Where folders cannot be opened, as on Windows, names are safe already.
pub(super) async fn sync_folder(file: &Path) -> Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    match tokio::fs::File::open(folder).await {
        Ok(opened) => opened.sync_all().await.map_err(|error| StoreError::of_io(&error)),
        Err(_) => Ok(()),
    }
}
