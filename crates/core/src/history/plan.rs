//! What a steward does next with an account's history. Pure: what is known goes in, one step comes out.
//!
//! ```text
//!                     ┌───────────────────────────── nothing is due ◀─┐
//!                     ▼                                               │
//!   (no pass) ──▶ rest ── due ──▶ begin ──▶ top ──▶ read what the top shows ──▶ list through ──▶ read the rest ──▶ end
//!                                            │ that was all                        ▲      │ page by page     │
//!                                            └─────────────────────────────────────┼──────┼──▶ read ─────────┘
//!                                                                                  └──────┘
//! ```
//!
//! A thread that Meta fails to give is set aside, so that it holds nobody up. Before the pass ends each of those is tried once
//! more, and what fails again is named by the fact that ends it.
//!
//! The newest threads are read before the older ones are even listed, so that what agents look at first is there first.
//! Cursors of a listing die when threads change, so none is stored: after the threads of the top were read, and after a restart,
//! listing begins at the top again. While the program lives only a cursor that Meta refuses is dropped. How much is left is known
//! once everything is listed.

use crate::store::{HistoryPass, HistoryThread};

/// How long after a pass began the next one does, milliseconds of Meta's time.
pub(crate) const EVERY_MS: i64 = 20 * 60_000;
/// How much earlier than the last pass reached a later one begins, milliseconds: threads move while they are listed.
const MARGIN_MS: i64 = 10 * 60_000;

/// A pass may seem to have begun so much later than now, milliseconds.
const NOT_AHEAD_MS: i64 = -60_000;

/// What is known when the next step is chosen.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The pass that is under way.
    pub(crate) pass: Option<HistoryPass>,
    /// The thread of it to read next.
    pub(crate) next: Option<HistoryThread>,
    /// The thread of it that is set aside and is to be tried once more.
    pub(crate) aside: Option<HistoryThread>,
    /// Through which moment an earlier pass reached, whichever desk made it.
    pub(crate) through_ms: Option<i64>,
    /// Somebody has a reason to look now.
    pub(crate) is_wanted: bool,
    /// Meta's time.
    pub(crate) now_ms: i64,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing is due for so long, milliseconds of Meta's time.
    Rest {
        /// How long.
        for_ms: i64,
    },
    /// A pass begins.
    Begin {
        /// Threads that did not change since are left out.
        since_ms: Option<i64>,
    },
    /// One page of threads.
    List {
        /// The cursor of the page before.
        after: Option<String>,
    },
    /// One thread.
    Read(HistoryThread),
    /// The pass ends: everything that had changed before this moment is in the log, but for the threads that are left out.
    End {
        /// The moment.
        through_ms: i64,
    },
}

/// How far the listing of a pass is. Lives no longer than the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The newest threads were not listed yet.
    #[default]
    Top,
    /// They were, and are read.
    TopListed,
    /// The others are listed.
    Through {
        /// The cursor of the last page.
        after: Option<String>,
    },
}

impl Plan {
    /// What to do next.
    pub(crate) fn next(&mut self, known: &Known) -> Step {
        let Some(pass) = &known.pass else {
            *self = Self::Top;
            return begin(known);
        };
        match (pass.is_listed, known.next.as_ref().or(known.aside.as_ref())) {
            (true, Some(thread)) => return Step::Read(thread.clone()),
            (true, None) => return Step::End { through_ms: pass.begun_ms },
            (false, _) => {}
        }
        match (&*self, &known.next) {
            (Self::Top, _) => Step::List { after: None },
            (Self::TopListed, Some(thread)) => Step::Read(thread.clone()),
            (Self::TopListed, None) => {
                *self = Self::Through { after: None };
                Step::List { after: None }
            }
            (Self::Through { after }, _) => Step::List { after: after.clone() },
        }
    }

    /// A page of threads came; this is the cursor of the next one.
    pub(crate) fn listed(&mut self, after: Option<String>) {
        *self = match self {
            Self::Top => Self::TopListed,
            Self::TopListed | Self::Through { .. } => Self::Through { after },
        };
    }

    /// A page of threads was refused: its cursor may be dead.
    pub(crate) fn begin_listing_again(&mut self) {
        if let Self::Through { after } = self {
            *after = None;
        }
    }
}

