//! Whether a pasted token serves an account: a Page's, a person's, and for the Instagram account behind a Page.

use baton_core::account::{CheckedAccount, ConnectError, check_token, subscribe};
use baton_graph::{GraphClient, GraphConfig};
use baton_messenger::limits::PAGE_FIELDS;
use baton_messenger::{AccountId, Platform};
use baton_protocol::account::RoutingMode;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wiremock::matchers::{bearer_token, method, path, query_param, query_param_contains};
use wiremock::{Mock, MockServer, ResponseTemplate};

const APP: &str = "700100200300400";
const PAGE: &str = "104500000000011";
const INSTAGRAM: &str = "17841400000000033";
const PAGE_TOKEN: &str = "EAAFIXTUREpageTokenOne";
const USER_TOKEN: &str = "EAAFIXTUREuserToken";

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn refusal(code: i64, subcode: Option<i64>) -> ResponseTemplate {
    let error = json!({"error": {"message": "fixture", "type": "OAuthException", "code": code,
        "error_subcode": subcode, "fbtrace_id": "A1"}});
    ResponseTemplate::new(400).set_body_json(error)
}

fn linked() -> Value {
    json!({"id": PAGE, "name": "Kettle Corner",
        "instagram_business_account": {"id": INSTAGRAM, "username": "kettlecorner"}})
}

/// Meta as it answers Kettle Corner's Page token and that of the person behind it.
struct Meta {
    graph: MockServer,
}

impl Meta {
    async fn start() -> Self {
        let meta = Self { graph: MockServer::start().await };
        meta.says(PAGE_TOKEN, "me", Some("id,name"), &json!({"id": PAGE, "name": "Kettle Corner"})).await;
        meta.says(PAGE_TOKEN, "me", Some("id,name,instagram_business_account{id,username}"), &linked()).await;
        let features = json!({"messaging_feature_status": {"msgr_multi_app": true, "ig_multi_app": false,
            "hop_v2": true}, "id": PAGE});
        meta.says(PAGE_TOKEN, "me", Some("messaging_feature_status"), &features).await;
        meta.says(PAGE_TOKEN, &format!("{PAGE}/conversations"), None, &json!({"data": []})).await;
        meta.says(USER_TOKEN, "me", Some("id,name"), &json!({"id": "122", "name": "Ines Keller"})).await;
        // A person has no such field.
        Mock::given(query_param("fields", "id,name,instagram_business_account{id,username}"))
            .and(bearer_token(USER_TOKEN))
            .respond_with(refusal(100, None))
            .with_priority(5)
            .mount(&meta.graph)
            .await;
        let mut owned = linked();
        owned["access_token"] = PAGE_TOKEN.into();
        meta.says(USER_TOKEN, "me/accounts", None, &json!({"data": [owned]})).await;
        meta
    }

    async fn says(&self, token: &str, place: &str, fields: Option<&str>, body: &Value) {
        let mut mock =
            Mock::given(method("GET")).and(path(format!("/v26.0/{place}"))).and(bearer_token(token));
        if let Some(fields) = fields {
            mock = mock.and(query_param("fields", fields));
        }
        mock.respond_with(ok(body)).with_priority(5).mount(&self.graph).await;
    }

    async fn tells_rights(&self, scopes: &[&str], limited: &Value) {
        let facts =
            json!({"data": {"app_id": APP, "is_valid": true, "scopes": scopes, "granular_scopes": limited}});
        self.says(PAGE_TOKEN, "debug_token", None, &facts).await;
    }

    async fn asked(&self, token: &str, platform: Platform) -> Result<CheckedAccount, ConnectError> {
        let account = AccountId::from(match platform {
            Platform::Messenger => PAGE,
            Platform::Instagram => INSTAGRAM,
        });
        check_token(&self.client(), &SecretString::from(token), &account, platform).await
    }

    fn client(&self) -> GraphClient {
        GraphClient::new(GraphConfig::at(&self.graph.uri()).unwrap()).unwrap()
    }
}

#[rstest]
#[case::of_the_page(PAGE_TOKEN)]
#[case::of_a_person(USER_TOKEN)]
#[tokio::test]
async fn an_instagram_account_is_reached_through_its_page(#[case] token: &str) {
    let meta = Meta::start().await;
    let checked = meta.asked(token, Platform::Instagram).await.unwrap();
    assert_eq!((checked.account.as_str(), checked.page.as_str()), (INSTAGRAM, PAGE));
    assert_eq!((checked.name.as_str(), checked.platform), ("@kettlecorner", Platform::Instagram));
    assert_eq!(checked.token.expose_secret(), PAGE_TOKEN, "the Page's own, not the person's");
    assert_eq!(checked.routing, RoutingMode::HopV2, "each channel has its own routing");
}

#[tokio::test]
async fn a_page_is_its_own() {
    let meta = Meta::start().await;
    let checked = meta.asked(PAGE_TOKEN, Platform::Messenger).await.unwrap();
    assert_eq!((checked.account.as_str(), checked.page.as_str()), (PAGE, PAGE));
    assert_eq!((checked.name.as_str(), checked.routing), ("Kettle Corner", RoutingMode::On));
}

