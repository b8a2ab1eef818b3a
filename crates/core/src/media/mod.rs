//! Pictures, sounds, videos and files of messages: fetched from Meta while their links live, kept in a vault of this desk,
//! given to the page by name.
//!
//! ```text
//!   a message arrives ──▶ queue (newest first, two at once) ──┐
//!   a message is shown ───────────────────────────────────────┴─▶ address (is it safe?) ─▶ fetch (capped) ─▶ sniff
//!                                                                                                           │
//!        page ◀── bytes ◀── vault (file by hash, small picture beside it, rows in the store) ◀── picture ◀──┤
//!        page ◀── bytes ◀── memory, for a while ◀──────────────────────────── story media, never kept ◀─────┘
//! ```
//!
//! Promises:
//! - An address is followed only to the public network, by https; with a Graph on this machine also to this machine.
//! - What a file is, its bytes say. Pictures are shown only when they were decoded here, within limits; the small one is
//!   encoded here. SVG, HTML and whatever else has scripts is never shown, only saved.
//! - Story media is never written to a file (docs/meta.md 2.7.4).
//! - What is taken back, erased, or of an account that this desk may no longer read leaves the vault: its rows in the same
//!   transaction, its files right after it, or at the next start.
//! - What an agent sends lies in a folder of its own, whole and on the disk before its draft names it, until no draft and
//!   no part needs it.
//! - A link that died is remembered and said; what could not be reached, or found no room on the disk, is tried again.
//! - Whatever came of late is tried once by itself, however much came at once. What was given up for room comes again only when
//!   somebody asks for it, or there is room by now.

mod address;
mod again;
mod error;
mod fetch;
mod fleeting;
pub(crate) mod have;
mod lately;
mod own;
mod picture;
mod queue;
mod resolve;
pub(crate) mod run;
mod sniff;
mod vault;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, Semaphore, SetOnce};

pub use error::MediaError;
pub use own::{MOST_FILES, NotAttached};
pub(crate) use sniff::ending;

use crate::store::{FreshMedia, MediaRef};
use fetch::Fetcher;
use fleeting::Fleeting;
use lately::Lately;
use queue::Queue;
pub(crate) use vault::Vault;

/// A medium larger than this is not fetched, bytes. Meta itself takes at most 25 MB from us; from phones somewhat more
/// has been seen.
pub const MOST_BYTES: u64 = 64 << 20;
/// How much the vault holds unless a setting says otherwise, bytes.
pub const ROOM_BYTES: u64 = 2 << 30;
/// How little room the vault can be given, bytes: the largest file has to fit.
pub const LEAST_ROOM_BYTES: u64 = 2 * MOST_BYTES;
/// How many are fetched at once: more than the loops fetch unasked, so that who looks at one does not wait for them.
const AT_ONCE: usize = 6;

/// What fetches and keeps the media of one desk.
pub(crate) struct Media {
    pub(crate) vault: Vault,
    /// Files that agents send: as in the vault, but nothing is ever given up that somebody needs.
    pub(crate) own: Vault,
    fetcher: Fetcher,
    fleeting: Fleeting,
    /// What came into the vault last.
    lately: Lately,
    queue: Queue,
    /// Held while a medium is fetched, so that it is fetched once however many ask for it.
    busy: Mutex<HashMap<MediaRef, Arc<tokio::sync::Mutex<()>>>>,
    slots: Semaphore,
    /// One picture is decoded at a time: a large one takes much memory.
    decoding: Semaphore,
    /// Files may have become unused.
    wake_clean: Notify,
    /// Set once what an earlier run left was swept; nothing is fetched before, or it would be swept too.
    swept: SetOnce<()>,
}

impl Media {
    /// Opens the vault in a folder, and the files that agents send in another. `on_this_machine` is true when Graph is: then
    /// media may be too.
    ///
    /// # Errors
    /// When a folder cannot be made, or no HTTP client.
    pub(crate) async fn open(folder: &Path, own: &Path, on_this_machine: bool) -> Result<Self, MediaError> {
        Ok(Self {
            vault: Vault::open(folder).await?,
            own: Vault::open(own).await?,
            fetcher: Fetcher::new(on_this_machine)?,
            fleeting: Fleeting::default(),
            lately: Lately::default(),
            queue: Queue::default(),
            busy: Mutex::default(),
            slots: Semaphore::new(AT_ONCE),
            decoding: Semaphore::new(1),
            wake_clean: Notify::new(),
            swept: SetOnce::new(),
        })
    }

    /// Removes every file, whatever the rows say, and lets go of what is in memory: this desk was cut off.
    ///
    /// # Errors
    /// [`MediaError::Vault`]; what could be removed is gone.
    pub(crate) async fn empty(&self) -> Result<(), MediaError> {
        self.fleeting.let_go(i64::MAX);
        let (fetched, sent) = (self.vault.empty().await, self.own.empty().await);
        fetched.and(sent)
    }

    /// Messages arrived that brought files.
    pub(crate) fn arrived(&self, messages: &[FreshMedia]) {
        if !messages.is_empty() {
            self.queue.add(messages.iter().cloned());
        }
    }

    /// Something was removed: files may be nobody's now.
    pub(crate) fn may_be_unused(&self) {
        self.wake_clean.notify_one();
    }
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Media").finish_non_exhaustive()
    }
}
