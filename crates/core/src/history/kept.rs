//! What is kept of an account's reading while it rests, as long as the program lives: where its listing stands, how fast it
//! is, how often Meta failed in a row, and at which thread. Pure.
//!
//! Where the listing stands stays true whoever was the steward meanwhile. A cursor is a place in Meta's order, in which a
//! thread only moves to the front; what moves after a pass began is the next one's, which goes back to that moment. And what
//! was listed are this desk's own rows: of these, a thread that another steward read meanwhile is read once more and brings
//! nothing new, and of those that are still to be listed the log says which were read.

use baton_graph::{CallError, Unknown};
use baton_protocol::audit::MOST_UNREAD;

use super::page;
use super::plan::Plan;
use super::progress::Speed;
use crate::backoff::Backoff;
use crate::store::HistoryThread;

/// The pause after Meta's first fault, milliseconds of the boot clock.
pub(super) const FIRST_PAUSE_MS: i64 = 1_000;
/// The longest one.
const LONGEST_PAUSE_MS: i64 = 60_000;
/// After so many failures in a row, about a quarter of an hour, a fault that Meta answers with may be about the cursor: it
/// would stay for ever, where listing again only costs calls.
const MANY_FAULTS: u32 = 20;
/// After so many faults at one thread the pass goes on without it; the client of Graph makes each read four times before it
/// gives up. Where it is Meta itself that fails, that sets threads aside which are read when they are tried once more.
const THREAD_FAULTS: u32 = 3;

/// What becomes of a thread that was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is asked for once more.
    TryAgain,
    /// The pass goes on without it.
    Aside,
    /// The same where Meta answers another question about this account: else it is the network, or Meta as a whole.
    AsideWhereMetaAnswers,
}

/// How far the reading of one account is.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) plan: Plan,
    pub(super) speed: Speed,
    /// Meta's faults in a row.
    pub(super) faults: Backoff,
    /// The thread at which Meta failed last, and how often.
    stuck: Option<(String, u32)>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            plan: Plan::default(),
            speed: Speed::default(),
            faults: Backoff::new(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
            stuck: None,
        }
    }
}

impl Kept {
    /// Meta did not give a page of threads. Listing goes on at the same place unless that place is what Meta refuses.
    pub(super) fn was_not_listed(&mut self, error: &CallError) {
        let is_stuck = is_answered(error) && self.faults.failures() >= MANY_FAULTS;
        if page::is_of_the_cursor(error) || is_stuck {
            self.plan.begin_listing_again();
        }
    }

    /// Meta did not give a thread, often enough, or again where it was set aside before. So many are set aside already.
    pub(super) fn failed_at(&mut self, thread: &HistoryThread, error: &CallError, aside: u64) -> Verdict {
        let aside_then = match error {
            error if is_answered(error) => Verdict::Aside,
            CallError::Lost(Unknown::TimedOut | Unknown::CutOff(_)) => Verdict::AsideWhereMetaAnswers,
            _ => return Verdict::TryAgain,
        };
        if thread.is_aside {
            return aside_then;
        }
        let before = self.stuck.take().filter(|(conversation, _)| *conversation == thread.conversation);
        let faults = before.map_or(0, |(_, faults)| faults).saturating_add(1);
        let is_stuck = faults >= THREAD_FAULTS && aside < MOST_UNREAD as u64;
        // It may have been the network: then what was counted so far counts on.
        if !is_stuck || aside_then == Verdict::AsideWhereMetaAnswers {
            self.stuck = Some((thread.conversation.clone(), faults));
        }
        if is_stuck { aside_then } else { Verdict::TryAgain }
    }

    /// Meta gave what it was asked for.
    pub(super) fn was_given(&mut self) {
        self.faults.succeed();
        self.stuck = None;
    }
}

