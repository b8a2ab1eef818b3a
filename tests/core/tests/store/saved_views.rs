//! Lists under names: kept on this desk, in the order in which they were made, over a repair too.

use baton_core::store::{SavedViewRow, ViewKept};
use baton_messenger::id::Platform;
use baton_protocol::LabelId;
use uuid::Uuid;

use crate::builders::*;

fn view(number: u128, name: &str) -> SavedViewRow {
    SavedViewRow {
        id: Uuid::from_u128(number),
        name: name.to_owned(),
        view: "mine".to_owned(),
        account: None,
        platform: None,
        label: None,
        sort: "needsReply".to_owned(),
    }
}

async fn names(desk: &Desk) -> Vec<String> {
    desk.store.saved_views().await.unwrap().into_iter().map(|view| view.name).collect()
}

#[tokio::test]
async fn they_keep_their_order_are_renamed_in_place_and_go() {
    let desk = Desk::new().await;
    for (number, name) in [(9, "Late ones"), (3, "VIPs of the tea"), (5, "Instagram")] {
        assert_eq!(desk.store.save_view(&view(number, name), 30).await.unwrap(), ViewKept::Kept);
    }
    assert_eq!(names(&desk).await, ["Late ones", "VIPs of the tea", "Instagram"]);
    let renamed = SavedViewRow {
        account: Some(tea()),
        platform: Some(Platform::Messenger),
        label: Some(LabelId(Uuid::from_u128(1))),
        view: "done".to_owned(),
        sort: "newest".to_owned(),
        ..view(3, "VIPs")
    };
    assert_eq!(desk.store.save_view(&renamed, 30).await.unwrap(), ViewKept::Kept);
    let kept = desk.store.saved_views().await.unwrap();
    assert_eq!(
        (names(&desk).await, &kept[1]),
        (vec!["Late ones".into(), "VIPs".into(), "Instagram".into()], &renamed)
    );
    desk.store.forget_view(Uuid::from_u128(9)).await.unwrap();
    desk.store.forget_view(Uuid::from_u128(9)).await.unwrap();
    assert_eq!(names(&desk).await, ["VIPs", "Instagram"]);
}

#[tokio::test]
async fn there_is_room_for_so_many_and_changing_one_needs_none() {
    let desk = Desk::new().await;
    for (number, name) in [(0, "one"), (1, "two"), (2, "three")] {
        assert_eq!(desk.store.save_view(&view(number, name), 3).await.unwrap(), ViewKept::Kept);
    }
    assert_eq!(desk.store.save_view(&view(7, "one too many"), 3).await.unwrap(), ViewKept::NoRoom);
    assert_eq!(desk.store.save_view(&view(2, "another name"), 3).await.unwrap(), ViewKept::Kept);
    assert_eq!(names(&desk).await, ["one", "two", "another name"]);
}

#[tokio::test]
async fn no_two_go_by_one_name_however_it_is_written() {
    let desk = Desk::new().await;
    for (number, name) in [(1, "Spät dran"), (2, "VIPs")] {
        assert_eq!(desk.store.save_view(&view(number, name), 30).await.unwrap(), ViewKept::Kept);
    }
    // Another letter case, and an accent of its own.
    for name in ["Spät dran", "SPÄT DRAN", "spa\u{308}t dran"] {
        assert_eq!(desk.store.save_view(&view(3, name), 30).await.unwrap(), ViewKept::NameTaken, "{name}");
        assert_eq!(desk.store.save_view(&view(2, name), 30).await.unwrap(), ViewKept::NameTaken, "{name}");
    }
    assert_eq!(names(&desk).await, ["Spät dran", "VIPs"]);
    // One keeps its own name, and may write it in another way.
    let sorted = SavedViewRow { sort: "newest".to_owned(), ..view(1, "spät dran") };
    assert_eq!(desk.store.save_view(&sorted, 30).await.unwrap(), ViewKept::Kept);
    assert_eq!(desk.store.saved_views().await.unwrap()[0], sorted);
}

#[tokio::test]
async fn they_outlive_a_repair_and_go_with_the_account_that_they_name() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.store.save_view(&view(1, "All of mine"), 30).await.unwrap(), ViewKept::Kept);
    let of_tea = SavedViewRow { account: Some(tea()), ..view(2, "Of the tea") };
    assert_eq!(desk.store.save_view(&of_tea, 30).await.unwrap(), ViewKept::Kept);
    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert!(desk.store.repaired().await.unwrap().is_some());
    assert_eq!(names(&desk).await, ["All of mine", "Of the tea"]);
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(names(&desk).await, ["All of mine"]);
}
