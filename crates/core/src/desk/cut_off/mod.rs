//! A desk that an admin cut off keeps nothing: it removes what it holds, and tells the relay that nothing is left.
//!
//! ```text
//!   the relay says: cut off ──▶ removing ──▶ removed ──▶ told ──▶ forgotten, once the person joins anew
//!                               │   ▲ tried again; the next start begins with the files themselves
//!                               └───┘
//! ```
//!
//! Each stage is on the disk before it begins, in a file beside the store, so that a crash anywhere goes on at the next start.
//! The token with which the relay knew this desk is kept under another name until the relay was told: it opens that one call.
//!
//! Only the relay's own word begins it. A relay that does not know this desk, or another one at its address, removes nothing.

mod record;
mod run;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_messenger::{AccountId, Words};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::inner::lock;
use super::{OWN_FILES, STORE_FILE, VAULT};
use crate::store::Store;

pub(super) use run::run;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutOffStage {
    /// What was here is being removed.
    Removing,
    /// Nothing is left; the relay was not told yet.
    Removed,
    /// The relay knows that nothing is left.
    Told,
}

/// A desk that was cut off, for whoever sits at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// The workspace that it was of.
    pub workspace: String,
    /// Its agent's name.
    pub agent_name: String,
    /// The relay's address.
    pub relay: String,
    /// How far it has come.
    pub stage: CutOffStage,
    /// Drafts that went with it.
    pub drafts: u64,
    /// Replies that had not left.
    pub replies: u64,
    /// Why it goes no further at present.
    pub held_up: Option<Words>,
}

impl CutOff {
    /// What the person is told.
    #[must_use]
    pub fn words(&self) -> Words {
        const JOIN: &str = "If that was not meant for you, ask an admin for a new invite.";
        match (self.stage, &self.held_up) {
            (CutOffStage::Removing, None) => Words::new(
                "An admin cut this desk off, and what it holds is being removed from this computer.",
                JOIN,
            ),
            (CutOffStage::Removing, Some(why)) => Words::new(
                format!(
                    "An admin cut this desk off, and not everything could be removed from this computer yet. {}",
                    why.what
                ),
                format!("{} Baton goes on trying, and begins with it when it is opened anew.", why.remedy)
                    .trim()
                    .to_owned(),
            ),
            (CutOffStage::Removed | CutOffStage::Told, _) => Words::new(
                "An admin cut this desk off. What it held was removed from this computer: messages, files, drafts, replies \
                 that had not left, and its keys.",
                JOIN,
            ),
        }
    }
}

/// What is kept of it on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    relay: String,
    workspace: String,
    agent_name: String,
    stage: CutOffStage,
    drafts: u64,
    replies: u64,
    /// Whose Page tokens lie in the key store, until they are removed.
    accounts: Vec<AccountId>,
    /// The person joined anew: it is shown no more, and forgotten once the relay was told.
    joined_anew: bool,
}

impl Record {
    /// One that was begun, of which nothing else is known.
    fn begun() -> Self {
        Self {
            relay: String::new(),
            workspace: String::new(),
            agent_name: String::new(),
            stage: CutOffStage::Removing,
            drafts: 0,
            replies: 0,
            accounts: Vec::new(),
            joined_anew: false,
        }
    }

    fn is_whole(&self) -> bool {
        !self.relay.is_empty()
    }
}

/// Whether this desk was cut off, and how far that has come.
pub(crate) struct CutOffs {
    file: PathBuf,
    known: Mutex<Option<Record>>,
    held_up: Mutex<Option<Words>>,
    was_heard: AtomicBool,
    wake: Notify,
    /// Held while something is removed.
    pub(super) removing: tokio::sync::Mutex<()>,
}

impl CutOffs {
    /// Reads what an earlier run left. What it did not remove goes with its files, before anybody opens them.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) async fn open(folder: &Path) -> std::io::Result<Self> {
        let file = folder.join(record::FILE);
        let known = record::read(&file).await?;
        // Whose Page tokens lie in the key store, the store says where the record does not.
        if known.as_ref().is_some_and(|known| known.stage == CutOffStage::Removing && known.is_whole()) {
            remove_files(folder).await;
        }
        Ok(Self {
            file,
            known: Mutex::new(known),
            held_up: Mutex::default(),
            was_heard: AtomicBool::default(),
            wake: Notify::new(),
            removing: tokio::sync::Mutex::default(),
        })
    }

    /// The relay said that this desk was cut off.
    pub(crate) fn heard(&self) {
        self.was_heard.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    /// The network came back: what waits is tried again.
    pub(super) fn try_again(&self) {
        self.wake.notify_one();
    }

    /// True while something of before is still here.
    pub(super) fn is_removing(&self) -> bool {
        self.stage() == Some(CutOffStage::Removing)
    }

    /// For whoever sits at this desk; none when it was not cut off, or joined anew since.
    pub(super) fn shown(&self) -> Option<CutOff> {
        let known = lock(&self.known).clone().filter(|known| !known.joined_anew)?;
        Some(CutOff {
            workspace: known.workspace,
            agent_name: known.agent_name,
            relay: known.relay,
            stage: known.stage,
            drafts: known.drafts,
            replies: known.replies,
            held_up: lock(&self.held_up).clone(),
        })
    }

    /// The person used another invite here.
    pub(super) async fn joined_anew(&self) {
        let Some(mut known) = lock(&self.known).clone() else { return };
        known.joined_anew = true;
        if known.stage == CutOffStage::Told { self.forget().await } else { self.keep(known).await }
    }

    fn stage(&self) -> Option<CutOffStage> {
        lock(&self.known).as_ref().map(|known| known.stage)
    }

    /// Keeps it in memory, and on the disk if that takes it: without it a crash is mended by the relay's next word alone.
    async fn keep(&self, record: Record) {
        if let Err(error) = record::write(&self.file, &record).await {
            tracing::warn!(%error, "how far the removal has come cannot be kept");
        }
        *lock(&self.known) = Some(record);
    }

    async fn forget(&self) {
        if let Err(error) = record::remove(&self.file).await {
            tracing::warn!(%error, "that this desk was cut off is still kept");
        }
        *lock(&self.known) = None;
    }
}

/// Removes the store and the folders of files as they lie there. What stays is removed row by row once the store is open.
async fn remove_files(folder: &Path) {
    tracing::warn!("this desk was cut off: what is left of it is removed");
    if let Err(error) = Store::remove_files(&folder.join(STORE_FILE)).await {
        tracing::warn!(%error, "the store's file is still there");
    }
    for name in [VAULT, OWN_FILES] {
        match tokio::fs::remove_dir_all(folder.join(name)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, name, "a folder of files is still there");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stage: CutOffStage, held_up: Option<Words>) -> CutOff {
        CutOff {
            workspace: "Northwind".into(),
            agent_name: "Ines".into(),
            relay: "https://desks.example.com".into(),
            stage,
            drafts: 2,
            replies: 1,
            held_up,
        }
    }

    #[test]
    fn each_stage_has_words_and_what_can_be_done() {
        let why = Words::new("The disk is full.", "Free some space.");
        let removing = shown(CutOffStage::Removing, None).words();
        let held_up = shown(CutOffStage::Removing, Some(why)).words();
        let removed = shown(CutOffStage::Removed, None).words();
        assert!(removing.what.contains("is being removed"));
        assert!(held_up.what.contains("The disk is full.") && held_up.remedy.contains("Free some space."));
        assert!(removed.what.contains("was removed") && removed.remedy.contains("invite"));
        assert_eq!(shown(CutOffStage::Told, None).words(), removed);
    }
}
