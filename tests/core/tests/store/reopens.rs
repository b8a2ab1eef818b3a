//! A customer who writes opens what was done or asleep again, where the thread is ours, idle or unmanaged; while another app
//! holds it nothing opens until it comes to us.

use baton_core::store::{ListFrom, ListQuery, Sort, View};
use baton_protocol::account::{QueueRules, RoutingMode};
use baton_protocol::team::{OwnerSeen, OwnerSource, Status, TeamFact};
use baton_protocol::{AppId, CustomerId};
use rstest::rstest;

use crate::builders::*;

fn status(status: Status) -> TeamFact {
    TeamFact::StatusSet { customer: CustomerId::from(MARA), status, by: by_ines() }
}

fn to_the_bot(at_ms: i64) -> TeamFact {
    learned(OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }, OwnerSource::Passed, at_ms)
}

/// Mara wrote to us at nine, and somebody set the thread so.
fn set(to: Status) -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&status(to));
    log
}

/// Where the thread stands once all of it came, and the same when it came backwards.
async fn stands(log: &Log, now_ms: i64) -> Status {
    let desk = Desk::with(log).await;
    let backwards = Desk::new().await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    let (one, other) = (desk.store.canonical_export().await, backwards.store.canonical_export().await);
    assert_eq!(one.unwrap(), other.unwrap());
    desk.row(MARA, now_ms).await.status
}

#[rstest]
#[case::done(Status::Done)]
#[case::asleep(Status::Snoozed { until_ms: NINE + 48 * HOUR })]
#[case::waiting(Status::WaitingOnCustomer)]
#[tokio::test]
async fn whoever_hears_the_customer_decides(#[case] set_to: Status) {
    let at = |minutes: i64| NINE + minutes * MINUTE;
    let mut log = set(set_to.clone());
    log.team(&to_the_bot(at(5)));
    log.says("standby", MARA, at(6), "m_2", "And my parcel?");
    assert_eq!(stands(&log, at(7)).await, set_to, "the bot answers");

    let mut taken = set(set_to.clone());
    taken.team(&to_the_bot(at(5)));
    taken.says("standby", MARA, at(6), "m_2", "And my parcel?");
    taken.team(&learned(OwnerSeen::Ours, OwnerSource::Took, at(8)));
    assert_eq!(stands(&taken, at(9)).await, Status::Open, "it came to us");
    // What is open stays so, whoever gets the thread then.
    taken.team(&to_the_bot(at(10)));
    assert_eq!(stands(&taken, at(11)).await, Status::Open);

    log.pass(MARA, at(8), Some(TEABOT), BATON, "asks for a person");
    assert_eq!(stands(&log, at(9)).await, Status::Open, "the bot passed it on");

    let mut ours = set(set_to);
    ours.says("messaging", MARA, at(6), "m_2", "And my parcel?");
    assert_eq!(stands(&ours, at(7)).await, Status::Open);
}

#[tokio::test]
async fn an_idle_thread_whose_customer_goes_to_the_bot_stays_done_and_one_without_a_bot_opens() {
    let mut log = set(Status::Done);
    log.team(&learned(OwnerSeen::Idle, OwnerSource::Released, NINE + MINUTE));
    log.says("standby", MARA, NINE + 5 * MINUTE, "m_2", "Again me");
    assert_eq!(stands(&log, NINE + HOUR).await, Status::Done);

    let mut log = Log::new();
    log.connect(RoutingMode::Off);
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&status(Status::Done));
    log.says("messaging", MARA, NINE + 5 * MINUTE, "m_2", "Again me");
    assert_eq!(stands(&log, NINE + HOUR).await, Status::Open, "nobody routes there");
}

#[tokio::test]
async fn what_was_written_before_it_was_done_opens_nothing_and_a_reaction_neither() {
    let mut log = set(Status::Done);
    let event = serde_json::json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + HOUR,
        "reaction": {"mid": "m_1", "action": "react", "reaction": "love", "emoji": "\u{2764}"},
    });
    log.event("messaging", NINE + HOUR, &event);
    assert_eq!(stands(&log, NINE + HOUR).await, Status::Done);
}

/// Mara puts a heart under a message, or takes it away.
fn reacts(log: &mut Log, list: &str, at_ms: i64, mid: &str, on: bool) {
    let action = if on { "react" } else { "unreact" };
    let event = serde_json::json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
        "reaction": {"mid": mid, "action": action, "reaction": "love", "emoji": "\u{2764}"},
    });
    log.event(list, at_ms, &event);
}

fn queue(reaction_reopens: bool) -> TeamFact {
    TeamFact::QueueSet { rules: QueueRules { reaction_reopens, ..QueueRules::default() }, by: by_ines() }
}

