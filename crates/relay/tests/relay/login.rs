//! Page tokens by Meta's login: from the desk's question to its box.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::login::{
    LOGIN_LIFE_MS, LoginBegun, LoginFailure, LoginRequest, LoginStanding, LoginTokens,
};
use baton_protocol::sealed::{SealError, Sealed};
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::{LoginId, Platform, routes};
use baton_relay::operator::Request;
use reqwest::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;
use url::Url;
use wiremock::ResponseTemplate;

use crate::meta_stub::{CODE, COFFEE_TOKEN, Meta, TEA_INSTAGRAM, TEA_TOKEN};
use crate::redaction::{gone_from_the_files, is_in_the_files};
use crate::stage::{Answered, COFFEE, Desk, Stage, TEA, until};

/// A stage whose relay asks this Meta.
async fn stage(meta: &Meta) -> Stage {
    Stage::with(|config| config.graph_url = meta.url()).await
}

/// A relay whose Meta knows the code.
async fn ready() -> (Meta, Stage) {
    let meta = Meta::new().await;
    let stage = stage(&meta).await;
    meta.knows_the_code(&return_url(&stage)).await;
    (meta, stage)
}

fn return_url(stage: &Stage) -> String {
    format!("{}{}", stage.running().public_url(), routes::LOGIN_RETURN)
}

async fn begin(desk: &Desk) -> LoginBegun {
    desk.post(routes::LOGINS, &LoginRequest::default()).await.unwrap()
}

async fn take(desk: &Desk, login: LoginId) -> Answered<LoginStanding> {
    desk.post(&routes::take_login(login), &json!({})).await
}

fn query(url: &str) -> BTreeMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

fn state_of(begun: &LoginBegun) -> String {
    query(&begun.url)["state"].clone()
}

/// The browser comes back from Meta.
async fn comes_back(stage: &Stage, parameters: &[(&str, &str)]) -> (StatusCode, String) {
    let url = Url::parse_with_params(&return_url(stage), parameters).unwrap();
    let answer = stage.http.get(url).send().await.unwrap();
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        assert_eq!(answer.headers()[name], value);
    }
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    (answer.status(), answer.text().await.unwrap())
}

fn failure(standing: LoginStanding) -> LoginFailure {
    match standing {
        LoginStanding::Failed { reason, message, action } => {
            assert!(!message.is_empty() && !action.is_empty());
            reason
        }
        other => panic!("{other:?}"),
    }
}

fn sealed(standing: LoginStanding) -> Sealed {
    match standing {
        LoginStanding::Ready { sealed } => sealed,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_pages_reach_the_desk_that_began_once_and_nobody_else() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Admin), (COFFEE, Role::Admin)]).await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    let begun = begin(&ines).await;
    assert_eq!(take(&ines, begun.login).await.unwrap(), LoginStanding::Waiting);

    let (status, page) = comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Kettle Corner") && page.contains("Ines’s desk “laptop”"), "{page}");
    assert!(!page.contains("Cafe Kanne"), "a Page that was not handed over: {page}");
    for secret in [CODE, state_of(&begun).as_str(), "EAA"] {
        assert!(!page.contains(secret), "{page}");
    }

    while !matches!(stream.news().await, Some(StreamEvent::LoginEnded(ended)) if ended.login == begun.login) {
    }
    assert_eq!(take(&jonas, begun.login).await.unwrap_err().1.code, ErrorCode::NothingWaiting);
    let sealed = sealed(take(&ines, begun.login).await.unwrap());
    assert_eq!(take(&ines, begun.login).await.unwrap_err().0, 404, "handed out once");

    assert_eq!(sealed.open::<LoginTokens>(&jonas.private_key).unwrap_err(), SealError::NotForThisDesk);
    let tokens: LoginTokens = sealed.open(&ines.private_key).unwrap();
    assert_eq!((tokens.login, tokens.pages.len()), (begun.login, 2));
    let (tea, coffee) = (&tokens.pages[0], &tokens.pages[1]);
    assert_eq!(tea.token.as_ref().unwrap().expose(), TEA_TOKEN);
    assert_eq!((tea.serves.len(), tea.can_message, tea.can_subscribe), (1, true, true));
    assert_eq!(tea.instagram.as_ref().unwrap().account.as_str(), TEA_INSTAGRAM);
    // Ines was not invited to the other Page: she learns that it was chosen, and gets no token for it.
    assert_eq!((coffee.page.as_str(), coffee.name.as_str()), (COFFEE, "Cafe Kanne"));
    assert!(coffee.token.is_none() && coffee.serves.is_empty() && !coffee.can_message);

    gone_from_the_files(&stage, &sealed.0).await;
    for token in [TEA_TOKEN, COFFEE_TOKEN, CODE, state_of(&begun).as_str()] {
        assert!(!is_in_the_files(&stage, token), "{token}");
    }
}

