//! Every call of the reference that we use, held against the fixture of its answer: keys and types, both ways.

use std::collections::BTreeSet;

use baton_simulator::{NewCustomer, NewPage, RoutingMode, Said, StickerForm, Thing};
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::complete::asked_by_graph;
use super::shape::{difference, fixture, fixtures_named};
use crate::login::{BACK, agrees, exchanges};
use crate::stage::{APP_SECRET, KITE, MARA, MARA_ON_INSTA, Stage, TEA};

type Call = for<'a> fn(&'a Stage) -> BoxFuture<'a, Value>;

/// One call, and the fixture that its answer must look like.
struct Row {
    call: &'static str,
    fixture: &'static str,
    /// Empty: the fixture is one body.
    variant: &'static str,
    make: Call,
    /// Paths in which the two may differ; the reason stands beside each.
    but: &'static [&'static str],
}

macro_rules! rows {
    ($($call:literal $fixture:ident $($variant:ident)? |$stage:ident| $make:block $(but $but:expr)?;)*) => {
        &[$(Row {
            call: $call,
            fixture: stringify!($fixture),
            variant: rows!(@variant $($variant)?),
            make: |$stage| Box::pin(async move { $make }),
            but: rows!(@but $($but)?),
        }),*]
    };
    (@variant) => { "" };
    (@variant $variant:ident) => { stringify!($variant) };
    (@but) => { &[] };
    (@but $but:expr) => { &$but };
}

const LINKED_INSTAGRAM: &str = "/me?fields=id,name,instagram_business_account{id,username}";

const EVERY_FACT: &str = "id,link,updated_time,message_count,unread_count,snippet,can_reply,is_subscribed,\
                          scoped_thread_key,participants,senders,is_owner";

