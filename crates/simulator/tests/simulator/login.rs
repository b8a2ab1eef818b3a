//! From the dialog to a Page token, and the proof of the app secret (docs/meta.md 1.2 to 1.5, 8.1).

use hmac::{Hmac, KeyInit, Mac};
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use crate::stage::{APP_SECRET, INSTA, KITE, START_MS, Stage, TEA, code, hours};

pub const BACK: &str = "http://127.0.0.1:9/login/callback";

/// What a browser gets when the person answers the dialog.
async fn answers(stage: &Stage, fields: &[(&str, &str)]) -> (StatusCode, Option<Url>) {
    let browser = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let url = format!("{}/dialog/answer", stage.sim.base_url());
    let answer = browser.post(url).form(fields).send().await.unwrap();
    let back = answer.headers().get("location").map(|to| Url::parse(to.to_str().unwrap()).unwrap());
    (answer.status(), back)
}

/// The code that the dialog gives.
pub async fn agrees(stage: &Stage, kind: &str, accounts: &[&str]) -> String {
    let ours = stage.ours.to_string();
    let mut fields = vec![
        ("client_id", ours.as_str()),
        ("redirect_uri", BACK),
        ("state", "s-1"),
        ("kind", kind),
        ("answer", "continue"),
    ];
    fields.extend(accounts.iter().map(|account| ("account", *account)));
    let (status, back) = answers(stage, &fields).await;
    let back = back.unwrap_or_else(|| panic!("{status}"));
    assert!(back.as_str().starts_with(BACK), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("s-1"));
    parameter(&back, "code").unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

/// What our app gets for it.
pub async fn exchanges(stage: &Stage, more: &[(&str, &str)]) -> (u16, Value) {
    let ours = stage.ours.to_string();
    let mut query = vec![("client_id", ours.as_str()), ("client_secret", APP_SECRET)];
    query.extend_from_slice(more);
    let url = format!("{}/v26.0/oauth/access_token", stage.sim.base_url());
    let answer = stage.http.get(url).query(&query).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A long token for a short one.
async fn lengthens(stage: &Stage, short: &Value) -> (u16, Value) {
    let token = token(short);
    let exchange = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", token.expose_secret())];
    exchanges(stage, &exchange).await
}

fn token(answer: &Value) -> SecretString {
    SecretString::from(answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")))
}

#[tokio::test]
async fn a_person_logs_in_and_the_page_token_has_no_end() {
    let stage = Stage::with_instagram().await;
    stage.sim.add_page(baton_simulator::NewPage::without_routing(KITE, "Kite & Co"));
    let page = format!("{}/v26.0/dialog/oauth", stage.sim.base_url());
    let ours = stage.ours.to_string();
    let ask = [("client_id", ours.as_str()), ("redirect_uri", BACK), ("state", "\"><script>")];
    let dialog = stage.http.get(page).query(&ask).send().await.unwrap();
    assert!(dialog.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let html = dialog.text().await.unwrap();
    assert!(html.contains("Northwind Tea") && html.contains(KITE), "{html}");
    assert!(!html.contains(INSTA) && !html.contains("<script"), "{html}");

    let code = agrees(&stage, "facebook", &[TEA]).await;
    let (_, short) = exchanges(&stage, &[("redirect_uri", BACK), ("code", &code)]).await;
    assert_eq!((&short["token_type"], &short["expires_in"]), (&json!("bearer"), &json!(3600)));
    let (_, long) = lengthens(&stage, &short).await;
    assert_eq!(long["expires_in"], 5_183_944);

    let fields = "fields=id,access_token,tasks,instagram_business_account{id,username}";
    let (_, pages) = stage.get_as(&token(&long), &format!("/me/accounts?{fields}")).await;
    assert_eq!(pages["data"].as_array().unwrap().len(), 1, "only what was granted");
    let page = &pages["data"][0];
    assert_eq!(page["instagram_business_account"], json!({"id": INSTA, "username": "northwindtea"}));
    assert_eq!(stage.get_as(&token(&long), &format!("/{KITE}?fields=name")).await.0, 400);
    let of_page = token(page);
    stage.sim.advance(hours(61 * 24));
    assert_eq!(stage.get_as(&of_page, "/me").await.0, 200, "61 days later");
    assert_eq!(crate::stage::code(&stage.get_as(&token(&long), "/me").await.1), (190, 463));
}

#[tokio::test]
async fn a_page_token_from_a_short_one_ends_with_it() {
    let stage = Stage::with_instagram().await;
    let grant = agrees(&stage, "facebook", &[TEA]).await;
    let (_, short) = exchanges(&stage, &[("redirect_uri", BACK), ("code", &grant)]).await;
    let (_, pages) = stage.get_as(&token(&short), "/me/accounts").await;
    let of_page = token(&pages["data"][0]);
    assert_ne!(of_page.expose_secret(), stage.token.expose_secret());
    let app = SecretString::from(format!("{}|{APP_SECRET}", stage.ours));
    let facts = format!("/debug_token?input_token={}", of_page.expose_secret());
    let (_, facts) = stage.get_as(&app, &facts).await;
    assert!(facts["data"]["expires_at"].as_i64().unwrap() > START_MS / 1000, "{facts}");
    stage.sim.advance(hours(1));
    assert_eq!(code(&stage.get_as(&of_page, "/me").await.1), (190, 463));
    let (_, late) = lengthens(&stage, &short).await;
    assert_eq!(code(&late), (190, 463), "an expired token cannot be exchanged");
}

#[tokio::test]
async fn a_code_works_once_soon_and_for_its_own_address() {
    let stage = Stage::with_instagram().await;
    let grant = agrees(&stage, "facebook", &[TEA]).await;
    let with = |to: &'static str| [("redirect_uri", to), ("code", grant.as_str())];
    assert_eq!(code(&exchanges(&stage, &with("http://127.0.0.1:9/other")).await.1), (100, 36008));
    assert_eq!(exchanges(&stage, &with(BACK)).await.0, 200);
    assert_eq!(code(&exchanges(&stage, &with(BACK)).await.1), (100, 36009));
    let late = agrees(&stage, "facebook", &[TEA]).await;
    stage.sim.advance(std::time::Duration::from_secs(600));
    assert_eq!(code(&exchanges(&stage, &[("redirect_uri", BACK), ("code", &late)]).await.1), (100, 36007));
    let wrong = [("client_secret", "guessed"), ("redirect_uri", BACK), ("code", "x")];
    assert_eq!(exchanges(&stage, &wrong).await.1["error"]["message"], "Error validating client secret.");
    let journal = serde_json::to_string(&stage.sim.calls()).unwrap();
    assert!(!journal.contains(&grant) && !journal.contains(APP_SECRET) && !journal.contains("guessed"));
}

#[tokio::test]
async fn a_person_says_no_and_a_strange_address_gets_nothing() {
    let stage = Stage::with_instagram().await;
    let ours = stage.ours.to_string();
    let refuse =
        [("client_id", ours.as_str()), ("redirect_uri", BACK), ("state", "s-1"), ("answer", "cancel")];
    let (_, back) = answers(&stage, &refuse).await;
    let back = back.unwrap();
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!((parameter(&back, "code"), parameter(&back, "state").as_deref()), (None, Some("s-1")));

    let to = |address: &'static str| {
        [("client_id", ours.as_str()), ("redirect_uri", address), ("answer", "continue")]
    };
    for strange in ["http://example.invalid/", "javascript:alert(1)", "nonsense"] {
        assert_eq!(answers(&stage, &to(strange)).await, (StatusCode::BAD_REQUEST, None), "{strange}");
    }
    let url = format!("{}/control/app", stage.sim.base_url());
    stage.http.post(url).json(&json!({"redirects": [BACK]})).send().await.unwrap();
    assert_eq!(answers(&stage, &to("https://example.invalid/")).await.0, StatusCode::BAD_REQUEST);
    assert!(answers(&stage, &to(BACK)).await.1.is_some());
}

#[tokio::test]
async fn a_changed_password_kills_all_pages_and_a_new_login_heals_them() {
    let stage = Stage::with_instagram().await;
    stage.sim.kill_logins(460).unwrap();
    assert_eq!(code(&stage.get("/me").await.1), (190, 460));
    stage.mara_writes("Webhooks go on");
    assert_eq!(stage.webhooks(1).await.len(), 1);
    let grant = agrees(&stage, "facebook", &[TEA]).await;
    let (_, short) = exchanges(&stage, &[("redirect_uri", BACK), ("code", &grant)]).await;
    let (_, long) = lengthens(&stage, &short).await;
    let (_, pages) = stage.get_as(&token(&long), "/me/accounts").await;
    let healed = token(&pages["data"][0]);
    assert_eq!(stage.get_as(&healed, "/me").await.0, 200);
    assert_eq!(stage.sim.page_token(&stage.page).unwrap().expose_secret(), healed.expose_secret());
}

#[tokio::test]
async fn instagrams_own_login_gives_a_token_of_the_account() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&baton_simulator::Said::text("Hello"));
    let grant = agrees(&stage, "instagram", &[INSTA]).await;
    let form = [
        ("client_id", stage.ours.as_str()),
        ("client_secret", APP_SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code", grant.as_str()),
    ];
    let url = format!("{}/oauth/access_token", stage.sim.base_url());
    let short: Value = stage.http.post(url).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!(short["user_id"], INSTA);
    let exchange = format!("/access_token?grant_type=ig_exchange_token&client_secret={APP_SECRET}");
    let (_, long) = stage.get_as(&token(&short), &exchange).await;
    assert_eq!(long["expires_in"], 5_183_944, "{long}");
    stage.sim.advance(hours(59 * 24));
    let (_, renewed) = stage.get_as(&token(&long), "/refresh_access_token?grant_type=ig_refresh_token").await;
    stage.sim.advance(hours(59 * 24));
    let token = token(&renewed);
    let (_, me) = stage.get_as(&token, "/me?fields=user_id,username").await;
    assert_eq!((&me["user_id"], &me["username"]), (&json!(INSTA), &json!("northwindtea")));
    assert_ne!(me["id"], INSTA, "the id of this login is another number");

    stage.mara_says_on_instagram(&baton_simulator::Said::text("Still there?"));
    let body = json!({
        "recipient": {"id": crate::stage::MARA_ON_INSTA}, "messaging_type": "RESPONSE",
        "message": {"text": "Yes"},
    });
    assert_eq!(stage.post_as(&token, &format!("/{INSTA}/messages"), &body).await.0, 200);
    assert_eq!(code(&stage.post_as(&token, &format!("/{TEA}/messages"), &body).await.1), (100, 33));
    let (_, threads) = stage.get_as(&token, "/me/conversations?platform=instagram").await;
    assert_eq!(threads["data"].as_array().unwrap().len(), 1);
    let subscribed = format!("/{INSTA}/subscribed_apps?subscribed_fields=messages");
    assert_eq!(stage.post_as(&token, &subscribed, &json!({})).await.0, 200);
}

fn proof(message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn with_require_app_secret_every_call_needs_its_own_proof() {
    let stage = Stage::with_instagram().await;
    let plain = proof(stage.token.expose_secret());
    assert_eq!(stage.get(&format!("/me?appsecret_proof={plain}")).await.0, 200);
    let refused = async |path: &str| {
        let (status, body) = stage.get(path).await;
        assert_eq!((status, code(&body)), (400, (100, 0)), "{body}");
        assert_eq!(body["error"]["type"], "GraphMethodException");
        body["error"]["message"].as_str().unwrap().to_owned()
    };
    let wrong = proof("another token");
    assert!(
        refused(&format!("/me?appsecret_proof={wrong}")).await.contains("Invalid"),
        "also when none is asked"
    );
    stage.sim.set_requires_proof(true);
    assert!(refused("/me").await.contains("appsecret_proof"));
    assert_eq!(stage.get(&format!("/me?appsecret_proof={plain}")).await.0, 200);
    let body = json!({"appsecret_proof": plain, "fields": ["get_started"]});
    assert_eq!(stage.post("/me/messenger_profile", &body).await.0, 200, "in a body too");
    let journal = serde_json::to_string(&stage.sim.calls()).unwrap();
    assert!(!journal.contains(&plain));
}

#[tokio::test]
async fn a_timed_proof_is_good_for_five_minutes() {
    let stage = Stage::with_instagram().await;
    stage.sim.set_requires_proof(true);
    let made_s = stage.sim.now_ms() / 1000;
    let timed = |seconds: i64| {
        let proof = proof(&format!("{}|{seconds}", stage.token.expose_secret()));
        format!("/me?appsecret_proof={proof}&appsecret_time={seconds}")
    };
    assert_eq!(stage.get(&timed(made_s)).await.0, 200);
    stage.sim.advance(std::time::Duration::from_secs(240));
    assert_eq!(stage.get(&timed(made_s)).await.0, 200);
    stage.sim.advance(std::time::Duration::from_secs(61));
    assert_eq!(stage.get(&timed(made_s)).await.0, 400, "an old proof is worthless");
    assert_eq!(stage.get(&timed(made_s + 900)).await.0, 400, "and so is one from the future");
    let plain = proof(stage.token.expose_secret());
    let now_s = stage.sim.now_ms() / 1000;
    assert_eq!(stage.get(&format!("/me?appsecret_proof={plain}&appsecret_time={now_s}")).await.0, 400);
}
