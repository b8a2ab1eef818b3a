//! Slots for reads of Graph: two a second and account (docs/meta.md 6.1).
//!
//! ```text
//!  the relay answers       two a second; who is more urgent goes first
//!  the relay is away       nothing in the background; else one in 30 s, so that all desks together stay below the limit
//! ```
//!
//! The book below is pure. It keeps this desk to the account's whole allowance; what the desks of a team take together is
//! known by the relay alone, and until it gives out slots Meta's throttle codes settle what collides.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use baton_graph::{BootClock, SlotAnswer, Slots, Urgency};
use baton_messenger::AccountId;
use baton_messenger::limits::CONVERSATION_CALLS_PER_SECOND;

use crate::clock::Clock;

const SECOND_MS: i64 = 1_000;
/// Between two reads of an account while the relay is away, milliseconds.
const ALONE_MS: i64 = 30_000;
/// How long one who was told to wait is expected to come back, milliseconds.
const EXPECTED_MS: i64 = 1_000;

/// Gives out this desk's slots.
pub(crate) struct DeskSlots {
    clock: Arc<dyn Clock>,
    relay_answers: AtomicBool,
    book: Mutex<Book>,
}

/// The boot clock of a desk, as the client of Graph takes it.
pub(crate) struct Boot(pub(crate) Arc<dyn Clock>);

impl BootClock for Boot {
    fn boot_ms(&self) -> i64 {
        self.0.boot_ms()
    }
}

impl DeskSlots {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, relay_answers: AtomicBool::new(false), book: Mutex::default() }
    }

    /// The relay came or went.
    pub(crate) fn set_relay_answers(&self, answers: bool) {
        self.relay_answers.store(answers, Ordering::Relaxed);
    }
}

#[async_trait]
impl Slots for DeskSlots {
    async fn ask(&self, account: &AccountId, urgency: Urgency) -> SlotAnswer {
        let now_ms = self.clock.boot_ms();
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if self.relay_answers.load(Ordering::Relaxed) {
            book.with_relay(account, urgency, now_ms)
        } else {
            book.alone(account, urgency, now_ms)
        }
    }
}

/// Which slots were given.
#[derive(Debug, Default)]
struct Book {
    accounts: BTreeMap<AccountId, Page>,
}

#[derive(Debug, Default)]
struct Page {
    /// When the last slots were given, oldest first.
    given: VecDeque<i64>,
    /// Until when somebody of this urgency is expected to ask again.
    expected: BTreeMap<Urgency, i64>,
}

impl Book {
    fn with_relay(&mut self, account: &AccountId, urgency: Urgency, now_ms: i64) -> SlotAnswer {
        let page = self.accounts.entry(account.clone()).or_default();
        page.given.retain(|given| now_ms.saturating_sub(*given) < SECOND_MS);
        let full = usize::try_from(CONVERSATION_CALLS_PER_SECOND).unwrap_or(1);
        let oldest = page.given.front().filter(|_| page.given.len() >= full);
        let for_ms = match oldest {
            Some(oldest) => oldest.saturating_add(SECOND_MS).saturating_sub(now_ms),
            None if page.more_urgent_is_expected(urgency, now_ms) => SECOND_MS / 4,
            None => return page.give(urgency, now_ms),
        };
        page.expected.insert(urgency, now_ms.saturating_add(for_ms).saturating_add(EXPECTED_MS));
        SlotAnswer::NotYet { for_ms }
    }

    fn alone(&mut self, account: &AccountId, urgency: Urgency, now_ms: i64) -> SlotAnswer {
        if urgency == Urgency::Background {
            // It has all the patience there is, and goes on when the relay is back.
            return SlotAnswer::NotYet { for_ms: SECOND_MS };
        }
        let page = self.accounts.entry(account.clone()).or_default();
        let last = page.given.back().copied();
        match last.map(|last| last.saturating_add(ALONE_MS).saturating_sub(now_ms)).filter(|left| *left > 0) {
            Some(for_ms) => SlotAnswer::NotYet { for_ms },
            None => page.give(urgency, now_ms),
        }
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
        let mut book = Book::default();
        let mut ask = |urgency, at_ms| book.with_relay(&tea(), urgency, at_ms);
        assert_eq!(ask(Urgency::Opening, NOW), SlotAnswer::Granted);
        assert_eq!(ask(Urgency::Opening, NOW + 400), SlotAnswer::Granted);
        assert_eq!(ask(Urgency::Opening, NOW + 500), SlotAnswer::NotYet { for_ms: 500 });
        assert_eq!(ask(Urgency::Opening, NOW + 1_000), SlotAnswer::Granted);
    }

    #[test]
    fn in_any_second_there_are_at_most_two() {
        let mut book = Book::default();
        let mut given = Vec::new();
        for at_ms in (NOW..NOW + 20_000).step_by(37) {
            if book.with_relay(&tea(), Urgency::Background, at_ms) == SlotAnswer::Granted {
                given.push(at_ms);
            }
        }
        assert!(given.windows(3).all(|three| three[2] - three[0] >= SECOND_MS), "{given:?}");
        assert!(given.len() >= 36, "and nearly two, not fewer: {}", given.len());
    }

    #[test]
    fn another_account_has_its_own() {
        let mut book = Book::default();
        for _ in 0..2 {
            book.with_relay(&tea(), Urgency::Opening, NOW);
        }
        assert_eq!(book.with_relay(&"2".into(), Urgency::Opening, NOW), SlotAnswer::Granted);
    }

    #[test]
    fn who_settles_goes_before_who_opens_and_both_before_the_background() {
        let mut book = Book::default();
        for urgency in [Urgency::Background, Urgency::Background] {
            assert_eq!(book.with_relay(&tea(), urgency, NOW), SlotAnswer::Granted);
        }
        for urgency in [Urgency::Background, Urgency::Opening, Urgency::Settling] {
            assert!(matches!(book.with_relay(&tea(), urgency, NOW + 10), SlotAnswer::NotYet { .. }));
        }
        let order = [Urgency::Background, Urgency::Opening, Urgency::Settling];
        let mut went = Vec::new();
        let mut left: Vec<Urgency> = order.to_vec();
        for at_ms in (NOW + 1_000..NOW + 5_000).step_by(50) {
            left.retain(|urgency| match book.with_relay(&tea(), *urgency, at_ms) {
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
        let mut book = Book::default();
        for _ in 0..2 {
            book.with_relay(&tea(), Urgency::Opening, NOW);
        }
        book.with_relay(&tea(), Urgency::Settling, NOW + 10);
        let later = NOW + 1_000 + EXPECTED_MS + SECOND_MS;
        assert_eq!(book.with_relay(&tea(), Urgency::Background, later), SlotAnswer::Granted);
    }

    #[test]
    fn without_the_relay_the_background_stands_still_and_others_keep_30_s_apart() {
        let mut book = Book::default();
        for at_ms in [NOW, NOW + 60_000] {
            let stands = book.alone(&tea(), Urgency::Background, at_ms);
            assert_eq!(stands, SlotAnswer::NotYet { for_ms: SECOND_MS });
        }
        assert_eq!(book.alone(&tea(), Urgency::Settling, NOW), SlotAnswer::Granted);
        assert_eq!(book.alone(&tea(), Urgency::Opening, NOW + 10_000), SlotAnswer::NotYet { for_ms: 20_000 });
        assert_eq!(book.alone(&tea(), Urgency::Opening, NOW + 30_000), SlotAnswer::Granted);
    }
}