const ROWS: &[Row] = rows! {
    "GET /oauth/access_token?code=" graph_code_exchange |s| {
        let code = agrees(s, "facebook", &[TEA]).await;
        exchanges(s, &[("redirect_uri", BACK), ("code", &code)]).await.1
    };
    "GET /oauth/access_token?grant_type=fb_exchange_token" graph_token_exchange |s| {
        let user = s.sim.user_token().unwrap();
        let query = [
            ("grant_type", "fb_exchange_token"),
            ("client_id", s.ours.as_str()),
            ("client_secret", APP_SECRET),
            ("fb_exchange_token", user.expose_secret()),
        ];
        let url = format!("{}/v26.0/oauth/access_token", s.sim.base_url());
        s.http.get(url).query(&query).send().await.unwrap().json().await.unwrap()
    };
    "GET /me/accounts" graph_me_accounts |s| {
        s.sim.add_page(NewPage { may_message: false, ..NewPage::without_routing(KITE, "Kite & Co") });
        let fields = "access_token,category,category_list,name,id,tasks,instagram_business_account{id,username}";
        s.get_as(&s.sim.user_token().unwrap(), &format!("/me/accounts?fields={fields}")).await.1
    };
    "GET /me?fields=id,name" graph_me |s| { get(s, "/me?fields=id,name").await };
    "GET /{app}?fields=id" graph_app |s| {
        s.get_as(&app_token(s), &format!("/{}?fields=id", s.ours)).await.1
    };
    "GET /me?fields=id,name,instagram_business_account{…}" graph_linked_instagram linked |s| {
        get(s, LINKED_INSTAGRAM).await
    };
    "GET /me?fields=id,name,instagram_business_account{…}" graph_linked_instagram none |s| {
        let token = s.sim.add_page(NewPage::without_routing(KITE, "Kite & Co"));
        s.get_as(&token, LINKED_INSTAGRAM).await.1
    };
    "GET /debug_token" graph_debug_token page_token |s| { inspected(s).await };
    "GET /debug_token" graph_debug_token invalid |s| {
        s.sim.kill_tokens(&s.page, 460).unwrap();
        inspected(s).await
    };
    "GET /{page}/subscribed_apps" graph_subscribed_apps |s| { get(s, "/me/subscribed_apps").await };
    "POST /{page}/subscribed_apps" graph_success_true |s| {
        s.post("/me/subscribed_apps?subscribed_fields=messages", &json!({})).await.1
    };
    "DELETE /{page}/subscribed_apps" graph_success_true |s| { delete(s, "/me/subscribed_apps").await };
    "POST /{app}/subscriptions" graph_success_true |s| {
        let wish = json!({
            "object": "page", "callback_url": s.receiver.url(), "verify_token": "right", "fields": "messages",
        });
        s.post_as(&app_token(s), &format!("/{}/subscriptions", s.ours), &wish).await.1
    };
    "GET /{app}/subscriptions" graph_app_subscriptions |s| {
        s.get_as(&app_token(s), &format!("/{}/subscriptions", s.ours)).await.1
    };
    "GET /me/secondary_receivers" graph_secondary_receivers |s| {
        let mode = RoutingMode::HopV2 { primary: s.ours.clone(), secondary: vec![s.bot.clone()] };
        s.sim.set_routing(&s.page, &mode).unwrap();
        get(s, "/me/secondary_receivers?fields=id,name").await
    };
    "GET /me?fields=messaging_feature_status" graph_messaging_feature_status |s| {
        get(s, "/me?fields=messaging_feature_status").await
    };
    "GET /{page}/conversations?platform=messenger" graph_conversations_messenger_page1 |s| {
        routed(s);
        three_write(s);
        get(s, &format!("/{TEA}/conversations?platform=messenger&limit=2&fields={EVERY_FACT}")).await
    };
    "GET /{page}/conversations?after=" graph_conversations_messenger_last |s| {
        three_write(s);
        let first = get(s, "/me/conversations?platform=messenger&limit=2").await;
        let after = first["paging"]["cursors"]["after"].as_str().unwrap().to_owned();
        get(s, &format!("/{TEA}/conversations?platform=messenger&limit=2&after={after}")).await
    };
    "GET /{page}/conversations?user_id= of nobody" graph_conversations_empty |s| {
        get(s, "/me/conversations?platform=messenger&user_id=1").await
    };
    // The fixture shows the list alone; a list of one still has its cursors.
    "GET /{page}/conversations?user_id=" graph_conversation_by_user |s| {
        three_write(s);
        get(s, &format!("/me/conversations?platform=messenger&fields=id&user_id={MARA}")).await
    } but [".paging"];
    "GET /{page}/conversations?user_id=&fields=messages{…}" graph_conversation_with messenger |s| {
        talk_of_every_kind(s).await;
        let fields = newest_messages();
        get(s, &format!("/me/conversations?platform=messenger&fields={fields}&user_id={MARA}")).await
    } but [".paging"];
    "GET /{page}/conversations?user_id=&fields=messages{…}" graph_conversation_with instagram |s| {
        s.mara_says_on_instagram(&Said::text("Do you ship?"));
        s.mara_says_on_instagram(&Said::thing(Thing::StoryMention));
        let fields = newest_messages();
        get(s, &format!("/me/conversations?platform=instagram&fields={fields}&user_id={MARA_ON_INSTA}")).await
    } but [".paging"];
    "GET /{page}/conversations?user_id=&fields=is_owner" graph_conversation_with owner |s| {
        owned(s).await;
        get(s, &format!("/me/conversations?platform=messenger&fields=id,is_owner&user_id={MARA}")).await
    } but [".paging"];
    "GET /{page}/conversations?platform=instagram" graph_conversations_instagram |s| {
        s.mara_says_on_instagram(&Said::text("Hello"));
        get(s, "/me/conversations?platform=instagram&fields=id,updated_time,participants").await
    };
    "GET /{conversation}?fields=messages{…}" graph_conversation_messages |s| {
        picture_and_answer(s).await;
        let fields = "messages.limit(2){id,created_time,from,to,message,attachments,tags}";
        get(s, &format!("/{}?fields={fields}", s.thread().id)).await
    };
    "GET /{conversation}/messages" graph_conversation_messages_edge |s| {
        picture_and_answer(s).await;
        let fields = "id,created_time,from,to,message,attachments,tags";
        get(s, &format!("/{}/messages?fields={fields}&limit=2", s.thread().id)).await
    };
    "GET /{mid}" graph_message text |s| {
        s.mara_writes("Hello");
        let first = s.thread().messages[0].mid.clone();
        s.sim.customer_replies(&s.page, &s.mara, "Yes, that one", &first).unwrap();
        newest(s, "reply_to").await
    };
    // An edge has its cursors only where there can be more.
    "GET /{mid}" graph_message attachments |s| {
        let things = vec![Thing::Video, Thing::File { name: None }, Thing::Audio];
        s.sim.customer_says(&s.page, &s.mara, &Said { things, ..Said::default() }).unwrap();
        newest(s, "attachments").await
    } but [".attachments.paging"];
    "GET /{mid}" graph_message generic_template |s| {
        s.mara_writes("Hello");
        let element = json!({
            "title": "Blue kettle", "subtitle": "1.7 l", "image_url": "https://x.example.invalid/k.jpg",
            "buttons": [{"type": "web_url", "title": "Open shop", "url": "https://shop.example.invalid/"}],
        });
        let payload = json!({"template_type": "generic", "elements": [element]});
        sends(s, &json!({"attachment": {"type": "template", "payload": payload}})).await;
        newest(s, "attachments").await
    };
    "GET /{mid}" graph_message shares_and_reactions |s| {
        let mid = s.sim
            .customer_says(&s.page, &s.mara, &Said::thing(Thing::Post { title: "Autumn".into() }))
            .unwrap();
        let react = json!({
            "recipient": {"id": MARA}, "sender_action": "react",
            "payload": {"message_id": mid, "reaction": "love"},
        });
        s.post("/me/messages", &react).await;
        newest(s, "shares{id,link,name},reactions").await
    };
    "GET /{mid} on Instagram" graph_message instagram_text |s| {
        let mid = s.mara_says_on_instagram(&Said::text("Do you ship?"));
        get(s, &format!("/{mid}?fields=id,created_time,to,from,message")).await
    };
    "GET /{mid} on Instagram" graph_message instagram_story_mention |s| {
        let mid = s.mara_says_on_instagram(&Said::thing(Thing::StoryMention));
        get(s, &format!("/{mid}?fields=story")).await
    };
    "GET /{psid}" graph_user_profile_messenger |s| {
        let fields = "first_name,last_name,name,profile_pic,locale,timezone,gender";
        get(s, &format!("/{MARA}?fields={fields}")).await
    };
    "GET /{igsid}" graph_user_profile_instagram |s| {
        s.mara_says_on_instagram(&Said::text("Hello"));
        let fields = "name,username,profile_pic,follower_count,is_user_follow_business,\
                      is_business_follow_user,is_verified_user";
        get(s, &format!("/{MARA_ON_INSTA}?fields={fields}")).await
    };
    "POST /{page}/messages" graph_send_responses message |s| {
        s.mara_writes("Hello");
        sends(s, &json!({"text": "Hi"})).await
    };
    "POST /{page}/messages" graph_send_responses message_with_attachment |s| {
        s.mara_writes("Hello");
        sends(s, &json!({"attachment": image()})).await
    };
    "POST /{page}/messages with a sender action" graph_send_responses sender_action |s| {
        s.mara_writes("Hello");
        s.post("/me/messages", &json!({"recipient": {"id": MARA}, "sender_action": "typing_on"})).await.1
    };
    "POST /{page}/message_attachments" graph_send_responses attachment_upload |s| {
        s.post("/me/message_attachments", &json!({"message": {"attachment": image()}})).await.1
    };
    "POST /{page}/moderate_conversations" graph_success_true |s| {
        let wish = json!({"user_ids": [MARA], "actions": ["block_user"]});
        s.post("/me/moderate_conversations", &wish).await.1
    };
    "POST /{page}/take_thread_control" graph_success_true |s| {
        routed(s);
        s.mara_writes("Hello");
        s.control(&s.ours, "take", json!({})).await.1
    };
    "POST /{page}/request_thread_control" graph_success_true |s| {
        s.mara_writes("Hello");
        s.control(&s.ours, "request", json!({})).await.1
    };
    "POST /{page}/pass_thread_control" graph_success_true |s| {
        owned(s).await;
        s.control(&s.ours, "pass", json!({"target_app_id": s.bot})).await.1
    };
    "POST /{page}/release_thread_control" graph_success_true |s| {
        owned(s).await;
        s.control(&s.ours, "release", json!({})).await.1
    };
    "POST /{page}/extend_thread_control" graph_success_true |s| {
        owned(s).await;
        s.control(&s.ours, "extend", json!({"duration": 3600})).await.1
    };
    "GET /{page}/thread_owner" graph_thread_owner visible |s| {
        owned(s).await;
        get(s, &format!("/me/thread_owner?recipient={MARA}")).await
    };
    "GET /{page}/thread_owner" graph_thread_owner other_owner_and_not_default_app |s| {
        routed(s);
        s.mara_writes("Hello");
        get(s, &format!("/me/thread_owner?recipient={MARA}")).await
    };
    "GET /{page}/thread_owner" graph_thread_owner idle |s| {
        get(s, &format!("/me/thread_owner?recipient={MARA}")).await
    };
    "GET /{page}/personas" graph_personas list |s| {
        persona(s).await;
        get(s, "/me/personas").await
    };
    "POST /{page}/personas" graph_personas created |s| { persona(s).await };
    "DELETE /{persona}" graph_personas deleted |s| {
        let id = persona(s).await["id"].as_str().unwrap().to_owned();
        delete(s, &format!("/{id}")).await
    };
    "GET /me/messenger_profile" graph_messenger_profile get |s| {
        let profile = fixture("graph_messenger_profile")["variants"]["get"]["data"][0].clone();
        s.post("/me/messenger_profile", &profile).await;
        get(s, "/me/messenger_profile?fields=get_started,greeting,whitelisted_domains,persistent_menu").await
    };
    "POST /me/messenger_profile" graph_messenger_profile set_or_delete |s| {
        s.post("/me/messenger_profile", &json!({"get_started": {"payload": "FX"}})).await.1
    };
    // A part can be null when it timed out, which none does here.
    "POST / with a batch" graph_batch_response |s| {
        let batch = json!([
            {"method": "GET", "relative_url": "me?fields=name"},
            {"method": "GET", "relative_url": "1?fields=name"},
        ]);
        s.post("/", &json!({ "batch": batch })).await.1
    } but ["[]: null"];
};

