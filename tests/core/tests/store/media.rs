//! Rows of the vault: who needs a file, which one goes first, and whose pictures are shown at once.

use baton_core::store::{
    AttachmentPlace, FreshMedia, MediaFacts, MediaFate, MediaKnown, MediaRef, MediaSource, NewMedia,
};
use baton_protocol::CustomerId;
use baton_protocol::team::TeamFact;
use serde_json::json;

use crate::builders::*;
use crate::kept::connect;

fn sends(log: &mut Log, at_ms: i64, mid: &str, kind: &str) {
    let file = json!({"type": kind, "payload": {"url": format!("https://cdn.invalid/{mid}")}});
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
        "message": {"mid": mid, "attachments": [file]},
    });
    log.event("messaging", at_ms, &event);
}

fn file(media: &str, bytes: u64) -> NewMedia {
    let facts = MediaFacts { mime: "image/png".into(), bytes, picture: None, name: None };
    NewMedia { media: media.to_owned(), thumb: None, facts }
}

async fn of(desk: &Desk, mid: &str) -> (MediaRef, MediaSource) {
    let messages = desk.messages(MARA).await;
    let message = messages.iter().find(|message| message.place.key == mid).unwrap().number;
    let medium = MediaRef::Attachment(AttachmentPlace { message, idx: 0 });
    (medium, desk.store.media_source(medium).await.unwrap())
}

async fn three_pictures() -> Desk {
    let mut log = Log::connected();
    for (number, mid) in ["m_1", "m_2", "m_3"].into_iter().enumerate() {
        sends(&mut log, NINE + number as i64 * MINUTE, mid, "image");
    }
    sends(&mut log, NINE + HOUR, "m_4", "ig_reel");
    Desk::with(&log).await
}

#[tokio::test]
async fn the_newest_that_nobody_tried_are_wanted_first() {
    let desk = three_pictures().await;
    let wanted = async |since_ms: i64, limit: u32| {
        let fresh = desk.store.fresh_media(since_ms, None, limit).await.unwrap();
        fresh.into_iter().map(|message| message.key).collect::<Vec<_>>()
    };
    assert_eq!(wanted(0, 10).await, ["m_3", "m_2", "m_1"], "a shared reel is fetched when it is looked at");
    assert_eq!(wanted(NINE + 1, 10).await, ["m_3", "m_2"]);
    assert_eq!(wanted(0, 1).await, ["m_3"]);
    let (medium, source) = of(&desk, "m_3").await;
    desk.store.note_media(medium, &source, MediaFate::Later, NINE + HOUR).await.unwrap();
    assert_eq!(wanted(0, 10).await, ["m_2", "m_1"]);

    let retry = async |now_ms: i64| desk.store.media_to_retry(now_ms, 0, 10).await.unwrap();
    assert_eq!(retry(NINE + HOUR - 1).await, []);
    let due = FreshMedia { at_ms: NINE + 2 * MINUTE, thread: source.thread, key: "m_3".into() };
    assert_eq!(retry(NINE + HOUR).await, std::slice::from_ref(&due));
    assert_eq!(desk.store.media_to_fetch(&due, NINE + HOUR).await.unwrap(), [medium]);
    assert_eq!(desk.store.media_to_fetch(&due, NINE + HOUR - 1).await.unwrap(), []);
}

#[tokio::test]
async fn what_one_look_leaves_out_the_next_one_finds_although_all_came_in_one_moment() {
    let mut log = Log::connected();
    for mid in ["m_1", "m_2", "m_3", "m_4", "m_5"] {
        sends(&mut log, NINE, mid, "image");
    }
    sends(&mut log, NINE + MINUTE, "m_6", "image");
    let desk = Desk::with(&log).await;
    let (mut before, mut found) = (None::<FreshMedia>, Vec::new());
    loop {
        let fresh = desk.store.fresh_media(0, before.as_ref(), 2).await.unwrap();
        let Some(last) = fresh.last() else { break };
        before = Some(last.clone());
        found.extend(fresh.iter().map(|message| message.key.clone()));
    }
    assert_eq!(found, ["m_6", "m_5", "m_4", "m_3", "m_2", "m_1"]);
}

#[tokio::test]
async fn tries_are_counted_for_one_address_and_what_is_here_stays() {
    let desk = three_pictures().await;
    let (medium, mut source) = of(&desk, "m_1").await;
    let known = async |source: &MediaSource| desk.store.media_known(medium, source).await.unwrap();
    assert_eq!(known(&source).await, None);
    for tries in 1..=2 {
        desk.store.note_media(medium, &source, MediaFate::Later, 0).await.unwrap();
        assert_eq!(known(&source).await, Some(MediaKnown::Not { fate: MediaFate::Later, tries }));
    }
    desk.store.note_media(medium, &source, MediaFate::Dead, 0).await.unwrap();
    assert_eq!(known(&source).await, Some(MediaKnown::Not { fate: MediaFate::Dead, tries: 3 }));
    "https://cdn.invalid/fresh".clone_into(&mut source.url);
    assert_eq!(known(&source).await, None, "another address has another fate");
    assert!(desk.store.keep_media(medium, &source, &file("aa", 10)).await.unwrap());
    desk.store.note_media(medium, &source, MediaFate::Dead, 0).await.unwrap();
    assert!(matches!(known(&source).await, Some(MediaKnown::Here(_))));
}

