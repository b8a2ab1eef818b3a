//! *Require App Secret* is on at Meta: desks call Graph with proofs that only the relay can make.

use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::session::PageToken;
use baton_commands::contract::thread::SendState;
use baton_support::world::Seen as _;
use baton_support::world::desk::refusal;
use baton_support::{INES, KITE_AND_CO, MARA, NORTHWIND_TEA, World};
use secrecy::ExposeSecret as _;

use crate::scene::{MARA_ASKS, mara_is_passed_to_ines};

const HELLO: &str = "Hello Mara, I am looking into it.";
const LATER: &str = "It leaves the depot today.";

/// How often Meta turned one of our calls away for its proof or the want of one.
fn turned_away(world: &World) -> usize {
    let of_proof = |call: &baton_simulator::Call| {
        let message = call.answer["error"]["message"].as_str().unwrap_or_default();
        message.contains("appsecret_proof")
    };
    world.meta().calls().iter().filter(|call| of_proof(call)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_connects_replies_and_remembers_that_proofs_are_required() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.meta().set_requires_proof(true);
    let mut ines = world.desk(INES, &[KITE_AND_CO, NORTHWIND_TEA]).await?;
    assert_eq!(turned_away(&world), 1, "one refusal tells it for all accounts");
    let mara = world.customer(MARA)?;
    mara.writes(MARA_ASKS)?;
    mara.writes("I want a person")?;
    ines.sees(&mara, "her thread", |t| t.held_by() == baton_commands::contract::OwnerKind::Ours).await?;
    ines.answers(&mara, HELLO).await?;
    mara.gets(HELLO).await?;

    ines.comes_back().await?;
    ines.answers(&mara, LATER).await?;
    mara.gets(LATER).await?;
    assert_eq!(turned_away(&world), 1, "not asked again after a restart");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_that_are_asked_for_in_the_middle_of_work_cost_no_reply() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.meta().set_requires_proof(true);

    ines.answers(&mara, HELLO).await?;
    mara.gets(HELLO).await?;

    // Meta's clock goes on by more than a proof lasts; the desk's own does not.
    world.moves_clock(1);
    world.relay_knows_metas_time().await?;
    ines.answers(&mara, LATER).await?;
    mara.gets(LATER).await?;
    assert_eq!((mara.got(HELLO)?, mara.got(LATER)?), (1, 1));
    assert!(ines.status().await?.setbacks.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_relay_a_reply_waits_and_leaves_once_when_it_is_back() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    world.meta().set_requires_proof(true);
    world.kills_relay();

    ines.answers(&mara, HELLO).await?;
    let waits = |t: &baton_commands::contract::thread::ThreadView| {
        let words = t.message(HELLO).and_then(|message| message.state_words.clone());
        t.stands(HELLO, SendState::Waiting) && words.is_some_and(|words| words.what.contains("relay"))
    };
    ines.sees(&mara, "that it waits for the relay", waits).await?;
    assert_eq!(mara.got(HELLO)?, 0);

    world.starts_relay().await?;
    mara.gets(HELLO).await?;
    ines.sees(&mara, "it sent", |t| t.stands(HELLO, SendState::Sent)).await?;
    assert_eq!(mara.got(HELLO)?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_relay_proves_for_nobody_is_refused_with_words() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.meta().set_requires_proof(true);
    let ines = world.new_desk(INES).await?;
    ines.enrols(&world.relay_address(), &world.invites(INES, &[NORTHWIND_TEA]).await?).await?;
    for token in [world.page_token(KITE_AND_CO)?, world.meta().user_token().unwrap()] {
        let account = NORTHWIND_TEA.id().to_string();
        let pasted = PageToken { account, token: token.expose_secret().to_owned() };
        let error = refusal(ines.ask::<serde_json::Value>("checkPageToken", pasted).await)?;
        assert_eq!(error.code, CommandErrorCode::TokenInvalid, "{error:?}");
        assert!(!error.message.is_empty() && !error.action.is_empty(), "{error:?}");
    }
    Ok(())
}
