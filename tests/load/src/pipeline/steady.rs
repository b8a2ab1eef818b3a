//! Three hundred messages a second, for a while: whether the store keeps up, and how far it is behind.

use std::path::Path;
use std::time::{Duration, Instant};

use baton_protocol::entry::{Entry, EntryKind};

use super::stages::wait;
use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};
use crate::store::fresh;
use crate::team;
use crate::world::{Size, World, log};

/// What Meta lets one account say at most.
const A_SECOND: u64 = 300;
/// It keeps up when what was posted is in the store this soon after the last was.
const BEHIND_MS: f64 = 1_000.0;

/// Posts for so many seconds, so many times, each time to a new relay and a new desk, and adds a row.
///
/// # Errors
/// When a part does not start, or refuses.
pub async fn measure(
    folder: &Path,
    seed: u64,
    (seconds, rounds): (u64, usize),
    section: &mut Section,
) -> anyhow::Result<()> {
    let (mut behind, mut answers, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let round = round(folder, seed, seconds).await?;
        behind.push(round.behind_ms);
        rates.push(round.answers.len() as f64 / round.took);
        answers.extend(round.answers);
    }
    section.fact(
        format!("{A_SECOND} messages a second for {seconds} s, {} times: until the 200", behind.len()),
        format!(
            "{} a second, p50 {} ms, p99 {} ms",
            short(median(&rates)),
            short(percentile(&answers, 0.5)),
            short(percentile(&answers, 0.99))
        ),
    );
    section.row(
        Row::of(
            "300 a second: everything is in the store after the last",
            &behind,
            &vec![BEHIND_MS; behind.len()],
            Promise::AtMost(1.0),
        )
        .told(format!("{} ms", short(median(&behind))), format!("{BEHIND_MS} ms")),
    );
    Ok(())
}

struct Round {
    /// Milliseconds from the last answer until the store held everything.
    behind_ms: f64,
    /// Milliseconds until each answer.
    answers: Vec<f64>,
    /// Seconds of posting.
    took: f64,
}

async fn round(folder: &Path, seed: u64, seconds: u64) -> anyhow::Result<Round> {
    let folder = fresh(folder, "steady")?;
    let relay = team::relay(&folder.with_file_name("relay")).await?;
    let desk = team::desk(&folder.with_file_name("desk"), &relay).await?;
    let count = usize::try_from(A_SECOND * seconds)?;
    let said: Vec<Entry> = World::new(seed, Size::of(count as u64 * 2))
        .all()
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Meta)
        .take(count)
        .collect();
    let (http, url) = (team::http()?, relay.webhook_url());
    let pause = Duration::from_secs(1) / u32::try_from(A_SECOND)?;
    let begun = Instant::now();
    let mut posting = tokio::task::JoinSet::new();
    for (number, entry) in (0..).zip(&said) {
        // By the clock and not by the answer before: who is slow does not slow Meta down.
        tokio::time::sleep_until((begun + pause * number).into()).await;
        let (http, url, body) = (http.clone(), url.clone(), team::body(&[entry])?);
        posting.spawn(async move {
            let begun = Instant::now();
            team::post(&http, &url, body).await.map(|()| begun.elapsed().as_secs_f64() * 1e3)
        });
    }
    let mut answers = Vec::with_capacity(said.len());
    while let Some(done) = posting.join_next().await {
        answers.push(done??);
    }
    let last = Instant::now();
    let took = begun.elapsed().as_secs_f64();
    let reader = team::reader(&relay).await?;
    let head = reader.entries(&log(), None, None, 1).await?.head;
    wait(async || {
        let cursor = desk.store().cursor(&log()).await?;
        Ok(cursor.is_some_and(|cursor| cursor.ranges.as_slice() == [(1, head)]))
    })
    .await?;
    let behind_ms = last.elapsed().as_secs_f64() * 1e3;
    desk.shutdown().await;
    relay.stop();
    Ok(Round { behind_ms, answers, took })
}
