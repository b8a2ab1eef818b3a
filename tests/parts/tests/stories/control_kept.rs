//! Control is kept while an agent writes, and goes back to the bot when an agent is done, where the team wants that.

use std::time::Duration;

use baton_commands::contract::{ControlAct, OwnerKind, StatusView};
use baton_protocol::enrol::Role;
use baton_simulator::Call;
use baton_support::world::Seen as _;
use baton_support::world::desk::refusal;
use baton_support::{JONAS, NORTHWIND_TEA, TEABOT, World, wait};

use crate::scene::mara_is_passed_to_ines;

const HOUR_MS: i64 = 3_600_000;

fn extensions(world: &World) -> usize {
    let is_it = |call: &&Call| call.path.ends_with("/extend_thread_control");
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

#[tokio::test(flavor = "multi_thread")]
async fn done_hands_the_thread_back_where_the_team_chose_that() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let refused = refusal(
        world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?.hands_back(NORTHWIND_TEA, true).await,
    )?;
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
    assert_eq!(thread.handover(), Some("Baton passed this thread to Teabot"));
    assert!(thread.composer.acts.contains(&ControlAct::Take));
    Ok(())
}
