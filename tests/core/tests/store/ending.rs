//! Threads that need a reply and whose window, late window or control ends within hours have a list of their own, which time
//! alone fills and empties.

use baton_core::store::{ListFrom, ListQuery, SOON_MS, Sort, View};
use baton_protocol::CustomerId;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::{OwnerSeen, OwnerSource, Status, TeamFact};

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

/// Who ends soon after a look at a time, page by page, and how many the counts say.
async fn soon(desk: &Desk, now_ms: i64) -> (Vec<String>, u64) {
    while !desk.store.look_at_ends(now_ms, 1).await.unwrap().is_empty() {}
    let mut query = ListQuery {
        view: View::EndingSoon,
        account: None,
        sort: Sort::Newest,
        from: ListFrom::Top,
        limit: 1,
        now_ms,
    };
    let mut listed = Vec::new();
    loop {
        let page = desk.store.thread_list(&query).await.unwrap();
        listed.extend(page.rows.iter().map(|row| row.key.customer.to_string()));
        let Some(next) = page.next else { break };
        query.from = ListFrom::After(next);
    }
    (listed, desk.store.view_counts(ines(), None).await.unwrap().ending_soon)
}

fn both(customers: &[&str]) -> (Vec<String>, u64) {
    (customers.iter().map(|customer| (*customer).to_owned()).collect(), customers.len() as u64)
}

#[tokio::test]
async fn who_waits_comes_hours_before_the_window_shuts_and_goes_with_it() {
    let desk = Desk::with(&two_wait()).await;
    assert_eq!(soon(&desk, NINE + HOUR).await, both(&[]));
    assert_eq!(desk.store.next_end_ms().await.unwrap(), Some(NINE + DAY - SOON_MS));
    assert_eq!(soon(&desk, NINE + DAY - SOON_MS).await, both(&[MARA]));
    assert_eq!(
        soon(&desk, NINE + HOUR + DAY - SOON_MS).await,
        both(&[MARA, WEBER]),
        "who ends next is first"
    );
    assert_eq!(desk.store.next_end_ms().await.unwrap(), Some(NINE + DAY));
    assert_eq!(soon(&desk, NINE + DAY).await, both(&[WEBER]));
    assert_eq!(soon(&desk, NINE + HOUR + DAY).await, both(&[]));
    assert_eq!(desk.store.next_end_ms().await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_takes_it_off_and_another_word_brings_it_back() {
    let mut log = two_wait();
    let desk = Desk::with(&log).await;
    let now_ms = NINE + DAY - HOUR;
    assert_eq!(soon(&desk, now_ms).await, both(&[MARA, WEBER]));
    let start = log.entries.len();
    log.echo("messaging", MARA, now_ms, "m_2", BATON, "Here it is");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(soon(&desk, now_ms).await, both(&[WEBER]));
    let start = log.entries.len();
    log.says("messaging", MARA, now_ms + MINUTE, "m_3", "Thank you, and the other?");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(soon(&desk, now_ms + MINUTE).await, both(&[WEBER]), "a new window is open");
    assert_eq!(soon(&desk, now_ms + DAY - HOUR).await, both(&[MARA]));
}

#[tokio::test]
async fn control_that_ends_before_the_window_counts_and_a_sleeper_does_not() {
    let mut log = two_wait();
    log.team(&TeamFact::OwnerLearned {
        customer: CustomerId::from(MARA),
        seen: OwnerSeen::Ours,
        source: OwnerSource::Extended,
        at_ms: NINE + MINUTE,
        until_ms: Some(NINE + 10 * HOUR),
        note: None,
        by: by_ines(),
        when_done: false,
    });
    let status = Status::Snoozed { until_ms: NINE + 3 * DAY };
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(WEBER), status, by: by_ines() });
    let desk = Desk::with(&log).await;
    assert_eq!(soon(&desk, NINE + 5 * HOUR).await, both(&[MARA]));
    assert_eq!(soon(&desk, NINE + 10 * HOUR).await, both(&[]), "the window is still far");
    assert_eq!(soon(&desk, NINE + 20 * HOUR).await, both(&[MARA]));
}

#[tokio::test]
async fn with_late_replies_the_late_window_counts_too_from_the_moment_they_are_approved() {
    let mut log = two_wait();
    let desk = Desk::with(&log).await;
    assert_eq!(soon(&desk, NINE + 2 * DAY).await, both(&[]));
    let start = log.entries.len();
    log.team(&TeamFact::HumanAgentSet { right: HumanAgentRight::Approved, by: by_ines() });
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(soon(&desk, NINE + 2 * DAY).await, both(&[]));
    assert_eq!(desk.store.next_end_ms().await.unwrap(), Some(NINE + 7 * DAY - SOON_MS));
    assert_eq!(soon(&desk, NINE + 7 * DAY - HOUR).await, both(&[MARA, WEBER]));
    assert_eq!(soon(&desk, NINE + 7 * DAY + HOUR).await, both(&[]));
}

#[tokio::test]
async fn a_clock_that_was_ahead_is_put_right() {
    let desk = Desk::with(&two_wait()).await;
    assert_eq!(soon(&desk, NINE + 2 * DAY).await, both(&[]));
    assert_eq!(soon(&desk, NINE + DAY - HOUR).await, both(&[MARA, WEBER]));
    assert_eq!(soon(&desk, NINE + HOUR).await, both(&[]));
    assert_eq!(desk.store.next_end_ms().await.unwrap(), Some(NINE + DAY - SOON_MS));
}

#[tokio::test]
async fn what_ends_is_found_by_index() {
    let desk = Desk::with(&two_wait()).await;
    let plan = desk.store.explain_look_at_ends().await.unwrap();
    assert!(plan.iter().all(|line| !line.starts_with("SCAN")), "{plan:?}");
    let looks =
        plan.iter().filter(|line| line.contains("thread_ending (") || line.contains("thread_ended ("));
    assert_eq!(looks.count(), 4, "{plan:?}");
}
