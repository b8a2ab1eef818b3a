//! The folder in which files lie, each under the hash of its content, with a small picture beside it.
//!
//! ```text
//!   vault/<hash>          the file            vault/<hash>.thumb    its small picture
//!   vault/<uuid>.part     on its way in       vault/outside/        copies that were opened outside
//! ```
//!
//! Which files there are, the rows of the store say. A file comes before its row and goes before its row, so that what a
//! crash leaves is a file without a row (swept at the start) or a row that is marked (cleaned at the start).

use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::error::MediaError;
use super::fetch::Sink;
use super::sniff::HEAD;
use crate::store::StoreError;

/// The folder of copies that were opened outside.
const OUTSIDE: &str = "outside";
/// The ending of a small picture's name.
const THUMB: &str = "thumb";
/// How many names one query of the sweep carries.
const STRIDE: usize = 200;

/// The folder of files.
pub(crate) struct Vault {
    folder: PathBuf,
    /// Held while a file and its row come or go, so that the one never sees the other half done.
    moving: Arc<tokio::sync::Mutex<()>>,
}

/// A file on its way in. Dropping it removes it.
pub(super) struct Part {
    path: PathBuf,
    file: File,
    hash: Sha256,
    bytes: u64,
    head: Vec<u8>,
}

/// A file that has come in whole, not yet at its place.
pub(super) struct Arrived {
    part: PartPath,
    pub(super) media: String,
    pub(super) bytes: u64,
    pub(super) head: Vec<u8>,
}

/// Removes the file it names when it is dropped.
struct PartPath(PathBuf);

impl Drop for PartPath {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Vault {
    /// Opens the folder, and makes it when it is not there, for its owner alone.
    pub(super) async fn open(folder: &Path) -> Result<Self, MediaError> {
        for folder in [folder, &folder.join(OUTSIDE)] {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            builder.mode(0o700);
            builder.create(folder).await?;
        }
        Ok(Self { folder: folder.to_owned(), moving: Arc::default() })
    }

    /// Waits until no file and no row is on its way, and keeps it so.
    pub(super) async fn hold(&self) -> tokio::sync::OwnedMutexGuard<()> {
        Arc::clone(&self.moving).lock_owned().await
    }

    /// Begins a file.
    pub(super) async fn begin(&self) -> Result<Part, MediaError> {
        let path = self.folder.join(format!("{}.part", uuid::Uuid::new_v4().simple()));
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        Ok(Part { path, file, hash: Sha256::new(), bytes: 0, head: Vec::new() })
    }

    /// Puts a file and its small picture to their places. What was there is the same.
    pub(super) async fn place(&self, arrived: &Arrived, thumb: Option<&[u8]>) -> Result<(), MediaError> {
        if let Some(thumb) = thumb {
            let mut part = self.begin().await?;
            part.take(thumb).await?;
            part.file.sync_data().await?;
            fs::rename(&part.path, self.thumb(&arrived.media)).await?;
        }
        fs::rename(&arrived.part.0, self.file(&arrived.media)).await?;
        Ok(())
    }

