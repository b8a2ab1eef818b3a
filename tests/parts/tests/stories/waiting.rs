//! Since when a customer waits, as the list shows it, while the thread goes from hand to hand.

use baton_commands::contract::{ControlAct, Ms, OwnerKind};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, MARA, NORTHWIND_TEA, World};

/// Waits until the thread is held so, and gives since when its customer waits then.
async fn waits_since(desk: &TestDesk, customer: &Customer, owner: OwnerKind) -> anyhow::Result<Option<Ms>> {
    let what = format!("that it is {owner:?}");
    let thread = desk.sees(customer, &what, |t| t.held_by() == owner).await?;
    Ok(thread.row.waiting_since_ms)
}

#[tokio::test(flavor = "multi_thread")]
async fn to_take_to_release_and_to_take_again_makes_no_wait_shorter() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Where is my parcel?")?;
    assert_eq!(waits_since(&ines, &mara, OwnerKind::Other).await?, None);

    ines.does(ControlAct::Take, &mara).await?;
    let taken = waits_since(&ines, &mara, OwnerKind::Ours).await?;
    assert!(taken.is_some());
    world.moves_clock(1);
    ines.does(ControlAct::Release, &mara).await?;
    assert_eq!(waits_since(&ines, &mara, OwnerKind::Idle).await?, taken);
    world.moves_clock(1);
    ines.does(ControlAct::Take, &mara).await?;
    assert_eq!(waits_since(&ines, &mara, OwnerKind::Ours).await?, taken);

    ines.answers(&mara, "I have it here, one moment.").await?;
    mara.gets("I have it here, one moment.").await?;
    ines.sees(&mara, "nobody waiting", |t| t.row.waiting_since_ms.is_none()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_left_lying_waits_once_it_is_taken_and_not_before() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Where is my parcel?")?;
    waits_since(&ines, &mara, OwnerKind::Other).await?;

    world.moves_clock(30);
    assert_eq!(waits_since(&ines, &mara, OwnerKind::Idle).await?, None);
    ines.does(ControlAct::Take, &mara).await?;
    assert!(waits_since(&ines, &mara, OwnerKind::Ours).await?.is_some());

    // From us it lapses and goes on waiting, also when it is taken again.
    let taken = ines.opens(&mara).await?.row.waiting_since_ms;
    world.moves_clock(30);
    assert_eq!(waits_since(&ines, &mara, OwnerKind::Idle).await?, taken);
    ines.does(ControlAct::Take, &mara).await?;
    assert_eq!(waits_since(&ines, &mara, OwnerKind::Ours).await?, taken);
    Ok(())
}
