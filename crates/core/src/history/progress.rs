//! How far a pass is, and how long it still takes. Pure.

use baton_messenger::AccountId;
use baton_protocol::DeskId;
use baton_protocol::lease::{HistoryProgress, HistoryState};

use crate::store::HistoryPass;

/// Before anything was measured: two calls a second (docs/meta.md 6.1).
const FIRST_MS: i64 = 500;
/// A pause longer than this says nothing of how fast threads are read, milliseconds.
const PAUSE_MS: i64 = 20_000;

/// How an account's history stands, as this desk knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStanding {
    /// The account.
    pub account: AccountId,
    /// The steward's desk, while somebody is.
    pub steward: Option<DeskId>,
    /// True when that is this desk.
    pub is_here: bool,
    /// How far it is, as it told last.
    pub progress: Option<HistoryProgress>,
    /// True while somebody paused it.
    pub is_paused: bool,
    /// What had changed before this moment is in the log, as far as Meta gives it; milliseconds UTC of Meta.
    pub through_ms: Option<i64>,
    /// But for so many threads, which Meta failed to give.
    pub unread: u64,
    /// Messages that no webhook brought although the account was connected.
    pub missed: u64,
}

/// How fast threads are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Speed {
    last_boot_ms: Option<i64>,
    a_thread_ms: Option<i64>,
}

impl Speed {
    /// A thread was read to its end at this moment of the boot clock.
    pub(super) fn read_one(&mut self, boot_ms: i64) {
        let took = self.last_boot_ms.map(|last| boot_ms.saturating_sub(last)).filter(|ms| *ms < PAUSE_MS);
        self.last_boot_ms = Some(boot_ms);
        let Some(took) = took else { return };
        // The mean of about the last eight.
        self.a_thread_ms = Some(self.a_thread_ms.map_or(took, |known| (known * 7 + took) / 8));
    }

    fn left_ms(&self, threads: u64) -> i64 {
        let threads = i64::try_from(threads).unwrap_or(i64::MAX);
        threads.saturating_mul(self.a_thread_ms.unwrap_or(FIRST_MS).max(1))
    }
}

/// How far a pass is.
pub(super) fn progress(pass: Option<&HistoryPass>, state: HistoryState, speed: &Speed) -> HistoryProgress {
    let Some(pass) = pass else {
        return HistoryProgress {
            state,
            threads_done: 0,
            threads_known: 0,
            threads_failing: 0,
            is_listed: false,
            messages: 0,
            left_ms: None,
            is_first: false,
        };
    };
    let left = pass.threads_known.saturating_sub(pass.threads_done).saturating_sub(pass.threads_failing);
    HistoryProgress {
        state,
        threads_done: pass.threads_done,
        threads_known: pass.threads_known,
        threads_failing: pass.threads_failing,
        is_listed: pass.is_listed,
        messages: pass.messages,
        left_ms: pass.is_listed.then(|| speed.left_ms(left)),
        is_first: pass.since_ms.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(is_listed: bool) -> HistoryPass {
        HistoryPass {
            begun_ms: 0,
            since_ms: None,
            is_listed,
            messages: 7,
            threads_known: 30,
            threads_done: 10,
            threads_failing: 0,
        }
    }

    #[test]
    fn how_long_it_takes_is_told_once_everything_is_listed() {
        let speed = Speed::default();
        assert_eq!(progress(Some(&pass(false)), HistoryState::Reading, &speed).left_ms, None);
        assert_eq!(progress(Some(&pass(true)), HistoryState::Reading, &speed).left_ms, Some(10_000));
    }

    #[test]
    fn what_is_set_aside_is_told_and_takes_no_time() {
        let pass = HistoryPass { threads_failing: 2, ..pass(true) };
        let told = progress(Some(&pass), HistoryState::Reading, &Speed::default());
        assert_eq!((told.threads_failing, told.left_ms), (2, Some(9_000)));
    }

    #[test]
    fn a_pause_does_not_make_it_look_slower() {
        let mut speed = Speed::default();
        for at_ms in [0, 1_000, 2_000, 3_600_000, 3_601_000] {
            speed.read_one(at_ms);
        }
        assert_eq!(progress(Some(&pass(true)), HistoryState::Reading, &speed).left_ms, Some(20_000));
    }
}
