//! Monday morning: many new desks read the whole log of a relay at once. They are clients without a store, so that it is the
//! relay that is measured.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_chaos_tests::relay::Relay;
use baton_protocol::entry::{Entry, EntryKind};
use baton_protocol::hello::{VERSION, VERSION_HEADER};
use baton_protocol::{LogName, routes};

use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};
use crate::team;
use crate::window::memory_mib;
use crate::world::{self, Size, World, log};

/// How many entries a block has.
const BLOCK: u64 = 1_000;
/// How often the relay's memory is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Lets so many desks join a relay with so many entries at once, so many times. The log stays in the folder for another time.
///
/// # Errors
/// When a part does not start, or the relay refuses.
pub async fn measure(
    folder: &Path,
    seed: u64,
    (entries, desks): (usize, usize),
    rounds: usize,
) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "relay",
        "Many desks join at once",
        "A real relay with a long log, and clients that are let in, read every block of it, newest first, and open their stream, \
         all at the same time. The memory of the relay is looked at all the while, beside what it was before.",
    );
    let relay = filled(folder, seed, entries).await?;
    let head = team::reader(&relay).await?.entries(&log(), None, None, 1).await?.head;
    section.fact("entries in the log", head.to_string());
    section.fact("desks that join at once", desks.to_string());
    let mut tokens = Vec::with_capacity(desks);
    for _ in 0..desks {
        tokens.push(relay.enrol().await?.enrolled().token.clone());
    }
    // Everything there is to warm is warm, and what enrolling took is given back.
    join(relay.desk_url(), &tokens[0], head).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = memory_mib(relay.pid());
    let mut all = All::default();
    for _ in 0..rounds.max(1) {
        let watch = Watch::start(relay.pid());
        let begun = Instant::now();
        let mut joining = tokio::task::JoinSet::new();
        for token in tokens.clone() {
            let url = relay.desk_url().to_owned();
            joining.spawn(async move { join(&url, &token, head).await });
        }
        (all.bytes, all.blocks) = (0, 0);
        while let Some(joined) = joining.join_next().await {
            let joined = joined??;
            all.times.push(joined.took.as_secs_f64());
            all.bytes += joined.bytes;
            all.blocks += joined.blocks;
        }
        all.took.push(begun.elapsed().as_secs_f64());
        all.most.push(watch.stop());
    }
    told(&mut section, &all);
    section.row(
        Row::of("memory of the relay at its most", &all.most, &vec![before; all.most.len()], Promise::Told)
            .told(format!("{} MiB", short(median(&all.most))), format!("{} MiB", short(before))),
    );
    relay.stop();
    Ok(section)
}

/// A relay with so many entries in its log; it is filled when there is none yet.
async fn filled(folder: &Path, seed: u64, entries: usize) -> anyhow::Result<Relay> {
    let folder = folder.join(format!("join-{}-{seed}-{entries}", world::VERSION));
    let ready = folder.join("ready");
    if ready.exists() {
        return Relay::start(&Relay::program()?, &folder.join("relay")).await;
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let relay = team::relay(&folder.join("relay")).await?;
    eprintln!("  filling a relay with {entries} entries, once");
    let mut world = World::new(seed, Size::of(entries as u64));
    let mut filled = 0;
    while filled < entries {
        let next = world.next_entries(20_000);
        if next.is_empty() {
            break;
        }
        let said: Vec<Entry> = next.into_iter().filter(|entry| entry.kind == EntryKind::Meta).collect();
        filled += team::fill(&relay, &said).await?;
    }
    std::fs::write(ready, "")?;
    Ok(relay)
}

/// What all rounds told; bytes and blocks are those of one.
#[derive(Default)]
struct All {
    times: Vec<f64>,
    took: Vec<f64>,
    most: Vec<f64>,
    bytes: usize,
    blocks: u64,
}

fn told(section: &mut Section, all: &All) {
    let All { times, bytes, blocks, .. } = all;
    let took = median(&all.took);
    section.fact("until the last of them has everything", format!("{} s", short(took)));
    section.fact(
        "one desk",
        format!(
            "half {} s, slowest hundredth {} s",
            short(percentile(times, 0.5)),
            short(percentile(times, 0.99))
        ),
    );
    section.fact("blocks served", format!("{blocks}, {} a second", short(*blocks as f64 / took)));
    section.fact("sent", format!("{} MiB a second", short(*bytes as f64 / took / 1024.0 / 1024.0)));
}

struct Joined {
    took: Duration,
    bytes: usize,
    blocks: u64,
}

async fn join(url: &str, token: &str, head: u64) -> anyhow::Result<Joined> {
    let http = team::http()?;
    let name: LogName = log();
    let ask =
        |path: String| http.get(format!("{url}{path}")).bearer_auth(token).header(VERSION_HEADER, VERSION);
    let begun = Instant::now();
    ask(routes::HELLO.to_owned()).send().await?.error_for_status()?;
    let (mut bytes, mut blocks) = (0, 0);
    for block in (0..head / BLOCK).rev() {
        let answer = ask(format!("/v1/logs/{}/blocks/{block}", name.as_str())).send().await?;
        let answer = answer.error_for_status().context("the relay gives no blocks")?;
        bytes += answer.bytes().await?.len();
        blocks += 1;
    }
    let stream = http
        .post(format!("{url}{}", routes::STREAM))
        .bearer_auth(token)
        .header(VERSION_HEADER, VERSION)
        .json(&serde_json::json!({"cursors": {}}));
    let mut stream = stream.send().await?.error_for_status()?;
    stream.chunk().await?.context("the stream says nothing")?;
    Ok(Joined { took: begun.elapsed(), bytes, blocks })
}

/// Looks at the memory of a program all the time.
struct Watch {
    over: Arc<AtomicBool>,
    looking: std::thread::JoinHandle<f64>,
}

impl Watch {
    fn start(pid: u32) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let looking = std::thread::spawn({
            let over = Arc::clone(&over);
            move || {
                let mut most: f64 = 0.0;
                while !over.load(Ordering::SeqCst) {
                    most = most.max(memory_mib(pid));
                    std::thread::sleep(LOOK);
                }
                most
            }
        });
        Self { over, looking }
    }

    fn stop(self) -> f64 {
        self.over.store(true, Ordering::SeqCst);
        self.looking.join().unwrap_or(f64::NAN)
    }
}
