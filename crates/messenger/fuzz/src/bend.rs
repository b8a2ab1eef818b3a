//! A body bent in the ways in which bodies get odd.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::words::{NAMES, TEXTS};

/// Stands for half of a surrogate pair, which no text can hold, until the body is spelled.
const HALF: char = '\u{f8ff}';

/// Another body, by the same random numbers always the same one. `other` may lend parts.
pub fn bend(body: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let tree = if rng.u8(..8) == 0 { None } else { serde_json::from_slice::<Value>(body).ok() };
    let Some(mut tree) = tree else { return bend_bytes(body, other, rng) };
    let lender = serde_json::from_slice::<Value>(other).unwrap_or_default();
    for _ in 0..rng.usize(1..5) {
        bend_tree(&mut tree, &lender, rng);
    }
    spell(&tree, rng)
}

fn bend_tree(tree: &mut Value, lender: &Value, rng: &mut Rng) {
    let lent = any_part(lender, rng).clone();
    let spare = any_part(tree, rng).clone();
    let Some(part) = any_part_mut(tree, rng) else { return };
    match rng.u8(..13) {
        0 | 1 => *part = odd_value(rng),
        2 => *part = spare,
        3 => *part = lent,
        4 => *part = json!([part.take()]),
        5 => {
            let name = name(rng);
            *part = Value::Object(Map::from_iter([(name, part.take())]));
        }
        6 => other_type(part),
        7 | 8 => shift(part, rng),
        _ => bend_members(part, lent, rng),
    }
}

fn bend_members(part: &mut Value, lent: Value, rng: &mut Rng) {
    match part {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            match (rng.choice(&names), rng.u8(..4)) {
                (Some(gone), 0) => {
                    members.remove(gone);
                }
                (Some(old), 1) => {
                    let value = members.remove(old).unwrap_or_default();
                    members.insert(name(rng), value);
                }
                (_, 2) => {
                    members.insert(name(rng), lent);
                }
                _ => {
                    members.insert(name(rng), odd_value(rng));
                }
            }
        }
        Value::Array(values) => match (values.is_empty(), rng.u8(..4)) {
            (false, 0) => {
                values.swap_remove(rng.usize(..values.len()));
            }
            (false, 1) => {
                let again = values[rng.usize(..values.len())].clone();
                values.insert(rng.usize(..=values.len()), again);
            }
            (false, 2) => rng.shuffle(values),
            _ => values.push(lent),
        },
        scalar => *scalar = odd_value(rng),
    }
}

/// Numbers become text and text numbers, as Meta mixes them.
fn other_type(part: &mut Value) {
    let other = match &*part {
        Value::Number(number) => Value::from(number.to_string()),
        Value::String(text) => text.parse::<i64>().map_or(Value::Null, Value::from),
        Value::Bool(flag) => Value::from(flag.to_string()),
        Value::Array(values) => values.first().cloned().unwrap_or_default(),
        Value::Object(members) => members.values().cloned().collect(),
        Value::Null => json!({}),
    };
    *part = other;
}

/// A little more or less of the same.
fn shift(part: &mut Value, rng: &mut Rng) {
    match part {
        Value::String(text) => shift_text(text, rng),
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or(0);
            *part = Value::from(match rng.u8(..8) {
                0 => number.wrapping_add(1),
                1 => number.wrapping_sub(1),
                2 => number / 1000,
                3 => number.wrapping_mul(1000),
                4 => number.wrapping_neg(),
                _ => rng.i64(0..10),
            });
        }
        Value::Bool(flag) => *part = Value::from(!*flag),
        _ => {}
    }
}

fn shift_text(text: &mut String, rng: &mut Rng) {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = rng.choice(places).unwrap_or(0);
    match rng.u8(..4) {
        0 => text.truncate(at),
        1 => text.insert(at, HALF),
        2 => text.insert_str(at, rng.choice(TEXTS).unwrap_or(&"")),
        _ => *text = text.repeat(rng.usize(2..20)),
    }
}

