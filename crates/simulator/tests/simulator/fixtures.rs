//! The contract: what the simulator says has the keys and types of the fixtures, both ways.

use std::collections::BTreeSet;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::stage::{APP_SECRET, MARA, Stage};

fn fixture(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"))).unwrap()
}

/// Every path in a value with its type: `data[].participants.data[].name: string`.
fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, into: &mut BTreeSet<String>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(items) => {
                items.iter().for_each(|item| walk(item, &format!("{path}[]"), into));
                "list"
            }
            Value::Object(object) => {
                object.iter().for_each(|(key, item)| walk(item, &format!("{path}.{key}"), into));
                "object"
            }
        };
        into.insert(format!("{path}: {kind}"));
    }
    let mut into = BTreeSet::new();
    walk(value, "", &mut into);
    into
}

/// Both ways; `but` names what one side may have alone, with the reason beside each use.
#[track_caller]
fn assert_same_shape(ours: &Value, theirs: &Value, but: &[&str]) {
    let (ours, theirs) = (shape(ours), shape(theirs));
    let differing: Vec<_> = ours.symmetric_difference(&theirs).collect();
    let unexpected: Vec<_> =
        differing.into_iter().filter(|path| !but.iter().any(|b| path.starts_with(b))).collect();
    assert!(
        unexpected.is_empty(),
        "only on one side: {unexpected:#?}\nours: {ours:#?}\nfixture: {theirs:#?}"
    );
}

#[test]
fn the_comparison_itself_notices_missing_extra_and_retyped_keys() {
    let (a, b) = (json!({"x": 1, "y": [{"z": "t"}]}), json!({"x": "1", "y": [{"w": "t"}]}));
    let differing: Vec<_> = shape(&a).symmetric_difference(&shape(&b)).cloned().collect();
    assert_eq!(differing, [".x: number", ".x: string", ".y[].w: string", ".y[].z: string"]);
}

#[tokio::test]
async fn errors_have_the_codes_and_statuses_of_the_fixtures() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let errors = fixture("graph_errors.json");
    for (name, expected) in errors.as_object().unwrap() {
        let effect = baton_simulator::Effect::SendRefused { error: name.clone() };
        stage.sim.add_fault(baton_simulator::Fault::once(effect)).unwrap();
        let (status, body) = stage.send("Hi").await;
        assert_eq!(json!(status), expected["http_status"], "{name}");
        for key in ["code", "error_subcode", "type", "is_transient"] {
            assert_eq!(body["error"].get(key), expected["body"]["error"].get(key), "{name}: {key}");
        }
        assert_same_shape(&body, &expected["body"], &[]);
    }
}

#[tokio::test]
async fn reads_have_the_shape_of_the_fixtures() {
    let stage = Stage::with_routing().await;
    let others = ["Jonas Weber", "Tomasz Wilk"]
        .map(|name| stage.sim.add_customer(&stage.page, baton_simulator::NewCustomer::named(name)).unwrap());
    stage.mara_writes("Where is my parcel?");
    for other in &others {
        stage.sim.customer_writes(&stage.page, other, "Hello").unwrap();
    }
    let fields = "id,link,updated_time,message_count,unread_count,snippet,can_reply,is_subscribed,\
                  scoped_thread_key,participants,senders,is_owner";
    let (_, ours) =
        stage.get(&format!("/{}/conversations?platform=messenger&limit=2&fields={fields}", stage.page)).await;
    assert_same_shape(&ours, &fixture("graph_conversations_messenger_page1.json"), &[]);

    let next = format!(
        "/{}/conversations?platform=messenger&limit=2&after={}",
        stage.page,
        ours["paging"]["cursors"]["after"].as_str().unwrap()
    );
    let (_, last) = stage.get(&next).await;
    assert_same_shape(&last, &fixture("graph_conversations_messenger_last.json"), &[]);
    let (_, nobody) = stage.get("/me/conversations?platform=messenger&user_id=1").await;
    assert_same_shape(&nobody, &fixture("graph_conversations_empty.json"), &[]);
    let path = format!("/me/conversations?platform=messenger&fields=id&user_id={MARA}");
    let (_, one) = stage.get(&path).await;
    // The fixture shows the list alone; a list of one still has its cursors.
    assert_same_shape(&one, &fixture("graph_conversation_by_user.json"), &[".paging"]);

    let (_, profile) = stage
        .get(&format!("/{MARA}?fields=first_name,last_name,name,profile_pic,locale,timezone,gender"))
        .await;
    assert_same_shape(&profile, &fixture("graph_user_profile_messenger.json"), &[]);
    let (_, status) = stage.get("/me?fields=messaging_feature_status").await;
    assert_same_shape(&status, &fixture("graph_messaging_feature_status.json"), &[]);
    let (_, apps) = stage.get("/me/subscribed_apps").await;
    assert_same_shape(&apps, &fixture("graph_subscribed_apps.json"), &[]);
}

