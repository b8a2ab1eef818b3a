//! One start of either, the desk or the bare page, and what it told: how long it took, of which stages, what it needs, how it scrolls.

use std::collections::HashMap;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;
use baton_support::window::program::{Program, built};
use serde_json::json;

use super::cold::Files;
use super::measure::FRAMES;
use super::process::{began_ms, memory_by_program, now_ms, processor_by_thread};
use super::real::Real;
use super::scripts::{FIRST_ROWS, PORT, SCROLL, STAGES};
use super::site::Site;
use super::{keys, profile};
use crate::stat::{percentile, short};

/// After this a program that starts has come to rest.
const SETTLED: Duration = Duration::from_secs(6);

/// What starts of either told.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Milliseconds until the first rows were drawn.
    pub(super) start: Vec<f64>,
    /// Until the web view began with the page, its script had been read, and had run.
    stages: [Vec<f64>; 3],
    /// MiB of all processes.
    pub(super) memory: Vec<f64>,
    /// The same by program, of the last start.
    pub(super) programs: HashMap<String, f64>,
    /// The slowest hundredth of the frames of each round, milliseconds.
    pub(super) scroll: Vec<f64>,
    /// How many rows of its list the desk went down in each round of scrolling.
    pub(super) gone: Vec<f64>,
    /// The busiest threads while it scrolled, milliseconds a frame, of the last start.
    scrolling: Vec<(String, f64)>,
    /// What it had in its memory.
    pub(super) files: Files,
}

impl Told {
    pub(super) fn add(&mut self, other: Self) {
        self.start.extend(other.start);
        for (stage, its) in self.stages.iter_mut().zip(other.stages) {
            stage.extend(its);
        }
        self.memory.extend(other.memory);
        self.programs = other.programs;
        self.scroll.extend(other.scroll);
        self.gone.extend(other.gone);
        self.scrolling = other.scrolling;
    }

    /// Where the time of a start goes, half of all.
    pub(super) fn starting(&self) -> profile::Lines {
        let [began, read, ran] = &self.stages;
        profile::moments(&[
            ("until the web view begins with the page, half", began),
            ("until the page's script was read, half", read),
            ("until it has run, half", ran),
            ("until the first rows are drawn, half", &self.start),
        ])
    }

    /// Where the time of a frame goes.
    pub(super) fn scrolling(&self) -> profile::Lines {
        let line = |(name, ms): &(String, f64)| (name.clone(), format!("{} ms a frame", short(*ms)));
        self.scrolling.iter().map(line).collect()
    }
}

/// Starts the window, and gives the milliseconds until the first rows are drawn.
pub(super) async fn start(real: &Real) -> anyhow::Result<(DeskWindow, f64)> {
    let desk = real.opens(None).await?;
    let drawn = first_drawn(&desk, FIRST_ROWS, 600).await?.context("the window shows no rows")?;
    let took = drawn - began_ms(desk.pid()?)?;
    Ok((desk, took))
}

/// The moment that a mark of the page tells, milliseconds UTC, once it does; none after so many looks, twenty a second.
pub(super) async fn first_drawn(desk: &DeskWindow, mark: &str, looks: u32) -> anyhow::Result<Option<f64>> {
    for _ in 0..looks {
        let drawn = desk.client().execute(mark, vec![]).await?.as_f64().unwrap_or(0.0);
        if drawn > 0.0 {
            return Ok(Some(drawn));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(None)
}

/// Starts the window, lets it come to rest and scroll.
pub(super) async fn starts(real: &Real, frames: usize, told: &mut Told) -> anyhow::Result<DeskWindow> {
    let (desk, took) = start(real).await?;
    told.start.push(took);
    let pid = desk.pid()?;
    let began = began_ms(pid)?;
    let moments = keys::numbers(&desk, STAGES, json!([])).await?;
    for (stage, moment) in told.stages.iter_mut().zip(moments) {
        stage.push(moment - began);
    }
    tokio::time::sleep(SETTLED).await;
    told.programs = memory_by_program(pid);
    told.memory.push(told.programs.values().sum());
    told.files = Files::mapped(pid);
    desk.click("view-all").await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let script = format!("const [count] = given; {PORT} {SCROLL} return frames;");
    let before = processor_by_thread(pid);
    let mut times = Vec::with_capacity(frames);
    while times.len() < frames {
        // Not more at once: a driver gives a script half a minute.
        let some = FRAMES.min(frames - times.len());
        times.extend(keys::numbers(&desk, &script, json!([some])).await?);
    }
    let used = profile::busiest(&before, &processor_by_thread(pid), times.len().max(1) as f64);
    told.scrolling = used.into_iter().map(|(name, seconds)| (name, seconds * 1e3)).collect();
    // At the top again, where what comes in is drawn.
    let script = format!(
        "{PORT} const gone = window.__gone ?? 0; window.__gone = 0; port.scrollTop = 0; return [gone];"
    );
    let gone = keys::numbers(&desk, &script, json!([])).await?.first().copied().unwrap_or(0.0);
    tokio::time::sleep(Duration::from_millis(500)).await;
    told.scroll.push(percentile(&times, 0.99));
    told.gone.push(gone);
    Ok(desk)
}

/// Starts the bare page, and gives the milliseconds until its first rows are drawn.
pub(super) async fn bare_start(real: &Real, site: &Site) -> anyhow::Result<(Program, f64)> {
    let mut command = Command::new(built("bare-page")?);
    command.arg(site.url());
    real.room.enter(&mut command);
    if !has_render_node() {
        // As the desk does.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
    let begun = now_ms();
    let program = Program::start("bare-page", command, &real.room.log("bare-page"))?;
    let drawn = site.told("first rows").await?.as_f64().context("a page tells numbers")?;
    Ok((program, drawn - begun))
}

/// Starts the bare page, lets it come to rest and scroll.
pub(super) async fn bare_starts(
    real: &Real,
    site: &Site,
    frames: usize,
    told: &mut Told,
) -> anyhow::Result<Program> {
    let (program, took) = bare_start(real, site).await?;
    told.start.push(took);
    tokio::time::sleep(SETTLED).await;
    told.programs = memory_by_program(program.pid());
    told.memory.push(told.programs.values().sum());
    told.files = Files::mapped(program.pid());
    let mut times = Vec::with_capacity(frames);
    while times.len() < frames {
        times.extend(site.scrolls(FRAMES.min(frames - times.len())).await?);
    }
    told.scroll.push(percentile(&times, 0.99));
    Ok(program)
}

fn has_render_node() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    })
}
