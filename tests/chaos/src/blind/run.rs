//! One run: a world, desks, customers, and what came of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Context as _;
use baton_commands::contract::composer::{ComposerState, SendMode};
use baton_commands::contract::error::CommandError;
use baton_commands::contract::thread::{ThreadName, ThreadView};
use baton_commands::contract::threads::{ListThreads, Sort, ThreadPage, View};
use baton_commands::contract::{Count, ThreadRef};
use baton_core::keys::{KeyName, KeyStore as _};
use baton_protocol::PartId;
use baton_protocol::enrol::Role;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, KITE_AND_CO, World, wait};
use fastrand::Rng;
use futures_util::future::try_join_all;
use tokio::sync::watch;

use super::judge::{Line, Pressed, What, lines};

/// The account: routing is off there, so that any of its agents may answer.
const SHOP: baton_support::Shop = KITE_AND_CO;
/// A reply is on its way for so long, and its echo comes after that, milliseconds: in a moment nothing would cross.
const ON_ITS_WAY_MS: u64 = 150;
const ECHO_MS: u64 = 250;
/// So many threads an agent has looked at before they answer the first of them.
const LOOKED_AT: usize = 2;

/// How large a run is.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// What everybody does comes from it.
    pub seed: u64,
    /// How many desks, each of an agent of its own.
    pub desks: usize,
    /// How many threads.
    pub threads: usize,
    /// How often each agent presses *Send*.
    pub presses: usize,
    /// How often a customer writes meanwhile.
    pub messages: usize,
}

