//! What is measured with the window, and in which turn.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;

use super::process::{processor_by_thread, processor_seconds};
use super::real::Real;
use super::scripts::WATCH_ROWS;
use super::site::Site;
use super::started::{Told, bare_start, bare_starts, start, starts};
use super::{keys, paint, profile, tail};
use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};
use crate::store::fresh;
use crate::world::Size;

/// The start of a desk with so many messages is what others are measured by.
const SMALL: u64 = 1_000;
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
    let (mut cold, mut bare_cold) = (Vec::new(), Vec::new());
    let (mut typed, mut letters, mut opened, mut steps) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
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
        // What both read at their start has to come from the disk.
        std::mem::take(&mut one.files).with_folder(&real.desk_folder()).forget()?;
        let cold_one = start(&real).await?;
        cold_one.0.close().await?;
        other.files.forget()?;
        let (page, cold_other) = bare_start(&real, &site).await?;
        drop(page);
        // The first warms up.
        if number > 0 {
            ours.add(one);
            bare.add(other);
            small_starts.push(begun.1);
            cold.push(cold_one.1);
            bare_cold.push(cold_other);
            typed.push(percentile(&keyed.0.drawn, 0.99));
            letters.push(keyed.0);
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
    add(&mut section, "the same, all read from the disk", ("ms", 1.2), (&cold, &bare_cold));
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
        ("a key in the search, slowest hundredth", &typed, limit_ms, typing(&letters)),
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

fn rows(section: &mut Section, ours: &Told, bare: &Told) {
    let memory = profile::memory(&ours.programs, &bare.programs);
    for (what, unit, limit, (ours, bare), profile) in [
        ("memory of all processes, settled", "MiB", 1.15, (&ours.memory, &bare.memory), memory),
        (
            "frame while scrolling, slowest hundredth",
            "ms",
            1.15,
            (&ours.scroll, &bare.scroll),
            ours.scrolling(),
        ),
        ("start until the first rows are drawn", "ms", 1.2, (&ours.start, &bare.start), ours.starting()),
    ] {
        section.row(row(what, (unit, limit), (ours, bare)).profiled(profile));
    }
}

/// Where the time of a thread that is opened goes, half of all.
fn opening(rounds: &[keys::Opened]) -> profile::Lines {
    let (turned, stood, drawn) = (
        profile::of_all(rounds, |opened| &opened.turned),
        profile::of_all(rounds, |opened| &opened.stood),
        profile::of_all(rounds, |opened| &opened.drawn),
    );
    profile::moments(&[
        ("until the page has turned to it, half", &turned),
        ("until its messages stand there, half", &stood),
        ("until they are drawn, half", &drawn),
    ])
}

/// The same of a key in the search.
fn typing(rounds: &[keys::Typed]) -> profile::Lines {
    let (asked, came, stood, drawn) = (
        profile::of_all(rounds, |typed| &typed.asked),
        profile::of_all(rounds, |typed| &typed.came),
        profile::of_all(rounds, |typed| &typed.stood),
        profile::of_all(rounds, |typed| &typed.drawn),
    );
    profile::moments(&[
        ("until the page asks its desk, half", &asked),
        ("until the last answer is back, half", &came),
        ("until what it changed stands there, half", &stood),
        ("until it is drawn, half", &drawn),
    ])
}

/// The next pages of each view, in all rounds.
fn by_view(views: &[(&str, Vec<f64>)]) -> profile::Lines {
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
    section.row(row(what, (unit, limit), (ours, bare)));
}

fn row(what: &str, (unit, limit): (&str, f64), (ours, bare): (&[f64], &[f64])) -> Row {
    Row::of(what, ours, bare, Promise::AtMost(limit))
        .told(format!("{} {unit}", short(median(ours))), format!("{} {unit}", short(median(bare))))
}

async fn painted(
    real: &Real,
    desk: &DeskWindow,
    site: &Site,
    rounds: usize,
    pipeline: &mut Section,
) -> anyhow::Result<()> {
    let _page = bare_starts(real, site, FRAMES, &mut Told::default()).await?;
    let mut painted = Vec::new();
    for number in 0..=rounds {
        let round = paint::round(real, desk, site, WATCH_ROWS, number * PINGS..(number + 1) * PINGS).await?;
        if number > 0 {
            painted.push(round);
        }
    }
    for (what, share, limit) in [
        ("webhook posted until its row is drawn, half", 0.5, 2.0),
        ("the same, slowest hundredth", 0.99, 3.0),
    ] {
        paint::add(pipeline, what, (share, limit), &painted);
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
    let used = profile::busiest(&threads, &processor_by_thread(pid), seconds as f64 * shares.len() as f64);
    let profile = used.into_iter().map(|(name, share)| (name, format!("{:.2} %", 100.0 * share))).collect();
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
