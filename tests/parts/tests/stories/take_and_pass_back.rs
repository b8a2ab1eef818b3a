//! The agent takes the thread from the bot, answers, and passes it back; a reply then offers to take it again.

use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::{Author, SendState};
use baton_commands::contract::threads::View;
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_simulator::{Call, CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, JONAS, MARA, NORTHWIND_TEA, TEABOT, World, wait};

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "I have it here, one moment.";

/// How often our app asked Meta for control of a thread.
fn our_takes(world: &World) -> usize {
    let ours = world.meta().app_id();
    let is_take =
        |call: &&Call| call.app_id.as_ref() == Some(&ours) && call.path.ends_with("/take_thread_control");
    world.meta().calls().iter().filter(is_take).count()
}

/// The bot holds Mara's thread, and Ines sees that.
async fn the_bot_holds_it() -> anyhow::Result<(World, TestDesk, Customer)> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Where is my parcel?")?;
    ines.sees(&mara, "that the bot holds it", |t| t.held_by() == OwnerKind::Other).await?;
    Ok((world, ines, mara))
}

/// The same, and what Ines does about control goes wrong once.
async fn the_bot_holds_it_and_a_take_goes_wrong(
    effect: Effect,
) -> anyhow::Result<(World, TestDesk, Customer)> {
    let (world, ines, mara) = the_bot_holds_it().await?;
    let ours = Some(world.meta().app_id());
    world.goes_wrong(Fault { call: Some(CallKind::Control), app_id: ours, ..Fault::once(effect) })?;
    Ok((world, ines, mara))
}

#[tokio::test(flavor = "multi_thread")]
async fn take_answer_pass_back_take_and_reply() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Where is my parcel?")?;
    let bots = ines.sees(&mara, "that the bot holds it", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(bots.composer.send, SendMode::TakeAndSend);
    assert!(bots.composer.acts.contains(&ControlAct::Take), "{:?}", bots.composer.acts);

    ines.does(ControlAct::Take, &mara).await?;
    let ours = ines.sees(&mara, "that it is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    assert_eq!((ours.composer.verdict, ours.composer.send), (Verdict::Plain, SendMode::Send));
    assert!(ours.row.owner.until_ms.is_some());
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));

    ines.answers(&mara, "I have it here, one moment.").await?;
    mara.gets("I have it here, one moment.").await?;

    ines.does(ControlAct::PassToDefault, &mara).await?;
    let back = ines.sees(&mara, "that the bot has it again", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(back.composer.send, SendMode::TakeAndSend);
    assert_eq!(mara.held_by()?.as_deref(), Some(TEABOT));

    ines.answers(&mara, "One more thing from me.").await?;
    mara.gets("One more thing from me.").await?;
    let thread =
        ines.sees(&mara, "it sent", |t| t.stands("One more thing from me.", SendState::Sent)).await?;
    assert_eq!(thread.held_by(), OwnerKind::Ours, "{}", thread.transcript());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_thread_is_nobodys() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;

    ines.does(ControlAct::Release, &mara).await?;

    let thread = ines.sees(&mara, "that nobody holds it", |t| t.held_by() == OwnerKind::Idle).await?;
    assert_eq!(thread.row.owner.until_ms, None);
    assert_eq!(mara.held_by()?, None);
    Ok(())
}

