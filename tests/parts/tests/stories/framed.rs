//! A reply answers a certain message and offers answers; both go with it, and come back with it.

use anyhow::Context as _;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::thread::{PartAct, SendState};
use baton_messenger::Mid;
use baton_simulator::Said;
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, NORTHWIND_TEA};

use crate::instagram::{ASKS, ayumi_is_passed_to_ines};
use crate::scene::{MARA_ASKS, mara_is_passed_to_ines};

const REPLY: &str = "Shall I send it again?";

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_answers_a_message_and_offers_answers_on_messenger() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    answered_and_offered(&ines, &mara, MARA_ASKS).await
}

#[tokio::test(flavor = "multi_thread")]
async fn and_on_instagram() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    answered_and_offered(&ines, &ayumi, ASKS).await
}

async fn answered_and_offered(ines: &TestDesk, customer: &Customer, asked: &str) -> anyhow::Result<()> {
    let mid = mid_of(ines, customer, asked).await?;
    ines.answers_to(customer, Some(&mid)).await?;
    ines.offers(customer, &["Yes please", " No, refund me ", "Yes please"]).await?;
    let thread = ines.opens(customer).await?;
    assert_eq!(thread.answering.map(|quote| quote.text).as_deref(), Some(asked));
    assert_eq!(thread.offering, ["Yes please", "No, refund me"], "each once, without space around it");

    ines.answers(customer, REPLY).await?;

    let got = customer.gets(REPLY).await?;
    assert_eq!(got.reply_to.as_ref(), Some(&mid));
    let titles: Vec<_> =
        got.quick_replies.iter().map(|one| one["title"].as_str().unwrap_or_default()).collect();
    assert_eq!(titles, ["Yes please", "No, refund me"]);
    let thread = ines
        .sees(customer, "it sent, with what stood around it", |t| {
            t.message(REPLY).is_some_and(|m| {
                m.state >= Some(SendState::Sent)
                    && m.reply_to.as_ref().is_some_and(|quote| quote.text == asked)
                    && m.offered == ["Yes please", "No, refund me"]
            })
        })
        .await?;
    assert!(thread.answering.is_none() && thread.offering.is_empty(), "the next draft has nothing around it");

    let payload = got.quick_replies[0]["payload"].as_str().map(str::to_owned);
    customer.says(&Said { quick_reply: payload, ..Said::text("Yes please") })?;
    ines.sees(customer, "what was chosen", |t| t.message("Yes please").is_some_and(|m| m.pressed.is_some()))
        .await?;
    Ok(())
}

async fn mid_of(desk: &TestDesk, customer: &Customer, text: &str) -> anyhow::Result<Mid> {
    let thread = desk.opens(customer).await?;
    let message = thread.message(text).context("the message is not shown")?;
    Ok(Mid::from(message.mid.as_deref().context("it has no id")?))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_brings_what_stood_around_it() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let mid = mid_of(&ines, &mara, MARA_ASKS).await?;
    ines.answers_to(&mara, Some(&mid)).await?;
    ines.offers(&mara, &["Yes"]).await?;
    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    let waiting = ines.sees(&mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    let message = waiting.message(REPLY).unwrap();
    assert_eq!(message.acts, [PartAct::TakeBack]);
    assert!(message.reply_to.is_some() && message.offered == ["Yes"], "it is shown from the first moment");

    ines.takes_back(message.part.as_deref().unwrap()).await?;

    let thread = ines.sees(&mara, "it in the composer", |t| t.composer.draft == REPLY).await?;
    assert_eq!(thread.answering.unwrap().text, MARA_ASKS);
    assert_eq!(thread.offering, ["Yes"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reply_leaves_the_quote_out_and_keeps_the_rest() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    let mid = mid_of(&ines, &mara, MARA_ASKS).await?;
    ines.answers_to(&mara, Some(&mid)).await?;
    ines.offers(&mara, &["Yes"]).await?;
    world.moves_clock(30);
    ines.sees(&mara, "that it is late", |t| {
        t.composer.verdict == baton_commands::contract::composer::Verdict::HumanAgent
    })
    .await?;
    ines.answers(&mara, REPLY).await?;
    let got = mara.gets(REPLY).await?;
    assert_eq!((got.tag.as_deref(), got.reply_to, got.quick_replies.len()), (Some("HUMAN_AGENT"), None, 1));
    // Nor does the thread claim that it went along.
    let thread = ines
        .sees(&mara, "it sent", |t| {
            t.message(REPLY).is_some_and(|m| m.state >= Some(SendState::Sent) && m.late)
        })
        .await?;
    assert!(thread.message(REPLY).is_some_and(|m| m.reply_to.is_none() && m.offered == ["Yes"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_would_not_take_is_refused_at_once() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let too_long = refusal(ines.offers(&mara, &["Twenty-one letters it"]).await)?;
    assert_eq!(too_long.code, CommandErrorCode::Failed);
    assert!(too_long.message.contains("20"), "{}", too_long.message);
    let many: Vec<String> = (0..14).map(|n| format!("Answer {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(ines.offers(&mara, &many).await.is_err());
    assert!(ines.opens(&mara).await?.offering.is_empty());
    let gone = refusal(ines.answers_to(&mara, Some(&"m_unknown".into())).await)?;
    assert_eq!(gone.code, CommandErrorCode::NotFound);
    Ok(())
}
