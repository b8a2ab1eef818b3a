//! What is measured with the window, and in which turn.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;
use baton_support::window::program::{Program, built};
use serde_json::json;

use super::process::{began_ms, memory_mib, now_ms, processor_by_thread, processor_seconds};
use super::real::Real;
use super::scripts::{FIRST_ROWS, PORT, SCROLL, WATCH_ROWS};
use super::site::Site;
use super::{keys, paint, tail};
use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};
use crate::store::fresh;
use crate::world::Size;

/// The start of a desk with so many messages is what others are measured by.
const SMALL: u64 = 1_000;
/// After this a program that starts has come to rest.
const SETTLED: Duration = Duration::from_secs(6);
pub(super) const FRAMES: usize = 240;
/// Messages a round that become rows.
pub(super) const PINGS: usize = 40;
/// The index of as many messages has been merged by then.
const MERGED: Duration = Duration::from_secs(120);

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Decides the world.
    pub seed: u64,
    /// Its size.
    pub size: Size,
    /// How often, in turn with the bare page.
    pub rounds: usize,
    /// How many frames a round of scrolling has.
    pub frames: usize,
    /// For how many seconds nothing happens.
    pub idle_seconds: u64,
    /// In how many seconds an hour's messages come.
    pub tail_seconds: u64,
    /// How often they come, each time to a window that was just opened.
    pub tail_rounds: usize,
}

/// What one start of either told.
#[derive(Debug, Default)]
pub(super) struct Told {
    start: Vec<f64>,
    memory: Vec<f64>,
    pub(super) scroll: Vec<f64>,
    /// How many rows of its list the desk went down in each round of scrolling.
    gone: Vec<f64>,
}

/// Measures start, memory, scrolling, keys, rest and the way of a webhook to a row.
///
/// # Errors
/// When a program does not start or does not answer.
pub async fn measure(
    out: &Path,
    folder: &Path,
    asked: Asked,
    pipeline: &mut Section,
) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "window",
        "The window",
        "The real program on a virtual screen, beside a WebKitGTK window with a page of the same rows and nothing of ours, in \
         turn. Start: from the process to the frame with the first rows. Memory: of all processes, shared pages by their \
         share. Keys: from the key to the frame with what it shows; the page rounds times to a millisecond.",
    );
    section.fact("messages in the store", asked.size.messages.to_string());
    section.fact("threads in the list", asked.size.threads.to_string());
    let real = Real::set(folder, asked.seed, asked.size).await?;
    let small = Real::set(folder, asked.seed, Size::of(SMALL)).await?;
    let mut small_starts = Vec::new();
    let site_folder = fresh(folder, "site")?;
    let site = Site::start(site_folder.parent().context("a folder")?, real.rows()?).await?;
    let (mut ours, mut bare) = (Told::default(), Told::default());
    let (mut typed, mut opened, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    let (mut paged, mut views) = (Vec::new(), Vec::new());
    for number in 0..=asked.rounds {
        let (mut one, mut other) = (Told::default(), Told::default());
        let desk = starts(&real, asked.frames, &mut one).await?;
        let keyed = (keys::search(&desk, asked.seed + number as u64).await?, keys::open(&desk).await?);
        let pages = keys::next_pages(&desk).await?;
        desk.close().await?;
        drop(bare_starts(&real, &site, asked.frames, &mut other).await?);
        let begun = start(&small).await?;
        begun.0.close().await?;
        // The first warms up.
        if number > 0 {
            ours.add(one);
            bare.add(other);
            small_starts.push(begun.1);
            typed.push(percentile(&keyed.0, 0.99));
            opened.push(percentile(&keyed.1.drawn, 0.99));
            steps.push(keyed.1);
            let all: Vec<f64> = pages.iter().flat_map(|(_, times)| times.iter().copied()).collect();
            anyhow::ensure!(!all.is_empty(), "no list of the window has a next page");
            paged.push(percentile(&all, 0.99));
            views.extend(pages);
        }
    }
    small.relay.stop();
    rows(&mut section, &ours, &bare);
    section.fact(
        format!("rows gone down in {} frames", asked.frames),
        format!("{} of {}", short(median(&ours.gone)), asked.size.threads),
    );
    add(
        &mut section,
        &format!("start, beside one with {SMALL} messages"),
        ("ms", 1.3),
        (&ours.start, &small_starts),
    );
    let limit_ms = if asked.size.messages > 1_000_000 { 50.0 } else { 25.0 };
    for (what, p99, limit_ms, profile) in [
        ("a key in the search, slowest hundredth", &typed, limit_ms, Vec::new()),
        ("a key that opens a thread, the same", &opened, 16.7, opening(&steps)),
        ("a key that leads to the next page of a list, the same", &paged, 16.7, by_view(&views)),
    ] {
        section.row(
            Row::of(what, p99, &vec![limit_ms; p99.len()], Promise::AtMost(1.0))
                .told(format!("{} ms", short(median(p99))), format!("{limit_ms} ms"))
                .profiled(profile),
        );
    }
    // What goes wrong from here on leaves what was measured.
    section.write(out)?;
    let desk = starts(&real, FRAMES, &mut Told::default()).await?;
    painted(&real, &desk, &site, asked.rounds, pipeline).await?;
    rest(&desk, asked, &mut section).await?;
    section.write(out)?;
    let asked = (asked.tail_seconds, asked.tail_rounds);
    tail::measure(&real, desk, asked, &bare.memory, &mut section).await?;
    real.relay.stop();
    Ok(section)
}

