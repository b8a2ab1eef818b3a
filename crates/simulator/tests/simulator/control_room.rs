//! The control room: its page, its stream, its search.

use baton_simulator::{Config, Simulator, Start, seed::Plan};
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};

use crate::stage::{KITE, MARA, PATIENCE, Stage, TEA};

/// The frames of a stream, by name and content.
async fn listen(stage: &Stage, query: &str) -> impl Stream<Item = (String, Value)> + Unpin {
    let url = format!("{}/events?{query}", stage.sim.control_room_url());
    let bytes = stage.http.get(url).send().await.unwrap().bytes_stream();
    let frames = bytes.scan(String::new(), |kept, chunk| {
        kept.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        let mut frames = Vec::new();
        while let Some((frame, rest)) = kept.split_once("\n\n") {
            frames.extend(read(frame));
            *kept = rest.to_owned();
        }
        std::future::ready(Some(futures_util::stream::iter(frames)))
    });
    Box::pin(frames.flatten())
}

fn read(frame: &str) -> Option<(String, Value)> {
    let part = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    Some((part("event: ")?, serde_json::from_str(&part("data: ")?).unwrap()))
}

/// The next frame of this name that satisfies.
async fn next(
    stream: &mut (impl Stream<Item = (String, Value)> + Unpin),
    name: &str,
    holds: impl Fn(&Value) -> bool,
) -> Value {
    let wanted = async {
        loop {
            let (found, value) = stream.next().await.expect("the stream ended");
            if found == name && holds(&value) {
                return value;
            }
        }
    };
    tokio::time::timeout(PATIENCE, wanted).await.unwrap_or_else(|_| panic!("no such {name}"))
}

fn texts(lines: &Value) -> Vec<&str> {
    lines.as_array().unwrap().iter().filter_map(|line| line["event"]["message"]["text"].as_str()).collect()
}

async fn journal(stage: &Stage, query: &str) -> Value {
    let url = format!("{}/journal?{query}", stage.sim.control_room_url());
    stage.http.get(url).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let stage = Stage::without_routing().await;
    let answer = stage.http.get(stage.sim.control_room_url()).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("style=\""), "{page}");
    let mut parts: Vec<&str> = page.split('"').filter(|part| part.starts_with("/page/")).collect();
    parts.extend(["/page/room/journal.js", "/page/room/faults.js", "/page/shared/page.js"]);
    assert!(parts.len() >= 6);
    for part in parts {
        let url = format!("{}{part}", stage.sim.base_url());
        assert_eq!(stage.http.get(url).send().await.unwrap().status(), 200, "{part}");
    }
    let missing = format!("{}/page/room/none.js", stage.sim.base_url());
    assert_eq!(stage.http.get(missing).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_stream_shows_everything_and_then_what_changes() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.settled().await;
    let mut stream = listen(&stage, "").await;
    let page = next(&mut stream, "page", |_| true).await;
    assert_eq!(texts(&page["lines"]), ["Hello", "Hello"], "for our app and for the bot");
    assert_eq!(page["lines"][0]["who"], "Mara Lindt");
    let threads = next(&mut stream, "threads", |_| true).await;
    assert_eq!((&threads[0]["name"], &threads[0]["owner"]), (&json!("Mara Lindt"), &json!(stage.bot)));
    let state = next(&mut stream, "state", |_| true).await;
    assert_eq!(
        (&state["accounts"][0]["routing"], &state["accounts"][0]["threads"]),
        (&json!("on"), &json!(1))
    );
    assert_eq!(state["faults"], json!([]));

    stage.fault(json!({"effect": "send_refused", "error": "rate_app", "times": 1})).await;
    next(&mut stream, "state", |state| state["faults"][0]["struck"] == 0).await;
    stage.control(&stage.ours, "take", json!({})).await;
    next(&mut stream, "threads", |threads| threads[0]["owner"] == stage.ours.as_str()).await;
    stage.send("Hi").await;
    let is_refused = |line: &Value| line["kind"] == "call" && line["status"] == 400;
    let lines = next(&mut stream, "lines", |lines| lines.as_array().unwrap().iter().any(is_refused)).await;
    let call = lines.as_array().unwrap().iter().find(|line| is_refused(line)).unwrap().clone();
    assert_eq!((&call["path"], &call["who"]), (&json!("/me/messages"), &json!("Mara Lindt")));
    assert_eq!(
        (&call["faults"][0]["effect"], &call["answer"]["error"]["code"]),
        (&json!("send_refused"), &json!(4))
    );
    next(&mut stream, "state", |state| state["counts"]["struck"] == 1).await;
}

