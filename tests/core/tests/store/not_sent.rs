//! Threads with a reply that was not sent are told of until an agent dealt with it, wherever they stand.

use baton_core::outbox::{Return, State, detail_of, name_of};
use baton_core::store::{PartKey, PartMove, PartStateName, ThreadId};
use baton_messenger::error::GraphError;

use crate::builders::*;
use crate::outbox::{desk_with_mara, reply};

fn refused(aside: bool) -> State {
    State::Refused { error: Box::new(GraphError::default()), aside }
}

fn unknown(looked: bool) -> State {
    State::Unknown { why: "cut".to_owned(), looked, look_failed: false, several_fit: false }
}

/// A part comes to stand so.
async fn stands(desk: &Desk, number: u128, from: PartStateName, state: &State) {
    let detail = Some(detail_of(state).unwrap());
    let change = PartMove { detail, ..PartMove::new(&[from], name_of(state), NINE + 2) };
    let moved = match state {
        State::Returned { .. } => desk.store.return_to_draft(PartKey(part(number)), &change).await,
        _ => desk.store.set_state(PartKey(part(number)), &change).await,
    };
    assert!(moved.unwrap(), "{number} does not stand {from}");
}

async fn not_sent(desk: &Desk) -> Vec<(ThreadId, bool)> {
    let rows = desk.store.not_sent().await.unwrap();
    rows.into_iter().map(|row| (row.thread, row.unsure)).collect()
}

#[tokio::test]
async fn what_was_refused_is_told_of_until_it_was_put_aside_and_its_words_stay() {
    let (mut desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["one"], NINE)).await.unwrap();
    assert_eq!(not_sent(&desk).await, []);
    stands(&desk, 1, PartStateName::Queued, &refused(false)).await;
    assert_eq!(not_sent(&desk).await, [(thread, false)]);
    assert_eq!(desk.row(MARA, NINE).await.outgoing.refused, 1);

    stands(&desk, 1, PartStateName::Refused, &refused(true)).await;
    desk.reopen().await;
    assert_eq!(not_sent(&desk).await, []);
    assert_eq!(desk.row(MARA, NINE).await.outgoing.refused, 0);
    assert_eq!(desk.store.part(part(1)).await.unwrap().unwrap().text, "one");

    stands(&desk, 1, PartStateName::Refused, &refused(false)).await;
    assert_eq!(not_sent(&desk).await, [(thread, false)]);
}

#[tokio::test]
async fn what_nobody_knows_is_told_of_apart_and_once_meta_was_asked_in_vain() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["one"], NINE)).await.unwrap();
    desk.store.insert_reply(&reply(thread, 2, &["two"], NINE + 1)).await.unwrap();
    stands(&desk, 1, PartStateName::Queued, &unknown(false)).await;
    assert_eq!(not_sent(&desk).await, []);
    stands(&desk, 1, PartStateName::Unknown, &unknown(true)).await;
    assert_eq!(not_sent(&desk).await, [(thread, true)]);
    stands(&desk, 2, PartStateName::Queued, &refused(false)).await;
    assert_eq!(not_sent(&desk).await, [(thread, true), (thread, false)]);
    let given_up = State::Abandoned { looked: true, look_failed: false, several_fit: false };
    stands(&desk, 1, PartStateName::Unknown, &given_up).await;
    assert_eq!(not_sent(&desk).await, [(thread, false)]);
}

#[tokio::test]
async fn what_came_back_into_its_draft_is_told_of_until_the_draft_is_gone() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["one"], NINE)).await.unwrap();
    stands(&desk, 1, PartStateName::Queued, &State::Returned { reason: Return::SomeoneWrote }).await;
    assert_eq!(not_sent(&desk).await, [(thread, false)]);
    desk.store.save_draft(thread, "", "one", NINE + 3).await.unwrap();
    assert_eq!(not_sent(&desk).await, []);
    // What an agent takes back is a draft like any other.
    desk.store.insert_reply(&reply(thread, 2, &["two"], NINE)).await.unwrap();
    stands(&desk, 2, PartStateName::Queued, &State::Returned { reason: Return::Taken }).await;
    assert_eq!(not_sent(&desk).await, []);
}
