//! Who may send what, and when (docs/meta.md 4.2 to 4.4, 5.2).

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{MARA, Stage, code, hours};

const NOT_OWNER: (i64, i64) = (10, 2018300);
const WINDOW: (i64, i64) = (10, 2018278);
const BAD: (i64, i64) = (100, 0);

#[tokio::test]
async fn ines_answers_mara_and_the_phone_has_one_message() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Where is my parcel?");
    stage.control(&stage.ours, "take", json!({})).await;
    let (status, body) = stage.send("It left this morning.").await;

    assert_eq!(status, 200, "{body}");
    assert_eq!(body["recipient_id"], MARA);
    let thread = stage.thread();
    let sent = thread.messages.last().unwrap();
    assert_eq!(body["message_id"], sent.mid.as_str());
    assert_eq!(sent.messaging_type.as_deref(), Some("RESPONSE"));
    assert_eq!(sent.tag, None);
    assert_eq!(thread.messages.len(), 2);
}

/// Meta knows no key of a send: whoever repeats one has sent two messages (docs/meta.md 4.1).
#[tokio::test]
async fn a_send_that_is_repeated_is_a_second_message() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Where is my parcel?");
    let mut body = stage.response("It left this morning.");
    body["message"]["metadata"] = "bt1:0199b2c0".into();
    stage.fault(json!({"effect": "answer_cut", "times": 1})).await;
    let url = format!("{}/v26.0/me/messages", stage.sim.base_url());
    let token = secrecy::ExposeSecret::expose_secret(&stage.token);
    let call = stage.http.post(url).bearer_auth(token).json(&body);
    assert!(call.send().await.is_err(), "the answer of the first is lost");
    let (status, answer) = stage.post("/me/messages", &body).await;

    assert_eq!(status, 200, "the same once more is no error");
    let sent: Vec<_> = stage.thread().messages.into_iter().filter(|m| m.app_id.is_some()).collect();
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0].mid, sent[1].mid);
    assert_eq!(answer["message_id"], sent[1].mid.as_str());
    let events = stage.webhooks(3).await;
    let echoes: Vec<_> = events[1..].iter().map(|(_, event)| event["message"].clone()).collect();
    assert!(echoes.iter().all(|echo| echo["metadata"] == "bt1:0199b2c0"), "{echoes:?}");
    assert_ne!(echoes[0]["mid"], echoes[1]["mid"]);
}

#[tokio::test]
async fn only_the_owner_sends_while_a_thread_is_owned() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    assert_eq!(stage.owner(), Some(stage.bot.clone()));
    let (status, refused) = stage.send("Hi Mara").await;
    assert_eq!((status, code(&refused)), (400, NOT_OWNER));
    assert_eq!(stage.send_as(&stage.bot, "Hello from the bot").await.0, 200);
}

#[tokio::test]
async fn a_flow_of_questions_keeps_every_other_app_out() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    let flow = baton_messenger::id::LEAD_BOT.into();
    stage.sim.seize(&stage.page, &stage.mara, Some(&flow)).unwrap();
    let (status, refused) = stage.send("Hi Mara").await;
    assert_eq!((status, code(&refused)), (400, (10, 2_018_321)));
}

#[tokio::test]
async fn only_the_default_app_sends_into_an_idle_thread() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.bot, "release", json!({})).await;
    assert_eq!(stage.owner(), None);
    assert_eq!(code(&stage.send("Hi").await.1), NOT_OWNER);
    assert_eq!(stage.send_as(&stage.bot, "Hi").await.0, 200);
}

#[tokio::test]
async fn without_routing_any_app_sends() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    assert_eq!(stage.owner(), None);
    assert_eq!(stage.send("Hi").await.0, 200);
    assert_eq!(stage.send_as(&stage.bot, "Hi").await.0, 200);
}

/// Hours after Mara's message · Human Agent approved · tag · the refusal, if any.
#[rstest]
#[case(0, true, None, None)]
#[case(23, true, None, None)]
#[case(24, true, None, Some(WINDOW))]
#[case(30, true, Some("HUMAN_AGENT"), None)]
#[case(0, true, Some("HUMAN_AGENT"), None)]
#[case(7 * 24 - 1, true, Some("HUMAN_AGENT"), None)]
#[case(7 * 24, true, Some("HUMAN_AGENT"), Some(WINDOW))]
#[case(30, false, Some("HUMAN_AGENT"), Some((10, 0)))]
#[case(0, false, Some("HUMAN_AGENT"), Some((10, 0)))]
#[case(0, true, Some("ACCOUNT_UPDATE"), Some(BAD))]
#[case(30, true, Some("CONFIRMED_EVENT_UPDATE"), Some(BAD))]
#[case(30, true, Some("POST_PURCHASE_UPDATE"), Some(BAD))]
#[tokio::test]
async fn windows(
    #[case] after_hours: u64,
    #[case] is_approved: bool,
    #[case] tag: Option<&str>,
    #[case] refusal: Option<(i64, i64)>,
) {
    let stage = Stage::without_routing().await;
    stage.sim.set_human_agent(&stage.page, is_approved).unwrap();
    stage.mara_writes("Hello");
    stage.sim.advance(hours(after_hours));
    let body = tag.map_or_else(|| stage.response("Hi"), |tag| stage.late(tag));
    let (status, answer) = stage.post("/me/messages", &body).await;

    match refusal {
        None => {
            assert_eq!(status, 200, "{answer}");
            assert_eq!(stage.thread().messages.last().unwrap().tag.as_deref(), tag);
        }
        Some(expected) => {
            assert_eq!((status, code(&answer)), (400, expected), "{answer}");
            assert_eq!(stage.thread().messages.len(), 1, "a refused send leaves no trace");
        }
    }
}