/// The calls that have a row.
pub(super) fn calls() -> BTreeSet<&'static str> {
    ROWS.iter().map(|row| row.call).collect()
}

/// Fixtures that no row compares, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("graph_errors", "each error, in the test of errors"),
    ("graph_headers_rate_limit", "headers, in the test of headers"),
    ("graph_send_responses/message_to_user_ref", "a recipient that we never write to"),
];

#[tokio::test]
async fn answers_have_the_shape_of_the_fixtures() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let stage = Stage::with_instagram().await;
        let ours = (row.make)(&stage).await;
        let whole = fixture(row.fixture);
        let expected = if row.variant.is_empty() { &whole } else { &whole["variants"][row.variant] };
        if let Some(why) = difference(&ours, expected, row.but) {
            wrong.push(format!("{} ({} {})\n{why}\nours: {ours:#}", row.call, row.fixture, row.variant));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_answer_of_the_fixtures_has_a_row() {
    let name = |fixture: &str, variant: &str| {
        if variant.is_empty() { fixture.to_owned() } else { format!("{fixture}/{variant}") }
    };
    let made: BTreeSet<String> = ROWS.iter().map(|row| name(row.fixture, row.variant)).collect();
    let mut all = BTreeSet::new();
    for fixture_name in fixtures_named("graph_") {
        match fixture(&fixture_name).get("variants").and_then(Value::as_object) {
            Some(variants) => all.extend(variants.keys().map(|variant| name(&fixture_name, variant))),
            None => drop(all.insert(fixture_name)),
        }
    }
    all.retain(|one| !ELSEWHERE.iter().any(|(elsewhere, _)| one == elsewhere));
    assert_eq!(made, all);
}

#[tokio::test]
async fn errors_have_the_codes_and_statuses_of_the_fixtures() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let errors = fixture("graph_errors");
    for (name, expected) in errors.as_object().unwrap() {
        let effect = baton_simulator::Effect::SendRefused { error: name.clone() };
        stage.sim.add_fault(baton_simulator::Fault::once(effect)).unwrap();
        let (status, body) = stage.send("Hi").await;
        assert_eq!(json!(status), expected["http_status"], "{name}");
        for key in ["code", "error_subcode", "type", "is_transient"] {
            assert_eq!(body["error"].get(key), expected["body"]["error"].get(key), "{name}: {key}");
        }
        assert_eq!(difference(&body, &expected["body"], &[]), None, "{name}");
    }
}

