//! What a peer could hold open: heads, bodies, idle connections, too much of anything.

use std::time::Duration;

use tokio::time::Instant;

use baton_relay::Deadlines;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::{MARA, Stage, TEA, message};

const SHORT: Deadlines = Deadlines {
    head: Duration::from_millis(400),
    body: Duration::from_millis(600),
    write: Duration::from_millis(800),
};

/// Says this and reads until the relay closes.
async fn until_closed(stage: &Stage, said: &[u8]) -> String {
    let mut stream = TcpStream::connect(stage.running().public_addr).await.unwrap();
    stream.write_all(said).await.unwrap();
    let mut heard = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut heard)).await;
    assert!(closed.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&heard).into_owned()
}

#[rstest]
#[case::nothing(b"".as_slice(), "")]
#[case::half_a_head(b"POST /webhook HTTP/1.1\r\nHost: relay\r\nContent-".as_slice(), "")]
#[case::half_a_body(b"POST /webhook HTTP/1.1\r\nHost: relay\r\nContent-Length: 100\r\n\r\n{".as_slice(), "408")]
#[case::idle_after_an_answer(b"GET /healthz HTTP/1.1\r\nHost: relay\r\n\r\n".as_slice(), "200 OK")]
#[case::too_large(b"POST /webhook HTTP/1.1\r\nHost: relay\r\nContent-Length: 8388609\r\n\r\n{".as_slice(), "413")]
#[case::a_hundred_megabytes(
    b"POST /webhook HTTP/1.1\r\nHost: relay\r\nContent-Length: 104857600\r\n\r\n{".as_slice(),
    "413"
)]
#[tokio::test]
async fn whoever_is_slow_or_large_is_closed(#[case] said: &[u8], #[case] answer: &str) {
    let stage = Stage::with(|config| config.deadlines = SHORT).await;
    let heard = until_closed(&stage, said).await;
    assert!(heard.contains(answer), "{heard}");
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_at_the_cap() {
    let stage = Stage::new().await;
    let mut stream = TcpStream::connect(stage.running().public_addr).await.unwrap();
    stream
        .write_all(b"POST /webhook HTTP/1.1\r\nHost: relay\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await
        .unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b'x'; 0x0010_0000], b"\r\n"].concat();
    for _ in 0..12 {
        if stream.write_all(&chunk).await.is_err() {
            break;
        }
    }
    let mut heard = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut heard)).await;
    // The relay closed without reading the rest; where the answer got through, it says why.
    let heard = String::from_utf8_lossy(&heard);
    assert!(heard.is_empty() || heard.contains("413"), "{heard}");
    assert_eq!(stage.health().await["ok"], true);
}

#[tokio::test]
async fn connections_over_the_cap_are_closed_at_once_and_honest_ones_go_on() {
    let stage = Stage::with(|config| {
        config.most_connections = 4;
        config.deadlines = SHORT;
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..12 {
        held.push(TcpStream::connect(stage.running().public_addr).await.unwrap());
    }
    let begun = Instant::now();
    // As soon as the idle ones are closed there is room again.
    while stage.http.get(format!("{}/healthz", stage.running().public_url())).send().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(10), "no room came back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(held);
    stage.says(TEA, MARA, "m_1", "Hello").await;
}

#[tokio::test]
async fn the_largest_allowed_body_is_taken() {
    let stage = Stage::new().await;
    let body = message(TEA, MARA, "m_1", &"x".repeat(7 * 1024 * 1024));
    assert_eq!(stage.post(&body).await, 200);
}

#[tokio::test]
async fn public_and_desks_are_apart() {
    let stage = Stage::new().await;
    let get = |url: String| async { stage.http.get(url).send().await.unwrap().status().as_u16() };
    assert_eq!(get(format!("{}/v1/hello", stage.running().public_url())).await, 404);
    assert_eq!(get(format!("{}/webhook", stage.running().desk_url())).await, 404);
    assert_eq!(get(format!("{}/healthz", stage.running().desk_url())).await, 200);
}
