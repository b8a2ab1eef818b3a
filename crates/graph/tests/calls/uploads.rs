//! Files: in the send itself, and beforehand.

use baton_graph::{CallError, FileToSend, SendResult, UPLOAD_LIFE_MS, Unknown};
use baton_messenger::error::ErrorClass;
use baton_messenger::id::Platform;
use baton_messenger::policy::Verdict;
use baton_messenger::send::{FileKind, FileSource, MessageBody, SendBody, UploadBody};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, Request};

use crate::support::{Breaker, Then, answer_to_mara, client, credentials, mara, ok, page, refusal, variant};

fn invoice() -> FileToSend {
    FileToSend::new("Rechnung März.pdf", "application/pdf", b"%PDF-fixture".as_slice().into())
}

/// Ines sends the invoice; Meta keeps it.
fn with_file() -> SendBody {
    let file = MessageBody::file(Platform::Messenger, FileKind::File, FileSource::upload().reusable());
    SendBody::message(&mara(), &Verdict::Plain { until_ms: i64::MAX }, file).unwrap()
}

/// An upload that Meta fetches by its address.
fn by_address() -> UploadBody {
    let source = FileSource::url("https://files.example.invalid/invoice.pdf").unwrap();
    UploadBody::new(Platform::Messenger, FileKind::File, source)
}

/// An upload of the bytes in the call.
fn by_bytes(platform: Platform) -> UploadBody {
    UploadBody::new(platform, FileKind::File, FileSource::upload())
}

/// The parts of a multipart request: name, head and content of each.
fn parts(request: &Request) -> Vec<(String, String, String)> {
    let kind = request.headers["content-type"].to_str().unwrap();
    let boundary = format!("--{}", kind.split_once("boundary=").unwrap().1);
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let inner = |part: &str| {
        let (head, content) = part.trim_start_matches("\r\n").split_once("\r\n\r\n").unwrap();
        let name = head.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        (name.to_owned(), head.to_owned(), content.trim_end_matches("\r\n").to_owned())
    };
    body.split(&boundary).filter(|part| part.contains("name=")).map(inner).collect()
}

#[tokio::test]
async fn a_file_goes_with_the_send_as_fields_of_a_form() {
    let graph = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v26.0/104500000000011/messages"))
        .respond_with(ok(&variant("graph_send_responses", "message_with_attachment")))
        .expect(1)
        .mount(&graph)
        .await;
    let result = client(&graph.uri()).send_file(&credentials(), &page(), &with_file(), &invoice()).await;
    let SendResult::Accepted { upload: Some(upload), .. } = result else { panic!("{result:?}") };
    assert_eq!(upload.id, "687700000000001".into());

    let requests = graph.received_requests().await.unwrap();
    let parts = parts(&requests[0]);
    let of = |name: &str| parts.iter().find(|(part, ..)| part == name).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&of("recipient").2).unwrap(), json!({"id": mara()}));
    assert_eq!(of("messaging_type").2, "RESPONSE");
    assert_eq!(
        serde_json::from_str::<Value>(&of("message").2).unwrap(),
        json!({"attachment": {"type": "file", "payload": {"is_reusable": true}}})
    );
    let (_, head, content) = of("filedata");
    assert!(head.contains("filename=\"Rechnung M_rz.pdf\"") && head.contains("application/pdf"), "{head}");
    assert_eq!(content, "%PDF-fixture");
}

#[tokio::test]
async fn a_file_in_a_send_that_is_cut_off_leaves_once() {
    let breaker = Breaker::start(Then::Close).await;
    let result = client(&breaker.address).send_file(&credentials(), &page(), &with_file(), &invoice()).await;
    assert!(matches!(result, SendResult::Unknown(Unknown::CutOff(_))), "{result:?}");
    assert_eq!(breaker.requests().len(), 1);
}

