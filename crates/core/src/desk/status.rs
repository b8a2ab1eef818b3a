//! The status line.

use std::collections::{BTreeMap, BTreeSet};

use baton_graph::Pace;
use baton_messenger::AccountId;
use baton_messenger::policy::MetaNow;
use baton_protocol::{LogName, SeqRanges};

use super::inner::lock;
use super::{AccountStanding, Desk, DeskError, LapsingThread};
use crate::keys::KeyStoreError;
use crate::outbox::{State, Wait, state_of};
use crate::store::{NotSentRow, PartRow, PartStateName};
use crate::sync::SyncStatus;

/// What the status line is made of.
#[derive(Debug, Clone)]
pub struct StatusFacts {
    /// How the relay answers, and how complete this desk is.
    pub relay: SyncStatus,
    /// How Meta answers.
    pub meta: MetaHealth,
    /// The accounts of this desk, for how far their histories are.
    pub accounts: Vec<AccountStanding>,
    /// Entries of accounts that this desk lacks, of those alone that lack some.
    pub lacks: BTreeMap<AccountId, Lacks>,
    /// Accounts whose reads are slowed or held back for Meta's limits, by name.
    pub paces: Vec<(String, Pace)>,
    /// Why the key store does not serve, if it does not.
    pub key_store: Option<KeyStoreError>,
    /// Replies that have not left.
    pub waiting_parts: u64,
    /// When the first of the replies that Meta's limits hold back is sent again, milliseconds of Meta's clock; none when
    /// none is held back.
    pub sent_again_ms: Option<i64>,
    /// Replies of which nobody knows whether they arrived.
    pub unknown_parts: u64,
    /// How many of them are still being checked; of the others Meta was asked in vain.
    pub checked_parts: u64,
    /// Meta's time.
    pub now: MetaNow,
    /// Threads of this agent that are to be answered.
    pub waiting_for_me: u64,
    /// Threads of this agent of which control ends soon, soonest first.
    pub lapsing: Vec<LapsingThread>,
    /// Threads in which a reply was not sent, or nobody knows whether it was, longest ago first.
    pub not_sent: Vec<NotSentRow>,
}

/// How many entries of a log are known of and not here yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacks {
    /// How many.
    pub entries: u64,
    /// How many there were at most since the log was last complete.
    pub of: u64,
}

/// How Meta answers this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaHealth {
    /// It was not asked since the start.
    NotAsked,
    /// It answered.
    Answered {
        /// How long ago, milliseconds.
        ago_ms: i64,
    },
    /// The last calls did not reach it, or were not answered.
    Lost {
        /// How long ago the last of them was, milliseconds.
        ago_ms: i64,
    },
    /// A reply waits because Meta cannot be reached.
    Unreachable,
}

