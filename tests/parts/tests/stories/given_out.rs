//! Threads find their agent by the rules of the account: in turn while agents are there, and back to the queue when whoever had
//! one is gone.

use std::time::Duration;

use baton_commands::contract::presence::{PresenceState, PresenceView};
use baton_commands::contract::queue::{QueueWayView, SetQueue};
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::{Author, ThreadView};
use baton_commands::contract::{OwnerKind, StatusView};
use baton_protocol::enrol::Role;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, NORTHWIND_TEA, World, wait};

use crate::scene::{MARA_ASKS, MARA_INSISTS, mara_is_passed_to_ines};

/// After its start the relay waits so long for desks to come back before it gives anything out. A stream that is silent for
/// longer counts as dead.
const SETTLED: Duration = Duration::from_secs(16);
/// Longer than a desk counts as there once its connection is gone.
const GONE: Duration = Duration::from_secs(6);

/// Ines, an admin, with Mara's thread, which the bot passed on, and Jonas, an agent; the relay has settled.
async fn scene() -> anyhow::Result<(World, TestDesk, TestDesk, Customer)> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    is_seen(&ines, JONAS, PresenceState::Online).await?;
    world.time_passes(SETTLED);
    Ok((world, ines, jonas, mara))
}

async fn is_seen(desk: &TestDesk, name: &str, state: PresenceState) -> anyhow::Result<()> {
    wait::until(format!("{} to see {name} as {state:?}", desk.name()), async || {
        let seen: anyhow::Result<PresenceView> = desk.ask("presence", ()).await;
        let seen = seen.map_err(|error| format!("{error:#}"))?;
        let is_so = seen.people.iter().any(|person| person.name == name && person.state == state);
        if is_so { Ok(()) } else { Err(format!("{seen:#?}")) }
    })
    .await
}

async fn rules(desk: &TestDesk, way: QueueWayView, limit: u32) -> anyhow::Result<()> {
    let rules = SetQueue {
        account: NORTHWIND_TEA.id().to_string(),
        way,
        limit,
        reopen_to_last: true,
        reaction_reopens: false,
        only_assignee_sends: false,
    };
    let _: Session = desk.ask("setQueue", rules).await?;
    Ok(())
}

/// Another customer whom the bot passes on.
async fn is_passed_on(world: &World) -> anyhow::Result<Customer> {
    let customer = world.new_customer(NORTHWIND_TEA)?;
    customer.writes(MARA_ASKS)?;
    customer.writes(MARA_INSISTS)?;
    Ok(customer)
}

fn is_free(thread: &ThreadView) -> bool {
    thread.held_by() == OwnerKind::Ours && thread.row.assignee.is_none()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_goes_to_who_is_there_in_turn_and_to_nobody_over_the_limit() -> anyhow::Result<()> {
    let (world, ines, jonas, mara) = scene().await?;
    ines.sees(&mara, "it free", is_free).await?;
    rules(&ines, QueueWayView::RoundRobin, 1).await?;
    ines.sees(&mara, "that it is hers", |t| t.row.mine).await?;
    let second = is_passed_on(&world).await?;
    jonas.sees(&second, "that it is his", |t| t.row.mine).await?;
    let third = is_passed_on(&world).await?;
    ines.sees(&third, "it free", is_free).await?;

    // Whoever is done gets the next.
    jonas.sets(&second, StatusView::Done).await?;
    jonas.sees(&third, "that it is his", |t| t.row.mine).await?;
    ines.sees(&third, "whose it is", |t| t.row.assignee.as_deref() == Some(JONAS)).await?;

    // So does whoever has nothing but what waits on the customer.
    jonas.sets(&third, StatusView::WaitingOnCustomer).await?;
    let fourth = is_passed_on(&world).await?;
    jonas.sees(&fourth, "that it is his", |t| t.row.mine).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_opened_again_stays_with_whoever_is_there_and_is_free_once_they_are_gone()
-> anyhow::Result<()> {
    let (world, ines, mut jonas, mara) = scene().await?;
    jonas.assigns(&mara, true).await?;
    jonas.sets(&mara, StatusView::Done).await?;
    mara.writes("One more thing")?;
    // With that word: it was open and his before he was done with it, too, and what he would set then comes before the word.
    let is_his = |t: &ThreadView| {
        t.says(Author::Customer, "One more thing")
            && t.row.status == StatusView::Open
            && t.row.assignee.as_deref() == Some(JONAS)
    };
    ines.sees(&mara, "that it is open again, and his", is_his).await?;

    jonas.sets(&mara, StatusView::Done).await?;
    ines.sees(&mara, "that it is done", |t| t.row.status == StatusView::Done).await?;
    jonas.closes().await?;
    world.time_passes(GONE);
    is_seen(&ines, JONAS, PresenceState::Offline).await?;
    mara.writes("Are you there?")?;
    ines.sees(&mara, "that it is open, and free", |t| t.row.status == StatusView::Open && is_free(t)).await?;

    // In turn it is for whoever is there.
    rules(&ines, QueueWayView::RoundRobin, 20).await?;
    ines.sees(&mara, "that it is hers", |t| t.row.mine).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_the_customer_goes_on_with_whoever_is_there_and_is_free_once_they_are_gone()
-> anyhow::Result<()> {
    let (world, ines, mut jonas, mara) = scene().await?;
    is_seen(&ines, JONAS, PresenceState::Online).await?;
    jonas.assigns(&mara, true).await?;
    let waits_on_her = |t: &ThreadView| {
        t.row.status == StatusView::WaitingOnCustomer && t.row.assignee.as_deref() == Some(JONAS)
    };
    jonas.sets(&mara, StatusView::WaitingOnCustomer).await?;
    ines.sees(&mara, "that he waits for her", waits_on_her).await?;
    mara.writes("It is order 4412")?;
    let is_his = |t: &ThreadView| {
        t.says(Author::Customer, "It is order 4412")
            && t.row.status == StatusView::Open
            && t.row.assignee.as_deref() == Some(JONAS)
    };
    ines.sees(&mara, "that it is open again, and his", is_his).await?;
    // The relay decides a moment after she wrote.
    wait::stays("whose it is", async || {
        let thread = ines.opens(&mara).await.map_err(|error| format!("{error:#}"))?;
        if is_his(&thread) { Ok(()) } else { Err(thread.transcript()) }
    })
    .await?;

    jonas.sets(&mara, StatusView::WaitingOnCustomer).await?;
    ines.sees(&mara, "that he waits for her again", waits_on_her).await?;
    jonas.closes().await?;
    world.time_passes(GONE);
    is_seen(&ines, JONAS, PresenceState::Offline).await?;
    ines.sees(&mara, "that it is his while she is silent", waits_on_her).await?;
    mara.writes("Are you there?")?;
    ines.sees(&mara, "that it is open, and free", |t| t.row.status == StatusView::Open && is_free(t)).await?;
    Ok(())
}
