//! Nobody knows whether a reply arrived: it is said so, found out, and never sent again by itself.

use std::time::Duration;

use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::thread::{PartAct, SendState, ThreadView};
use baton_messenger::Mid;
use baton_protocol::PartId;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, JONAS, NORTHWIND_TEA, World, wait};
use serde_json::json;

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_off_after_the_message_was_accepted_is_unknown_then_sent() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::once(Effect::EchoLate { ms: 3_000 }))?;

    ines.answers(&mara, REPLY).await?;

    ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    assert_eq!(world.our_sends().len(), 1);
    let part = world.granted_part(NORTHWIND_TEA, REPLY).await?;
    world.log_tells_sent(NORTHWIND_TEA, part, &mara.gets(REPLY).await?.mid).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_echo_it_stays_unknown_and_is_never_sent_again() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;

    ines.answers(&mara, REPLY).await?;

    let thread = ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    assert!(!thread.message(REPLY).unwrap().state_words.as_ref().unwrap().what.is_empty());
    is_checked(&ines, 1).await?;
    // Meta does not show it: that it is being checked is no longer true.
    is_checked(&ines, 0).await?;
    ines.comes_back().await?;
    ines.sees(&mara, "it unknown again", |t| t.stands(REPLY, SendState::Unknown)).await?;
    wait::stays("one call and nothing on the phone", async || {
        let (calls, copies) = (world.our_sends().len(), mara.got(REPLY).unwrap_or(usize::MAX));
        if (calls, copies) == (1, 0) { Ok(()) } else { Err(format!("{calls} calls, {copies} on the phone")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_agent_sends_it_again_and_then_it_arrives_once() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    ines.answers(&mara, REPLY).await?;
    let unknown = ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    let message = unknown.message(REPLY).unwrap();
    assert_eq!(message.acts, [PartAct::GiveUp], "it is still looked for");
    let part = message.part.clone().unwrap_or_default();
    let too_early = refusal(ines.tries_again(&mara, &part).await)?;
    assert_eq!(too_early.code, CommandErrorCode::SendRefused);
    assert!(too_early.message.contains("still finding out"), "{too_early:?}");
    assert_eq!(world.our_sends().len(), 1);

    world.time_passes(Duration::from_secs(10));
    ines.sees(&mara, "that Meta does not show it", |t| may_be_sent_again(t, "does not show it")).await?;
    ines.tries_again(&mara, &part).await?;

    mara.gets(REPLY).await?;
    ines.sees(&mara, "the second try sent, the first closed", |t| {
        let states: Vec<_> =
            t.messages().iter().filter(|m| m.text == REPLY).filter_map(|m| m.state).collect();
        states.contains(&SendState::Sent) && states.contains(&SendState::Abandoned) && states.len() == 2
    })
    .await?;
    assert_eq!(mara.got(REPLY)?, 1);
    assert_eq!(world.our_sends().len(), 2);
    Ok(())
}

/// Who gives it up at once and then sends it again has not asked Meta in between.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_before_the_look_is_looked_for_when_it_is_sent_again() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;
    let part = is_given_up(&ines, &mara).await?;
    let too_early = refusal(ines.tries_again(&mara, &part).await)?;
    assert!(too_early.message.contains("still finding out"), "{too_early:?}");

    world.time_passes(Duration::from_secs(6));
    refusal(ines.tries_again(&mara, &part).await)?;

    ines.sees(&mara, "that it arrived", |t| t.stands(REPLY, SendState::Sent) && t.times(REPLY) == 1).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_and_is_not_at_meta_leaves_once_it_is_sent_again() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    let part = is_given_up(&ines, &mara).await?;

    world.time_passes(Duration::from_secs(6));
    ines.tries_again(&mara, &part).await?;

    mara.gets(REPLY).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (2, 1));
    Ok(())
}

/// Ines answers, nobody knows whether it arrived, and she closes that before Baton looks.
async fn is_given_up(ines: &TestDesk, mara: &Customer) -> anyhow::Result<String> {
    ines.answers(mara, REPLY).await?;
    let unknown = ines.sees(mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    let part = unknown.message(REPLY).and_then(|message| message.part.clone()).unwrap_or_default();
    ines.takes_back(&part).await?;
    let closed = ines.sees(mara, "it given up", |t| t.stands(REPLY, SendState::Abandoned)).await?;
    assert_eq!(closed.message(REPLY).map(|message| message.acts.as_slice()), Some(&[PartAct::SendAgain][..]));
    Ok(part)
}

#[tokio::test(flavor = "multi_thread")]
async fn while_meta_lets_nobody_look_the_agent_is_told_so_and_may_choose() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    for call in [CallKind::Conversations, CallKind::Messages] {
        world.goes_wrong(Fault { call: Some(call), ..Fault::always(Effect::CallCut) })?;
    }
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;

    world.time_passes(Duration::from_secs(10));
    ines.sees(&mara, "that Baton could not look", |t| may_be_sent_again(t, "could not look")).await?;

    world.meta().clear_faults();
    world.time_passes(Duration::from_secs(60));
    ines.sees(&mara, "that Meta does not show it", |t| may_be_sent_again(t, "does not show it")).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 0));
    Ok(())
}

