//! Lists under names: which can be kept, and what is counted of them.

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, DeskError, SavedView, ViewFault};
use baton_core::store::{SavedViewRow, Store};
use baton_messenger::id::Platform;
use uuid::Uuid;

use crate::builders::*;
use crate::fake_relay::NOWHERE;
use crate::silence::desk_at;

fn view(number: u32, name: &str) -> SavedViewRow {
    SavedViewRow {
        id: Uuid::from_u128(number.into()),
        name: name.to_owned(),
        view: "all".to_owned(),
        account: None,
        platform: None,
        label: None,
        sort: "newest".to_owned(),
    }
}

/// A desk of Ines's with one customer who waits.
async fn desk(folder: &std::path::Path) -> Desk {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    store.close().await;
    desk_at(NOWHERE, folder, &TestClock::at(NINE + HOUR)).await
}

fn fault(result: &Result<(), DeskError>) -> Option<ViewFault> {
    match result {
        Err(DeskError::View(fault)) => Some(*fault),
        _ => None,
    }
}

#[tokio::test]
async fn one_needs_a_name_and_there_are_at_most_thirty() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path()).await;
    assert_eq!(fault(&desk.save_view(view(1, "  ")).await), Some(ViewFault::Name));
    let long = "ä".repeat(SavedView::NAME_CHARS + 1);
    assert_eq!(fault(&desk.save_view(view(1, &long)).await), Some(ViewFault::NameTooLong));

    for number in 0..SavedView::MOST {
        desk.save_view(view(number, &format!(" View {number} "))).await.unwrap();
    }
    let taken = desk.save_view(view(SavedView::MOST, " view  3 ")).await;
    assert_eq!(fault(&taken), Some(ViewFault::NameTaken));
    let too_many = desk.save_view(view(SavedView::MOST, "One more")).await;
    assert_eq!(fault(&too_many), Some(ViewFault::TooMany));
    // What is there can still be changed.
    desk.save_view(view(3, "Another name")).await.unwrap();
    let names: Vec<_> = desk.saved_views().await.unwrap().into_iter().map(|one| one.view.name).collect();
    assert_eq!(names.len(), SavedView::MOST as usize);
    assert_eq!((names[2].as_str(), names[3].as_str()), ("View 2", "Another name"));
    desk.forget_view(Uuid::from_u128(3)).await.unwrap();
    desk.save_view(view(SavedView::MOST, "One more")).await.unwrap();
    desk.shutdown().await;
}

#[tokio::test]
async fn what_is_counted_of_one_is_what_its_filters_let_through() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path()).await;
    let of = |number, platform| SavedViewRow { platform, ..view(number, &format!("Of a channel {number}")) };
    for (number, platform) in [(1, None), (2, Some(Platform::Messenger)), (3, Some(Platform::Instagram))] {
        desk.save_view(of(number, platform)).await.unwrap();
    }
    let counted: Vec<_> = desk
        .saved_views()
        .await
        .unwrap()
        .iter()
        .map(|one| (one.counts.all, one.counts.all_waiting))
        .collect();
    assert_eq!(counted, [(1, 1), (1, 1), (0, 0)]);
    desk.shutdown().await;
}