impl Told {
    fn add(&mut self, other: Self) {
        self.start.extend(other.start);
        self.memory.extend(other.memory);
        self.scroll.extend(other.scroll);
        self.gone.extend(other.gone);
    }
}

fn rows(section: &mut Section, ours: &Told, bare: &Told) {
    for (what, unit, limit, ours, bare) in [
        ("start until the first rows are drawn", "ms", 1.2, &ours.start, &bare.start),
        ("memory of all processes, settled", "MiB", 1.15, &ours.memory, &bare.memory),
        ("frame while scrolling, slowest hundredth", "ms", 1.15, &ours.scroll, &bare.scroll),
    ] {
        add(section, what, (unit, limit), (ours, bare));
    }
}

/// Where the time of a thread that is opened goes, half of all.
fn opening(steps: &[keys::Opened]) -> Vec<(String, String)> {
    let half = |of: fn(&keys::Opened) -> &Vec<f64>| {
        let all: Vec<f64> = steps.iter().flat_map(|round| of(round).iter().copied()).collect();
        format!("{} ms", short(median(&all)))
    };
    vec![
        ("until the page has turned to it, half".to_owned(), half(|opened| &opened.turned)),
        ("until its messages stand there, half".to_owned(), half(|opened| &opened.stood)),
        ("until they are drawn, half".to_owned(), half(|opened| &opened.drawn)),
    ]
}

/// The next pages of each view, in all rounds.
fn by_view(views: &[(&str, Vec<f64>)]) -> Vec<(String, String)> {
    let mut all: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (view, times) in views {
        all.entry(*view).or_default().extend(times);
    }
    let told = |(view, times): (&str, Vec<f64>)| {
        let (half, most) = (percentile(&times, 0.5), percentile(&times, 0.99));
        let pages = times.len();
        (
            format!("{view}: half of {pages} pages, and the slowest hundredth"),
            format!("{} and {} ms", short(half), short(most)),
        )
    };
    all.into_iter().map(told).collect()
}

/// A row of medians, round by round, that may be so many times the reference.
pub(super) fn add(
    section: &mut Section,
    what: &str,
    (unit, limit): (&str, f64),
    (ours, bare): (&[f64], &[f64]),
) {
    section.row(
        Row::of(what, ours, bare, Promise::AtMost(limit))
            .told(format!("{} {unit}", short(median(ours))), format!("{} {unit}", short(median(bare)))),
    );
}

