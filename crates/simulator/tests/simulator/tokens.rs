//! Tokens, versions, the `Date` header (docs/meta.md 1).

use baton_simulator::{Config, Effect, Fault, NewPage, RoutingMode, Simulator, Start};
use rstest::rstest;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::stage::{APP_SECRET, KITE, START_MS, Stage, code, hours};

#[rstest]
#[case("/v21.0")]
#[case("/v25.0")]
#[case("/v26.0")]
#[case("/v19.0")]
#[case("")]
#[tokio::test]
async fn any_version_answers_and_a_token_may_be_a_parameter(#[case] version: &str) {
    let stage = Stage::with_routing().await;
    let base = stage.sim.base_url();
    let url = format!("{base}{version}/me?access_token={}", stage.token.expose_secret());
    let answer = stage.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["name"], "Northwind Tea");
}

#[tokio::test]
async fn a_version_of_the_future_is_refused() {
    let stage = Stage::with_routing().await;
    let url = format!("{}/v27.0/me?access_token={}", stage.sim.base_url(), stage.token.expose_secret());
    assert_eq!(stage.http.get(url).send().await.unwrap().status(), 400);
}

#[rstest]
#[case(458)]
#[case(459)]
#[case(460)]
#[case(463)]
#[case(467)]
#[case(492)]
#[tokio::test]
async fn dead_tokens_answer_with_their_subcode_everywhere(#[case] subcode: i64) {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.sim.kill_tokens(&stage.page, subcode).unwrap();
    assert_eq!(code(&stage.get("/me").await.1), (190, subcode));
    assert_eq!(code(&stage.send("Hi").await.1), (190, subcode));
    assert_eq!(code(&stage.get("/me/conversations").await.1), (190, subcode));
    stage.mara_writes("Webhooks go on");
    stage.webhooks(2).await;
    stage.sim.revive_tokens(&stage.page);
    assert_eq!(stage.get("/me").await.0, 200);
}

#[tokio::test]
async fn who_signs_in_again_after_a_token_died_gets_one_that_lives() {
    let stage = Stage::with_routing().await;
    stage.sim.kill_tokens(&stage.page, 460).unwrap();
    let fresh = stage.sim.token_for(&stage.ours, &stage.page);
    assert_ne!(fresh.expose_secret(), stage.token.expose_secret());
    assert_eq!(stage.get_as(&fresh, "/me").await.0, 200);
    assert_eq!(code(&stage.get("/me").await.1), (190, 460), "the old one stays dead");
}

#[tokio::test]
async fn no_token_and_a_wrong_token() {
    let stage = Stage::with_routing().await;
    let none = stage.http.get(format!("{}/me", stage.sim.base_url())).send().await.unwrap();
    assert_eq!(none.status(), 400);
    let wrong = stage.http.get(format!("{}/me", stage.sim.base_url())).bearer_auth("EAAwrong");
    let body: Value = wrong.send().await.unwrap().json().await.unwrap();
    assert_eq!(code(&body), (190, 467));
    assert!(body["error"]["fbtrace_id"].is_string());
}

#[tokio::test]
async fn the_date_header_shows_simulated_time() {
    let stage = Stage::with_routing().await;
    let date = async || {
        let answer = stage.http.get(stage.sim.base_url() + "/v26.0/me").send().await.unwrap();
        answer.headers()["date"].to_str().unwrap().to_owned()
    };
    assert!(date().await.starts_with("Mon, 05 Oct 2026 09:0"), "{}", date().await);
    stage.sim.advance(hours(30));
    assert!(date().await.starts_with("Tue, 06 Oct 2026 15:0"), "{}", date().await);
    assert!(stage.sim.now_ms() - START_MS >= 30 * 3_600_000);
}

