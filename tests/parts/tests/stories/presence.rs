//! Who is there: colleagues see what the other one looks at and types, until seconds after that desk died, and nobody is
//! called offline whom nobody can know of.

use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::presence::{
    Doing, OnScreen, PersonView, PresenceState, PresenceView, SetPresence, Shows,
};
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, INES, JONAS, KITE_AND_CO, NORTHWIND_TEA, wait};

use crate::scene::mara_is_passed_to_ines;

async fn presence(desk: &TestDesk) -> anyhow::Result<PresenceView> {
    desk.ask("presence", ()).await
}

async fn chooses(desk: &TestDesk, state: PresenceState) -> anyhow::Result<PresenceView> {
    desk.ask("setPresence", SetPresence { state: Some(state), goes_away: None }).await
}

async fn shows(desk: &TestDesk, customer: &Customer, doing: Doing) -> anyhow::Result<()> {
    let thread = Some(desk.opens(customer).await?.row.thread);
    desk.ask("shows", Shows { thread, doing }).await
}

fn on_screen(customer: &Customer, doing: Doing) -> OnScreen {
    OnScreen { account: customer.account().to_string(), customer: customer.id().to_string(), doing }
}

/// Waits until this desk sees that of somebody, and gives how it sees them.
async fn sees(
    desk: &TestDesk,
    name: &str,
    what: &str,
    looks_so: impl Fn(&PersonView) -> bool,
) -> anyhow::Result<PersonView> {
    let look = async || {
        let seen = presence(desk).await.map_err(|error| format!("{error:#}"))?;
        let person = seen.people.iter().find(|person| person.name == name);
        let seen_so = person.filter(|person| looks_so(person)).cloned();
        seen_so.ok_or_else(|| format!("{seen:#?}"))
    };
    wait::until(format!("{} to see {what} of {name}", desk.name()), look).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_seen_in_a_thread_until_their_desk_died() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    sees(&ines, JONAS, "that he is there", |jonas| jonas.state == PresenceState::Online).await?;

    shows(&jonas, &mara, Doing::Reads).await?;
    let seen = sees(&ines, JONAS, "what he reads", |jonas| !jonas.looks_at.is_empty()).await?;
    assert_eq!(seen.looks_at, [on_screen(&mara, Doing::Reads)]);
    shows(&jonas, &mara, Doing::WritesReply).await?;
    let types = [on_screen(&mara, Doing::WritesReply)];
    sees(&ines, JONAS, "that he types", |jonas| jonas.looks_at == types).await?;
    // He goes on for no longer than a few seconds unless it is said again.
    world.time_passes(Duration::from_secs(6));
    let reads = [on_screen(&mara, Doing::Reads)];
    sees(&ines, JONAS, "that he types no more", |jonas| jonas.looks_at == reads).await?;

    jonas.dies();
    world.time_passes(Duration::from_secs(6));
    let gone = sees(&ines, JONAS, "that he is gone", |jonas| jonas.state == PresenceState::Offline).await?;
    assert_eq!(gone.looks_at, []);
    jonas.comes_back().await?;
    sees(&ines, JONAS, "that he is back", |jonas| jonas.state == PresenceState::Online).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_relay_is_away_nobody_knows_and_afterwards_what_was_chosen_stands() -> anyhow::Result<()> {
    let (mut world, ines, _mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let chosen = chooses(&jonas, PresenceState::TransfersOnly).await?;
    assert_eq!((chosen.chosen, chosen.mine), (PresenceState::TransfersOnly, PresenceState::TransfersOnly));
    sees(&ines, JONAS, "his choice", |jonas| jonas.state == PresenceState::TransfersOnly).await?;

    world.kills_relay();
    sees(&ines, JONAS, "that nobody knows", |jonas| jonas.state == PresenceState::Unknown).await?;
    assert!(!presence(&ines).await?.known);
    sees(&jonas, INES, "that nobody knows", |ines| ines.state == PresenceState::Unknown).await?;
    // What is chosen meanwhile is what is said first.
    chooses(&ines, PresenceState::Away).await?;
    world.starts_relay().await?;
    sees(&jonas, INES, "her choice", |ines| {
        assert_ne!(ines.state, PresenceState::Online, "for a moment");
        ines.state == PresenceState::Away
    })
    .await?;
    sees(&ines, JONAS, "his choice again", |jonas| jonas.state == PresenceState::TransfersOnly).await?;
    let refused = refusal(chooses(&ines, PresenceState::Unknown).await)?;
    assert!(!refused.message.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_touches_nothing_for_ten_minutes_is_away_until_they_do() -> anyhow::Result<()> {
    let (world, ines, _mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let stays = SetPresence { state: None, goes_away: Some(false) };
    let view: PresenceView = ines.ask("setPresence", stays).await?;
    assert!(!view.goes_away);
    world.time_passes(Duration::from_secs(601));
    sees(&ines, JONAS, "that he is away", |jonas| jonas.state == PresenceState::Away).await?;
    let own = presence(&jonas).await?;
    assert_eq!((own.chosen, own.mine), (PresenceState::Online, PresenceState::Away));
    sees(&jonas, INES, "that she stayed", |ines| ines.state == PresenceState::Online).await?;
    jonas.ask::<()>("touched", ()).await?;
    sees(&ines, JONAS, "that he is back", |jonas| jonas.state == PresenceState::Online).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shares_no_account_is_not_among_the_colleagues() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let noa = world.desk("Noa", &[KITE_AND_CO]).await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    shows(&jonas, &mara, Doing::WritesNote).await?;
    let seen = sees(&ines, JONAS, "what he writes", |jonas| !jonas.looks_at.is_empty()).await?;
    assert_eq!(seen.looks_at, [on_screen(&mara, Doing::WritesNote)]);
    let seen = sees(&noa, JONAS, "that he is there", |jonas| jonas.state == PresenceState::Online).await?;
    assert_eq!(seen.looks_at, [], "a thread of an account that is not hers");
    let of_ines = presence(&ines).await?.people;
    assert!(of_ines.iter().all(|person| person.name != "Noa"), "{of_ines:#?}");
    let me = of_ines.iter().find(|person| person.me).context("herself")?;
    assert_eq!(me.name, INES);
    Ok(())
}
