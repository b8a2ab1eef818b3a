//! The stages of one message at a time: relay and desk are real, the window is not there.
//!
//! ```text
//!   POST ──append──▶ 200        (the log is synced; the event may be out before the 200 is back)
//!     └────stream──▶ event      (a second reader of the relay has it: append is in it)
//!              └──apply──▶ version of the store
//!                    └──notice──▶ the page is told  ──read──▶ the list with the message in it
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_core::desk::{Desk, Notice};
use baton_core::relay_client::EventStream;
use baton_core::store::{ListFrom, ListQuery, Sort, ThreadKey, View};
use baton_messenger::Mid;
use baton_messenger::webhook::StoredEvent;
use baton_protocol::entry::{Entry, EntryKind};
use baton_protocol::stream::StreamEvent;

use crate::report::Section;
use crate::stat::{median, percentile, short};
use crate::store::fresh;
use crate::team;
use crate::world::{END_MS, PAGE, Size, World, log};

/// So long one message may take through one stage.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether the store has moved.
const LOOK: Duration = Duration::from_micros(100);

/// Milliseconds of each stage, of each message.
#[derive(Debug, Default)]
struct Stages {
    append: Vec<f64>,
    stream: Vec<f64>,
    apply: Vec<f64>,
    notice: Vec<f64>,
    read: Vec<f64>,
    whole: Vec<f64>,
}

/// Sends messages one after the other and tells what each stage took. Fills in the facts of a section.
///
/// # Errors
/// When a part does not start, or a message does not come through.
pub async fn measure(folder: &Path, seed: u64, messages: usize, section: &mut Section) -> anyhow::Result<()> {
    let folder = fresh(folder, "stages")?;
    let relay = team::relay(&folder.with_file_name("relay")).await?;
    let said: Vec<Entry> = World::new(seed, Size::of(20_000))
        .all()
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Meta && named(entry).is_ok())
        .collect();
    anyhow::ensure!(said.len() > messages, "the world has fewer messages than go through the stages");
    let (before, new) = said.split_at(said.len().saturating_sub(messages));
    team::fill(&relay, before).await?;
    let desk = team::desk(&folder.with_file_name("desk"), &relay).await?;
    let reader = team::reader(&relay).await?;
    let head = reader.entries(&log(), None, None, 1).await?.head;
    // All of it: while older entries are fetched, new ones wait for their turn.
    wait(async || {
        let cursor = desk.store().cursor(&log()).await?;
        Ok(cursor.is_some_and(|cursor| cursor.ranges.as_slice() == [(1, head)]))
    })
    .await
    .context("the desk reads what was there before")?;
    let mut stream = reader.stream(BTreeMap::new(), None).await?;
    let watch = Watch::start(&desk);
    let mut stages = Stages::default();
    for entry in new {
        // What the one before set going comes to rest.
        tokio::time::sleep(Duration::from_millis(40)).await;
        one(&desk, &watch, &mut stream, &relay.webhook_url(), entry, &mut stages).await?;
    }
    watch.stop();
    desk.shutdown().await;
    relay.stop();
    for (name, times) in [
        ("append: POST until its 200, synced", &stages.append),
        ("stream: POST until another reader has it", &stages.stream),
        ("apply: until it is in the desk's store, synced", &stages.apply),
        ("notice: until the page is told", &stages.notice),
        ("read: the page's next question answered", &stages.read),
        ("stream, apply, notice and read", &stages.whole),
    ] {
        section.fact(
            name,
            format!("p50 {} ms, p99 {} ms", short(median(times)), short(percentile(times, 0.99))),
        );
    }
    Ok(())
}

