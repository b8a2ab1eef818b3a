//! Control is kept while an agent writes, and goes back to the bot when an agent is done, where the team wants that.

use std::time::Duration;

use baton_commands::contract::thread::SendState;
use baton_commands::contract::threads::View;
use baton_commands::contract::{ControlAct, OwnerKind, StatusView};
use baton_protocol::enrol::Role;
use baton_simulator::Call;
use baton_support::world::Seen as _;
use baton_support::world::desk::refusal;
use baton_support::{INES, JONAS, NORTHWIND_TEA, TEABOT, World, wait};

use crate::scene::mara_is_passed_to_ines;

const HOUR_MS: i64 = 3_600_000;

fn extensions(world: &World) -> usize {
    calls(world, "/extend_thread_control")
}

fn calls(world: &World, edge: &str) -> usize {
    let is_it = |call: &&Call| call.path.ends_with(edge);
    world.meta().calls().iter().filter(is_it).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_keeps_the_thread() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let before = ines.opens(&mara).await?;
    let ends = before.row.owner.until_ms.map(|ms| ms.0);
    // It is half an hour before its end; nobody writes.
    world.moves_clock(23);
    world.meta().advance(Duration::from_secs(30 * 60));
    let knows = async || {
        let known_ms = ines.status().await.map_err(|error| error.to_string())?.now_ms.0;
        let behind_ms = world.meta().now_ms() - known_ms;
        if behind_ms < 60_000 { Ok(()) } else { Err(format!("{behind_ms} ms behind")) }
    };
    wait::until("the desk to know the time", knows).await?;
    world.time_passes(Duration::from_secs(61));
    wait::stays("nothing kept", async || match extensions(&world) {
        0 => Ok(()),
        more => Err(format!("{more} calls")),
    })
    .await?;

    ines.drafts(&mara, "I am looking for your parc").await?;
    world.time_passes(Duration::from_secs(61));

    let kept = ines
        .sees(&mara, "that it is kept", |t| t.row.owner.until_ms.map(|ms| ms.0) > ends.map(|ms| ms + HOUR_MS))
        .await?;
    assert_eq!((kept.held_by(), extensions(&world)), (OwnerKind::Ours, 1));
    assert_eq!(kept.handover(), Some("Baton keeps this thread for longer"));
    world.moves_clock(2);
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));
    Ok(())
}