#[tokio::test]
async fn a_token_serves_the_instagram_account_behind_its_page() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk_of("Ines", &[(TEA_INSTAGRAM, Platform::Instagram, Role::Agent)]).await;
    let begun = begin(&ines).await;
    assert!(query(&begun.url)["scope"].contains("instagram_manage_messages"));
    comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await;
    let tokens: LoginTokens =
        sealed(take(&ines, begun.login).await.unwrap()).open(&ines.private_key).unwrap();
    assert_eq!(tokens.pages[0].serves, [TEA_INSTAGRAM.into()]);
    assert!(tokens.pages[0].token.is_some());
}

#[tokio::test]
async fn the_dialog_is_asked_for_what_the_desk_needs() {
    let meta = Meta::new().await;
    let stage = Stage::with(|config| {
        config.graph_url = meta.url();
        config.public_url = Some("https://relay.northwind.example/".to_owned());
        config.dialog_url = "http://127.0.0.1:9/meta".to_owned();
        config.login_config_id = Some("7700".to_owned());
    })
    .await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let again: LoginBegun = ines.post(routes::LOGINS, &LoginRequest { ask_again: true }).await.unwrap();
    assert!(again.url.starts_with("http://127.0.0.1:9/meta/v26.0/dialog/oauth?"), "{}", again.url);
    let asked = query(&again.url);
    assert_eq!(asked["redirect_uri"], "https://relay.northwind.example/login/return");
    assert_eq!((asked["client_id"].as_str(), asked["response_type"].as_str()), ("700100200300400", "code"));
    assert_eq!((asked["config_id"].as_str(), asked["auth_type"].as_str()), ("7700", "rerequest"));
    assert!(!asked.contains_key("scope"));

    let stage = self::stage(&meta).await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let plain = query(&begin(&ines).await.url);
    assert_eq!(plain["redirect_uri"], return_url(&stage));
    assert!(plain["scope"].contains("pages_messaging") && !plain["scope"].contains("instagram"), "{plain:?}");
    assert!(!plain.contains_key("auth_type"));
}

#[tokio::test]
async fn a_person_who_says_no_reads_so_and_the_desk_learns_it() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let begun = begin(&ines).await;
    let no = [
        ("error", "access_denied"),
        ("error_reason", "user_denied"),
        ("error_description", "<script>Permissions error</script>"),
        ("state", &state_of(&begun)),
    ];
    let (status, page) = comes_back(&stage, &no).await;
    assert_eq!(status, 200);
    assert!(page.contains("Nothing was connected") && !page.contains("script"), "{page}");
    assert_eq!(failure(take(&ines, begun.login).await.unwrap()), LoginFailure::Denied);
    assert_eq!(take(&ines, begun.login).await.unwrap_err().0, 404);
}

#[tokio::test]
async fn a_state_is_good_once_for_ten_minutes_and_for_its_own_desk_alone() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    for nobodys in [vec![], vec![("state", "login_guessed")], vec![("code", CODE), ("state", "")]] {
        let (status, page) = comes_back(&stage, &nobodys).await;
        assert_eq!(status, 410);
        assert!(page.contains("This login has ended"), "{page}");
    }

    let begun = begin(&ines).await;
    let once = [("code", CODE), ("state", &*state_of(&begun))];
    assert_eq!(comes_back(&stage, &once).await.0, 200);
    let (status, page) = comes_back(&stage, &once).await;
    assert_eq!(status, 410);
    assert!(page.contains("already used"), "{page}");
    assert!(matches!(take(&ines, begun.login).await.unwrap(), LoginStanding::Ready { .. }));

    // A newer login of the same desk ends the older one.
    let (older, newer) = (begin(&ines).await, begin(&ines).await);
    assert_eq!(comes_back(&stage, &[("code", CODE), ("state", &state_of(&older))]).await.0, 410);
    assert_eq!(take(&ines, older.login).await.unwrap_err().0, 404);

    stage.clock.advance_ms(LOGIN_LIFE_MS);
    assert_eq!(comes_back(&stage, &[("code", CODE), ("state", &state_of(&newer))]).await.0, 410);
    assert_eq!(failure(take(&ines, newer.login).await.unwrap()), LoginFailure::Expired);

    // A desk that was cut off gets nothing.
    let begun = begin(&ines).await;
    stage.operate(Request::Revoke { desk: ines.enrolled.desk }).await;
    assert_eq!(comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await.0, 410);
    assert_eq!(take(&ines, begun.login).await.unwrap_err().0, 401);
    let health = stage.health().await;
    assert_eq!(health["refused"]["login_state_unknown"], 6, "{health}");
    assert_eq!(health["refused"]["login_state_again"], 1, "{health}");
}

