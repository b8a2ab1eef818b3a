//! Threads whose windows shut by time alone: they stand below those that can still be answered, and above all others.

use baton_core::store::{ListFrom, ListQuery, Sort, View};
use baton_protocol::CustomerId;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::{Status, TeamFact};

use crate::builders::*;

const DAY: i64 = 24 * HOUR;
/// A customer who was answered.
const LI: &str = "6200000000000103";

/// Mara waits since nine and Weber since ten; Li was answered at eleven.
fn two_wait() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + HOUR, "w_1", "Hello");
    log.says("messaging", LI, NINE + HOUR, "l_1", "Hello");
    log.echo("messaging", LI, NINE + 2 * HOUR, "l_2", BATON, "Hello Li");
    log
}

/// Customers in the order "needs a reply first", page by page, as it stands after a look at a time.
async fn listed(desk: &Desk, now_ms: i64) -> Vec<String> {
    desk.store.shut_windows(now_ms, 100).await.unwrap();
    in_pages(desk, View::All, Sort::NeedsReply, now_ms).await
}

/// The customers of a view, in pages of one.
async fn in_pages(desk: &Desk, view: View, sort: Sort, now_ms: i64) -> Vec<String> {
    let mut query = ListQuery { view, account: None, sort, from: ListFrom::Top, limit: 1, now_ms };
    let mut listed = Vec::new();
    loop {
        let page = desk.store.thread_list(&query).await.unwrap();
        listed.extend(page.rows.iter().map(|row| row.key.customer.to_string()));
        let Some(next) = page.next else { return listed };
        query.from = ListFrom::After(next);
    }
}

/// How many threads are counted as to be answered.
async fn to_answer(desk: &Desk) -> u64 {
    desk.store.view_counts(ines(), None).await.unwrap().all_waiting
}

#[tokio::test]
async fn who_can_be_answered_stands_above_who_cannot_and_both_above_who_needs_nothing() {
    let desk = Desk::with(&two_wait()).await;
    assert_eq!(listed(&desk, NINE + DAY - 1).await, [MARA, WEBER, LI]);
    assert_eq!(to_answer(&desk).await, 2);
    assert_eq!(desk.store.next_shut_ms().await.unwrap(), Some(NINE + DAY));
    assert_eq!(listed(&desk, NINE + DAY).await, [WEBER, MARA, LI], "Mara's window shut");
    assert_eq!(to_answer(&desk).await, 1);
    assert_eq!(desk.store.next_shut_ms().await.unwrap(), Some(NINE + HOUR + DAY));
    assert_eq!(listed(&desk, NINE + HOUR + DAY).await, [MARA, WEBER, LI], "of both nobody can be answered");
    assert_eq!(desk.store.next_shut_ms().await.unwrap(), None);
    assert_eq!(to_answer(&desk).await, 0, "both wait, and nobody can answer them");
    assert_eq!(desk.store.view_counts(ines(), None).await.unwrap().all, 3);
}

#[tokio::test]
async fn who_can_be_answered_no_more_is_counted_and_listed_apart() {
    let mut log = two_wait();
    let desk = Desk::with(&log).await;
    let too_late = async || desk.store.view_counts(ines(), None).await.unwrap().too_late;
    desk.store.shut_windows(NINE + DAY, 100).await.unwrap();
    assert_eq!((to_answer(&desk).await, too_late().await), (1, 1));
    let now_ms = NINE + HOUR + DAY;
    desk.store.shut_windows(now_ms, 100).await.unwrap();
    assert_eq!((to_answer(&desk).await, too_late().await), (0, 2));
    for sort in [Sort::NeedsReply, Sort::Newest] {
        assert_eq!(
            in_pages(&desk, View::TooLate, sort, now_ms).await,
            [MARA, WEBER],
            "the longest wait first"
        );
    }
    let query = |from| ListQuery {
        view: View::TooLate,
        account: None,
        sort: Sort::NeedsReply,
        from,
        limit: 1,
        now_ms,
    };
    let first = desk.store.thread_list(&query(ListFrom::Top)).await.unwrap();
    let up = desk.store.thread_list(&query(ListFrom::UpTo(first.next.unwrap()))).await.unwrap();
    assert_eq!((up.rows.len(), up.rows[0].id, up.previous), (1, first.rows[0].id, None));

    // Nobody looks for who is done.
    let known = log.entries.len();
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status: Status::Done, by: by_ines() });
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(too_late().await, 1);
    assert_eq!(in_pages(&desk, View::TooLate, Sort::NeedsReply, now_ms).await, [WEBER]);
}

