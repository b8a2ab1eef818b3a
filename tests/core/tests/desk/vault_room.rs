//! The vault's room: which files are given up for it, that no more of them are than must be, and which never are.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use baton_core::desk::{Desk, Press};
use baton_core::media::LEAST_ROOM_BYTES;
use baton_core::store::{MediaFacts, MediaRef, NewMedia, Store};
use serde_json::json;

use crate::builders::*;
use crate::fake_relay::until;
use crate::media::{Scene, medium_in, picture, whole};
use crate::reply_out::{desk_with_maras_thread, press};

const MIB: u64 = 1 << 20;

fn mid(number: u32) -> String {
    format!("m_{number}")
}

/// Names of these files in the vault.
fn hashes(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("{number:064x}")).collect()
}

/// A file of this size lies in the vault, the medium of the message of this number. The higher the number, the later it was
/// said.
async fn lies_there(store: &Store, vault: &Path, number: u32, bytes: u64) {
    let media = format!("{number:064x}");
    // It has its size, and no block of a disk.
    File::create(vault.join(&media)).unwrap().set_len(bytes).unwrap();
    let facts = MediaFacts { mime: "video/mp4".to_owned(), bytes, picture: None, name: None };
    let new = NewMedia { media, thumb: None, facts };
    let medium = medium_in(store, &mid(number)).await;
    let source = store.media_source(medium).await.unwrap();
    assert!(store.keep_media(medium, &source, &new).await.unwrap());
}

/// A desk in whose vault lie so many files, each of this size.
async fn desk_with(scene: &mut Scene, files: u32, bytes: u64) -> Desk {
    // Too old to be fetched unasked.
    scene.clock.advance(Duration::from_secs(4 * 24 * 3_600));
    desk_of_late(scene, files, bytes).await
}

/// The same with files of messages that were said a moment ago.
async fn desk_of_late(scene: &mut Scene, files: u32, bytes: u64) -> Desk {
    for number in 1..=files {
        let name = format!("{number}.png");
        scene.has(&name, &picture(20, number)).await;
        scene.sends("image", &mid(number), &name);
    }
    fs::create_dir_all(scene.vault()).unwrap();
    let store = Store::open(&scene.folder.path().join("desk.sqlite")).await.unwrap();
    store.ingest(&scene.log.entries, log_id()).await.unwrap();
    for number in 1..=files {
        lies_there(&store, &scene.vault(), number, bytes).await;
    }
    store.close().await;
    scene.desk().await
}

#[tokio::test]
async fn the_oldest_files_are_given_up_one_after_the_other_until_the_rest_has_room() {
    let mut scene = Scene::new().await;
    let desk = desk_with(&mut scene, 12, 20 * MIB).await;
    assert_eq!(desk.vault_size().await.unwrap().0, 240 * MIB);
    assert_eq!(scene.kept(), hashes(1..=12), "the usual room is enough");

    // 128 MiB are the least: six files of 20 MiB fit in, seven do not.
    desk.set_vault_room(Some(1)).await.unwrap();
    assert_eq!(desk.vault_size().await.unwrap(), (120 * MIB, LEAST_ROOM_BYTES));
    assert_eq!(scene.kept(), hashes(7..=12));

    // What was given up is fetched again when somebody looks at it, and nothing has to go for so little.
    let first = medium_in(desk.store(), &mid(1)).await;
    assert_eq!(whole(&desk, first).await, picture(20, 1));
    assert_eq!(scene.asked("1.png").await, 1);
    assert!(hashes(7..=12).iter().all(|file| scene.kept().contains(file)), "{:?}", scene.kept());
    desk.shutdown().await;
}

#[tokio::test]
async fn what_was_given_up_comes_by_itself_only_once_there_is_room() {
    let mut scene = Scene::new().await;
    let desk = desk_of_late(&mut scene, 12, 20 * MIB).await;
    desk.set_vault_room(Some(1)).await.unwrap();
    assert_eq!(scene.kept(), hashes(7..=12));
    desk.shutdown().await;

    // A start takes none of it for something that nobody tried.
    let desk = scene.desk().await;
    assert_eq!(desk.store().fresh_media(0, None, 20).await.unwrap(), []);
    assert_eq!(desk.vault_size().await.unwrap(), (120 * MIB, LEAST_ROOM_BYTES));
    for number in 1..=6 {
        assert_eq!(scene.asked(&format!("{number}.png")).await, 0, "{number}");
    }

    desk.set_vault_room(None).await.unwrap();
    until("every file that has room now", async || {
        scene.clock.advance(Duration::from_secs(31));
        for number in 1..=6 {
            if scene.asked(&format!("{number}.png")).await == 0 {
                return None;
            }
        }
        Some(())
    })
    .await;
    assert!(hashes(7..=12).iter().all(|file| scene.kept().contains(file)), "{:?}", scene.kept());
    for number in 1..=6 {
        let medium = medium_in(desk.store(), &mid(number)).await;
        assert_eq!(whole(&desk, medium).await, picture(20, number));
        assert_eq!(scene.asked(&format!("{number}.png")).await, 1, "once, and not again");
    }
    desk.shutdown().await;
}

#[tokio::test]
async fn two_that_make_room_at_the_same_time_give_up_no_more_than_one() {
    let mut scene = Scene::new().await;
    let desk = desk_with(&mut scene, 12, 20 * MIB).await;
    let (one, other) = tokio::join!(desk.set_vault_room(Some(1)), desk.set_vault_room(Some(1)));
    one.unwrap();
    other.unwrap();
    assert_eq!(scene.kept(), hashes(7..=12));
    assert_eq!(desk.vault_size().await.unwrap().0, 120 * MIB);
    desk.shutdown().await;
}

#[tokio::test]
async fn however_little_room_there_is_what_an_agent_sends_stays() {
    let (desk, _relay, folder) = desk_with_maras_thread().await;
    let thread = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
    // A file in the outbox, for Meta is away, and one in the draft.
    let leaving = desk.attach_file(thread, "leaving.png", &picture(60, 50)).await.unwrap();
    let now = press(&desk, thread, "Look:").await;
    desk.send_reply(Press { files: vec![leaving.id], ..now }).await.unwrap();
    let parts = desk.store().parts_of_thread(thread).await.unwrap();
    let leaving = parts.iter().find_map(|part| part.file).unwrap();
    let drafted = desk.attach_file(thread, "drafted.png", &picture(50, 60)).await.unwrap();

    // A file that alone is more than the room, as a desk of other limits may have left it.
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 1_000,
        "message": {"mid": mid(2), "attachments": [
            {"type": "video", "payload": {"url": "https://cdn.invalid/2"}},
        ]},
    });
    log.event("messaging", NINE + 1_000, &event);
    desk.store().ingest(&log.entries, log_id()).await.unwrap();
    let vault = folder.path().join("vault");
    lies_there(desk.store(), &vault, 2, 2 * LEAST_ROOM_BYTES).await;

    desk.set_vault_room(Some(1)).await.unwrap();
    assert_eq!(desk.vault_size().await.unwrap(), (0, LEAST_ROOM_BYTES));
    assert!(!vault.join(&hashes([2])[0]).exists());
    for (file, bytes) in [(leaving, picture(60, 50)), (drafted.id, picture(50, 60))] {
        assert_eq!(whole(&desk, MediaRef::Own(file)).await, bytes);
    }
    desk.shutdown().await;
}
