//! Parts are killed where they stand and started again on the same files.

use std::time::Duration;

use baton_commands::contract::thread::{Author, PartAct, SendState};
use baton_simulator::{Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, World};

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";
const HOUR_MS: u64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_writes_while_the_relay_is_down_appears_once_and_in_order() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;

    world.kills_relay();
    mara.writes("Are you still there?")?;
    mara.writes("It says delivered, but it is not.")?;
    // Meta has really tried and failed.
    world.meta_has_tried_in_vain().await?;
    world.starts_relay().await?;

    let thread = ines
        .sees(&mara, "both", |t| {
            t.says(Author::Customer, "Are you still there?")
                && t.says(Author::Customer, "It says delivered, but it is not.")
        })
        .await?;
    let texts: Vec<_> = thread.messages().iter().map(|m| m.text.as_str()).collect();
    let place = |text: &str| texts.iter().position(|t| *t == text);
    assert!(place("Are you still there?") < place("It says delivered, but it is not."), "{texts:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_waits_while_the_relay_is_down_and_then_leaves_once() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;

    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    assert_eq!(mara.got(REPLY)?, 0);
    world.starts_relay().await?;

    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

/// Meta repeats what it could not deliver, and takes its time: the relay is back long before.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_waited_comes_back_when_the_customer_wrote_what_meta_has_not_brought_yet()
-> anyhow::Result<()> {
    const NEWS: &str = "Never mind, it has just arrived.";
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    let waiting = ines.sees(&mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    let words = waiting.message(REPLY).and_then(|m| m.state_words.as_ref()).map(|words| words.action.clone());
    assert!(words.is_some_and(|words| words.contains("Meta shows that the customer has written")));
    world.goes_wrong(Fault {
        app_id: Some(world.meta().app_id()),
        field: Some("messages".to_owned()),
        times: Some(1),
        ..Fault::always(Effect::WebhookLate { ms: HOUR_MS })
    })?;
    mara.writes(NEWS)?;
    world.starts_relay().await?;

    let thread = ines
        .sees(&mara, "its text in the composer again", |t| t.composer.draft == REPLY && t.times(REPLY) == 0)
        .await?;
    assert_eq!(thread.times(NEWS), 0, "{}", thread.transcript());
    let words = thread.composer.draft_words.map(|words| words.what).unwrap_or_default();
    assert!(words.contains("the customer wrote while it waited"), "{words}");
    assert_eq!((mara.got(REPLY)?, world.our_sends().len()), (0, 0));

    // The webhook comes, and with it what the agent has to read first; then the answer may leave.
    world.moves_clock(1);
    ines.sees(&mara, "what she wrote", |t| t.says(Author::Customer, NEWS)).await?;
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_whose_window_shuts_while_the_relay_is_down_comes_back_while_it_is_down() -> anyhow::Result<()>
{
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;

    world.moves_clock(25);
    // Meta's time comes with any answer of Graph: whoever opens the thread asks who holds it, once in a while.
    world.time_passes(Duration::from_secs(60));

    ines.sees(&mara, "its text in the composer again", |t| {
        t.composer.draft == REPLY && t.composer.draft_words.is_some() && t.times(REPLY) == 0
    })
    .await?;
    world.starts_relay().await?;
    ines.sees(&mara, "it still there", |t| t.composer.draft == REPLY).await?;
    assert_eq!(mara.got(REPLY)?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_behind_one_of_unknown_end_says_that_it_waits_and_can_be_taken_back() -> anyhow::Result<()> {
    const NEXT: &str = "And here is its number.";
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "temporary_send_failure".into() }))?;
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it unknown", |t| t.stands(REPLY, SendState::Unknown)).await?;

    ines.answers(&mara, NEXT).await?;

    let thread = ines.sees(&mara, "the next waiting", |t| t.stands(NEXT, SendState::Waiting)).await?;
    let next = thread.message(NEXT).unwrap();
    assert_eq!(next.acts, [PartAct::TakeBack]);
    assert!(next.state_words.is_some());
    ines.takes_back(&next.part.clone().unwrap_or_default()).await?;
    ines.sees(&mara, "its text in the composer", |t| t.composer.draft == NEXT && t.times(NEXT) == 0).await?;
    assert_eq!((mara.got(REPLY)?, mara.got(NEXT)?), (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_killed_while_its_reply_is_on_its_way_says_sent_and_the_customer_has_it_once()
-> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    // Meta has taken the message and its answer is still to come.
    world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 20_000 }))?;

    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    ines.dies();
    ines.comes_back().await?;

    let thread = ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(thread.times(REPLY), 1);
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_killed_right_after_the_press_sends_it_once_when_it_comes_back() -> anyhow::Result<()> {
    let (mut world, mut ines, mara) = mara_is_passed_to_ines().await?;
    world.kills_relay();

    // The relay is away, so the reply is in the outbox and cannot have left.
    ines.answers(&mara, REPLY).await?;
    ines.dies();
    world.starts_relay().await?;
    ines.comes_back().await?;

    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_away_catches_up_on_what_it_missed() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Good morning")?;
    ines.sees(&mara, "it", |t| t.says(Author::Customer, "Good morning")).await?;

    ines.dies();
    mara.writes("Is the shop open?")?;
    mara.writes("I am in front of the door.")?;
    ines.comes_back().await?;

    ines.sees(&mara, "everything, once", |t| {
        ["Good morning", "Is the shop open?", "I am in front of the door."].iter().all(|x| t.times(x) == 1)
    })
    .await?;
    Ok(())
}
