//! The supervisor's board in the real window: a webhook that becomes a card, and scrolling, with very many threads and agents.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;
use serde_json::json;

use super::measure::{FRAMES, PINGS, add};
use super::real::Real;
use super::scripts::{SCROLL, WATCH_ROWS};
use super::site::Site;
use super::started::{Told, bare_starts, first_drawn};
use super::{keys, paint};
use crate::report::Section;
use crate::stat::percentile;
use crate::store::fresh;

/// What scrolls in the column of everybody.
const PORT: &str =
    "const port = document.querySelector('[data-test=\"board-column\"][data-column=\"all\"] .port');";
/// When the first cards of the board were drawn; 0 until then.
const FIRST_CARDS: &str = "const mark = performance.getEntriesByName('board')[0]; return mark ? performance.timeOrigin + mark.startTime : 0";
/// Puts the longest wait on top: whoever writes again stays where they are, and in sight.
const BY_WAIT: &str = "document.querySelector('[data-test=\"board-sort\"]').click(); \
    setTimeout(() => document.querySelector('[data-test=\"option\"][data-value=\"wait\"]').click(), 100);";
/// A program that starts has come to rest after this.
const SETTLED: Duration = Duration::from_secs(4);

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Open threads.
    pub threads: u64,
    /// Agents.
    pub agents: u64,
    /// How often, in turn with the bare page.
    pub rounds: usize,
}

/// Measures the board.
///
/// # Errors
/// When a program does not start or does not answer.
pub async fn measure(folder: &Path, asked: Asked) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "board",
        "The supervisor's board",
        "The real program on a virtual screen with the board open, columns of the queue and of everybody, beside a bare \
         WebKitGTK page of the same rows, in turn. From before the POST of a webhook until the frame with the card; the \
         reference is the bare pipeline: posted, synced, sent to the bare page.",
    );
    section.fact("open threads", asked.threads.to_string());
    section.fact("agents", asked.agents.to_string());
    let real = Real::set_board(folder, asked.threads, asked.agents).await?;
    let site_folder = fresh(folder, "board-site")?;
    let site = Site::start(site_folder.parent().context("a folder")?, real.rows()?).await?;
    let mut painted = Vec::new();
    let (mut our_frames, mut bare_frames) = (Vec::new(), Vec::new());
    let desk = opens(&real).await?;
    let watch = WATCH_ROWS.replace("row-preview", "board-card");
    for number in 0..=asked.rounds {
        let script = format!("const [count] = given; {PORT} {SCROLL} port.scrollTop = 0; return frames;");
        let frames = keys::numbers(&desk, &script, json!([FRAMES])).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut told = Told::default();
        let _page = bare_starts(&real, &site, FRAMES, &mut told).await?;
        let messages = number * PINGS..(number + 1) * PINGS;
        let round = paint::round(&real, &desk, &site, &watch, messages).await?;
        // The first warms up.
        if number > 0 {
            our_frames.push(percentile(&frames, 0.99));
            bare_frames.extend(told.scroll);
            painted.push(round);
        }
    }
    for (what, share, limit) in [
        ("webhook posted until its card is drawn, half", 0.5, 2.0),
        ("the same, slowest hundredth", 0.99, 3.0),
    ] {
        paint::add(&mut section, what, (share, limit), &painted);
    }
    add(&mut section, "frame while scrolling, slowest hundredth", ("ms", 1.15), (&our_frames, &bare_frames));
    desk.close().await?;
    real.relay.stop();
    Ok(section)
}

/// The window with the board open, at rest.
async fn opens(real: &Real) -> anyhow::Result<DeskWindow> {
    let desk = real.opens(None).await?;
    tokio::time::sleep(SETTLED).await;
    desk.click("open-board").await?;
    first_drawn(&desk, FIRST_CARDS, 200).await?.context("the board shows no cards")?;
    desk.client().execute(BY_WAIT, vec![]).await?;
    tokio::time::sleep(SETTLED).await;
    Ok(desk)
}
