//! A new desk on a workspace with a long log: the newest first, then blocks backwards, and in the end the same as if it had
//! been there from the first day.

use baton_core::store::Store;
use baton_protocol::LogName;
use baton_protocol::enrol::Role;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{INES, JONAS, MARA, NORTHWIND_TEA, World};

/// How many messages, unless the environment says otherwise.
const MESSAGES: u64 = 4_500;

fn tea() -> LogName {
    LogName::Account(NORTHWIND_TEA.id())
}

fn count(ranges: &[(u64, u64)]) -> u64 {
    ranges.iter().map(|(first, last)| last - first + 1).sum()
}

fn messages() -> u64 {
    std::env::var("BATON_MESSAGES").ok().and_then(|count| count.parse().ok()).unwrap_or(MESSAGES)
}

/// What a desk that reads the whole log from its beginning shows.
async fn read_from_the_start(world: &World, folder: &std::path::Path) -> anyhow::Result<String> {
    let store = Store::open(&folder.join("reference.sqlite")).await?;
    for log in [LogName::Workspace, tea()] {
        let (log_id, entries) = world.whole_log(&log).await?;
        for batch in entries.chunks(500) {
            store.ingest(batch, log_id).await?;
        }
    }
    Ok(store.canonical_export().await?)
}

async fn export(desk: &mut TestDesk) -> anyhow::Result<String> {
    desk.dies();
    let store = Store::open(&desk.folder().join("desk.sqlite")).await?;
    let export = store.canonical_export().await?;
    store.close().await;
    Ok(export)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_desk_reads_the_newest_first_then_blocks_also_after_a_kill() -> anyhow::Result<()> {
    let (world, messages) = (World::begin().await?, messages());
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Is my parcel lost?")?;
    ines.sees(&mara, "her message", |t| t.times("Is my parcel lost?") == 1).await?;
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "whose it is", |t| t.row.assignee.is_some()).await?;
    ines.dies();
    // Long after that, Mara writes again: her thread is among the newest, and whose it is stands at the log's beginning.
    world.many_write(NORTHWIND_TEA, 0..messages).await?;
    mara.writes("Hello again!")?;

    let mut jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas
        .sees(&mara, "her newest message, and whose thread it is", |t| {
            t.times("Hello again!") == 1 && t.row.assignee.is_some()
        })
        .await?;
    // Killed in the middle, or wherever it is by now.
    jonas.comes_to_hold(&tea(), "a part of it", |held| count(held) > messages / 3).await?;
    jonas.dies();
    let held = jonas.holds(&tea()).await?;

    // Taken back meanwhile: some that it holds, some of blocks that the relay has compressed, some that it has not read.
    for number in (7..messages).step_by(usize::try_from(messages / 12)?) {
        world.takes_back(NORTHWIND_TEA, number).await?;
    }
    jonas.comes_back().await?;
    let (_, log) = world.whole_log(&tea()).await?;
    let head = log.last().map_or(0, |entry| entry.seq);
    jonas
        .comes_to_hold(&tea(), "all of it", |held| matches!(held, [(1, last)] if *last >= head))
        .await
        .map_err(|error| error.context(format!("it held {held:?} when it was killed")))?;
    assert!(world.blocks_kept()? > 0, "the long way back came by blocks");

    let shown = export(&mut jonas).await?;
    let reference = read_from_the_start(&world, jonas.folder()).await?;
    let differ: Vec<_> =
        shown.lines().zip(reference.lines()).filter(|(desk, log)| desk != log).take(3).collect();
    assert!(shown == reference, "desk and log differ: {differ:#?}");
    Ok(())
}
