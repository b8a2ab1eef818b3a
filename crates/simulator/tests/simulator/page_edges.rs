//! A Page's other edges: moderation, personas, labels, Messenger profile, policy (docs/meta.md 2.6.20, 4.9, 4.10, 9).

use baton_simulator::{PolicyNotice, Profile};
use serde_json::{Value, json};

use crate::stage::{MARA, Stage, code};

async fn delete(stage: &Stage, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/v26.0{path}", stage.sim.base_url());
    let token = secrecy::ExposeSecret::expose_secret(&stage.token);
    let answer = stage.http.delete(url).bearer_auth(token).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_blocked_person_neither_writes_nor_is_written_to() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Rude words");
    let moderate = |action: &str| json!({"user_ids": [MARA], "actions": [action]});
    assert_eq!(
        stage.post("/me/moderate_conversations", &moderate("block_user")).await,
        (200, json!({"success": true}))
    );
    assert_eq!(code(&stage.send("Hi").await.1), (551, 1545041));
    assert!(stage.sim.customer_writes(&stage.page, &stage.mara, "More").is_err());
    stage.post("/me/moderate_conversations", &moderate("unblock_user")).await;
    assert_eq!(stage.send("Hi").await.0, 200);
    stage.post("/me/moderate_conversations", &moderate("move_to_spam")).await;
    assert_eq!(stage.get("/me/conversations?platform=messenger").await.1, json!({"data": []}));
    for broken in [
        json!({"user_ids": [MARA], "actions": ["dance"]}),
        json!({"user_ids": [], "actions": ["block_user"]}),
        json!({"user_ids": vec![MARA; 11], "actions": ["block_user"]}),
        json!({"user_ids": [MARA], "actions": ["block_user", "ban_user", "move_to_spam"]}),
    ] {
        assert_eq!(code(&stage.post("/me/moderate_conversations", &broken).await.1), (100, 0), "{broken}");
    }
}

#[tokio::test]
async fn a_restricted_page_is_told_and_cannot_send_until_it_is_lifted() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.policy_notice(&stage.page, PolicyNotice::Warning, "First word").unwrap();
    assert_eq!(stage.send("Hi").await.0, 200);
    stage.sim.policy_notice(&stage.page, PolicyNotice::Block, "Repeated warnings").unwrap();
    assert_eq!(code(&stage.send("Hi").await.1), (10, 1893063));
    stage.sim.policy_notice(&stage.page, PolicyNotice::Unblock, "").unwrap();
    assert_eq!(stage.send("Hi").await.0, 200);
    stage.settled().await;
    let events = stage.receiver.events();
    let actions: Vec<_> =
        events.iter().filter_map(|(_, e)| e.pointer("/policy_enforcement/action").cloned()).collect();
    assert_eq!(actions, ["warning", "block", "unblock"]);
}

#[tokio::test]
async fn a_persona_is_made_used_and_taken_away() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let ines = json!({"name": "Ines K.", "profile_picture_url": "https://files.example.invalid/ines.jpg"});
    let (_, made) = stage.post("/me/personas", &ines).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let mut send = stage.response("Ines here.");
    send["persona_id"] = id.as_str().into();
    assert_eq!(stage.post("/me/messages", &send).await.0, 200);
    assert_eq!(stage.thread().messages[1].persona_id.as_ref(), Some(&id));
    let (_, shown) = stage.get(&format!("/{id}")).await;
    assert_eq!(shown["name"], "Ines K.");
    assert_eq!(delete(&stage, &format!("/{id}"), &json!({})).await, (200, json!({"success": true})));
    assert_eq!(stage.get("/me/personas").await.1, json!({"data": []}));
    assert_eq!(code(&stage.post("/me/messages", &send).await.1), (100, 0));
    let nameless = json!({"name": "x".repeat(51), "profile_picture_url": "https://a.invalid/"});
    assert_eq!(code(&stage.post("/me/personas", &nameless).await.1), (100, 0));
}