#[tokio::test]
async fn a_reaction_opens_a_thread_where_the_rules_of_its_moment_say_so() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&queue(true));
    log.team(&status(Status::Done));
    let before = log.entries.len();
    assert_eq!(stands(&log, NINE + HOUR).await, Status::Done, "nobody reacted since");
    reacts(&mut log, "messaging", NINE + HOUR, "m_1", true);
    assert_eq!(stands(&log, NINE + HOUR).await, Status::Open);
    let row = Desk::with(&log).await.row(MARA, NINE + HOUR).await;
    assert_eq!((row.status, row.waiting_since_ms), (Status::Open, Some(NINE)), "she waits since she wrote");

    // What is chosen later changes nothing of before, either way.
    log.team(&queue(false));
    assert_eq!(stands(&log, NINE + HOUR).await, Status::Open);
    log.team(&status(Status::Done));
    reacts(&mut log, "messaging", NINE + 2 * HOUR, "m_1", true);
    assert_eq!(stands(&log, NINE + 2 * HOUR).await, Status::Done);
    log.team(&queue(true));
    assert_eq!(stands(&log, NINE + 2 * HOUR).await, Status::Done);

    // One that was taken back has opened what it opened, as a message does.
    log.entries.truncate(before);
    reacts(&mut log, "messaging", NINE + HOUR, "m_1", true);
    reacts(&mut log, "messaging", NINE + 2 * HOUR, "m_1", false);
    assert_eq!(stands(&log, NINE + 2 * HOUR).await, Status::Open);
}

#[tokio::test]
async fn a_reaction_that_another_app_hears_opens_nothing_until_the_thread_comes_to_us() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&queue(true));
    log.team(&status(Status::Done));
    log.team(&to_the_bot(NINE + MINUTE));
    reacts(&mut log, "standby", NINE + 5 * MINUTE, "m_1", true);
    assert_eq!(stands(&log, NINE + 6 * MINUTE).await, Status::Done);
    log.pass(MARA, NINE + 8 * MINUTE, Some(TEABOT), BATON, "asks for a person");
    assert_eq!(stands(&log, NINE + 9 * MINUTE).await, Status::Open);
}

#[tokio::test]
async fn what_the_lists_hold_follows() {
    let mut log = set(Status::Snoozed { until_ms: NINE + 48 * HOUR });
    log.team(&to_the_bot(NINE + 5 * MINUTE));
    let desk = Desk::with(&log).await;
    let counts = async || {
        let counts = desk.store.view_counts(ines(), None).await.unwrap();
        (counts.snoozed, counts.all, counts.all_waiting, counts.done)
    };
    assert_eq!(counts().await, (1, 0, 0, 0));
    let start = log.entries.len();
    log.says("standby", MARA, NINE + 6 * MINUTE, "m_2", "And my parcel?");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(counts().await, (1, 0, 0, 0), "the bot has it");
    assert_eq!(desk.store.next_wake_ms().await.unwrap(), Some(NINE + 48 * HOUR));

    let start = log.entries.len();
    log.pass(MARA, NINE + 8 * MINUTE, Some(TEABOT), BATON, "asks for a person");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(counts().await, (0, 1, 1, 0));
    assert_eq!(desk.store.next_wake_ms().await.unwrap(), None);
}

#[tokio::test]
async fn sleepers_have_a_list_of_their_own_who_wakes_next_first() {
    let mut log = Log::connected();
    for (number, hours) in [(0, 5), (1, 2), (2, 9), (3, 2)] {
        let customer = format!("62000000000002{number:02}");
        log.says("messaging", &customer, NINE, &format!("m_{number}"), "Hello");
        let (customer, status) =
            (CustomerId::from(customer.as_str()), Status::Snoozed { until_ms: NINE + hours * HOUR });
        log.team(&TeamFact::StatusSet { customer, status, by: by_ines() });
    }
    let desk = Desk::with(&log).await;
    let (mut from, mut listed) = (ListFrom::Top, Vec::new());
    let query = |from| ListQuery {
        view: View::Snoozed,
        account: None,
        sort: Sort::Newest,
        from,
        limit: 3,
        now_ms: NINE,
    };
    loop {
        let page = desk.store.thread_list(&query(from)).await.unwrap();
        listed.extend(page.rows.iter().map(|row| row.id.0 - 1));
        let Some(next) = page.next else { break };
        from = ListFrom::After(next);
        let up = desk.store.thread_list(&query(ListFrom::UpTo(next))).await.unwrap();
        assert_eq!(up.rows.iter().map(|row| row.id.0 - 1).collect::<Vec<_>>(), listed);
    }
    assert_eq!(listed, [1, 3, 0, 2]);
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    assert_eq!((counts.snoozed, counts.all, counts.unassigned), (4, 0, 0));

    desk.store.wake_sleepers(NINE + 2 * HOUR, 10).await.unwrap();
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    assert_eq!((counts.snoozed, counts.all, counts.unassigned, counts.all_waiting), (2, 2, 2, 2));
}
