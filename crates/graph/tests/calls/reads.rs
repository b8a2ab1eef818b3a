//! Reads: right address, right parameters, answers as documented, tried again only where that can help.

use std::sync::Arc;

use baton_graph::{AppSecret, AppsecretProof, CallError, ConversationQuery, Credentials, Unknown, Usage};
use baton_messenger::answer::ThreadOwner;
use baton_messenger::error::ErrorClass;
use baton_messenger::id::Platform;
use baton_messenger::limits::{PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use rstest::rstest;
use serde_json::json;
use wiremock::matchers::{header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{
    Breaker, Heard, TOKEN, Then, client, credentials, fixture, mara, mara_on_instagram, ok, page, refusal,
    variant,
};

#[tokio::test]
async fn a_token_is_shown_to_belong_to_a_page() {
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v26.0/me"))
        .and(query_param("fields", "id,name"))
        .and(query_param_is_missing("access_token"))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .respond_with(ok(&json!({"id": "104500000000011", "name": "Kettle Corner"})))
        .expect(1)
        .mount(&graph)
        .await;
    let me = client(&graph.uri()).me(&credentials()).await.unwrap();
    assert_eq!((me.id, me.name.as_deref()), (page(), Some("Kettle Corner")));
}

#[tokio::test]
async fn a_proof_goes_along_as_a_parameter() {
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(query_param("appsecret_proof", "65a3"))
        .and(query_param("appsecret_time", "1791190800"))
        .respond_with(ok(&json!({"id": "104500000000011"})))
        .expect(1)
        .mount(&graph)
        .await;
    let proven = credentials().with_proof(AppsecretProof::new("65a3".into(), 1_791_190_800));
    client(&graph.uri()).me(&proven).await.unwrap();
}

#[tokio::test]
async fn where_the_secret_is_every_token_is_proven_without_a_clock() {
    let vector: serde_json::Value =
        serde_json::from_str(include_str!("../../../../fixtures/vector_signatures.json")).unwrap();
    let vector = &vector["appsecret_proof"];
    let text = |name: &str| vector[name].as_str().unwrap().to_owned();
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(query_param("appsecret_proof", text("plain")))
        .and(query_param_is_missing("appsecret_time"))
        .respond_with(ok(&json!({"id": "104500000000011"})))
        .expect(1)
        .mount(&graph)
        .await;
    let app = AppSecret { app: "700100200300400".into(), secret: text("app_secret").into() };
    client(&graph.uri()).me(&app.credentials_of(&text("access_token").into())).await.unwrap();
}

#[tokio::test]
async fn threads_are_paged_by_cursor_and_the_link_is_not_followed() {
    let graph = MockServer::start().await;
    let threads = |after: Option<&'static str>, body: &str| {
        let mock = Mock::given(method("GET"))
            .and(path("/v26.0/104500000000011/conversations"))
            .and(query_param("platform", "messenger"))
            .and(query_param("limit", "25"));
        let mock = match after {
            Some(after) => mock.and(query_param("after", after)),
            None => mock.and(query_param_is_missing("after")),
        };
        mock.respond_with(ok(&fixture(body))).expect(1)
    };
    threads(None, "graph_conversations_messenger_page1").mount(&graph).await;
    threads(Some("QVFIUfixtureAfter1"), "graph_conversations_messenger_last").mount(&graph).await;

    let client = client(&graph.uri());
    let mut query = ConversationQuery::newest(Platform::Messenger);
    let first = client.conversations(&credentials(), &page(), &query).await.unwrap();
    query.after = first.after();
    let last = client.conversations(&credentials(), &page(), &query).await.unwrap();
    assert_eq!((first.data.len(), last.data.len(), last.after()), (2, 1, None));
}

#[tokio::test]
async fn every_other_read_finds_its_place() {
    let graph = MockServer::start().await;
    let serve = async |place: &str, parameter: Option<(&str, &str)>, body: serde_json::Value| {
        let mut mock = Mock::given(method("GET")).and(path(format!("/v26.0/{place}")));
        if let Some((name, value)) = parameter {
            mock = mock.and(query_param(name, value));
        }
        mock.respond_with(ok(&body)).expect(1).mount(&graph).await;
    };
    let mid = "m_FxMsg0003q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw";
    serve("me/accounts", None, fixture("graph_me_accounts")).await;
    serve("104500000000011/subscribed_apps", None, fixture("graph_subscribed_apps")).await;
    serve("me", Some(("fields", "messaging_feature_status")), fixture("graph_messaging_feature_status"))
        .await;
    let threads = "104500000000011/conversations";
    serve(threads, Some(("fields", "id")), fixture("graph_conversation_by_user")).await;
    let owned = json!({"data": [{"id": "t_1", "is_owner": true}]});
    serve(threads, Some(("fields", "id,is_owner")), owned).await;
    serve("t_9000000000000301/messages", None, fixture("graph_conversation_messages")["messages"].clone())
        .await;
    serve(mid, None, variant("graph_message", "text")).await;
    serve("6200000000000101", None, fixture("graph_user_profile_messenger")).await;
    let idle = variant("graph_thread_owner", "idle");
    serve("104500000000011/thread_owner", Some(("recipient", "6200000000000101")), idle).await;

    let client = client(&graph.uri());
    let c = credentials();
    assert_eq!(client.accounts(&c, None).await.unwrap().data.len(), 2);
    let apps = client.subscribed_apps(&c, &page()).await.unwrap();
    assert!(apps.data[0].missing(PAGE_FIELDS_NEEDED).is_empty());
    assert!(client.feature_status(&c).await.unwrap().msgr_multi_app);
    let messenger = Platform::Messenger;
    let thread = client.conversation_with(&c, &page(), messenger, &mara(), "id").await.unwrap().unwrap();
    assert_eq!(thread.id.as_deref(), Some("t_9000000000000301"));
    assert_eq!(client.is_owner(&c, &page(), messenger, &mara()).await.unwrap(), Some(true));
    let messages = client.messages(&c, "t_9000000000000301", None, 20).await.unwrap();
    assert_eq!((messages.data.len(), messages.after()), (3, Some("QVFIUfixtureMsgA")));
    let message = client.message(&c, &mid.into()).await.unwrap();
    assert_eq!(message.text.as_deref(), Some("Yes, that one"));
    let profile = client.profile(&c, messenger, &mara()).await.unwrap();
    assert_eq!(profile.display_name().as_deref(), Some("Mara Lindt"));
    assert_eq!(client.thread_owner(&c, &page(), &mara()).await.unwrap(), ThreadOwner::Idle);
}

#[tokio::test]
async fn nobody_wrote_means_no_thread() {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(&fixture("graph_conversations_empty"))).mount(&graph).await;
    let owner = client(&graph.uri()).is_owner(&credentials(), &page(), Platform::Messenger, &mara()).await;
    assert_eq!(owner.unwrap(), None);
}

