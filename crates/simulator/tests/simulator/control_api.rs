//! The control API and the phone, as a journey uses them.

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::stage::{KITE, MARA, START_MS, Stage, TEA, code};

async fn post(stage: &Stage, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/control/{path}", stage.sim.base_url());
    let answer = stage.http.post(url).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

async fn get(stage: &Stage, path: &str) -> Value {
    let url = format!("{}/control/{path}", stage.sim.base_url());
    stage.http.get(url).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_customer_is_made_writes_reads_and_reacts() {
    let stage = Stage::without_routing().await;
    let (_, made) = post(&stage, &format!("pages/{TEA}/customers"), json!({"name": "Tomasz Wilk"})).await;
    let tomasz = format!("pages/{TEA}/customers/{}", made["id"].as_str().unwrap());
    let (status, wrote) = post(&stage, &format!("{tomasz}/write"), json!({"text": "Dzień dobry"})).await;
    assert_eq!(status, 200);
    let body = json!({"recipient": {"id": made["id"]}, "message": {"text": "Hello Tomasz"}});
    let (_, sent) = stage.post("/me/messages", &body).await;
    post(&stage, &format!("{tomasz}/receive"), json!({})).await;
    assert_eq!(get(&stage, &tomasz).await["messages"][1]["is_delivered"], true);
    post(&stage, &format!("{tomasz}/read"), json!({})).await;
    post(&stage, &format!("{tomasz}/react"), json!({"mid": sent["message_id"], "reaction": "love"})).await;
    let thread = get(&stage, &tomasz).await;
    assert_eq!(thread["messages"][0]["mid"], wrote["mid"]);
    assert_eq!(thread["messages"][1]["is_seen"], true);
    assert_eq!(thread["messages"][1]["reaction"], "❤️");
    let (status, refused) = post(&stage, &format!("{tomasz}/write"), json!({"text": " "})).await;
    assert_eq!(status, 400);
    assert!(refused["error"].is_string());
}

#[tokio::test]
async fn the_clock_moves_forward_only() {
    let stage = Stage::without_routing().await;
    let (_, moved) = post(&stage, "clock/advance", json!({"ms": 108_000_000})).await;
    assert!(moved["now_ms"].as_i64().unwrap() >= START_MS + 108_000_000);
    assert_eq!(post(&stage, "clock/advance", json!({"ms": -1})).await.0, 400);
}

#[tokio::test]
async fn flags_tokens_and_subscriptions() {
    let stage = Stage::with_routing().await;
    post(&stage, &format!("pages/{TEA}/routing"), json!({"routing": "off"})).await;
    assert_eq!(get(&stage, "world").await["pages"][0]["is_routing_on"], false);
    let on = json!({"routing": "on", "default_app": stage.bot, "may_take": [stage.ours]});
    post(&stage, &format!("pages/{TEA}/routing"), on).await;
    assert_eq!(get(&stage, "world").await["pages"][0]["default_app"], stage.bot.as_str());
    post(&stage, &format!("pages/{TEA}/human_agent"), json!({"is_approved": false})).await;
    assert_eq!(get(&stage, "world").await["pages"][0]["is_human_agent_approved"], false);

    post(&stage, &format!("pages/{TEA}/tokens/kill"), json!({"subcode": 460})).await;
    assert_eq!(code(&stage.get("/me").await.1), (190, 460));
    post(&stage, &format!("pages/{TEA}/tokens/revive"), json!({})).await;
    assert_eq!(stage.get("/me").await.0, 200);

    let fields = json!({"app_id": stage.ours, "fields": ["messages"]});
    post(&stage, &format!("pages/{TEA}/subscriptions"), fields).await;
    let subscriptions = get(&stage, "world").await["pages"][0]["subscriptions"].clone();
    assert_eq!(subscriptions[0], json!({"app_id": stage.ours, "fields": ["messages"]}));
}

#[tokio::test]
async fn the_records_show_calls_and_webhooks_and_never_a_token() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.advance(crate::stage::hours(30));
    stage.post("/me/messages", &stage.late("HUMAN_AGENT")).await;
    stage.settled().await;
    let calls = get(&stage, "calls").await;
    assert_eq!(calls[0]["path"], "/me/messages");
    assert_eq!(calls[0]["params"]["messaging_type"], "MESSAGE_TAG");
    assert_eq!(calls[0]["params"]["tag"], "HUMAN_AGENT");
    assert_eq!(calls[0]["status"], 200);
    let webhooks = get(&stage, "webhooks").await;
    let ours = webhooks.as_array().unwrap().iter().find(|w| w["app_id"] == stage.ours.as_str()).unwrap();
    assert_eq!((&ours["fate"], &ours["tries"][0]["status"]), (&json!("delivered"), &json!(200)));
    let everything = format!("{calls}{webhooks}{}", get(&stage, "world").await);
    assert!(!everything.contains(secrecy::ExposeSecret::expose_secret(&stage.token)));
}

#[tokio::test]
async fn other_sites_and_other_names_are_refused() {
    let stage = Stage::without_routing().await;
    let url = format!("{}/control/clock/advance", stage.sim.base_url());
    let evil = stage.http.post(&url).header("origin", "http://evil.invalid").json(&json!({"ms": 1}));
    assert_eq!(evil.send().await.unwrap().status(), 403);
    let rebound = stage.http.post(&url).header("host", "evil.invalid").json(&json!({"ms": 1}));
    assert_eq!(rebound.send().await.unwrap().status(), 403);
}

/// While a phone listens, what is sent is delivered; what is seen is the phone's own word.
#[tokio::test]
async fn a_phone_that_listens_receives() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let url = format!("{}/phone/events?page={TEA}&customer={MARA}", stage.sim.base_url());
    let mut stream = stage.http.get(url).send().await.unwrap().bytes_stream();
    let first = stream.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).contains("event: around"));
    stage.send("Hi").await;
    let phone = tokio::spawn(async move { while stream.next().await.is_some_and(|chunk| chunk.is_ok()) {} });
    let delivered = |_: &baton_simulator::Simulator| stage.thread().messages[1].is_delivered.then_some(());
    stage.sim.wait_for(crate::stage::PATIENCE, delivered).await.unwrap();
    assert!(!stage.thread().messages[1].is_seen);
    phone.abort();
}

