//! Reading threads and messages (docs/meta.md 3).

use std::time::Duration;

use baton_simulator::NewCustomer;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::stage::{Stage, code};

async fn with_customers(count: usize) -> Stage {
    let stage = Stage::with_routing().await;
    for n in 0..count {
        let id = stage.sim.add_customer(&stage.page, NewCustomer::named(&format!("Customer {n}"))).unwrap();
        stage.sim.customer_writes(&stage.page, &id, &format!("Hello from {n}")).unwrap();
        stage.sim.advance(Duration::from_secs(60));
    }
    stage
}

#[tokio::test]
async fn pages_of_conversations_follow_next_until_it_is_absent() {
    let stage = with_customers(5).await;
    let first = "/me/conversations?platform=messenger&fields=id,snippet,updated_time&limit=2";
    let (_, mut page) = stage.get(first).await;
    assert!(page["paging"].get("previous").is_none());
    let mut snippets = Vec::new();
    loop {
        let data = page["data"].as_array().unwrap().clone();
        assert!(data.len() <= 2);
        snippets.extend(data.iter().map(|c| c["snippet"].as_str().unwrap().to_owned()));
        let Some(next) = page["paging"].get("next").and_then(Value::as_str) else { break };
        assert!(next.starts_with(&stage.sim.base_url()), "{next}");
        page = stage.http.get(next).send().await.unwrap().json().await.unwrap();
    }
    let expected: Vec<String> = (0..5).rev().map(|n| format!("Hello from {n}")).collect();
    assert_eq!(snippets, expected, "newest first, each once");
    assert!(page["paging"]["previous"].is_string());
}

/// The pages of a list, each as its items' `name`, and the last page whole.
async fn pages(stage: &Stage, first: &str, name: &str) -> (Vec<Vec<Value>>, Value) {
    let (_, mut page) = stage.get(first).await;
    let mut pages = Vec::new();
    loop {
        pages.push(page["data"].as_array().unwrap().iter().map(|item| item[name].clone()).collect());
        let Some(next) = page["paging"].get("next").and_then(Value::as_str) else { return (pages, page) };
        assert!(next.starts_with(&stage.sim.base_url()), "{next}");
        page = stage.http.get(next).send().await.unwrap().json().await.unwrap();
    }
}

#[tokio::test]
async fn pages_may_be_short_or_empty_in_the_middle_and_the_last_one_is_empty() {
    let stage = with_customers(9).await;
    let rule = stage.fault(json!({"effect": "pages_uneven"})).await;
    let first = "/me/conversations?platform=messenger&fields=id,snippet&limit=4";
    let (uneven, last) = pages(&stage, first, "snippet").await;
    assert_eq!(uneven.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2, 0, 3, 0]);
    let all: Vec<Value> = (0..9).rev().map(|n| format!("Hello from {n}").into()).collect();
    assert_eq!(uneven.concat(), all, "newest first, each once");
    assert_eq!(last, json!({"data": []}), "nothing but an empty list");
    assert_eq!(stage.rule().await["struck"], 5);
    for limit in [1, 2] {
        let path = format!("/me/conversations?platform=messenger&fields=snippet&limit={limit}");
        assert_eq!(pages(&stage, &path, "snippet").await.0.concat(), all, "{limit} at a time");
    }

    // By the cursor instead of the link, and from an even page into uneven ones and back.
    let after =
        |page: &Value| format!("{first}&after={}", page["paging"]["cursors"]["after"].as_str().unwrap());
    let short = stage.get(&after(&stage.get(first).await.1)).await.1;
    let empty = stage.get(&after(&short)).await.1;
    assert_eq!(empty["data"], json!([]));
    assert!(empty["paging"]["next"].is_string());
    stage.sim.remove_fault(rule);
    let rest = stage.get(&after(&empty)).await.1;
    assert_eq!(rest["data"].as_array().unwrap().len(), 3);
    assert_eq!(rest["paging"].get("next"), None, "even again");
}

#[tokio::test]
async fn messages_come_in_uneven_pages_too() {
    let stage = Stage::without_routing().await;
    for n in 0..7 {
        stage.mara_writes(&format!("{n}"));
    }
    stage.fault(json!({"effect": "pages_uneven", "call": "messages"})).await;
    let thread = stage.thread().id;
    let (uneven, last) =
        pages(&stage, &format!("/{thread}/messages?fields=message&limit=4"), "message").await;
    assert_eq!(uneven.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2, 0, 1, 0]);
    assert_eq!(uneven.concat(), (0..7).rev().map(|n| json!(n.to_string())).collect::<Vec<_>>());
    assert_eq!(last, json!({"data": []}));
    let (_, within) = stage.get(&format!("/{thread}?fields=messages.limit(4){{message}}")).await;
    assert_eq!(within["messages"]["data"].as_array().unwrap().len(), 4, "the rule names another call");
}

#[tokio::test]
async fn is_owner_is_there_only_when_asked_for_and_routing_is_on() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    let asked = "/me/conversations?platform=messenger&fields=id,is_owner";
    let (_, answer) = stage.get(asked).await;
    assert_eq!(answer["data"][0]["is_owner"], false);
    stage.control(&stage.ours, "take", json!({})).await;
    assert_eq!(stage.get(asked).await.1["data"][0]["is_owner"], true);
    let (_, unasked) = stage.get("/me/conversations?platform=messenger&fields=id").await;
    assert_eq!(unasked["data"][0].get("is_owner"), None);

    let off = Stage::without_routing().await;
    off.mara_writes("Hello");
    assert_eq!(off.get(asked).await.1["data"][0].get("is_owner"), None);
}

