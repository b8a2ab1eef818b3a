//! What becomes of a reply where echoes bring no metadata back.

use baton_commands::contract::thread::{Author, SendState};
use baton_simulator::{Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::{JONAS, NORTHWIND_ON_INSTAGRAM, wait};

use super::ayumi_is_passed_to_ines;

const REPLY: &str = "Yes, shipping to Austria takes three days.";

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_sent_once_and_carries_no_metadata() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_ON_INSTAGRAM]).await?;

    ines.answers(&ayumi, REPLY).await?;

    let arrived = ayumi.gets(REPLY).await?;
    let thread = ines.sees(&ayumi, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert!(thread.says(Author::Me, REPLY), "{}", thread.transcript());
    assert_eq!(world.our_sends()[0].params["message"].get("metadata"), None);
    // The echo names neither app nor part; the log does.
    let part = world.granted_part(NORTHWIND_ON_INSTAGRAM, REPLY).await?;
    world.log_tells_sent(NORTHWIND_ON_INSTAGRAM, part, &arrived.mid).await?;
    jonas
        .sees(&ayumi, "it as said by Ines", |t| {
            t.says(Author::Colleague, REPLY) && t.message(REPLY).is_some_and(|m| m.author_name == "Ines")
        })
        .await?;
    ines.sees(&ayumi, "nobody waiting", |t| t.row.waiting_since_ms.is_none()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_before_the_answer_is_never_shown_as_another_message() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerAfterEcho))?;

    ines.answers(&ayumi, REPLY).await?;

    let sent = wait::until("the reply sent, and shown once all along", async || {
        let thread = ines.opens(&ayumi).await.map_err(|error| format!("{error:#}"))?;
        match thread.times(REPLY) {
            1 if thread.stands(REPLY, SendState::Sent) => Ok(Ok(())),
            0 | 1 => Err(thread.transcript()),
            _ => Ok(Err(thread.transcript())),
        }
    });
    sent.await?.map_err(anyhow::Error::msg)?;
    ines.has_read_all_of(&world, NORTHWIND_ON_INSTAGRAM).await?;
    assert_eq!((ines.opens(&ayumi).await?.times(REPLY), ayumi.got(REPLY)?), (1, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_off_is_unknown_until_the_echo_that_fits_alone() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::once(Effect::EchoLate { ms: 2_000 }))?;

    ines.answers(&ayumi, REPLY).await?;

    ines.sees(&ayumi, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    let thread = ines.sees(&ayumi, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert!(thread.says(Author::Me, REPLY), "{}", thread.transcript());
    assert_eq!((world.our_sends().len(), ayumi.got(REPLY)?), (1, 1));
    let part = world.granted_part(NORTHWIND_ON_INSTAGRAM, REPLY).await?;
    world.log_tells_sent(NORTHWIND_ON_INSTAGRAM, part, &ayumi.gets(REPLY).await?.mid).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_answer_and_echo_the_one_message_of_the_conversation_that_fits_tells() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;

    ines.answers(&ayumi, REPLY).await?;

    ines.sees(&ayumi, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    ines.sees(&ayumi, "it sent", |t| t.stands(REPLY, SendState::Sent) && t.times(REPLY) == 1).await?;
    assert_eq!((world.our_sends().len(), ayumi.got(REPLY)?), (1, 1));
    // The customer has the answer, although no echo will ever say so.
    ines.sees(&ayumi, "nobody waiting", |t| !t.row.needs_reply).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_fit_none_is_taken_for_it_and_it_is_never_sent_again() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;

    ines.answers(&ayumi, REPLY).await?;
    ayumi.gets(REPLY).await?;
    world.meta().inbox_answers(&ayumi.account(), ayumi.id(), REPLY, true)?;

    let thread = ines
        .sees(&ayumi, "that it stays unknown after the look", |t| {
            let own = t.messages().into_iter().find(|m| m.text == REPLY && m.author == Author::Me);
            let own = own.filter(|m| m.state == Some(SendState::Unknown));
            let words = own.and_then(|m| m.state_words.as_ref());
            words.is_some_and(|words| words.what.contains("more than one message that could be it"))
        })
        .await?;
    assert_eq!(world.our_sends().len(), 1, "{}", thread.transcript());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_seen_when_the_phone_says_so_by_message_and_never_only_delivered() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    ines.answers(&ayumi, REPLY).await?;
    let sent = ayumi.gets(REPLY).await?;
    ines.sees(&ayumi, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;

    // Her phone gets it, and Instagram tells nobody.
    ayumi.phone_is_on()?;
    ayumi.reacts(&sent.mid, Some("love"))?;
    let thread =
        ines.sees(&ayumi, "the heart", |t| t.message(REPLY).is_some_and(|m| !m.reactions.is_empty())).await?;
    assert!(thread.stands(REPLY, SendState::Sent), "{}", thread.transcript());

    ayumi.reads()?;
    ines.sees(&ayumi, "it seen", |t| t.stands(REPLY, SendState::Seen)).await?;
    let read = world.meta().webhooks().into_iter().find_map(|webhook| webhook.event.get("read").cloned());
    assert_eq!(read, Some(serde_json::json!({"mid": sent.mid})));
    Ok(())
}

/// What was sent before the message that was read is seen too.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_the_message_that_was_read_is_seen_too() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    for text in [REPLY, "And it is free above 50 euros."] {
        ines.answers(&ayumi, text).await?;
        ayumi.gets(text).await?;
        ines.sees(&ayumi, "it sent", |t| t.stands(text, SendState::Sent)).await?;
    }
    ayumi.reads()?;
    ines.sees(&ayumi, "both seen", |t| {
        t.stands(REPLY, SendState::Seen) && t.stands("And it is free above 50 euros.", SendState::Seen)
    })
    .await?;
    Ok(())
}