/// What makes room next, without these.
async fn oldest(desk: &Desk, spared: &[&str]) -> Option<(String, u64)> {
    let spared: Vec<String> = spared.iter().map(|media| (*media).to_owned()).collect();
    desk.store.oldest_media(&spared).await.unwrap()
}

#[tokio::test]
async fn the_file_of_the_oldest_message_makes_room_first_and_may_be_fetched_again() {
    let desk = three_pictures().await;
    // In this order they are fetched; the first file is of an older and of a newer message.
    for (mid, media, bytes) in [("m_3", "aa", 10), ("m_1", "aa", 10), ("m_2", "bb", 20)] {
        let (medium, source) = of(&desk, mid).await;
        desk.store.keep_media(medium, &source, &file(media, bytes)).await.unwrap();
    }
    assert_eq!(desk.store.media_bytes().await.unwrap(), 30);
    assert_eq!(oldest(&desk, &[]).await, Some(("bb".to_owned(), 20)));
    assert_eq!(oldest(&desk, &["bb"]).await, Some(("aa".to_owned(), 10)));
    assert_eq!(oldest(&desk, &["bb", "aa"]).await, None);
    desk.store.give_up_media("bb").await.unwrap();
    assert_eq!(desk.store.media_bytes().await.unwrap(), 10);
    assert_eq!(desk.store.unused_media(10).await.unwrap(), ["bb"]);
    let (medium, source) = of(&desk, "m_2").await;
    let given_up = MediaKnown::Not { fate: MediaFate::GivenUp, tries: 0 };
    assert_eq!(desk.store.media_known(medium, &source).await.unwrap(), Some(given_up));
    // It came again before its file was removed: it is needed again.
    desk.store.keep_media(medium, &source, &file("bb", 20)).await.unwrap();
    assert!(!desk.store.forget_media("bb").await.unwrap());
    assert_eq!(desk.store.unused_media(10).await.unwrap(), Vec::<String>::new());
}

/// Holds the figure of what the vault holds against what its rows come to.
async fn assert_tally(desk: &Desk, bytes: u64, when: &str) {
    let mut conn = connect(&desk.file()).await;
    let sum = "SELECT coalesce(sum(bytes + thumb_bytes), 0) FROM media WHERE unused = 0";
    let sum: i64 = sqlx::query_scalar(sum).fetch_one(&mut conn).await.unwrap();
    let tally = desk.store.media_bytes().await.unwrap();
    assert_eq!((tally, i64::try_from(tally).unwrap()), (bytes, sum), "{when}");
}

#[tokio::test]
async fn what_the_vault_holds_is_right_whatever_happens_to_its_files() {
    let mut log = Log::connected();
    for (number, mid) in ["m_1", "m_2", "m_3"].into_iter().enumerate() {
        sends(&mut log, NINE + number as i64 * MINUTE, mid, "image");
    }
    let mut desk = Desk::with(&log).await;
    assert_tally(&desk, 0, "empty").await;
    for (mid, media, bytes) in [("m_1", "aa", 10), ("m_2", "bb", 20), ("m_3", "cc", 400)] {
        let (medium, source) = of(&desk, mid).await;
        let mut new = file(media, bytes);
        new.thumb = Some(("image/jpeg".to_owned(), 3));
        desk.store.keep_media(medium, &source, &new).await.unwrap();
        // The same once more, as after a crash.
        desk.store.keep_media(medium, &source, &new).await.unwrap();
    }
    assert_tally(&desk, 439, "put").await;
    desk.store.give_up_media("bb").await.unwrap();
    assert_tally(&desk, 416, "given up").await;
    assert!(desk.store.forget_media("bb").await.unwrap());
    assert_tally(&desk, 416, "its row is gone").await;
    desk.store.drop_media("aa").await.unwrap();
    assert_tally(&desk, 403, "not there any more").await;
    let (medium, source) = of(&desk, "m_1").await;
    let mut again = file("aa", 10);
    again.thumb = Some(("image/jpeg".to_owned(), 3));
    desk.store.keep_media(medium, &source, &again).await.unwrap();
    assert_tally(&desk, 416, "came again").await;

    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert_tally(&desk, 416, "repaired").await;

    log.team(&TeamFact::CustomerErased { customer: CustomerId::from(MARA), by: by_ines() });
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_tally(&desk, 0, "erased").await;
    desk.store.empty().await.unwrap();
    assert_tally(&desk, 0, "emptied").await;
}