#[tokio::test]
async fn a_page_is_subscribed_with_all_fields() {
    let graph = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v26.0/104500000000011/subscribed_apps"))
        .and(query_param("subscribed_fields", PAGE_FIELDS.join(",")))
        .respond_with(ok(&json!({"success": "true"})))
        .expect(1)
        .mount(&graph)
        .await;
    let done = client(&graph.uri()).subscribe_page(&credentials(), &page(), PAGE_FIELDS).await.unwrap();
    assert!(done.success);
}

#[tokio::test]
async fn a_dead_token_is_an_answer_of_debug_token() {
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v26.0/debug_token"))
        .and(query_param("input_token", TOKEN))
        .and(header("authorization", "Bearer 700100200300400|secret"))
        .respond_with(ok(&variant("graph_debug_token", "invalid")))
        .mount(&graph)
        .await;
    let app = Credentials::new("700100200300400|secret".into());
    let facts = client(&graph.uri()).debug_token(&app, &TOKEN.into()).await.unwrap();
    assert!(!facts.is_valid);
    assert_eq!(facts.error.unwrap().code, 190);
}

#[rstest]
#[case::fault("transient_service")]
#[case::throttle("rate_buc_messenger")]
#[tokio::test]
async fn what_passes_is_tried_again(#[case] name: &str) {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(refusal(name)).up_to_n_times(2).expect(2).mount(&graph).await;
    let me = ok(&json!({"id": "104500000000011"}));
    Mock::given(method("GET")).respond_with(me).expect(1).mount(&graph).await;
    assert_eq!(client(&graph.uri()).me(&credentials()).await.unwrap().id, page());
}

#[tokio::test]
async fn trying_again_has_an_end() {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(refusal("transient_unknown")).expect(4).mount(&graph).await;
    let failed = client(&graph.uri()).me(&credentials()).await.unwrap_err();
    assert_eq!(failed.class(), Some(ErrorClass::TemporarilyUnavailable));
    assert!(matches!(failed, CallError::Lost(Unknown::Fault(_))));
}

