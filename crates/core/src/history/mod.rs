//! What one desk does for all desks of an account: it is the steward, reads the account's history from Meta, and looks later
//! for what webhooks missed. What it finds goes into the log, so that no other desk asks Meta for it.
//!
//! ```text
//!   lease (steward.rs) ──▶ is it ours? ──▶ pass (run.rs) ──▶ plan (plan.rs, pure): what next
//!                                             │                 list · read one thread · end the pass · rest
//!                                             ├──▶ Graph, in its turn (slots of the relay, Meta's budgets)
//!                                             ├──▶ walk (walk.rs, pure): what Meta names and does not give, how far to ask
//!                                             ├──▶ page (page.rs, pure): what is new of a thread, as entries of the log
//!                                             └──▶ relay ──▶ log ──▶ every desk
//! ```
//!
//! Beside the passes it looks up single messages that Meta announced and did not tell (announced.rs, look_up.rs).
//!
//! It goes on after a restart with what it has listed and read (rows of `history_pass`), after anything that passes by itself
//! right where it stood (kept.rs), and another desk goes on where the log shows that it
//! stood: pages of the log say which threads were read, and a fact says through which moment a pass reached. It reads
//! nothing while this desk's copy of the log has holes, because what is new is judged against that copy.

mod announced;
mod kept;
mod look_up;
mod page;
mod plan;
mod progress;
mod remains;
mod run;
mod steward;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use baton_messenger::AccountId;
use baton_protocol::lease::{HistoryProgress, HistoryTold, LEASE_MS};
use tokio::sync::Notify;

use self::announced::Announcements;
use self::kept::Kept;
use crate::desk::inner::lock;
use crate::store::Announced;

pub(crate) use look_up::look_up;
pub use progress::HistoryStanding;
pub(crate) use remains::settle;
pub(crate) use run::run;
pub(crate) use steward::{give_all_back, keep_leases};

/// How long after it became the steward of an account a desk begins to read its history: what the log brings comes first.
pub const BEGINS_AFTER: Duration = Duration::from_secs(2);
/// How often a steward tells how far it is, while that changes, milliseconds of the boot clock.
const TELL_EVERY_MS: i64 = 2_000;

/// What a desk knows of stewards, and of its own work as one.
#[derive(Debug)]
pub(crate) struct History {
    /// How long after it became the steward a desk begins to read.
    after: Duration,
    leases: Mutex<BTreeMap<AccountId, Lease>>,
    /// What stewards told, this desk included, and when it was heard, milliseconds of the boot clock.
    told: Mutex<BTreeMap<AccountId, (HistoryTold, i64)>>,
    /// What this desk has to tell as steward.
    own: Mutex<BTreeMap<AccountId, Own>>,
    /// A pass is wanted although none is due.
    wanted: Mutex<BTreeSet<AccountId>>,
    /// How far the reading of each account is, while nothing of it is under way. It outlives pauses, faults, leases and tokens:
    /// a plan that finds no pass begins at the top by itself, so what is kept of a lost account says nothing untrue.
    kept: Mutex<BTreeMap<AccountId, Kept>>,
    /// Messages that were announced and that nobody told of yet.
    announced: Mutex<Announcements>,
    /// A lease should be asked for, or renewed, now.
    pub(crate) wake_leases: Notify,
    /// There may be something to read.
    pub(crate) wake: Notify,
    /// There may be a message to look up.
    wake_announced: Notify,
}

/// How this desk stands to the lease of an account.
#[derive(Clone, Copy, Debug)]
struct Lease {
    /// Since when it is the steward without a break, milliseconds of the boot clock.
    since_boot_ms: i64,
    until_boot_ms: i64,
    /// The relay knows no leases: each desk looks after itself, and nobody reads history.
    is_without_relay: bool,
}

#[derive(Clone, Debug)]
struct Own {
    progress: HistoryProgress,
    told_boot_ms: i64,
    is_news: bool,
}

impl History {
    pub(crate) fn new(after: Duration) -> Self {
        Self {
            after,
            leases: Mutex::default(),
            told: Mutex::default(),
            own: Mutex::default(),
            wanted: Mutex::default(),
            kept: Mutex::default(),
            announced: Mutex::default(),
            wake_leases: Notify::new(),
            wake: Notify::new(),
            wake_announced: Notify::new(),
        }
    }

    /// Whether this desk does what only the steward does.
    pub(crate) fn is_steward(&self, account: &AccountId, boot_ms: i64) -> bool {
        lock(&self.leases).get(account).is_some_and(|lease| lease.until_boot_ms > boot_ms)
    }

    /// Whether this desk may read history now: it has been the steward for long enough.
    fn may_read(&self, account: &AccountId, boot_ms: i64) -> bool {
        let after_ms = i64::try_from(self.after.as_millis()).unwrap_or(i64::MAX);
        lock(&self.leases).get(account).is_some_and(|lease| {
            !lease.is_without_relay
                && lease.until_boot_ms > boot_ms
                && lease.since_boot_ms.saturating_add(after_ms) <= boot_ms
        })
    }

    /// Whether this desk may append what it reads of single messages. A pass waits longer, because it reads what the log may
    /// still bring; a message that was announced is new.
    fn may_look_up(&self, account: &AccountId, boot_ms: i64) -> bool {
        lock(&self.leases)
            .get(account)
            .is_some_and(|lease| !lease.is_without_relay && lease.until_boot_ms > boot_ms)
    }

    /// Messages were announced. Each desk remembers them for a while: any of them may become the steward.
    pub(crate) fn announced(&self, announced: &[Announced], meta_ms: i64, boot_ms: i64) {
        if announced.is_empty() {
            return;
        }
        lock(&self.announced).heard(announced, meta_ms, boot_ms);
        self.wake_announced.notify_one();
    }

