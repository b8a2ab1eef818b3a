//! What one append changed, to be told after the commit and forgotten when it is rolled back.

use std::collections::BTreeMap;

use baton_messenger::id::AccountId;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::{AgentId, DeskId, LogName};

use super::super::Live;
use super::super::queue::QueueNews;
use super::backup::Rewritten;

/// What changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    pub(super) heads: BTreeMap<LogName, u64>,
    pub(super) last_webhook_ms: BTreeMap<AccountId, i64>,
    pub(super) access_changed: bool,
    /// Rows put into quarantine, less those taken out, by reason.
    pub(super) quarantined: BTreeMap<String, i64>,
    /// A text or a box was removed: the WAL must not keep it.
    pub(super) removed: bool,
    /// What was removed, for the copies of the file.
    pub(super) rewritten: Rewritten,
    /// Blocks that got a new version with it; known at the end of the group.
    pub(super) renewed: Vec<(LogName, u64)>,
    /// Something new waits for a desk.
    pub(super) pick_ups: bool,
    pub(super) marks: Vec<(AgentId, DeskId, ReadMark)>,
    /// What changed for giving threads out.
    pub(super) queue: Vec<QueueNews>,
}

impl Effects {
    /// Adds what a later append of the same group changed.
    pub(super) fn merge(&mut self, later: Self) {
        self.heads.extend(later.heads);
        self.last_webhook_ms.extend(later.last_webhook_ms);
        self.access_changed |= later.access_changed;
        for (why, rows) in later.quarantined {
            *self.quarantined.entry(why).or_default() += rows;
        }
        self.removed |= later.removed;
        self.rewritten.merge(later.rewritten);
        self.pick_ups |= later.pick_ups;
        self.marks.extend(later.marks);
        self.queue.extend(later.queue);
    }

    /// Brings the published picture up to date.
    pub(super) fn publish(&self, live: &mut Live) {
        live.heads.extend(self.heads.iter().map(|(log, seq)| (log.clone(), *seq)));
        live.last_webhook_ms.extend(self.last_webhook_ms.iter().map(|(account, ms)| (account.clone(), *ms)));
        live.access += u64::from(self.access_changed);
        live.pick_ups += u64::from(self.pick_ups);
        for (why, rows) in &self.quarantined {
            let known = live.quarantined.entry(why.clone()).or_default();
            *known = known.saturating_add_signed(*rows);
        }
        live.quarantined.retain(|_, rows| *rows > 0);
    }
}