fn begin(known: &Known) -> Step {
    let Some(through_ms) = known.through_ms else { return Step::Begin { since_ms: None } };
    let since_ms = Some(through_ms.saturating_sub(MARGIN_MS));
    let age_ms = known.now_ms.saturating_sub(through_ms);
    match age_ms {
        // Meta tells whole seconds, so that a moment ago may seem to be ahead; a pass far ahead was made before Meta's
        // clock was moved back.
        NOT_AHEAD_MS..EVERY_MS if !known.is_wanted => Step::Rest { for_ms: EVERY_MS - age_ms.max(0) },
        _ => Step::Begin { since_ms },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const NOW: i64 = 1_791_201_600_000;

    fn thread(n: usize) -> HistoryThread {
        let updated_ms = NOW - i64::try_from(n).unwrap_or(0) * 1_000;
        HistoryThread {
            conversation: format!("t_{n}"),
            customer: None,
            name: None,
            updated_ms,
            is_aside: false,
            is_carried: false,
        }
    }

    fn known(pass: Option<HistoryPass>) -> Known {
        Known { pass, next: None, aside: None, through_ms: None, is_wanted: false, now_ms: NOW }
    }

    fn pass(is_listed: bool) -> HistoryPass {
        let counts = (0, 0, 0);
        HistoryPass {
            begun_ms: NOW,
            since_ms: None,
            is_listed,
            messages: counts.0,
            threads_known: counts.1,
            threads_done: counts.2,
            threads_failing: 0,
        }
    }

    #[rstest]
    #[case::never_read(None, false, Step::Begin { since_ms: None })]
    #[case::just_read(Some(NOW), false, Step::Rest { for_ms: EVERY_MS })]
    #[case::nearly_due(Some(NOW - EVERY_MS + 1), false, Step::Rest { for_ms: 1 })]
    #[case::due(Some(NOW - EVERY_MS), false, Step::Begin { since_ms: Some(NOW - EVERY_MS - MARGIN_MS) })]
    #[case::wanted(Some(NOW - 1), true, Step::Begin { since_ms: Some(NOW - 1 - MARGIN_MS) })]
    #[case::a_grain_ahead(Some(NOW + 1_000), false, Step::Rest { for_ms: EVERY_MS })]
    #[case::in_the_future(
        Some(NOW + 60_001), false, Step::Begin { since_ms: Some(NOW + 60_001 - MARGIN_MS) })]
    fn a_pass_begins_when_it_is_due(
        #[case] through_ms: Option<i64>,
        #[case] is_wanted: bool,
        #[case] step: Step,
    ) {
        let known = Known { through_ms, is_wanted, ..known(None) };
        assert_eq!(Plan::default().next(&known), step);
    }

    /// A steward at a plain Meta with so many threads, as much of it as the plan sees. Stops now and then, and forgets what
    /// lives no longer than the program.
    struct Steward {
        threads: usize,
        a_page: usize,
        plan: Plan,
        pass: Option<HistoryPass>,
        known: BTreeMap<usize, bool>,
        read: Vec<usize>,
        listings: usize,
    }

    impl Steward {
        fn step(&mut self) -> Step {
            let next = self.known.iter().find(|(_, is_done)| !**is_done).map(|(n, _)| thread(*n));
            let known = Known { next, ..known(self.pass) };
            let step = self.plan.next(&known);
            match &step {
                Step::Begin { .. } => self.pass = Some(pass(false)),
                Step::List { after } => {
                    self.listings += 1;
                    let from: usize = after.as_ref().map_or(0, |after| after.parse().unwrap_or(0));
                    let to = (from + self.a_page).min(self.threads);
                    for n in from..to {
                        self.known.entry(n).or_insert(false);
                    }
                    if to == self.threads {
                        self.pass = Some(pass(true));
                    }
                    self.plan.listed((to < self.threads).then(|| to.to_string()));
                }
                Step::Read(thread) => {
                    let n: usize = thread.conversation[2..].parse().unwrap_or(0);
                    self.known.insert(n, true);
                    self.read.push(n);
                }
                Step::Rest { .. } | Step::End { .. } => {}
            }
            step
        }
    }

    proptest! {
        #[test]
        fn every_thread_is_read_once_whenever_the_steward_is_stopped(
            threads in 0usize..60,
            a_page in 1usize..12,
            stops in prop::collection::btree_set(0usize..200, 0..6),
        ) {
            let mut steward = Steward {
                threads, a_page, plan: Plan::default(), pass: None, known: BTreeMap::new(), read: Vec::new(), listings: 0,
            };
            let mut steps = 0;
            loop {
                if stops.contains(&steps) {
                    steward.plan = Plan::default();
                }
                steps += 1;
                prop_assert!(steps < 2_000, "it comes to an end");
                if let Step::End { through_ms } = steward.step() {
                    prop_assert_eq!(through_ms, NOW);
                    break;
                }
            }
            let once: BTreeSet<usize> = steward.read.iter().copied().collect();
            prop_assert_eq!(once.len(), steward.read.len(), "none twice");
            prop_assert_eq!(once, (0..threads).collect::<BTreeSet<usize>>());
        }

        #[test]
        fn the_newest_are_read_before_the_others_are_listed(threads in 1usize..60, a_page in 1usize..12) {
            let mut steward = Steward {
                threads, a_page, plan: Plan::default(), pass: None, known: BTreeMap::new(), read: Vec::new(), listings: 0,
            };
            while steward.read.len() < a_page.min(threads) {
                steward.step();
            }
            prop_assert_eq!(steward.listings, 1);
            prop_assert_eq!(&steward.read, &(0..a_page.min(threads)).collect::<Vec<usize>>());
        }
    }

    #[test]
    fn what_is_set_aside_waits_for_all_the_others_and_the_pass_for_it() {
        let aside = HistoryThread { is_aside: true, ..thread(1) };
        let with =
            |is_listed, next| Known { next, aside: Some(aside.clone()), ..known(Some(pass(is_listed))) };
        let mut plan = Plan::TopListed;
        assert_eq!(plan.next(&with(false, Some(thread(2)))), Step::Read(thread(2)));
        assert_eq!(plan.next(&with(false, None)), Step::List { after: None }, "the others are listed first");
        assert_eq!(plan.next(&with(true, Some(thread(3)))), Step::Read(thread(3)));
        assert_eq!(plan.next(&with(true, None)), Step::Read(aside.clone()));
        assert_eq!(plan.next(&known(Some(pass(true)))), Step::End { through_ms: NOW });
    }

    #[test]
    fn a_dead_cursor_costs_the_listing_and_not_the_pass() {
        let mut plan = Plan::Through { after: Some("7".to_owned()) };
        plan.begin_listing_again();
        assert_eq!(plan.next(&known(Some(pass(false)))), Step::List { after: None });
    }
}