#[tokio::test]
async fn a_login_survives_a_restart_of_the_relay() {
    let meta = Meta::new().await;
    let public = "http://127.0.0.1:7999";
    let with_address = |config: &mut baton_relay::Config| {
        config.graph_url = meta.url();
        config.public_url = Some(public.to_owned());
    };
    let mut stage = Stage::with(with_address).await;
    meta.knows_the_code(&format!("{public}{}", routes::LOGIN_RETURN)).await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let begun = begin(&ines).await;
    stage.restart_with(with_address).await;
    let ines = ines.at(&stage);
    assert_eq!(comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await.0, 200);
    stage.restart_with(with_address).await;
    let ines = ines.at(&stage);
    // What waits is told again to whoever connects.
    let mut stream = ines.stream(&StreamRequest::default()).await;
    while !matches!(stream.news().await, Some(StreamEvent::LoginEnded(_))) {}
    assert!(matches!(take(&ines, begun.login).await.unwrap(), LoginStanding::Ready { .. }));
}

#[rstest]
#[case::meta_refuses(
    ResponseTemplate::new(400).set_body_json(json!({"error": {"message": "This code has been used.", "type": "OAuthException",
        "code": 100, "fbtrace_id": "A1"}})),
    LoginFailure::Refused, "did not work")]
#[case::meta_is_broken(ResponseTemplate::new(500), LoginFailure::MetaAway, "could not be reached")]
#[case::meta_talks_nonsense(ResponseTemplate::new(200).set_body_string("hello"), LoginFailure::MetaAway, "could not be reached")]
#[tokio::test]
async fn what_meta_does_not_exchange_is_told_in_words(
    #[case] answer: ResponseTemplate,
    #[case] reason: LoginFailure,
    #[case] title: &str,
) {
    let meta = Meta::new().await;
    let stage = stage(&meta).await;
    meta.exchanges(&return_url(&stage), &answer).await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let begun = begin(&ines).await;
    let (status, page) = comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await;
    assert_eq!(status, 502);
    assert!(page.contains(title) && !page.contains(CODE), "{page}");
    assert_eq!(failure(take(&ines, begun.login).await.unwrap()), reason);
}

#[tokio::test]
async fn a_person_without_a_page_is_told_so() {
    let meta = Meta::new().await;
    let stage = stage(&meta).await;
    let short = json!({"access_token": "EAAFIXTUREshortUserToken", "token_type": "bearer"});
    meta.exchanges(&return_url(&stage), &ResponseTemplate::new(200).set_body_json(short)).await;
    meta.has_pages(&json!({"data": []})).await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let begun = begin(&ines).await;
    let (_, page) = comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await;
    assert!(page.contains("No Page was chosen"), "{page}");
    assert_eq!(failure(take(&ines, begun.login).await.unwrap()), LoginFailure::NoPages);
}

#[tokio::test]
async fn a_browser_that_leaves_early_does_not_stop_the_login() {
    let meta = Meta::new().await;
    let stage = stage(&meta).await;
    let short = json!({"access_token": "EAAFIXTUREshortUserToken", "token_type": "bearer"});
    let late = ResponseTemplate::new(200).set_body_json(short).set_delay(Duration::from_millis(400));
    meta.exchanges(&return_url(&stage), &late).await;
    meta.has_pages(
        &serde_json::from_str(include_str!("../../../../fixtures/graph_me_accounts.json")).unwrap(),
    )
    .await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let begun = begin(&ines).await;
    let state = state_of(&begun);
    let url = Url::parse_with_params(&return_url(&stage), [("code", CODE), ("state", &state)]).unwrap();
    let left = stage.http.get(url).timeout(Duration::from_millis(150)).send().await;
    assert!(left.unwrap_err().is_timeout());
    until("the login's end", async || {
        matches!(take(&ines, begun.login).await.unwrap(), LoginStanding::Ready { .. })
    })
    .await;
}

#[tokio::test]
async fn logins_are_rationed_and_need_an_address() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    for _ in 0..5 {
        begin(&ines).await;
    }
    let answer =
        ines.request(Method::POST, routes::LOGINS).json(&LoginRequest::default()).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    let seconds: i64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    stage.clock.advance_ms(seconds * 1000);
    begin(&ines).await;

    let open = Stage::with(|config| config.public_listen = "0.0.0.0:0".parse().unwrap()).await;
    let ines = open.desk("Ines", &[(TEA, Role::Agent)]).await;
    let refused = ines.post::<LoginBegun>(routes::LOGINS, &LoginRequest::default()).await.unwrap_err();
    assert_eq!((refused.0.as_u16(), refused.1.code), (501, ErrorCode::NotConfigured));
    assert!(refused.1.action.contains("public_url"));
}

#[tokio::test]
async fn a_login_that_nobody_takes_leaves_the_files() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let begun = begin(&ines).await;
    comes_back(&stage, &[("code", CODE), ("state", &state_of(&begun))]).await;
    assert!(is_in_the_files(&stage, "\"standing\":\"ready\""));
    assert_eq!(stage.running().log().drop_ended().await.unwrap(), 0);
    stage.clock.advance_ms(LOGIN_LIFE_MS);
    assert_eq!(stage.running().log().drop_ended().await.unwrap(), 1);
    gone_from_the_files(&stage, "\"standing\":\"ready\"").await;
    assert_eq!(take(&ines, begun.login).await.unwrap_err().0, 404);
}
