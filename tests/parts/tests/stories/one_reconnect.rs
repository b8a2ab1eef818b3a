//! Page tokens of a team: registered, checked daily, and handed from an admin's desk to the others.

use baton_commands::contract::OwnerKind;
use baton_commands::contract::people::CutOffStageView;
use baton_commands::contract::session::{AccountView, ProblemKind, Session, TokenView};
use baton_commands::contract::thread::SendState;
use baton_core::keys::{KeyName, KeyStore as _};
use baton_protocol::enrol::Role;
use baton_protocol::token::TokenStanding;
use baton_simulator::{Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{INES, JONAS, MARA, NORTHWIND_TEA, World, wait};
use secrecy::ExposeSecret as _;

use crate::scene::mara_is_passed_to_ines;

const OF_JONAS: &str = "Hello Mara, your parcel is at the depot.";

fn tea(session: &Session) -> Option<&AccountView> {
    session.accounts.iter().find(|account| account.id == NORTHWIND_TEA.id().to_string())
}

fn has_token(session: &Session) -> bool {
    tea(session).is_some_and(|account| account.token == TokenView::Alive)
}

fn is_registered(session: &Session) -> bool {
    let facts = tea(session).and_then(|account| account.token_facts.as_ref());
    facts.is_some_and(|facts| facts.checked_ms.is_some())
}

fn is_dead(session: &Session) -> bool {
    session.problems.iter().any(|problem| problem.kind == ProblemKind::TokenDead)
}

/// How the desks' tokens stand at the relay, oldest desk first, as an admin is told; those without one left out.
async fn standings(world: &World, admin: &TestDesk) -> anyhow::Result<Vec<TokenStanding>> {
    let desks = world.as_desk(admin).await?.token_desks(&NORTHWIND_TEA.id()).await?.desks;
    let standings = desks.into_iter().map(|desk| desk.token);
    Ok(standings.filter(|standing| *standing != TokenStanding::Missing).collect())
}

async fn token_of(desk: &TestDesk) -> anyhow::Result<Option<String>> {
    let token = desk.keys().get(&KeyName::PageToken(NORTHWIND_TEA.id())).await?;
    Ok(token.map(|token| token.expose_secret().to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_registered_although_meta_was_away_and_the_desk_died() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let fault =
        Fault { path: Some("*debug_token".into()), ..Fault::always(Effect::ServerError { status: 503 }) };
    let fault = world.meta().add_fault(fault)?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    assert!(has_token(&ines.session().await?) && !is_registered(&ines.session().await?));
    ines.dies();
    world.meta().remove_fault(fault);

    ines.comes_back().await?;
    let session = ines.finds("its token registered", is_registered).await?;
    let facts = tea(&session).and_then(|account| account.token_facts.clone()).unwrap();
    assert!(facts.rights.iter().any(|right| right == "pages_messaging"), "{facts:?}");
    assert_eq!(facts.expires_ms, None, "a Page token has no end of its own");
    assert_eq!(standings(&world, &ines).await?, [TokenStanding::Alive]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_died_is_told_within_a_day_although_no_call_failed() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    ines.finds("its token registered", is_registered).await?;
    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;

    world.moves_clock(25);
    ines.finds("that the token is dead", is_dead).await?;

    ines.comes_back().await?;
    assert!(is_dead(&ines.session().await?), "it is known after a restart, before anything was asked");
    wait::until("the relay to know it dead", async || match standings(&world, &ines).await {
        Ok(standings) if standings == [TokenStanding::Dead] => Ok(()),
        seen => Err(format!("{seen:?}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_is_invited_later_never_pastes_anything() -> anyhow::Result<()> {
    let (world, _ines, mara) = mara_is_passed_to_ines().await?;

    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;

    jonas.finds("the Page token", |session| has_token(session) && is_registered(session)).await?;
    jonas.sees(&mara, "the thread", |t| t.held_by() == OwnerKind::Ours).await?;
    jonas.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;
    assert!(jonas.keys().get(&KeyName::BoxedToken(NORTHWIND_TEA.id())).await?.is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reconnect_heals_every_desk_and_what_waited_leaves_once() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.finds("the Page token", has_token).await?;
    jonas.sees(&mara, "the thread", |t| t.held_by() == OwnerKind::Ours).await?;

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    jonas.answers(&mara, OF_JONAS).await?;
    jonas.sees(&mara, "that it waits", |t| t.stands(OF_JONAS, SendState::Waiting)).await?;
    jonas.finds("that the token is dead", is_dead).await?;
    // The other desk learns it from the log, and asks about its own.
    ines.finds("that the token is dead", is_dead).await?;

    let new = world.new_page_token(NORTHWIND_TEA);
    ines.connects(NORTHWIND_TEA, &new).await?;

    mara.gets(OF_JONAS).await?;
    jonas.sees(&mara, "it sent", |t| t.stands(OF_JONAS, SendState::Sent)).await?;
    assert_eq!(mara.got(OF_JONAS)?, 1);
    jonas.finds("that all is well", |session| has_token(session) && !is_dead(session)).await?;
    assert_eq!(token_of(&jonas).await?.as_deref(), Some(new.expose_secret()));
    wait::until("both tokens alive at the relay", async || match standings(&world, &ines).await {
        Ok(standings) if standings == [TokenStanding::Alive; 2] => Ok(()),
        seen => Err(format!("{seen:?}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_off_is_healed_when_it_comes_back() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mut jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.finds("the Page token", |session| has_token(session) && is_registered(session)).await?;
    jonas.dies();

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    world.moves_clock(25);
    ines.finds("that the token is dead", is_dead).await?;
    let new = world.new_page_token(NORTHWIND_TEA);
    ines.connects(NORTHWIND_TEA, &new).await?;
    ines.finds("the new one registered", is_registered).await?;

    jonas.comes_back().await?;
    wait::until("the new token on the other desk", async || match token_of(&jonas).await {
        Ok(Some(token)) if token == new.expose_secret() => Ok(()),
        seen => Err(format!("a new one: {}", seen.is_ok())),
    })
    .await?;
    jonas.finds("it registered", |session| has_token(session) && is_registered(session)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_waits_for_a_key_store_that_does_not_open() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.keys().fail_with(Some(baton_core::keys::KeyStoreError::Locked));
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    ines.finds("its token registered", is_registered).await?;
    let relay = world.as_desk(&ines).await?;
    let waits = async || {
        let desks = relay.token_desks(&NORTHWIND_TEA.id()).await.map_err(|error| error.to_string())?.desks;
        let waits = desks.iter().any(|desk| desk.agent_name == JONAS && desk.box_waiting);
        if waits { Ok(()) } else { Err(format!("{desks:?}")) }
    };
    wait::until("a box for the other desk", waits).await?;
    wait::stays("the box", waits).await?;

    jonas.keys().fail_with(None);
    jonas.finds("the Page token", has_token).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Are you there?")?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_joins_anew_registers_its_token_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.finds("the Page token", |session| has_token(session) && is_registered(session)).await?;
    world.revokes(&jonas).await?;
    let is_empty = |session: &Session| {
        session.cut_off.as_ref().is_some_and(|cut_off| cut_off.stage == CutOffStageView::Told)
    };
    jonas.finds("that it was cut off", is_empty).await?;

    let invite = world.invites_as(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.enrols(&world.relay_address(), &invite).await?;

    wait::until("both tokens alive at the relay", async || match standings(&world, &ines).await {
        Ok(standings) if standings == [TokenStanding::Alive; 2] => Ok(()),
        seen => Err(format!("{seen:?}")),
    })
    .await
}