/// Starts the window, and gives the milliseconds until the first rows are drawn.
pub(super) async fn start(real: &Real) -> anyhow::Result<(DeskWindow, f64)> {
    let desk = real.opens(None).await?;
    let mut drawn = 0.0;
    for _ in 0..600 {
        drawn = desk.client().execute(FIRST_ROWS, vec![]).await?.as_f64().unwrap_or(0.0);
        if drawn > 0.0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::ensure!(drawn > 0.0, "the window shows no rows");
    let took = drawn - began_ms(desk.pid()?)?;
    Ok((desk, took))
}

async fn starts(real: &Real, frames: usize, told: &mut Told) -> anyhow::Result<DeskWindow> {
    let (desk, took) = start(real).await?;
    told.start.push(took);
    tokio::time::sleep(SETTLED).await;
    told.memory.push(memory_mib(desk.pid()?));
    desk.click("view-all").await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let script = format!("const [count] = given; {PORT} {SCROLL} return frames;");
    let mut times = Vec::with_capacity(frames);
    while times.len() < frames {
        // Not more at once: a driver gives a script half a minute.
        let some = FRAMES.min(frames - times.len());
        times.extend(keys::numbers(&desk, &script, json!([some])).await?);
    }
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

/// Starts the bare page and lets it scroll.
pub(super) async fn bare_starts(
    real: &Real,
    site: &Site,
    frames: usize,
    told: &mut Told,
) -> anyhow::Result<Program> {
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
    told.start.push(drawn - begun);
    tokio::time::sleep(SETTLED).await;
    told.memory.push(memory_mib(program.pid()));
    let mut times = Vec::with_capacity(frames);
    while times.len() < frames {
        times.extend(site.scrolls(FRAMES.min(frames - times.len())).await?);
    }
    told.scroll.push(percentile(&times, 0.99));
    Ok(program)
}

async fn painted(
    real: &Real,
    desk: &DeskWindow,
    site: &Site,
    rounds: usize,
    pipeline: &mut Section,
) -> anyhow::Result<()> {
    let _page = bare_starts(real, site, FRAMES, &mut Told::default()).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for number in 0..=rounds {
        let round = paint::round(real, desk, site, WATCH_ROWS, number * PINGS..(number + 1) * PINGS).await?;
        if number > 0 {
            ours.push(round.0);
            bare.push(round.1);
        }
    }
    for (what, share, limit) in [
        ("webhook posted until its row is drawn, half", 0.5, 2.0),
        ("the same, slowest hundredth", 0.99, 3.0),
    ] {
        let of =
            |all: &[Vec<f64>]| -> Vec<f64> { all.iter().map(|round| percentile(round, share)).collect() };
        add(pipeline, what, ("ms", limit), (&of(&ours), &of(&bare)));
    }
    Ok(())
}

async fn rest(desk: &DeskWindow, asked: Asked, section: &mut Section) -> anyhow::Result<()> {
    const LIMIT: f64 = 0.1;
    let (pid, seconds) = (desk.pid()?, asked.idle_seconds);
    // What is merged after so many messages is merged first.
    tokio::time::sleep(MERGED).await;
    let threads = processor_by_thread(pid);
    let mut shares = Vec::new();
    for _ in 0..asked.rounds.max(1) {
        let before = processor_seconds(pid);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        shares.push(100.0 * (processor_seconds(pid) - before) / seconds as f64);
    }
    let all = seconds as f64 * shares.len() as f64;
    let mut busiest: Vec<(String, f64)> = processor_by_thread(pid)
        .into_iter()
        .map(|(name, used)| {
            let share = 100.0 * (used - threads.get(&name).copied().unwrap_or(0.0)) / all;
            (name, share)
        })
        .filter(|(_, share)| *share > 0.0)
        .collect();
    busiest.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    busiest.truncate(8);
    let profile = busiest.into_iter().map(|(name, share)| (name, format!("{share:.2} %"))).collect();
    section.row(
        Row::of(
            format!("processor at rest, {seconds} s with the stream"),
            &shares,
            &vec![LIMIT; shares.len()],
            Promise::AtMost(1.0),
        )
        .told(format!("{:.2} % of a core", median(&shares)), format!("{LIMIT} %"))
        .profiled(profile),
    );
    Ok(())
}

fn has_render_node() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    })
}
