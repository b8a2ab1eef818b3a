//! Lists are pages by key, in one order, from an index.

use baton_core::store::{ListFrom, ListKey, ListQuery, Page, Sort, ThreadId, View};
use baton_protocol::CustomerId;
use baton_protocol::team::{Status, TeamFact};
use rstest::rstest;

use crate::builders::*;

fn query(view: View, sort: Sort, from: ListFrom, limit: u32) -> ListQuery {
    ListQuery { view, account: None, sort, from, limit, now_ms: NINE + 24 * HOUR }
}

/// Twelve customers, some answered, some done.
fn busy() -> Log {
    let mut log = Log::connected();
    for number in 0..12_i64 {
        let customer = format!("62000000000002{number:02}");
        let at_ms = NINE + (number * 7 % 12) * MINUTE;
        log.says("messaging", &customer, at_ms, &format!("m_{number}"), "Hello");
        if number % 3 == 0 {
            log.echo("messaging", &customer, at_ms + 10, &format!("e_{number}"), BATON, "Hi");
        }
        if number % 5 == 4 {
            let customer = CustomerId::from(customer.as_str());
            log.team(&TeamFact::StatusSet { customer, status: Status::Done, by: by_ines() });
        }
    }
    log
}

async fn all_pages(desk: &Desk, view: View, sort: Sort) -> Vec<(bool, Option<i64>, i64)> {
    let (mut from, mut seen) = (ListFrom::Top, Vec::new());
    loop {
        let page = desk.store.thread_list(&query(view, sort, from, 3)).await.unwrap();
        assert!(page.rows.len() <= 3);
        seen.extend(page.rows.iter().map(|row| (row.needs_reply, row.waiting_since_ms, row.last_at_ms)));
        match page.next {
            Some(key) => from = ListFrom::After(key),
            None => return seen,
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let desk = Desk::with(&busy()).await;
    let newest = all_pages(&desk, View::All, Sort::Newest).await;
    assert_eq!(newest.len(), 10);
    assert!(newest.windows(2).all(|pair| pair[0].2 > pair[1].2));
    assert_eq!(all_pages(&desk, View::Done, Sort::Newest).await.len(), 2);
    let whole = desk.store.thread_list(&query(View::All, Sort::Newest, ListFrom::Top, 200)).await.unwrap();
    assert_eq!((whole.rows.len(), whole.next), (10, None));
}

#[tokio::test]
async fn who_needs_a_reply_stands_first_longest_wait_on_top() {
    let desk = Desk::with(&busy()).await;
    let rows = all_pages(&desk, View::All, Sort::NeedsReply).await;
    let waiting: Vec<i64> = rows.iter().filter(|row| row.0).map(|row| row.1.unwrap()).collect();
    assert!(rows.iter().take(waiting.len()).all(|row| row.0), "the waiting come first");
    assert!(waiting.is_sorted());
    let rest: Vec<i64> = rows.iter().skip(waiting.len()).map(|row| row.2).collect();
    assert!(!rest.is_empty() && rest.iter().rev().is_sorted());
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    assert_eq!((counts.all_waiting, counts.all, counts.done), (waiting.len() as u64, 10, 2));
}

#[rstest]
#[case(Sort::Newest)]
#[case(Sort::NeedsReply)]
#[tokio::test]
async fn pages_upwards_are_the_pages_downwards(#[case] sort: Sort) {
    let desk = Desk::with(&busy()).await;
    let page = async |from: ListFrom| desk.store.thread_list(&query(View::All, sort, from, 4)).await.unwrap();
    let threads = |page: &Page| page.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let first = page(ListFrom::Top).await;
    let second = page(ListFrom::After(first.next.unwrap())).await;
    let third = page(ListFrom::After(second.next.unwrap())).await;
    assert_eq!((first.previous, third.previous), (None, second.next));
    let up = page(ListFrom::UpTo(third.previous.unwrap())).await;
    assert_eq!((threads(&up), up.previous, up.next), (threads(&second), second.previous, second.next));
    let top = page(ListFrom::UpTo(up.previous.unwrap())).await;
    assert_eq!((threads(&top), top.previous, top.next), (threads(&first), None, first.next));
}

/// How the database says that the rows of a page are put into one value in their order.
const PUT_TOGETHER: &str = "USE TEMP B-TREE FOR json_group_array(ORDER BY)";

#[rstest]
#[case(View::All, false)]
#[case(View::All, true)]
#[case(View::Unassigned, false)]
#[case(View::Unassigned, true)]
#[case(View::Mine(ines()), false)]
#[case(View::Mine(ines()), true)]
#[case(View::TooLate, false)]
#[case(View::TooLate, true)]
#[case(View::Done, false)]
#[case(View::Done, true)]
#[case(View::Blocked, false)]
#[case(View::Blocked, true)]
#[tokio::test]
async fn a_list_comes_from_an_index_without_sorting(#[case] view: View, #[case] one_account: bool) {
    let desk = Desk::with(&busy()).await;
    let key = ListKey { sort_ms: 0, thread: ThreadId(0) };
    let ways = [ListFrom::Top, ListFrom::UpTo(key)];
    for (sort, from) in
        [Sort::Newest, Sort::NeedsReply].into_iter().flat_map(|sort| ways.map(|from| (sort, from)))
    {
        let account = one_account.then(tea);
        let plan = desk
            .store
            .explain_thread_list(&ListQuery { account, ..query(view, sort, from, 50) })
            .await
            .unwrap();
        let threads = plan.iter().find(|line| line.contains(" t ")).unwrap();
        assert!(threads.starts_with("SEARCH") && threads.contains("USING INDEX thread_"), "{plan:?}");
        // The page itself is put together in its order, and gone through as a whole.
        assert!(plan.iter().all(|line| !line.contains("TEMP B-TREE") || line == PUT_TOGETHER), "{plan:?}");
        assert!(plan.iter().all(|line| !line.starts_with("SCAN") || line == "SCAN t"), "{plan:?}");
        assert!(plan.iter().any(|line| line == "CO-ROUTINE t"), "{plan:?}");
    }
}

#[tokio::test]
async fn a_page_of_a_thread_comes_from_an_index_however_long_the_thread_is() {
    let desk = Desk::with(&busy()).await;
    let plan = desk.store.explain_messages().await.unwrap();
    let page = plan.iter().find(|line| line.contains("message_in_order")).unwrap();
    assert!(page.contains("thread_id=? AND (at_ms,tie,key)<"), "{plan:?}");
    // What is gone through as a whole is the page itself, never a table.
    let scans: Vec<_> = plan.iter().filter(|line| line.starts_with("SCAN")).collect();
    assert!(
        scans.iter().all(|line| matches!(line.as_str(), "SCAN m" | "SCAN s LEFT-JOIN" | "SCAN s")),
        "{plan:?}"
    );
    // What crossed a reply is looked for between two seqs.
    for index in
        ["message_word (thread_id=? AND seq>? AND seq<?)", "team_part_sent (thread_id=? AND settled_seq>?"]
    {
        assert!(plan.iter().any(|line| line.contains(index)), "{index}: {plan:?}");
    }
}