/// Whether Meta answered, and with a fault. A network that is away says nothing of what was asked for.
fn is_answered(error: &CallError) -> bool {
    matches!(error, CallError::Lost(Unknown::Fault(_) | Unknown::Unreadable { .. }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use baton_graph::{Hold, HoldReason, NotBegun};
    use baton_messenger::AccountId;
    use baton_messenger::error::GraphError;
    use rstest::rstest;

    use super::*;
    use crate::history::History;

    fn through() -> Plan {
        Plan::Through { after: Some("7".to_owned()) }
    }

    fn refused(code: i64, subcode: Option<i64>) -> CallError {
        CallError::Meta(Box::new(GraphError { code, subcode, ..GraphError::default() }))
    }

    fn fault() -> CallError {
        CallError::Lost(Unknown::Fault(Box::new(GraphError { code: 2, ..GraphError::default() })))
    }

    fn throttled() -> CallError {
        let error = Box::new(GraphError { code: 80_006, ..GraphError::default() });
        CallError::Throttled { error, retry_after_ms: 9_000 }
    }

    #[rstest]
    #[case::a_faulty_parameter(refused(100, None), true)]
    #[case::what_it_names_is_gone(refused(100, Some(33)), true)]
    #[case::a_code_that_nobody_knows(refused(77_777, None), true)]
    #[case::a_missing_right(refused(200, None), false)]
    #[case::a_dead_token(refused(190, Some(460)), false)]
    #[case::a_limit(throttled(), false)]
    #[case::no_slot(CallError::HeldBack(Hold { for_ms: 9_000, why: HoldReason::Slot }), false)]
    #[case::a_fault(fault(), false)]
    #[case::no_network(CallError::NotBegun(NotBegun::NoConnection("refused".to_owned())), false)]
    #[case::no_answer(CallError::Lost(Unknown::TimedOut), false)]
    fn only_a_refused_cursor_is_dropped(#[case] error: CallError, #[case] is_dropped: bool) {
        let mut kept = Kept { plan: through(), ..Kept::default() };
        kept.was_not_listed(&error);
        let expected = if is_dropped { Plan::Through { after: None } } else { through() };
        assert_eq!(kept.plan, expected);
    }

    #[test]
    fn a_page_that_meta_fails_at_for_long_is_come_to_another_way() {
        let mut kept = Kept { plan: through(), ..Kept::default() };
        for _ in 0..MANY_FAULTS {
            kept.was_not_listed(&fault());
            kept.faults.fail(7);
        }
        kept.was_not_listed(&CallError::Lost(Unknown::TimedOut));
        assert_eq!(kept.plan, through(), "a network that is away says nothing of a cursor");
        kept.was_not_listed(&fault());
        assert_eq!(kept.plan, Plan::Through { after: None });
    }

    fn thread(conversation: &str) -> HistoryThread {
        HistoryThread {
            conversation: conversation.to_owned(),
            customer: None,
            name: None,
            updated_ms: 0,
            is_aside: false,
            is_carried: false,
        }
    }

    #[test]
    fn a_thread_that_meta_fails_at_again_and_again_is_set_aside() {
        let mut kept = Kept::default();
        let (one, other) = (thread("t_1"), thread("t_2"));
        let tries = |kept: &mut Kept, thread: &HistoryThread| {
            (1..=100).find(|_| kept.failed_at(thread, &fault(), 0) == Verdict::Aside).unwrap_or(0)
        };
        assert_eq!(tries(&mut kept, &one), THREAD_FAULTS);
        assert_eq!(tries(&mut kept, &other), THREAD_FAULTS, "each is counted for itself");
        for _ in 0..2 * THREAD_FAULTS {
            assert_eq!(kept.failed_at(&one, &throttled(), 0), Verdict::TryAgain);
        }
        assert_eq!(kept.failed_at(&one, &fault(), 0), Verdict::TryAgain);
        kept.was_given();
        assert_eq!(tries(&mut kept, &one), THREAD_FAULTS);

        let again = HistoryThread { is_aside: true, ..thread("t_1") };
        assert_eq!(kept.failed_at(&again, &fault(), 1), Verdict::Aside, "it had its tries");
        let all = MOST_UNREAD as u64;
        let are_tried = (0..100).all(|_| kept.failed_at(&other, &fault(), all) == Verdict::TryAgain);
        assert!(are_tried, "where so many fail it is Meta");
    }

    #[rstest]
    #[case::no_answer(Unknown::TimedOut)]
    #[case::cut_off(Unknown::CutOff("reset".to_owned()))]
    fn a_thread_without_an_answer_is_set_aside_where_meta_answers_otherwise(#[case] why: Unknown) {
        let (mut kept, one) = (Kept::default(), thread("t_1"));
        let error = CallError::Lost(why);
        for _ in 1..THREAD_FAULTS {
            assert_eq!(kept.failed_at(&one, &error, 0), Verdict::TryAgain);
        }
        for _ in 0..3 {
            let verdict = kept.failed_at(&one, &error, 0);
            assert_eq!(verdict, Verdict::AsideWhereMetaAnswers, "it is asked each time");
        }
        let away = CallError::NotBegun(NotBegun::NoConnection("refused".to_owned()));
        assert_eq!(kept.failed_at(&one, &away, 0), Verdict::TryAgain, "nothing left this machine");
        assert_eq!(
            kept.failed_at(&thread("t_2"), &error, 0),
            Verdict::TryAgain,
            "each is counted for itself"
        );
        let again = HistoryThread { is_aside: true, ..one };
        assert_eq!(kept.failed_at(&again, &error, 1), Verdict::AsideWhereMetaAnswers, "it had its tries");
    }

    #[test]
    fn between_two_stretches_of_work_nothing_is_forgotten() {
        let (history, account) = (History::new(Duration::ZERO), AccountId::from("104500000000011"));
        let mut longest_ms = 0;
        for _ in 0..8 {
            let mut kept = history.take_kept(&account);
            longest_ms = longest_ms.max(kept.faults.fail(0));
            kept.plan = through();
            history.keep(&account, kept);
            // The token died, or the lease is another desk's.
            history.forget(&account);
        }
        assert_eq!(longest_ms, LONGEST_PAUSE_MS / 2, "a Graph that goes on failing is asked less and less");
        let mut kept = history.take_kept(&account);
        assert_eq!((&kept.plan, kept.faults.failures()), (&through(), 8));
        kept.faults.succeed();
        assert!(kept.faults.fail(0) <= FIRST_PAUSE_MS);
        assert_eq!(history.take_kept(&AccountId::from("104500000000022")).plan, Plan::Top);
    }
}
