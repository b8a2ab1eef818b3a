//! What the customer is shown without a message: reactions, that somebody writes, that everything was read.

use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::composer::SendMode;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::session::Setting;
use baton_commands::contract::thread::SendState;
use baton_commands::contract::threads::BlockView;
use baton_messenger::Mid;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, INES, JONAS, MARA, NORTHWIND_TEA, World, wait};

use crate::instagram::{ASKS, ayumi_is_passed_to_ines};
use crate::scene::{MARA_ASKS, mara_is_passed_to_ines};

const LOVE: &str = "\u{2764}\u{fe0f}";
const LIKE: &str = "\u{1f44d}";
const REPLY: &str = "Your parcel arrives tomorrow.";
/// Longer than any step of these stories takes.
const HOLD_MS: i64 = 30_000;

async fn mid_of(desk: &TestDesk, customer: &Customer, text: &str) -> anyhow::Result<Mid> {
    let thread = desk.opens(customer).await?;
    let message = thread.message(text).context("the message is not shown")?;
    Ok(Mid::from(message.mid.as_deref().context("it has no id")?))
}

/// Our reaction on a message as a desk shows it, and whether it is still to be told to the team.
async fn ours(desk: &TestDesk, customer: &Customer, text: &str) -> anyhow::Result<Option<(String, bool)>> {
    let thread = desk.opens(customer).await?;
    let reactions = &thread.message(text).context("the message is not shown")?.reactions;
    Ok(reactions.iter().find(|one| !one.by_customer).map(|one| (one.emoji.clone(), one.pending)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_reaches_the_customer_and_the_whole_team() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let mid = mid_of(&ines, &mara, MARA_ASKS).await?;
    for set in [Some(LIKE), Some(LOVE), None] {
        ines.reacts(&mara, &mid, set).await?;
        let on_phone = mara.phone()?.into_iter().find(|m| m.mid == mid).unwrap().page_reaction;
        assert_eq!(on_phone.as_deref(), set);
        for desk in [&ines, &jonas] {
            let expected = set.map(|emoji| (emoji.to_owned(), false));
            wait::until(format!("{set:?} at {}", desk.name()), async || {
                match ours(desk, &mara, MARA_ASKS).await {
                    Ok(shown) if shown == expected => Ok(()),
                    other => Err(format!("{other:?}")),
                }
            })
            .await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn instagram_takes_the_heart_and_nothing_else() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    assert_eq!(ines.opens(&ayumi).await?.reactions, [LOVE]);
    let mid = mid_of(&ines, &ayumi, ASKS).await?;
    ines.reacts(&ayumi, &mid, Some(LOVE)).await?;
    let on_phone = ayumi.phone()?.into_iter().find(|m| m.mid == mid).unwrap().page_reaction;
    assert_eq!(on_phone.as_deref(), Some(LOVE));
    let refused = refusal(ines.reacts(&ayumi, &mid, Some(LIKE)).await)?;
    assert!(refused.message.contains("heart"), "{}", refused.message);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_relay_is_away_a_reaction_is_shown_as_not_told_yet() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let mid = mid_of(&ines, &mara, MARA_ASKS).await?;
    world.kills_relay();
    ines.reacts(&mara, &mid, Some(LOVE)).await?;
    assert_eq!(ours(&ines, &mara, MARA_ASKS).await?, Some((LOVE.to_owned(), true)));
    world.starts_relay().await?;
    wait::until("the team told", async || match ours(&ines, &mara, MARA_ASKS).await {
        Ok(Some((_, false))) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reacted_to_and_what_meta_refuses_is_said() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mid = mid_of(&ines, &mara, MARA_ASKS).await?;
    ines.answers(&mara, "Hello Mara.").await?;
    let own = mara.gets("Hello Mara.").await?.mid;
    // It is shown with the reply, and would be what goes wrong.
    seen_is_shown(&world, 1).await?;
    let refused = refusal(ines.reacts(&mara, &own, Some(LOVE)).await)?;
    assert_eq!(refused.code, CommandErrorCode::NotFound);
    world.goes_wrong(Fault {
        call: Some(CallKind::Action),
        times: Some(1),
        ..Fault::always(Effect::CallRefused { error: "permission_missing".to_owned() })
    })?;
    let refused = refusal(ines.reacts(&mara, &mid, Some(LOVE)).await)?;
    assert!(refused.message.contains("right"), "{}", refused.message);
    assert_eq!(ours(&ines, &mara, MARA_ASKS).await?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_shown_seldom_and_ends_with_the_writing() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    for _ in 0..20 {
        ines.types(&mara, true).await?;
    }
    is_typing(&mara, true).await?;
    assert_eq!(actions(&world, "typing_on"), 1);
    ines.types(&mara, false).await?;
    ines.types(&mara, false).await?;
    is_typing(&mara, false).await?;
    assert_eq!(actions(&world, "typing_off"), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn seen_is_shown_once_for_what_is_there_and_again_for_what_is_new() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    for _ in 0..3 {
        ines.marks_seen(&mara, false).await?;
    }
    wait::until("it seen", async || {
        if mara.thread().is_ok_and(|t| t.business_seen_ms > 0) { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await?;
    assert_eq!(actions(&world, "mark_seen"), 1);
    mara.writes("Are you there?")?;
    ines.sees(&mara, "the question", |t| t.times("Are you there?") == 1).await?;
    ines.marks_seen(&mara, true).await?;
    ines.marks_seen(&mara, false).await?;
    assert_eq!(actions(&world, "mark_seen"), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_reply_seen_is_shown_once_it_left_and_never_when_it_was_taken_back() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let receipt = ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, false).await?;
    ines.sees(&mara, "it kept back", |t| t.stands(REPLY, SendState::Held)).await?;
    ines.takes_back(&receipt.parts[0]).await?;
    ines.sees(&mara, "its text in the composer", |t| t.composer.draft == REPLY && t.times(REPLY) == 0)
        .await?;
    world.time_passes(Duration::from_millis(HOLD_MS.unsigned_abs()));
    seen_is_not_shown(&world, 0).await?;

    ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, false).await?;
    ines.sees(&mara, "it kept back", |t| t.stands(REPLY, SendState::Held)).await?;
    seen_is_not_shown(&world, 0).await?;
    world.time_passes(Duration::from_millis(HOLD_MS.unsigned_abs()));
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    seen_is_shown(&world, 1).await?;
    assert!(mara.thread()?.business_seen_ms > 0);

    ines.answers(&mara, "And a cup is in it.").await?;
    ines.sees(&mara, "that sent", |t| t.stands("And a cup is in it.", SendState::Sent)).await?;
    seen_is_not_shown(&world, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn seen_that_could_not_be_shown_is_shown_with_the_next_reply() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault {
        call: Some(CallKind::Action),
        ..Fault::once(Effect::CallRefused { error: "permission_missing".to_owned() })
    })?;
    ines.answers(&mara, REPLY).await?;
    seen_is_shown(&world, 1).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(mara.thread()?.business_seen_ms, 0, "Meta refused it");

    ines.answers(&mara, "And a cup is in it.").await?;
    wait::until("it seen", async || match mara.thread() {
        Ok(thread) if thread.business_seen_ms > 0 => Ok(()),
        other => Err(format!("{:?}", other.map(|t| t.business_seen_ms))),
    })
    .await?;
    assert_eq!(actions(&world, "mark_seen"), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_takes_the_thread_shows_seen_too_and_none_does_where_nobody_wants_it()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes(MARA_ASKS)?;
    ines.sees(&mara, "her question", |t| t.times(MARA_ASKS) == 1 && t.composer.send == SendMode::TakeAndSend)
        .await?;
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    seen_is_shown(&world, 1).await?;

    for when in ["onOpen", "byHand"] {
        let value = Some(format!("\"{when}\""));
        ines.ask::<()>("setSetting", Setting { name: "markSeen".to_owned(), value }).await?;
        let (question, answer) = (format!("Asked {when}"), format!("Answered {when}"));
        mara.writes(&question)?;
        ines.sees(&mara, "the question", |t| t.times(&question) == 1).await?;
        ines.answers(&mara, &answer).await?;
        ines.sees(&mara, "the answer sent", |t| t.stands(&answer, SendState::Sent)).await?;
    }
    seen_is_not_shown(&world, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_where_nothing_may_be_sent() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes(MARA_ASKS)?;
    let mid = {
        ines.sees(&mara, "her question", |t| t.times(MARA_ASKS) == 1).await?;
        mid_of(&ines, &mara, MARA_ASKS).await?
    };
    // The bot holds the thread.
    let refused = refusal(ines.marks_seen(&mara, true).await)?;
    assert!(refused.message.contains("Another app"), "{}", refused.message);
    assert!(ines.reacts(&mara, &mid, Some(LOVE)).await.is_err());
    ines.types(&mara, true).await?;
    ines.marks_seen(&mara, false).await?;

    let (other, jonas, mara) = mara_is_passed_to_ines().await?;
    jonas.blocks(&mara, BlockView::Blocked).await?;
    jonas.sees(&mara, "her blocked", |t| t.row.block == BlockView::Blocked).await?;
    jonas.types(&mara, true).await?;
    let refused = refusal(jonas.marks_seen(&mara, true).await)?;
    assert!(refused.message.contains("blocked"), "{}", refused.message);
    for world in [&world, &other] {
        assert_eq!(all_actions(world), 0);
    }
    Ok(())
}

async fn is_typing(customer: &Customer, is_typing: bool) -> anyhow::Result<()> {
    wait::until(format!("typing shown: {is_typing}"), async || match customer.thread() {
        Ok(thread) if thread.is_typing == is_typing => Ok(()),
        other => Err(format!("{:?}", other.map(|t| t.is_typing))),
    })
    .await?;
    Ok(())
}

/// Meta was asked so often to show that everything was read.
async fn seen_is_shown(world: &World, times: usize) -> anyhow::Result<()> {
    wait::until(format!("seen {times} times"), async || match actions(world, "mark_seen") {
        asked if asked == times => Ok(()),
        asked => Err(format!("{asked} times")),
    })
    .await
}

/// It is asked no more.
async fn seen_is_not_shown(world: &World, so_far: usize) -> anyhow::Result<()> {
    wait::stays("no more shown as seen", async || match actions(world, "mark_seen") {
        asked if asked == so_far => Ok(()),
        asked => Err(format!("{asked} times")),
    })
    .await
}

fn actions(world: &World, name: &str) -> usize {
    world
        .meta()
        .calls()
        .iter()
        .filter(|call| call.params.get("sender_action").is_some_and(|a| a == name))
        .count()
}

fn all_actions(world: &World) -> usize {
    let ours = world.meta().app_id();
    let calls = world.meta().calls();
    calls
        .iter()
        .filter(|call| call.app_id.as_ref() == Some(&ours) && call.params.get("sender_action").is_some())
        .count()
}
