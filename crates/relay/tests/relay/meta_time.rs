//! Meta's time: asked for with the app's own token, carried into hello and heartbeats, told at once when it moves.

use std::time::Duration;

use baton_protocol::hello::Hello;
use baton_protocol::routes;
use baton_protocol::stream::{StreamEvent, StreamRequest};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{APP, SECRET, Stage};

/// 2026-10-05 09:00:00 UTC, and thirty hours later.
const MONDAY: (&str, i64) = ("Mon, 05 Oct 2026 09:00:00 GMT", 1_791_190_800_000);
const TUESDAY: (&str, i64) = ("Tue, 06 Oct 2026 15:00:00 GMT", 1_791_298_800_000);
/// Between two answers the boot clock carries the time on.
const WITHIN_MS: i64 = 60_000;

async fn meta_says(meta: &MockServer, date: &str) {
    meta.reset().await;
    Mock::given(method("GET"))
        .and(path(format!("/v26.0/{APP}")))
        .and(header("authorization", format!("Bearer {APP}|{SECRET}").as_str()))
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("date", date)
                .set_body_json(serde_json::json!({ "id": APP })),
        )
        .mount(meta)
        .await;
}

#[tokio::test]
async fn when_metas_clock_moves_desks_hear_of_it_at_once() {
    let meta = MockServer::start().await;
    meta_says(&meta, MONDAY.0).await;
    let stage = Stage::with(|config| {
        config.graph_url = meta.uri();
        config.meta_time_every = Duration::from_millis(100);
    })
    .await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    let mut heard = async |expected: i64| loop {
        // The usual heartbeat comes every 15 s, so what is awaited here was not due.
        if let StreamEvent::Heartbeat(heartbeat) = stream.next().await.unwrap()
            && heartbeat.meta_ms.is_some_and(|ms| (ms - expected).abs() < WITHIN_MS)
        {
            break;
        }
    };
    heard(MONDAY.1).await;
    let hello: Hello = ines.get(routes::HELLO).await.unwrap();
    assert!(hello.meta_ms.is_some_and(|ms| (ms - MONDAY.1).abs() < WITHIN_MS), "{hello:?}");
    assert_eq!(stage.health().await["meta_time_known"], true);

    meta_says(&meta, TUESDAY.0).await;
    heard(TUESDAY.1).await;
}
