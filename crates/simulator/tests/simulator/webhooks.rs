//! Bytes, signatures, lists, order, retries (docs/meta.md 2).

use std::process::{Command, Stdio};
use std::time::Duration;

use baton_simulator::{Config, Fate, NewPage};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::stage::{APP_SECRET, MARA, Mood, PATIENCE, Stage, TEA, hours};

/// HMAC by the definition (RFC 2104), so that the check shares nothing with the crate that signs.
pub(crate) fn hmac_by_hand(key: &[u8], message: &[u8]) -> String {
    use sha2::Digest;
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |byte: u8| block.map(|b| b ^ byte).to_vec();
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    hex::encode(Sha256::digest([pad(0x5c), inner.to_vec()].concat()))
}

#[test]
fn the_checks_own_signature_agrees_with_the_vector() {
    let vector: Value =
        serde_json::from_str(include_str!("../../../../fixtures/vector_signatures.json")).unwrap();
    let vector = &vector["webhook"];
    let (key, body) = (vector["app_secret"].as_str().unwrap(), vector["raw_body_ascii"].as_str().unwrap());
    let expected = vector["header_x_hub_signature_256"].as_str().unwrap();
    assert_eq!(format!("sha256={}", hmac_by_hand(key.as_bytes(), body.as_bytes())), expected);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    assert_eq!(format!("sha256={}", hex::encode(mac.finalize().into_bytes())), expected);
}

#[tokio::test]
async fn a_body_is_escaped_ascii_and_signed_over_its_very_bytes() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Grüße ☕ 😀 https://a.example.invalid/x");
    stage.webhooks(1).await;
    let got = &stage.receiver.got()[0];
    let body = std::str::from_utf8(&got.bytes).unwrap();
    assert!(body.is_ascii());
    assert!(body.contains(r"Gr\u00fc\u00dfe \u2615 \ud83d\ude00 https:\/\/a.example.invalid\/x"), "{body}");
    assert!(!body.contains(": ") && !body.contains(", \""), "compact: {body}");

    let header = |name: &str| got.headers[name].to_str().unwrap().to_owned();
    assert_eq!(
        header("x-hub-signature-256"),
        format!("sha256={}", hmac_by_hand(APP_SECRET.as_bytes(), &got.bytes))
    );
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("user-agent"), "facebookexternalua");
    assert!(header("x-hub-signature").starts_with("sha1="));
    assert_eq!(header("facebook-api-version"), "v26.0");
}

#[test]
fn openssl_agrees_with_both_signatures_when_it_is_there() {
    let vector: Value =
        serde_json::from_str(include_str!("../../../../fixtures/vector_signatures.json")).unwrap();
    let vector = &vector["webhook"];
    for (digest, header) in [("sha256", "header_x_hub_signature_256"), ("sha1", "header_x_hub_signature")] {
        let key = vector["app_secret"].as_str().unwrap();
        let child = Command::new("openssl")
            .args(["dgst", &format!("-{digest}"), "-hmac", key])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else { return };
        use std::io::Write;
        child.stdin.take().unwrap().write_all(vector["raw_body_ascii"].as_str().unwrap().as_bytes()).unwrap();
        let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let expected = vector[header].as_str().unwrap().split_once('=').unwrap().1;
        assert!(out.trim().ends_with(expected), "{out}");
    }
}

#[tokio::test]
async fn the_owner_hears_in_messaging_and_the_others_in_standby() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Where is my parcel?");
    stage.send_as(&stage.bot, "Let me look that up.").await;
    let events = stage.webhooks(2).await;
    assert_eq!(events[0].0, "standby", "the bot owns the thread");
    assert_eq!(events[0].1["message"]["text"], "Where is my parcel?");
    assert_eq!((events[1].0.as_str(), &events[1].1["message"]["is_echo"]), ("standby", &json!(true)));
    assert_eq!(events[1].1["message"]["app_id"], 700_555_666_777_888_u64);

    stage.control(&stage.ours, "take", json!({})).await;
    stage.mara_writes("Hello?");
    let bots: Vec<_> = stage.sim.webhooks().into_iter().filter(|w| w.app_id == stage.bot).collect();
    assert_eq!(serde_json::to_value(bots.last().unwrap().list).unwrap(), "standby");
    let events = stage.webhooks(5).await;
    let (list, last) = events.last().unwrap();
    assert_eq!((list.as_str(), &last["message"]["text"]), ("messaging", &json!("Hello?")));
}