/// Of each account the phone knows whether anybody at a desk hears what is written there.
#[tokio::test]
async fn the_phone_knows_which_accounts_are_served() {
    let stage = Stage::without_routing().await;
    stage.sim.add_page(baton_simulator::NewPage::without_routing(KITE, "Kite & Co"));
    let fern = baton_simulator::NewPage::without_routing("104500000000033", "Fern & Field");
    stage.sim.add_page(baton_simulator::NewPage { may_message: false, ..fern });
    let served = async || {
        let url = format!("{}/phone/events", stage.sim.base_url());
        let mut stream = stage.http.get(url).send().await.unwrap().bytes_stream();
        let first = stream.next().await.unwrap().unwrap();
        let text = String::from_utf8_lossy(&first).into_owned();
        let around = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let around: Value = serde_json::from_str(around).unwrap();
        let accounts = around["accounts"].as_array().unwrap();
        accounts.iter().map(|account| account["served"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(served().await, ["yes", "not_connected", "no_right"]);
    stage.sim.unsubscribe(&stage.page, &stage.ours);
    assert_eq!(served().await, ["not_connected", "not_connected", "no_right"]);
}

#[tokio::test]
async fn the_phone_page_loads_nothing_from_elsewhere() {
    let stage = Stage::without_routing().await;
    let answer = stage.http.get(stage.sim.phone_url()).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"));
    let page = answer.text().await.unwrap();
    for hook in ["composer-text", "send", "messages", "owner", "advance-30h", "routing"] {
        assert!(page.contains(&format!("data-test=\"{hook}\"")), "{hook}");
    }
    for part in ["phone.css", "content.css", "phone.js", "messages.js", "content.js", "compose.js"] {
        let url = format!("{}/page/phone/{part}", stage.sim.base_url());
        assert_eq!(stage.http.get(url).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_page_and_a_token_for_any_app_can_be_made_from_outside() {
    let stage = Stage::without_routing().await;
    let page = json!({
        "id": "104500000000022", "name": "Kite & Co", "routing": "off",
        "is_human_agent_approved": true, "may_message": true,
    });
    let (status, made) = post(&stage, "pages", page).await;
    assert_eq!(status, 200, "{made}");
    let token = secrecy::SecretString::from(made["token"].as_str().unwrap());
    assert_eq!(stage.get_as(&token, "/me").await.1["name"], "Kite & Co");
    let (_, bots) = post(&stage, &format!("pages/{TEA}/tokens"), json!({"app_id": stage.bot})).await;
    let bots = secrecy::SecretString::from(bots["token"].as_str().unwrap());
    stage.mara_writes("Hello");
    let (_, sent) = stage.post_as(&bots, "/me/messages", &stage.response("From the bot")).await;
    assert_eq!(stage.thread().messages[1].mid.as_str(), sent["message_id"]);
    assert_eq!(stage.thread().messages[1].app_id, Some(stage.bot.clone()));
    let (status, _) = post(&stage, &format!("pages/{TEA}/tokens"), json!({"app_id": "1"})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn made_up_ids_never_meet_given_ones() {
    let stage = Stage::without_routing().await;
    let add = |name: &str, id: Option<&str>| baton_simulator::NewCustomer {
        id: id.map(Into::into),
        ..baton_simulator::NewCustomer::named(name)
    };
    stage.sim.add_customer(&stage.page, add("Given", Some("6200000000000103"))).unwrap();
    let made = stage.sim.add_customer(&stage.page, add("Made up", None)).unwrap();
    assert_ne!(made.as_str(), "6200000000000103");
    assert_eq!(stage.sim.thread(&stage.page, &made).unwrap().customer_name, "Made up");
}
