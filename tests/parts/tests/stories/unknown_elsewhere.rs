//! A reply of unknown end is everybody's business: all desks of the account show it, an agent answers past it knowingly,
//! and whoever may gives it up. A proof that comes later still counts.

use anyhow::Context as _;
use baton_commands::contract::thread::{Author, PartAct, SendState};
use baton_protocol::enrol::Role;
use baton_simulator::{Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, NORTHWIND_TEA, World, wait};

use crate::scene::mara_is_passed_to_ines;

const OF_INES: &str = "Your parcel arrives tomorrow.";
const OF_JONAS: &str = "Hello Mara, Jonas here: it is at the depot.";

/// Meta takes Ines's reply for lost, nothing shows whether it arrived, and her desk is gone.
async fn ines_leaves_a_reply_of_unknown_end() -> anyhow::Result<(World, TestDesk, Customer)> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    ines.answers(&mara, OF_INES).await?;
    ines.sees(&mara, "it unknown", |t| t.stands(OF_INES, SendState::Unknown)).await?;
    ines.dies();
    Ok((world, ines, mara))
}

async fn sees_it_unknown(desk: &TestDesk, mara: &Customer) -> anyhow::Result<String> {
    let thread = desk
        .sees(mara, "the colleague's reply of unknown end", |t| {
            t.stands(OF_INES, SendState::Unknown) && t.says(Author::Colleague, OF_INES)
        })
        .await?;
    let message = thread.message(OF_INES).context("it is there once")?;
    assert!(message.elsewhere && message.state_words.is_some(), "{message:?}");
    Ok(message.part.clone().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_sees_it_and_answers_past_it_knowingly() -> anyhow::Result<()> {
    let (world, _ines, mara) = ines_leaves_a_reply_of_unknown_end().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    sees_it_unknown(&jonas, &mara).await?;

    // Who was not shown it does not send past it.
    jonas.answers(&mara, OF_JONAS).await?;
    jonas
        .sees(&mara, "the text in the composer again", |t| {
            t.composer.draft == OF_JONAS && t.composer.draft_words.is_some()
        })
        .await?;
    assert_eq!(mara.got(OF_JONAS)?, 0);

    jonas.answers_despite_unknown(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;
    jonas.sees(&mara, "both", |t| t.stands(OF_JONAS, SendState::Sent) && t.times(OF_INES) == 1).await?;
    assert_eq!((mara.got(OF_JONAS)?, mara.got(OF_INES)?), (1, 0));
    Ok(())
}

/// Jonas answers past hers knowingly, and Meta refuses that. Gives his part.
async fn his_reply_past_hers_is_refused() -> anyhow::Result<(World, TestDesk, Customer, String)> {
    let (world, _ines, mara) = ines_leaves_a_reply_of_unknown_end().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    sees_it_unknown(&jonas, &mara).await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "person_unavailable".into() }))?;
    jonas.answers_despite_unknown(&mara, OF_JONAS).await?;
    let thread = jonas.sees(&mara, "it refused", |t| t.stands(OF_JONAS, SendState::Refused)).await?;
    let part = thread.message(OF_JONAS).and_then(|message| message.part.clone()).context("it has no part")?;
    Ok((world, jonas, mara, part))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_past_it_unseen_comes_back() -> anyhow::Result<()> {
    let (_world, jonas, mara, part) = his_reply_past_hers_is_refused().await?;
    jonas.tries_again(&mara, &part).await?;
    let thread = jonas
        .sees(&mara, "the text in the composer again", |t| {
            t.composer.draft == OF_JONAS && t.composer.draft_words.is_some()
        })
        .await?;
    let words = thread.composer.draft_words.context("it says nothing")?;
    assert!(words.what.contains("nobody knows yet whether a colleague's reply arrived"), "{words:?}");
    assert_eq!(mara.got(OF_JONAS)?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_past_it_knowingly_leaves() -> anyhow::Result<()> {
    let (_world, jonas, mara, part) = his_reply_past_hers_is_refused().await?;
    jonas.tries_again_despite_unknown(&mara, &part).await?;
    mara.gets(OF_JONAS).await?;
    jonas.sees(&mara, "it sent", |t| t.stands(OF_JONAS, SendState::Sent)).await?;
    assert_eq!((mara.got(OF_JONAS)?, mara.got(OF_INES)?), (1, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_gives_it_up_and_its_author_learns_of_that() -> anyhow::Result<()> {
    let (world, mut ines, mara) = ines_leaves_a_reply_of_unknown_end().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let part = sees_it_unknown(&jonas, &mara).await?;
    let acts = jonas.opens(&mara).await?.message(OF_INES).map(|message| message.acts.clone());
    assert_eq!(acts, Some(vec![PartAct::GiveUp]));

    jonas.takes_back(&part).await?;

    jonas.sees(&mara, "it gone", |t| t.times(OF_INES) == 0).await?;
    // It stands in nobody's way any more.
    jonas.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;
    ines.comes_back().await?;
    ines.sees(&mara, "it given up", |t| t.stands(OF_INES, SendState::Abandoned)).await?;
    wait::stays("one reply on the phone", async || {
        let got = (mara.got(OF_INES).unwrap_or(9), mara.got(OF_JONAS).unwrap_or(9));
        if got == (0, 1) { Ok(()) } else { Err(format!("{got:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_does_not_work_on_the_thread_cannot_give_it_up() -> anyhow::Result<()> {
    let (world, _ines, mara) = ines_leaves_a_reply_of_unknown_end().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let part = sees_it_unknown(&jonas, &mara).await?;
    let acts = jonas.opens(&mara).await?.message(OF_INES).map(|message| message.acts.clone());
    assert_eq!(acts, Some(Vec::new()));

    let refused = jonas.takes_back(&part).await;

    assert!(refused.is_err(), "the relay let him");
    sees_it_unknown(&jonas, &mara).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_sends_is_seen_while_it_is_on_its_way_and_once_when_it_is_there()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 3_000 }))?;
    world.goes_wrong(Fault::once(Effect::EchoLate { ms: 3_000 }))?;
    ines.answers(&mara, OF_INES).await?;

    jonas
        .sees(&mara, "it on its way", |t| {
            t.stands(OF_INES, SendState::Sending) && t.says(Author::Colleague, OF_INES)
        })
        .await?;
    jonas.sees(&mara, "it sent", |t| t.stands(OF_INES, SendState::Sent)).await?;
    assert_eq!(jonas.opens(&mara).await?.times(OF_INES), 1);
    Ok(())
}