impl Desk {
    /// What the status line says.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn status(&self) -> Result<StatusFacts, DeskError> {
        let not_left = [PartStateName::Queued, PartStateName::Sending];
        let waiting = self.inner.store.parts_in(&not_left).await?;
        let states: Vec<State> = waiting.iter().filter_map(|part| state_of(part).ok()).collect();
        let unknown = self.inner.store.parts_in(&[PartStateName::Unknown]).await?;
        let no_network =
            states.iter().any(|state| matches!(state, State::Queued { wait: Some(Wait::Network), .. }));
        let key_store = lock(&self.inner.locked).clone();
        let relay = self.inner.sync_status();
        let accounts = self.accounts().await?;
        let lacks = self.lacks(&accounts, matches!(relay, SyncStatus::Live { .. })).await?;
        Ok(StatusFacts {
            relay,
            meta: self.meta_health(no_network),
            accounts,
            lacks,
            paces: self.paces().await?,
            key_store,
            waiting_parts: waiting.iter().map(|part| part.reply).collect::<BTreeSet<_>>().len() as u64,
            sent_again_ms: states.iter().filter_map(State::held_until_ms).min(),
            unknown_parts: unknown.len() as u64,
            checked_parts: unknown.iter().filter(|part| is_being_checked(part)).count() as u64,
            now: self.inner.meta_now(),
            waiting_for_me: self.waiting_for_me().await?,
            lapsing: self.inner.lapsing().await?,
            not_sent: self.inner.store.not_sent().await?,
        })
    }

    /// What the logs of these accounts lack: their holes, and what is above them by the heads that the relay told last. On a
    /// stream that `is_live` what is above is on its way; a hole is one whether the relay is there or not. It is asked for with
    /// every notice, so what is held is read for all accounts at once, and only when something was written.
    async fn lacks(
        &self,
        accounts: &[AccountStanding],
        is_live: bool,
    ) -> Result<BTreeMap<AccountId, Lacks>, DeskError> {
        let mut lacks = BTreeMap::new();
        let (held, nothing) = (self.inner.store.held().await?, SeqRanges::new());
        for account in accounts.iter().map(|standing| &standing.access.account) {
            let log = LogName::Account(account.clone());
            let told = lock(&self.inner.heads).get(&log).copied().unwrap_or_default();
            let head = if is_live { 0 } else { told };
            let entries = lacking(held.get(&log).unwrap_or(&nothing), head);
            let mut most = lock(&self.inner.lacked_most);
            if entries == 0 {
                most.remove(&log);
                continue;
            }
            let of = most.entry(log).or_default();
            *of = entries.max(*of);
            lacks.insert(account.clone(), Lacks { entries, of: *of });
        }
        if lacks.is_empty() {
            lock(&self.inner.lacked_most).clear();
        }
        Ok(lacks)
    }

    async fn paces(&self) -> Result<Vec<(String, Pace)>, DeskError> {
        let graph = self.inner.graph();
        let accounts = self.inner.store.access().await?.into_iter();
        let paces = accounts.map(|access| {
            let pace = graph.pace(&access.account);
            (if access.name.is_empty() { access.account.to_string() } else { access.name }, pace)
        });
        Ok(paces.filter(|(_, pace)| *pace != Pace::Free).collect())
    }

    async fn waiting_for_me(&self) -> Result<u64, DeskError> {
        let Some(me) = self.me() else { return Ok(0) };
        Ok(self.inner.store.view_counts(me, None).await?.mine_waiting)
    }

    fn meta_health(&self, no_network: bool) -> MetaHealth {
        if no_network {
            return MetaHealth::Unreachable;
        }
        let ago = |boot_ms: i64| self.inner.boot_ms().saturating_sub(boot_ms).max(0);
        match (self.inner.meta.not_reached_boot_ms(), self.inner.meta.answered_boot_ms()) {
            (Some(lost), _) => MetaHealth::Lost { ago_ms: ago(lost) },
            (None, Some(answered)) => MetaHealth::Answered { ago_ms: ago(answered) },
            (None, None) => MetaHealth::NotAsked,
        }
    }
}

/// Nobody looked yet whether it arrived, so that it may still become known by itself.
fn is_being_checked(part: &PartRow) -> bool {
    matches!(state_of(part), Ok(State::Unknown { looked: false, .. }))
}

/// How many entries up to the head are not held. A head may be older than what is held: the relay tells it now and then.
pub(super) fn lacking(held: &SeqRanges, head: u64) -> u64 {
    let head = head.max(held.highest().unwrap_or(0));
    held.holes(head).iter().map(|(first, last)| last - first + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_log_lacks_is_its_holes_and_what_is_above_them() {
        let mut held = SeqRanges::new();
        held.insert(1, 3);
        held.insert(6, 9);
        assert_eq!(lacking(&held, 12), 5);
        assert_eq!(lacking(&held, 0), 2, "a head that was told before the newest came");
        assert_eq!(lacking(&SeqRanges::new(), 4), 4);
    }
}
