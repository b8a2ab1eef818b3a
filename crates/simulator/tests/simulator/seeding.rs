//! Worlds made from a seed: as a file, at the start, and what Graph then tells of them.

use std::path::Path;
use std::process::Command;

use baton_simulator::seed::{Plan, read};
use baton_simulator::{Config, Simulator, SimulatorError, Start};
use serde_json::Value;

use crate::stage::{KITE, START_MS, TEA};

fn make(out: &Path, seed: u64) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_baton-simulator"))
        .args(["seed", "--customers", "60", "--messages", "900", "--seed", &seed.to_string(), "--out"])
        .arg(out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn begin(start: Start) -> Result<Simulator, SimulatorError> {
    Simulator::start(Config { start, start_ms: Some(START_MS), ..Config::default() }).await
}

#[test]
fn the_program_makes_the_same_file_from_the_same_seed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let told = make(&path("one"), 5);
    assert!(told.contains("60 customers, 900 messages") && told.contains(" s"), "{told}");
    make(&path("two"), 5);
    make(&path("other"), 6);
    let bytes = |name: &str| std::fs::read(path(name)).unwrap();
    assert!(bytes("one") == bytes("two"));
    assert!(bytes("one") != bytes("other"));
}

#[tokio::test]
async fn a_file_and_its_seed_give_the_same_world_and_graph_tells_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world");
    make(&path, 5);
    let from_file = begin(Start::File(path.clone())).await.unwrap();
    let from_seed = begin(Start::Seeded(Plan::new(60, 900, 5))).await.unwrap();
    assert_eq!(from_file.size(), (60, 900));
    assert_eq!(from_seed.size(), (60, 900));

    let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
    let (plan, threads) = read(file).unwrap();
    assert_eq!(plan, Plan::new(60, 900, 5));
    for thread in threads {
        let thread = thread.unwrap();
        for simulator in [&from_file, &from_seed] {
            let shown = simulator.thread(&thread.account, &thread.person.id).unwrap();
            let shown: Vec<_> = shown.messages.iter().map(|m| (m.mid.clone(), m.text.clone())).collect();
            let said: Vec<_> = thread.said.iter().map(|m| (m.mid.clone(), m.text.clone())).collect();
            assert_eq!(shown, said);
        }
    }
}

#[tokio::test]
async fn a_seeded_world_pages_through_graph_to_its_last_customer() {
    let simulator = begin(Start::Seeded(Plan::new(130, 2000, 2))).await.unwrap();
    let mut people = 0;
    for page in [TEA, KITE] {
        let token = simulator.page_token(&page.into()).unwrap();
        let token = secrecy::ExposeSecret::expose_secret(&token);
        let first = "me/conversations?limit=40&fields=id,updated_time,participants";
        let mut next = Some(format!("{}/v26.0/{first}", simulator.base_url()));
        while let Some(url) = next {
            let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            let body: Value = answer.json().await.unwrap();
            people += body["data"].as_array().unwrap().len();
            next = body["paging"]["next"].as_str().map(str::to_owned);
        }
    }
    assert_eq!(people, 130);
}

#[tokio::test]
async fn attachments_of_a_seeded_world_can_be_fetched() {
    let simulator = begin(Start::Seeded(Plan::new(40, 1500, 8))).await.unwrap();
    let plan = Plan::new(40, 1500, 8);
    let mut fetched = std::collections::BTreeSet::new();
    for thread in plan.threads() {
        let shown = simulator.thread(&thread.account, &thread.person.id).unwrap();
        for (said, shown) in thread.said.iter().zip(&shown.messages) {
            assert_eq!(said.thing.is_some(), !shown.attachments.is_empty());
            let Some(attachment) = shown.attachments.first() else { continue };
            let kind = attachment["type"].as_str().unwrap().to_owned();
            if fetched.insert(kind) {
                let url = attachment["payload"]["url"].as_str().unwrap();
                assert_eq!(reqwest::get(url).await.unwrap().status(), 200, "{attachment}");
            }
        }
    }
    assert!(["audio", "file", "image", "sticker"].iter().all(|kind| fetched.contains(*kind)), "{fetched:?}");
}

#[tokio::test]
async fn a_file_that_is_no_world_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world");
    std::fs::write(&path, "{\"hello\": 1}\n").unwrap();
    let refused = begin(Start::File(path)).await.unwrap_err().to_string();
    assert!(refused.contains("line 1") && refused.contains("baton-simulator seed"), "{refused}");
    let missing = begin(Start::File(folder.path().join("none"))).await.unwrap_err();
    assert!(matches!(missing, SimulatorError::World(_)), "{missing}");
}
