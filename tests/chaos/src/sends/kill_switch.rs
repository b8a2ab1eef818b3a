//! Where a desk is to end: told by a file in its folder, so that one process serves until its moment comes.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use baton_core::outbox::step::{Side, Step, StepWatcher, Whose};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};

use super::Kill;

const FILE: &str = "kill-at.json";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Armed {
    /// Which combination it is for.
    pub number: usize,
    pub step: String,
    pub side: String,
    /// The thread of the reply.
    pub thread: i64,
    /// The part of the reply, from 0; any when none is named.
    pub part: Option<u32>,
    /// The first, second … time that such a one stands there.
    pub nth: u32,
}

impl Armed {
    pub fn at(kill: Kill, number: usize, thread: i64, (part, nth): (Option<u32>, u32)) -> Self {
        Self { number, step: kill.step.to_string(), side: kill.side.to_string(), thread, part, nth }
    }

    /// Arms the desk of this folder.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let part = folder.join(format!("{FILE}.part"));
        std::fs::write(&part, serde_json::to_vec(self)?)?;
        Ok(std::fs::rename(part, folder.join(FILE))?)
    }
}

/// The desk of this folder is to end nowhere.
pub(super) fn disarm(folder: &Path) {
    // One that was never armed has no such file.
    let _ = std::fs::remove_file(folder.join(FILE));
}

/// Kills the process where the file in its folder says.
#[derive(Debug)]
pub struct KillSwitch {
    file: PathBuf,
    /// For which arming, and how often a send stood there.
    stood: Mutex<Option<(Armed, u32)>>,
}

impl KillSwitch {
    /// For the desk of this folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { file: folder.join(FILE), stood: Mutex::default() }
    }

    /// True when this is the moment.
    fn is_it(&self, step: Step, side: Side, whose: Whose) -> bool {
        let Ok(json) = std::fs::read(&self.file) else { return false };
        let Ok(armed) = serde_json::from_slice::<Armed>(&json) else { return false };
        let is_meant = armed.step == step.to_string()
            && armed.side == side.to_string()
            && whose.thread.is_none_or(|thread| thread.0 == armed.thread)
            && armed.part.is_none_or(|part| whose.part == Some(part));
        if !is_meant {
            return false;
        }
        let mut stood = self.stood.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let times = match stood.take() {
            Some((before, times)) if before == armed => times + 1,
            _ => 1,
        };
        let is_now = times == armed.nth;
        *stood = Some((armed, times));
        is_now
    }
}

impl StepWatcher for KillSwitch {
    fn stands(&self, step: Step, side: Side, whose: Whose) {
        if self.is_it(step, side, whose) {
            let _ = kill_process(getpid(), Signal::KILL);
            // The signal may take a moment: nothing may go on meanwhile.
            loop {
                std::thread::park();
            }
        }
    }
}
