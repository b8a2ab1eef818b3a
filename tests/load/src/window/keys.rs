//! From a key to what it shows: letters in the search, and going from thread to thread.

use std::time::Duration;

use baton_support::window::desk::DeskWindow;
use fastrand::Rng;
use serde_json::{Value, json};

use super::scripts::{DRAWN, PORT, WATCH_CALLS};
use crate::words::Words;

/// So many words are typed, and threads opened, a round.
const WORDS: usize = 12;
const THREADS: usize = 30;
/// So many pages of a view are gone down.
const PAGES: usize = 10;
/// A view that was chosen is there after this.
const COMES: Duration = Duration::from_millis(700);

/// Types one letter after the other, each when the answer to the one before was drawn, and gives of each how long it took until the
/// page asked its desk, until the last answer was back, until what it changed stood in the page, and until it was drawn.
const TYPE: &str = "const field = document.querySelector('[data-test=\"search\"]'); field.focus(); \
    const times = []; \
    for (const word of words) for (let end = 1; end <= word.length; end += 1) { \
      const begun = performance.timeOrigin + performance.now(); \
      let changed = 0, stood = 0; window.__calls.length = 0; \
      const watch = new MutationObserver(() => { changed += 1; stood = performance.timeOrigin + performance.now(); }); \
      watch.observe(document.body, { childList: true, subtree: true, characterData: true }); \
      field.value = word.slice(0, end); field.dispatchEvent(new InputEvent('input', { bubbles: true })); \
      let last = 0, still = 0, whole = 0; \
      for (let frame = 0; frame < 120 && still < 6; frame += 1) { \
        const was = changed; const at = await drawn(); \
        if (changed > was || (frame === 0 && changed > 0)) { last = at; whole = stood; still = 0; } else still += 1; \
      } \
      watch.disconnect(); \
      const calls = window.__calls.filter(({ name }) => name.startsWith('search')); \
      const asked = Math.min(...calls.map((call) => call.begun)), came = Math.max(...calls.map((call) => call.came)); \
      if (last > 0) times.push(calls.length ? asked - begun : -1, calls.length ? came - begun : -1, whole - begun, last - begun); \
    } \
    field.value = ''; field.dispatchEvent(new InputEvent('input', { bubbles: true }));";

/// Goes from row to row and gives how long each thread took until the page had turned to it, until its messages stood there,
/// and until they were drawn.
const OPEN: &str = "const times = []; \
    const now = () => performance.timeOrigin + performance.now(); \
    const row = () => document.querySelector('[data-test=\"thread-row\"][tabindex=\"0\"]'); \
    for (let step = 0; step < count; step += 1) { \
      const at = row(); if (!at) break; at.focus(); \
      const before = document.querySelector('[data-test=\"thread\"]')?.dataset.thread; \
      const begun = now(); \
      let turned = 0, stood = 0; \
      const watch = new MutationObserver(() => { \
        const thread = document.querySelector('[data-test=\"thread\"]'); \
        if (!thread || thread.dataset.thread === before) return; \
        turned ||= now(); \
        if (!stood && thread.querySelector('[data-test=\"message\"]')) stood = now(); }); \
      watch.observe(document.body, { childList: true, subtree: true, attributes: true }); \
      at.dispatchEvent(new KeyboardEvent('keydown', { key: step === 0 ? 'Enter' : 'ArrowDown', bubbles: true, cancelable: true })); \
      let shown = 0; \
      for (let frame = 0; frame < 120 && !shown; frame += 1) { \
        const at = await drawn(); \
        if (stood && at >= stood) shown = at; \
      } \
      watch.disconnect(); \
      if (shown) times.push(turned - begun, stood - begun, shown - begun); \
      await new Promise((done) => setTimeout(done, 60)); \
    }";

/// Goes to the last row that was read, again and again, and gives how long it took until a row of the page below it was drawn.
/// Ends with the list.
const NEXT: &str = "const times = []; \
    const now = () => performance.timeOrigin + performance.now(); \
    if (!port) return times; \
    port.scrollTop = 0; \
    for (let step = 0; step < count; step += 1) { \
      await new Promise((done) => setTimeout(done, 250)); \
      const rows = () => [...port.querySelectorAll('[data-test=\"thread-row\"]')]; \
      const some = rows()[0]; if (!some) break; \
      const read = Math.round(port.scrollHeight / some.offsetHeight); \
      some.focus({ preventScroll: true }); \
      const begun = now(); \
      let stood = 0; \
      const watch = new MutationObserver(() => { \
        if (rows().some((row) => Number(row.getAttribute('aria-posinset')) > read)) stood ||= now(); }); \
      watch.observe(port, { childList: true, subtree: true, attributes: true }); \
      some.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true, cancelable: true })); \
      let shown = 0; \
      for (let frame = 0; frame < 120 && !shown; frame += 1) { \
        const at = await drawn(); \
        if (stood && at >= stood) shown = at; \
      } \
      watch.disconnect(); \
      if (!shown) break; \
      times.push(shown - begun); \
    }";

