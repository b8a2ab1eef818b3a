//! Calls that are not done: refused, broken, throttled; tokens and rights that are gone.

use serde_json::{Value, json};

use crate::stage::{MARA, Stage, TEA, code, hours};

#[tokio::test]
async fn a_named_error_for_the_next_sends() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "send_refused", "error": "rate_buc_messenger", "times": 2})).await;
    assert_eq!(code(&stage.send("one").await.1), (80006, 0));
    assert_eq!(stage.get("/me/conversations").await.0, 200, "it is about sends");
    assert_eq!(code(&stage.send("two").await.1), (80006, 0));
    assert_eq!(stage.send("three").await.0, 200);
    assert_eq!(stage.thread().messages.len(), 2);
}

#[tokio::test]
async fn a_read_is_refused_and_sends_are_not() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "read_refused", "error": "rate_custom"})).await;
    assert_eq!(code(&stage.get("/me/conversations").await.1), (613, 0));
    assert_eq!(stage.send("Hi").await.0, 200);
    stage.sim.clear_faults();
    assert_eq!(stage.get("/me/conversations").await.0, 200);
}

#[tokio::test]
async fn one_kind_of_call_is_refused_for_one_customer() {
    let stage = Stage::without_routing().await;
    let rule =
        json!({"effect": "call_refused", "error": "profile_consent", "call": "profile", "customer_id": MARA});
    stage.fault(rule).await;
    let other = stage.sim.add_customer(&stage.page, baton_simulator::NewCustomer::named("Tomasz")).unwrap();
    assert_eq!(code(&stage.get(&format!("/{MARA}")).await.1), (230, 0));
    assert_eq!(stage.get(&format!("/{other}")).await.0, 200);
    assert_eq!(stage.get("/me").await.0, 200);
}

#[tokio::test]
async fn a_path_is_refused_for_one_app() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let rule = json!({
        "effect": "call_refused", "error": "transient_service", "path": "*/messages", "app_id": stage.bot,
    });
    stage.fault(rule).await;
    assert_eq!(code(&stage.send_as(&stage.bot, "Hi").await.1), (2, 0));
    assert_eq!(stage.send("Hi").await.0, 200);
}

#[tokio::test]
async fn a_server_error_does_nothing_and_is_no_json() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "server_error", "status": 503, "times": 1})).await;
    let url = format!("{}/v26.0/me/messages", stage.sim.base_url());
    let token = secrecy::ExposeSecret::expose_secret(&stage.token);
    let answer = stage.http.post(url).bearer_auth(token).json(&stage.response("Hi")).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.json::<Value>().await.is_err());
    assert_eq!(stage.thread().messages.len(), 1);
    assert_eq!(stage.sim.calls().last().unwrap().status, Some(503));
}

#[tokio::test]
async fn a_connection_is_closed_before_anything_is_done() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "call_cut", "call": "send", "times": 1})).await;
    stage.send_in_vain("Never sent").await;
    assert_eq!(stage.thread().messages.len(), 1);
}

#[tokio::test]
async fn a_throttling_storm_counts_down_in_its_headers_and_ends() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let storm =
        json!({"effect": "throttled", "error": "rate_buc_messenger", "account_id": TEA, "for_ms": 5_400_000});
    stage.fault(storm).await;
    let url = format!("{}/v26.0/me/messages", stage.sim.base_url());
    let throttled = async || {
        let token = secrecy::ExposeSecret::expose_secret(&stage.token);
        let call = stage.http.post(&url).bearer_auth(token).json(&stage.response("Hi"));
        let answer = call.send().await.unwrap();
        let header = answer.headers()["x-business-use-case-usage"].to_str().unwrap().to_owned();
        let usage: Value = serde_json::from_str(&header).unwrap();
        assert_eq!(code(&answer.json().await.unwrap()), (80006, 0));
        assert_eq!(
            (&usage[TEA][0]["type"], &usage[TEA][0]["call_count"]),
            (&json!("messenger"), &json!(100))
        );
        usage[TEA][0]["estimated_time_to_regain_access"].as_i64().unwrap()
    };
    assert_eq!(throttled().await, 90);
    stage.sim.advance(hours(1));
    assert_eq!(throttled().await, 30);
    stage.sim.advance(hours(1));
    assert_eq!(stage.send("Hi").await.0, 200);
    assert_eq!(stage.rule().await["struck"], 2);
}

#[tokio::test]
async fn the_apps_own_limit_has_its_own_header() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "throttled", "error": "rate_app"})).await;
    let url = format!("{}/v26.0/me", stage.sim.base_url());
    let call = stage.http.get(url).bearer_auth(secrecy::ExposeSecret::expose_secret(&stage.token));
    let answer = call.send().await.unwrap();
    let usage: Value = serde_json::from_str(answer.headers()["x-app-usage"].to_str().unwrap()).unwrap();
    assert_eq!(usage["call_count"], 100);
    assert_eq!(code(&answer.json().await.unwrap()), (4, 0));
}