/// Somebody said the very same past Baton: which of the two is Ines's reply, nobody can tell.
#[tokio::test(flavor = "multi_thread")]
async fn where_several_messages_could_be_it_the_agent_is_told_that() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    let same =
        json!({"recipient": {"id": mara.id()}, "messaging_type": "RESPONSE", "message": {"text": REPLY}});
    let (status, answer) = world.calls_graph(NORTHWIND_TEA, "/me/messages", &same).await?;
    anyhow::ensure!(status == 200, "{answer}");

    world.time_passes(Duration::from_secs(10));

    ines.sees(&mara, "that several could be it", |t| may_be_sent_again(t, "more than one message")).await?;
    assert_eq!(mara.got(REPLY)?, 2);
    Ok(())
}

/// The reply is of unknown end for this reason, and the agent has the choice.
fn may_be_sent_again(thread: &ThreadView, why: &str) -> bool {
    thread.message(REPLY).is_some_and(|message| {
        message.acts == [PartAct::SendAgain, PartAct::GiveUp]
            && message.state_words.as_ref().is_some_and(|words| words.what.contains(why))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn when_answer_and_echo_are_both_lost_the_conversation_tells_and_nothing_leaves_again()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;

    ines.answers(&mara, REPLY).await?;

    ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent) && t.times(REPLY) == 1).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_that_overtakes_the_answer_settles_the_reply() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 2_000 }))?;

    ines.answers(&mara, REPLY).await?;

    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    // The echo closed the part at the relay before the desk could say so; the log says so all the same.
    let part = world.granted_part(NORTHWIND_TEA, REPLY).await?;
    world.log_tells_sent(NORTHWIND_TEA, part, &mara.gets(REPLY).await?.mid).await?;
    assert_eq!(ines.opens(&mara).await?.times(REPLY), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_left_that_is_gone_is_settled_by_the_steward() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let _jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 60_000 }))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;
    ines.answers(&mara, REPLY).await?;
    let sent = mara.gets(REPLY).await?.mid;
    ines.dies();

    world.time_passes(Duration::from_secs(65));
    world.moves_clock(1);

    let part = world.granted_part(NORTHWIND_TEA, REPLY).await?;
    world.log_tells_sent(NORTHWIND_TEA, part, &sent).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 1));
    // Ines comes back, and finds it settled.
    ines.comes_back().await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(world.our_sends().len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_called_unknown_before_it_was_gone_is_found_by_the_steward() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let _jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::always(Effect::EchoNever))?;
    let (part, sent) = arrives_and_is_called_unknown(&world, &ines, &mara).await?;
    // It would have looked in five seconds.
    ines.dies();

    world.time_passes(Duration::from_secs(65));
    world.moves_clock(1);

    world.log_tells_sent(NORTHWIND_TEA, part, &sent).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_that_comes_when_the_desk_is_gone_settles_what_it_called_unknown() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let _jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    world.goes_wrong(Fault::once(Effect::AnswerCut))?;
    world.goes_wrong(Fault::once(Effect::EchoLate { ms: 3 * 3_600_000 }))?;
    // Meta does not answer whoever looks.
    for call in [CallKind::Conversations, CallKind::Messages] {
        world.goes_wrong(Fault { call: Some(call), ..Fault::always(Effect::CallCut) })?;
    }
    let (part, sent) = arrives_and_is_called_unknown(&world, &ines, &mara).await?;
    ines.dies();

    world.time_passes(Duration::from_secs(65));
    world.moves_clock(3);

    world.log_tells_sent(NORTHWIND_TEA, part, &sent).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

/// The reply reaches the customer, and its desk tells the log that it does not know that.
async fn arrives_and_is_called_unknown(
    world: &World,
    ines: &TestDesk,
    mara: &Customer,
) -> anyhow::Result<(PartId, Mid)> {
    ines.answers(mara, REPLY).await?;
    let sent = mara.gets(REPLY).await?.mid;
    let part = world.granted_part(NORTHWIND_TEA, REPLY).await?;
    world.log_tells_unknown(NORTHWIND_TEA, part).await?;
    Ok((part, sent))
}

/// Of one reply nobody knows the end; the status line says of so many that they are being checked.
async fn is_checked(desk: &TestDesk, checking: u64) -> anyhow::Result<()> {
    wait::until(format!("{checking} being checked"), async || match desk.status().await {
        Ok(status) if status.replies_unknown.0 == 1 && status.replies_checking.0 == checking => Ok(()),
        Ok(status) => Err(format!("{:?} of {:?}", status.replies_checking, status.replies_unknown)),
        Err(error) => Err(format!("{error:#}")),
    })
    .await
}