/// All views; who is blocked or came too late is shown only where somebody is. One without a next page tells nothing: what a
/// team does is not in the log that the relay is filled with, so most have few rows or none (`docs/performance.md`).
const VIEWS: [&str; 9] =
    ["all", "done", "unassigned", "tooLate", "snoozed", "blocked", "mine", "mentions", "endingSoon"];

/// Milliseconds from the key that leads to the end of what was read until the next page of the list was drawn, view by view.
pub(super) async fn next_pages(desk: &DeskWindow) -> anyhow::Result<Vec<(&'static str, Vec<f64>)>> {
    let mut all = Vec::new();
    for view in VIEWS {
        if desk.count(&format!("[data-test='view-{view}']")).await? == 0 {
            continue;
        }
        desk.click(&format!("view-{view}")).await?;
        tokio::time::sleep(COMES).await;
        let script = format!("const [count] = given; {DRAWN} {PORT} {NEXT}");
        let times = run(desk, &script, json!([PAGES])).await?;
        if !times.is_empty() {
            all.push((view, times));
        }
    }
    Ok(all)
}

/// Milliseconds from each key in the search.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// Until the page asked its desk; of those keys that made it ask.
    pub(super) asked: Vec<f64>,
    /// Until the last answer was back in the page.
    pub(super) came: Vec<f64>,
    /// Until what it changed stood in the page.
    pub(super) stood: Vec<f64>,
    /// Until it was drawn.
    pub(super) drawn: Vec<f64>,
}

/// Types words.
pub(super) async fn search(desk: &DeskWindow, seed: u64) -> anyhow::Result<Typed> {
    let (words, mut rng) = (Words::default(), Rng::with_seed(seed));
    let mut typed = Vec::new();
    while typed.len() < WORDS {
        let word = words.one(&mut rng);
        if word.is_ascii() && word.len() >= 3 {
            typed.push(word.chars().take(6).collect::<String>());
        }
    }
    let script = format!("const [words] = given; {DRAWN} {WATCH_CALLS} {TYPE}");
    let told = run(desk, &script, json!([typed])).await?;
    let mut typed = Typed::default();
    for one in told.chunks_exact(4) {
        if let [asked, came, stood, drawn] = *one {
            if asked >= 0.0 {
                typed.asked.push(asked);
                typed.came.push(came);
            }
            typed.stood.push(stood);
            typed.drawn.push(drawn);
        }
    }
    Ok(typed)
}

/// Milliseconds from the key for each thread opened.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// Until the page had turned to it.
    pub(super) turned: Vec<f64>,
    /// Until its messages stood in the page.
    pub(super) stood: Vec<f64>,
    /// Until they were drawn.
    pub(super) drawn: Vec<f64>,
}

/// Opens one thread after the other.
pub(super) async fn open(desk: &DeskWindow) -> anyhow::Result<Opened> {
    let told = run(desk, &format!("const [count] = given; {DRAWN} {OPEN}"), json!([THREADS])).await?;
    let mut opened = Opened::default();
    for one in told.chunks_exact(3) {
        if let [turned, stood, drawn] = *one {
            opened.turned.push(turned);
            opened.stood.push(stood);
            opened.drawn.push(drawn);
        }
    }
    Ok(opened)
}

/// Runs a script that waits for frames; it leaves numbers in `times`.
async fn run(desk: &DeskWindow, script: &str, given: Value) -> anyhow::Result<Vec<f64>> {
    numbers(desk, &format!("{script} return times;"), given).await
}

/// Runs a script that waits for something and returns numbers.
pub(crate) async fn numbers(desk: &DeskWindow, script: &str, given: Value) -> anyhow::Result<Vec<f64>> {
    let script = format!(
        "const done = arguments[arguments.length - 1]; const given = arguments[0]; \
         (async () => {{ {script} }})().then((value) => done({{ value }}), (error) => done({{ error: String(error) }}))"
    );
    let told = desk.client().execute_async(&script, vec![given]).await?;
    anyhow::ensure!(told["error"].is_null(), "the page says {}", told["error"]);
    Ok(serde_json::from_value(told["value"].clone())?)
}
