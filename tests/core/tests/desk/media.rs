//! Files of messages: fetched while their links live, kept once, shown as what they are, and gone when their message is.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, DeskConfig, MediaSize, Span};
use baton_core::keys::MemoryKeyStore;
use baton_core::media::MediaError;
use baton_core::store::{AttachmentPlace, MediaRef, Store, StoreError};
use baton_graph::GraphConfig;
use baton_protocol::CustomerId;
use baton_protocol::team::TeamFact;
use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::builders::*;
use crate::fake_relay::until;
use crate::soundness::spoil;

/// A picture of this shape; its content follows from it, and no two have a stretch of bytes in common.
pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut noise = fastrand::Rng::with_seed(u64::from(width * 10_000 + height));
    let noise: Vec<u8> = (0..width * height * 3).map(|_| noise.u8(..)).collect();
    let colour = |x: u32, y: u32| {
        let at = ((y * width + x) * 3) as usize;
        image::Rgb([noise[at], noise[at + 1], noise[at + 2]])
    };
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, colour));
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Meta's file server, and the log of what customers sent.
pub struct Scene {
    meta: MockServer,
    pub log: Log,
    pub folder: tempfile::TempDir,
    pub clock: TestClock,
}

impl Scene {
    pub async fn new() -> Self {
        let (meta, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
        Self { meta, log: Log::connected(), folder, clock: TestClock::at(NINE + MINUTE) }
    }

    async fn serves(&self, name: &str, answer: ResponseTemplate) {
        let file = Mock::given(method("GET")).and(path(format!("/{name}")));
        file.respond_with(answer).mount(&self.meta).await;
    }

    /// Serves these bytes, whatever the header says of them.
    pub async fn has(&self, name: &str, bytes: &[u8]) {
        self.serves(name, ResponseTemplate::new(200).set_body_raw(bytes, "image/png")).await;
    }

    /// The customer sends what lies under this name.
    pub fn sends(&mut self, kind: &str, mid: &str, name: &str) {
        let url = format!("{}/{name}", self.meta.uri());
        self.sends_all(mid, &json!([{"type": kind, "payload": {"url": url}}]));
    }

    fn sends_all(&mut self, mid: &str, attachments: &Value) {
        let at_ms = NINE + self.log.entries.len() as i64 * 1_000;
        let event = json!({
            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
            "message": {"mid": mid, "attachments": attachments},
        });
        self.log.event("messaging", at_ms, &event);
    }

    fn takes_back(&mut self, mid: &str) {
        let at_ms = NINE + self.log.entries.len() as i64 * 1_000;
        let event = json!({
            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
            "message": {"mid": mid, "is_deleted": true},
        });
        self.log.event_of("instagram", TEA, "messaging", at_ms, &event);
    }

    /// A run of the desk that has read the log as it is now.
    pub async fn desk(&self) -> Desk {
        let store = Store::open(&self.folder.path().join("desk.sqlite")).await.unwrap();
        store.ingest(&self.log.entries, log_id()).await.unwrap();
        store.close().await;
        let config = DeskConfig {
            data_dir: self.folder.path().to_owned(),
            clock: Arc::new(self.clock.clone()),
            keys: Arc::new(MemoryKeyStore::default()),
            graph: GraphConfig::at(&self.meta.uri()).unwrap(),
            desk_name: "Ines's laptop".to_owned(),
            history_after: std::time::Duration::MAX,
        };
        Desk::open(config).await.unwrap()
    }

    pub fn vault(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    /// Names in the vault, the folder for copies aside.
    pub fn kept(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.vault()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name != "outside").collect();
        names.sort();
        names
    }

    pub async fn asked(&self, name: &str) -> usize {
        let asked = self.meta.received_requests().await.unwrap();
        asked.iter().filter(|request| request.url.path() == format!("/{name}")).count()
    }

    /// Whether any file of the desk holds these bytes.
    fn is_on_disk(&self, bytes: &[u8]) -> bool {
        files(self.folder.path()).iter().any(|file| {
            std::fs::read(file).unwrap_or_default().windows(bytes.len()).any(|window| window == bytes)
        })
    }
}

/// Bytes out of the middle of a file, which no other file has.
fn stretch(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.len() / 2..][..64]
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The first medium of a message.
async fn medium(desk: &Desk, mid: &str) -> MediaRef {
    medium_in(desk.store(), mid).await
}

/// The same while no desk runs.
pub async fn medium_in(store: &Store, mid: &str) -> MediaRef {
    let thread = store.thread_id(&key(MARA)).await.unwrap().unwrap();
    let messages = store.messages(thread, None, 200).await.unwrap();
    let message = messages.iter().find(|message| message.place.key == mid).unwrap();
    MediaRef::Attachment(AttachmentPlace { message: message.number, idx: 0 })
}

pub async fn whole(desk: &Desk, medium: MediaRef) -> Vec<u8> {
    desk.media_piece(medium, MediaSize::Whole, None).await.unwrap().bytes
}

#[tokio::test]
async fn a_picture_is_fetched_as_it_arrives_once_and_made_small() {
    let mut scene = Scene::new().await;
    let bytes = picture(1200, 900);
    scene.has("cup.png", &bytes).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    until("the file and its small picture", async || (scene.kept().len() == 2).then_some(())).await;

    let cup = medium(&desk, "m_1").await;
    let held = desk.media(cup).await.unwrap();
    let shape = held.facts.picture.unwrap();
    assert_eq!((shape.width, shape.height, shape.moves), (1200, 900, false));
    assert_eq!((held.facts.mime.as_str(), held.facts.bytes), ("image/png", bytes.len() as u64));
    assert_eq!((held.facts.name.as_deref(), held.fleeting), (Some("cup.png"), false));
    assert_eq!(whole(&desk, cup).await, bytes);
    let small = desk.media_piece(cup, MediaSize::Thumb, None).await.unwrap();
    let decoded = image::load_from_memory(&small.bytes).unwrap();
    assert_eq!((small.mime.as_str(), decoded.width(), decoded.height()), ("image/jpeg", 640, 480));
    let span = Span { first: 10, last: Some(19) };
    let piece = desk.media_piece(cup, MediaSize::Whole, Some(span)).await.unwrap();
    assert_eq!((piece.start, piece.total), (10, bytes.len() as u64));
    assert_eq!(piece.bytes, bytes[10..20]);
    assert_eq!(scene.asked("cup.png").await, 1);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_message_tells_what_is_known_of_its_media() {
    let mut scene = Scene::new().await;
    scene.has("cup.png", &picture(20, 10)).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    let cup = medium(&desk, "m_1").await;
    desk.media(cup).await.unwrap();
    let thread = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
    let messages = desk.store().messages(thread, None, 10).await.unwrap();
    assert_eq!(messages[0].media.len(), 1);
    assert_eq!(messages[0].media[0].0, cup);
    desk.shutdown().await;
}

#[tokio::test]
async fn what_has_scripts_is_a_file_and_never_shown() {
    let mut scene = Scene::new().await;
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    scene.has("cup.svg", svg).await;
    scene.sends("image", "m_1", "cup.svg");
    let desk = scene.desk().await;
    let cup = medium(&desk, "m_1").await;
    let held = desk.media(cup).await.unwrap();
    assert_eq!((held.facts.mime.as_str(), held.facts.picture), ("application/octet-stream", None));
    let small = desk.media_piece(cup, MediaSize::Thumb, None).await.unwrap_err();
    assert!(matches!(small, MediaError::Store(StoreError::Missing(_))), "{small:?}");
    assert_eq!(desk.media_for_outside(cup).await.unwrap(), None);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_link_that_died_is_remembered_and_a_new_one_is_asked() {
    let mut scene = Scene::new().await;
    scene.serves("old.png", ResponseTemplate::new(403)).await;
    scene.has("new.png", &picture(30, 30)).await;
    scene.sends("image", "m_1", "old.png");
    let desk = scene.desk().await;
    let old = medium(&desk, "m_1").await;
    for _ in 0..3 {
        assert!(matches!(desk.media(old).await, Err(MediaError::Dead)));
    }
    assert_eq!(scene.asked("old.png").await, 1);
    desk.shutdown().await;

    // The same message, told again with a fresh address.
    use sqlx::ConnectOptions as _;
    let file = scene.folder.path().join("desk.sqlite");
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let fresh = format!("{}/new.png", scene.meta.uri());
    let tell = "UPDATE attachment SET url = ?1, payload = json_set(payload, '$.url', ?1)";
    sqlx::query(tell).bind(fresh).execute(&mut conn).await.unwrap();
    drop(conn);
    let desk = scene.desk().await;
    assert!(desk.media(old).await.unwrap().facts.picture.is_some());
    desk.shutdown().await;
}

#[tokio::test]
async fn what_could_not_be_reached_is_tried_again() {
    let mut scene = Scene::new().await;
    let busy = Mock::given(method("GET")).and(path("/cup.png")).respond_with(ResponseTemplate::new(503));
    busy.up_to_n_times(1).with_priority(1).mount(&scene.meta).await;
    scene.has("cup.png", &picture(30, 30)).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    let cup = medium(&desk, "m_1").await;
    until("the second try", async || desk.media(cup).await.ok()).await;
    assert_eq!(scene.asked("cup.png").await, 2);
    desk.shutdown().await;
}

#[tokio::test]
async fn more_than_one_look_takes_is_fetched_without_a_start_in_between() {
    let mut scene = Scene::new().await;
    scene.has("cup.png", &picture(10, 10)).await;
    // One look takes 200.
    for number in 0..203 {
        scene.sends("image", &format!("m_{number}"), "cup.png");
    }
    let desk = scene.desk().await;
    until("every picture", async || {
        desk.store().fresh_media(0, None, 10).await.unwrap().is_empty().then_some(())
    })
    .await;
    assert_eq!(scene.asked("cup.png").await, 203, "each once");
    desk.shutdown().await;
}

#[tokio::test]
async fn what_this_computer_could_not_keep_is_fetched_by_itself_once_it_can() {
    let mut scene = Scene::new().await;
    scene.has("first.png", &picture(30, 30)).await;
    scene.has("cup.png", &picture(50, 40)).await;
    scene.sends("image", "m_1", "first.png");
    let desk = scene.desk().await;
    until("the start to be over", async || {
        desk.store().fresh_media(0, None, 1).await.unwrap().is_empty().then_some(())
    })
    .await;

    scene.sends("image", "m_2", "cup.png");
    desk.store().ingest(&scene.log.entries, log_id()).await.unwrap();
    std::fs::remove_dir_all(scene.vault()).unwrap();
    let cup = medium(&desk, "m_2").await;
    let refused = desk.media(cup).await.unwrap_err();
    assert!(matches!(refused, MediaError::Vault(_)) && refused.may_pass(), "{refused:?}");

    // Nobody looks at it again.
    std::fs::create_dir(scene.vault()).unwrap();
    scene.clock.advance(Duration::from_secs(60));
    until("the file and its small picture", async || (scene.kept().len() == 2).then_some(())).await;
    assert_eq!(whole(&desk, cup).await, picture(50, 40));
    assert_eq!(scene.asked("cup.png").await, 1, "nothing is asked for that cannot be kept");
    desk.shutdown().await;
}

#[tokio::test]
async fn no_address_leads_into_a_private_network() {
    let mut scene = Scene::new().await;
    let to = |address: &str| ResponseTemplate::new(302).insert_header("location", address);
    scene.serves("home.png", to("http://10.0.0.1/secret")).await;
    scene.serves("cloud.png", to("https://169.254.169.254/latest/meta-data")).await;
    scene.serves("moved.png", to("/cup.png")).await;
    scene.has("cup.png", &picture(10, 10)).await;
    scene.sends("image", "m_1", "home.png");
    scene.sends("image", "m_2", "cloud.png");
    scene.sends_all("m_3", &json!([{"type": "image", "payload": {"url": "http://192.168.178.1/cup.png"}}]));
    scene.sends_all("m_4", &json!([{"type": "image", "payload": {"url": "file:///etc/hostname"}}]));
    scene.sends("image", "m_5", "moved.png");
    let desk = scene.desk().await;
    for mid in ["m_1", "m_2", "m_3", "m_4"] {
        let medium = medium(&desk, mid).await;
        let refused = desk.media(medium).await.unwrap_err();
        assert!(matches!(refused, MediaError::Forbidden), "{mid}: {refused:?}");
        assert!(!refused.agent_words().what.is_empty() && !refused.may_pass());
    }
    assert!(desk.media(medium(&desk, "m_5").await).await.is_ok(), "sending on is not forbidden as such");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_story_is_shown_and_never_written_to_a_file() {
    let mut scene = Scene::new().await;
    let bytes = picture(300, 500);
    scene.has("story.png", &bytes).await;
    scene.has("cup.png", &picture(301, 500)).await;
    scene.sends("story_mention", "m_1", "story.png");
    scene.sends("image", "m_2", "cup.png");
    let desk = scene.desk().await;
    let story = medium(&desk, "m_1").await;
    let held = desk.media(story).await.unwrap();
    assert!(held.fleeting && held.facts.picture.is_some());
    assert_eq!(whole(&desk, story).await, bytes);
    let small = desk.media_piece(story, MediaSize::Thumb, None).await.unwrap().bytes;
    assert!(desk.save_media(story, &scene.folder.path().join("saved.png")).await.is_err());
    assert_eq!(desk.media_for_outside(story).await.unwrap(), None);
    desk.media(medium(&desk, "m_2").await).await.unwrap();
    desk.shutdown().await;
    assert_eq!(scene.asked("story.png").await, 1);
    assert!(!scene.is_on_disk(stretch(&bytes)), "the story is on the disk");
    assert!(!scene.is_on_disk(stretch(&small)), "its small picture is on the disk");
    assert!(scene.is_on_disk(stretch(&picture(301, 500))), "the search itself works");
}

#[tokio::test]
async fn one_file_of_two_messages_goes_with_the_last_of_them() {
    let mut scene = Scene::new().await;
    let bytes = picture(50, 40);
    scene.has("one.png", &bytes).await;
    scene.has("two.png", &bytes).await;
    scene.sends("image", "m_1", "one.png");
    scene.sends("image", "m_2", "two.png");
    let desk = scene.desk().await;
    for mid in ["m_1", "m_2"] {
        desk.media(medium(&desk, mid).await).await.unwrap();
    }
    assert_eq!(scene.kept().len(), 2, "one file and its small picture");
    desk.shutdown().await;

    scene.takes_back("m_1");
    let desk = scene.desk().await;
    until("the start to be over", async || desk.media(medium(&desk, "m_2").await).await.ok()).await;
    assert_eq!(scene.kept().len(), 2);
    desk.shutdown().await;

    scene.takes_back("m_2");
    let desk = scene.desk().await;
    until("an empty vault", async || scene.kept().is_empty().then_some(())).await;
    desk.shutdown().await;
    assert!(!scene.is_on_disk(stretch(&bytes)));
}

#[tokio::test]
async fn an_erased_customer_and_a_lost_account_leave_no_file() {
    for erased in [true, false] {
        let mut scene = Scene::new().await;
        scene.has("cup.png", &picture(50, 40)).await;
        scene.sends("image", "m_1", "cup.png");
        let desk = scene.desk().await;
        let cup = medium(&desk, "m_1").await;
        desk.media(cup).await.unwrap();
        let thread = desk.store().thread_id(&key(MARA)).await.unwrap().unwrap();
        desk.show_pictures(thread).await.unwrap();
        desk.shutdown().await;
        if erased {
            scene.log.team(&TeamFact::CustomerErased { customer: CustomerId::from(MARA), by: by_ines() });
        } else {
            let store = Store::open(&scene.folder.path().join("desk.sqlite")).await.unwrap();
            store.purge(&tea()).await.unwrap();
            store.close().await;
            scene.log = Log::connected();
        }
        let desk = scene.desk().await;
        until("an empty vault", async || scene.kept().is_empty().then_some(())).await;
        if erased {
            let stranger = desk.store().reading().await.unwrap().is_stranger(thread).await.unwrap();
            assert!(stranger, "that she was familiar is forgotten too");
        }
        desk.shutdown().await;
    }
}

#[tokio::test]
async fn what_a_crash_left_in_the_vault_is_swept() {
    let mut scene = Scene::new().await;
    scene.has("cup.png", &picture(50, 40)).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    let cup = medium(&desk, "m_1").await;
    desk.media(cup).await.unwrap();
    let copy = desk.media_for_outside(cup).await.unwrap().unwrap();
    assert!(copy.extension().is_some_and(|ending| ending == "png") && copy.exists());
    desk.shutdown().await;
    let kept = scene.kept();
    std::fs::write(scene.vault().join("0123456789abcdef.part"), "half of it").unwrap();
    std::fs::write(scene.vault().join("f".repeat(64)), "nobody's").unwrap();
    let desk = scene.desk().await;
    until("a swept vault", async || (scene.kept() == kept && !copy.exists()).then_some(())).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn pictures_that_a_repair_knows_no_more_are_kept_until_the_agent_was_told() {
    let mut scene = Scene::new().await;
    scene.has("cup.png", &picture(50, 40)).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    desk.media(medium(&desk, "m_1").await).await.unwrap();
    desk.shutdown().await;
    let kept = scene.kept();
    assert!(!kept.is_empty());

    // The link dies, and so do the rows that say which picture the file is.
    scene.meta.reset().await;
    scene.serves("cup.png", ResponseTemplate::new(403)).await;
    let file = scene.folder.path().join("desk.sqlite");
    let rows = "name IN (SELECT name FROM sqlite_schema WHERE tbl_name IN ('media', 'media_use'))";
    spoil(&file, rows).await;
    let store = Store::open(&file).await.unwrap();
    store.found_damaged().await.unwrap();
    store.close().await;
    let desk = scene.desk().await;
    // What arrived lately is asked for once the start has looked through the vault.
    until("the picture asked for", async || (scene.asked("cup.png").await > 0).then_some(())).await;
    let now = scene.kept();
    assert!(kept.iter().all(|file| now.contains(file)), "{kept:?} became {now:?}");
    let told = desk.session().await.unwrap().problems.remove(0).words.what;
    assert!(told.contains("Pictures") && !told.contains("rafts"), "{told}");
    desk.repair_was_seen().await.unwrap();
    desk.shutdown().await;

    let desk = scene.desk().await;
    until("a swept vault", async || scene.kept().is_empty().then_some(())).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_file_that_is_missing_or_cut_is_fetched_again() {
    let mut scene = Scene::new().await;
    let bytes = picture(50, 40);
    scene.has("cup.png", &bytes).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    let cup = medium(&desk, "m_1").await;
    desk.media(cup).await.unwrap();
    let file = scene.vault().join(&scene.kept()[0]);
    std::fs::write(&file, "cut").unwrap();
    assert_eq!(whole(&desk, cup).await, bytes);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(whole(&desk, cup).await, bytes);
    assert_eq!(scene.asked("cup.png").await, 3);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_message_that_is_taken_back_while_its_file_comes_leaves_nothing() {
    let mut scene = Scene::new().await;
    let bytes = picture(50, 40);
    let slow =
        ResponseTemplate::new(200).set_body_raw(bytes, "image/png").set_delay(Duration::from_millis(400));
    scene.serves("cup.png", slow).await;
    scene.sends("image", "m_1", "cup.png");
    let desk = scene.desk().await;
    let cup = medium(&desk, "m_1").await;
    let asking = tokio::spawn({
        let desk = desk.clone();
        async move { desk.media(cup).await }
    });
    until("the request", async || (scene.asked("cup.png").await == 1).then_some(())).await;
    scene.takes_back("m_1");
    desk.store().ingest(&scene.log.entries, log_id()).await.unwrap();
    let came = asking.await.unwrap();
    assert!(matches!(came, Err(MediaError::Store(StoreError::Missing(_)))), "{came:?}");
    assert!(scene.kept().is_empty(), "{:?}", scene.kept());
    desk.shutdown().await;
}
