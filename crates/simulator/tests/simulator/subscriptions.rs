//! Subscribing a Page to an app, and an app's callback (docs/meta.md 2.1, 2.5).

use secrecy::SecretString;
use serde_json::{Value, json};

use crate::stage::{APP_SECRET, Receiver, Stage, code};

#[tokio::test]
async fn a_page_is_subscribed_listed_and_unsubscribed() {
    let stage = Stage::without_routing().await;
    stage.sim.unsubscribe(&stage.page, &stage.ours);
    let url = format!("/{}/subscribed_apps", stage.page);
    let ours = |body: &Value| {
        let apps = body["data"].as_array().unwrap().clone();
        apps.into_iter().find(|a| a["id"] == stage.ours.as_str())
    };
    assert_eq!(ours(&stage.get(&url).await.1), None);

    let wish = format!("{url}?subscribed_fields=messages,message_echoes");
    assert_eq!(stage.post(&wish, &json!({})).await, (200, json!({"success": true})));
    let listed = ours(&stage.get(&url).await.1).unwrap();
    assert_eq!(listed["subscribed_fields"], json!(["message_echoes", "messages"]));

    stage.mara_writes("Heard");
    stage.webhooks(1).await;
    let gone = stage.http.delete(format!("{}{url}", stage.sim.base_url()));
    let gone = gone.bearer_auth(secrecy::ExposeSecret::expose_secret(&stage.token)).send().await.unwrap();
    assert_eq!(gone.status(), 200);
    assert_eq!(ours(&stage.get(&url).await.1), None);
}

#[tokio::test]
async fn unknown_or_missing_fields_are_refused() {
    let stage = Stage::without_routing().await;
    for wish in ["?subscribed_fields=messages,nonsense", "?subscribed_fields=", ""] {
        let (_, body) = stage.post(&format!("/me/subscribed_apps{wish}"), &json!({})).await;
        assert_eq!(code(&body), (100, 0), "{wish}");
    }
}

#[tokio::test]
async fn a_callback_is_set_only_after_it_returned_the_challenge() {
    let stage = Stage::without_routing().await;
    let other = Receiver::start().await;
    let app_token = SecretString::from(format!("{}|{APP_SECRET}", stage.ours));
    let path = format!("/{}/subscriptions", stage.ours);
    let mut wish = json!({
        "object": "page", "callback_url": other.url(), "verify_token": "wrong",
        "fields": "messages,message_echoes", "include_values": true,
    });
    let (_, refused) = stage.post_as(&app_token, &path, &wish).await;
    assert_eq!(refused["error"]["code"], 2200);
    wish["verify_token"] = "right".into();
    assert_eq!(stage.post_as(&app_token, &path, &wish).await, (200, json!({"success": true})));

    let (_, listed) = stage.get_as(&app_token, &path).await;
    assert_eq!(listed["data"][0]["callback_url"], other.url());
    stage.mara_writes("To the new address");
    stage.settled().await;
    assert_eq!(other.events()[0].1["message"]["text"], "To the new address");
    assert!(stage.receiver.got().is_empty());
    let journal = serde_json::to_string(&stage.sim.calls()).unwrap();
    assert!(!journal.contains("\"right\"") && !journal.contains(APP_SECRET));
}

#[tokio::test]
async fn app_subscriptions_need_the_apps_own_token() {
    let stage = Stage::without_routing().await;
    assert_eq!(code(&stage.get(&format!("/{}/subscriptions", stage.ours)).await.1), (100, 33));
}