#[tokio::test]
async fn usage_headers_have_the_shape_of_the_fixture() {
    let stage = Stage::without_routing().await;
    let url = format!("{}/v26.0/me", stage.sim.base_url());
    let answer = stage.http.get(url).bearer_auth(stage.token.expose_secret()).send().await.unwrap();
    let expected = fixture("graph_headers_rate_limit");
    for name in ["x-app-usage", "x-business-use-case-usage"] {
        let ours: Value = serde_json::from_str(answer.headers()[name].to_str().unwrap()).unwrap();
        let theirs: Value = serde_json::from_str(expected[name].as_str().unwrap()).unwrap();
        assert_eq!(difference(&ours, &theirs, &[]), None, "{name}");
    }
}

async fn get(stage: &Stage, path: &str) -> Value {
    stage.get(path).await.1
}

async fn delete(stage: &Stage, path: &str) -> Value {
    let url = format!("{}/v26.0{path}", stage.sim.base_url());
    let call = stage.http.delete(url).bearer_auth(stage.token.expose_secret());
    call.send().await.unwrap().json().await.unwrap()
}

fn app_token(stage: &Stage) -> SecretString {
    SecretString::from(format!("{}|{APP_SECRET}", stage.ours))
}

async fn inspected(stage: &Stage) -> Value {
    let path = format!("/debug_token?input_token={}", stage.token.expose_secret());
    stage.get_as(&app_token(stage), &path).await.1
}

