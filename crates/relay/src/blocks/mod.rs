//! Bulk reads: blocks of 1 000 seqs, compressed once for all desks and kept as files beside the database.
//!
//! ```text
//!  desk asks ─▶ its right and the version, in one view of the log
//!                 ├─ that version is kept ─▶ its file
//!                 └─ it is not ─▶ one block at a time: entries by pages ─▶ gzip ─▶ the same version still? ─▶ kept
//!  redaction commits ─▶ the version in the log is another ─▶ the file goes
//! ```
//!
//! It promises:
//! - A right is checked with every read, in the view of the data that says which version is given out.
//! - A block whose text was taken back is never given out after the commit, and its file goes. The folder is emptied at
//!   every start, so that a crash keeps none either.
//! - One block is made at a time, a few entries in memory, so that a crowd of new desks costs neither memory nor the
//!   webhooks' time; all kept blocks together have a bound.
//!
//! Nothing here is needed: without space for it desks read by pages.

mod kept;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use baton_protocol::block::{BlockHead, seqs_of};
use baton_protocol::{DeskId, Entry};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::fs::File;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use self::kept::{Kept, Which};
use crate::log::{BlockVersion, Log, LogError, Range, Read};

/// The most that all kept blocks may have.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// How many entries are in memory while a block is made; their bodies are capped by the page.
const PAGE: u32 = 100;
/// How often a block is begun anew because a redaction came in between.
const TRIES: u32 = 3;

/// A block to give out.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) version: BlockVersion,
    pub(crate) file: File,
    pub(crate) bytes: u64,
}

/// The blocks that are kept.
#[derive(Debug)]
pub(crate) struct Blocks {
    folder: PathBuf,
    kept: Mutex<Kept>,
    making: tokio::sync::Mutex<()>,
    /// How many were made since the start.
    made: AtomicU64,
}

impl Blocks {
    /// Begins with an empty folder.
    ///
    /// # Errors
    /// When the folder cannot be emptied or made.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => private_folder(folder)?,
        }
        Ok(Self {
            folder: folder.to_owned(),
            kept: Mutex::default(),
            making: tokio::sync::Mutex::default(),
            made: AtomicU64::new(0),
        })
    }

    /// How many blocks were made since the start.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// A block for a desk; none while the log has not all its seqs.
    ///
    /// # Errors
    /// [`LogError`]; [`LogError::Unavailable`] also when the block cannot be written.
    pub(crate) async fn block(
        &self,
        log: &dyn Log,
        desk: DeskId,
        which: &Which,
    ) -> Result<Read<Option<Block>>, LogError> {
        let version = match log.block(desk, &which.0, which.1).await? {
            Read::Found(Some(version)) => version,
            other => return Ok(without_block(&other)),
        };
        if let Some(block) = self.kept(which, &version).await {
            return Ok(Read::Found(Some(block)));
        }
        let _turn = self.making.lock().await;
        for _ in 0..TRIES {
            // Somebody may have made it, or taken a right away, while this one waited.
            let version = match log.block(desk, &which.0, which.1).await? {
                Read::Found(Some(version)) => version,
                other => return Ok(without_block(&other)),
            };
            if let Some(block) = self.kept(which, &version).await {
                return Ok(Read::Found(Some(block)));
            }
            let made = match self.make(log, desk, which, &version).await? {
                Read::Found(made) => made,
                Read::NoSuchLog => return Ok(Read::NoSuchLog),
                Read::Revoked => return Ok(Read::Revoked),
            };
            // Kept before it is looked at again, so that a redaction of this moment finds it either way.
            self.keep(which, version.clone(), made);
            match log.block(desk, &which.0, which.1).await {
                Ok(Read::Found(Some(now))) if now == version => {}
                other => {
                    self.forget(which);
                    other?;
                    continue;
                }
            }
            if let Some(block) = self.kept(which, &version).await {
                return Ok(Read::Found(Some(block)));
            }
        }
        Err(LogError::Unavailable("the block is being changed".to_owned()))
    }

    async fn kept(&self, which: &Which, version: &BlockVersion) -> Option<Block> {
        let entry = lock(&self.kept).find(which, version)?;
        // A file that somebody removed is made anew.
        let file = File::open(self.path(entry.file)).await.ok()?;
        Some(Block { version: entry.version, file, bytes: entry.bytes })
    }

    fn keep(&self, which: &Which, version: BlockVersion, made: (u64, u64)) {
        let gone = lock(&self.kept).keep(which.clone(), version, made, MOST_BYTES);
        gone.into_iter().for_each(|file| self.remove(file));
    }

    /// Makes a block. Returns the number and the size of its file.
    async fn make(
        &self,
        log: &dyn Log,
        desk: DeskId,
        (name, block): &Which,
        version: &BlockVersion,
    ) -> Result<Read<(u64, u64)>, LogError> {
        let (first, last) = seqs_of(*block).ok_or_else(|| unwritten("no such block"))?;
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let half = Half { path: self.path(number), done: false };
        let head = BlockHead { log_id: version.log_id, first, last };
        let mut file = begin(half.path.clone(), head).await?;
        let mut next = first;
        while next <= last {
            let range = Range::Between(next - 1, last + 1);
            let page = match log.entries(desk, name, range, PAGE).await? {
                Read::Found(page) => page,
                Read::NoSuchLog => return Ok(Read::NoSuchLog),
                Read::Revoked => return Ok(Read::Revoked),
            };
            let dense = page.entries.iter().zip(next..).all(|(entry, seq)| entry.seq == seq);
            let Some(end) = page.entries.last().map(|entry| entry.seq).filter(|_| dense) else {
                return Err(LogError::Unreadable(format!("the log has a hole at {next}")));
            };
            file = append(file, page.entries).await?;
            next = end + 1;
        }
        let bytes = end(file).await?;
        half.keep();
        Ok(Read::Found((number, bytes)))
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.gz"))
    }

    fn remove(&self, number: u64) {
        if let Err(error) = std::fs::remove_file(self.path(number))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "a block that is over could not be removed");
        }
    }

    fn forget(&self, which: &Which) {
        let gone = lock(&self.kept).forget(which);
        gone.into_iter().for_each(|file| self.remove(file));
    }

    fn clear(&self) {
        let gone = lock(&self.kept).clear();
        gone.into_iter().for_each(|file| self.remove(file));
    }
}