#[tokio::test]
async fn a_line_that_changes_comes_again() {
    let stage = Stage::without_routing().await;
    stage.fault(json!({"effect": "webhook_late", "ms": 3_600_000, "app_id": stage.ours})).await;
    let mut stream = listen(&stage, "kind=webhook&text=hello").await;
    next(&mut stream, "page", |page| page["lines"] == json!([])).await;
    stage.mara_writes("HELLO");
    let ours = |fate: &'static str| {
        let app = stage.ours.to_string();
        move |lines: &Value| {
            lines.as_array().unwrap().iter().any(|line| line["app_id"] == app && line["fate"] == fate)
        }
    };
    let first = next(&mut stream, "lines", ours("pending")).await;
    stage.sim.advance(crate::stage::hours(1));
    let then = next(&mut stream, "lines", ours("delivered")).await;
    let order = |lines: &Value| {
        let mut lines = lines.as_array().unwrap().iter();
        lines.find(|line| line["app_id"] == stage.ours.as_str()).unwrap()["order"].clone()
    };
    assert_eq!(order(&first), order(&then));
}

#[tokio::test]
async fn when_too_much_changed_the_page_comes_anew() {
    let stage = Stage::without_routing().await;
    let mut stream = listen(&stage, "").await;
    next(&mut stream, "page", |_| true).await;
    for n in 0..300 {
        stage.mara_writes(&format!("message {n}"));
    }
    let newest = |page: &Value| texts(&page["lines"]).first() == Some(&"message 299");
    next(&mut stream, "page", newest).await;
}

#[tokio::test]
async fn the_search_finds_text_kind_app_account_trouble_and_faults() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Where is my Gyokuro?");
    stage.send("On its way").await;
    stage.fault(json!({"effect": "webhook_dropped", "app_id": stage.ours, "times": 1})).await;
    stage.mara_writes("Thanks");
    stage.get("/nothing/here").await;
    stage.settled().await;
    let count = async |query: &str| journal(&stage, query).await["lines"].as_array().unwrap().len();
    assert_eq!(count("text=gyokuro").await, 2);
    assert_eq!(count("text=gyokuro&kind=call").await, 0);
    assert_eq!(count(&format!("text=gyokuro&app={}", stage.ours)).await, 1);
    assert_eq!(count("kind=call").await, 2);
    assert_eq!(count("faults=true").await, 1);
    assert_eq!(count("trouble=true").await, 2, "the dropped webhook and the call to nowhere");
    assert_eq!(count(&format!("account={KITE}")).await, 0);
    assert!(count(&format!("account={TEA}")).await > 4);
    assert_eq!(count(&format!("text={MARA}&kind=call")).await, 1);
}

#[tokio::test]
async fn older_lines_are_read_page_by_page_and_none_twice() {
    let stage = Stage::without_routing().await;
    for n in 0..100 {
        stage.mara_writes(&format!("message {n}"));
    }
    stage.settled().await;
    let mut below = String::new();
    let mut orders: Vec<u64> = Vec::new();
    loop {
        let page = journal(&stage, &format!("kind=webhook{below}")).await;
        orders.extend(page["lines"].as_array().unwrap().iter().map(|line| line["order"].as_u64().unwrap()));
        match page["before"].as_u64() {
            Some(before) => below = format!("&before={before}"),
            None => break,
        }
    }
    assert_eq!(orders.len(), 200, "each for both apps");
    assert!(orders.is_sorted_by(|a, b| a > b));
}

#[tokio::test]
async fn threads_are_found_by_name_in_a_large_world() {
    let start = Start::Seeded(Plan::new(2000, 6000, 4));
    let simulator = Simulator::start(Config { start, ..Config::default() }).await.unwrap();
    let url = format!("{}/events?threads=kovalenko", simulator.control_room_url());
    let mut bytes = reqwest::get(url).await.unwrap().bytes_stream();
    let mut text = String::new();
    while !text.contains("event: state") {
        text.push_str(&String::from_utf8_lossy(&bytes.next().await.unwrap().unwrap()));
    }
    assert!(text.len() < 60_000, "no more than a page can show: {}", text.len());
    // Коваленко is written in other letters than the search.
    let threads = text.split("\n\n").filter_map(read).find(|(name, _)| name == "threads").unwrap().1;
    assert_eq!(threads, json!([]));
    let url = format!("{}/events?threads=%D0%9A%D0%BE%D0%B2%D0%B0%D0%BB", simulator.control_room_url());
    let mut bytes = reqwest::get(url).await.unwrap().bytes_stream();
    let mut text = Vec::new();
    while !String::from_utf8_lossy(&text).contains("event: state") {
        text.extend(bytes.next().await.unwrap().unwrap());
    }
    let text = String::from_utf8(text).unwrap();
    let threads = text.split("\n\n").filter_map(read).find(|(name, _)| name == "threads").unwrap().1;
    let names: Vec<&str> = threads.as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert!(!names.is_empty() && names.iter().all(|name| name.contains("Ковал")), "{names:?}");
}

#[tokio::test]
async fn other_sites_see_nothing() {
    let stage = Stage::without_routing().await;
    for path in ["", "/events", "/journal"] {
        let url = format!("{}{path}", stage.sim.control_room_url());
        let evil = stage.http.get(url).header("origin", "http://evil.invalid");
        assert_eq!(evil.send().await.unwrap().status(), 403, "{path}");
    }
}