#[tokio::test]
async fn who_writes_again_can_be_answered_again() {
    let mut log = two_wait();
    let desk = Desk::with(&log).await;
    listed(&desk, NINE + DAY).await;
    let known = log.entries.len();
    log.says("messaging", MARA, NINE + DAY + 1, "m_2", "Are you there?");
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(listed(&desk, NINE + DAY + 1).await, [MARA, WEBER, LI]);
    assert_eq!(to_answer(&desk).await, 2);
}

#[tokio::test]
async fn with_late_replies_a_thread_can_be_answered_for_seven_days() {
    let mut log = two_wait();
    let desk = Desk::with(&log).await;
    assert_eq!(listed(&desk, NINE + DAY).await, [WEBER, MARA, LI]);
    let known = log.entries.len();
    log.team(&TeamFact::HumanAgentSet { right: HumanAgentRight::Approved, by: by_ines() });
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(listed(&desk, NINE + DAY).await, [MARA, WEBER, LI]);
    assert_eq!(desk.store.next_shut_ms().await.unwrap(), Some(NINE + 7 * DAY));
    assert_eq!(listed(&desk, NINE + 7 * DAY).await, [WEBER, MARA, LI]);
}

#[tokio::test]
async fn a_clock_that_was_ahead_is_put_right_and_what_changes_besides_keeps_the_place() {
    let mut log = two_wait();
    let desk = Desk::with(&log).await;
    assert_eq!(listed(&desk, NINE + DAY).await, [WEBER, MARA, LI]);
    let known = log.entries.len();
    log.team(&TeamFact::PrioritySet { customer: CustomerId::from(MARA), urgent: true, by: by_ines() });
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(listed(&desk, NINE + DAY).await, [WEBER, MARA, LI]);
    assert_eq!(listed(&desk, NINE).await, [MARA, WEBER, LI]);
}

#[tokio::test]
async fn a_thread_that_is_opened_again_after_its_window_shut_has_its_place_then() {
    let mut log = two_wait();
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status: Status::Done, by: by_ines() });
    let desk = Desk::with(&log).await;
    assert_eq!(listed(&desk, NINE + DAY).await, [WEBER, LI]);
    let known = log.entries.len();
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status: Status::Open, by: by_ines() });
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(listed(&desk, NINE + DAY).await, [WEBER, MARA, LI]);
}

#[tokio::test]
async fn many_shut_in_bounded_steps_and_are_found_by_index() {
    let mut log = Log::connected();
    for number in 0..5 {
        log.says("messaging", &format!("62000000000002{number:02}"), NINE, &format!("m_{number}"), "Hello");
    }
    let desk = Desk::with(&log).await;
    let mut steps = Vec::new();
    for _ in 0..4 {
        steps.push(desk.store.shut_windows(NINE + DAY, 2).await.unwrap().len());
    }
    assert_eq!(steps, [2, 2, 1, 0]);
    let plan = desk.store.explain_shut_windows().await.unwrap();
    let looks = plan.iter().filter(|line| line.contains("INDEX thread_shutting (account=? AND shut=? AND"));
    assert_eq!(looks.count(), 2, "{plan:?}");
    assert!(!plan.iter().any(|line| line.starts_with("SCAN t")), "{plan:?}");
}