#[rstest]
#[case(json!({"text": ""}))]
#[case(json!({"text": "  \n "}))]
#[case(json!({"text": "x".repeat(2000)}))]
#[case(json!({}))]
#[case(json!({"text": 7}))]
#[case(json!({"text": "Hi", "metadata": "m".repeat(1000)}))]
#[case(json!({"text": "Hi", "attachment": {"type": "image", "payload": {"url": "https://a.invalid/x.jpg"}}}))]
#[tokio::test]
async fn content_that_meta_refuses(#[case] message: Value) {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let body = json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": message});
    let (status, answer) = stage.post("/me/messages", &body).await;
    assert_eq!((status, code(&answer)), (400, BAD));
}

#[tokio::test]
async fn the_longest_text_passes_in_characters_not_bytes() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    assert_eq!(stage.send(&"ü".repeat(1999)).await.0, 200);
}

#[tokio::test]
async fn checks_come_in_metas_order() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.sim.set_reachable(&stage.page, &stage.mara, false).unwrap();
    stage.sim.advance(hours(30));
    let empty = json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": {"text": ""}});
    let send = async |body: &Value| code(&stage.post("/me/messages", body).await.1);

    stage.sim.kill_tokens(&stage.page, 460).unwrap();
    assert_eq!(send(&empty).await, (190, 460));
    stage.sim.revive_tokens(&stage.page);
    assert_eq!(send(&empty).await, NOT_OWNER, "ownership before the window");
    stage.control(&stage.ours, "take", json!({})).await;
    assert_eq!(send(&empty).await, WINDOW, "the window before the content");
    stage.mara_writes("Still there?");
    assert_eq!(send(&empty).await, BAD, "the content before the person");
    assert_eq!(send(&stage.response("Yes")).await, (551, 1545041));
}

#[tokio::test]
async fn a_tagged_send_into_a_lapsed_thread_is_refused_for_ownership_first() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    stage.sim.advance(hours(30));
    assert_eq!(code(&stage.post("/me/messages", &stage.late("HUMAN_AGENT")).await.1), NOT_OWNER);
    assert_eq!(stage.control(&stage.ours, "take", json!({})).await.0, 200);
    assert_eq!(stage.post("/me/messages", &stage.late("HUMAN_AGENT")).await.0, 200);
}

#[tokio::test]
async fn a_person_nobody_knows() {
    let stage = Stage::with_routing().await;
    let body = json!({"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": {"text": "Hi"}});
    assert_eq!(code(&stage.post("/me/messages", &body).await.1), (100, 2018001));
}

#[tokio::test]
async fn a_form_body_is_as_good_as_json() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let form = [
        ("recipient", format!(r#"{{"id":"{MARA}"}}"#)),
        ("message", r#"{"text":"From a form"}"#.to_owned()),
        ("messaging_type", "RESPONSE".to_owned()),
        ("access_token", secrecy::ExposeSecret::expose_secret(&stage.token).to_owned()),
    ];
    let url = format!("{}/{}/messages", stage.sim.base_url(), stage.page);
    let answer = stage.http.post(url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(stage.thread().messages.last().unwrap().text.as_deref(), Some("From a form"));
}

#[tokio::test]
async fn sender_actions_need_the_thread_but_not_the_window() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    let action = |name: &str| json!({"recipient": {"id": MARA}, "sender_action": name});
    assert_eq!(code(&stage.post("/me/messages", &action("mark_seen")).await.1), NOT_OWNER);
    stage.control(&stage.ours, "take", json!({})).await;
    let (status, body) = stage.post("/me/messages", &action("typing_on")).await;
    assert_eq!((status, body), (200, json!({"recipient_id": MARA})));
    assert!(stage.thread().is_typing);
    stage.post("/me/messages", &action("mark_seen")).await;
    assert!(stage.thread().messages[0].is_seen);

    let mid = stage.thread().messages[0].mid.clone();
    let react = json!({
        "recipient": {"id": MARA}, "sender_action": "react",
        "payload": {"message_id": mid, "reaction": "love"},
    });
    assert_eq!(stage.post("/me/messages", &react).await.0, 200);
    assert_eq!(stage.thread().messages[0].page_reaction.as_deref(), Some("❤️"));
    assert_eq!(code(&stage.post("/me/messages", &action("dance")).await.1), BAD);
}

#[tokio::test]
async fn a_reaction_opens_the_window_again_and_reading_does_not() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.send("Hi").await;
    stage.sim.advance(hours(30));
    stage.sim.customer_reads(&stage.page, &stage.mara).unwrap();
    assert_eq!(code(&stage.send("One more thing").await.1), WINDOW);
    let mid = stage.thread().messages[1].mid.clone();
    stage.sim.customer_reacts(&stage.page, &stage.mara, &mid, Some("love")).unwrap();
    assert_eq!(stage.send("One more thing").await.0, 200);
}

#[tokio::test]
async fn a_send_can_hand_the_thread_over() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    let mut body = stage.response("The assistant takes over now.");
    body["thread_control"] = json!({"control_type": "pass", "app_id": stage.bot});
    assert_eq!(stage.post("/me/messages", &body).await.0, 200);
    assert_eq!(stage.owner(), Some(stage.bot.clone()));
}