#[tokio::test]
async fn our_own_echo_carries_our_metadata_app_and_mid() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let mut body = stage.response("Yes, we have three left.");
    body["message"]["metadata"] = "bt1:0199b2c0".into();
    let (_, answer) = stage.post("/me/messages", &body).await;
    let events = stage.webhooks(2).await;
    let (list, echo) = &events[1];
    assert_eq!(list, "messaging");
    assert_eq!(echo["sender"]["id"], TEA);
    assert_eq!(echo["recipient"]["id"], MARA);
    assert_eq!(
        echo["message"],
        json!({
            "mid": answer["message_id"], "is_echo": true, "app_id": 700_100_200_300_400_u64,
            "metadata": "bt1:0199b2c0", "text": "Yes, we have three left.",
        })
    );
}

#[tokio::test]
async fn delivery_and_read_come_when_the_phone_says_so_and_once() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let (_, answer) = stage.send("Hi").await;
    stage.webhooks(2).await;
    assert!(!stage.thread().messages[1].is_delivered);
    stage.sim.customer_receives(&stage.page, &stage.mara).unwrap();
    stage.sim.customer_receives(&stage.page, &stage.mara).unwrap();
    stage.sim.customer_reads(&stage.page, &stage.mara).unwrap();
    stage.sim.customer_reads(&stage.page, &stage.mara).unwrap();
    stage.settled().await;
    let events = stage.webhooks(4).await;
    let sent_ms = stage.thread().messages[1].at_ms;
    assert_eq!(events[2].1["delivery"], json!({"mids": [answer["message_id"]], "watermark": sent_ms}));
    assert_eq!(events[3].1["read"], json!({"watermark": sent_ms}));
    assert_eq!(events.len(), 4);
}

#[tokio::test]
async fn a_postback_in_standby_has_no_payload() {
    let stage = Stage::with_routing().await;
    stage.sim.customer_taps(&stage.page, &stage.mara, "Track order", "FX_TRACK").unwrap();
    let events = stage.webhooks(1).await;
    assert_eq!(events[0].0, "standby");
    assert_eq!(events[0].1["postback"]["title"], "Track order");
    assert_eq!(events[0].1["postback"].get("payload"), None);
    stage.control(&stage.ours, "take", json!({})).await;
    stage.sim.customer_taps(&stage.page, &stage.mara, "Track order", "FX_TRACK").unwrap();
    let events = stage.webhooks(2).await;
    assert_eq!(events[1].1["postback"]["payload"], "FX_TRACK");
}

#[tokio::test]
async fn reactions_come_and_go() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.send("Hi").await;
    let mid = stage.thread().messages[1].mid.clone();
    stage.sim.customer_reacts(&stage.page, &stage.mara, &mid, Some("love")).unwrap();
    stage.sim.customer_reacts(&stage.page, &stage.mara, &mid, None).unwrap();
    let events = stage.webhooks(4).await;
    assert_eq!(
        events[2].1["reaction"],
        json!({"reaction": "love", "emoji": "❤️", "action": "react", "mid": mid})
    );
    assert_eq!(events[3].1["reaction"], json!({"action": "unreact", "mid": mid}));
}

#[tokio::test]
async fn nothing_is_sent_before_the_subscription_nor_for_other_fields() {
    let stage = Stage::without_routing().await;
    stage.sim.unsubscribe(&stage.page, &stage.ours);
    stage.mara_writes("Nobody hears this");
    stage.sim.subscribe(&stage.page, &stage.ours, &["messages"]).unwrap();
    stage.mara_writes("This is heard");
    stage.send("An echo nobody subscribed to").await;
    stage.mara_writes("And this");
    stage.settled().await;
    let texts: Vec<_> = stage.receiver.events().iter().map(|(_, e)| e["message"]["text"].clone()).collect();
    assert_eq!(texts, ["This is heard", "And this"]);
}

