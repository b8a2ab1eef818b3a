//! Stories of a queue.

use rstest::rstest;
use uuid::Uuid;

use super::*;

pub(super) fn agent(number: u8) -> AgentId {
    AgentId(Uuid::from_u128(u128::from(number)))
}

pub(super) fn customer(number: u16) -> CustomerId {
    CustomerId::from(format!("62{number:04}"))
}

pub(super) fn waits(version: u64, since_ms: i64) -> Standing {
    Standing {
        version,
        assignee: None,
        stands: Stands::Open,
        waits_ms: Some(since_ms),
        word_ms: Some(since_ms),
        wakes_ms: None,
        is_reopened: false,
    }
}

fn of(number: u8) -> Standing {
    Standing { assignee: Some(agent(number)), ..waits(7, 1) }
}

fn round_robin(limit: u32) -> QueueRules {
    QueueRules { assign: AssignBy::RoundRobin, limit, ..QueueRules::default() }
}

fn online(numbers: &[u8]) -> Event {
    Event::There(numbers.iter().map(|number| (agent(*number), PresenceState::Online)).collect())
}

/// A queue with three members of whom nobody is there.
fn queue(rules: QueueRules) -> Queue {
    let mut queue = Queue::default();
    let members = [1, 2, 3].map(agent).into_iter().collect();
    assert_eq!(
        queue.step([Event::Rules(rules), Event::Members(members), Event::Settled, Event::Time(100)]),
        []
    );
    queue
}

fn to(moves: &[Move]) -> Vec<(CustomerId, To)> {
    moves.iter().map(|moved| (moved.customer.clone(), moved.to)).collect()
}

#[test]
fn the_longest_wait_goes_first_and_turns_go_round() {
    let mut queue = queue(round_robin(20));
    for (number, since_ms) in [(1, 30), (2, 10), (3, 20), (4, 40)] {
        assert_eq!(queue.step([Event::Stands(customer(number), waits(5, since_ms))]), []);
    }
    let moves = queue.step([online(&[1, 3])]);
    assert_eq!(
        to(&moves),
        [
            (customer(2), To::Agent(agent(1))),
            (customer(3), To::Agent(agent(3))),
            (customer(1), To::Agent(agent(1))),
            (customer(4), To::Agent(agent(3))),
        ]
    );
    assert!(moves.iter().all(|moved| moved.version == 5));
    // Whoever comes now is next after the one who got the last.
    assert_eq!(queue.step([online(&[1, 2, 3])]), []);
    let moves = queue.step([Event::Stands(customer(5), waits(6, 50))]);
    assert_eq!(to(&moves), [(customer(5), To::Agent(agent(1)))]);
    let moves = queue.step([Event::Stands(customer(6), waits(6, 60))]);
    assert_eq!(to(&moves), [(customer(6), To::Agent(agent(2)))]);
}

#[rstest]
#[case::away(PresenceState::Away)]
#[case::transfers_only(PresenceState::TransfersOnly)]
#[case::offline(PresenceState::Offline)]
#[case::of_a_newer_version(PresenceState::Unknown)]
fn nothing_new_to_who_is(#[case] state: PresenceState) {
    let mut queue = queue(round_robin(20));
    let there = [1, 2, 3].map(|number| (agent(number), state)).into_iter().collect();
    assert_eq!(queue.step([Event::There(there), Event::Stands(customer(1), waits(5, 10))]), []);
    assert_eq!(to(&queue.step([online(&[2])])), [(customer(1), To::Agent(agent(2)))]);
}

#[test]
fn an_agent_gets_as_many_as_the_limit_and_what_they_claimed_counts() {
    let mut queue = queue(round_robin(2));
    assert_eq!(queue.step([online(&[1]), Event::Stands(customer(1), of(1))]), []);
    assert_eq!(queue.step([Event::Stands(customer(2), waits(5, 10))]).len(), 1);
    assert_eq!(queue.step([Event::Stands(customer(3), waits(5, 20))]), [], "full");
    // One is done: there is room.
    let done = Standing { stands: Stands::Done, ..of(1) };
    let moves = queue.step([Event::Stands(customer(1), done)]);
    assert_eq!(to(&moves), [(customer(3), To::Agent(agent(1)))]);
    // Another limit.
    assert_eq!(queue.step([Event::Stands(customer(4), waits(5, 30))]), []);
    assert_eq!(queue.step([Event::Rules(round_robin(3))]).len(), 1);
}

/// The rule that the board goes by too: the machine gives somebody one more exactly when what they have does not count.
#[rstest]
#[case::open(Stands::Open, None, Some(Status::Open))]
#[case::waits_on_the_customer(Stands::Waiting, None, Some(Status::WaitingOnCustomer))]
#[case::asleep(Stands::Asleep, Some(200), Some(Status::Snoozed { until_ms: 200 }))]
#[case::woken(Stands::Asleep, Some(100), Some(Status::Open))]
#[case::done(Stands::Done, None, Some(Status::Done))]
#[case::kept_away(Stands::Blocked, None, None)]
fn what_counts_for_the_limit(
    #[case] stands: Stands,
    #[case] wakes_ms: Option<i64>,
    #[case] status: Option<Status>,
) {
    let standing = Standing { stands, wakes_ms, ..of(1) };
    assert_eq!(standing.status_at(100), status);
    let mut queue = queue(round_robin(1));
    assert_eq!(queue.step([online(&[1]), Event::Stands(customer(1), standing)]), []);
    let moves = queue.step([Event::Stands(customer(2), waits(5, 10))]);
    let is_counted = status.as_ref().is_some_and(counts);
    assert_eq!(moves.is_empty(), is_counted, "somebody with a limit of one has it already");
}

