//! Webhooks that are lost, doubled, late, shuffled, batched, forged; a receiver that is away.

use baton_simulator::{Fate, Simulator};
use serde_json::{Value, json};

use crate::stage::{APP_SECRET, KITE, MARA, PATIENCE, Stage, TEA, hours};
use crate::webhooks::hmac_by_hand;

#[tokio::test]
async fn webhooks_are_dropped_and_doubled() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "webhook_dropped", "app_id": stage.ours, "times": 1})).await;
    stage.mara_writes("lost");
    stage.fault(json!({"effect": "webhook_twice", "app_id": stage.ours, "times": 1})).await;
    stage.mara_writes("doubled");
    stage.mara_writes("plain");
    stage.hears(&["doubled", "doubled", "plain"]).await;
    let lost = stage.sim.webhooks().into_iter().find(|w| w.app_id == stage.ours).unwrap();
    assert_eq!((lost.fate, lost.faults[0].effect), (Fate::Dropped, "webhook_dropped"));
}

#[tokio::test]
async fn the_second_time_may_be_hours_later() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "webhook_twice", "ms": 7_200_000, "app_id": stage.ours, "times": 1})).await;
    stage.mara_writes("first");
    stage.mara_writes("second");
    stage.hears(&["first", "second"]).await;
    stage.sim.advance(hours(2));
    stage.hears(&["first", "second", "first"]).await;
    let doubled = stage.sim.webhooks().into_iter().find(|w| w.app_id == stage.ours).unwrap();
    assert_eq!(doubled.tries.len(), 2);
}

#[tokio::test]
async fn a_late_webhook_is_overtaken() {
    let stage = Stage::without_routing().await;
    let rule = json!({"effect": "webhook_late", "ms": 3_600_000, "field": "messages", "app_id": stage.ours, "times": 1});
    stage.fault(rule).await;
    stage.mara_writes("first");
    stage.mara_writes("second");
    stage.hears(&["second"]).await;
    stage.sim.advance(hours(1));
    stage.hears(&["second", "first"]).await;
}

#[tokio::test]
async fn webhooks_are_shuffled_none_is_lost_and_the_seed_decides() {
    let said: Vec<String> = (0..8).map(|n| format!("message {n}")).collect();
    let order = async |seed: u64| {
        let stage = Stage::without_routing().await;
        let rule = json!({"effect": "webhooks_shuffled", "count": 4, "ms": 3_600_000, "seed": seed, "app_id": stage.ours});
        stage.fault(rule).await;
        for text in &said {
            stage.mara_writes(text);
        }
        stage.webhooks(8).await;
        stage.settled().await;
        stage.texts()
    };
    let heard = order(3).await;
    assert_ne!(heard[..4], said[..4]);
    assert_ne!(heard[4..], said[4..]);
    for (part, whole) in heard.chunks(4).zip(said.chunks(4)) {
        let mut part = part.to_vec();
        part.sort();
        assert_eq!(part, whole);
    }
    assert_eq!(heard, order(3).await);
}

#[tokio::test]
async fn what_is_held_back_leaves_when_the_patience_ends() {
    let stage = Stage::without_routing().await;
    let rule = json!({"effect": "webhooks_shuffled", "count": 50, "ms": 3_600_000, "app_id": stage.ours});
    stage.fault(rule).await;
    stage.mara_writes("one");
    stage.mara_writes("two");
    assert!(stage.texts().is_empty());
    stage.sim.advance(hours(1));
    stage.hears(&["two", "one"]).await;
}