/// Removes blocks of which there is a new version, until the relay stops.
pub(crate) async fn renew(blocks: Arc<Blocks>, mut renewed: Receiver<Which>, stop: CancellationToken) {
    loop {
        let told = tokio::select! {
            () = stop.cancelled() => return,
            told = renewed.recv() => told,
        };
        match told {
            Ok(which) => blocks.forget(&which),
            // More than it could follow: none may stay.
            Err(RecvError::Lagged(_)) => blocks.clear(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// A file in the making; it goes with whoever makes it.
struct Half {
    path: PathBuf,
    done: bool,
}

impl Half {
    fn keep(mut self) {
        self.done = true;
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        if !self.done {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

type Writing = GzEncoder<std::fs::File>;

async fn begin(path: PathBuf, head: BlockHead) -> Result<Writing, LogError> {
    aside(move || {
        let mut file = GzEncoder::new(private_file(&path)?, Compression::default());
        line(&mut file, &head)?;
        Ok(file)
    })
    .await
}

async fn append(mut file: Writing, entries: Vec<Entry>) -> Result<Writing, LogError> {
    aside(move || {
        for entry in &entries {
            line(&mut file, entry)?;
        }
        Ok(file)
    })
    .await
}

async fn end(file: Writing) -> Result<u64, LogError> {
    aside(move || Ok(file.finish()?.metadata()?.len())).await
}

/// One value on one line. An event's own bytes may hold line breaks between its members; in JSON these are as good as
/// spaces.
fn line(file: &mut Writing, value: &impl serde::Serialize) -> io::Result<()> {
    let mut json = serde_json::to_vec(value).map_err(io::Error::other)?;
    for byte in &mut json {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    json.push(b'\n');
    file.write_all(&json)
}

/// Compressing and writing hold up no other task.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, LogError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(unwritten),
        Err(error) => Err(unwritten(error)),
    }
}

fn unwritten(why: impl std::fmt::Display) -> LogError {
    LogError::Unavailable(format!("the block cannot be written: {why}"))
}

/// The same answer for a block where there is none.
fn without_block(read: &Read<Option<BlockVersion>>) -> Read<Option<Block>> {
    match read {
        Read::Found(_) => Read::Found(None),
        Read::NoSuchLog => Read::NoSuchLog,
        Read::Revoked => Read::Revoked,
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

fn private_file(path: &Path) -> io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::File::options().create_new(true).write(true).mode(0o600).open(path)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