/// A reply waits for the relay while control ends: without control it could not leave afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_waits_keeps_the_thread() -> anyhow::Result<()> {
    const REPLY: &str = "Your parcel is at the depot.";
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    world.moves_clock(23);
    world.meta().advance(Duration::from_secs(30 * 60));
    wait::until("the desk to know the time", async || {
        let known_ms = ines.status().await.map_err(|error| error.to_string())?.now_ms.0;
        let behind_ms = world.meta().now_ms() - known_ms;
        if behind_ms < 60_000 { Ok(()) } else { Err(format!("{behind_ms} ms behind")) }
    })
    .await?;
    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    assert_eq!(extensions(&world), 0);

    world.time_passes(Duration::from_secs(61));

    wait::until("the thread to be kept", async || match extensions(&world) {
        1 => Ok(()),
        other => Err(format!("{other} calls")),
    })
    .await?;
    world.starts_relay().await?;
    mara.gets(REPLY).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_keeps_the_thread_by_hand() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let before = ines.opens(&mara).await?;
    assert!(before.composer.acts.contains(&ControlAct::Extend), "{:?}", before.composer.acts);
    let ends_ms = before.row.owner.until_ms.map(|ms| ms.0);
    world.moves_clock(23);

    ines.does(ControlAct::Extend, &mara).await?;

    let kept = ines
        .sees(&mara, "that it is kept", |t| {
            t.row.owner.until_ms.map(|ms| ms.0) > ends_ms.map(|ms| ms + HOUR_MS)
        })
        .await?;
    assert_eq!((kept.held_by(), extensions(&world)), (OwnerKind::Ours, 1));
    assert_eq!(kept.handover(), Some("Baton keeps this thread for longer"));
    // Meta keeps to it, past the end that was.
    world.moves_clock(2);
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_on_a_thread_is_warned_before_it_lapses_wherever_they_are() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.assigns(&mara, true).await?;
    let before = ines.sees(&mara, "that it is hers", |t| t.row.mine).await?;
    let warned = async |of: bool| {
        wait::until(format!("a warning: {of}"), async || {
            let lapsing = ines.status().await.map_err(|error| error.to_string())?.lapsing;
            if lapsing.is_empty() != of { Ok(lapsing) } else { Err(format!("{lapsing:?}")) }
        })
        .await
    };
    warned(false).await?;

    // Nobody opens it, and half an hour is left.
    world.moves_clock(23);
    world.meta().advance(Duration::from_secs(30 * 60));
    let lapsing = warned(true).await?;
    assert_eq!(lapsing.len(), 1);
    assert_eq!((lapsing[0].thread, lapsing[0].name.as_str()), (before.row.thread, mara.name()));
    let left_ms = lapsing[0].until_ms.0 - world.meta().now_ms();
    assert!((1..=HOUR_MS).contains(&left_ms), "{left_ms}");

    // What is kept while somebody writes there is nothing to warn of.
    ines.drafts(&mara, "I am looking for your parc").await?;
    warned(false).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn done_hands_the_thread_back_where_the_team_chose_that() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let refused = refusal(jonas.hands_back(NORTHWIND_TEA, true).await)?;
    assert!(refused.message.contains("supervisor"), "{refused:?}");

    // Without the setting nothing happens.
    ines.sets(&mara, StatusView::Done).await?;
    world.time_passes(Duration::from_secs(11));
    wait::stays("ours", async || match mara.held_by() {
        Ok(Some(app)) if app == "Baton" => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await?;
    ines.sets(&mara, StatusView::Open).await?;

    ines.hands_back(NORTHWIND_TEA, true).await?;
    ines.finds("the setting", |session| session.accounts.iter().any(|account| account.hand_back)).await?;

    // Taken back in time.
    ines.sets(&mara, StatusView::Done).await?;
    ines.sets(&mara, StatusView::Open).await?;
    ines.sees(&mara, "it open", |t| t.row.status == StatusView::Open).await?;
    world.time_passes(Duration::from_secs(11));
    wait::stays("ours", async || match mara.held_by() {
        Ok(Some(app)) if app == "Baton" => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await?;

    ines.sets(&mara, StatusView::Done).await?;
    ines.sees(&mara, "it done", |t| t.row.status == StatusView::Done).await?;
    world.time_passes(Duration::from_secs(11));
    let thread = ines.sees(&mara, "the bot in charge", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(mara.held_by()?.as_deref(), Some(TEABOT));
    assert_eq!(thread.handover(), Some("Handed back to Teabot when you marked it done"));
    assert!(thread.composer.acts.contains(&ControlAct::Take));
    // Told by the team: who opens a thread asks Meta too.
    wait::until("Jonas to hear of it", async || {
        let rows = jonas.threads(View::Done).await.map_err(|error| error.to_string())?;
        match rows.iter().find(|row| row.customer == mara.id().as_str()) {
            Some(row) if row.owner.owner == OwnerKind::Other => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await?;
    let theirs = jonas.opens(&mara).await?;
    assert_eq!(theirs.handover(), Some(format!("Handed back to Teabot when {INES} marked it done").as_str()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_dies_right_after_done_hands_the_thread_back_when_it_starts() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    ines.hands_back(NORTHWIND_TEA, true).await?;
    ines.finds("the setting", |session| session.accounts.iter().any(|account| account.hand_back)).await?;
    ines.sets(&mara, StatusView::Done).await?;

    ines.dies();
    world.time_passes(Duration::from_secs(11));
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));
    ines.comes_back().await?;

    ines.sees(&mara, "it done", |t| t.row.status == StatusView::Done).await?;
    let mut looks = 0;
    wait::until("the bot in charge", async || {
        // The desk counts its ten seconds from when it looked for what it had left; less often than a stream falls silent.
        if looks % 100 == 0 {
            world.time_passes(Duration::from_secs(11));
        }
        looks += 1;
        match mara.held_by() {
            Ok(Some(app)) if app == TEABOT => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await?;
    let passed = calls(&world, "/pass_thread_control");
    ines.comes_back().await?;
    ines.sees(&mara, "the bot in charge", |t| t.held_by() == OwnerKind::Other).await?;
    world.time_passes(Duration::from_secs(11));
    wait::stays("passed once", async || match calls(&world, "/pass_thread_control") {
        now if now == passed => Ok(()),
        now => Err(format!("{now} instead of {passed}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_again_before_the_desk_came_back_stays() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    ines.hands_back(NORTHWIND_TEA, true).await?;
    ines.finds("the setting", |session| session.accounts.iter().any(|account| account.hand_back)).await?;
    ines.sets(&mara, StatusView::Done).await?;
    ines.dies();
    jonas.sees(&mara, "it done", |t| t.row.status == StatusView::Done).await?;
    jonas.sets(&mara, StatusView::Open).await?;

    ines.comes_back().await?;
    ines.sees(&mara, "it open", |t| t.row.status == StatusView::Open).await?;
    world.time_passes(Duration::from_secs(11));
    wait::stays("ours", async || match mara.held_by() {
        Ok(Some(app)) if app == "Baton" => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await
}