fn routed(stage: &Stage) {
    stage.sim.set_routing(&stage.page, &NewPage::with_bot(TEA, "", &stage.ours).routing).unwrap();
}

async fn owned(stage: &Stage) {
    routed(stage);
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
}

fn three_write(stage: &Stage) {
    stage.mara_writes("Where is my parcel?");
    for name in ["Jonas Weber", "Tomasz Wilk"] {
        let id = stage.sim.add_customer(&stage.page, NewCustomer::named(name)).unwrap();
        stage.sim.customer_writes(&stage.page, &id, "Hello").unwrap();
    }
}

async fn sends(stage: &Stage, message: &Value) -> Value {
    let body = json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": message});
    let (status, sent) = stage.post("/me/messages", &body).await;
    assert_eq!(status, 200, "{sent}");
    sent
}

fn image() -> Value {
    json!({"type": "image", "payload": {"url": "https://files.example.invalid/a.jpg", "is_reusable": true}})
}

async fn picture_and_answer(stage: &Stage) {
    stage.mara_writes("Hello");
    sends(stage, &json!({"attachment": image()})).await;
    stage.mara_writes("Thanks");
}

/// What the desk asks for when it reads a thread: the very fields.
fn newest_messages() -> String {
    format!("id,messages.limit(20){{{}}}", asked_by_graph("MESSAGE_FIELDS"))
}

/// One message of each form that a thread on Messenger can show.
async fn talk_of_every_kind(stage: &Stage) {
    stage.mara_writes("Hello");
    sends(stage, &json!({"attachment": image()})).await;
    let picture = stage.thread().messages[1].mid.clone();
    stage.sim.customer_reacts(&stage.page, &stage.mara, &picture, Some("love")).unwrap();
    stage.sim.customer_replies(&stage.page, &stage.mara, "Yes, that one", &picture).unwrap();
    let says = |said: &Said| drop(stage.sim.customer_says(&stage.page, &stage.mara, said).unwrap());
    says(&Said::thing(Thing::Post { title: "Autumn".into() }));
    says(&Said::thing(Thing::Sticker { id: None, form: StickerForm::Sticker }));
    says(&Said { is_unsupported: true, ..Said::default() });
}

async fn newest(stage: &Stage, field: &str) -> Value {
    let mid = stage.thread().messages.last().unwrap().mid.clone();
    get(stage, &format!("/{mid}?fields=id,created_time,from,to,message,{field}")).await
}

async fn persona(stage: &Stage) -> Value {
    let ines = json!({"name": "Ines K.", "profile_picture_url": "https://files.example.invalid/ines.jpg"});
    stage.post("/me/personas", &ines).await.1
}
