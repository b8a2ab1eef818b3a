//! Who is whose steward: one desk per account, by a lease that must be renewed. And the team's slots for reads of Graph.
//!
//! ```text
//!   nobody's ──asked──▶ a desk's ──60 s without a renewal · given back · its token died──▶ nobody's
//!                         │  ▲
//!                         └──┘ renewed, with how far the history is
//! ```
//!
//! It promises that no two desks hold the lease of an account at the same time by this relay's boot clock. It keeps nothing
//! beyond this run: whoever was steward asks anew, and two who think so for a moment do no harm, because what they append
//! has keys. Who may ask is not judged here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use baton_graph::{SlotAnswer, SlotBook, Urgency};
use baton_protocol::lease::{HistoryProgress, HistoryTold, LEASE_MS, Leased, SlotGiven, SlotUrgency};
use baton_protocol::{AccountId, DeskId};
use tokio::sync::broadcast;

/// How much news may wait for a stream that is slow. What it misses comes with the next renewal.
const NEWS: usize = 256;

/// How a desk stands to the lease of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stewardship {
    /// It has it.
    This,
    /// Another desk has it.
    Another,
    /// Nobody has it.
    #[default]
    Nobody,
}

/// The leases and slots of this relay.
#[derive(Debug)]
pub(crate) struct Stewards {
    leases: Mutex<BTreeMap<AccountId, Lease>>,
    slots: Mutex<SlotBook>,
    news: broadcast::Sender<HistoryTold>,
}

#[derive(Clone, Debug)]
struct Lease {
    desk: DeskId,
    until_boot_ms: i64,
    progress: Option<HistoryProgress>,
}

impl Default for Stewards {
    fn default() -> Self {
        Self { leases: Mutex::default(), slots: Mutex::default(), news: broadcast::Sender::new(NEWS) }
    }
}

impl Stewards {
    /// Gives the lease to this desk, renews it, or says whose it is.
    pub(crate) fn ask(
        &self,
        account: &AccountId,
        desk: DeskId,
        progress: Option<HistoryProgress>,
        boot_ms: i64,
    ) -> Leased {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = leases.get(account).filter(|lease| lease.holds(boot_ms) && lease.desk != desk) {
            let for_ms = other.until_boot_ms.saturating_sub(boot_ms);
            return Leased { steward: other.desk, yours: false, for_ms };
        }
        let before = leases.get(account).map(|lease| (lease.desk, lease.progress.clone()));
        let lease =
            Lease { desk, until_boot_ms: boot_ms.saturating_add(LEASE_MS), progress: progress.clone() };
        leases.insert(account.clone(), lease);
        drop(leases);
        if before.as_ref().map(|(desk, _)| *desk) != Some(desk) {
            tracing::info!(%desk, %account, "a desk is the steward of an account");
        }
        self.tell(account, Some(desk), progress);
        Leased { steward: desk, yours: true, for_ms: LEASE_MS }
    }

    /// This desk no longer is the steward, if it was.
    pub(crate) fn give_back(&self, account: &AccountId, desk: DeskId) {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if leases.get(account).is_none_or(|lease| lease.desk != desk) {
            return;
        }
        leases.remove(account);
        drop(leases);
        tracing::info!(%desk, %account, "a steward gave its lease back");
        self.tell(account, None, None);
    }

    /// How a desk stands to the lease of an account.
    pub(crate) fn standing(&self, account: &AccountId, desk: DeskId, boot_ms: i64) -> Stewardship {
        let leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        match leases.get(account).filter(|lease| lease.holds(boot_ms)) {
            Some(lease) if lease.desk == desk => Stewardship::This,
            Some(_) => Stewardship::Another,
            None => Stewardship::Nobody,
        }
    }

    /// How far the history of an account is; none while nobody is its steward.
    pub(crate) fn told(&self, account: &AccountId, boot_ms: i64) -> Option<HistoryTold> {
        let leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        let lease = leases.get(account).filter(|lease| lease.holds(boot_ms))?;
        let (steward, progress) = (Some(lease.desk), lease.progress.clone());
        Some(HistoryTold { account: account.clone(), steward, progress })
    }

