//! Twenty kills of the real relay while Meta posts to it from many connections.
//!
//! ```text
//!  8 connections ── signed webhooks, each again until it is answered 200 ──▶ baton-relay ──▶ log
//!                                                                             ▲   │
//!                                                     SIGKILL, start again ×20┘   ▼
//!  what was answered 200  ───────────────── checker ──────────────── every entry, read as a desk reads
//! ```
//!
//! A kill takes everything that the process had not handed to the system yet, at a moment nobody chose; it does not take
//! what the system has not written to the disk yet, as a power cut would. So this holds the order of commit and answer,
//! and the repeats whose first answer was lost, but not the sync itself.

use std::path::Path;
use std::time::Duration;

use baton_chaos_tests::checker::{self, Seen};
use baton_chaos_tests::load::{Habits, Load};
use baton_chaos_tests::relay::Relay;

/// How often the relay is killed.
const KILLS: u32 = 20;
/// How many connections Meta has open.
const CONNECTIONS: usize = 8;
/// How much must be answered between two kills.
const ANSWERS_BETWEEN_KILLS: usize = 40;

/// A relay that answers too early loses something at nearly every kill, so a few show whether that is found.
const KILLS_OF_A_BROKEN_RELAY: u32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_a_kill_is_there_once() {
    let seen = kill_under_load(&Relay::program().unwrap(), KILLS).await.unwrap();
    assert!(seen.answered.len() >= ANSWERS_BETWEEN_KILLS * KILLS as usize);
    let wrong = checker::judge(&seen);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same against a relay whose log answers before it has written: the checker must find what it lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_answers_too_early_is_found_out() {
    let hasty = Path::new(env!("CARGO_BIN_EXE_hasty-relay"));
    let seen = kill_under_load(hasty, KILLS_OF_A_BROKEN_RELAY).await.unwrap();
    let wrong = checker::judge(&seen);
    assert!(wrong.iter().any(|fault| matches!(fault, checker::Fault::Lost { .. })), "{wrong:#?}");
}

async fn kill_under_load(program: &Path, kills: u32) -> anyhow::Result<Seen> {
    let folder = tempfile::tempdir()?;
    // The stage is set by a sound relay, so that a broken one is judged by the kills alone.
    let stage = Relay::start(&Relay::program()?, folder.path()).await?;
    let desk = stage.enrol().await?;
    desk.connect_account(&stage).await?;
    stage.stop();

    let mut relay = Relay::start(program, folder.path()).await?;
    let load = Load::start(CONNECTIONS, Habits::Plain, relay.webhook_url());
    for kill in 1..=kills {
        load.wait_for_answers(ANSWERS_BETWEEN_KILLS).await?;
        // Not always right after an answer: another moment each time, the same ones in each run.
        tokio::time::sleep(Duration::from_millis(u64::from(kill * 7 % 23))).await;
        relay.kill();
        relay = Relay::start(program, folder.path()).await?;
        load.goes_on_at(relay.webhook_url());
    }
    load.wait_for_answers(CONNECTIONS).await?;
    let answered = load.stop().await;
    let entries = desk.all_entries(&relay).await?;
    relay.stop();
    Ok(Seen { answered, entries })
}
