//! Relay and desk are killed at moments nobody chose, while Meta posts, repeats, takes back, mixes up, forges and loses.
//!
//! ```text
//!  simulator: customers write, and what is told of it ─────────────────┐
//!    is mixed up, repeated, late, forged, or lost                      ▼
//!  4 connections ── webhooks, each again until it is answered 200 ──▶ baton-relay ──stream──▶ killed-desk ──▶ its file
//!    and more than Messenger tells: messages that are taken back        ▲  SIGKILL of one or both, start again  ▲
//!                                                                       └──────────── × rounds ─────────────────┘
//!  what was answered 200  ─── checker ─── the whole log;     the desk's store  ═══  a store that reads the whole log once
//! ```
//!
//! What Meta loses no repeat brings back: in `missed` a desk asks Graph for it afterwards.
//!
//! Twelve rounds here; `BATON_ROUNDS=200 cargo test --workspace --test everything_dies -- --nocapture` for the long form, and
//! `BATON_SEED=n` for other kills; rounds and seed are printed.

mod missed;

use std::path::Path;
use std::time::Duration;

use baton_chaos_tests::checker::{self, Fault, Seen};
use baton_chaos_tests::desk::{KilledDesk, STORE};
use baton_chaos_tests::load::{Habits, Load};
use baton_chaos_tests::meta::{Meta, Told};
use baton_chaos_tests::relay::{Flaw, Relay};
use baton_core::store::Store;
use fastrand::Rng;

/// How many rounds of kills, unless the environment says otherwise.
const ROUNDS: u32 = 12;
/// How many connections there are besides the simulator's.
const CONNECTIONS: usize = 4;
/// How much must be answered between two kills: over these connections, and to the simulator.
const ANSWERS_BETWEEN_KILLS: usize = 40;
const ANSWERS_TO_THE_SIMULATOR: u64 = 20;
/// Decides who writes, what goes wrong, and when the kills come, unless the environment says otherwise.
const SEED: u64 = 20_261_121;
/// The longest pause between an answer and the kill after it, milliseconds.
const LONGEST_MS: u64 = 46;
/// A broken relay shows at nearly every kill.
const ROUNDS_OF_A_BROKEN_RELAY: u32 = 3;

fn number<N: std::str::FromStr>(name: &str) -> Option<N> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