#[tokio::test]
async fn several_events_come_in_one_post() {
    let stage = Stage::without_routing().await;
    stage.sim.add_page(baton_simulator::NewPage::without_routing(KITE, "Kite & Co"));
    let kite = KITE.into();
    stage.sim.subscribe(&kite, &stage.ours, crate::stage::ALL_FIELDS).unwrap();
    let noor = stage.sim.add_customer(&kite, baton_simulator::NewCustomer::named("Noor")).unwrap();
    let rule = json!({"effect": "webhooks_together", "count": 3, "ms": 3_600_000, "app_id": stage.ours});
    stage.fault(rule).await;
    stage.mara_writes("one");
    stage.mara_writes("two");
    stage.sim.customer_writes(&kite, &noor, "three").unwrap();
    stage.settled().await;
    let got = stage.receiver.got();
    assert_eq!(got.len(), 1);
    let body = got[0].json();
    let texts = |entry: &Value| -> Vec<Value> {
        entry["messaging"].as_array().unwrap().iter().map(|event| event["message"]["text"].clone()).collect()
    };
    assert_eq!(body["entry"][0]["id"], TEA);
    assert_eq!(texts(&body["entry"][0]), ["one", "two"]);
    assert_eq!(body["entry"][1]["id"], KITE);
    assert_eq!(texts(&body["entry"][1]), ["three"]);
    let ours = stage.sim.webhooks().into_iter().filter(|w| w.app_id == stage.ours);
    assert!(ours.clone().count() == 3 && ours.into_iter().all(|w| w.fate == Fate::Delivered));
}

#[tokio::test]
async fn webhooks_are_written_loosely_when_asked_and_say_the_same() {
    let said = async |form: &str| {
        let stage = Stage::without_routing().await;
        stage.fault(json!({"effect": "webhook_loose", "form": form})).await;
        stage.mara_writes("Hello");
        stage.send("Hi").await;
        let mid = stage.thread().messages[0].mid.clone();
        stage.sim.customer_edits(&stage.page, &stage.mara, &mid, "Hello there").unwrap();
        stage.webhooks(3).await;
        stage.settled().await;
        let got = stage.receiver.got();
        let signature = got[0].headers["x-hub-signature-256"].to_str().unwrap();
        assert_eq!(
            signature,
            format!("sha256={}", hmac_by_hand(APP_SECRET.as_bytes(), &got[0].bytes)),
            "{form}"
        );
        let journal = stage.sim.webhooks().into_iter().find(|w| w.app_id == stage.ours).unwrap();
        assert_eq!(journal.event, got[0].event().1, "the journal shows what was sent");
        assert_eq!(journal.faults[0].effect, "webhook_loose");
        let at_ms = stage.thread().messages[0].at_ms;
        let entries: Vec<Value> = got.iter().map(|got| got.json()["entry"][0].clone()).collect();
        for entry in &entries {
            assert!(entry["messaging"][0]["recipient"].is_object(), "{form}");
        }
        (at_ms, entries)
    };
    let (at_ms, seconds) = said("seconds").await;
    assert_eq!(seconds[0]["messaging"][0]["timestamp"], at_ms / 1000);
    assert_eq!(seconds[0]["time"], at_ms / 1000);
    let (at_ms, texts) = said("texts").await;
    assert_eq!(texts[0]["messaging"][0]["timestamp"], at_ms.to_string());
    assert_eq!((&texts[0]["time"], &texts[0]["id"]), (&json!(at_ms.to_string()), &json!(TEA)));
    assert_eq!(texts[2]["messaging"][0]["message_edit"]["num_edit"], "1");
    let (at_ms, untimed) = said("untimed").await;
    assert_eq!((untimed[0]["messaging"][0].get("timestamp"), &untimed[0]["time"]), (None, &json!(at_ms)));
    let (_, numbers) = said("numbers").await;
    assert_eq!(numbers[0]["id"], TEA.parse::<u64>().unwrap());
    assert_eq!(numbers[0]["messaging"][0]["sender"]["id"], MARA.parse::<u64>().unwrap());
    assert_eq!(numbers[1]["messaging"][0]["message"]["app_id"], 700_100_200_300_400_u64);
    let (at_ms, strangers) = said("strangers").await;
    let event = &strangers[0]["messaging"][0];
    assert!(event["fx_new"].is_object() && event["message"]["fx_new"].is_object(), "{event}");
    assert_eq!((&event["timestamp"], &event["message"]["text"]), (&json!(at_ms), &json!("Hello")));
    let (at_ms, everything) = said("everything").await;
    assert_eq!(everything[0]["messaging"][0]["timestamp"], (at_ms / 1000).to_string());
}

