//! Faults by rule: what goes wrong, where, how often, and when.
//!
//! ```text
//!   a call comes in            it is answered          an event goes out            it is tried
//!        │                          │                        │                           │
//!   Token, Call, List ─▶ world ─▶ Done, Body ─▶ client   Form, Webhook, Echo ─▶ lane ─▶ Try ─▶ receiver
//! ```
//!
//! At each of these [`Moment`]s the rules are looked up in the order in which they were added, and the first one
//! that fits and whose turn it is strikes. Every strike is counted at its rule and stands in the journal beside the
//! call or webhook it hit. A rule that has worn off stays in the list, with its count, until it is removed. All
//! waiting is on simulated time: moving the clock ends it.
//!
//! A new fault is a new [`Effect`], its line in [`catalogue`], and the one place that asks for it.

mod calls;
mod case;
mod catalogue;
mod effect;
mod force;
mod hidden;
mod rule;
mod throttle;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

pub(crate) use calls::{Answered, Spell};
pub use case::CallKind;
pub(crate) use case::Case;
pub(crate) use catalogue::catalogue;
pub(crate) use effect::Moment;
pub use effect::{Effect, LooseForm, Right};
pub(crate) use force::{add, clear, remove};
use rule::Rule;
pub use rule::{Fault, FaultView};

/// Rules that have worn off are forgotten, oldest first, when there are more than this.
const KEPT: usize = 200;

/// A fault that hit something, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Struck {
    /// The rule's number.
    pub rule: u64,
    /// The name of its effect.
    pub effect: &'static str,
}

/// One strike: what happens now, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strike {
    pub effect: Effect,
    pub by: Struck,
    /// When the rule ends, simulated time.
    pub until_ms: Option<i64>,
    /// The rule's seed.
    pub seed: u64,
}

/// All rules.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    list: Vec<Rule>,
    made: u64,
}

impl Faults {
    /// Adds a rule and gives its number.
    pub fn add(&self, fault: Fault, now_ms: i64) -> u64 {
        let mut rules = self.lock();
        rules.made += 1;
        let number = rules.made;
        rules.list.push(Rule::new(number, fault, now_ms));
        if rules.list.len() > KEPT
            && let Some(at) = rules.list.iter().position(|rule| rule.is_over(now_ms))
        {
            rules.list.remove(at);
        }
        number
    }

    /// Removes one rule and gives it back, if there was one.
    pub fn remove(&self, number: u64) -> Option<Fault> {
        let mut rules = self.lock();
        let at = rules.list.iter().position(|rule| rule.number() == number)?;
        Some(rules.list.remove(at).into_fault())
    }

    /// Removes every rule and gives them back.
    pub fn clear(&self) -> Vec<Fault> {
        std::mem::take(&mut self.lock().list).into_iter().map(Rule::into_fault).collect()
    }

    /// Every rule, also those that have worn off.
    pub fn list(&self, now_ms: i64) -> Vec<FaultView> {
        self.lock().list.iter().map(|rule| rule.show(now_ms)).collect()
    }

    /// What strikes at this moment, if anything; counts it.
    pub fn strike(&self, moment: Moment, case: Case<'_>, now_ms: i64) -> Option<Strike> {
        let mut rules = self.lock();
        let fitting = rules.list.iter_mut().filter(|rule| rule.moment() == moment);
        fitting.filter_map(|rule| rule.strike(case, now_ms)).next()
    }

    /// The effects of this moment that hold for the case, without counting: for what is merely told about them.
    pub fn standing(&self, moment: Moment, case: Case<'_>, now_ms: i64) -> Vec<Effect> {
        let rules = self.lock();
        let standing = rules.list.iter().filter(|rule| rule.moment() == moment && rule.holds(case, now_ms));
        standing.map(|rule| rule.effect().clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use baton_messenger::AccountId;

    use super::*;

    const NOW_MS: i64 = 1_791_190_800_000;

    fn hits(faults: &Faults, case: Case<'_>, times: usize) -> Vec<bool> {
        (0..times).map(|_| faults.strike(Moment::Webhook, case, NOW_MS).is_some()).collect()
    }

    #[test]
    fn a_rule_strikes_as_often_as_it_says_and_only_where_it_fits() {
        let faults = Faults::default();
        let (tea, kite) = (AccountId::from("1"), AccountId::from("2"));
        faults.add(
            Fault { page_id: Some(tea.clone()), times: Some(2), ..Fault::always(Effect::WebhookDropped) },
            NOW_MS,
        );
        let on = |page| Case { page: Some(page), ..Case::default() };
        assert_eq!(hits(&faults, on(&kite), 1), [false]);
        assert_eq!(faults.strike(Moment::Echo, on(&tea), NOW_MS), None);
        assert_eq!(hits(&faults, on(&tea), 3), [true, true, false]);
        let shown = &faults.list(NOW_MS)[0];
        assert!(shown.is_over, "a rule that has worn off still tells how often it struck");
        assert_eq!((shown.fitted, shown.struck), (2, 2));
    }

    #[test]
    fn the_first_cases_can_be_let_through() {
        let faults = Faults::default();
        faults.add(Fault { after: 2, ..Fault::once(Effect::WebhookDropped) }, NOW_MS);
        assert_eq!(hits(&faults, Case::default(), 4), [false, false, true, false]);
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let draw = |seed| {
            let faults = Faults::default();
            faults.add(Fault { chance: Some(0.3), seed, ..Fault::always(Effect::WebhookDropped) }, NOW_MS);
            hits(&faults, Case::default(), 1000)
        };
        let first = draw(7);
        assert_eq!(first, draw(7));
        assert_ne!(first, draw(8));
        let share = first.iter().filter(|hit| **hit).count();
        assert!((240..360).contains(&share), "{share} of 1000 at 0.3");
    }

    #[test]
    fn a_rule_ends_when_its_time_is_over() {
        let faults = Faults::default();
        faults.add(Fault { for_ms: Some(60_000), ..Fault::always(Effect::WebhookDropped) }, NOW_MS);
        assert!(faults.strike(Moment::Webhook, Case::default(), NOW_MS + 59_999).is_some());
        assert!(faults.strike(Moment::Webhook, Case::default(), NOW_MS + 60_000).is_none());
        assert!(faults.list(NOW_MS + 60_000)[0].is_over);
    }

    #[test]
    fn one_rule_is_removed_and_the_others_stay() {
        let faults = Faults::default();
        let first = faults.add(Fault::always(Effect::WebhookDropped), NOW_MS);
        let second = faults.add(Fault::always(Effect::EchoNever), NOW_MS);
        assert!(faults.remove(first).is_some());
        assert!(faults.remove(first).is_none());
        assert_eq!(faults.list(NOW_MS)[0].number, second);
    }

    #[test]
    fn worn_off_rules_do_not_pile_up() {
        let faults = Faults::default();
        let stays = faults.add(Fault::always(Effect::EchoNever), NOW_MS);
        for _ in 0..3 * KEPT {
            faults.add(Fault::once(Effect::WebhookDropped), NOW_MS);
            faults.strike(Moment::Webhook, Case::default(), NOW_MS);
        }
        let list = faults.list(NOW_MS);
        assert!(list.len() <= KEPT + 1);
        assert_eq!(list[0].number, stays);
    }
}