#[tokio::test]
async fn messages_have_the_shape_of_the_fixtures() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let first = stage.thread().messages[0].mid.clone();
    let picture = json!({
        "recipient": {"id": MARA}, "messaging_type": "RESPONSE",
        "message": {"attachment": {"type": "image", "payload": {"url": "https://a.example.invalid/x.jpg"}}},
    });
    stage.post("/me/messages", &picture).await;
    stage.sim.customer_replies(&stage.page, &stage.mara, "Yes, that one", &first).unwrap();
    let conversation = stage.thread().id;
    let fields = "messages.limit(2){id,created_time,from,to,message,attachments,tags}";
    let (_, ours) = stage.get(&format!("/{conversation}?fields={fields}")).await;
    assert_same_shape(&ours, &fixture("graph_conversation_messages.json"), &[]);

    let reply = stage.thread().messages[2].mid.clone();
    let (_, ours) = stage.get(&format!("/{reply}?fields=id,created_time,from,to,message,reply_to")).await;
    assert_same_shape(&ours, &fixture("graph_message.json")["variants"]["text"], &[]);
}

#[tokio::test]
async fn accounts_and_tokens_have_the_shape_of_the_fixtures() {
    let stage = Stage::with_routing().await;
    let user = stage.sim.user_token().unwrap();
    let fields = "access_token,category,category_list,name,id,tasks";
    let (_, ours) = stage.get_as(&user, &format!("/me/accounts?fields={fields}")).await;
    // Instagram accounts are not simulated yet.
    assert_same_shape(&ours, &fixture("graph_me_accounts.json"), &[".data[].instagram_business_account"]);
    let app_token = SecretString::from(format!("{}|{APP_SECRET}", stage.ours));
    let path = format!("/debug_token?input_token={}", stage.token.expose_secret());
    let variants = fixture("graph_debug_token.json")["variants"].clone();
    let (_, alive) = stage.get_as(&app_token, &path).await;
    assert_same_shape(&alive, &variants["page_token"], &[]);
    stage.sim.kill_tokens(&stage.page, 460).unwrap();
    let (_, dead) = stage.get_as(&app_token, &path).await;
    assert_same_shape(&dead, &variants["invalid"], &[]);
}

#[tokio::test]
async fn sends_and_control_answer_in_the_shape_of_the_fixtures() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    let owner = format!("/me/thread_owner?recipient={MARA}");
    let owners = fixture("graph_thread_owner.json")["variants"].clone();
    assert_same_shape(&stage.get(&owner).await.1, &owners["other_owner_and_not_default_app"], &[]);
    let (_, taken) = stage.control(&stage.ours, "take", json!({})).await;
    assert_same_shape(&taken, &fixture("graph_success_true.json"), &[]);
    assert_same_shape(&stage.get(&owner).await.1, &owners["visible"], &[]);
    let sends = fixture("graph_send_responses.json")["variants"].clone();
    assert_same_shape(&stage.send("Hi").await.1, &sends["message"], &[]);
    let action = json!({"recipient": {"id": MARA}, "sender_action": "typing_on"});
    assert_same_shape(&stage.post("/me/messages", &action).await.1, &sends["sender_action"], &[]);
    stage.control(&stage.ours, "release", json!({})).await;
    assert_same_shape(&stage.get(&owner).await.1, &owners["idle"], &[]);
}