#[tokio::test]
async fn a_page_that_is_linked_to_no_instagram_account_is_told_by_name() {
    let meta = Meta::start().await;
    let alone = json!({"id": PAGE, "name": "Kettle Corner"});
    Mock::given(query_param("fields", "id,name,instagram_business_account{id,username}"))
        .respond_with(ok(&alone))
        .with_priority(1)
        .mount(&meta.graph)
        .await;
    Mock::given(path("/v26.0/me/accounts"))
        .respond_with(refusal(100, None))
        .with_priority(1)
        .mount(&meta.graph)
        .await;
    let error = meta.asked(PAGE_TOKEN, Platform::Instagram).await.unwrap_err();
    assert_eq!(error, ConnectError::NotLinked { found: "Kettle Corner".to_owned() });
    assert!(error.agent_words().what.contains("Kettle Corner"));
}

#[rstest]
#[case::switched_off(200, Some(2_534_041))]
#[case::not_eligible(36_103, None)]
#[tokio::test]
async fn an_instagram_account_that_gives_no_access_says_who_can_change_it(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
) {
    let meta = Meta::start().await;
    Mock::given(path(format!("/v26.0/{PAGE}/conversations")))
        .and(query_param("platform", "instagram"))
        .respond_with(refusal(code, subcode))
        .with_priority(1)
        .mount(&meta.graph)
        .await;
    let error = meta.asked(PAGE_TOKEN, Platform::Instagram).await.unwrap_err();
    assert!(matches!(error, ConnectError::NoAccess(_)), "{error:?}");
    assert!(!error.agent_words().remedy.is_empty());
}

#[rstest]
#[case::all(&["instagram_basic", "instagram_manage_messages", "pages_manage_metadata"], json!([]), &[])]
#[case::no_messages(&["instagram_basic", "pages_manage_metadata"], json!([]), &["instagram_manage_messages"])]
#[case::no_basic(&["instagram_manage_messages", "pages_manage_metadata"], json!([]), &["instagram_basic"])]
#[case::for_another_account(
    &["instagram_basic", "instagram_manage_messages", "pages_manage_metadata"],
    json!([{"scope": "instagram_manage_messages", "target_ids": ["17841400000000099"]},
        {"scope": "pages_manage_metadata", "target_ids": [PAGE]}]),
    &["instagram_manage_messages"])]
#[case::meta_does_not_say(&[], json!([]), &[])]
#[tokio::test]
async fn rights_for_instagram_are_looked_at(
    #[case] scopes: &[&str],
    #[case] limited: Value,
    #[case] missing: &[&str],
) {
    let meta = Meta::start().await;
    meta.tells_rights(scopes, &limited).await;
    let checked = meta.asked(PAGE_TOKEN, Platform::Instagram).await.unwrap();
    assert_eq!(checked.missing_rights, missing);
}

#[tokio::test]
async fn a_subscription_that_the_page_has_is_left_as_it_is() {
    let meta = Meta::start().await;
    let ours = json!({"data": [{"id": APP, "name": "Baton", "subscribed_fields": PAGE_FIELDS}]});
    meta.says(PAGE_TOKEN, &format!("{PAGE}/subscribed_apps"), None, &ours).await;
    Mock::given(method("POST")).respond_with(refusal(100, None)).expect(0).mount(&meta.graph).await;
    let checked = meta.asked(PAGE_TOKEN, Platform::Instagram).await.unwrap();
    let fields = subscribe(&meta.client(), &checked, &APP.into()).await.unwrap();
    let mut all = PAGE_FIELDS.to_vec();
    all.sort_unstable();
    assert_eq!(fields, all);
}

#[tokio::test]
async fn a_page_that_only_carries_its_instagram_account_is_subscribed_with_no_word_of_its_customers() {
    let meta = Meta::start().await;
    let place = format!("/v26.0/{PAGE}/subscribed_apps");
    Mock::given(method("GET"))
        .and(path(&*place))
        .respond_with(ok(&json!({"data": []})))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&meta.graph)
        .await;
    let ours = json!({"data": [{"id": APP, "subscribed_fields": ["messaging_policy_enforcement"]}]});
    meta.says(PAGE_TOKEN, &format!("{PAGE}/subscribed_apps"), None, &ours).await;
    Mock::given(method("POST"))
        .and(path(&*place))
        .and(query_param_contains("subscribed_fields", "messaging_policy_enforcement"))
        .respond_with(ok(&json!({"success": true})))
        .expect(1)
        .mount(&meta.graph)
        .await;
    let checked = meta.asked(PAGE_TOKEN, Platform::Instagram).await.unwrap();
    let fields = subscribe(&meta.client(), &checked, &APP.into()).await.unwrap();
    assert_eq!(fields, ["messaging_policy_enforcement"]);
    let posted = meta.graph.received_requests().await.unwrap();
    assert!(!posted.iter().any(|request| request.url.query().unwrap_or_default().contains("message_echoes")));
}

#[tokio::test]
async fn a_subscription_that_is_not_read_back_is_none() {
    let meta = Meta::start().await;
    meta.says(PAGE_TOKEN, &format!("{PAGE}/subscribed_apps"), None, &json!({"data": []})).await;
    Mock::given(method("POST")).respond_with(ok(&json!({"success": true}))).mount(&meta.graph).await;
    for platform in [Platform::Messenger, Platform::Instagram] {
        let checked = meta.asked(PAGE_TOKEN, platform).await.unwrap();
        let error = subscribe(&meta.client(), &checked, &APP.into()).await.unwrap_err();
        assert!(matches!(error, ConnectError::NotSubscribed(_)), "{error:?}");
    }
}
