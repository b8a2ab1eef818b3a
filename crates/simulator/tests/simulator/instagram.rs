//! What is different on Instagram (docs/meta.md 2.7, 4.4, 8).

use baton_messenger::{AccountId, CustomerId};
use baton_simulator::{Profile, RoutingMode, Said, StickerForm, Telling, Thing};
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::stage::{INSTA, MARA_ON_INSTA, Stage, code, hours};

const NOT_OWNER: (i64, i64) = (10, 2018300);
const NOT_OWNER_ACTION: (i64, i64) = (100, 2534037);
const WINDOW: (i64, i64) = (10, 2534022);
const BAD: (i64, i64) = (100, 0);

fn insta() -> AccountId {
    INSTA.into()
}

fn mara() -> CustomerId {
    MARA_ON_INSTA.into()
}

fn to_mara(message: &Value) -> Value {
    json!({"recipient": {"id": MARA_ON_INSTA}, "messaging_type": "RESPONSE", "message": message})
}

async fn send(stage: &Stage, text: &str) -> (u16, Value) {
    stage.post("/me/messages", &to_mara(&json!({"text": text}))).await
}

#[tokio::test]
async fn mara_writes_on_instagram_and_is_answered_through_the_page() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Do you ship to Austria?"));
    let mut body = to_mara(&json!({"text": "Yes.", "metadata": "bt1:out:1"}));
    let (status, sent) = stage.post("/me/messages", &body).await;
    assert_eq!(status, 200, "{sent}");
    let events = stage.webhooks(2).await;
    let got = stage.receiver.got()[0].json();
    assert_eq!((&got["object"], &got["entry"][0]["id"]), (&json!("instagram"), &json!(INSTA)));
    let mid = sent["message_id"].as_str().unwrap();
    assert!(mid.starts_with("aWdf"), "{mid}");
    assert_eq!(
        events[1].1["message"],
        json!({"mid": mid, "is_echo": true, "text": "Yes."}),
        "neither the app nor its metadata"
    );
    assert_eq!(events[1].1["sender"]["id"], INSTA);
    body["recipient"]["id"] = "1".into();
    assert_eq!(code(&stage.post("/me/messages", &body).await.1), (100, 2018001));
}

#[rstest]
#[case(1000, 200)]
#[case(1001, 400)]
#[tokio::test]
async fn a_text_is_counted_in_bytes(#[case] bytes: usize, #[case] expected: u16) {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let text = format!("{}{}", "ü".repeat(bytes / 2), "x".repeat(bytes % 2));
    assert_eq!(send(&stage, &text).await.0, expected);
}

#[tokio::test]
async fn the_window_and_the_human_agent_are_as_on_messenger_with_a_code_of_their_own() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    stage.sim.advance(hours(24));
    assert_eq!(code(&send(&stage, "Too late").await.1), WINDOW);
    let mut late = to_mara(&json!({"text": "Sorry for the wait."}));
    late["messaging_type"] = "MESSAGE_TAG".into();
    late["tag"] = "HUMAN_AGENT".into();
    assert_eq!(stage.post("/me/messages", &late).await.0, 200);
    stage.sim.set_human_agent(&insta(), false).unwrap();
    assert_eq!(code(&stage.post("/me/messages", &late).await.1), (10, 0));
    stage.sim.set_human_agent(&insta(), true).unwrap();
    stage.sim.advance(hours(6 * 24));
    assert_eq!(code(&stage.post("/me/messages", &late).await.1), WINDOW);
}

#[tokio::test]
async fn reading_is_told_by_message_and_receiving_not_at_all() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let (_, sent) = send(&stage, "Hi").await;
    stage.sim.customer_receives(&insta(), &mara()).unwrap();
    stage.sim.customer_reads(&insta(), &mara()).unwrap();
    stage.settled().await;
    let events = stage.receiver.events();
    assert_eq!(events.len(), 3, "{events:#?}");
    assert_eq!(events[2].1["read"], json!({"mid": sent["message_id"]}));
}

