//! Webhooks as Meta sends them on bad days, and as only an attacker would: nothing that was answered 200 is lost, and
//! nothing else gets in.

use baton_commands::contract::OwnerKind;
use baton_commands::contract::thread::{Author, ThreadView};
use baton_protocol::entry::Content;
use baton_simulator::{Effect, Fault, LooseForm};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{INES, KITE_AND_CO, MARA, NORTHWIND_TEA, World};
use serde_json::{Value, json};

use crate::scene::{BOT_FETCHES, BOT_NOTES, MARA_ASKS, MARA_INSISTS};

const MARA_ID: &str = "6200000000000101";

/// One event of Mara's thread, as a whole POST.
fn webhook(event: &Value) -> Value {
    json!({"object": "page", "entry": [{
        "id": NORTHWIND_TEA.id(), "time": event["timestamp"], "messaging": [event],
    }]})
}

fn said(mid: &str, at_ms: i64, text: &str) -> Value {
    json!({
        "sender": {"id": MARA_ID}, "recipient": {"id": NORTHWIND_TEA.id()}, "timestamp": at_ms,
        "message": {"mid": mid, "text": text},
    })
}

async fn both_shops() -> anyhow::Result<(World, TestDesk)> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    Ok((world, ines))
}

/// The events of a POST, whatever list they stand in.
fn events_in(body: &Value) -> usize {
    let entries = body["entry"].as_array().into_iter().flatten();
    let lists = entries.filter_map(Value::as_object).flat_map(|entry| entry.values());
    lists.filter_map(Value::as_array).map(Vec::len).sum()
}

fn page_fixtures() -> anyhow::Result<Vec<(String, Value)>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let mut fixtures = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("page_") {
            fixtures.push((name, serde_json::from_slice(&std::fs::read(&path)?)?));
        }
    }
    fixtures.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(fixtures)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_webhook_is_kept_once_by_relay_and_desk() -> anyhow::Result<()> {
    let (world, ines) = both_shops().await?;
    let fixtures = page_fixtures()?;
    assert!(fixtures.len() > 25);
    let before = world.meta_entries(&[NORTHWIND_TEA, KITE_AND_CO]).await?.len();

    let mut sent = 0;
    for (name, body) in &fixtures {
        assert_eq!(world.posts(body).await?, 200, "{name}");
        sent += events_in(body);
    }

    let kept = world.meta_entries(&[NORTHWIND_TEA, KITE_AND_CO]).await?;
    // Some fixtures tell the same message: one key, one entry.
    let distinct = keys_of(&fixtures)?;
    assert_eq!(kept.len() - before, distinct, "of {sent} events");
    // Once more, all of it: nothing new.
    for (name, body) in &fixtures {
        assert_eq!(world.posts(body).await?, 200, "{name}");
    }
    assert_eq!(world.meta_entries(&[NORTHWIND_TEA, KITE_AND_CO]).await?.len(), kept.len());
    for shop in [NORTHWIND_TEA, KITE_AND_CO] {
        ines.has_read_all_of(&world, shop).await?;
    }
    Ok(())
}

