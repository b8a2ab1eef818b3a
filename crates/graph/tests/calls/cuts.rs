//! Connections that break: before the first byte it never left, after it nobody can say.

use std::time::Duration;

use baton_graph::{ControlResult, GraphClient, GraphConfig, NotBegun, SendResult, Unknown};
use baton_messenger::send::ControlBody;
use rstest::rstest;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::support::{Breaker, PART, Then, answer_to_mara, client, credentials, mara, page};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
const HALF: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"recipient_id\":";

#[rstest]
#[case::right_after_the_request(Then::Close)]
#[case::inside_the_status_line(Then::Write("HTTP/1.1 20"))]
#[case::after_the_head(Then::Write(HEAD))]
#[case::inside_the_body(Then::Write(HALF))]
#[case::not_http(Then::Write("hello"))]
#[tokio::test]
async fn a_cut_after_the_first_byte_is_unknown_and_the_request_left_once(#[case] then: Then) {
    let breaker = Breaker::start(then).await;
    let result = client(&breaker.address).send(&credentials(), &page(), &answer_to_mara()).await;
    assert!(matches!(result, SendResult::Unknown(Unknown::CutOff(_))), "{result:?}");
    let requests = breaker.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].contains(PART), "the message itself had left");
}

#[rstest]
#[case::silence(Then::Hang)]
#[case::head_then_silence(Then::WriteAndHang(HEAD))]
#[case::half_then_silence(Then::WriteAndHang(HALF))]
#[tokio::test]
async fn no_answer_in_time_is_unknown(#[case] then: Then) {
    let breaker = Breaker::start(then).await;
    let config = GraphConfig {
        send_timeout: Duration::from_millis(300),
        ..GraphConfig::at(&breaker.address).unwrap()
    };
    let client = GraphClient::new(config).unwrap();
    let result = client.send(&credentials(), &page(), &answer_to_mara()).await;
    assert_eq!(result, SendResult::Unknown(Unknown::TimedOut));
    assert_eq!(breaker.requests().len(), 1);
}

#[tokio::test]
async fn a_refused_connection_never_left() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let result = client(&address).send(&credentials(), &page(), &answer_to_mara()).await;
    assert!(matches!(result, SendResult::NotBegun(NotBegun::NoConnection(_))), "{result:?}");
}

#[tokio::test]
async fn a_host_that_does_not_exist_never_left() {
    let result =
        client("https://graph.example.invalid").send(&credentials(), &page(), &answer_to_mara()).await;
    assert!(matches!(result, SendResult::NotBegun(NotBegun::NoConnection(_))), "{result:?}");
}

#[tokio::test]
async fn without_a_secure_channel_nothing_leaves() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let hang_up = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = [0; 1024];
        let read = stream.read(&mut hello).await.unwrap();
        String::from_utf8_lossy(&hello[..read]).into_owned()
    });
    let result = client(&address).send(&credentials(), &page(), &answer_to_mara()).await;
    assert!(matches!(result, SendResult::NotBegun(NotBegun::NoConnection(_))), "{result:?}");
    assert!(!hang_up.await.unwrap().contains("POST"));
}

#[tokio::test]
async fn a_reused_connection_that_breaks_does_not_send_twice() {
    // The first answer keeps the line open; the second request on the same line meets a close.
    let breaker = Breaker::start(Then::Write(
        "HTTP/1.1 200 OK\r\nContent-Length: 47\r\n\r\n{\"recipient_id\":\"6200000000000101\",\"message_id\":\"m_1\"}",
    ))
    .await;
    let client = client(&breaker.address);
    for _ in 0..20 {
        let before = breaker.requests().len();
        let result = client.send(&credentials(), &page(), &answer_to_mara()).await;
        let left = breaker.requests().len() - before;
        match result {
            SendResult::Accepted { .. } | SendResult::Unknown(_) => assert!(left <= 1, "sent {left} times"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_control_call_that_is_cut_off_is_unknown_and_left_once() {
    let breaker = Breaker::start(Then::Close).await;
    let take = ControlBody::take(&mara(), None);
    let result = client(&breaker.address).control(&credentials(), &page(), &take).await;
    assert!(matches!(result, ControlResult::Unknown(Unknown::CutOff(_))), "{result:?}");
    assert_eq!(breaker.requests().len(), 1);
}