/// Of nobody's account, with times in seconds, one of them as text (docs/meta.md 2.7).
#[tokio::test]
async fn the_dashboards_test_button_has_a_form_of_its_own() {
    let stage = Stage::with_instagram().await;
    for (platform, object) in [("messenger", "page"), ("instagram", "instagram")] {
        let before = stage.receiver.got().len();
        stage.ask("dashboard_test", &json!({"platform": platform})).await;
        stage.webhooks(before + 1).await;
        let got = stage.receiver.got()[before].clone();
        let body = got.json();
        assert_eq!((&body["object"], &body["entry"][0]["id"]), (&json!(object), &json!("0")));
        assert!(body["entry"][0]["time"].as_i64().unwrap() < 100_000_000_000, "in seconds: {body}");
        let (list, change) = got.event();
        assert_eq!((list.as_str(), &change["field"]), ("changes", &json!("messages")));
        assert_eq!(change["value"]["timestamp"], "1527459824");
        assert_eq!(change["value"]["message"]["text"], "random_text");
    }
    assert!(stage.thread().messages.is_empty(), "it is about no thread");
}

#[tokio::test]
async fn a_failing_receiver_is_tried_again_and_order_is_kept() {
    let stage = Stage::without_routing().await;
    stage.receiver.set_mood(Mood::Status(500));
    stage.mara_writes("first");
    stage.mara_writes("second");
    stage.webhooks(3).await;
    stage.receiver.set_mood(Mood::Status(200));
    stage.settled().await;
    let accepted: Vec<_> = stage.sim.webhooks().into_iter().filter(|w| w.app_id == stage.ours).collect();
    assert!(accepted.iter().all(|w| w.fate == Fate::Delivered));
    assert!(accepted[0].tries.len() >= 3, "{:?}", accepted[0].tries);
    let texts: Vec<_> = stage.receiver.events().iter().map(|(_, e)| e["message"]["text"].clone()).collect();
    assert_eq!(texts.last().unwrap(), "second");
    assert_eq!(texts.iter().filter(|t| *t == "second").count(), 1, "{texts:?}");
}

#[tokio::test]
async fn an_answer_that_takes_too_long_counts_as_none() {
    let stage = Stage::new(
        |config| Config { receiver_patience: Duration::from_millis(100), ..config },
        |_| NewPage::without_routing(TEA, "Northwind Tea"),
    )
    .await;
    stage.receiver.set_mood(Mood::Slow(Duration::from_secs(5)));
    stage.mara_writes("Hello");
    stage.webhooks(2).await;
    stage.receiver.set_mood(Mood::Status(200));
    stage.settled().await;
    let tries = stage.sim.webhooks()[0].tries.clone();
    assert_eq!(tries[0].status, None);
    assert_eq!(tries.last().unwrap().status, Some(200));
}

#[tokio::test]
async fn an_hour_of_failures_ends_the_subscription() {
    let stage = Stage::without_routing().await;
    stage.receiver.set_mood(Mood::Status(503));
    stage.mara_writes("Hello");
    stage.webhooks(2).await;
    let is_subscribed = |sim: &baton_simulator::Simulator| {
        sim.world().pages[0].subscriptions.iter().any(|s| s.app_id == stage.ours)
    };
    assert!(is_subscribed(&stage.sim));
    stage.sim.advance(hours(1));
    stage.sim.wait_for(PATIENCE, |sim| (!is_subscribed(sim)).then_some(())).await.unwrap();
    stage.settled().await;
    stage.receiver.set_mood(Mood::Status(200));
    let heard = stage.receiver.got().len();
    stage.mara_writes("Anybody there?");
    stage.settled().await;
    assert_eq!(stage.receiver.got().len(), heard);
    let (_, apps) = stage.get("/me/subscribed_apps").await;
    assert_eq!(apps["data"].as_array().unwrap().len(), 1, "only the bot is left: {apps}");
}
