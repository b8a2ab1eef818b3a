//! From a login to a subscribed Page: tokens, Pages with their rights, the app's and the Page's subscriptions.

use baton_graph::{CallError, UserToken};
use baton_messenger::id::Platform;
use baton_messenger::limits::INSTAGRAM_FIELDS;
use rstest::rstest;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Request};

use crate::support::{
    Breaker, Then, app_secret, client, credentials, fixture, instagram, ok, page, refusal, variant,
};

/// A request without any token.
fn nameless(request: &Request) -> bool {
    !request.headers.contains_key("authorization")
}

#[rstest]
#[case::as_documented(json!(5400))]
#[case::as_text(json!("5400"))]
#[tokio::test]
async fn a_code_becomes_a_token(#[case] expires_in: Value) {
    let graph = MockServer::start().await;
    let mut answer = fixture("graph_code_exchange");
    answer["expires_in"] = expires_in;
    Mock::given(method("GET"))
        .and(path("/v26.0/oauth/access_token"))
        .and(query_param("client_id", "700100200300400"))
        .and(query_param("client_secret", "FIXTUREappSecret"))
        .and(query_param("redirect_uri", "https://relay.example.invalid/login/callback"))
        .and(query_param("code", "FIXTUREcode"))
        .and(nameless)
        .respond_with(ok(&answer))
        .expect(1)
        .mount(&graph)
        .await;
    let to = "https://relay.example.invalid/login/callback";
    let token = client(&graph.uri()).exchange_code(&app_secret(), to, &"FIXTUREcode".into()).await.unwrap();
    assert_eq!((token.token.expose_secret(), token.expires_in_s), ("EAAFIXTUREshortUserToken", Some(5400)));
}

#[tokio::test]
async fn a_short_token_becomes_a_long_one() {
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v26.0/oauth/access_token"))
        .and(query_param("grant_type", "fb_exchange_token"))
        .and(query_param("client_id", "700100200300400"))
        .and(query_param("client_secret", "FIXTUREappSecret"))
        .and(query_param("fb_exchange_token", "EAAFIXTUREshort"))
        .and(nameless)
        .respond_with(ok(&fixture("graph_token_exchange")))
        .expect(1)
        .mount(&graph)
        .await;
    let UserToken { token, expires_in_s } =
        client(&graph.uri()).long_lived(&app_secret(), &"EAAFIXTUREshort".into()).await.unwrap();
    assert_eq!((token.expose_secret(), expires_in_s), ("EAAFIXTURElongLivedUserToken", Some(5_183_944)));
}

#[tokio::test]
async fn a_code_that_may_be_spent_is_not_used_again() {
    let breaker = Breaker::start(Then::Close).await;
    let failed = client(&breaker.address)
        .exchange_code(&app_secret(), "https://x.invalid", &"c".into())
        .await
        .unwrap_err();
    assert!(matches!(failed, CallError::Lost(_)), "{failed:?}");
    assert_eq!(breaker.requests().len(), 1);
}

#[rstest]
#[case::no_token(json!({"token_type": "bearer"}))]
#[case::of_another_kind(json!({"access_token": 7}))]
#[tokio::test]
async fn an_exchange_without_a_token_is_an_error(#[case] answer: Value) {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(&answer)).mount(&graph).await;
    let failed = client(&graph.uri()).long_lived(&app_secret(), &"EAAFIXTUREshort".into()).await.unwrap_err();
    assert!(matches!(failed, CallError::Lost(_)), "{failed:?}");
}

#[tokio::test]
async fn all_pages_are_read_with_their_rights_also_behind_a_short_page_and_an_empty_one() {
    let graph = MockServer::start().await;
    let whole = fixture("graph_me_accounts");
    let serve = |after: Option<&'static str>, rows: Vec<Value>, next: Option<&str>| {
        let mut body =
            json!({"data": rows, "paging": {"cursors": {"before": "b", "after": next.unwrap_or("end")}}});
        if next.is_some() {
            body["paging"]["next"] = json!("https://graph.facebook.com/me/accounts?access_token=EAAFIXTURE");
        }
        let mock = Mock::given(method("GET")).and(path("/v26.0/me/accounts")).and(query_param("limit", "25"));
        let mock = match after {
            Some(after) => mock.and(query_param("after", after)),
            None => mock.and(query_param_is_missing("after")),
        };
        mock.respond_with(ok(&body)).expect(1)
    };
    serve(None, vec![whole["data"][0].clone()], Some("A1")).mount(&graph).await;
    serve(Some("A1"), vec![], Some("A2")).mount(&graph).await;
    serve(Some("A2"), vec![whole["data"][1].clone()], None).mount(&graph).await;

    let pages = client(&graph.uri()).all_accounts(&credentials()).await.unwrap();
    let rights: Vec<_> = pages.iter().map(|page| (page.can_message(), page.can_subscribe())).collect();
    assert_eq!(rights, [(true, true), (false, false)]);
    assert_eq!(pages[0].instagram_business_account.as_ref().unwrap().id, instagram());
}

