//! The agent takes the thread from the bot, answers, and passes it back; a reply then offers to take it again.

use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::SendState;
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, TEABOT, World};

#[tokio::test(flavor = "multi_thread")]
async fn take_answer_pass_back_take_and_reply() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Where is my parcel?")?;
    let bots = ines.sees(&mara, "that the bot holds it", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(bots.composer.send, SendMode::TakeAndSend);
    assert!(bots.composer.acts.contains(&ControlAct::Take), "{:?}", bots.composer.acts);

    ines.does(ControlAct::Take, &mara).await?;
    let ours = ines.sees(&mara, "that it is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    assert_eq!((ours.composer.verdict, ours.composer.send), (Verdict::Plain, SendMode::Send));
    assert!(ours.row.owner.until_ms.is_some());
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));

    ines.answers(&mara, "I have it here, one moment.").await?;
    mara.gets("I have it here, one moment.").await?;

    ines.does(ControlAct::PassToDefault, &mara).await?;
    let back = ines.sees(&mara, "that the bot has it again", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(back.composer.send, SendMode::TakeAndSend);
    assert_eq!(mara.held_by()?.as_deref(), Some(TEABOT));

    ines.answers(&mara, "One more thing from me.").await?;
    mara.gets("One more thing from me.").await?;
    let thread =
        ines.sees(&mara, "it sent", |t| t.stands("One more thing from me.", SendState::Sent)).await?;
    assert_eq!(thread.held_by(), OwnerKind::Ours, "{}", thread.transcript());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_thread_is_nobodys() -> anyhow::Result<()> {
    let (_world, ines, mara) = crate::scene::mara_is_passed_to_ines().await?;

    ines.does(ControlAct::Release, &mara).await?;

    let thread = ines.sees(&mara, "that nobody holds it", |t| t.held_by() == OwnerKind::Idle).await?;
    assert_eq!(thread.row.owner.until_ms, None);
    assert_eq!(mara.held_by()?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_passed_to_the_bot_waits_for_none_of_us() -> anyhow::Result<()> {
    let (_world, ines, mara) = crate::scene::mara_is_passed_to_ines().await?;
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "that she waits for Ines", |t| t.row.mine && t.row.needs_reply).await?;

    ines.does(ControlAct::PassToDefault, &mara).await?;

    ines.sees(&mara, "that she waits for the bot", |t| {
        t.held_by() == OwnerKind::Other && !t.row.needs_reply && t.row.waiting_since_ms.is_none()
    })
    .await?;
    Ok(())
}