#[tokio::test]
async fn what_was_given_up_is_wanted_again_only_where_it_fits_and_the_newest_first() {
    let desk = three_pictures().await;
    for (mid, media, bytes) in [("m_1", "aa", 10), ("m_2", "bb", 20), ("m_3", "cc", 30)] {
        let (medium, source) = of(&desk, mid).await;
        desk.store.keep_media(medium, &source, &file(media, bytes)).await.unwrap();
    }
    for media in ["aa", "bb", "cc"] {
        desk.store.give_up_media(media).await.unwrap();
    }
    let fresh = async || {
        let fresh = desk.store.fresh_media(0, None, 10).await.unwrap();
        fresh.into_iter().map(|message| message.key).collect::<Vec<_>>()
    };
    let back = async |since_ms: i64, fits: u64| {
        let back = desk.store.take_back_given_up(since_ms, fits, 10).await.unwrap();
        back.into_iter().map(|message| message.key).collect::<Vec<_>>()
    };
    assert_eq!(fresh().await, Vec::<String>::new(), "a start does not take it for never tried");
    assert_eq!(desk.store.media_to_retry(i64::MAX, 0, 10).await.unwrap(), []);
    assert_eq!(back(0, 29).await, Vec::<String>::new(), "the newest does not fit");
    assert_eq!(back(NINE + MINUTE, 30).await, ["m_3"]);
    assert_eq!(fresh().await, ["m_3", "m_1"], "that an older message lost its file is forgotten");
    let (medium, source) = of(&desk, "m_2").await;
    let given_up = MediaKnown::Not { fate: MediaFate::GivenUp, tries: 0 };
    assert_eq!(desk.store.media_known(medium, &source).await.unwrap(), Some(given_up));

    // Somebody looked at it, and its link died meanwhile.
    desk.store.note_media(medium, &source, MediaFate::Dead, 0).await.unwrap();
    let dead = MediaKnown::Not { fate: MediaFate::Dead, tries: 1 };
    assert_eq!(desk.store.media_known(medium, &source).await.unwrap(), Some(dead));
    assert_eq!(back(0, u64::MAX).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_message_that_is_gone_keeps_nothing_and_gets_nothing() {
    let mut log = Log::connected();
    sends(&mut log, NINE, "m_1", "image");
    let desk = Desk::with(&log).await;
    let (medium, source) = of(&desk, "m_1").await;
    desk.store.keep_media(medium, &source, &file("aa", 10)).await.unwrap();
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 1,
        "message": {"mid": "m_1", "is_deleted": true},
    });
    log.event_of("instagram", TEA, "messaging", NINE + 1, &event);
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(desk.store.unused_media(10).await.unwrap(), ["aa"]);
    assert!(desk.store.media_source(medium).await.is_err());
    assert!(!desk.store.keep_media(medium, &source, &file("aa", 10)).await.unwrap());
    desk.store.note_media(medium, &source, MediaFate::Later, 0).await.unwrap();
    assert_eq!(desk.store.media_known(medium, &source).await.unwrap(), None);
    assert!(desk.store.forget_media("aa").await.unwrap());
    assert_eq!(desk.store.strange_media(&["aa".to_owned()]).await.unwrap(), ["aa"]);
}

#[tokio::test]
async fn who_was_answered_by_a_person_is_no_stranger() {
    let mut log = Log::connected();
    sends(&mut log, NINE, "m_1", "image");
    log.echo("messaging", MARA, NINE + 1, "m_2", TEABOT, "Hello, I am a bot");
    log.says("messaging", WEBER, NINE, "w_1", "Hello");
    let desk = Desk::with(&log).await;
    let (mara, weber) = (desk.thread_id(MARA).await, desk.thread_id(WEBER).await);
    let stranger = async |thread| desk.store.reading().await.unwrap().is_stranger(thread).await.unwrap();
    assert!(stranger(mara).await && stranger(weber).await, "a bot's answer makes nobody familiar");
    desk.store.set_familiar(&key(WEBER), NINE).await.unwrap();
    assert!(stranger(mara).await && !stranger(weber).await);
    log.echo("messaging", MARA, NINE + 2, "m_3", BATON, "Hello, this is Ines");
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert!(!stranger(mara).await);
}

/// Opening a thread asks for each medium in sight: a page that somebody linked to must not be among them.
#[tokio::test]
async fn only_media_have_an_address_to_fetch_from() {
    let kinds = [
        ("image", true),
        ("share", true),
        ("ig_reel", true),
        ("fallback", false),
        ("post", false),
        ("new", false),
    ];
    let mut log = Log::connected();
    for (number, (kind, _)) in kinds.into_iter().enumerate() {
        sends(&mut log, NINE + number as i64 * MINUTE, &format!("m_{kind}"), kind);
    }
    let desk = Desk::with(&log).await;
    let messages = desk.messages(MARA).await;
    for (kind, is_medium) in kinds {
        let key = format!("m_{kind}");
        let message = messages.iter().find(|message| message.place.key == key).unwrap().number;
        let medium = MediaRef::Attachment(AttachmentPlace { message, idx: 0 });
        assert_eq!(desk.store.media_source(medium).await.is_ok(), is_medium, "{kind}");
    }
}
