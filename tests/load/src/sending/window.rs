//! From Enter to the painted bubble, in the real window with a local Meta and a relay.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::DeskWindow;
use baton_support::window::room::{KeyRing, Screen};
use serde_json::json;

use crate::store::fresh;
use crate::window::{DRAWN, WATCH_CALLS, scripted};

/// Milliseconds, round by round.
#[derive(Default)]
pub(super) struct Measured {
    /// Until the composer is empty, which it is once the desk answered that the reply is on disk.
    pub answered: Vec<Vec<f64>>,
    /// Until the frame with the bubble.
    pub bubble: Vec<Vec<f64>>,
    /// Until the frame in which it is sent.
    pub sent: Vec<Vec<f64>>,
    /// Until the page asked the desk to send it.
    pub asked: Vec<Vec<f64>>,
    /// Until that call came back into the page.
    pub called: Vec<Vec<f64>>,
    /// Until the bubble stood in the page, not painted yet.
    pub stood: Vec<Vec<f64>>,
}

/// How many numbers [`SEND`] gives for each reply.
const EACH: usize = 6;

/// Writes one reply after the other, each once the one before was painted as sent, and gives [`EACH`] times for it. The
/// bubble may be painted only after the desk answered: a page that shows it before is found out.
const SEND: &str = "const field = document.querySelector('[data-test=\"composer-text\"]'); field.focus(); \
    const times = []; \
    const bubble = (text) => [...document.querySelectorAll('[data-test=\"message\"]')].reverse() \
      .find((e) => e.querySelector('.bubble')?.textContent.trim() === text); \
    for (let number = 0; number < count; number += 1) { \
      const text = `Reply ${round}-${number}`; \
      field.value = text; field.dispatchEvent(new InputEvent('input', { bubbles: true })); \
      for (let frame = 0; frame < 60 && document.querySelector('[data-test=\"send\"]')?.disabled; frame += 1) await drawn(); \
      await new Promise((done) => setTimeout(done, 700)); \
      let answered = 0, stood = 0, painted = 0, sent = 0, early = false; window.__calls.length = 0; \
      const begun = performance.timeOrigin + performance.now(); \
      const watch = new MutationObserver(() => { \
        if (!field.value && !answered) answered = performance.timeOrigin + performance.now(); \
        if (stood || !bubble(text)) return; \
        stood = performance.timeOrigin + performance.now(); early = field.value !== ''; \
        requestAnimationFrame(() => setTimeout(() => { painted = performance.timeOrigin + performance.now(); })); }); \
      watch.observe(document.body, { childList: true, subtree: true }); \
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })); \
      for (let frame = 0; frame < 600 && !sent; frame += 1) { \
        const at = await drawn(); const found = stood ? bubble(text) : undefined; \
        if (found && ['sent', 'delivered', 'seen'].includes(found.dataset.state)) sent = at; \
      } \
      watch.disconnect(); \
      if (!painted || !sent) throw new Error(`${text} did not come to be sent`); \
      if (early) throw new Error(`${text} was painted before it was on disk`); \
      const call = window.__calls.find(({ name }) => name === 'sendReply') ?? { begun, came: begun }; \
      times.push((answered || painted) - begun, painted - begun, sent - begun, \
        call.begun - begun, call.came - begun, stood - begun); \
    }";

pub(super) async fn measure(folder: &Path, rounds: usize, replies: usize) -> anyhow::Result<Measured> {
    let file = fresh(folder, "sending")?;
    let folder = file.parent().context("a folder")?;
    let mut stage = Stage::set(folder, Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (noor, desk) = (stage.meta().customer(KITE_AND_CO, NOOR).await?, stage.desk()?);
    desk.click("settings").await?;
    desk.click("undo-send").await?;
    desk.click("close").await?;
    noor.writes("Do you have the red kite in stock?").await?;
    agent::opens(desk, noor.id()).await?;
    let mut measured = Measured::default();
    for round in 0..=rounds {
        let times = one_round(desk, round, replies).await?;
        // The first warms up.
        if round > 0 {
            let every = |place: usize| times.iter().skip(place).step_by(EACH).copied().collect();
            measured.answered.push(every(0));
            measured.bubble.push(every(1));
            measured.sent.push(every(2));
            measured.asked.push(every(3));
            measured.called.push(every(4));
            measured.stood.push(every(5));
        }
    }
    stage.close_desk().await?;
    Ok(measured)
}

/// In pieces, because a script may not take long.
async fn one_round(desk: &DeskWindow, round: usize, replies: usize) -> anyhow::Result<Vec<f64>> {
    const PIECE: usize = 10;
    let mut times = Vec::new();
    for piece in 0..replies.div_ceil(PIECE) {
        let count = PIECE.min(replies - piece * PIECE);
        let script = format!("const [round, count] = given; {DRAWN} {WATCH_CALLS} {SEND} return times;");
        times.extend(scripted(desk, &script, json!([format!("{round}-{piece}"), count])).await?);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(times)
}
