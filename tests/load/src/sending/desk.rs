//! From the press to *sent*, without a window, and where the time goes: every durable step of a send tells its moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_chaos_tests::sends::keys;
use baton_commands::contract::composer::{ComposerState, SendMode, SendReceipt, SendReply};
use baton_commands::contract::thread::ThreadName;
use baton_commands::contract::threads::{ListThreads, Sort, ThreadPage, View};
use baton_commands::contract::{Ms, ThreadRef};
use baton_commands::{Answering, dispatch};
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::outbox::step::{Side, Step, StepWatcher, Whose};
use baton_graph::GraphConfig;
use baton_support::{Customer, INES, KITE_AND_CO, World};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Notify;

use super::bare::Bare;
use crate::stat::{median, short};

/// Between two replies, so that the one before has come to rest.
const PAUSE: Duration = Duration::from_millis(60);
/// A reply that is not sent by then is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// Milliseconds, round by round.
#[derive(Default)]
pub(super) struct Measured {
    pub sent: Vec<Vec<f64>>,
    pub bare: Vec<Vec<f64>>,
    /// Stages of the way, each with its median.
    pub stages: Vec<(String, String)>,
}

/// Remembers when each step of the present reply was taken.
#[derive(Default)]
struct Stamps {
    at: Mutex<BTreeMap<(Step, Side), Instant>>,
    ended: Notify,
}

impl StepWatcher for Stamps {
    fn stands(&self, step: Step, side: Side, _: Whose) {
        self.at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((step, side))
            .or_insert_with(Instant::now);
        if (step, side) == (Step::End, Side::After) {
            self.ended.notify_one();
        }
    }
}

impl Stamps {
    fn begin(&self) {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn taken(&self) -> BTreeMap<(Step, Side), Instant> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub(super) async fn measure(rounds: usize, replies: usize) -> anyhow::Result<Measured> {
    let world = World::begin().await?;
    let stamps = Arc::new(Stamps::default());
    let answering = open(&world, Arc::clone(&stamps)).await?;
    let customer = world.new_customer(KITE_AND_CO)?;
    customer.writes("Do you have the red kite?")?;
    let other = world.new_customer(KITE_AND_CO)?;
    other.writes("Do you have the blue kite?")?;
    let thread = thread_of(&answering, &customer).await?;
    let bare = Bare::new(&world, KITE_AND_CO, &other)?;
    let mut measured = Measured::default();
    let mut stages: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for round in 0..=rounds {
        let (mut ours, mut its) = (Vec::new(), Vec::new());
        for number in 0..replies {
            let text = format!("Yes, two of them ({round}-{number}).");
            tokio::time::sleep(PAUSE).await;
            stamps.begin();
            let reply = press(&answering, thread, &text).await?;
            let begun = Instant::now();
            let _: SendReceipt = ask(&answering, "sendReply", reply).await?;
            tokio::time::timeout(PATIENCE, stamps.ended.notified()).await.context("the reply is not sent")?;
            let taken = stamps.taken();
            let ended = taken.get(&(Step::End, Side::After)).context("it ended")?;
            ours.push(ms(ended.saturating_duration_since(begun)));
            if round > 0 {
                for (stage, took) in stages_of(begun, &taken) {
                    stages.entry(stage).or_default().push(took);
                }
            }
            tokio::time::sleep(PAUSE).await;
            its.push(bare.sends(&text).await?);
        }
        // The first warms up.
        if round > 0 {
            measured.sent.push(ours);
            measured.bare.push(its);
        }
    }
    measured.stages = stages
        .into_iter()
        .map(|(name, times)| (name[2..].to_owned(), format!("{} ms", short(median(&times)))))
        .collect();
    answering.desk().shutdown().await;
    Ok(measured)
}

/// The parts of the way, in their order: names begin with their place.
fn stages_of(begun: Instant, taken: &BTreeMap<(Step, Side), Instant>) -> Vec<(&'static str, f64)> {
    let at = |step, side| taken.get(&(step, side)).copied();
    let points = [
        ("a pressed until the reply is on disk", Some(begun), at(Step::Keep, Side::After)),
        ("b until the outbox begins with it", at(Step::Keep, Side::After), at(Step::Ask, Side::Before)),
        (
            "c that the grant may have been asked for, on disk",
            at(Step::Ask, Side::Before),
            at(Step::Ask, Side::After),
        ),
        ("d the relay's grant, with its sync", at(Step::Grant, Side::Before), at(Step::Grant, Side::After)),
        ("e what was seen, on disk", at(Step::SeeAgain, Side::Before), at(Step::SeeAgain, Side::After)),
        (
            "f that the call may have begun, on disk",
            at(Step::Begin, Side::Before),
            at(Step::Begin, Side::After),
        ),
        ("g Meta's answer", at(Step::Call, Side::Before), at(Step::Call, Side::After)),
        ("h how it ended, on disk", at(Step::End, Side::Before), at(Step::End, Side::After)),
    ];
    let took = |(name, from, to): (&'static str, Option<Instant>, Option<Instant>)| {
        Some((name, ms(to?.saturating_duration_since(from?))))
    };
    points.into_iter().filter_map(took).collect()
}

/// A desk that was set up as by its admin, opened again with somebody who watches its sends.
async fn open(world: &World, stamps: Arc<Stamps>) -> anyhow::Result<Arc<Answering>> {
    let mut set_up = world.desk(INES, &[KITE_AND_CO]).await?;
    let folder = set_up.folder().to_owned();
    keys::write(&folder, set_up.keys()).await?;
    set_up.dies();
    let config = DeskConfig {
        data_dir: folder.clone(),
        clock: Arc::new(SystemClock),
        keys: Arc::new(keys::read(&folder).await?),
        graph: GraphConfig::at(&world.meta().base_url())?,
        desk_name: "bench".to_owned(),
        history_after: Duration::MAX,
    };
    let desk = Desk::open_watched(config, stamps).await?;
    Ok(Arc::new(Answering::new(desk, Vec::new())))
}

async fn thread_of(answering: &Arc<Answering>, customer: &Customer) -> anyhow::Result<ThreadRef> {
    for _ in 0..200 {
        let request = ListThreads {
            view: View::All,
            account: None,
            channel: None,
            label: None,
            sort: Sort::Newest,
            after: None,
            up_to: None,
            limit: 50,
        };
        let page: ThreadPage = ask(answering, "listThreads", request).await?;
        if let Some(row) = page.rows.iter().find(|row| row.customer == customer.id().as_str()) {
            return Ok(row.thread);
        }
        tokio::time::sleep(PAUSE).await;
    }
    anyhow::bail!("the customer's message does not come")
}

/// What the page has at hand when Enter is pressed.
async fn press(answering: &Arc<Answering>, thread: ThreadRef, text: &str) -> anyhow::Result<SendReply> {
    let composer: ComposerState = ask(answering, "composer", ThreadName { thread }).await?;
    anyhow::ensure!(composer.send == SendMode::Send, "the composer is shut: {:?}", composer.words);
    Ok(SendReply {
        files: Vec::new(),
        thread,
        text: text.to_owned(),
        based_on: composer.draft.clone(),
        seen: composer.seen,
        verdict: composer.verdict,
        take_first: false,
        composed_ms: Ms(4_000),
        despite_unknown: false,
        hold_ms: Ms(0),
        then_done: false,
    })
}

async fn ask<T: DeserializeOwned>(
    answering: &Arc<Answering>,
    name: &str,
    request: impl Serialize,
) -> anyhow::Result<T> {
    let answer: Value = dispatch(answering, name, serde_json::to_value(request)?).await?;
    Ok(serde_json::from_value(answer)?)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
