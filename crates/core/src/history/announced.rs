//! Messages that Meta announced without telling them (docs/meta.md 2.7.9): which are still to be looked up, and when. Pure.
//!
//! ```text
//!   announced ──▶ waits a moment: the message itself may follow ──▶ due ──┬─ told of, or in the log ──▶ forgotten
//!                                   ▲                                     │
//!                                   └── Meta does not give it (yet) ──────┴─ too often, or too old ──▶ forgotten
//! ```
//!
//! It is kept in memory alone. What is forgotten, by a restart too, is found by the next pass over the history.

use std::collections::BTreeMap;

use baton_messenger::{AccountId, Mid};

use crate::store::Announced;

/// How long the message itself may take to follow its announcement, milliseconds.
const FOLLOWS_MS: i64 = 2_000;
/// Between two looks, milliseconds; after the last one it is given up.
const AGAIN_MS: [i64; 5] = [3_000, 15_000, 60_000, 5 * 60_000, 15 * 60_000];
/// An announcement that is older has been overtaken by a pass, milliseconds.
const OLDEST_MS: i64 = 60 * 60_000;
/// More than these are not remembered, whatever somebody sends.
const MOST: usize = 1_000;

/// The messages that are still to be looked up.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    waiting: BTreeMap<(AccountId, Mid), Waiting>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// When it was heard of, milliseconds of the boot clock.
    heard_ms: i64,
    /// When it may be looked up, milliseconds of the boot clock.
    due_ms: i64,
    /// How often that was in vain.
    tries: usize,
}

impl Announcements {
    /// Messages were announced. What was announced long ago, as a desk hears that was away, is left to the next pass.
    pub(super) fn heard(&mut self, announced: &[Announced], meta_ms: i64, boot_ms: i64) {
        for each in announced.iter().filter(|each| meta_ms.saturating_sub(each.at_ms) < OLDEST_MS) {
            if self.waiting.len() >= MOST {
                self.drop_old(boot_ms);
            }
            if self.waiting.len() >= MOST {
                return;
            }
            let due_ms = boot_ms.saturating_add(FOLLOWS_MS);
            let waiting = Waiting { heard_ms: boot_ms, due_ms, tries: 0 };
            self.waiting.entry((each.account.clone(), each.mid.clone())).or_insert(waiting);
        }
    }

    /// Those that may be looked up now, the first due first.
    pub(super) fn due(&mut self, boot_ms: i64) -> Vec<(AccountId, Mid)> {
        self.drop_old(boot_ms);
        let mut due: Vec<_> = self.waiting.iter().filter(|(_, each)| each.due_ms <= boot_ms).collect();
        due.sort_by_key(|(_, each)| each.due_ms);
        due.into_iter().map(|(key, _)| key.clone()).collect()
    }

    /// Meta did not give it; `wait_ms` when it said for how long it gives nothing.
    pub(super) fn in_vain(&mut self, account: &AccountId, mid: &Mid, wait_ms: Option<i64>, boot_ms: i64) {
        let key = (account.clone(), mid.clone());
        let Some(each) = self.waiting.get_mut(&key) else { return };
        let Some(again_ms) = AGAIN_MS.get(each.tries) else {
            self.waiting.remove(&key);
            return;
        };
        each.tries += 1;
        each.due_ms = boot_ms.saturating_add(wait_ms.unwrap_or_default().max(*again_ms));
    }

    /// It is told of.
    pub(super) fn done(&mut self, account: &AccountId, mid: &Mid) {
        self.waiting.remove(&(account.clone(), mid.clone()));
    }

    /// This desk lost the account.
    pub(super) fn forget(&mut self, account: &AccountId) {
        self.waiting.retain(|(of, _), _| of != account);
    }

    fn drop_old(&mut self, boot_ms: i64) {
        self.waiting.retain(|_, each| boot_ms.saturating_sub(each.heard_ms) < OLDEST_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 7_200_000;

    fn tea() -> AccountId {
        "17841400000000033".into()
    }

    fn announced(mid: &str, at_ms: i64) -> Announced {
        Announced { account: tea(), mid: mid.into(), at_ms }
    }

    fn due(of: &mut Announcements, boot_ms: i64) -> Vec<String> {
        of.due(boot_ms).into_iter().map(|(_, mid)| mid.to_string()).collect()
    }

    #[test]
    fn a_message_has_a_moment_to_follow_and_is_then_due_until_it_is_told_of() {
        let mut all = Announcements::default();
        all.heard(&[announced("m_1", NOW)], NOW, 0);
        assert!(due(&mut all, FOLLOWS_MS - 1).is_empty());
        all.heard(&[announced("m_1", NOW)], NOW, FOLLOWS_MS);
        assert_eq!(due(&mut all, FOLLOWS_MS), ["m_1"], "a repeat puts nothing off");
        all.done(&tea(), &"m_1".into());
        assert!(due(&mut all, FOLLOWS_MS).is_empty());
    }

    #[test]
    fn what_is_not_given_is_asked_for_a_bounded_number_of_times() {
        let mut all = Announcements::default();
        all.heard(&[announced("m_1", NOW)], NOW, 0);
        let (mut boot_ms, mut looks) = (0, 0);
        while boot_ms < 2 * OLDEST_MS {
            boot_ms += 500;
            for (account, mid) in all.due(boot_ms) {
                looks += 1;
                all.in_vain(&account, &mid, None, boot_ms);
            }
        }
        assert_eq!(looks, AGAIN_MS.len() + 1);
        assert!(all.waiting.is_empty());
    }

    #[test]
    fn metas_own_pause_is_kept() {
        let mut all = Announcements::default();
        all.heard(&[announced("m_1", NOW)], NOW, 0);
        all.in_vain(&tea(), &"m_1".into(), Some(40_000), FOLLOWS_MS);
        assert!(due(&mut all, FOLLOWS_MS + 39_999).is_empty());
        assert_eq!(due(&mut all, FOLLOWS_MS + 40_000), ["m_1"]);
    }

    #[test]
    fn old_ones_and_too_many_are_left_to_the_next_pass() {
        let mut all = Announcements::default();
        all.heard(&[announced("m_old", NOW - OLDEST_MS)], NOW, 0);
        assert!(due(&mut all, FOLLOWS_MS).is_empty());
        let many: Vec<Announced> = (0..2 * MOST).map(|n| announced(&format!("m_{n}"), NOW)).collect();
        all.heard(&many, NOW, 0);
        assert_eq!(due(&mut all, FOLLOWS_MS).len(), MOST);
        all.heard(&[announced("m_later", NOW + OLDEST_MS)], NOW + OLDEST_MS, OLDEST_MS);
        assert_eq!(due(&mut all, OLDEST_MS + FOLLOWS_MS), ["m_later"], "room is made by what grew old");
        all.forget(&tea());
        assert!(due(&mut all, OLDEST_MS + FOLLOWS_MS).is_empty());
    }
}
