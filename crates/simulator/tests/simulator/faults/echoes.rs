//! Echoes that come late or never.

use baton_simulator::Fate;
use serde_json::json;

use crate::stage::{Stage, hours};

#[tokio::test]
async fn the_echo_comes_late_and_does_not_hold_up_what_follows() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.hears(&["Hello"]).await;
    stage.fault(json!({"effect": "echo_late", "ms": 3_600_000, "times": 1})).await;
    stage.send("Hi").await;
    stage.mara_writes("Thanks");
    stage.hears(&["Hello", "Thanks"]).await;
    stage.sim.advance(hours(1));
    stage.hears(&["Hello", "Thanks", "Hi"]).await;
}

#[tokio::test]
async fn the_echo_never_comes_and_other_apps_hear_it_all_the_same() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let rule = stage.fault(json!({"effect": "echo_never", "times": 1})).await;
    stage.send("Hi").await;
    stage.settled().await;
    let echoes: Vec<_> = stage.sim.webhooks().into_iter().filter(|w| w.field == "message_echoes").collect();
    let fates: Vec<_> = echoes.iter().map(|w| (w.app_id.clone(), w.fate == Fate::Dropped)).collect();
    assert_eq!(fates, [(stage.ours.clone(), true), (stage.bot.clone(), false)]);
    assert_eq!((echoes[0].faults[0].rule, echoes[0].faults[0].effect), (rule, "echo_never"));
    assert_eq!(stage.texts(), ["Hello"]);
}
