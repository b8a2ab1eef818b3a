//! What checking and reading a webhook costs, against the least that anybody has to do with it: the bare HMAC of the
//! body and a tree of its JSON.
//!
//! Both are measured in turn, round after round, so that a machine that grows slower or faster meanwhile does so for
//! both. `scripts/bench.sh` takes the median of the rounds and the ratio of the medians.

use std::hint::black_box;
use std::time::Duration;

use baton_messenger::signature::{sign, verify};
use baton_messenger::webhook::parse;
use criterion::{BenchmarkId, Criterion};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const SECRET: &[u8] = b"fixture-app-secret-0123456789abcdef";
/// The size of every body, in bytes.
const SIZE: usize = 1024;
const ROUNDS: usize = 9;

fn main() {
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(300))
        .configure_from_args();
    for (name, body) in bodies() {
        let header = sign(SECRET, &body);
        let mut group = criterion.benchmark_group(format!("webhook-{name}"));
        for round in 0..ROUNDS {
            group.bench_with_input(BenchmarkId::new("bare", round), &body, |bencher, body| {
                bencher.iter(|| bare(black_box(body)));
            });
            group.bench_with_input(BenchmarkId::new("baton", round), &body, |bencher, body| {
                bencher.iter(|| {
                    let is_metas =
                        verify(&[SECRET], Some(black_box(header.as_bytes())), black_box(body)).is_ok();
                    (is_metas, parse(black_box(body)).ok())
                });
            });
        }
        group.finish();
    }
    criterion.final_summary();
}

/// The HMAC of the body, and its JSON as a tree.
fn bare(body: &[u8]) -> (Option<[u8; 32]>, Option<Value>) {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET).ok().map(|mut mac| {
        mac.update(body);
        mac.finalize().into_bytes().into()
    });
    (mac, serde_json::from_slice(body).ok())
}

/// Deliveries of one size and different shapes, spelled as Meta spells them.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let event = |message: Value| {
        json!({"sender": {"id": "6200000000000101"}, "recipient": {"id": "104500000000011"},
            "timestamp": 1_791_190_800_000_i64, "message": message})
    };
    let delivery = |object: &str, account: &str, events: Vec<Value>| {
        json!({"object": object,
            "entry": [{"id": account, "time": 1_791_190_800_600_i64, "messaging": events}]})
    };
    let page = |events: Vec<Value>| delivery("page", "104500000000011", events);
    let mid = |n: usize| format!("m_FxMsg{n:04}q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw");
    let image = |n: usize| json!({"type": "image", "payload": {"url": format!("https://scontent.example-cdn.invalid/v/fx/{n}.jpg?oe=FIXTURE")}});
    let button =
        |n: usize| json!({"type": "postback", "title": format!("Button {n}"), "payload": "FX_BUTTON"});
    let shapes = [
        ("text", page(vec![event(json!({"mid": mid(1), "text": "Grüße ☕"}))])),
        (
            "three-texts",
            page((1..4).map(|n| event(json!({"mid": mid(n), "text": "Is it in stock?"}))).collect()),
        ),
        (
            "two-images",
            page(vec![event(json!({"mid": mid(1), "text": "", "attachments": [image(1), image(2)]}))]),
        ),
        (
            "echo-of-template",
            page(vec![event(
                json!({"mid": mid(1), "is_echo": true, "app_id": 700_555_666_777_888_i64, "text": "",
                "attachments": [{"title": "", "url": null, "type": "template", "payload": {
                    "template_type": "button", "text": "What next?",
                    "buttons": [button(1), button(2), button(3)]}}]}),
            )]),
        ),
        (
            "instagram-story-reply",
            delivery(
                "instagram",
                "17841400000000033",
                vec![event(json!({"mid": mid(1), "text": "Love this!",
                "reply_to": {"story": {"id": "18000000000000003",
                    "url": "https://lookaside.example-cdn.invalid/ig_messaging_cdn/?asset_id=1&signature=FIXTURE"}}}))],
            ),
        ),
    ];
    shapes.into_iter().map(|(name, body)| (name, filled(body))).collect()
}

/// The body with its first text made longer until it has the size.
fn filled(mut body: Value) -> Vec<u8> {
    let missing = SIZE.saturating_sub(spelled(&body).len());
    if let Some(Value::String(text)) = body.pointer_mut("/entry/0/messaging/0/message/text") {
        text.push_str(&"The blue kettle of 1.7 l, is it still there? ".repeat(SIZE / 40)[..missing]);
    }
    let body = spelled(&body);
    assert_eq!(body.len(), SIZE, "the text makes up for the rest");
    body
}

/// Compact ASCII with `\u` escapes and escaped slashes (docs/meta.md 2.2).
fn spelled(body: &Value) -> Vec<u8> {
    let mut spelled = String::new();
    for letter in body.to_string().chars() {
        match letter {
            '/' => spelled.push_str("\\/"),
            letter if letter.is_ascii() => spelled.push(letter),
            letter => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    spelled.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    spelled.into_bytes()
}
