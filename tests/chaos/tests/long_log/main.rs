//! A long log, cut, mixed up, repeated and late, with the desk started anew in between: the store says what is true.
//!
//! A million entries here, but no store of a million: a quarter of them in each of four logs, which as many desks take in at
//! the same time. `BATON_LOGS=1` for one log and one store of them all, `BATON_ENTRIES=10000000` for the long form,
//! `BATON_SEED=n` for other worlds; the seeds are printed. In between the store is dropped without a word, as by a crash
//! between two batches.

use baton_chaos_tests::soak::arrival::Arrival;
use baton_chaos_tests::soak::compare;
use baton_chaos_tests::soak::entries::{ACCOUNT, log_id};
use baton_chaos_tests::soak::world::World;
use baton_core::store::Store;
use baton_protocol::{AccountId, LogName};

/// How many entries, in all logs together, unless the environment says otherwise.
const ENTRIES: u64 = 1_000_000;
/// In how many logs, unless the environment says otherwise: more than such a machine has cores, so that none rests while a desk
/// waits for its disk.
const LOGS: u64 = 4;
const SEED: u64 = 20_261_130;
/// Entries that are made at one time.
const AT_ONCE: usize = 50_000;
/// After so many batches the desk is started anew.
const RESTART_AFTER: usize = 400;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_gives_what_is_true_however_it_comes() -> anyhow::Result<()> {
    let (entries, seed) = (number("BATON_ENTRIES", ENTRIES), number("BATON_SEED", SEED));
    let logs = number("BATON_LOGS", LOGS).max(1);
    let mut desks = tokio::task::JoinSet::new();
    for seed in seed..seed + logs {
        desks.spawn(one_log(entries / logs, seed));
    }
    while let Some(desk) = desks.join_next().await {
        desk??;
    }
    Ok(())
}

async fn one_log(entries: u64, seed: u64) -> anyhow::Result<()> {
    eprintln!("seed {seed}, {entries} entries");
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("desk.sqlite");
    let (sender, mut batches) = tokio::sync::mpsc::channel(64);
    let making = tokio::task::spawn_blocking(move || {
        let mut world = World::new(seed, entries)?;
        let mut arrival = Arrival::new(seed);
        while world.head() < entries {
            for batch in arrival.of(world.go_on(AT_ONCE.min(usize::try_from(entries)?))?) {
                sender.blocking_send(batch)?;
            }
        }
        for batch in arrival.rest() {
            sender.blocking_send(batch)?;
        }
        anyhow::Ok(world.end())
    });
    let mut store = Store::open(&file).await?;
    let mut taken_in = 0_usize;
    while let Some(batch) = batches.recv().await {
        taken_in += 1;
        if taken_in.is_multiple_of(RESTART_AFTER) {
            drop(store);
            store = Store::open(&file).await?;
        }
        store.ingest(&batch, log_id()).await?;
    }
    let ended = making.await??;
    eprintln!("seed {seed}: {} entries in {taken_in} batches: {:?}", ended.head, ended.counted);
    let cursor = store.cursor(&LogName::Account(AccountId::from(ACCOUNT))).await?;
    let ranges = cursor.map(|cursor| cursor.ranges.as_slice().to_vec());
    assert_eq!(ranges, Some(vec![(1, ended.head)]), "a hole");
    let differences = compare::differences(&store, &ended, seed).await?;
    assert!(differences.is_empty(), "seed {seed}:\n{}", differences.join("\n"));
    Ok(())
}
