//! The rules themselves: added, listed, counted, narrowed, removed.

use serde_json::{Value, json};

use crate::stage::{KITE, MARA, Stage, TEA, code};

async fn delete(stage: &Stage, path: &str) -> u16 {
    let url = format!("{}/control/{path}", stage.sim.base_url());
    stage.http.delete(url).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn rules_are_listed_with_their_counts_and_removed_one_by_one() {
    let stage = Stage::without_routing().await;
    let first = stage.fault(json!({"effect": "webhook_dropped", "app_id": stage.ours, "times": 1})).await;
    let second = stage.fault(json!({"effect": "read_refused", "error": "rate_custom", "after": 1})).await;
    stage.mara_writes("lost");
    stage.settled().await;
    assert_eq!(stage.get("/me").await.0, 200);
    assert_eq!(code(&stage.get("/me").await.1), (613, 0));
    let rules = stage.look("faults").await;
    assert_eq!(rules[0]["number"], first);
    assert_eq!((&rules[0]["struck"], &rules[0]["is_over"]), (&json!(1), &json!(true)));
    assert_eq!((&rules[1]["fitted"], &rules[1]["struck"]), (&json!(2), &json!(1)));
    assert_eq!(rules[1]["effect"], "read_refused");
    assert_eq!(delete(&stage, &format!("faults/{second}")).await, 200);
    assert_eq!(stage.get("/me").await.0, 200);
    assert_eq!(delete(&stage, &format!("faults/{second}")).await, 400, "there is none any more");
    assert_eq!(delete(&stage, "faults").await, 200);
    assert_eq!(stage.look("faults").await, json!([]));
}

#[tokio::test]
async fn a_rule_that_cannot_be_is_refused_with_the_reason() {
    let stage = Stage::without_routing().await;
    let (status, unknown) =
        stage.ask("faults", &json!({"effect": "send_refused", "error": "nonsense"})).await;
    assert_eq!(status, 400);
    assert!(unknown["error"].as_str().unwrap().contains("transient_service"), "it says what is known");
    let (status, body) = stage.ask("faults", &json!({"effect": "call_cut", "chance": 2.0})).await;
    assert_eq!((status, &body["error"]), (400, &json!("chance must be between 0 and 1.")));
    assert_eq!(stage.ask("faults", &json!({"effect": "rain"})).await.0, 422);
}

#[tokio::test]
async fn an_account_and_a_customer_narrow_a_rule() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    for other in [
        json!({"effect": "call_cut", "account_id": KITE}),
        json!({"effect": "call_cut", "customer_id": "6200000000000999"}),
        json!({"effect": "call_cut", "app_id": stage.bot}),
        json!({"effect": "call_cut", "method": "DELETE"}),
    ] {
        stage.fault(other).await;
    }
    assert_eq!(stage.send("Hi").await.0, 200);
    stage
        .fault(json!({"effect": "call_cut", "account_id": TEA, "customer_id": MARA, "method": "post"}))
        .await;
    stage.send_in_vain("Hi").await;
}

#[tokio::test]
async fn with_a_seed_chance_strikes_the_same_calls_each_time() {
    let struck = async |seed: u64| {
        let stage = Stage::without_routing().await;
        let rule = json!({"effect": "call_refused", "error": "rate_app", "chance": 0.5, "seed": seed});
        stage.fault(rule).await;
        let mut statuses = Vec::new();
        for _ in 0..24 {
            statuses.push(stage.get("/me").await.0);
        }
        assert_eq!(stage.rule().await["fitted"], 24);
        statuses
    };
    let first = struck(1).await;
    assert!(first.contains(&200) && first.contains(&400), "{first:?}");
    assert_eq!(first, struck(1).await);
    assert_ne!(first, struck(2).await);
}

#[tokio::test]
async fn what_there_is_to_choose_from_can_be_asked() {
    let stage = Stage::without_routing().await;
    let known = stage.look("faults/effects").await;
    let names: Vec<&Value> = known["effects"].as_array().unwrap().iter().map(|e| &e["effect"]).collect();
    assert!(names.contains(&&json!("answer_cut")) && names.contains(&&json!("media_dead")), "{names:?}");
    assert!(known["errors"].as_array().unwrap().contains(&json!("rate_buc_messenger")));
    for effect in known["effects"].as_array().unwrap() {
        let mut rule = effect["takes"].clone();
        rule["effect"] = effect["effect"].clone();
        rule["customer_id"] = json!("nobody");
        stage.fault(rule).await;
    }
}