impl Form {
    /// The one of each day.
    pub const SHORT: Self = Self { seed: 6, desks: 6, threads: 30, presses: 20, messages: 90 };
    /// The one that is promised.
    pub const FULL: Self = Self { seed: 6, desks: 20, threads: 500, presses: 60, messages: 1_000 };
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// What the log says.
    pub lines: Vec<Line>,
    /// What was pressed.
    pub pressed: Vec<Pressed>,
    /// How often an agent was told at once that it cannot leave so.
    pub kept: usize,
    /// The texts that each desk marks as crossed by something.
    pub marked: Vec<BTreeSet<String>>,
    /// Replies that a customer's phone shows more than once, or although the log does not say that they were sent.
    pub misplaced: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// When a part does not come up, or replies do not come to rest.
pub async fn run(form: Form) -> anyhow::Result<Outcome> {
    let world = World::begin().await?;
    let owner = world.desk(JONAS, &[SHOP]).await?;
    let customers: Vec<Customer> =
        (0..form.threads).map(|_| world.new_customer(SHOP)).collect::<anyhow::Result<_>>()?;
    for customer in &customers {
        customer.writes("Is there wind today?")?;
    }
    let mut desks = Vec::new();
    for number in 0..form.desks {
        desks.push(agent(&world, number).await?);
    }
    wait::until("every customer's message to be in the log", async || {
        let heard = world.entries(SHOP).await.map_err(|error| format!("{error:#}"))?;
        let heard = lines(&heard).len();
        if heard >= form.threads { Ok(()) } else { Err(format!("{heard} of {}", form.threads)) }
    })
    .await?;
    for desk in &desks {
        desk.has_read_all_of(&world, SHOP).await?;
    }

    let answer =
        Fault { call: Some(CallKind::Send), ..Fault::always(Effect::AnswerLate { ms: ON_ITS_WAY_MS }) };
    world.goes_wrong(answer)?;
    world.goes_wrong(Fault::always(Effect::EchoLate { ms: ECHO_MS }))?;
    let done = watch::Sender::new(0);
    let acting = desks.iter().enumerate().map(|(number, desk)| acts(desk, &customers, number, form, &done));
    let (acted, ()) = tokio::try_join!(try_join_all(acting), write(&customers, form, done.subscribe()))?;
    let mut pressed = Vec::new();
    let mut kept = 0;
    for (of_desk, kept_here) in acted {
        pressed.extend(of_desk);
        kept += kept_here;
    }
    for desk in &desks {
        comes_to_rest(desk).await?;
    }
    let lines = all_ended(&world).await?;
    let misplaced = misplaced(&customers, &lines, &pressed)?;
    let mut marked = Vec::new();
    for desk in desks.iter().chain([&owner]) {
        desk.has_read_all_of(&world, SHOP).await?;
        marked.push(marks(desk).await?);
    }
    Ok(Outcome { lines, pressed, kept, marked, misplaced })
}

/// An agent with a Page token of their own.
async fn agent(world: &World, number: usize) -> anyhow::Result<TestDesk> {
    let mut desk = world.invited_desk(&format!("Agent {number:02}"), &[SHOP], Role::Agent).await?;
    desk.keys().set(&KeyName::PageToken(SHOP.id()), &world.page_token(SHOP)?).await?;
    // It reads its keys when it starts.
    desk.comes_back().await?;
    Ok(desk)
}

/// Presses *Send* so often, each time by a composer that was looked at some threads before.
async fn acts(
    desk: &TestDesk,
    customers: &[Customer],
    number: usize,
    form: Form,
    done: &watch::Sender<usize>,
) -> anyhow::Result<(Vec<Pressed>, usize)> {
    let threads = threads(desk).await?;
    let mut chance = Rng::with_seed(form.seed.wrapping_mul(1_000) + number as u64);
    let mut looked_at: VecDeque<(ThreadRef, ComposerState)> = VecDeque::new();
    let (mut pressed, mut kept) = (Vec::new(), 0);
    for press in 0..form.presses {
        while looked_at.len() <= LOOKED_AT {
            let customer = &customers[somewhere(&mut chance, customers.len())];
            let thread = *threads.get(customer.id().as_str()).context("the desk lacks a thread")?;
            looked_at.push_back((thread, desk.ask("composer", ThreadName { thread }).await?));
        }
        let (thread, composer) = looked_at.pop_front().context("something was looked at")?;
        let text = format!("Reply {press:03} of agent {number:02}");
        let Count(word) = composer.seen.word_seq;
        if composer.send != SendMode::Send {
            kept += 1;
            done.send_modify(|done| *done += 1);
            continue;
        }
        match desk.answers_in(thread, &text, &composer).await {
            Ok(_) => pressed.push(Pressed { text, word }),
            Err(error) if error.is::<CommandError>() => kept += 1,
            Err(error) => return Err(error),
        }
        done.send_modify(|done| *done += 1);
    }
    Ok((pressed, kept))
}

/// Customers write while the agents act, as many in each stretch.
async fn write(customers: &[Customer], form: Form, mut done: watch::Receiver<usize>) -> anyhow::Result<()> {
    let mut chance = Rng::with_seed(form.seed);
    let all = form.desks * form.presses;
    for number in 1..=form.messages {
        let due = all * number / (form.messages + 1);
        drop(done.wait_for(|done| *done >= due).await?);
        let customer = &customers[somewhere(&mut chance, customers.len())];
        customer.writes(&format!("And tomorrow? {number}"))?;
    }
    Ok(())
}

/// Mostly the same few, so that they meet.
fn somewhere(chance: &mut Rng, many: usize) -> usize {
    let upper = chance.usize(..many);
    chance.usize(..=upper)
}

/// Every thread of a desk, by its customer.
async fn threads(desk: &TestDesk) -> anyhow::Result<BTreeMap<String, ThreadRef>> {
    let (mut threads, mut after) = (BTreeMap::new(), None);
    loop {
        let request = ListThreads {
            view: View::All,
            account: None,
            channel: None,
            label: None,
            sort: Sort::Newest,
            after,
            up_to: None,
            limit: 200,
        };
        let page: ThreadPage = desk.ask("listThreads", request).await?;
        threads.extend(page.rows.into_iter().map(|row| (row.customer, row.thread)));
        after = page.next;
        if after.is_none() {
            return Ok(threads);
        }
    }
}

/// The texts that a desk marks as crossed by something, in whatever thread.
async fn marks(desk: &TestDesk) -> anyhow::Result<BTreeSet<String>> {
    let mut texts = BTreeSet::new();
    for thread in threads(desk).await?.into_values() {
        let thread: ThreadView = desk.ask("openThread", ThreadName { thread }).await?;
        let crossed = thread.messages().into_iter().filter(|message| message.crossed.is_some());
        texts.extend(crossed.map(|message| message.text.clone()));
    }
    Ok(texts)
}

/// Nothing waits to leave, and nothing is unclear.
async fn comes_to_rest(desk: &TestDesk) -> anyhow::Result<()> {
    wait::until(format!("the replies of {} to come to rest", desk.name()), async || {
        let status = desk.status().await.map_err(|error| format!("{error:#}"))?;
        let (Count(waiting), Count(unknown)) = (status.replies_waiting, status.replies_unknown);
        if waiting + unknown == 0 { Ok(()) } else { Err(format!("{waiting} waiting, {unknown} unknown")) }
    })
    .await
}

/// The log, once every part that was granted has ended, and the echo of each that was sent is here. Many desks take all of it in
/// on one machine, and the echoes come after them.
async fn all_ended(world: &World) -> anyhow::Result<Vec<Line>> {
    wait::until_through("every grant to have its end in the log, and its echo", async || {
        let entries = world.entries(SHOP).await.map_err(|error| (usize::MAX, format!("{error:#}")))?;
        let lines = lines(&entries);
        let (mut open, mut sent, mut echoed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for line in &lines {
            match &line.what {
                What::Granted { part, .. } => {
                    open.insert(*part);
                }
                What::Ended { part, is_sent } => {
                    open.remove(part);
                    if *is_sent {
                        sent.insert(*part);
                    }
                }
                What::Echo { part } => {
                    echoed.insert(*part);
                }
                What::Wrote => {}
            }
        }
        let silent = sent.difference(&echoed).count();
        match open.len() + silent {
            0 => Ok(lines),
            left => Err((left, format!("{} parts without an end, {silent} without an echo", open.len()))),
        }
    })
    .await
}

/// What the phones show, against what the log says was sent.
fn misplaced(customers: &[Customer], lines: &[Line], pressed: &[Pressed]) -> anyhow::Result<Vec<String>> {
    let sent = lines.iter().filter_map(|line| match &line.what {
        What::Ended { part, is_sent: true } => Some(*part),
        _ => None,
    });
    let sent: BTreeSet<PartId> = sent.collect();
    let mut expected: BTreeMap<&str, usize> = pressed.iter().map(|one| (one.text.as_str(), 0)).collect();
    for line in lines {
        if let What::Granted { part, text, .. } = &line.what
            && sent.contains(part)
        {
            expected.insert(text, 1);
        }
    }
    let mut got: BTreeMap<String, usize> = BTreeMap::new();
    for customer in customers {
        for message in customer.phone()?.into_iter().filter(|message| message.app_id.is_some()) {
            *got.entry(message.text.unwrap_or_default()).or_default() += 1;
        }
    }
    let differs = expected.into_iter().filter(|(text, times)| got.get(*text).copied().unwrap_or(0) != *times);
    Ok(differs.map(|(text, _)| text.to_owned()).collect())
}