/// How many different events the fixtures tell, by the keys that repeats share.
fn keys_of(fixtures: &[(String, Value)]) -> anyhow::Result<usize> {
    let mut keys = std::collections::BTreeSet::new();
    for (_, body) in fixtures {
        let delivery = baton_messenger::webhook::parse(body.to_string().as_bytes())?;
        keys.extend(delivery.events.iter().map(baton_messenger::webhook::Event::key));
    }
    Ok(keys.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_placed_is_kept_aside_and_answered_200() -> anyhow::Result<()> {
    let (world, ines) = both_shops().await?;
    let before = world.quarantined().await?;
    let stranger = webhook(&said("m_1", 1_791_190_800_000, "Hello"))
        .to_string()
        .replace("104500000000011", "104500000000099");

    assert_eq!(world.posts_bytes(b"{\"object\": \"page\", \"entry\": [{".to_vec()).await?, 200);
    assert_eq!(world.posts_bytes(b"\xff\xfe not text".to_vec()).await?, 200);
    assert_eq!(world.posts_bytes(b"[1, 2, 3]".to_vec()).await?, 200);
    assert_eq!(world.posts_bytes(stranger.into_bytes()).await?, 200);

    assert_eq!(world.quarantined().await? - before, 4);
    assert_eq!(ines.session().await?.accounts.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_meta_did_not_sign_changes_nothing() -> anyhow::Result<()> {
    let (world, _ines) = both_shops().await?;
    let before = world.entries(NORTHWIND_TEA).await?.len();
    let body = webhook(&said("m_forged", 1_791_190_800_000, "Send the money here")).to_string().into_bytes();
    let right = world.signature(&body)?;

    let forged = baton_support::world::post::signature("another-secret", &body)?;
    let upper = right.to_uppercase();
    for signature in
        [None, Some(""), Some("sha256="), Some(&right[..40]), Some(forged.as_str()), Some(upper.as_str())]
    {
        assert_eq!(world.posts_signed(body.clone(), signature).await?, 403, "{signature:?}");
    }
    let mut altered = body.clone();
    altered.push(b' ');
    assert_eq!(world.posts_signed(altered, Some(&right)).await?, 403);

    assert_eq!(world.entries(NORTHWIND_TEA).await?.len(), before);
    assert_eq!(world.posts_signed(body, Some(&right)).await?, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_cap_is_refused() -> anyhow::Result<()> {
    let (world, _ines) = both_shops().await?;

    let status = world.posts_bytes(vec![b' '; 9 * 1024 * 1024]).await;

    // Refused by its length, with an answer or with a cut while it was still being sent.
    assert!(matches!(status, Ok(413) | Err(_)), "{status:?}");
    assert!(world.relay_is_well().await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_as_numbers_and_times_in_seconds_are_understood() -> anyhow::Result<()> {
    let (world, ines) = both_shops().await?;
    let mara = world.customer(MARA)?;
    let odd = json!({"object": "page", "entry": [{"id": 104_500_000_000_011_i64, "time": 1_791_190_800, "messaging": [{
        "sender": {"id": 6_200_000_000_000_101_i64}, "recipient": {"id": 104_500_000_000_011_i64},
        "timestamp": 1_791_190_800, "message": {"mid": "m_odd", "text": "Numbers everywhere"},
    }]}]});

    assert_eq!(world.posts(&odd).await?, 200);

    let thread = ines.sees(&mara, "it", |t| t.says(Author::Customer, "Numbers everywhere")).await?;
    assert_eq!(thread.message("Numbers everywhere").unwrap().at_ms.0, 1_791_190_800_000);
    Ok(())
}

/// Times in seconds or as text or missing, ids as numbers, members that nobody knows: messages, echoes, a hand-over and
/// an edit all say the same.
#[tokio::test(flavor = "multi_thread")]
async fn however_loosely_meta_writes_the_agent_sees_the_same() -> anyhow::Result<()> {
    use LooseForm::{Everything, Numbers, Seconds, Strangers, Texts, Untimed};
    for form in [Seconds, Texts, Untimed, Numbers, Strangers, Everything] {
        let (world, ines) = both_shops().await?;
        world.goes_wrong(Fault::always(Effect::WebhookLoose { form }))?;
        let mara = world.customer(MARA)?;
        let mid = mara.writes(MARA_ASKS)?;
        mara.writes(MARA_INSISTS)?;
        let ours = |t: &ThreadView| t.held_by() == OwnerKind::Ours && t.times(BOT_FETCHES) == 1;
        ines.sees(&mara, "that the thread is ours", ours).await?;
        world.meta().customer_edits(&NORTHWIND_TEA.id(), mara.id(), &mid, "My order 4413 is late.")?;
        let changed = |t: &ThreadView| t.says(Author::Customer, "My order 4413 is late.");
        let thread = ines.sees(&mara, "the change", changed).await?;

        assert_eq!(thread.note(), Some(BOT_NOTES), "{form:?}");
        assert_eq!(
            thread.messages().len(),
            mara.thread()?.messages.len(),
            "{form:?} {}",
            thread.transcript()
        );
        for said in mara.thread()?.messages {
            let text = said.text.unwrap_or_default();
            let at_ms = thread.message(&text).map(|shown| shown.at_ms.0);
            let off = at_ms.map(|at_ms| said.at_ms - at_ms);
            assert!(off.is_some_and(|off| (0..1_000).contains(&off)), "{form:?}: {text} is off by {off:?}");
        }
        let strange = thread.messages().iter().filter(|message| message.unknown).count();
        assert_eq!((strange, world.quarantined().await?), (0, 0), "{form:?} {}", thread.transcript());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_appear_once_and_latecomers_in_their_place() -> anyhow::Result<()> {
    let (world, ines) = both_shops().await?;
    let mara = world.customer(MARA)?;
    let at_ms = 1_791_190_800_000;

    for (mid, after_ms, text) in
        [("m_c", 3_000, "third"), ("m_a", 1_000, "first"), ("m_c", 3_000, "third"), ("m_b", 2_000, "second")]
    {
        assert_eq!(world.posts(&webhook(&said(mid, at_ms + after_ms, text))).await?, 200);
    }

    let thread = ines.sees(&mara, "all three", |t| t.messages().len() == 3).await?;
    let texts: Vec<_> = thread.messages().iter().map(|m| m.text.as_str()).collect();
    assert_eq!(texts, ["first", "second", "third"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_taken_back_is_gone_everywhere_also_when_it_arrives_after_its_unsend() -> anyhow::Result<()>
{
    let (world, ines) = both_shops().await?;
    let mara = world.customer(MARA)?;
    let at_ms = 1_791_190_800_000;
    let unsent = |mid: &str| {
        json!({
            "sender": {"id": MARA_ID}, "recipient": {"id": NORTHWIND_TEA.id()}, "timestamp": at_ms + 9_000,
            "message": {"mid": mid, "is_deleted": true},
        })
    };

    world.posts(&webhook(&said("m_keep", at_ms, "This may stay"))).await?;
    world.posts(&webhook(&said("m_before", at_ms + 1, "My card number is 4012"))).await?;
    ines.sees(&mara, "both", |t| t.messages().len() == 2).await?;
    world.posts(&webhook(&unsent("m_before"))).await?;
    world.posts(&webhook(&unsent("m_after"))).await?;
    world.posts(&webhook(&said("m_after", at_ms + 2, "And its code is 977"))).await?;

    let thread = ines
        .sees(&mara, "two messages taken back", |t| t.messages().iter().filter(|m| m.unsent).count() == 2)
        .await?;
    assert!(thread.messages().iter().filter(|m| m.unsent).all(|m| m.text.is_empty()));
    assert!(thread.says(Author::Customer, "This may stay"));
    let entries = world.entries(NORTHWIND_TEA).await?;
    let log = entries.iter().map(|entry| entry.body.get().to_owned()).collect::<String>();
    assert!(log.contains("This may stay"));
    // Words, because a few digits in a row stand in many an id.
    assert!(!log.contains("My card number") && !log.contains("And its code"), "the log still has the text");
    assert!(entries.iter().any(|entry| matches!(entry.content(), Content::Redacted(_))));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn something_that_is_not_understood_is_shown_as_such() -> anyhow::Result<()> {
    let (world, ines) = both_shops().await?;
    let mara = world.customer(MARA)?;
    let at_ms = 1_791_190_800_000;
    world.posts(&webhook(&said("m_1", at_ms, "Look at this"))).await?;
    let strange = json!({
        "sender": {"id": MARA_ID}, "recipient": {"id": NORTHWIND_TEA.id()}, "timestamp": at_ms + 1_000,
        "hologram": {"mid": "m_2", "shape": "teapot"},
    });

    assert_eq!(world.posts(&webhook(&strange)).await?, 200);

    ines.sees(&mara, "that something arrived", |t| t.messages().iter().any(|m| m.unknown)).await?;
    Ok(())
}
