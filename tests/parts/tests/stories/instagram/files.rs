//! What becomes of a picture whose answer was cut off, where echoes bring no metadata back: it is the one message that is
//! nothing but one file of its kind, or nobody knows.

use baton_commands::contract::attachment::AttachmentView;
use baton_commands::contract::thread::{Author, MessageView, SendState, ThreadView};
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::picture::png;
use baton_support::world::desk::TestDesk;
use baton_support::world::{Seen as _, file_name};
use baton_support::{Customer, NORTHWIND_ON_INSTAGRAM, World};
use serde_json::json;

use super::ayumi_is_passed_to_ines;

const NAME: &str = "size-chart.png";

/// Ines sends a picture; Meta takes it, and its answer is cut off.
async fn ines_sends_a_picture_of_unknown_end(echo: Fault) -> anyhow::Result<(World, TestDesk, Customer)> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.goes_wrong(Fault { call: Some(CallKind::Send), ..Fault::once(Effect::AnswerCut) })?;
    world.goes_wrong(echo)?;
    ines.attaches(&ayumi, NAME, &png(320, 200, [60, 160, 90])?).await?;
    ines.answers_with_files(&ayumi, "", 0).await?;
    ines.sees(&ayumi, "it unknown", |t| stands(t, SendState::Unknown)).await?;
    Ok((world, ines, ayumi))
}

/// The messages of ours that are media.
fn media(thread: &ThreadView) -> Vec<&MessageView> {
    let is_medium = |m: &MessageView| matches!(m.attachments.as_slice(), [AttachmentView::Media { .. }]);
    thread.messages().into_iter().filter(|m| m.author == Author::Me && is_medium(m)).collect()
}

/// Whether the one picture of ours stands so.
fn stands(thread: &ThreadView, state: SendState) -> bool {
    matches!(media(thread).as_slice(), [one] if one.state == Some(state))
}

fn got(ayumi: &Customer) -> anyhow::Result<usize> {
    Ok(ayumi.phone()?.iter().filter(|message| file_name(message).as_deref() == Some(NAME)).count())
}

/// Somebody with the account's token sends another file, past the desk.
async fn a_stranger_sends(world: &World, ayumi: &Customer, kind: &str) -> anyhow::Result<()> {
    let file = json!({"type": kind, "payload": {"url": "https://files.example.com/another"}});
    let body = json!({"recipient": {"id": ayumi.id()}, "messaging_type": "RESPONSE", "message": {"attachment": file}});
    let (status, answer) = world.calls_graph(NORTHWIND_ON_INSTAGRAM, "/me/messages", &body).await?;
    anyhow::ensure!(status == 200, "{status}: {answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_unknown_until_the_echo_of_the_one_picture_that_fits() -> anyhow::Result<()> {
    let late = Fault::once(Effect::EchoLate { ms: 2_000 });
    let (world, ines, ayumi) = ines_sends_a_picture_of_unknown_end(late).await?;

    ines.sees(&ayumi, "it sent", |t| stands(t, SendState::Sent)).await?;

    assert_eq!((world.our_sends().len(), got(&ayumi)?), (1, 1));
    ines.has_read_all_of(&world, NORTHWIND_ON_INSTAGRAM).await?;
    assert!(stands(&ines.opens(&ayumi).await?, SendState::Sent), "the echo is no message of its own");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_echo_the_one_picture_of_the_conversation_tells_and_another_kind_of_file_does_not()
-> anyhow::Result<()> {
    let never = Fault::always(Effect::EchoNever);
    let (world, ines, ayumi) = ines_sends_a_picture_of_unknown_end(never).await?;
    a_stranger_sends(&world, &ayumi, "audio").await?;

    ines.sees(&ayumi, "it sent", |t| stands(t, SendState::Sent)).await?;

    assert_eq!(got(&ayumi)?, 1);
    let mid = ayumi.phone()?.into_iter().find(|message| file_name(message).as_deref() == Some(NAME));
    let shown = ines.opens(&ayumi).await?;
    assert_eq!(
        media(&shown)[0].mid.as_deref(),
        mid.as_ref().map(|message| message.mid.as_str()),
        "it was taken for another message: {}",
        shown.transcript()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_pictures_that_fit_none_is_taken_for_it_and_it_is_never_sent_again() -> anyhow::Result<()> {
    let never = Fault::always(Effect::EchoNever);
    let (world, ines, ayumi) = ines_sends_a_picture_of_unknown_end(never).await?;
    a_stranger_sends(&world, &ayumi, "image").await?;

    let thread = ines
        .sees(&ayumi, "that it stays unknown after the look", |t| {
            let words = media(t).first().and_then(|m| m.state_words.clone());
            stands(t, SendState::Unknown)
                && words.is_some_and(|words| words.what.contains("more than one message that could be it"))
        })
        .await?;
    assert_eq!((got(&ayumi)?, world.our_sends().len()), (1, 2), "{}", thread.transcript());
    Ok(())
}