#[tokio::test]
async fn a_dead_token_is_dead_for_debug_token_too_while_webhooks_go_on() {
    let stage = Stage::without_routing().await;
    let rule = stage.fault(json!({"effect": "token_dead", "subcode": 460, "account_id": TEA})).await;
    assert_eq!(code(&stage.get("/me").await.1), (190, 460));
    let told = debug(&stage).await;
    assert_eq!((&told["is_valid"], &told["error"]["subcode"]), (&json!(false), &json!(460)), "{told}");
    stage.mara_writes("Hello");
    stage.hears(&["Hello"]).await;
    assert!(stage.sim.remove_fault(rule));
    assert_eq!(stage.get("/me").await.0, 200);
    assert_eq!(debug(&stage).await["is_valid"], true);
}

#[tokio::test]
async fn a_removed_right_refuses_its_calls_and_is_listed_nowhere() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    assert!(tasks(&stage).await.contains(&"MESSAGING".to_owned()));
    stage.fault(json!({"effect": "right_removed", "right": "pages_messaging"})).await;
    for (status, body) in [stage.send("Hi").await, stage.get("/me/conversations").await] {
        assert_eq!((status, code(&body)), (403, (200, 0)));
    }
    assert_eq!(stage.get(&format!("/{MARA}")).await.0, 200, "profiles need another right");
    assert!(!tasks(&stage).await.contains(&"MESSAGING".to_owned()));
    let told = debug(&stage).await;
    assert!(!told.to_string().contains("pages_messaging"), "{told}");
    assert!(told.to_string().contains("pages_manage_metadata"));
}

#[tokio::test]
async fn the_right_to_profiles_has_its_own_refusal() {
    let stage = Stage::without_routing().await;
    let rule = json!({"effect": "right_removed", "right": "business_asset_user_profile_access"});
    stage.fault(rule).await;
    assert_eq!(code(&stage.get(&format!("/{MARA}")).await.1), (100, 2018247));
}

#[tokio::test]
async fn a_restricted_page_reads_but_does_not_send() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "page_restricted", "for_ms": 3_600_000})).await;
    assert_eq!(code(&stage.send("Hi").await.1), (10, 1893063));
    assert_eq!(stage.get("/me/conversations").await.0, 200);
    stage.sim.advance(hours(1));
    let lifted = |_: &baton_simulator::Simulator| {
        stage
            .receiver
            .events()
            .iter()
            .any(|(_, e)| e["policy_enforcement"]["action"] == "unblock")
            .then_some(())
    };
    stage.sim.wait_for(crate::stage::PATIENCE, lifted).await.unwrap();
    assert_eq!(stage.send("Hi").await.0, 200);
}

#[tokio::test]
async fn meta_tells_of_a_restriction_and_of_its_end() {
    let stage = Stage::without_routing().await;
    let rule = stage.fault(json!({"effect": "page_restricted", "account_id": TEA})).await;
    stage.settled().await;
    stage.sim.remove_fault(rule);
    stage.settled().await;
    let told: Vec<Value> =
        stage.receiver.events().iter().map(|(_, e)| e["policy_enforcement"]["action"].clone()).collect();
    assert_eq!(told, ["block", "unblock"]);
    // A restriction for one customer is no restriction of the Page.
    stage.fault(json!({"effect": "page_restricted", "customer_id": MARA})).await;
    stage.settled().await;
    assert_eq!(stage.receiver.events().len(), 2);
}

#[tokio::test]
async fn a_media_link_is_dead_as_long_as_the_rule_says() {
    let stage = Stage::without_routing().await;
    let picture = json!({"things": [{"type": "image"}]});
    stage.ask(&format!("pages/{TEA}/customers/{MARA}/write"), &picture).await;
    let url = stage.thread().messages[0].attachments[0]["payload"]["url"].as_str().unwrap().to_owned();
    let status = async || stage.http.get(&url).send().await.unwrap().status().as_u16();
    assert_eq!(status().await, 200);
    stage.fault(json!({"effect": "media_dead", "times": 2})).await;
    assert_eq!([status().await, status().await, status().await], [403, 403, 200]);
    assert_eq!(stage.rule().await["struck"], 2);
}

#[tokio::test]
async fn a_person_who_cannot_be_reached() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.set_reachable(&stage.page, &stage.mara, false).unwrap();
    assert_eq!(code(&stage.send("Hi").await.1), (551, 1545041));
}

#[tokio::test]
async fn an_app_that_takes_threads_without_a_word() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    stage.settled().await;
    let heard = stage.receiver.got().len();
    stage.sim.seize(&stage.page, &stage.mara, Some(&stage.bot)).unwrap();
    stage.settled().await;
    assert_eq!(stage.receiver.got().len(), heard);
    assert_eq!(code(&stage.send("Hi").await.1), (10, 2018300));
}

/// What `debug_token` tells of our Page token.
async fn debug(stage: &Stage) -> Value {
    let token = secrecy::ExposeSecret::expose_secret(&stage.token);
    let app = format!("{}|{}", stage.ours, crate::stage::APP_SECRET);
    let url = format!("{}/v26.0/debug_token", stage.sim.base_url());
    let query = [("input_token", token), ("access_token", app.as_str())];
    let body: Value = stage.http.get(url).query(&query).send().await.unwrap().json().await.unwrap();
    body["data"].clone()
}

/// The tasks that `/me/accounts` lists for our Page.
async fn tasks(stage: &Stage) -> Vec<String> {
    let user = stage.sim.user_token().unwrap();
    let (_, body) = stage.get_as(&user, "/me/accounts").await;
    serde_json::from_value(body["data"][0]["tasks"].clone()).unwrap()
}
