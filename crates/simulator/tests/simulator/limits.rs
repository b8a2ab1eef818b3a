//! Budgets of calls: headers that rise with use, and refusals (docs/meta.md 3.3, 6).

use baton_simulator::{Limits, Said};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::stage::{MARA_ON_INSTA, Stage, TEA, code, hours};

const THREADS: &str = "/me/conversations?platform=messenger";

fn enforced() -> Limits {
    Limits { is_enforced: true, ..Limits::default() }
}

async fn header(stage: &Stage, path: &str, name: &str) -> Value {
    let url = format!("{}/v26.0{path}", stage.sim.base_url());
    let answer = stage.http.get(url).bearer_auth(stage.token.expose_secret()).send().await.unwrap();
    serde_json::from_str(answer.headers()[name].to_str().unwrap()).unwrap()
}

#[tokio::test]
async fn two_calls_a_second_and_no_third_while_a_second_lasts() {
    let stage = Stage::with_instagram().await;
    stage.mara_writes("Hello");
    stage.mara_says_on_instagram(&Said::text("Hello"));
    stage.sim.set_limits(enforced());
    let until_refused = async |path: &str| {
        let mut accepted = 0;
        loop {
            match code(&stage.get(path).await.1) {
                (0, 0) => accepted += 1,
                refusal => return (accepted, refusal),
            }
        }
    };
    let (accepted, refusal) = until_refused(THREADS).await;
    assert!(accepted >= 2, "{accepted}");
    assert_eq!(refusal, (613, 0));
    stage.sim.advance(std::time::Duration::from_secs(1));
    assert_eq!(stage.get(THREADS).await.0, 200);

    let (accepted, refusal) = until_refused("/me/conversations?platform=instagram").await;
    assert!(accepted >= 2, "Instagram has a budget of its own: {accepted}");
    assert_eq!(refusal, (613, 2534040));
    assert_eq!(stage.send("Sends are another matter").await.0, 200);
}

#[tokio::test]
async fn headers_rise_with_use_and_nothing_is_refused_until_that_is_switched_on() {
    let stage = Stage::with_instagram().await;
    stage.mara_writes("Hello");
    stage.sim.set_limits(Limits { engaged: 1, daily_users: 1, ..Limits::default() });
    let name = "x-business-use-case-usage";
    let first = header(&stage, THREADS, name).await;
    assert_eq!(first[TEA][0]["type"], "messenger");
    for _ in 0..99 {
        assert_eq!(stage.get(THREADS).await.0, 200);
    }
    let half = header(&stage, THREADS, name).await;
    assert_eq!(half[TEA][0]["call_count"], 50, "101 of 200");
    assert_eq!(header(&stage, THREADS, "x-app-usage").await["call_count"], 51);
    for _ in 0..101 {
        assert_eq!(stage.get(THREADS).await.0, 200);
    }
    let full = header(&stage, THREADS, name).await;
    assert!(full[TEA][0]["call_count"].as_i64().unwrap() > 100);
    let minutes = full[TEA][0]["estimated_time_to_regain_access"].as_i64().unwrap();
    assert!((1430..=1441).contains(&minutes), "{minutes}");

    stage.sim.set_limits(Limits { engaged: 1, conversations_per_s: 1000, ..enforced() });
    assert_eq!(code(&stage.get(THREADS).await.1), (80006, 0));
    stage.mara_says_on_instagram(&Said::text("Hello"));
    let body = json!({
        "recipient": {"id": MARA_ON_INSTA}, "messaging_type": "RESPONSE", "message": {"text": "Hi"},
    });
    assert_eq!(stage.post("/me/messages", &body).await.0, 200, "Instagram's day has hardly begun");
    stage.sim.advance(hours(24));
    assert_eq!(stage.get(THREADS).await.0, 200, "a day later");
}

#[tokio::test]
async fn the_apps_own_budget_and_that_of_the_profile() {
    let stage = Stage::with_instagram().await;
    stage.sim.set_limits(enforced());
    for _ in 0..10 {
        assert_eq!(stage.get("/me/messenger_profile?fields=greeting").await.0, 200);
    }
    assert_eq!(code(&stage.get("/me/messenger_profile?fields=greeting").await.1), (613, 0));
    stage.sim.advance(std::time::Duration::from_secs(600));
    assert_eq!(stage.get("/me/messenger_profile?fields=greeting").await.0, 200);
    stage.sim.set_limits(Limits { daily_users: 0, ..enforced() });
    assert_eq!(code(&stage.get("/me").await.1), (4, 0));
    let user = stage.sim.user_token().unwrap();
    assert_eq!(code(&stage.get_as(&user, "/me/accounts").await.1), (17, 0));
}

#[tokio::test]
async fn the_control_api_shows_and_sets_them() {
    let stage = Stage::with_instagram().await;
    let url = format!("{}/control/limits", stage.sim.base_url());
    let wish = json!({"is_enforced": true, "conversations_per_s": 5});
    stage.http.post(&url).json(&wish).send().await.unwrap();
    let now: Value = stage.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!((&now["is_enforced"], &now["conversations_per_s"]), (&json!(true), &json!(5)));
    assert_eq!(now["sends_per_s"], 300);
}