#[tokio::test]
async fn an_upload_by_address_gives_an_id_for_90_days() {
    let graph = MockServer::start().await;
    let body = variant("req_send_api", "upload_attachment");
    let answer = ok(&variant("graph_send_responses", "attachment_upload"));
    Mock::given(method("POST"))
        .and(path("/v26.0/104500000000011/message_attachments"))
        .and(body_json(&body))
        .respond_with(answer.insert_header("date", "Mon, 05 Oct 2026 09:00:00 GMT"))
        .expect(1)
        .mount(&graph)
        .await;
    let upload = client(&graph.uri()).upload(&credentials(), &page(), &by_address(), None).await.unwrap();
    assert_eq!(upload.id, "687700000000002".into());
    assert_eq!(upload.until_ms, Some(1_791_190_800_000 + UPLOAD_LIFE_MS));
}

#[tokio::test]
async fn an_upload_of_a_file_names_its_channel() {
    let graph = MockServer::start().await;
    Mock::given(path("/v26.0/104500000000011/message_attachments"))
        .respond_with(ok(&variant("graph_send_responses", "attachment_upload")))
        .mount(&graph)
        .await;
    let body = by_bytes(Platform::Instagram);
    client(&graph.uri()).upload(&credentials(), &page(), &body, Some(&invoice())).await.unwrap();
    let requests = graph.received_requests().await.unwrap();
    let parts = parts(&requests[0]);
    let platform = parts.iter().find(|(name, ..)| name == "platform").unwrap();
    assert_eq!(platform.2, "instagram");
    assert_eq!(parts.iter().map(|(name, ..)| name.as_str()).filter(|name| *name == "filedata").count(), 1);
}

#[rstest]
#[case::fetching("attachment_fetch_failed", ErrorClass::FileNotFetched, 2)]
#[case::uploading("attachment_upload_failed", ErrorClass::FileNotUploaded, 2)]
#[case::fault("transient_service", ErrorClass::TemporarilyUnavailable, 2)]
#[case::too_big("attachment_too_big", ErrorClass::FileTooBig, 1)]
#[case::dead_token("token_expired", ErrorClass::TokenDead { reason: baton_messenger::error::TokenDeath::Expired }, 1)]
#[tokio::test]
async fn an_upload_is_made_again_once_where_that_can_help(
    #[case] name: &str,
    #[case] class: ErrorClass,
    #[case] times: u64,
) {
    let graph = MockServer::start().await;
    Mock::given(method("POST")).respond_with(refusal(name)).expect(times).mount(&graph).await;
    let body = by_bytes(Platform::Messenger);
    let failed =
        client(&graph.uri()).upload(&credentials(), &page(), &body, Some(&invoice())).await.unwrap_err();
    assert_eq!(failed.class(), Some(class));
}

#[tokio::test]
async fn an_upload_without_an_id_is_an_error() {
    let graph = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ok(&json!({"success": true}))).mount(&graph).await;
    let failed = client(&graph.uri()).upload(&credentials(), &page(), &by_address(), None).await.unwrap_err();
    assert!(matches!(failed, CallError::Lost(Unknown::Unreadable { .. })), "{failed:?}");
}

#[tokio::test]
async fn a_file_of_no_kind_never_leaves() {
    let graph = MockServer::start().await;
    let file = FileToSend { mime: "not a kind".to_owned(), ..invoice() };
    let result = client(&graph.uri()).send_file(&credentials(), &page(), &with_file(), &file).await;
    assert!(matches!(result, SendResult::NotBegun(_)), "{result:?}");
    assert!(graph.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_body_and_a_file_that_do_not_belong_together_never_leave() {
    let graph = MockServer::start().await;
    let client = client(&graph.uri());
    let no_place = client.send_file(&credentials(), &page(), &answer_to_mara(), &invoice()).await;
    assert!(matches!(no_place, SendResult::NotBegun(_)), "{no_place:?}");
    let no_file = client.send(&credentials(), &page(), &with_file()).await;
    assert!(matches!(no_file, SendResult::NotBegun(_)), "{no_file:?}");
    let by_bytes = by_bytes(Platform::Messenger);
    assert!(client.upload(&credentials(), &page(), &by_bytes, None).await.is_err());
    assert!(client.upload(&credentials(), &page(), &by_address(), Some(&invoice())).await.is_err());
    assert!(graph.received_requests().await.unwrap().is_empty());
}