#[tokio::test]
async fn labels_are_made_put_on_people_and_taken_away() {
    let stage = Stage::without_routing().await;
    let (_, made) = stage.post("/me/custom_labels", &json!({"page_label_name": "VIP"})).await;
    let label = made["id"].as_str().unwrap().to_owned();
    let on = json!({"user": MARA});
    assert_eq!(stage.post(&format!("/{label}/label"), &on).await, (200, json!({"success": true})));
    let (_, hers) = stage.get(&format!("/{MARA}/custom_labels")).await;
    assert_eq!(hers["data"], json!([{"id": label, "page_label_name": "VIP"}]));
    delete(&stage, &format!("/{label}/label"), &on).await;
    assert_eq!(stage.get(&format!("/{MARA}/custom_labels")).await.1["data"], json!([]));
    delete(&stage, &format!("/{label}"), &json!({})).await;
    assert_eq!(stage.get("/me/custom_labels").await.1["data"], json!([]));
    let url = format!("{}/control/pages/{}/switches", stage.sim.base_url(), stage.page);
    stage.http.post(url).json(&json!({"has_label_terms": false})).send().await.unwrap();
    assert_eq!(code(&stage.get("/me/custom_labels").await.1), (2, 2018344));
}

#[tokio::test]
async fn a_menu_needs_a_start_and_each_platform_has_a_profile_of_its_own() {
    let stage = Stage::with_instagram().await;
    let menu = json!({"persistent_menu": [{"locale": "default", "call_to_actions": []}]});
    assert_eq!(code(&stage.post("/me/messenger_profile", &menu).await.1), (100, 0));
    let start = json!({"get_started": {"payload": "FX"}});
    assert_eq!(stage.post("/me/messenger_profile", &start).await.1, json!({"result": "success"}));
    assert_eq!(stage.post("/me/messenger_profile", &menu).await.0, 200);
    let asked = "/me/messenger_profile?fields=get_started,greeting";
    assert_eq!(stage.get(asked).await.1["data"], json!([start]));
    assert_eq!(stage.get(&format!("{asked}&platform=instagram")).await.1["data"], json!([]));
    let five = json!({"ice_breakers": [{"locale": "default", "call_to_actions": vec![json!({}); 5]}]});
    assert_eq!(code(&stage.post("/me/messenger_profile", &five).await.1), (100, 0));
    delete(&stage, "/me/messenger_profile", &json!({"fields": ["get_started"]})).await;
    assert_eq!(stage.get(asked).await.1["data"], json!([]));
}

#[tokio::test]
async fn profiles_that_are_missing_in_every_way() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let path = format!("/{MARA}?fields=first_name,last_name,name,profile_pic");
    let ask = async |profile| {
        stage.sim.set_profile(&stage.page, &stage.mara, profile).unwrap();
        stage.get(&path).await
    };
    assert_eq!(ask(Profile::Full).await.1["name"], "Mara Lindt");
    assert_eq!(ask(Profile::Empty).await, (200, json!({})));
    let (_, partial) = ask(Profile::Partial).await;
    assert_eq!((partial.get("profile_pic"), &partial["name"]), (None, &json!("Mara Lindt")));
    assert_eq!(code(&ask(Profile::Missing).await.1), (100, 2018218));
    let (status, refused) = ask(Profile::NoConsent).await;
    assert_eq!((status, code(&refused)), (403, (230, 0)));
    stage.sim.set_profile(&stage.page, &stage.mara, Profile::Full).unwrap();
    let url = format!("{}/control/pages/{}/switches", stage.sim.base_url(), stage.page);
    stage.http.post(url).json(&json!({"is_profile_access_approved": false})).send().await.unwrap();
    assert_eq!(code(&stage.get(&path).await.1), (100, 2018247));
    let (_, list) = stage.get("/me/conversations?platform=messenger&fields=participants").await;
    assert_eq!(list["data"][0]["participants"]["data"][0]["name"], "Mara Lindt", "the list still names her");
}

#[tokio::test]
async fn a_batch_answers_part_by_part_and_holds_fifty() {
    let stage = Stage::without_routing().await;
    let batch = |parts: Vec<Value>| json!({ "batch": parts });
    let name = json!({"method": "GET", "relative_url": "me?fields=name"});
    let nested = json!({"method": "POST", "relative_url": "", "body": "batch=[]"});
    let (status, parts) = stage.post("/", &batch(vec![name.clone(), nested])).await;
    assert_eq!(status, 200);
    let body: Value = serde_json::from_str(parts[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&parts[0]["code"], &body["name"]), (&json!(200), &json!("Northwind Tea")));
    assert_eq!(parts[1]["code"], 400, "a batch in a batch");
    assert_eq!(stage.post("/", &batch(vec![name.clone(); 50])).await.0, 200);
    assert_eq!(code(&stage.post("/", &batch(vec![name; 51])).await.1), (100, 0));
}
