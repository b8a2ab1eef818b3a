//! The book of slots: two a second and account; who is more urgent goes first. Pure: the time is given.
//!
//! ```text
//!  asked ──┬─ two were given a moment ago ─────────────────┐
//!          ├─ somebody more urgent was told to come back ──┼──▶ not yet: come back after so long
//!          └─ neither ──▶ granted                          ┘
//! ```
//!
//! Whoever is told to come back is expected for a second longer than that, so that one who went away holds nobody up.

use std::collections::{BTreeMap, VecDeque};

use baton_messenger::id::AccountId;
use baton_messenger::limits::CONVERSATION_CALLS_PER_SECOND;

use super::{SlotAnswer, Urgency};

/// Within so long two slots are given, milliseconds: a little more than Meta's second, because calls take different times on
/// their way, and three that left in more than a second could meet within one.
const WINDOW_MS: i64 = 1_200;
/// How long one who was told to wait is expected to come back, milliseconds.
const EXPECTED_MS: i64 = 1_000;

/// Which slots of which account were given.
#[derive(Debug, Default)]
pub struct SlotBook {
    accounts: BTreeMap<AccountId, Page>,
}

#[derive(Debug, Default)]
struct Page {
    /// When the last slots were given, oldest first.
    given: VecDeque<i64>,
    /// Until when somebody of this urgency is expected to ask again.
    expected: BTreeMap<Urgency, i64>,
}

impl SlotBook {
    /// Asks for one slot. `now_ms` is of a clock that never runs backwards. Never answers [`SlotAnswer::Refused`].
    pub fn ask(&mut self, account: &AccountId, urgency: Urgency, now_ms: i64) -> SlotAnswer {
        let page = self.accounts.entry(account.clone()).or_default();
        page.given.retain(|given| now_ms.saturating_sub(*given) < WINDOW_MS);
        let full = usize::try_from(CONVERSATION_CALLS_PER_SECOND).unwrap_or(1);
        let oldest = page.given.front().filter(|_| page.given.len() >= full);
        let for_ms = match oldest {
            Some(oldest) => oldest.saturating_add(WINDOW_MS).saturating_sub(now_ms),
            None if page.more_urgent_is_expected(urgency, now_ms) => WINDOW_MS / 4,
            None => return page.give(urgency, now_ms),
        };
        page.expected.insert(urgency, now_ms.saturating_add(for_ms).saturating_add(EXPECTED_MS));
        SlotAnswer::NotYet { for_ms }
    }
}

impl Page {
    fn more_urgent_is_expected(&self, urgency: Urgency, now_ms: i64) -> bool {
        self.expected.iter().any(|(other, until_ms)| *other < urgency && *until_ms > now_ms)
    }

    fn give(&mut self, urgency: Urgency, now_ms: i64) -> SlotAnswer {
        self.expected.remove(&urgency);
        self.given.push_back(now_ms);
        SlotAnswer::Granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 3_600_000;

    fn tea() -> AccountId {
        "104500000000011".into()
    }

    #[test]
    fn two_a_second_are_given_and_not_three() {
        let mut book = SlotBook::default();
        let mut ask = |urgency, at_ms| book.ask(&tea(), urgency, at_ms);
        assert_eq!(ask(Urgency::Opening, NOW), SlotAnswer::Granted);
        assert_eq!(ask(Urgency::Opening, NOW + 400), SlotAnswer::Granted);
        assert_eq!(ask(Urgency::Opening, NOW + 500), SlotAnswer::NotYet { for_ms: 700 });
        assert_eq!(ask(Urgency::Opening, NOW + 1_200), SlotAnswer::Granted);
    }

    #[test]
    fn in_any_second_there_are_at_most_two() {
        let mut book = SlotBook::default();
        let mut given = Vec::new();
        for at_ms in (NOW..NOW + 20_000).step_by(37) {
            if book.ask(&tea(), Urgency::Background, at_ms) == SlotAnswer::Granted {
                given.push(at_ms);
            }
        }
        assert!(given.windows(3).all(|three| three[2] - three[0] >= WINDOW_MS), "{given:?}");
        assert!(given.len() >= 31, "and not many fewer: {}", given.len());
    }

    #[test]
    fn another_account_has_its_own() {
        let mut book = SlotBook::default();
        for _ in 0..2 {
            book.ask(&tea(), Urgency::Opening, NOW);
        }
        assert_eq!(book.ask(&"2".into(), Urgency::Opening, NOW), SlotAnswer::Granted);
    }

    #[test]
    fn who_settles_goes_before_who_opens_and_both_before_the_background() {
        let mut book = SlotBook::default();
        for urgency in [Urgency::Background, Urgency::Background] {
            assert_eq!(book.ask(&tea(), urgency, NOW), SlotAnswer::Granted);
        }
        let order = [Urgency::Background, Urgency::Opening, Urgency::Settling];
        for urgency in order {
            assert!(matches!(book.ask(&tea(), urgency, NOW + 10), SlotAnswer::NotYet { .. }));
        }
        let mut went = Vec::new();
        let mut left: Vec<Urgency> = order.to_vec();
        for at_ms in (NOW + 1_000..NOW + 5_000).step_by(50) {
            left.retain(|urgency| match book.ask(&tea(), *urgency, at_ms) {
                SlotAnswer::Granted => {
                    went.push(*urgency);
                    false
                }
                _ => true,
            });
        }
        assert_eq!(went, [Urgency::Settling, Urgency::Opening, Urgency::Background]);
    }

    #[test]
    fn one_who_asked_and_went_away_holds_nobody_for_long() {
        let mut book = SlotBook::default();
        for _ in 0..2 {
            book.ask(&tea(), Urgency::Opening, NOW);
        }
        book.ask(&tea(), Urgency::Settling, NOW + 10);
        let later = NOW + EXPECTED_MS + 2 * WINDOW_MS;
        assert_eq!(book.ask(&tea(), Urgency::Background, later), SlotAnswer::Granted);
    }
}