#[tokio::test]
async fn what_is_taken_back_is_gone_everywhere() {
    let stage = Stage::with_instagram().await;
    let said = Said { text: Some("Secret".into()), things: vec![Thing::Image], ..Said::default() };
    let mid = stage.mara_says_on_instagram(&said);
    let events = stage.webhooks(1).await;
    let link = events[0].1["message"]["attachments"][0]["payload"]["url"].as_str().unwrap().to_owned();
    assert_eq!(stage.http.get(&link).send().await.unwrap().status(), 200);
    stage.sim.customer_unsends(&insta(), &mara(), &mid).unwrap();
    let events = stage.webhooks(2).await;
    assert_eq!(events[1].1["message"], json!({"mid": mid, "is_deleted": true}));
    assert_eq!(code(&stage.get(&format!("/{mid}?fields=message")).await.1), (100, 9000001));
    assert_eq!(stage.http.get(&link).send().await.unwrap().status(), 404);
    let (_, list) = stage.get("/me/conversations?platform=instagram&fields=messages{message}").await;
    assert!(!list.to_string().contains("Secret"), "{list}");
    assert!(stage.sim.customer_unsends(&insta(), &mara(), &mid).is_err(), "once");
}

#[tokio::test]
async fn an_edit_with_the_number_0_stands_for_a_new_message() {
    let stage = Stage::with_instagram().await;
    let said = Said { telling: Telling::EditZero, ..Said::text("New, but who knows") };
    let mid = stage.mara_says_on_instagram(&said);
    let events = stage.webhooks(1).await;
    let (_, event) = &events[0];
    assert_eq!(event["message_edit"], json!({"mid": mid, "num_edit": 0}));
    assert_eq!((event.get("sender"), event.get("recipient")), (None, None));
    let (_, looked_up) = stage.get(&format!("/{mid}?fields=message,from")).await;
    assert_eq!(looked_up["message"], "New, but who knows");
    assert_eq!(looked_up["from"], json!({"username": "mara.lindt", "id": MARA_ON_INSTA}));

    stage.sim.customer_edits(&insta(), &mara(), &mid, "Changed").unwrap();
    let events = stage.webhooks(2).await;
    assert_eq!(events[1].1["message_edit"], json!({"mid": mid, "text": "Changed", "num_edit": 1}));
    for n in 2..=5 {
        stage.sim.customer_edits(&insta(), &mara(), &mid, &format!("Changed {n}")).unwrap();
    }
    assert!(stage.sim.customer_edits(&insta(), &mara(), &mid, "Once too often").is_err());
}

#[tokio::test]
async fn reactions_have_names_of_their_own_and_ours_is_love() {
    let stage = Stage::with_instagram().await;
    let first = stage.mara_says_on_instagram(&Said::text("Hello"));
    let (_, sent) = send(&stage, "Hi").await;
    let answer = sent["message_id"].as_str().unwrap().into();
    stage.sim.customer_reacts(&insta(), &mara(), &answer, Some("laugh")).unwrap();
    let events = stage.webhooks(3).await;
    assert_eq!(events[2].1["reaction"]["reaction"], "laugh");
    let react = |name: &str| {
        json!({
            "recipient": {"id": MARA_ON_INSTA}, "sender_action": "react",
            "payload": {"message_id": first, "reaction": name},
        })
    };
    assert_eq!(code(&stage.post("/me/messages", &react("like")).await.1), BAD);
    assert_eq!(stage.post("/me/messages", &react("love")).await.0, 200);
    stage.settled().await;
    assert_eq!(stage.receiver.got().len(), 3, "our reaction makes no event");
}

#[tokio::test]
async fn instagrams_threads_are_listed_by_handle_and_only_when_asked_for() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let (_, list) = stage.get("/me/conversations?platform=instagram&fields=id,participants,snippet").await;
    let thread = &list["data"][0];
    assert!(thread["id"].as_str().unwrap().starts_with("aWdf"));
    assert_eq!(thread.get("snippet"), None, "Pages only");
    let people = thread["participants"]["data"].as_array().unwrap();
    assert!(people.contains(&json!({"username": "northwindtea", "id": INSTA})), "{people:?}");
    assert_eq!(stage.get("/me/conversations?platform=messenger").await.1, json!({"data": []}));
    let path = format!("/{}?fields=messages{{message}}", thread["id"].as_str().unwrap());
    assert_eq!(stage.get(&path).await.1["messages"]["data"][0]["message"], "Hello");
    assert_eq!(stage.get("/me/conversations?platform=telegraph").await.0, 400);
}

