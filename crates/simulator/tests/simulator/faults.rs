//! What can be made to go wrong.

use std::time::Duration;

use baton_simulator::{Effect, Fate, Fault};
use serde_json::json;
use tokio::time::Instant;

use crate::stage::{Stage, code};

#[tokio::test]
async fn the_answer_is_cut_off_after_the_message_was_accepted() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.add_fault(Fault::once(Effect::AnswerCut));
    let url = format!("{}/me/messages", stage.sim.base_url());
    let sent = stage
        .http
        .post(url)
        .bearer_auth(secrecy::ExposeSecret::expose_secret(&stage.token))
        .json(&stage.response("Sent, but who knows"))
        .send()
        .await;
    assert!(sent.is_err(), "no answer, not even a broken one: {sent:?}");
    assert_eq!(stage.thread().messages.len(), 2, "the message is on the phone, once");
    let events = stage.webhooks(2).await;
    assert_eq!(events[1].1["message"]["text"], "Sent, but who knows");
    assert_eq!(stage.sim.calls().last().unwrap().status, None);
    assert_eq!(stage.send("The next one is answered").await.0, 200);
}

#[tokio::test]
async fn a_named_error_for_the_next_sends() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let error = Effect::SendRefused { error: "rate_buc_messenger".into() };
    stage.sim.add_fault(Fault { times: Some(2), ..Fault::always(error) });
    assert_eq!(code(&stage.send("one").await.1), (80006, 0));
    assert_eq!(code(&stage.send("two").await.1), (80006, 0));
    assert_eq!(stage.send("three").await.0, 200);
    assert_eq!(stage.thread().messages.len(), 2);
}

#[tokio::test]
async fn an_error_although_the_message_was_sent() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.add_fault(Fault::once(Effect::SendRefusedButSent { error: "maybe_sent".into() }));
    let (status, body) = stage.send("Out it went").await;
    assert_eq!((status, code(&body)), (500, (1, 1357046)));
    assert_eq!(stage.thread().messages[1].text.as_deref(), Some("Out it went"));
}

#[tokio::test]
async fn the_echo_overtakes_the_answer() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.webhooks(1).await;
    stage.sim.add_fault(Fault::once(Effect::AnswerLate { ms: 1500 }));
    let began = Instant::now();
    let (answer, ()) = tokio::join!(stage.send("Hi"), async {
        stage.webhooks(2).await;
        assert!(began.elapsed() < Duration::from_millis(1500), "the echo was there first");
    });
    assert_eq!(answer.0, 200);
    assert!(began.elapsed() >= Duration::from_millis(1500));
}

#[tokio::test]
async fn the_echo_comes_late_and_does_not_hold_up_what_follows() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.webhooks(1).await;
    stage.sim.add_fault(Fault::once(Effect::EchoLate { ms: 1500 }));
    stage.send("Hi").await;
    stage.mara_writes("Thanks");
    let events = stage.webhooks(5).await;
    assert_eq!(events.last().unwrap().1["message"]["text"], "Hi", "{events:#?}");
}

#[tokio::test]
async fn the_echo_never_comes_and_other_apps_hear_it_all_the_same() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.add_fault(Fault::once(Effect::EchoNever));
    stage.send("Hi").await;
    stage.settled().await;
    let echoes = stage.sim.webhooks().into_iter().filter(|w| w.field == "message_echoes");
    let fates: Vec<_> = echoes.map(|w| (w.app_id, w.fate == Fate::Dropped)).collect();
    assert_eq!(fates, [(stage.ours.clone(), true), (stage.bot.clone(), false)]);
    assert_eq!(stage.receiver.got().len(), 1);
}

#[tokio::test]
async fn webhooks_are_dropped_and_doubled() {
    let stage = Stage::without_routing().await;
    let ours = |effect| Fault { app_id: Some(stage.ours.clone()), ..Fault::once(effect) };
    stage.sim.add_fault(ours(Effect::WebhookDropped));
    stage.mara_writes("lost");
    stage.sim.add_fault(ours(Effect::WebhookTwice));
    stage.mara_writes("doubled");
    stage.mara_writes("plain");
    stage.settled().await;
    stage.webhooks(3).await;
    let texts: Vec<_> = stage.receiver.events().iter().map(|(_, e)| e["message"]["text"].clone()).collect();
    assert_eq!(texts, ["doubled", "doubled", "plain"]);
}

#[tokio::test]
async fn a_read_is_refused_and_sends_are_not() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.add_fault(Fault::always(Effect::ReadRefused { error: "rate_custom".into() }));
    assert_eq!(code(&stage.get("/me/conversations").await.1), (613, 0));
    assert_eq!(stage.send("Hi").await.0, 200);
    stage.sim.clear_faults();
    assert_eq!(stage.get("/me/conversations").await.0, 200);
}

#[tokio::test]
async fn a_person_who_cannot_be_reached() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.sim.set_reachable(&stage.page, &stage.mara, false).unwrap();
    assert_eq!(code(&stage.send("Hi").await.1), (551, 1545041));
}

#[tokio::test]
async fn an_app_that_takes_threads_without_a_word() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    stage.settled().await;
    let heard = stage.receiver.got().len();
    stage.sim.seize(&stage.page, &stage.mara, Some(&stage.bot)).unwrap();
    stage.settled().await;
    assert_eq!(stage.receiver.got().len(), heard);
    assert_eq!(code(&stage.send("Hi").await.1), (10, 2018300));
}
