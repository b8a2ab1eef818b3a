//! Threads that Meta fails to give: set aside within a pass, named by the fact that ends it, and asked for again by the next one.

use baton_core::store::HistoryThread;
use baton_protocol::audit::UnreadThread;
use baton_protocol::team::TeamFact;

use crate::builders::*;

fn listed(conversation: &str, updated_ms: i64) -> HistoryThread {
    HistoryThread {
        conversation: conversation.to_owned(),
        customer: None,
        name: Some("Mara".to_owned()),
        updated_ms,
        is_aside: false,
        is_carried: false,
    }
}

fn read(through_ms: i64, unread: &[UnreadThread]) -> TeamFact {
    TeamFact::HistoryRead { through_ms, unread: unread.to_vec(), desk: desk_of_ines() }
}

/// How many threads of the pass are known, done, and set aside.
async fn counts(desk: &Desk) -> (u64, u64, u64) {
    let pass = desk.store.history_pass(&tea()).await.unwrap().unwrap();
    (pass.threads_known, pass.threads_done, pass.threads_failing)
}

#[tokio::test]
async fn a_thread_that_is_set_aside_holds_nobody_up_and_is_tried_once_more() {
    let desk = Desk::with(&Log::connected()).await;
    let (store, account) = (&desk.store, tea());
    let (failing, other) = (listed("t_1", NINE + MINUTE), listed("t_2", NINE));
    store.begin_history_pass(&account, NINE + HOUR, None).await.unwrap();
    store.history_listed(&account, &[failing.clone(), other.clone()], true).await.unwrap();
    assert_eq!(store.next_history_thread(&account).await.unwrap(), Some(failing.clone()));
    store.set_history_thread_aside(&account, &failing).await.unwrap();
    assert_eq!(counts(&desk).await, (2, 0, 1));
    assert_eq!(store.next_history_thread(&account).await.unwrap(), Some(other.clone()));
    store.history_thread_done(&account, &other, 3).await.unwrap();
    assert_eq!(store.next_history_thread(&account).await.unwrap(), None);

    let again = HistoryThread { is_aside: true, ..failing.clone() };
    assert_eq!(store.next_thread_set_aside(&account).await.unwrap(), Some(again.clone()));
    store.set_history_thread_aside(&account, &again).await.unwrap();
    assert_eq!(store.next_thread_set_aside(&account).await.unwrap(), None, "once more, and no oftener");
    let unread = UnreadThread { conversation: "t_1".to_owned(), updated_ms: NINE + MINUTE };
    assert_eq!(store.unread_threads(&account).await.unwrap(), [unread]);
    assert_eq!(counts(&desk).await, (2, 1, 1));

    store.history_thread_done(&account, &again, 1).await.unwrap();
    assert_eq!(store.unread_threads(&account).await.unwrap(), [], "it was given after all");
    assert_eq!(counts(&desk).await, (2, 2, 0));
}

#[tokio::test]
async fn what_a_pass_left_out_is_in_the_next_one_of_any_desk() {
    let unread = [UnreadThread { conversation: "t_1".to_owned(), updated_ms: NINE }];
    let mut log = Log::connected();
    log.team(&read(NINE + HOUR, &unread));
    // One that came late says nothing of the newer pass.
    log.team(&read(NINE, &[]));
    let desk = Desk::with(&log).await;
    let (store, account) = (&desk.store, tea());
    let row = store.account(&account).await.unwrap().unwrap();
    assert_eq!((row.history_through_ms, row.history_unread.as_slice()), (Some(NINE + HOUR), &unread[..]));

    store.begin_history_pass(&account, NINE + 2 * HOUR, Some(NINE + HOUR)).await.unwrap();
    let carried = HistoryThread { name: None, is_aside: true, is_carried: true, ..listed("t_1", NINE) };
    assert_eq!(store.next_history_thread(&account).await.unwrap(), None, "the others come first");
    assert_eq!(store.next_thread_set_aside(&account).await.unwrap(), Some(carried));
    assert_eq!(counts(&desk).await, (1, 0, 1));

    // Its customer wrote since: it is as good as any other, and still to be read to its end.
    let changed = listed("t_1", NINE + 2 * HOUR);
    store.history_listed(&account, std::slice::from_ref(&changed), true).await.unwrap();
    let next = HistoryThread { is_carried: true, ..changed };
    assert_eq!(store.next_history_thread(&account).await.unwrap(), Some(next.clone()));
    store.history_thread_done(&account, &next, 1).await.unwrap();
    assert_eq!(store.unread_threads(&account).await.unwrap(), []);

    log.team(&read(NINE + 2 * HOUR, &[]));
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    let row = store.account(&account).await.unwrap().unwrap();
    assert_eq!((row.history_through_ms, row.history_unread), (Some(NINE + 2 * HOUR), Vec::new()));
    store.begin_history_pass(&account, NINE + 3 * HOUR, Some(NINE + 2 * HOUR)).await.unwrap();
    assert_eq!(counts(&desk).await, (0, 0, 0));
}
