//! The relay is away, and the account lets replies leave all the same: they are marked, and the team learns of them later.

use std::time::Duration;

use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::thread::{Author, SendState};
use baton_protocol::enrol::Role;
use baton_protocol::team::TeamFact;
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, JONAS, NORTHWIND_TEA, World};

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel is at the depot.";
const SECOND: &str = "It arrives tomorrow.";

#[tokio::test(flavor = "multi_thread")]
async fn replies_leave_marked_and_the_team_learns_of_them_when_the_relay_is_back() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    allows(&ines).await?;
    world.kills_relay();

    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it waiting at first", |t| t.stands(REPLY, SendState::Waiting)).await?;
    world.time_passes(Duration::from_secs(6));

    mara.gets(REPLY).await?;
    let thread = ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert!(thread.message(REPLY).unwrap().unchecked, "{}", thread.transcript());
    ines.answers(&mara, SECOND).await?;
    mara.gets(SECOND).await?;

    world.starts_relay().await?;
    for text in [REPLY, SECOND] {
        ines.sees(&mara, "it marked as before", |t| t.message(text).is_some_and(|m| m.unchecked)).await?;
        jonas
            .sees(&mara, "it, by Ines, and marked", |t| {
                t.says(Author::Colleague, text) && t.message(text).is_some_and(|m| m.unchecked)
            })
            .await?;
        assert_eq!(mara.got(text)?, 1);
    }
    assert_eq!(unchecked(&world).await?, [true, true]);
    Ok(())
}

/// The team may have answered while that desk was off, and without the relay it does not know.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_brings_from_a_run_before_waits_for_the_relay() -> anyhow::Result<()> {
    let (mut world, mut ines, mara) = mara_is_passed_to_ines().await?;
    allows(&ines).await?;
    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    ines.dies();
    ines.comes_back().await?;

    world.time_passes(Duration::from_secs(60));
    ines.sees(&mara, "it waiting still", |t| t.stands(REPLY, SendState::Waiting)).await?;
    assert_eq!(mara.got(REPLY)?, 0);

    world.starts_relay().await?;
    mara.gets(REPLY).await?;
    let thread = ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert!(thread.message(REPLY).is_some_and(|message| !message.unchecked), "{}", thread.transcript());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_they_wait() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    waits_for_the_relay(&mut world, &ines, &mara).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_meta_wants_proofs_they_wait_whatever_the_account_says() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    allows(&ines).await?;
    world.meta().set_requires_proof(true);
    ines.answers(&mara, SECOND).await?;
    mara.gets(SECOND).await?;
    waits_for_the_relay(&mut world, &ines, &mara).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_admin_chooses_it() -> anyhow::Result<()> {
    let (world, _ines, _mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Supervisor).await?;
    let refused = refusal(jonas.lets_replies_leave_unchecked(NORTHWIND_TEA, true).await)?;
    assert_eq!(refused.code, CommandErrorCode::NotAllowed);
    Ok(())
}

async fn allows(desk: &TestDesk) -> anyhow::Result<()> {
    desk.lets_replies_leave_unchecked(NORTHWIND_TEA, true).await?;
    desk.finds("the rule", |session| session.accounts.iter().any(|account| account.sends_unchecked)).await?;
    Ok(())
}

/// Whatever time passes: it leaves with the relay's grant, and not before.
async fn waits_for_the_relay(world: &mut World, ines: &TestDesk, mara: &Customer) -> anyhow::Result<()> {
    world.kills_relay();
    ines.answers(mara, REPLY).await?;
    ines.sees(mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    world.time_passes(Duration::from_secs(60));
    ines.sees(mara, "it waiting still", |t| t.stands(REPLY, SendState::Waiting)).await?;
    world.starts_relay().await?;
    mara.gets(REPLY).await?;
    let thread = ines.sees(mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert!(thread.message(REPLY).is_some_and(|message| !message.unchecked));
    assert!(!unchecked(world).await?.contains(&true));
    Ok(())
}

/// Of each part in the log, whether it left unchecked.
async fn unchecked(world: &World) -> anyhow::Result<Vec<bool>> {
    let facts = world.team_facts(NORTHWIND_TEA).await?.into_iter();
    let parts = facts.filter_map(|fact| match fact {
        TeamFact::SendStarted { unchecked, .. } => Some(unchecked),
        _ => None,
    });
    Ok(parts.collect())
}