/// What Meta did is known here at once, whatever else is away.
#[tokio::test(flavor = "multi_thread")]
async fn what_meta_did_is_shown_although_the_relay_cannot_hear_of_it() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "that the thread is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    world.kills_relay();

    ines.does(ControlAct::PassToDefault, &mara).await?;

    let thread = ines.opens(&mara).await?;
    assert_eq!((thread.held_by(), mara.held_by()?.as_deref()), (OwnerKind::Other, Some(TEABOT)));
    assert!(!thread.row.needs_reply, "{}", thread.transcript());
    world.starts_relay().await?;
    jonas.sees(&mara, "that the bot has it", |t| t.held_by() == OwnerKind::Other).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_passed_to_the_bot_waits_for_none_of_us() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "that she waits for Ines", |t| t.row.mine && t.row.needs_reply).await?;

    ines.does(ControlAct::PassToDefault, &mara).await?;

    ines.sees(&mara, "that she waits for the bot", |t| {
        t.held_by() == OwnerKind::Other && !t.row.needs_reply && t.row.waiting_since_ms.is_none()
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_meta_turns_away_for_its_limits_is_waited_for_and_then_the_reply_leaves()
-> anyhow::Result<()> {
    let throttled = Effect::Throttled { error: "rate_buc_messenger".to_owned() };
    let (world, ines, mara) = the_bot_holds_it_and_a_take_goes_wrong(throttled).await?;

    ines.answers(&mara, REPLY).await?;

    let thread = ines
        .sees(&mara, "until when the reply waits", |t| {
            t.message(REPLY).is_some_and(|m| m.sent_again_ms.is_some())
        })
        .await?;
    assert!(thread.stands(REPLY, SendState::Waiting) && thread.composer.draft.is_empty());
    assert_eq!((thread.held_by(), mara.got(REPLY)?), (OwnerKind::Other, 0));

    world.moves_clock(1);
    mara.gets(REPLY).await?;
    let thread = ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!((thread.held_by(), mara.got(REPLY)?), (OwnerKind::Ours, 1), "{}", thread.transcript());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_meta_refuses_gives_the_text_back() -> anyhow::Result<()> {
    let refused = Effect::CallRefused { error: "object_missing".to_owned() };
    let (world, ines, mara) = the_bot_holds_it_and_a_take_goes_wrong(refused).await?;

    ines.answers(&mara, REPLY).await?;

    ines.sees(&mara, "its text in the composer, with words", |t| {
        t.composer.draft == REPLY && t.composer.draft_words.is_some() && t.times(REPLY) == 0
    })
    .await?;
    assert_eq!((mara.got(REPLY)?, world.our_sends().len()), (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_thread_is_taken_for_a_reply_whose_customer_wrote_before_it_could_leave() -> anyhow::Result<()> {
    const HOLD_MS: i64 = 30_000;
    const THANKS: &str = "It has just arrived, thank you.";
    let (world, ines, mara) = the_bot_holds_it().await?;
    ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, false).await?;
    ines.sees(&mara, "it kept back", |t| t.stands(REPLY, SendState::Held)).await?;
    mara.writes(THANKS)?;
    ines.sees(&mara, "what she wrote", |t| t.says(Author::Customer, THANKS)).await?;

    world.time_passes(Duration::from_millis(HOLD_MS.unsigned_abs()));

    let thread = ines
        .sees(&mara, "its text in the composer", |t| t.composer.draft == REPLY && t.times(REPLY) == 0)
        .await?;
    let words = thread.composer.draft_words.clone().context("no words")?;
    assert!(words.what.contains("the customer wrote in the meantime"), "{words:?}");
    assert_eq!((our_takes(&world), world.our_sends().len()), (0, 0));
    assert_eq!(mara.held_by()?.as_deref(), Some(TEABOT));

    // Read, and sent again, it takes the thread and leaves.
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    assert_eq!(our_takes(&world), 1);
    Ok(())
}

/// Meta has moved it, no event comes to whoever passed, and the desk is killed before it heard the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_pass_that_a_desk_was_killed_in_is_found_out_at_its_next_start() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.has_read_all_of(&world, NORTHWIND_TEA).await?;
    let late = Effect::AnswerLate { ms: 60_000 };
    world.goes_wrong(Fault { call: Some(CallKind::Control), ..Fault::once(late) })?;
    tokio::select! {
        answered = ines.does(ControlAct::PassToDefault, &mara) => anyhow::bail!("it was answered: {answered:?}"),
        is_done = wait::until("the bot to have it", async || match mara.held_by() {
            Ok(Some(app)) if app == TEABOT => Ok(()),
            other => Err(format!("{other:?}")),
        }) => is_done?,
    }
    ines.dies();

    ines.comes_back().await?;

    // Nobody opens it: in the list alone it is seen.
    wait::until("that another app holds it", async || {
        let listed = jonas.threads(View::All).await.map_err(|error| format!("{error:#}"))?;
        match listed.first().map(|row| row.owner.owner) {
            Some(OwnerKind::Other) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await
}
