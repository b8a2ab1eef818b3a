//! Teabot, which must follow every rule.

use std::time::Duration;

use baton_simulator::{Config, NewPage, RoutingMode};
use serde_json::json;

use crate::stage::{PATIENCE, Stage, TEA};

async fn with_bot(routing: Option<RoutingMode>) -> Stage {
    Stage::new(
        |config| Config { bot_pause: Duration::from_millis(5), ..config },
        |ours| {
            let page = NewPage::with_bot(TEA, "Northwind Tea", ours);
            NewPage { routing: routing.unwrap_or_else(|| page.routing.clone()), ..page }
        },
    )
    .await
}

#[tokio::test]
async fn mara_is_answered_by_the_bot_and_passed_on_when_she_asks_for_a_person() {
    let stage = with_bot(None).await;
    stage.mara_writes("My order 4412 is late since Friday");
    let answered = |count: usize| {
        stage.sim.wait_for(PATIENCE, move |sim| {
            let thread = sim.thread(&TEA.into(), &crate::stage::MARA.into())?;
            (thread.messages.len() >= count).then_some(thread)
        })
    };
    let thread = answered(2).await.unwrap();
    assert_eq!(thread.messages[1].app_name.as_deref(), Some("Teabot"));
    assert_eq!(thread.owner.unwrap().app_id, stage.bot);

    stage.mara_writes("I want a person");
    answered(4).await.unwrap();
    let owner = stage.sim.wait_for(PATIENCE, |_| stage.owner().filter(|o| o == &stage.ours)).await;
    assert_eq!(owner.unwrap(), stage.ours);
    stage.settled().await;
    let handover = stage.receiver.events().into_iter().find(|(_, e)| e.get("pass_thread_control").is_some());
    let (list, event) = handover.unwrap();
    assert_eq!(list, "messaging");
    assert_eq!(
        event["pass_thread_control"]["metadata"],
        "Order 4412, parcel late since Friday. Customer asked twice. Language: English."
    );
    let bots_calls: Vec<_> =
        stage.sim.calls().into_iter().filter(|c| c.app_id.as_ref() == Some(&stage.bot)).collect();
    assert_eq!(bots_calls.len(), 3, "two answers and a pass");
}

#[tokio::test]
async fn the_bot_shows_quick_replies_buttons_and_cards_to_whoever_asks_for_them() {
    let stage = with_bot(None).await;
    for (number, ask) in ["Quick replies", "Buttons", "Carousel"].into_iter().enumerate() {
        stage.mara_writes(ask);
        let count = 2 * (number + 1);
        stage
            .sim
            .wait_for(PATIENCE, |_| (stage.thread().messages.len() == count).then_some(()))
            .await
            .unwrap();
    }
    let messages = stage.thread().messages;
    assert_eq!(messages[1].quick_replies.len(), 4);
    let kinds = [3, 5].map(|at: usize| messages[at].attachments[0]["payload"]["template_type"].clone());
    assert_eq!(kinds, ["button", "generic"]);
}

#[tokio::test]
async fn the_bot_keeps_quiet_in_our_threads() {
    let stage = with_bot(None).await;
    stage.sim.seize(&stage.page, &stage.mara, Some(&stage.ours)).unwrap();
    stage.mara_writes("Hello");
    bot_heard(&stage, 1).await;
    stage.control(&stage.ours, "release", json!({})).await;
    stage.mara_writes("Hello?");
    stage.sim.wait_for(PATIENCE, |_| (stage.thread().messages.len() == 3).then_some(())).await.unwrap();
    assert_eq!(stage.thread().messages[2].app_id, Some(stage.bot.clone()));
    assert_eq!(stage.thread().messages[1].app_id, None);
}

#[tokio::test]
async fn the_bot_keeps_quiet_without_routing() {
    let stage = with_bot(Some(RoutingMode::Off)).await;
    stage.mara_writes("Hello");
    bot_heard(&stage, 1).await;
    assert_eq!(stage.thread().messages.len(), 1);
}

/// The bot has handled this many webhooks to their end.
async fn bot_heard(stage: &Stage, count: usize) {
    let heard = |sim: &baton_simulator::Simulator| {
        let ended = sim
            .webhooks()
            .into_iter()
            .filter(|w| w.app_id == stage.bot && w.fate == baton_simulator::Fate::Delivered);
        (ended.count() >= count).then_some(())
    };
    stage.sim.wait_for(PATIENCE, heard).await.unwrap();
}
