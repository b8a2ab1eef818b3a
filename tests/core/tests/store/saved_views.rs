//! Lists under names: kept on this desk, in the order in which they were made, over a repair too.

use baton_core::store::SavedViewRow;
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
        assert!(desk.store.save_view(&view(number, name), 30).await.unwrap());
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
    assert!(desk.store.save_view(&renamed, 30).await.unwrap());
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
    for number in 0..3 {
        assert!(desk.store.save_view(&view(number, "one"), 3).await.unwrap());
    }
    assert!(!desk.store.save_view(&view(7, "one too many"), 3).await.unwrap());
    assert!(desk.store.save_view(&view(2, "another name"), 3).await.unwrap());
    assert_eq!(names(&desk).await, ["one", "one", "another name"]);
}

#[tokio::test]
async fn they_outlive_a_repair_and_go_with_the_account_that_they_name() {
    let mut desk = Desk::new().await;
    desk.store.save_view(&view(1, "All of mine"), 30).await.unwrap();
    let of_tea = SavedViewRow { account: Some(tea()), ..view(2, "Of the tea") };
    desk.store.save_view(&of_tea, 30).await.unwrap();
    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert!(desk.store.repaired().await.unwrap().is_some());
    assert_eq!(names(&desk).await, ["All of mine", "Of the tea"]);
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(names(&desk).await, ["All of mine"]);
}
