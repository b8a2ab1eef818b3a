//! Words, and what opens a thread again.

use baton_protocol::team::Actor;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const NOW_MS: i64 = 1_000;

/// A thread that was set so, of an agent or of nobody, to whose customer nobody has answered.
fn set(status: Status, assignee: Option<AgentId>) -> ThreadState {
    let mut thread = ThreadState { turn: Some(Turn::default()), assignee, ..ThreadState::default() };
    let fact = TeamFact::StatusSet { customer: "1".into(), status, by: Actor::Relay };
    thread.apply(5, &fact);
    thread.say(&Said::StatusSet, &AccountFacts::default());
    thread.notice_reopened(NOW_MS);
    thread
}

fn writes(thread: &mut ThreadState) -> Standing {
    thread.say(&Said::Customer(NOW_MS), &AccountFacts::default());
    thread.notice_reopened(NOW_MS);
    thread.standing()
}

#[rstest]
#[case::done(Status::Done, true)]
#[case::asleep(Status::Snoozed { until_ms: NOW_MS + 1 }, true)]
#[case::awake_since(Status::Snoozed { until_ms: NOW_MS }, false)]
#[case::waits_for_them(Status::WaitingOnCustomer, true)]
#[case::in_the_middle_of_a_talk(Status::Open, false)]
fn who_writes_opens_a_thread_again(#[case] status: Status, #[case] is_reopened: bool) {
    let mut thread = set(status.clone(), Some(AgentId::new()));
    let standing = writes(&mut thread);
    assert_eq!((standing.stands, standing.waits_ms), (Stands::Open, Some(NOW_MS)));
    assert_eq!(standing.is_reopened, is_reopened);
    assert_eq!(writes(&mut thread).is_reopened, is_reopened, "until it is decided");
    thread.apply(
        9,
        &TeamFact::Assigned { customer: "1".into(), assignee: None, by: Actor::Relay, reply: None },
    );
    thread.notice_reopened(NOW_MS);
    assert!(!thread.standing().is_reopened);
    assert!(!writes(&mut set(status, None)).is_reopened, "nobody had it");
}

#[test]
fn of_a_blocked_customer_nobody_waits() {
    let mut thread = set(Status::Open, None);
    writes(&mut thread);
    thread.say(&Said::Blocked(true), &AccountFacts::default());
    assert_eq!((thread.standing().stands, thread.standing().waits_ms), (Stands::Blocked, None));
}

proptest! {
    #[test]
    fn two_seqs_answer_for_every_desk(said in prop::collection::vec(0usize..4, 0..60)) {
        let desks = [DeskId::new(), DeskId::new(), DeskId::new()];
        let mut words = Words::default();
        let mut all = Vec::new();
        for (at, who) in said.iter().enumerate() {
            let (seq, by) = (at as u64 + 1, desks.get(*who).copied());
            words.add(seq, by);
            all.push((seq, by));
        }
        for desk in desks {
            let plain = all.iter().filter(|(_, by)| *by != Some(desk)).map(|(seq, _)| *seq).max();
            prop_assert_eq!(words.last_not_of(desk), plain.unwrap_or(0));
        }
        prop_assert_eq!(words.last, all.last().map_or(0, |(seq, _)| *seq));
    }
}
