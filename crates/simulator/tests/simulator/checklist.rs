//! docs/simulator.md says which test holds what the simulator plays: each of them exists, and every fault is on the page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use baton_simulator::{Config, Simulator};
use serde_json::Value;

use crate::sources;

const PAGE: &str = include_str!("../../../../docs/simulator.md");
const FOLDERS: &[&str] =
    &["crates/simulator/src", "crates/simulator/tests", "tests/parts/tests", "tests/journeys/tests"];

/// The rows of the page's tables, as their cells.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let rows = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    rows.filter(|cells| cells.last() != Some(&"test")).collect()
}

/// What stands between backticks.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Every test of these folders, as `file::test`, with how often there is one of that name.
fn tests() -> BTreeMap<String, usize> {
    let mut tests = BTreeMap::new();
    for (path, text) in FOLDERS.iter().flat_map(|folder| sources::in_folder(folder)) {
        for test in tests_in(&text) {
            *tests.entry(format!("{}::{test}", called(&path))).or_default() += 1;
        }
    }
    tests
}

/// A file's name; of a `mod.rs` that of its folder.
fn called(path: &Path) -> String {
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    if stem == "mod" {
        path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned()
    } else {
        stem
    }
}

/// The functions under a test's attribute.
fn tests_in(text: &str) -> Vec<&str> {
    let mut is_test = false;
    let mut tests = Vec::new();
    for line in text.lines().map(str::trim) {
        let head = line.strip_prefix("async ").unwrap_or(line);
        if ["#[test]", "#[tokio::test", "#[rstest]"].iter().any(|mark| line.starts_with(mark)) {
            is_test = true;
        } else if let Some(rest) = head.strip_prefix("fn ") {
            if is_test {
                tests.push(rest.split(['(', '<']).next().unwrap());
            }
            is_test = false;
        }
    }
    tests
}

#[test]
fn every_point_names_tests_that_exist() {
    let tests = tests();
    for row in rows() {
        let [point, _, held] = row[..] else { panic!("three cells wanted: {row:?}") };
        let mut held = names(held).peekable();
        assert!(held.peek().is_some(), "no test holds: {point}");
        for name in held {
            assert_eq!(tests.get(name), Some(&1), "{name}, which should hold: {point}");
        }
    }
}

#[tokio::test]
async fn every_fault_is_on_the_page() {
    let sim = Simulator::start(Config::default()).await.unwrap();
    let url = format!("{}/control/faults/effects", sim.base_url());
    let catalogue: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let told: BTreeSet<&str> = rows().iter().flat_map(|row| names(row[1]).collect::<Vec<_>>()).collect();
    for effect in catalogue["effects"].as_array().unwrap() {
        let name = effect["effect"].as_str().unwrap();
        assert!(told.contains(name), "{name} is not in docs/simulator.md");
    }
}
