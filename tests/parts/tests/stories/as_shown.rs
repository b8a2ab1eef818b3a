//! What is sent once more, or what is left of it, goes by what the window showed when it was pressed, as *Send* does.

use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::thread::{Author, PartAct, SendState, ThreadView};
use baton_simulator::{Effect, Fault};
use baton_support::Customer;
use baton_support::picture::png;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";
const THANKS: &str = "It has just arrived, thank you.";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_and_is_tried_again_comes_back_when_the_customer_wrote_unseen() -> anyhow::Result<()>
{
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "person_unavailable".into() }))?;
    ines.answers(&mara, REPLY).await?;
    let refused = ines.sees(&mara, "it refused", |t| t.stands(REPLY, SendState::Refused)).await?;

    let part = part_that_offers(&refused, PartAct::SendAgain)?;
    she_writes(&ines, &mara).await?;
    ines.tries_again_as(&part, &refused.composer).await?;

    comes_back(&ines, &mara).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 0));
    // Read, it leaves.
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_and_is_sent_again_comes_back_when_the_customer_wrote_unseen() -> anyhow::Result<()>
{
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    world.time_passes(Duration::from_secs(10));
    let unknown = ines
        .sees(&mara, "the choice", |t| {
            t.message(REPLY).is_some_and(|message| message.acts.contains(&PartAct::SendAgain))
        })
        .await?;

    let part = part_that_offers(&unknown, PartAct::SendAgain)?;
    she_writes(&ines, &mara).await?;
    ines.tries_again_as(&part, &unknown.composer).await?;

    comes_back(&ines, &mara).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_comes_back_when_the_customer_wrote_unseen() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "person_unavailable".into() }))?;
    ines.attaches(&mara, "step 1.png", &png(320, 200, [200, 80, 60])?).await?;
    ines.answers_with_files(&mara, REPLY, 0).await?;
    let waiting = ines
        .sees(&mara, "the file waiting behind a text that was refused", |t| {
            t.messages().iter().any(|message| message.acts.contains(&PartAct::SendRest))
        })
        .await?;

    let part = part_that_offers(&waiting, PartAct::SendRest)?;
    she_writes(&ines, &mara).await?;
    ines.sends_the_rest_as(&part, &waiting.composer).await?;

    let thread = ines.sees(&mara, "the file in the composer", |t| t.composer.files.len() == 1).await?;
    told_that_she_wrote(&thread)?;
    assert_eq!(world.our_sends().len(), 1);
    Ok(())
}

/// The part with which this can be done.
fn part_that_offers(thread: &ThreadView, act: PartAct) -> anyhow::Result<String> {
    let offers = thread.messages().into_iter().find(|message| message.acts.contains(&act));
    offers.and_then(|message| message.part.clone()).with_context(|| thread.transcript())
}

/// The customer writes, and the desk has it; what a window shows is what was read before.
async fn she_writes(desk: &TestDesk, customer: &Customer) -> anyhow::Result<()> {
    customer.writes(THANKS)?;
    desk.sees(customer, "what she wrote", |t| t.says(Author::Customer, THANKS)).await?;
    Ok(())
}

async fn comes_back(desk: &TestDesk, customer: &Customer) -> anyhow::Result<()> {
    let thread = desk.sees(customer, "the text in the composer again", |t| t.composer.draft == REPLY).await?;
    told_that_she_wrote(&thread)
}

fn told_that_she_wrote(thread: &ThreadView) -> anyhow::Result<()> {
    let words = thread.composer.draft_words.clone().context("no words")?;
    anyhow::ensure!(words.what.contains("the customer wrote in the meantime"), "{words:?}");
    Ok(())
}