#[tokio::test]
async fn the_pages_of_the_person_come_in_pages_and_one_lacks_messaging() {
    let sim = Simulator::start(Config { start: Start::Demo, ..Config::default() }).await.unwrap();
    let user = sim.user_token().unwrap();
    let http = reqwest::Client::new();
    let mut pages = Vec::new();
    for is_uneven in [true, false] {
        if is_uneven {
            sim.add_fault(Fault::always(Effect::PagesUneven)).unwrap();
        }
        pages.clear();
        let mut lengths = Vec::new();
        let mut next =
            Some(format!("{}/me/accounts?limit=2&access_token={}", sim.base_url(), user.expose_secret()));
        while let Some(url) = next {
            let body: Value = http.get(&url).send().await.unwrap().json().await.unwrap();
            let data = body["data"].as_array().unwrap();
            lengths.push(data.len());
            pages.extend(data.clone());
            next = body["paging"].get("next").and_then(Value::as_str).map(str::to_owned);
        }
        assert_eq!(lengths, if is_uneven { vec![2, 1, 0] } else { vec![2, 1] });
        sim.clear_faults();
    }
    let names: Vec<_> = pages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Northwind Tea", "Kite & Co", "Fern & Field"]);
    let may = |p: &Value| p["tasks"].as_array().unwrap().iter().any(|t| t == "MESSAGING");
    assert_eq!(pages.iter().map(may).collect::<Vec<_>>(), [true, true, false]);
    let fern = pages[2]["access_token"].as_str().unwrap();
    let refused = http.get(format!("{}/me/conversations", sim.base_url())).bearer_auth(fern);
    let refused: Value = refused.send().await.unwrap().json().await.unwrap();
    assert_eq!(code(&refused), (200, 0));
    let journal = serde_json::to_string(&sim.calls()).unwrap();
    assert!(!journal.contains(fern) && !journal.contains(user.expose_secret()), "no token in the journal");
    sim.stop().await;
}

#[tokio::test]
async fn debug_token_tells_the_living_from_the_dead() {
    let stage = Stage::with_routing().await;
    let app_token = secrecy::SecretString::from(format!("{}|{APP_SECRET}", stage.ours));
    let path = format!("/debug_token?input_token={}", stage.token.expose_secret());
    let (_, alive) = stage.get_as(&app_token, &path).await;
    assert_eq!(alive["data"]["is_valid"], true);
    assert_eq!(alive["data"]["profile_id"], stage.page.as_str());
    stage.sim.kill_tokens(&stage.page, 460).unwrap();
    let (status, dead) = stage.get_as(&app_token, &path).await;
    assert_eq!((status, &dead["data"]["is_valid"]), (200, &Value::Bool(false)));
    assert_eq!(dead["data"]["error"]["subcode"], 460);
    let forged = secrecy::SecretString::from(format!("{}|guessed", stage.ours));
    assert_eq!(code(&stage.get_as(&forged, &path).await.1), (190, 467));
}

#[tokio::test]
async fn a_page_without_the_right_to_message_can_do_nothing() {
    let stage = Stage::with_routing().await;
    let token = stage.sim.add_page(NewPage {
        may_message: false,
        routing: RoutingMode::Off,
        ..NewPage::without_routing(KITE, "Kite & Co")
    });
    assert_eq!(code(&stage.get_as(&token, "/me/conversations").await.1), (200, 0));
    assert_eq!(code(&stage.get_as(&token, "/me/subscribed_apps").await.1), (200, 0));
    assert_eq!(code(&stage.post_as(&token, "/me/messages", &stage.response("Hi")).await.1), (200, 0));
}

#[tokio::test]
async fn the_demo_worlds_past_is_in_graph_only_and_gave_control_where_it_is_recent() {
    let sim = Simulator::start(Config { start: Start::Demo, ..Config::default() }).await.unwrap();
    assert!(sim.webhooks().is_empty());
    let owner = |psid: &str| {
        let thread = sim.thread(&crate::stage::TEA.into(), &psid.into()).unwrap();
        (thread.customer_name, thread.owner.map(|o| o.app_name), thread.is_window_open)
    };
    assert_eq!(owner("6200000000000107"), ("Petra Novák".into(), Some("Teabot".into()), true));
    assert_eq!(owner("6200000000000101"), ("Mara Lindt".into(), None, false));
    let token = sim.page_token(&crate::stage::TEA.into()).unwrap();
    let url = format!("{}/me/conversations?platform=messenger&fields=snippet,updated_time", sim.base_url());
    let answer = reqwest::Client::new().get(url).bearer_auth(token.expose_secret()).send().await.unwrap();
    let list: Value = answer.json().await.unwrap();
    assert_eq!(list["data"].as_array().unwrap().len(), 7);
    assert_eq!(list["data"][0]["snippet"], "Thanks 👍");
}