#[tokio::test]
async fn the_demo_worlds_kite_shop_is_on_instagram_with_a_story_a_picture_and_a_heart() {
    let config = baton_simulator::Config { start: baton_simulator::Start::Demo, ..Default::default() };
    let sim = baton_simulator::Simulator::start(config).await.unwrap();
    let token = sim.page_token(&crate::stage::KITE.into()).unwrap();
    let fields = "fields=messages{message,story,attachments,reactions}";
    let url = format!("{}/me/conversations?platform=instagram&{fields}", sim.base_url());
    let http = reqwest::Client::new();
    let answer =
        http.get(url).bearer_auth(secrecy::ExposeSecret::expose_secret(&token)).send().await.unwrap();
    let list: Value = answer.json().await.unwrap();
    let threads = list["data"].as_array().unwrap();
    assert_eq!(threads.len(), 3, "{list}");
    let messages = threads.iter().flat_map(|thread| thread["messages"]["data"].as_array().unwrap());
    let having = |name: &str| messages.clone().filter(|message| message.get(name).is_some()).count();
    assert_eq!((having("story"), having("attachments"), having("reactions")), (1, 1, 1), "{list}");
    let story = messages.clone().find_map(|message| message.get("story")).unwrap();
    let link = story["reply_to"]["link"].as_str().unwrap();
    assert_eq!(http.get(link).send().await.unwrap().status(), 200, "{story}");
}

#[tokio::test]
async fn a_quiet_request_is_not_listed_and_an_answer_makes_it_a_thread() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let count = async || {
        let (_, list) = stage.get("/me/conversations?platform=instagram").await;
        list["data"].as_array().unwrap().len()
    };
    assert!(stage.instagram_thread().is_request);
    stage.sim.advance(hours(30 * 24 - 1));
    assert_eq!(count().await, 1);
    stage.sim.advance(hours(1));
    assert_eq!(count().await, 0);
    stage.mara_says_on_instagram(&Said::text("Hello again"));
    assert_eq!(send(&stage, "Hi").await.0, 200);
    assert!(!stage.instagram_thread().is_request);
    stage.sim.advance(hours(60 * 24));
    assert_eq!(count().await, 1);
}

#[tokio::test]
async fn a_profile_needs_the_persons_first_word() {
    let stage = Stage::with_instagram().await;
    let path = format!("/{MARA_ON_INSTA}?fields=name,username,profile_pic,follower_count");
    let (status, refused) = stage.get(&path).await;
    assert_eq!((status, code(&refused)), (403, (230, 0)));
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let (_, profile) = stage.get(&path).await;
    assert_eq!((&profile["name"], &profile["username"]), (&json!("Mara Lindt"), &json!("mara.lindt")));
    stage.sim.set_profile(&insta(), &mara(), Profile::Missing).unwrap();
    let (_, refused) = stage.get(&path).await;
    assert_eq!((code(&refused), &refused["error"]["type"]), ((9010, 0), &json!("IGApiException")));
}

#[tokio::test]
async fn the_owner_can_shut_tools_out() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let switch = async |body: Value| {
        let url = format!("{}/control/pages/{INSTA}/switches", stage.sim.base_url());
        assert_eq!(stage.http.post(url).json(&body).send().await.unwrap().status(), 200);
    };
    switch(json!({"allows_tools": false})).await;
    assert_eq!(code(&stage.get("/me/conversations?platform=instagram").await.1), (200, 2534041));
    assert_eq!(code(&send(&stage, "Hi").await.1), (200, 2534041));
    assert_eq!(stage.get("/me/conversations?platform=messenger").await.0, 200, "the Page is another matter");
    switch(json!({"allows_tools": true, "is_eligible": false})).await;
    assert_eq!(code(&send(&stage, "Hi").await.1), (36103, 0));
}

#[tokio::test]
async fn routing_is_a_matter_of_each_platform() {
    let stage = Stage::with_instagram_routed(|ours| RoutingMode::On {
        default_app: baton_simulator::BOT_APP_ID.into(),
        may_take: vec![ours.clone()],
    })
    .await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let (_, status) = stage.get("/me?fields=messaging_feature_status").await;
    assert_eq!(
        status["messaging_feature_status"],
        json!({"hop_v2": false, "msgr_multi_app": false, "ig_multi_app": true})
    );
    assert_eq!(stage.webhooks(1).await[0].0, "standby");
    assert_eq!(code(&send(&stage, "Hi").await.1), NOT_OWNER);
    let typing = json!({"recipient": {"id": MARA_ON_INSTA}, "sender_action": "typing_on"});
    assert_eq!(code(&stage.post("/me/messages", &typing).await.1), NOT_OWNER_ACTION);
    let asked = "/me/conversations?platform=instagram&fields=is_owner";
    assert_eq!(stage.get(asked).await.1["data"][0]["is_owner"], false);
    let take = json!({"recipient": {"id": MARA_ON_INSTA}});
    assert_eq!(stage.post("/me/take_thread_control", &take).await.0, 200);
    assert_eq!(stage.get(asked).await.1["data"][0]["is_owner"], true);
    assert_eq!(send(&stage, "Hi").await.0, 200);
    stage.settled().await;

    stage.sim.inbox_answers(&insta(), &mara(), "From the phone", false).unwrap();
    stage.settled().await;
    let events = stage.receiver.events();
    let (_, taken) = events.iter().find(|(_, e)| e.get("take_thread_control").is_some()).unwrap();
    assert_eq!(taken["take_thread_control"]["new_owner_app_id"], "1217981644879628");
    let field = stage.sim.webhooks().into_iter().find(|w| w.event.get("take_thread_control").is_some());
    assert_eq!(field.unwrap().field, "messaging_handover");
}