#[test]
fn whoever_lost_their_role_gets_nothing() {
    let mut queue = queue(round_robin(20));
    assert_eq!(queue.step([online(&[1]), Event::Members([agent(2)].into())]), []);
    assert_eq!(queue.step([Event::Stands(customer(1), waits(5, 10))]), []);
}

#[test]
fn where_agents_claim_nothing_is_given_out() {
    let mut queue = queue(QueueRules::default());
    assert_eq!(queue.step([online(&[1]), Event::Stands(customer(1), waits(5, 10))]), []);
    assert_eq!(queue.step([Event::Rules(round_robin(20))]).len(), 1);
}

#[test]
fn what_is_not_ours_to_answer_is_in_no_queue() {
    let mut queue = queue(round_robin(20));
    let held_elsewhere = Standing { waits_ms: None, ..waits(5, 10) };
    let blocked = Standing { stands: Stands::Blocked, ..waits(5, 10) };
    let answered = Standing { stands: Stands::Waiting, ..waits(5, 10) };
    assert_eq!(queue.step([online(&[1])]), []);
    for standing in [held_elsewhere, blocked, answered] {
        assert_eq!(queue.step([Event::Stands(customer(1), standing)]), []);
    }
}

#[test]
fn a_sleep_ends_by_time() {
    let mut queue = queue(round_robin(20));
    let asleep = Standing { stands: Stands::Asleep, wakes_ms: Some(200), ..waits(5, 10) };
    assert_eq!(queue.step([online(&[1]), Event::Stands(customer(1), asleep)]), []);
    assert_eq!(queue.wakes_ms(), Some(200));
    assert_eq!(queue.step([Event::Time(199)]), []);
    assert_eq!(to(&queue.step([Event::Time(200)])), [(customer(1), To::Agent(agent(1)))]);
    assert_eq!(queue.wakes_ms(), None);
}

#[test]
fn what_nobody_may_answer_any_more_is_in_nobodys_way() {
    let mut queue = queue(round_robin(20));
    let late = Standing { word_ms: Some(10), ..waits(5, 10) };
    let events =
        [Event::Answerable(90), Event::Stands(customer(1), late), Event::Stands(customer(2), waits(5, 20))];
    assert_eq!(queue.step(events), []);
    // By then the second is too late as well; the third is not.
    assert_eq!(queue.step([Event::Time(110), Event::Stands(customer(3), waits(5, 30))]), []);
    assert_eq!(to(&queue.step([online(&[1])])), [(customer(3), To::Agent(agent(1)))]);
    // The customer writes again, or late replies are approved.
    let again = Standing { word_ms: Some(110), ..waits(5, 20) };
    assert_eq!(to(&queue.step([Event::Stands(customer(2), again)])), [(customer(2), To::Agent(agent(1)))]);
    assert_eq!(to(&queue.step([Event::Answerable(500)])), [(customer(1), To::Agent(agent(1)))]);
}

#[rstest]
#[case::online(&[1], QueueRules::default(), To::Stay)]
#[case::offline(&[2], QueueRules::default(), To::Queue)]
#[case::not_by_the_rules(&[1], QueueRules { reopen_to_last: false, ..QueueRules::default() }, To::Queue)]
#[case::at_the_limit(&[1], QueueRules { limit: 2, ..QueueRules::default() }, To::Stay)]
#[case::full(&[1], QueueRules { limit: 1, ..QueueRules::default() }, To::Queue)]
fn what_is_opened_again(#[case] there: &[u8], #[case] rules: QueueRules, #[case] goes: To) {
    let mut queue = queue(rules);
    let reopened = Standing { is_reopened: true, ..of(1) };
    assert_eq!(queue.step([online(there), Event::Stands(customer(9), of(1))]), []);
    let moves = queue.step([Event::Stands(customer(1), reopened)]);
    assert_eq!(moves, [Move { customer: customer(1), version: 7, to: goes }]);
    assert_eq!(queue.step([Event::Time(101)]), [], "it is decided once");
}

#[test]
fn what_goes_to_the_queue_is_given_out_once_that_stands_in_the_log() {
    let mut queue = queue(round_robin(20));
    let reopened = Standing { is_reopened: true, ..of(1) };
    let moves = queue.step([online(&[2]), Event::Stands(customer(1), reopened)]);
    assert_eq!(to(&moves), [(customer(1), To::Queue)]);
    let moves = queue.step([Event::Stands(customer(1), waits(8, 10))]);
    assert_eq!(moves, [Move { customer: customer(1), version: 8, to: To::Agent(agent(2)) }]);
}

#[test]
fn nothing_is_decided_before_desks_have_come_back() {
    let mut queue = Queue::after(Some(agent(1)));
    let reopened = Standing { is_reopened: true, ..of(3) };
    let events = [
        Event::Rules(round_robin(20)),
        Event::Members([1, 2, 3].map(agent).into()),
        Event::Stands(customer(1), waits(5, 10)),
        Event::Stands(customer(2), reopened),
        online(&[1, 2]),
    ];
    assert_eq!(queue.step(events), []);
    let moves = queue.step([Event::Settled]);
    assert_eq!(
        to(&moves),
        [(customer(2), To::Queue), (customer(1), To::Agent(agent(2)))],
        "the turn goes on"
    );
}

#[test]
fn a_move_that_came_too_late_is_taken_back_by_how_the_thread_stands() {
    let mut queue = queue(round_robin(1));
    assert_eq!(queue.step([online(&[1]), Event::Stands(customer(1), waits(5, 10))]).len(), 1);
    // Another one claimed it meanwhile, so there is room again.
    let moves = queue.step([Event::Stands(customer(1), of(2)), Event::Stands(customer(2), waits(5, 20))]);
    assert_eq!(to(&moves), [(customer(2), To::Agent(agent(1)))]);
}
