//! An hour's worth of messages reaches a window that is open: what it needs afterwards, beside the bare page with the same rows.

use std::time::{Duration, Instant};

use baton_support::window::desk::DeskWindow;
use serde_json::{Value, json};

use super::process::{memory_by_program, memory_mib, now_ms};
use super::real::Real;
use super::started::start;
use crate::report::{Promise, Row, Section};
use crate::stat::{median, short};
use crate::team;
use crate::words::Words;
use crate::world::{PAGE, customer};

/// What a busy account hears in an hour: five messages a second.
pub(super) const MESSAGES: u64 = 18_000;
/// So many threads speak in that hour.
const THREADS: u64 = 2_000;
/// At most this many times the bare page.
const LIMIT: f64 = 1.15;
/// What was freed is given back by then.
const SETTLED: Duration = Duration::from_secs(30);

/// Posts the messages in so many seconds, and tells what the window needs once it has come to rest; so many times, each to a
/// window that was just opened, the first to the one that is. `bare_mib`: what the bare page needs, round by round.
pub(super) async fn measure(
    real: &Real,
    desk: DeskWindow,
    (seconds, rounds): (u64, usize),
    bare_mib: &[f64],
    section: &mut Section,
) -> anyhow::Result<()> {
    let bare = median(bare_mib);
    let (mut after, mut profile) = (Vec::new(), Vec::new());
    let mut open = Some(desk);
    for number in 0..rounds.max(1) {
        let desk = match open.take() {
            Some(desk) => desk,
            None => start(real).await?.0,
        };
        let told = round(real, &desk, (number, seconds)).await?;
        desk.close().await?;
        section.fact(
            format!("{MESSAGES} messages in {seconds} s, in {THREADS} threads, {}. time", number + 1),
            format!("memory from {} to {} MiB", short(told.before), short(told.after)),
        );
        after.push(told.after);
        profile = told.profile;
    }
    section.row(
        Row::of(
            "memory after an hour's messages, settled",
            &after,
            &vec![bare; after.len()],
            Promise::AtMost(LIMIT),
        )
        .told(format!("{} MiB", short(median(&after))), format!("{} MiB", short(bare)))
        .profiled(profile),
    );
    Ok(())
}

struct Told {
    before: f64,
    after: f64,
    profile: Vec<(String, String)>,
}

async fn round(real: &Real, desk: &DeskWindow, (round, seconds): (usize, u64)) -> anyhow::Result<Told> {
    let pid = desk.pid()?;
    let (before, programs) = (memory_mib(pid), memory_by_program(pid));
    let (http, url) = (team::http()?, real.relay.webhook_url());
    let (words, mut rng) = (Words::default(), fastrand::Rng::with_seed(MESSAGES + round as u64));
    let pause = Duration::from_secs(seconds) / u32::try_from(MESSAGES)?;
    let begun = Instant::now();
    let mut posting = tokio::task::JoinSet::new();
    for number in 0..u32::try_from(MESSAGES)? {
        tokio::time::sleep_until((begun + pause * number).into()).await;
        let body = webhook(u64::from(number), &words.sentence(&mut rng));
        let (http, url) = (http.clone(), url.clone());
        posting.spawn(async move { team::post(&http, &url, body).await });
        while let Some(done) = posting.try_join_next() {
            done??;
        }
    }
    while let Some(done) = posting.join_next().await {
        done??;
    }
    real.holds_all().await?;
    tokio::time::sleep(SETTLED).await;
    let after = memory_mib(pid);
    let mut profile: Vec<(String, String)> = memory_by_program(pid)
        .into_iter()
        .map(|(name, mib)| {
            let before = programs.get(&name).copied().unwrap_or(0.0);
            (name, format!("from {} to {} MiB", short(before), short(mib)))
        })
        .collect();
    profile.sort();
    Ok(Told { before, after, profile })
}

fn webhook(number: u64, text: &str) -> String {
    let at_ms = now_ms() as i64;
    let event: Value = json!({
        "sender": {"id": customer(number * 7 % THREADS)}, "recipient": {"id": PAGE}, "timestamp": at_ms,
        "message": {"mid": format!("m_tail_{at_ms}_{number}"), "text": text},
    });
    json!({"object": "page", "entry": [{"id": PAGE, "time": at_ms, "messaging": [event]}]}).to_string()
}
