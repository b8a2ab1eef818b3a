//! Sends and control calls: the right body, one request, one of five facts.

use baton_graph::{CallError, ControlResult, NotBegun, SendResult, Unknown};
use baton_messenger::error::ErrorClass;
use baton_messenger::send::{ControlBody, Metadata, ModerationBody, SenderActionBody};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{TOKEN, answer_to_mara, client, credentials, mara, ok, page, refusal, variant};

async fn graph_that_answers(answer: ResponseTemplate) -> MockServer {
    let graph = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).expect(1).mount(&graph).await;
    graph
}

async fn sent(answer: ResponseTemplate) -> SendResult {
    let graph = graph_that_answers(answer).await;
    client(&graph.uri()).send(&credentials(), &page(), &answer_to_mara()).await
}

#[tokio::test]
async fn an_accepted_reply_has_its_mid() {
    let graph = MockServer::start().await;
    let mut expected = variant("req_send_api", "text_in_window");
    expected["message"]["metadata"] = json!("b1:out:0199b2c0-0000-7000-8000-000000000001");
    Mock::given(method("POST"))
        .and(path("/v26.0/104500000000011/messages"))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .and(header("content-type", "application/json"))
        .and(body_json(&expected))
        .respond_with(ok(&variant("graph_send_responses", "message")))
        .expect(1)
        .mount(&graph)
        .await;
    let result = client(&graph.uri()).send(&credentials(), &page(), &answer_to_mara()).await;
    let mid = "m_FxMsg0020q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw".into();
    assert_eq!(result, SendResult::Accepted { mid, recipient: Some(mara()), upload: None });
}

#[rstest]
#[case("window_closed_messenger", ErrorClass::OutsideWindow)]
#[case("not_thread_owner_send", ErrorClass::NotOwner)]
#[case("person_unavailable", ErrorClass::PersonUnavailable)]
#[case("page_restricted", ErrorClass::PageRestricted)]
#[case("permission_missing", ErrorClass::PermissionMissing)]
#[tokio::test]
async fn a_refusal_is_final_and_asked_once(#[case] name: &str, #[case] class: ErrorClass) {
    let SendResult::Refused(error) = sent(refusal(name)).await else { panic!("a refusal expected") };
    assert_eq!(error.class(), class);
    assert!(error.trace_id.is_some());
}

#[rstest]
#[case("transient_unknown")]
#[case("transient_service")]
#[case("maybe_sent")]
#[case("temporary_send_failure")]
#[tokio::test]
async fn a_fault_of_meta_leaves_it_open(#[case] name: &str) {
    let result = sent(refusal(name)).await;
    assert!(matches!(result, SendResult::Unknown(Unknown::Fault(_))), "{result:?}");
}

#[rstest]
#[case("rate_app")]
#[case("rate_buc_messenger")]
#[case("rate_custom")]
#[tokio::test]
async fn a_throttle_was_not_acted_on(#[case] name: &str) {
    let SendResult::Throttled { retry_after_ms, .. } = sent(refusal(name)).await else {
        panic!("a throttle expected")
    };
    assert_eq!(retry_after_ms, 60_000);
}

#[rstest]
#[case::bad_gateway(502, "<html>bad gateway</html>")]
#[case::proxy_refusal(403, "blocked by the network")]
#[case::redirect(302, "")]
#[case::empty_success(200, "")]
#[case::success_without_mid(200, r#"{"recipient_id":"6200000000000101"}"#)]
#[case::half_success(200, r#"{"recipient_id":"62000"#)]
#[case::error_with_5xx_and_throttle_code(503, r#"{"error":{"code":4,"message":"x"}}"#)]
#[tokio::test]
async fn an_answer_that_proves_nothing_leaves_it_open(#[case] status: u16, #[case] body: &str) {
    let result = sent(ResponseTemplate::new(status).set_body_string(body)).await;
    assert!(matches!(result, SendResult::Unknown(_)), "{result:?}");
}