fn odd_value(rng: &mut Rng) -> Value {
    match rng.u8(..16) {
        0 => Value::Null,
        1 => Value::from(rng.bool()),
        2 => Value::from(rng.i64(..)),
        3 => Value::from(u64::MAX),
        4 => Value::from(9_007_199_254_740_993_i64),
        5 | 6 => Value::from(rng.i64(-1..10)),
        7 => Value::from(rng.i64(-2..2_000_000_000)),
        8 => Value::from(rng.f64() * 1e12),
        9 => json!([]),
        10 => json!({}),
        11 => nested(rng.usize(1..200)),
        12 => json!({"id": rng.u64(..)}),
        13 => json!([{"id": "1"}, null, "x", [1]]),
        _ => Value::from(rng.choice(TEXTS).copied().unwrap_or_default()),
    }
}

fn nested(deep: usize) -> Value {
    (0..deep).fold(
        Value::Null,
        |inside, level| if level % 2 == 0 { json!([inside]) } else { json!({"id": inside}) },
    )
}

fn name(rng: &mut Rng) -> String {
    rng.choice(NAMES).copied().unwrap_or_default().to_owned()
}

/// Any value inside, the whole included; each as likely as any other, so that what lies deep is reached too.
fn any_part<'a>(tree: &'a Value, rng: &mut Rng) -> &'a Value {
    tree.pointer(&any_path(tree, rng)).unwrap_or(tree)
}

fn any_part_mut<'a>(tree: &'a mut Value, rng: &mut Rng) -> Option<&'a mut Value> {
    let path = any_path(tree, rng);
    tree.pointer_mut(&path)
}

fn any_path(tree: &Value, rng: &mut Rng) -> String {
    let mut paths = vec![String::new()];
    collect(tree, "", &mut paths);
    rng.choice(paths).unwrap_or_default()
}

fn collect(tree: &Value, path: &str, paths: &mut Vec<String>) {
    const ENOUGH: usize = 2_000;
    let step = |name: &str| format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
    let inside: Vec<(String, &Value)> = match tree {
        Value::Array(values) => {
            values.iter().enumerate().map(|(n, value)| (step(&n.to_string()), value)).collect()
        }
        Value::Object(members) => members.iter().map(|(name, value)| (step(name), value)).collect(),
        _ => return,
    };
    for (path, value) in inside {
        if paths.len() >= ENOUGH {
            return;
        }
        collect(value, &path, paths);
        paths.push(path);
    }
}

/// Writes the tree in one of the ways in which JSON is written.
fn spell(tree: &Value, rng: &mut Rng) -> Vec<u8> {
    let pretty = rng.u8(..4) == 0;
    let json = if pretty { serde_json::to_string_pretty(tree) } else { serde_json::to_string(tree) };
    let escapes = rng.bool();
    let mut spelled = String::new();
    for letter in json.unwrap_or_default().chars() {
        match letter {
            HALF => spelled.push_str(if rng.bool() { "\\ud83d" } else { "\\ude00" }),
            '/' if escapes => spelled.push_str("\\/"),
            letter if escapes && !letter.is_ascii() => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    spelled.push_str(&format!("\\u{unit:04x}"));
                }
            }
            letter => spelled.push(letter),
        }
    }
    if rng.u8(..8) == 0 {
        spelled = named_twice(&spelled, rng);
    }
    spelled.into_bytes()
}

/// The same with a member named once more in some object.
fn named_twice(json: &str, rng: &mut Rng) -> String {
    let opens: Vec<usize> = json.match_indices("{\"").map(|(at, _)| at).collect();
    let Some(at) = rng.choice(opens) else { return json.to_owned() };
    let member = format!("\"{}\":{},", name(rng), odd_value(rng));
    format!("{}{member}{}", &json[..=at], &json[at + 1..])
}

fn bend_bytes(body: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = body.to_vec();
    for _ in 0..rng.usize(1..6) {
        let at = rng.usize(..=bytes.len());
        let length = rng.usize(..16).min(bytes.len() - at);
        match rng.u8(..6) {
            0 if at < bytes.len() => bytes[at] = rng.u8(..),
            1 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
            2 => {
                bytes.drain(at..at + length);
            }
            3 => {
                let again = bytes[at..at + length].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let token =
                    rng.choice(["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "null", "1e9"]);
                bytes.splice(at..at, token.unwrap_or_default().bytes());
            }
            _ => {
                let from = rng.usize(..=other.len());
                let to = (from + rng.usize(..64)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
        }
    }
    bytes
}