#[tokio::test]
async fn instagram_is_heard_through_the_pages_subscription_and_the_apps_own_fields() {
    let stage = Stage::with_instagram().await;
    stage.sim.unsubscribe(&stage.page, &stage.ours);
    stage.mara_says_on_instagram(&Said::text("Nobody hears this"));
    stage.post("/me/subscribed_apps?subscribed_fields=messages", &json!({})).await;
    let app_token = SecretString::from(format!("{}|{}", stage.ours, crate::stage::APP_SECRET));
    let wish = json!({
        "object": "instagram", "callback_url": stage.receiver.url(), "verify_token": "right",
        "fields": "messages", "include_values": true,
    });
    let path = format!("/{}/subscriptions", stage.ours);
    assert_eq!(stage.post_as(&app_token, &path, &wish).await.0, 200);
    let first = stage.mara_says_on_instagram(&Said::text("Heard"));
    stage.sim.customer_reacts(&insta(), &mara(), &first, Some("love")).unwrap();
    stage.mara_says_on_instagram(&Said::text("Heard too"));
    stage.settled().await;
    let texts: Vec<_> = stage.receiver.events().iter().map(|(_, e)| e["message"]["text"].clone()).collect();
    assert_eq!(texts, ["Heard", "Heard too"], "the reaction's field was not chosen");
    let (_, listed) = stage.get_as(&app_token, &path).await;
    let objects: Vec<_> = listed["data"].as_array().unwrap().iter().map(|o| o["object"].clone()).collect();
    assert_eq!(objects, ["page", "instagram"]);
}

/// Whoever shows Messenger's thumb draws it from its id, and not from the file that comes with it.
#[tokio::test]
async fn a_sticker_is_the_one_that_its_file_shows() {
    const THUMB: u64 = 369_239_263_222_822;
    let stage = Stage::with_instagram().await;
    let sticker = Thing::Sticker { id: None, form: StickerForm::Sticker };
    stage.mara_says_on_instagram(&Said { things: vec![sticker], ..Said::default() });
    stage.settled().await;
    let (_, event) = stage.receiver.events().pop().unwrap();
    let payload = &event["message"]["attachments"][0]["payload"];
    assert!(payload["sticker_id"].is_u64(), "{event}");
    assert_ne!(payload["sticker_id"], THUMB);
}

#[rstest]
#[case(json!({"attachment": {"type": "template", "payload": {"template_type": "receipt"}}}))]
#[case(json!({"text": "Hi", "quick_replies": [{"content_type": "user_email"}]}))]
#[case(json!({"sticker_id": "369239263222822"}))]
#[case(json!({"attachment": {"type": "template", "payload": {
    "template_type": "button", "text": "Call us",
    "buttons": [{"type": "phone_number", "title": "Call", "payload": "+4930000000"}],
}}}))]
#[tokio::test]
async fn what_instagram_does_not_carry(#[case] message: Value) {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    assert_eq!(code(&stage.post("/me/messages", &to_mara(&message)).await.1), BAD);
}

#[rstest]
#[case(json!({"attachment": {"type": "like_heart"}}))]
#[case(json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "18000000000000001"}}}))]
#[case(json!({"text": "Which one?", "quick_replies": [{"content_type": "text", "title": "Blue", "payload": "B"}]}))]
#[tokio::test]
async fn what_only_instagram_carries_or_both(#[case] message: Value) {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let (status, body) = stage.post("/me/messages", &to_mara(&message)).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn things_of_the_other_platform_are_refused() {
    let stage = Stage::with_instagram().await;
    let place = Said::thing(Thing::Location { lat: 52.5, long: 13.4 });
    assert!(stage.sim.customer_says(&insta(), &mara(), &place).is_err());
    let mention = Said::thing(Thing::StoryMention);
    assert!(stage.sim.customer_says(&stage.page, &stage.mara, &mention).is_err());
    let nothing = Said::default();
    assert!(stage.sim.customer_says(&insta(), &mara(), &nothing).is_err());
}