#[tokio::test]
async fn details_exist_for_the_twenty_newest_messages_only() {
    let stage = Stage::without_routing().await;
    for n in 0..25 {
        stage.mara_writes(&format!("line {n}"));
    }
    let conversation = stage.thread().id;
    let (_, answer) =
        stage.get(&format!("/{conversation}/messages?fields=id,created_time,message,from&limit=50")).await;
    let messages = answer["data"].as_array().unwrap();
    assert_eq!(messages.len(), 25, "every id is listed");
    assert_eq!(messages[0]["message"], "line 24", "newest first");
    assert_eq!(messages[19]["message"], "line 5");
    assert_eq!(messages[20].get("message"), None);
    assert!(messages[20]["created_time"].is_string());

    let (status, newest) =
        stage.get(&format!("/{}?fields=message", messages[19]["id"].as_str().unwrap())).await;
    assert_eq!((status, &newest["message"]), (200, &json!("line 5")));
    let (_, too_old) = stage.get(&format!("/{}?fields=message", messages[20]["id"].as_str().unwrap())).await;
    assert_eq!(code(&too_old), (100, 9000001));
}

#[tokio::test]
async fn messages_can_be_asked_for_within_the_conversation() {
    let stage = Stage::without_routing().await;
    for n in 0..5 {
        stage.mara_writes(&format!("line {n}"));
    }
    let path = format!("/{}?fields=messages.limit(2){{id,message,created_time}},snippet", stage.thread().id);
    let (_, answer) = stage.get(&path).await;
    let texts: Vec<_> =
        answer["messages"]["data"].as_array().unwrap().iter().map(|m| m["message"].clone()).collect();
    assert_eq!(texts, ["line 4", "line 3"]);
    let next = answer["messages"]["paging"]["next"].as_str().unwrap();
    let more: Value = stage.http.get(next).send().await.unwrap().json().await.unwrap();
    assert_eq!(more["data"][0]["message"], "line 2", "the next link keeps the fields");
    let created = answer["messages"]["data"][0]["created_time"].as_str().unwrap();
    assert!(created.ends_with("+0000") && created.len() == "2026-10-05T09:00:00+0000".len(), "{created}");
}

#[tokio::test]
async fn one_persons_thread_or_none() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let (_, found) = stage.get(&format!("/me/conversations?platform=messenger&user_id={}", stage.mara)).await;
    assert_eq!(found["data"][0]["id"], stage.thread().id);
    let (_, nobody) = stage.get("/me/conversations?platform=messenger&user_id=1").await;
    assert_eq!(nobody, json!({"data": []}));
    assert_eq!(stage.get("/me/conversations?platform=instagram").await.1, json!({"data": []}));
}

#[tokio::test]
async fn unread_counts_what_the_business_has_not_marked() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("one");
    stage.mara_writes("two");
    let path = "/me/conversations?platform=messenger&fields=unread_count,message_count,can_reply";
    assert_eq!(stage.get(path).await.1["data"][0]["unread_count"], 2);
    let seen = json!({"recipient": {"id": stage.mara}, "sender_action": "mark_seen"});
    stage.post("/me/messages", &seen).await;
    let (_, after) = stage.get(path).await;
    assert_eq!(after["data"][0]["unread_count"], 0);
    assert_eq!(after["data"][0]["message_count"], 2);
    assert_eq!(after["data"][0]["can_reply"], true);
    stage.sim.advance(crate::stage::hours(25));
    assert_eq!(stage.get(path).await.1["data"][0]["can_reply"], false);
}

#[tokio::test]
async fn the_profile_of_a_person_and_a_picture_that_loads() {
    let stage = Stage::with_routing().await;
    let (_, profile) =
        stage.get(&format!("/{}?fields=first_name,last_name,name,profile_pic", stage.mara)).await;
    assert_eq!(profile["name"], "Mara Lindt");
    assert_eq!(profile["id"], stage.mara.as_str());
    let picture = stage.http.get(profile["profile_pic"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/svg+xml");
    assert_eq!(code(&stage.get("/42?fields=name").await.1), (100, 33));
}

#[tokio::test]
async fn broken_cursors_and_fields_are_refused() {
    let stage = with_customers(1).await;
    let (status, _) = stage.get("/me/conversations?platform=messenger&after=nonsense").await;
    assert_eq!(status, 400);
    assert_eq!(code(&stage.get("/me/conversations?fields=id,,{").await.1).0, 2500);
}

#[tokio::test]
async fn another_pages_threads_cannot_be_read() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    let other =
        stage.sim.add_page(baton_simulator::NewPage::without_routing(crate::stage::KITE, "Kite & Co"));
    let thread = stage.thread();
    let mid = thread.messages[0].mid.to_string();
    for path in [format!("/{}", thread.id), format!("/{}/messages", thread.id), format!("/{mid}")] {
        assert_eq!(code(&stage.get_as(&other, &path).await.1), (100, 33), "{path}");
    }
    let path = format!("/{}/conversations?platform=messenger", stage.page);
    assert_eq!(code(&stage.get_as(&other, &path).await.1), (100, 33));
    let body = stage.response("Hi");
    let (_, refused) = stage.post_as(&other, &format!("/{}/messages", stage.page), &body).await;
    assert_eq!(code(&refused), (100, 33));
    assert!(!other.expose_secret().is_empty());
}
