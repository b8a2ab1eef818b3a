//! What can be wrong between an agent and the first message: each has an error of its own, with words.

use baton_commands::contract::error::{CommandError, CommandErrorCode};
use baton_commands::contract::session::{CheckRelay, PageCheck, PageToken, ProblemKind, RelayCheck, Session};
use baton_commands::contract::thread::{Author, SendState};
use baton_core::keys::KeyStoreError;
use baton_simulator::{Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::world::fake_relay::{FakeRelay, TOO_NEW, TOO_OLD};
use baton_support::{INES, KITE_AND_CO, NORTHWIND_TEA, World};
use secrecy::{ExposeSecret, SecretString};

use crate::scene::mara_is_passed_to_ines;

fn speaks(error: &CommandError, code: CommandErrorCode) {
    assert_eq!(error.code, code, "{error:?}");
    assert!(!error.message.is_empty() && !error.action.is_empty(), "{error:?}");
}

async fn check_relay(desk: &TestDesk, address: &str, invite: &str) -> anyhow::Result<RelayCheck> {
    desk.ask("checkRelay", CheckRelay { address: address.to_owned(), invite: invite.to_owned() }).await
}

async fn check_token(
    desk: &TestDesk,
    shop: baton_support::people::Shop,
    token: &SecretString,
) -> anyhow::Result<PageCheck> {
    let account = shop.id().to_string();
    desk.ask("checkPageToken", PageToken { account, token: token.expose_secret().to_owned() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_invite() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let desk = world.new_desk(INES).await?;

    let checked = check_relay(&desk, &world.relay_address(), "not-an-invite").await;
    speaks(&refusal(checked)?, CommandErrorCode::InviteInvalid);
    let enrolled = desk.enrols(&world.relay_address(), &SecretString::from("not-an-invite")).await;
    speaks(&refusal(enrolled)?, CommandErrorCode::InviteInvalid);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_is_good_once() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let invite = world.invites(INES, &[NORTHWIND_TEA]).await?;
    let first = world.new_desk(INES).await?;
    let second = world.new_desk("Somebody else").await?;

    let told = check_relay(&first, &world.relay_address(), invite.expose_secret()).await?;
    assert_eq!(told.agent_name, INES);
    first.enrols(&world.relay_address(), &invite).await?;

    let again = second.enrols(&world.relay_address(), &invite).await;
    speaks(&refusal(again)?, CommandErrorCode::InviteInvalid);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_cut_off_says_so() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;

    world.revokes(&ines).await?;

    let has = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::DeskRevoked);
    let session = ines.finds("that it was cut off", has).await?;
    let problem = session.problems.iter().find(|p| p.kind == ProblemKind::DeskRevoked).unwrap();
    assert!(!problem.words.what.is_empty() && !problem.words.action.is_empty());
    let session = ines.finds("the screen that says it", |session| session.cut_off.is_some()).await?;
    assert!(session.cut_off.is_some_and(|cut_off| !cut_off.words.what.is_empty()));
    // What was read goes, see `cut_off`.
    assert!(ines.opens(&mara).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_cannot_be_reached() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let address = world.relay_address();
    world.kills_relay();
    let desk = world.new_desk(INES).await?;

    let checked = check_relay(&desk, &address, "whatever").await;

    let error = refusal(checked)?;
    speaks(&error, CommandErrorCode::RelayUnreachable);
    assert!(error.retryable);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolled_desk_says_that_the_relay_is_away_and_recovers_by_itself() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let away = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::RelayUnreachable);

    // Her name is read in its turn.
    ines.sees(&mara, "her name", |t| t.row.name == mara.name()).await?;
    world.kills_relay();
    ines.finds("that the relay is away", away).await?;
    assert_eq!(ines.opens(&mara).await?.row.name, mara.name());
    world.starts_relay().await?;

    ines.finds("that the relay is back", |session| !away(session)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_told_to_try_finds_the_relay_and_what_waited_leaves() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let away = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::RelayUnreachable);
    world.kills_relay();
    ines.finds("that the relay is away", away).await?;
    ines.answers(&mara, "Your parcel arrives tomorrow.").await?;
    // While it is away that changes nothing.
    ines.ask::<()>("wake", ()).await?;
    assert_eq!(mara.got("Your parcel arrives tomorrow.")?, 0);

    world.starts_relay().await?;
    ines.ask::<()>("wake", ()).await?;
    ines.finds("that the relay is back", |session| !away(session)).await?;
    mara.gets("Your parcel arrives tomorrow.").await?;
    assert_eq!(mara.got("Your parcel arrives tomorrow.")?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_says_that_meta_is_away_and_finds_it_again_although_nobody_asks_for_anything()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let away = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::MetaUnreachable);
    assert!(!away(&ines.session().await?));

    world.goes_wrong(Fault::always(Effect::CallCut))?;
    ines.answers(&mara, "Your parcel arrives tomorrow.").await?;
    let session = ines.finds("that Meta is away", away).await?;
    let problem = session.problems.iter().find(|p| p.kind == ProblemKind::MetaUnreachable).unwrap();
    assert!(problem.words.what.contains("still arrives") && !problem.words.action.is_empty(), "{problem:?}");
    mara.writes("Are you there?")?;
    ines.sees(&mara, "what she wrote", |t| t.says(Author::Customer, "Are you there?")).await?;

    world.meta().clear_faults();
    ines.finds("that Meta is back", |session| !away(session)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_told_to_try_finds_a_meta_that_is_back() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let away = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::MetaUnreachable);
    world.goes_wrong(Fault::always(Effect::CallCut))?;
    ines.answers(&mara, "Your parcel arrives tomorrow.").await?;
    ines.finds("that Meta is away", away).await?;
    // While it is away that changes nothing.
    ines.ask::<()>("wake", ()).await?;
    assert_eq!(mara.got("Your parcel arrives tomorrow.")?, 0);
    assert!(away(&ines.session().await?));

    world.meta().clear_faults();
    ines.ask::<()>("wake", ()).await?;
    ines.finds("that Meta is back", |session| !away(session)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_no_relay_answers() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let desk = world.new_desk(INES).await?;

    let checked = check_relay(&desk, &world.meta().base_url(), "whatever").await;

    speaks(&refusal(checked)?, CommandErrorCode::NotARelay);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_of_another_time() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let desk = world.new_desk(INES).await?;
    let old = FakeRelay::of_versions(TOO_OLD).await;
    let new = FakeRelay::of_versions(TOO_NEW).await;
    let strict = FakeRelay::that_refuses_old_desks().await?;

    for (relay, code) in [
        (old, CommandErrorCode::RelayTooOld),
        (new, CommandErrorCode::RelayTooNew),
        (strict, CommandErrorCode::RelayTooNew),
    ] {
        let checked = check_relay(&desk, &relay.address(), "whatever").await;
        speaks(&refusal(checked)?, code);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn page_tokens_that_do_not_serve() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let desk = world.new_desk(INES).await?;
    desk.enrols(&world.relay_address(), &world.invites(INES, &[NORTHWIND_TEA]).await?).await?;

    let nonsense = check_token(&desk, NORTHWIND_TEA, &SecretString::from("EAAnonsense")).await;
    speaks(&refusal(nonsense)?, CommandErrorCode::TokenInvalid);
    let others = check_token(&desk, NORTHWIND_TEA, &world.page_token(KITE_AND_CO)?).await;
    speaks(&refusal(others)?, CommandErrorCode::WrongPage);
    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    let dead = check_token(&desk, NORTHWIND_TEA, &world.page_token(NORTHWIND_TEA)?).await;
    speaks(&refusal(dead)?, CommandErrorCode::TokenInvalid);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_that_dies_later_stops_the_reply_with_words() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    ines.answers(&mara, "Your parcel arrives tomorrow.").await?;

    let has = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::TokenDead);
    ines.finds("that the token is dead", has).await?;
    let thread = ines
        .sees(&mara, "why it did not leave", |t| {
            t.message("Your parcel arrives tomorrow.").is_some_and(|m| m.state_words.is_some())
        })
        .await?;
    let state = thread.message("Your parcel arrives tomorrow.").unwrap().state;
    assert!(matches!(state, Some(SendState::Refused | SendState::Waiting)), "{state:?}");
    assert_eq!(mara.got("Your parcel arrives tomorrow.")?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_without_a_key_store() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let desk = world.new_desk(INES).await?;
    desk.keys().fail_with(Some(KeyStoreError::NoStore("no service answers".into())));
    let invite = world.invites(INES, &[NORTHWIND_TEA]).await?;

    let enrolled = desk.enrols(&world.relay_address(), &invite).await;

    speaks(&refusal(enrolled)?, CommandErrorCode::NoKeyStore);
    // The invite was not spent on a desk that cannot keep its token.
    desk.keys().fail_with(None);
    desk.enrols(&world.relay_address(), &invite).await?;
    Ok(())
}