#[tokio::test]
async fn the_bot_hears_the_usual_form() {
    let stage = Stage::new(
        |config| baton_simulator::Config { bot_pause: std::time::Duration::from_millis(1), ..config },
        |ours| baton_simulator::NewPage::with_bot(TEA, "Northwind Tea", ours),
    )
    .await;
    stage.fault(json!({"effect": "webhook_loose", "form": "everything"})).await;
    stage.mara_writes("Are you open on Saturday?");
    let answered = |_: &Simulator| (stage.thread().messages.len() == 2).then_some(());
    stage.sim.wait_for(PATIENCE, answered).await.unwrap();
}

#[tokio::test]
async fn a_forged_try_comes_before_the_true_one() {
    let stage = Stage::without_routing().await;
    stage.receiver.set_mood(crate::stage::Mood::Status(403));
    stage.fault(json!({"effect": "webhook_forged", "app_id": stage.ours, "times": 1})).await;
    stage.mara_writes("Hello");
    stage.webhooks(2).await;
    stage.receiver.set_mood(crate::stage::Mood::Status(200));
    stage.settled().await;
    let got = stage.receiver.got();
    let signature = |at: usize| got[at].headers["x-hub-signature-256"].to_str().unwrap().to_owned();
    assert_eq!(got[0].bytes, got[1].bytes);
    assert_ne!(signature(0), signature(1));
    assert_eq!(signature(1), signature(got.len() - 1));
}

#[tokio::test]
async fn an_unreachable_receiver_is_unsubscribed_after_an_hour() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "webhook_fails", "status": 0, "app_id": stage.ours})).await;
    stage.mara_writes("Hello");
    let tried = |sim: &Simulator| {
        let ours = sim.webhooks().into_iter().find(|w| w.app_id == stage.ours)?;
        (ours.tries.len() >= 2).then_some(())
    };
    stage.sim.wait_for(PATIENCE, tried).await.unwrap();
    let is_subscribed =
        |sim: &Simulator| sim.world().pages[0].subscriptions.iter().any(|s| s.app_id == stage.ours);
    assert!(is_subscribed(&stage.sim));
    stage.sim.advance(hours(1));
    stage.sim.wait_for(PATIENCE, |sim| (!is_subscribed(sim)).then_some(())).await.unwrap();
    stage.settled().await;
    assert!(stage.receiver.got().is_empty(), "nothing reached it");
    let first = stage.sim.webhooks().into_iter().find(|w| w.app_id == stage.ours).unwrap();
    assert_eq!(first.fate, Fate::Unsubscribed);
    assert!(first.tries.iter().all(|t| t.status.is_none()) && first.faults.len() >= 2);
}

#[tokio::test]
async fn a_receiver_that_comes_back_in_time_stays_subscribed() {
    let stage = Stage::without_routing().await;
    let rule = stage.fault(json!({"effect": "webhook_fails", "status": 500, "app_id": stage.ours})).await;
    stage.mara_writes("Hello");
    let failed = |sim: &Simulator| {
        let ours = sim.webhooks().into_iter().find(|w| w.app_id == stage.ours)?;
        ours.tries.first().map(|t| t.status)
    };
    assert_eq!(stage.sim.wait_for(PATIENCE, failed).await.unwrap(), Some(500));
    stage.sim.remove_fault(rule);
    stage.hears(&["Hello"]).await;
    stage.sim.advance(hours(2));
    stage.mara_writes("Still there?");
    stage.hears(&["Hello", "Still there?"]).await;
}