    /// Reads a piece of a file: `length` bytes from `start`, fewer at its end. None when the file is not there, or not of
    /// the size it should have.
    pub(crate) async fn read(
        &self,
        media: &str,
        size: u64,
        start: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>, MediaError> {
        read_piece(&self.file(media), size, start, length).await
    }

    /// Reads a small picture. None when it is not there, or not of the size it should have.
    pub(crate) async fn read_thumb(&self, media: &str, size: u64) -> Result<Option<Vec<u8>>, MediaError> {
        read_piece(&self.thumb(media), size, 0, size).await
    }

    /// Copies a file to a place that a person chose.
    pub(crate) async fn copy_to(&self, media: &str, to: &Path) -> Result<(), MediaError> {
        fs::copy(self.file(media), to).await?;
        Ok(())
    }

    /// A copy of a file under a name with an ending, for programs outside. It goes with the file.
    pub(crate) async fn copy_outside(&self, media: &str, ending: &str) -> Result<PathBuf, MediaError> {
        let to = self.folder.join(OUTSIDE).join(format!("{media}.{ending}"));
        fs::copy(self.file(media), &to).await?;
        Ok(to)
    }

    /// Removes a file, its small picture and its copies. What is not there is removed already.
    pub(super) async fn remove(&self, media: &str) -> Result<(), MediaError> {
        gone(fs::remove_file(self.file(media)).await)?;
        gone(fs::remove_file(self.thumb(media)).await)?;
        for copy in names(&self.folder.join(OUTSIDE)).await? {
            if copy.split('.').next() == Some(media) {
                gone(fs::remove_file(self.folder.join(OUTSIDE).join(copy)).await)?;
            }
        }
        Ok(())
    }

    /// Removes everything that lies in the folder.
    pub(super) async fn empty(&self) -> Result<(), MediaError> {
        let _moving = self.hold().await;
        let mut entries = match fs::read_dir(&self.folder).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        while let Some(entry) = entries.next_entry().await? {
            let is_outside = entry.file_name() == OUTSIDE;
            gone(if entry.file_type().await?.is_dir() {
                fs::remove_dir_all(entry.path()).await
            } else {
                fs::remove_file(entry.path()).await
            })?;
            if is_outside {
                fs::create_dir_all(entry.path()).await?;
            }
        }
        self.sync().await
    }

    /// What lies in the folder was moved to its place: that stays so when the power fails now.
    pub(super) async fn sync(&self) -> Result<(), MediaError> {
        #[cfg(unix)]
        File::open(&self.folder).await?.sync_all().await?;
        Ok(())
    }

    /// Removes what no row names: what a crash left on its way in, and every copy that was opened outside. `strange` says
    /// which of some hashes have no row. Runs before anything comes in.
    pub(super) async fn sweep<Strange>(
        &self,
        strange: impl Fn(Vec<String>) -> Strange,
    ) -> Result<(), MediaError>
    where
        Strange: Future<Output = Result<Vec<String>, StoreError>>,
    {
        for copy in names(&self.folder.join(OUTSIDE)).await? {
            gone(fs::remove_file(self.folder.join(OUTSIDE).join(copy)).await)?;
        }
        let files: Vec<String> =
            names(&self.folder).await?.into_iter().filter(|name| name != OUTSIDE).collect();
        for files in files.chunks(STRIDE) {
            let hash = |name: &String| name.split('.').next().unwrap_or_default().to_owned();
            let strange = strange(files.iter().map(hash).collect()).await?;
            for file in files.iter().filter(|file| strange.contains(&hash(file))) {
                gone(fs::remove_file(self.folder.join(file)).await)?;
            }
        }
        Ok(())
    }

    fn file(&self, media: &str) -> PathBuf {
        self.folder.join(media)
    }

    fn thumb(&self, media: &str) -> PathBuf {
        self.folder.join(format!("{media}.{THUMB}"))
    }
}

impl Part {
    /// The file is whole and on the disk.
    pub(super) async fn finish(mut self) -> Result<Arrived, MediaError> {
        self.file.flush().await?;
        self.file.sync_data().await?;
        let media = hex::encode(std::mem::take(&mut self.hash).finalize());
        // From here on the path is looked after by what is given back.
        let path = std::mem::take(&mut self.path);
        Ok(Arrived { part: PartPath(path), media, bytes: self.bytes, head: std::mem::take(&mut self.head) })
    }
}

impl Sink for Part {
    async fn take(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend(bytes.iter().take(wanted));
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).await?;
        Ok(())
    }
}

impl Arrived {
    /// Where it lies now.
    pub(super) fn path(&self) -> PathBuf {
        self.part.0.clone()
    }
}

async fn read_piece(path: &Path, size: u64, start: u64, length: u64) -> Result<Option<Vec<u8>>, MediaError> {
    let mut file = match File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if file.metadata().await?.len() != size {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start)).await?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).await?;
    Ok(Some(bytes))
}

async fn names(folder: &Path) -> Result<Vec<String>, MediaError> {
    let mut entries = fs::read_dir(folder).await?;
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        names.extend(entry.file_name().into_string());
    }
    Ok(names)
}

fn gone(removed: std::io::Result<()>) -> Result<(), MediaError> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
