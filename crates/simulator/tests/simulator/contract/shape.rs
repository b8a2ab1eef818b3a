//! Shapes of JSON: every path with its type, compared both ways.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// A fixture by its file name without `.json`.
pub fn fixture(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"))).unwrap()
}

/// The names of all fixtures that begin like this.
pub fn fixtures_named(beginning: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap();
    let names = files.filter_map(|file| file.unwrap().file_name().into_string().ok());
    let mut names: Vec<String> = names
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .filter(|name| name.starts_with(beginning))
        .collect();
    names.sort();
    names
}

/// Every path in a value with its type: `.data[].participants.data[].name: string`.
pub fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, into: &mut BTreeSet<String>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(items) => {
                items.iter().for_each(|item| walk(item, &format!("{path}[]"), into));
                "list"
            }
            Value::Object(object) => {
                object.iter().for_each(|(key, item)| walk(item, &format!("{path}.{key}"), into));
                "object"
            }
        };
        into.insert(format!("{path}: {kind}"));
    }
    let mut into = BTreeSet::new();
    walk(value, "", &mut into);
    into
}

/// What only one side has; paths that begin like one of `but` may differ.
pub fn difference(ours: &Value, theirs: &Value, but: &[&str]) -> Option<String> {
    let (ours, theirs) = (shape(ours), shape(theirs));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        let paths = a.difference(b).filter(|path| !but.iter().any(|b| path.starts_with(b)));
        paths.cloned().collect::<Vec<_>>()
    };
    let (extra, missing) = (only(&ours, &theirs), only(&theirs, &ours));
    (!extra.is_empty() || !missing.is_empty())
        .then(|| format!("only ours: {extra:#?}\nonly the fixture's: {missing:#?}"))
}

#[test]
fn the_comparison_itself_notices_missing_extra_and_retyped_keys() {
    let (a, b) = (json!({"x": 1, "y": [{"z": "t"}]}), json!({"x": "1", "y": [{"w": "t"}]}));
    let differing: Vec<_> = shape(&a).symmetric_difference(&shape(&b)).cloned().collect();
    assert_eq!(differing, [".x: number", ".x: string", ".y[].w: string", ".y[].z: string"]);
    assert!(difference(&a, &b, &[]).is_some());
    assert!(difference(&a, &b, &[".x"]).is_some());
    assert_eq!(difference(&a, &b, &[".x", ".y[]."]), None);
    assert_eq!(difference(&a, &a, &[]), None);
}