#[tokio::test]
async fn webhooks_have_the_shape_of_the_fixtures() {
    let stage = Stage::without_routing().await;
    let first = |name: &str| {
        let mut body = fixture(name);
        body["entry"].as_array_mut().unwrap().truncate(1);
        body
    };
    stage.mara_writes("Hi, is the blue kettle still in stock?");
    let mut send = stage.response("Yes, we have three left.");
    send["message"]["metadata"] = "bt1:out:1".into();
    stage.post("/me/messages", &send).await;
    stage.sim.customer_receives(&stage.page, &stage.mara).unwrap();
    stage.sim.customer_reads(&stage.page, &stage.mara).unwrap();
    let mid = stage.thread().messages[1].mid.clone();
    stage.sim.customer_reacts(&stage.page, &stage.mara, &mid, Some("love")).unwrap();
    stage.sim.customer_replies(&stage.page, &stage.mara, "Yes, that one", &mid).unwrap();
    stage.sim.customer_taps(&stage.page, &stage.mara, "Talk to a person", "FX_HUMAN").unwrap();
    stage.webhooks(7).await;
    let expected = [
        ("page_message_text.json", &[][..]),
        ("page_echo_own_app.json", &[]),
        // Real deliveries may lack the time; ours have it.
        ("page_delivery.json", &[".entry[].messaging[].timestamp"]),
        ("page_read.json", &[]),
        ("page_reaction.json", &[]),
        ("page_message_reply_to.json", &[]),
        ("page_postback.json", &[]),
    ];
    for (got, (name, but)) in stage.receiver.got().iter().zip(expected) {
        assert_same_shape(&got.json(), &first(name), but);
    }
}

#[tokio::test]
async fn handovers_and_standby_have_the_shape_of_the_fixtures() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Where is my parcel?");
    stage.control(&stage.bot, "pass", json!({"target_app_id": stage.ours, "metadata": "refund"})).await;
    stage.webhooks(2).await;
    let got = stage.receiver.got();
    let mut standby = fixture("page_standby.json");
    standby["entry"].as_array_mut().unwrap().truncate(1);
    assert_same_shape(&got[0].json(), &standby, &[]);
    let mut pass = fixture("page_handover_pass.json");
    pass["entry"].as_array_mut().unwrap().truncate(1);
    assert_same_shape(&got[1].json(), &pass, &[]);

    stage.sim.seize(&stage.page, &stage.mara, Some(&stage.ours)).unwrap();
    let both = baton_simulator::RoutingMode::On {
        default_app: stage.bot.clone(),
        may_take: vec![stage.bot.clone(), stage.ours.clone()],
    };
    stage.sim.set_routing(&stage.page, &both).unwrap();
    stage.control(&stage.bot, "take", json!({})).await;
    stage.webhooks(3).await;
    assert_same_shape(&stage.receiver.got()[2].json(), &fixture("page_handover_take.json"), &[]);

    stage.sim.seize(&stage.page, &stage.mara, Some(&stage.ours)).unwrap();
    stage.sim.set_routing(&stage.page, &baton_simulator::RoutingMode::Off).unwrap();
    stage.control(&stage.bot, "request", json!({"metadata": "bot would like to continue"})).await;
    stage.webhooks(4).await;
    assert_same_shape(&stage.receiver.got()[3].json(), &fixture("page_handover_request.json"), &[]);
}