/// What came of a run.
struct Outcome {
    /// All that was answered, and the log.
    seen: Seen,
    /// How the simulator told its part of it.
    told: Told,
    /// The desk's store, and one that read the log from its beginning.
    desk: String,
    reference: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_nothing_doubled_and_no_gap_unseen() {
    let (rounds, seed) = (number("BATON_ROUNDS").unwrap_or(ROUNDS), number("BATON_SEED").unwrap_or(SEED));
    let outcome = run(&Relay::program().unwrap(), Flaw::None, (rounds, seed)).await.unwrap();
    assert!(outcome.seen.answered.len() >= ANSWERS_BETWEEN_KILLS * rounds as usize);
    let told = &outcome.told;
    assert!(told.answered.len() as u64 >= ANSWERS_TO_THE_SIMULATOR * u64::from(rounds));
    assert!(told.lost > 0, "seed {seed}: nothing was lost on its way: {told:?}");
    assert!(
        told.faults.iter().all(|fault| fault.struck > 0),
        "seed {seed}: not all went wrong: {:#?}",
        told.faults
    );
    let wrong = checker::judge_unruly(&outcome.seen);
    assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
    let differ: Vec<_> = outcome
        .desk
        .lines()
        .zip(outcome.reference.lines())
        .filter(|(desk, log)| desk != log)
        .take(3)
        .collect();
    assert!(outcome.desk == outcome.reference, "seed {seed}: desk and log differ: {differ:#?}");
}

/// The same run against relays that are broken on purpose: the checker must find what they lose or double.
#[tokio::test(flavor = "multi_thread")]
async fn relays_that_are_broken_on_purpose_are_found_out() {
    let broken = Path::new(env!("CARGO_BIN_EXE_hasty-relay"));
    let seed = number("BATON_SEED").unwrap_or(SEED);
    let outcome = run(broken, Flaw::Early, (ROUNDS_OF_A_BROKEN_RELAY, seed)).await.unwrap();
    let wrong = checker::judge_unruly(&outcome.seen);
    assert!(wrong.iter().any(|fault| matches!(fault, Fault::Lost { .. })), "seed {seed}: {wrong:#?}");
    let outcome = run(broken, Flaw::Keyless, (1, seed)).await.unwrap();
    let wrong = checker::judge_unruly(&outcome.seen);
    assert!(wrong.iter().any(|fault| matches!(fault, Fault::Repeated { .. })), "seed {seed}: {wrong:#?}");
}

async fn run(program: &Path, flaw: Flaw, (rounds, seed): (u32, u64)) -> anyhow::Result<Outcome> {
    eprintln!("seed {seed}, {rounds} rounds, the relay's flaw: {flaw:?}");
    let mut dice = Rng::with_seed(seed);
    let folder = tempfile::tempdir()?;
    // The stage is set by a sound relay, so that a broken one is judged by the kills alone.
    let stage = Relay::start(&Relay::program()?, folder.path()).await?;
    let reader = stage.enrol().await?;
    reader.connect_account(&stage).await?;
    let desk_url = stage.desk_url().to_owned();
    let killed = Path::new(env!("CARGO_BIN_EXE_killed-desk"));
    let own = stage.enrol().await?;
    let mut desk =
        KilledDesk::enrolled(killed, &folder.path().join("desk"), &desk_url, own.enrolled()).await?;
    stage.stop();

    let address = desk_url.trim_start_matches("http://").to_owned();
    let mut relay = Relay::start_as(program, folder.path(), flaw, &address).await?;
    desk.start()?;
    let load = Load::start(CONNECTIONS, Habits::Unruly, relay.webhook_url());
    let meta = Meta::start(relay.webhook_url(), seed).await?;
    for round in 1..=rounds {
        meta.somebody_reacts()?;
        tokio::try_join!(
            load.wait_for_answers(ANSWERS_BETWEEN_KILLS),
            meta.wait_for_answers(ANSWERS_TO_THE_SIMULATOR)
        )?;
        // Not always right after an answer: another moment each time.
        tokio::time::sleep(Duration::from_millis(dice.u64(..=LONGEST_MS))).await;
        if round % 3 != 1 {
            desk.kill();
        }
        if round % 3 != 2 {
            relay.kill();
            relay = Relay::start_as(program, folder.path(), flaw, &address).await?;
            load.goes_on_at(relay.webhook_url());
            meta.goes_on_at(relay.webhook_url());
        }
        if round % 3 != 1 {
            desk.start()?;
        }
    }
    load.wait_for_answers(CONNECTIONS).await?;
    let mut answered = load.stop().await;
    let told = meta.stop().await?;
    answered.extend(told.answered.iter().cloned());
    let (log_id, log) = reader.log(&relay).await?;
    let entries = reader.all_entries(&relay).await?;
    if flaw != Flaw::None {
        // What it lost or doubled is seen in its log; it may still be writing, so no desk has all of it.
        let seen = Seen { answered, entries };
        return Ok(Outcome { seen, told, desk: String::new(), reference: String::new() });
    }
    desk.holds_all(log.len() as u64).await?;
    let reference = Store::open(&folder.path().join(STORE)).await?;
    reference.ingest(&log, log_id).await?;
    let workspace = reader.workspace_log(&relay).await?;
    reference.ingest(&workspace.1, workspace.0).await?;
    let outcome = Outcome {
        seen: Seen { answered, entries },
        told,
        desk: desk.export().await?,
        reference: reference.canonical_export().await?,
    };
    relay.stop();
    Ok(outcome)
}