async fn one(
    desk: &Desk,
    watch: &Watch,
    stream: &mut EventStream,
    url: &str,
    entry: &Entry,
    stages: &mut Stages,
) -> anyhow::Result<()> {
    let http = team::http()?;
    let mut notices = desk.notices();
    let version = desk.store().version();
    let (body, (mid, thread)) = (team::body(&[entry])?, named(entry)?);
    let begun = Instant::now();
    let posting = tokio::spawn({
        let url = url.to_owned();
        async move { team::post(&http, &url, body).await.map(|()| Instant::now()) }
    });
    let streaming = async {
        loop {
            // What the relay says of the message before may still be on its way: only this message's own entry counts.
            if let StreamEvent::Entries(entries) = stream.next().await?
                && entries.iter().any(|entry| is_of(entry, &mid))
            {
                return anyhow::Ok(Instant::now());
            }
        }
    };
    let noticing = async {
        let mut before = version;
        loop {
            let Notice::Lists(at) = notices.recv().await? else { continue };
            if at > before {
                let noticed = Instant::now();
                if !desk.store().known_messages(&thread, &[&mid]).await?.is_empty() {
                    return anyhow::Ok((before, noticed));
                }
                before = at;
            }
        }
    };
    let both = async { tokio::try_join!(streaming, noticing) };
    let (streamed, (before, noticed)) =
        tokio::time::timeout(PATIENCE, both).await.context("a message got lost")??;
    let asked = ListQuery {
        view: View::All,
        account: None,
        sort: Sort::Newest,
        from: ListFrom::Top,
        limit: 50,
        now_ms: END_MS,
    };
    let asks = Instant::now();
    desk.store().reading().await?.thread_list(&asked).await?;
    let read = Instant::now();
    let appended = posting.await??;
    let applied = watch.first_after(before).unwrap_or(noticed);
    let ms = |from: Instant, to: Instant| to.saturating_duration_since(from).as_secs_f64() * 1e3;
    stages.append.push(ms(begun, appended));
    stages.stream.push(ms(begun, streamed));
    stages.apply.push(ms(streamed, applied));
    stages.notice.push(ms(applied, noticed));
    stages.read.push(ms(asks, read));
    // Without the look whether it is this message, which is the bench's own.
    stages.whole.push(ms(begun, noticed) + ms(asks, read));
    Ok(())
}

/// The id of a message, and whose thread it stands in.
fn named(entry: &Entry) -> anyhow::Result<(Mid, ThreadKey)> {
    let stored: StoredEvent = serde_json::from_str(entry.body.get())?;
    let event: serde_json::Value = serde_json::from_str(stored.event.get())?;
    let said = |place: &str| event.pointer(place).and_then(serde_json::Value::as_str);
    let mid = said("/message/mid").context("a message without an id")?;
    let other = ["/sender/id", "/recipient/id"].into_iter().filter_map(said).find(|id| *id != PAGE);
    let customer = other.context("a message of nobody")?.into();
    Ok((mid.into(), ThreadKey { account: PAGE.into(), customer }))
}

fn is_of(entry: &Entry, mid: &Mid) -> bool {
    entry.kind == EntryKind::Meta && named(entry).is_ok_and(|(its, _)| its == *mid)
}

pub(super) async fn wait(mut holds: impl AsyncFnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE * 10 {
        if holds().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("it did not happen")
}

/// Looks at the version of a store all the time, because nobody is told when it moves.
struct Watch {
    seen: Arc<Mutex<Vec<(u64, Instant)>>>,
    over: Arc<AtomicBool>,
    looks: Arc<AtomicU64>,
}

impl Watch {
    fn start(desk: &Desk) -> Self {
        let watch = Self { seen: Arc::default(), over: Arc::default(), looks: Arc::default() };
        let (seen, over, looks) =
            (Arc::clone(&watch.seen), Arc::clone(&watch.over), Arc::clone(&watch.looks));
        let store = desk.store().clone();
        std::thread::spawn(move || {
            let mut last = store.version();
            while !over.load(Ordering::SeqCst) {
                let version = store.version();
                if version != last {
                    last = version;
                    seen.lock().unwrap_or_else(PoisonError::into_inner).push((version, Instant::now()));
                }
                looks.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        watch
    }

    fn first_after(&self, version: u64) -> Option<Instant> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().find(|(its, _)| *its > version).map(|(_, at)| *at)
    }

    fn stop(&self) {
        self.over.store(true, Ordering::SeqCst);
    }
}