    /// A steward told how far it is. Returns whether that is another word than the one that still counted: with every renewal of
    /// its lease it says the same again.
    pub(crate) fn heard(&self, told: HistoryTold, boot_ms: i64) -> bool {
        let is_news = self.told(&told.account, boot_ms).as_ref() != Some(&told);
        lock(&self.told).insert(told.account.clone(), (told, boot_ms));
        is_news
    }

    /// What the steward of an account told last, if that was not too long ago.
    pub(crate) fn told(&self, account: &AccountId, boot_ms: i64) -> Option<HistoryTold> {
        let told = lock(&self.told);
        let (told, heard_ms) = told.get(account)?;
        (boot_ms.saturating_sub(*heard_ms) < LEASE_MS).then(|| told.clone())
    }

    /// This desk lost the account, or its token.
    pub(crate) fn forget(&self, account: &AccountId) {
        lock(&self.leases).remove(account);
        lock(&self.own).remove(account);
        lock(&self.told).remove(account);
        lock(&self.announced).forget(account);
    }

    /// Something may have been missed: a pass begins although none is due.
    pub(crate) fn look_soon(&self, accounts: impl IntoIterator<Item = AccountId>) {
        lock(&self.wanted).extend(accounts);
        self.wake.notify_one();
    }

    fn is_wanted(&self, account: &AccountId) -> bool {
        lock(&self.wanted).contains(account)
    }

    fn is_looked_at(&self, account: &AccountId) {
        lock(&self.wanted).remove(account);
    }

    /// How far the reading of an account is; whoever takes it gives it back with [`Self::keep`].
    fn take_kept(&self, account: &AccountId) -> Kept {
        lock(&self.kept).remove(account).unwrap_or_default()
    }

    /// Keeps how far the reading of an account is until it goes on.
    fn keep(&self, account: &AccountId, kept: Kept) {
        lock(&self.kept).insert(account.clone(), kept);
    }

    /// Notes how far this desk is, as steward, and tells it soon.
    fn is_at(&self, account: &AccountId, progress: HistoryProgress, boot_ms: i64) {
        let mut own = lock(&self.own);
        let known = own.get(account).map(|own| (own.progress.clone(), own.told_boot_ms, own.is_news));
        let (is_other, is_other_state, told_boot_ms, was_news) = match &known {
            None => (true, true, i64::MIN, false),
            Some((before, told_ms, was_news)) => (
                *before != progress,
                std::mem::discriminant(&before.state) != std::mem::discriminant(&progress.state),
                *told_ms,
                *was_news,
            ),
        };
        let is_news = was_news || is_other;
        own.insert(account.clone(), Own { progress, told_boot_ms, is_news });
        drop(own);
        // What may not be told yet is heard of all the same: the next step may take long, and it is told meanwhile.
        let may_be_told = boot_ms.saturating_sub(told_boot_ms) >= TELL_EVERY_MS;
        if is_other_state || (is_news && (!was_news || may_be_told)) {
            self.wake_leases.notify_one();
        }
    }

    /// What is to be told of an account with its lease, and in how many milliseconds it may be told before the lease is
    /// due; none when it is no news.
    fn to_tell(&self, account: &AccountId, boot_ms: i64) -> (Option<HistoryProgress>, Option<i64>) {
        let own = lock(&self.own);
        match own.get(account) {
            None => (None, None),
            Some(own) => {
                let left_ms = own.told_boot_ms.saturating_add(TELL_EVERY_MS).saturating_sub(boot_ms).max(0);
                (Some(own.progress.clone()), own.is_news.then_some(left_ms))
            }
        }
    }

    fn was_told(&self, account: &AccountId, progress: Option<&HistoryProgress>, boot_ms: i64) {
        if let Some(own) = lock(&self.own).get_mut(account) {
            own.told_boot_ms = boot_ms;
            own.is_news = progress != Some(&own.progress);
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::lease::HistoryState;
    use futures_util::FutureExt as _;

    use super::*;

    fn reading(threads_done: u64) -> HistoryProgress {
        HistoryProgress {
            state: HistoryState::Reading,
            threads_done,
            threads_known: 40,
            threads_failing: 0,
            is_listed: true,
            messages: 0,
            left_ms: None,
            is_first: true,
        }
    }

    #[test]
    fn what_a_steward_says_with_every_renewal_is_news_once() {
        let (history, account) = (History::new(Duration::ZERO), AccountId::from("104500000000011"));
        let told = |progress| HistoryTold { account: account.clone(), steward: None, progress };
        assert!(history.heard(told(Some(reading(28))), 0));
        assert!(!history.heard(told(Some(reading(28))), 20_000));
        assert!(history.heard(told(Some(reading(30))), 40_000));
        assert!(history.heard(told(None), 41_000), "nobody reads any more, and that was shown");
        let long_ms = 41_000 + LEASE_MS;
        assert!(history.heard(told(None), long_ms), "what was said too long ago counted no more");
    }

    fn is_woken(history: &History) -> bool {
        history.wake_leases.notified().now_or_never().is_some()
    }

    #[test]
    fn how_far_it_is_is_told_as_soon_as_it_may_be_also_when_the_next_step_takes_long() {
        let (history, account) = (History::new(Duration::ZERO), AccountId::from("104500000000011"));
        history.is_at(&account, reading(28), 0);
        assert!(is_woken(&history));
        history.was_told(&account, Some(&reading(28)), 0);
        history.is_at(&account, reading(30), 500);
        assert!(is_woken(&history), "nobody hears of it before the step ends");
        assert_eq!(history.to_tell(&account, 500).1, Some(TELL_EVERY_MS - 500));
    }
}
