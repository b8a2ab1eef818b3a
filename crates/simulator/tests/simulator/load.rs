//! So many events a second, and what was acknowledged.

use std::collections::BTreeSet;
use std::process::Stdio;

use baton_simulator::LoadReport;
use serde_json::{Value, json};

use crate::stage::{KITE, Mood, PATIENCE, Receiver, Stage, TEA};

async fn finished(stage: &Stage) -> LoadReport {
    let report = stage.sim.wait_for(PATIENCE, |sim| sim.load_report().filter(|report| !report.is_running));
    report.await.unwrap()
}

/// The ids of all messages that the receiver got.
fn got(receiver: &Receiver) -> BTreeSet<String> {
    let mid = |event: &Value| event["message"]["mid"].as_str().map(str::to_owned);
    receiver.events().iter().filter_map(|(_, event)| mid(event)).collect()
}

#[tokio::test]
async fn every_event_is_sent_acknowledged_and_known_to_graph() {
    let stage = Stage::with_routing().await;
    let load = json!({"rate": 300, "seconds": 1, "customers": 20});
    assert_eq!(stage.ask("load", &load).await.0, 200);
    let report = finished(&stage).await;
    assert_eq!((report.sent, report.acknowledged, report.lost, report.on_the_way), (300, 300, 0, 0));
    assert!(report.took_ms >= 900, "{report:?}");
    let latency = report.latency_ms;
    assert!(latency.p50 > 0.0 && latency.p50 <= latency.p99 && latency.p99 <= latency.max, "{latency:?}");
    let told: BTreeSet<String> = serde_json::from_value(stage.look("load/acknowledged").await).unwrap();
    assert_eq!(told.len(), 300);
    assert_eq!(told, got(&stage.receiver));
    assert_eq!(stage.sim.size().0, 21, "Mara and twenty more");
    let (_, people) = stage.get("/me/conversations?limit=100&fields=id").await;
    assert_eq!(people["data"].as_array().unwrap().len(), 20, "Mara has said nothing");
    assert_eq!(stage.look("load").await["acknowledged"], 300);
}

#[tokio::test]
async fn what_a_fault_drops_is_lost_and_what_fails_is_tried_again() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "webhook_dropped", "app_id": stage.ours, "times": 7})).await;
    stage.fault(json!({"effect": "webhook_fails", "status": 500, "app_id": stage.ours, "times": 5})).await;
    stage.ask("load", &json!({"rate": 100, "seconds": 1, "customers": 10})).await;
    let report = finished(&stage).await;
    assert_eq!((report.sent, report.acknowledged, report.lost), (100, 93, 7));
    assert_eq!(report.failed_tries, 5);
}

#[tokio::test]
async fn without_new_customers_those_who_are_there_write() {
    let stage = Stage::without_routing().await;
    stage.ask("load", &json!({"rate": 30, "seconds": 1, "customers": 0})).await;
    assert_eq!(finished(&stage).await.acknowledged, 30);
    assert_eq!(stage.sim.size(), (1, 30));
}

#[tokio::test]
async fn one_load_at_a_time_and_it_can_be_stopped() {
    let stage = Stage::without_routing().await;
    let long = json!({"rate": 50, "seconds": 3600, "accounts": [TEA]});
    assert_eq!(stage.ask("load", &long).await.0, 200);
    let (status, refused) = stage.ask("load", &long).await;
    assert_eq!((status, &refused["error"]), (400, &json!("A load is running already.")));
    stage.webhooks(1).await;
    let url = format!("{}/control/load", stage.sim.base_url());
    stage.http.delete(url).send().await.unwrap();
    let report = finished(&stage).await;
    assert!(report.sent > 0 && report.sent == report.acknowledged, "{report:?}");
}

#[tokio::test]
async fn only_this_machine_and_only_who_listens() {
    let stage = Stage::without_routing().await;
    let refusal = async |load: Value| {
        let (status, body) = stage.ask("load", &load).await;
        assert_eq!(status, 400, "{body}");
        body["error"].as_str().unwrap().to_owned()
    };
    assert!(refusal(json!({"rate": 0, "seconds": 1})).await.contains("above 0"));
    assert!(refusal(json!({"rate": 1, "seconds": 1, "accounts": [KITE]})).await.contains(KITE));
    stage.sim.unsubscribe(&stage.page, &stage.ours);
    assert!(refusal(json!({"rate": 1, "seconds": 1})).await.contains("no account"));
    stage.sim.set_callback("https://relay.example.invalid/webhook");
    assert!(refusal(json!({"rate": 1, "seconds": 1})).await.contains("Only this machine"));
    assert!(stage.receiver.got().is_empty());
}

#[tokio::test]
async fn the_program_loads_a_receiver_and_says_how_it_went() {
    let receiver = Receiver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let ids = folder.path().join("ids");
    let run = async |rate: &str| {
        let program = tokio::process::Command::new(env!("CARGO_BIN_EXE_baton-simulator"))
            .args(["load", "--rate", rate, "--seconds", "1", "--writers", "10"])
            .args(["--callback-url", &receiver.url(), "--acknowledged"])
            .arg(&ids)
            .env("BATON_SIM_APP_SECRET", "a secret for this test")
            .stderr(Stdio::piped())
            .output();
        program.await.unwrap()
    };
    let output = run("120").await;
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&text[text.find('{').unwrap()..]).unwrap();
    assert_eq!((&report["sent"], &report["acknowledged"]), (&json!(120), &json!(120)));
    let ids = std::fs::read_to_string(&ids).unwrap();
    assert_eq!(ids.lines().map(str::to_owned).collect::<BTreeSet<_>>(), got(&receiver));
}

#[tokio::test]
async fn a_slow_receiver_does_not_slow_the_customers_down() {
    let stage = Stage::without_routing().await;
    stage.receiver.set_mood(Mood::Slow(std::time::Duration::from_millis(400)));
    stage.ask("load", &json!({"rate": 100, "seconds": 1, "customers": 40})).await;
    let all_out = |sim: &baton_simulator::Simulator| sim.load_report().filter(|report| report.sent == 100);
    let report = stage.sim.wait_for(PATIENCE, all_out).await.unwrap();
    assert!(report.acknowledged < 100, "they wait: {report:?}");
    stage.receiver.set_mood(Mood::Status(200));
    assert_eq!(finished(&stage).await.acknowledged, 100);
}