#[rstest]
#[case::dead_token("token_expired", true)]
#[case::no_right("permission_missing", false)]
#[case::missing("object_missing", false)]
#[case::too_old("message_too_old", false)]
#[tokio::test]
async fn what_stays_refused_is_asked_once(#[case] name: &str, #[case] dead_token: bool) {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(refusal(name)).expect(1).mount(&graph).await;
    let failed = client(&graph.uri()).me(&credentials()).await.unwrap_err();
    assert_eq!(failed.is_dead_token(), dead_token);
    assert!(!failed.agent_words().what.is_empty());
}

#[tokio::test]
async fn a_wait_that_meta_announces_goes_to_the_caller() {
    let graph = MockServer::start().await;
    let usage =
        r#"{"104500000000011":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":19}]}"#;
    let throttled = refusal("rate_buc_messenger").insert_header("x-business-use-case-usage", usage);
    Mock::given(method("GET")).respond_with(throttled).expect(1).mount(&graph).await;
    let failed = client(&graph.uri()).me(&credentials()).await.unwrap_err();
    let CallError::Throttled { retry_after_ms, .. } = failed else {
        panic!("a throttle expected: {failed:?}")
    };
    assert_eq!(retry_after_ms, 19 * 60_000);
}

#[tokio::test]
async fn metas_time_and_usage_are_heard_from_every_answer() {
    let graph = MockServer::start().await;
    let with_headers = |answer: ResponseTemplate| {
        answer
            .insert_header("date", "Mon, 05 Oct 2026 09:00:00 GMT")
            .insert_header("x-app-usage", r#"{"call_count":28,"total_cputime":25,"total_time":25}"#)
    };
    let me = with_headers(ok(&json!({"id": "104500000000011"})));
    Mock::given(path("/v26.0/me")).respond_with(me).mount(&graph).await;
    let refused = with_headers(refusal("object_missing"));
    Mock::given(path("/v26.0/m_1")).respond_with(refused).mount(&graph).await;
    let heard = Arc::new(Heard::default());
    let client = client(&graph.uri()).observed_by(heard.clone());
    client.me(&credentials()).await.unwrap();
    let client = client.fresh().unwrap();
    client.message(&credentials(), &"m_1".into()).await.unwrap_err();
    assert_eq!(*heard.times.lock().unwrap(), [1_791_190_800_000; 2]);
    assert_eq!(heard.usages.lock().unwrap().iter().map(Usage::percent).collect::<Vec<_>>(), [28, 28]);
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_told_without_its_content() {
    let graph = MockServer::start().await;
    let page = ResponseTemplate::new(200).set_body_string("<html>secret words</html>");
    Mock::given(method("GET")).respond_with(page).expect(1).mount(&graph).await;
    let failed = client(&graph.uri()).me(&credentials()).await.unwrap_err();
    assert!(matches!(&failed, CallError::Lost(Unknown::Unreadable { http_status: 200, .. })), "{failed:?}");
    assert!(!format!("{failed:?}{failed}").contains("secret words"));
}

#[tokio::test]
async fn a_read_that_is_cut_off_is_made_again() {
    let breaker = Breaker::start(Then::Close).await;
    let failed = client(&breaker.address).me(&credentials()).await.unwrap_err();
    assert!(matches!(failed, CallError::Lost(Unknown::CutOff(_))), "{failed:?}");
    assert_eq!(breaker.requests().len(), 4);
}

#[rstest]
#[case::empty("")]
#[case::up("..")]
#[tokio::test]
async fn an_id_that_would_change_the_node_is_not_asked_for(#[case] id: &str) {
    let graph = MockServer::start().await;
    let failed = client(&graph.uri()).message(&credentials(), &id.into()).await.unwrap_err();
    assert!(matches!(failed, CallError::NotBegun(_)), "{failed:?}");
    assert!(graph.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_id_with_slashes_stays_one_id() {
    let graph = MockServer::start().await;
    Mock::given(path("/v26.0/a%2Fb%3Fc")).respond_with(ok(&json!({"id": "a/b?c"}))).mount(&graph).await;
    let message = client(&graph.uri()).message(&credentials(), &"a/b?c".into()).await.unwrap();
    assert_eq!(message.id, Some("a/b?c".into()));
}

#[tokio::test]
async fn instagram_is_asked_for_through_its_page() {
    let graph = MockServer::start().await;
    let instagram = Platform::Instagram;
    Mock::given(method("GET"))
        .and(path("/v26.0/104500000000011/conversations"))
        .and(query_param("platform", "instagram"))
        .and(query_param("limit", "25"))
        .respond_with(ok(&fixture("graph_conversations_instagram")))
        .expect(1)
        .mount(&graph)
        .await;
    Mock::given(method("GET"))
        .and(path("/v26.0/7300000000000201"))
        .and(query_param(
            "fields",
            "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,\
             is_verified_user",
        ))
        .respond_with(ok(&fixture("graph_user_profile_instagram")))
        .expect(1)
        .mount(&graph)
        .await;
    let client = client(&graph.uri());
    let threads =
        client.conversations(&credentials(), &page(), &ConversationQuery::newest(instagram)).await.unwrap();
    let customer = threads.data[0].customer(&"17841400000000033".into()).unwrap();
    assert_eq!(customer.id, Some(mara_on_instagram()));
    assert_eq!(customer.username.as_deref(), Some("mara.lindt"));
    assert_eq!(threads.after(), None);
    let profile = client.profile(&credentials(), instagram, &mara_on_instagram()).await.unwrap();
    assert_eq!((profile.username.as_deref(), profile.is_verified_user), (Some("mara.lindt"), Some(false)));
}

#[rstest]
#[case::consent("profile_consent", ErrorClass::ProfileUnavailable)]
#[case::none("profile_unavailable", ErrorClass::ProfileUnavailable)]
#[case::no_right("profile_permission", ErrorClass::ProfilesNotAllowed)]
#[tokio::test]
async fn a_profile_that_is_not_given_is_an_ordinary_answer(#[case] name: &str, #[case] class: ErrorClass) {
    let graph = MockServer::start().await;
    Mock::given(method("GET")).respond_with(refusal(name)).expect(1).mount(&graph).await;
    let failed = client(&graph.uri())
        .profile(&credentials(), Platform::Instagram, &mara_on_instagram())
        .await
        .unwrap_err();
    assert_eq!(failed.class(), Some(class));
}

#[tokio::test]
async fn the_other_apps_of_the_old_protocol_are_read() {
    let graph = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v26.0/me/secondary_receivers"))
        .and(query_param("fields", "id,name"))
        .respond_with(ok(&fixture("graph_secondary_receivers")))
        .mount(&graph)
        .await;
    let others = client(&graph.uri()).secondary_receivers(&credentials()).await.unwrap();
    assert_eq!(others.data[0].id, "700555666777888".into());
}

#[tokio::test]
async fn the_newest_messages_with_a_customer_are_one_call() {
    let graph = MockServer::start().await;
    let fields = format!("id,messages.limit(20){{{}}}", baton_graph::MESSAGE_FIELDS);
    Mock::given(method("GET"))
        .and(path("/v26.0/104500000000011/conversations"))
        .and(query_param("platform", "instagram"))
        .and(query_param("user_id", "7300000000000201"))
        .and(query_param("fields", fields))
        .respond_with(ok(&json!({"data": [fixture("graph_conversation_messages")]})))
        .expect(1)
        .mount(&graph)
        .await;
    let newest = client(&graph.uri())
        .newest_messages(&credentials(), &page(), Platform::Instagram, &mara_on_instagram(), 20)
        .await
        .unwrap();
    assert_eq!(newest.len(), 3);
}

#[tokio::test]
async fn everything_that_a_message_can_hold_is_read_inside_its_conversation() {
    let graph = MockServer::start().await;
    let answer = ok(&variant("graph_conversation_with", "messenger"));
    Mock::given(path("/v26.0/104500000000011/conversations")).respond_with(answer).mount(&graph).await;
    let newest = client(&graph.uri())
        .newest_messages(&credentials(), &page(), Platform::Messenger, &mara(), 20)
        .await
        .unwrap();
    let [unsupported, sticker, shared, answering, picture] = newest.as_slice() else {
        panic!("{newest:?}");
    };
    assert!(unsupported.is_unsupported && sticker.sticker.is_some());
    assert_eq!((shared.shares.len(), picture.attachments.len(), picture.reactions.len()), (1, 1, 1));
    assert_eq!(answering.reply_to.as_ref().and_then(|to| to.mid.as_ref()), picture.id.as_ref());
}