#[tokio::test]
async fn a_token_that_is_none_is_not_sent() {
    let graph = MockServer::start().await;
    let credentials = baton_graph::Credentials::new("EAA\nbroken".into());
    let result = client(&graph.uri()).send(&credentials, &page(), &answer_to_mara()).await;
    assert_eq!(result, SendResult::NotBegun(NotBegun::TokenUnusable));
    assert!(graph.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn typing_is_shown_once() {
    let graph = MockServer::start().await;
    Mock::given(path("/v26.0/104500000000011/messages"))
        .and(body_json(variant("req_send_api", "sender_action_typing")))
        .respond_with(ok(&variant("graph_send_responses", "sender_action")))
        .expect(1)
        .mount(&graph)
        .await;
    client(&graph.uri()).act(&credentials(), &page(), &SenderActionBody::typing_on(&mara())).await.unwrap();
}

#[tokio::test]
async fn people_are_blocked_and_unblocked_once() {
    for (body, action) in [
        (ModerationBody::block(&mara()), "block_user"),
        (ModerationBody::unblock(&mara()), "unblock_user"),
        (ModerationBody::move_to_spam(&mara()), "move_to_spam"),
    ] {
        let graph = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v26.0/104500000000011/moderate_conversations"))
            .and(body_json(json!({"user_ids": [{"id": mara()}], "actions": [action]})))
            .respond_with(ok(&json!({"success": "true"})))
            .expect(1)
            .mount(&graph)
            .await;
        client(&graph.uri()).moderate(&credentials(), &page(), &body).await.unwrap();
    }
    let graph = graph_that_answers(refusal("transient_service")).await;
    let block = ModerationBody::block(&mara());
    let failed = client(&graph.uri()).moderate(&credentials(), &page(), &block).await.unwrap_err();
    assert!(matches!(failed, CallError::Lost(_)), "{failed:?}");
}

#[tokio::test]
async fn control_calls_reach_their_edges() {
    let note = |text: &str| Some(Metadata::new(text).unwrap());
    let bot = "700555666777888".into();
    let calls = [
        ("pass", "pass_thread_control", ControlBody::pass(&mara(), Some(&bot), note("question answered"))),
        ("take", "take_thread_control", ControlBody::take(&mara(), note("agent took over"))),
        ("request", "request_thread_control", ControlBody::request(&mara(), note("agent wants to answer"))),
        ("release", "release_thread_control", ControlBody::release(&mara())),
        ("extend", "extend_thread_control", ControlBody::extend(&mara(), 172_800).unwrap()),
    ];
    for (name, edge, body) in calls {
        let graph = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path(format!("/v26.0/104500000000011/{edge}")))
            .and(body_json(variant("req_thread_control", name)))
            .respond_with(ok(&json!({"success": true})))
            .expect(1)
            .mount(&graph)
            .await;
        let result = client(&graph.uri()).control(&credentials(), &page(), &body).await;
        assert_eq!(result, ControlResult::Done, "{name}");
    }
}

#[tokio::test]
async fn a_take_that_is_not_allowed_is_refused() {
    let graph = graph_that_answers(refusal("take_blocked_no_default_app")).await;
    let take = ControlBody::take(&mara(), None);
    let result = client(&graph.uri()).control(&credentials(), &page(), &take).await;
    let ControlResult::Refused(error) = result else { panic!("a refusal expected: {result:?}") };
    assert_eq!(error.class(), ErrorClass::TakeUnavailable);
}

#[rstest]
#[case::no(json!({"success": false}))]
#[case::nothing(json!({}))]
#[tokio::test]
async fn a_control_answer_without_a_yes_leaves_it_open(#[case] answer: Value) {
    let graph = graph_that_answers(ok(&answer)).await;
    let result = client(&graph.uri()).control(&credentials(), &page(), &ControlBody::release(&mara())).await;
    assert!(matches!(result, ControlResult::Unknown(_)), "{result:?}");
}
