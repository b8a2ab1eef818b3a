//! The message is sent; what becomes of the answer.

use baton_simulator::Simulator;
use serde_json::json;

use crate::stage::{PATIENCE, Stage, code, hours};

#[tokio::test]
async fn the_answer_is_cut_off_after_the_message_was_accepted() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let rule = stage.fault(json!({"effect": "answer_cut", "times": 1})).await;
    stage.send_in_vain("Sent, but who knows").await;
    assert_eq!(stage.thread().messages.len(), 2, "the message is on the phone, once");
    stage.hears(&["Hello", "Sent, but who knows"]).await;
    let call = stage.sim.calls().pop().unwrap();
    assert_eq!(call.status, None);
    assert_eq!((call.faults[0].rule, call.faults[0].effect), (rule, "answer_cut"));
    assert_eq!(stage.send("The next one is answered").await.0, 200);
}

#[tokio::test]
async fn the_answer_of_another_call_is_cut_off_when_the_rule_names_it() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "answer_cut", "call": "control", "times": 1})).await;
    let url = format!("{}/v26.0/me/take_thread_control", stage.sim.base_url());
    let token = secrecy::ExposeSecret::expose_secret(&stage.token);
    let take = stage.http.post(url).bearer_auth(token).json(&json!({"recipient": {"id": stage.mara}}));
    assert!(take.send().await.is_err());
    assert_eq!(stage.owner(), Some(stage.ours.clone()), "it was done all the same");
}

#[tokio::test]
async fn an_error_although_the_message_was_sent() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "send_refused_but_sent", "error": "maybe_sent", "times": 1})).await;
    let (status, body) = stage.send("Out it went").await;
    assert_eq!((status, code(&body)), (500, (1, 1357046)));
    assert_eq!(stage.thread().messages[1].text.as_deref(), Some("Out it went"));
}

#[tokio::test]
async fn a_servers_error_page_although_the_message_was_sent() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.fault(json!({"effect": "server_error_but_done", "status": 502, "times": 1})).await;
    let url = format!("{}/v26.0/me/messages", stage.sim.base_url());
    let token = secrecy::ExposeSecret::expose_secret(&stage.token);
    let call = stage.http.post(url).bearer_auth(token).json(&stage.response("Out it went"));
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), 502);
    assert!(answer.text().await.unwrap().starts_with("<!doctype html>"));
    assert_eq!(stage.thread().messages.len(), 2);
}

#[tokio::test]
async fn the_echo_overtakes_the_answer() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.hears(&["Hello"]).await;
    stage.fault(json!({"effect": "answer_late", "ms": 7_200_000, "times": 1})).await;
    let (answer, ()) = tokio::join!(stage.send("Hi"), async {
        stage.hears(&["Hello", "Hi"]).await;
        assert_eq!(stage.sim.calls().last().unwrap().ended_ms, None, "the echo was there first");
        stage.sim.advance(hours(2));
    });
    assert_eq!(answer.0, 200);
}

#[tokio::test]
async fn the_answer_waits_until_the_echo_was_acknowledged() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.settled().await;
    stage.fault(json!({"effect": "answer_after_echo"})).await;
    // An echo that is late for an hour of simulated time: only moving the clock lets the answer come.
    stage.fault(json!({"effect": "echo_late", "ms": 30_000})).await;
    let (answer, ()) = tokio::join!(stage.send("Hi"), async {
        let sent = |sim: &Simulator| {
            let call = sim.calls().pop()?;
            (call.ended_ms.is_none() && stage.thread().messages.len() == 2).then_some(())
        };
        stage.sim.wait_for(PATIENCE, sent).await.unwrap();
        assert_eq!(stage.texts(), ["Hello"]);
        stage.sim.advance(std::time::Duration::from_secs(31));
    });
    assert_eq!(answer.0, 200);
    assert_eq!(stage.texts(), ["Hello", "Hi"], "the echo was there before the answer");
}

#[tokio::test]
async fn an_echo_nobody_hears_does_not_hold_the_answer_up() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.unsubscribe(&stage.page, &stage.ours);
    stage.fault(json!({"effect": "answer_after_echo"})).await;
    assert_eq!(stage.send("Hi").await.0, 200);
}

#[tokio::test]
async fn a_body_comes_in_pieces_as_simulated_time_passes() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "body_slow", "ms": 36_000_000, "times": 1})).await;
    let url = format!("{}/v26.0/me?fields=id,name,category", stage.sim.base_url());
    let call = stage.http.get(url).bearer_auth(secrecy::ExposeSecret::expose_secret(&stage.token));
    let mut answer = call.send().await.unwrap();
    assert_eq!(answer.status(), 200, "the head is there at once");
    let length = answer.content_length().unwrap();
    stage.sim.advance(hours(1));
    let first = answer.chunk().await.unwrap().unwrap();
    assert!((first.len() as u64) < length, "only a piece: {first:?}");
    let mut whole = first.to_vec();
    let rest = async {
        while let Some(piece) = answer.chunk().await.unwrap() {
            whole.extend_from_slice(&piece);
        }
    };
    let time = async {
        loop {
            stage.sim.advance(hours(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! { () = rest => {}, () = time => {} }
    let body: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    assert_eq!(body["name"], "Northwind Tea");
}

#[tokio::test]
async fn a_body_breaks_off_in_the_middle() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "body_cut", "times": 1})).await;
    let url = format!("{}/v26.0/me?fields=id,name,category", stage.sim.base_url());
    let call = stage.http.get(url).bearer_auth(secrecy::ExposeSecret::expose_secret(&stage.token));
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
    assert_eq!(stage.get("/me").await.0, 200);
}