    /// How far histories are, as stewards tell.
    pub(crate) fn news(&self) -> broadcast::Receiver<HistoryTold> {
        self.news.subscribe()
    }

    /// Asks for the slot of one read.
    pub(crate) fn slot(&self, account: &AccountId, urgency: SlotUrgency, boot_ms: i64) -> SlotGiven {
        let urgency = match urgency {
            SlotUrgency::Settling => Urgency::Settling,
            SlotUrgency::Opening => Urgency::Opening,
            SlotUrgency::Audit => Urgency::Background,
        };
        let mut book = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        match book.ask(account, urgency, boot_ms) {
            SlotAnswer::Granted => SlotGiven::Granted,
            SlotAnswer::NotYet { for_ms } | SlotAnswer::Refused { for_ms, .. } => {
                SlotGiven::NotYet { for_ms }
            }
        }
    }

    fn tell(&self, account: &AccountId, steward: Option<DeskId>, progress: Option<HistoryProgress>) {
        // Nobody listening is no harm.
        let _ = self.news.send(HistoryTold { account: account.clone(), steward, progress });
    }
}

impl Lease {
    fn holds(&self, boot_ms: i64) -> bool {
        boot_ms < self.until_boot_ms
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tea() -> AccountId {
        "104500000000011".into()
    }

    #[test]
    fn a_lease_is_one_desks_until_it_ends_or_is_given_back() {
        let (stewards, ines, jonas) = (Stewards::default(), DeskId::new(), DeskId::new());
        assert!(stewards.ask(&tea(), ines, None, 0).yours);
        let other = stewards.ask(&tea(), jonas, None, 20_000);
        assert_eq!(other, Leased { steward: ines, yours: false, for_ms: 40_000 });
        assert!(stewards.ask(&tea(), ines, None, 59_999).yours);
        assert_eq!(stewards.standing(&tea(), ines, 119_998), Stewardship::This);
        assert_eq!(stewards.standing(&tea(), jonas, 119_998), Stewardship::Another);
        assert_eq!(stewards.standing(&tea(), ines, 119_999), Stewardship::Nobody);
        assert!(stewards.ask(&tea(), jonas, None, 119_999).yours);
        stewards.give_back(&tea(), ines);
        assert!(!stewards.ask(&tea(), ines, None, 120_000).yours, "only its own lease can be given back");
        stewards.give_back(&tea(), jonas);
        assert!(stewards.ask(&tea(), ines, None, 120_000).yours);
    }

    #[test]
    fn each_account_has_its_own() {
        let (stewards, ines, jonas) = (Stewards::default(), DeskId::new(), DeskId::new());
        assert!(stewards.ask(&tea(), ines, None, 0).yours);
        assert!(stewards.ask(&"2".into(), jonas, None, 0).yours);
    }

    proptest! {
        #[test]
        fn it_is_like_a_plain_record_of_who_renewed_last(
            asked in prop::collection::vec((0usize..3, 0i64..50_000, any::<bool>()), 1..60),
        ) {
            let (stewards, desks) = (Stewards::default(), [DeskId::new(), DeskId::new(), DeskId::new()]);
            let (mut now, mut holder): (i64, Option<(usize, i64)>) = (0, None);
            for (who, pause, gives_back) in asked {
                now += pause;
                if gives_back {
                    stewards.give_back(&tea(), desks[who]);
                    holder = holder.filter(|(known, _)| *known != who);
                } else {
                    let is_free = holder.is_none_or(|(known, at)| known == who || now - at >= LEASE_MS);
                    prop_assert_eq!(stewards.ask(&tea(), desks[who], None, now).yours, is_free);
                    holder = if is_free { Some((who, now)) } else { holder };
                }
            }
        }
    }
}