#[tokio::test]
async fn a_cursor_that_goes_in_circles_ends_the_reading() {
    let graph = MockServer::start().await;
    let body =
        json!({"data": [], "paging": {"cursors": {"after": "A"}, "next": "https://graph.facebook.com/"}});
    Mock::given(method("GET")).respond_with(ok(&body)).expect(2).mount(&graph).await;
    assert!(client(&graph.uri()).all_accounts(&credentials()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_page_token_leads_to_the_linked_instagram_account() {
    let graph = MockServer::start().await;
    let body = variant("graph_linked_instagram", "linked");
    Mock::given(method("GET"))
        .and(path("/v26.0/me"))
        .and(query_param("fields", "id,name,instagram_business_account{id,username}"))
        .respond_with(ok(&body))
        .mount(&graph)
        .await;
    let linked = client(&graph.uri()).linked_instagram(&credentials()).await.unwrap();
    let link = linked.instagram_business_account.unwrap();
    assert_eq!((linked.id, link.id, link.username.as_deref()), (page(), instagram(), Some("kettlecorner")));
}

#[tokio::test]
async fn the_app_is_known_by_its_own_token() {
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v26.0/700100200300400"))
        .and(query_param("fields", "id"))
        .respond_with(ok(&fixture("graph_app")))
        .mount(&graph)
        .await;
    let app = app_secret();
    assert_eq!(client(&graph.uri()).app(&app.credentials(), &app.app).await.unwrap(), app.app);
}

#[tokio::test]
async fn the_app_is_subscribed_without_its_secrets_in_the_address() {
    let graph = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v26.0/700100200300400/subscriptions"))
        .and(header("authorization", "Bearer 700100200300400|FIXTUREappSecret"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .and(body_string_contains("object=instagram&"))
        .and(body_string_contains("callback_url=https%3A%2F%2Frelay.example.invalid%2Fwebhook&"))
        .and(body_string_contains("include_values=true&"))
        .and(body_string_contains("verify_token=FIXTUREverify"))
        .and(body_string_contains("messaging_seen"))
        .and(body_string_contains("appsecret_proof="))
        .and(|request: &Request| request.url.query().is_none())
        .respond_with(ok(&json!({"success": true})))
        .expect(1)
        .mount(&graph)
        .await;
    let done = client(&graph.uri())
        .subscribe_app(
            &app_secret(),
            Platform::Instagram,
            "https://relay.example.invalid/webhook",
            &"FIXTUREverify".into(),
            INSTAGRAM_FIELDS,
        )
        .await
        .unwrap();
    assert!(done.success);
}

#[tokio::test]
async fn what_the_app_is_subscribed_to_is_read_back() {
    let graph = MockServer::start().await;
    let fields: Vec<Value> =
        INSTAGRAM_FIELDS.iter().map(|name| json!({"name": name, "version": "v26.0"})).collect();
    let body = json!({"data": [{"object": "instagram", "callback_url": "https://relay.example.invalid/webhook",
        "active": true, "fields": fields}]});
    Mock::given(method("GET"))
        .and(path("/v26.0/700100200300400/subscriptions"))
        .respond_with(ok(&body))
        .mount(&graph)
        .await;
    let subscriptions = client(&graph.uri()).app_subscriptions(&app_secret()).await.unwrap();
    assert!(subscriptions.data[0].missing(INSTAGRAM_FIELDS).is_empty());
}

#[tokio::test]
async fn a_page_can_be_unsubscribed() {
    let graph = MockServer::start().await;
    Mock::given(method("DELETE"))
        .and(path("/v26.0/104500000000011/subscribed_apps"))
        .respond_with(ok(&json!({"success": true})))
        .expect(1)
        .mount(&graph)
        .await;
    assert!(client(&graph.uri()).unsubscribe_page(&credentials(), &page()).await.unwrap().success);
}

#[tokio::test]
async fn debug_token_tells_rights_and_what_they_are_limited_to() {
    let graph = MockServer::start().await;
    Mock::given(path("/v26.0/debug_token"))
        .respond_with(ok(&variant("graph_debug_token", "page_token")))
        .mount(&graph)
        .await;
    let app = app_secret().credentials();
    let facts = client(&graph.uri()).debug_token(&app, &"EAAFIXTURE".into()).await.unwrap();
    assert!(facts.is_valid && facts.scopes.iter().any(|scope| scope == "instagram_manage_messages"));
    assert_eq!(facts.granular_scopes[1].target_ids, [instagram()]);
}

#[tokio::test]
async fn a_wrong_code_is_refused_once() {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(refusal("token_invalid")).expect(1).mount(&graph).await;
    let failed = client(&graph.uri())
        .exchange_code(&app_secret(), "https://x.invalid", &"c".into())
        .await
        .unwrap_err();
    assert!(matches!(failed, CallError::Meta(_)), "{failed:?}");
}
