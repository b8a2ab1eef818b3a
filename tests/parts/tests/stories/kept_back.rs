//! The seconds in which a reply can be taken back: it lies in the outbox, leaves by itself after them, and never when it was
//! taken back or Baton was closed in them.

use std::time::Duration;

use baton_commands::contract::StatusView;
use baton_commands::contract::thread::{PartAct, SendState};
use baton_support::wait;
use baton_support::world::Seen as _;

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";
/// Longer than any step of these stories takes.
const HOLD_MS: i64 = 30_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_kept_back_leaves_once_when_its_time_is_over() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, false).await?;
    let thread = ines.sees(&mara, "it kept back", |t| t.stands(REPLY, SendState::Held)).await?;
    assert_eq!(thread.message(REPLY).unwrap().acts, [PartAct::TakeBack, PartAct::SendNow]);
    wait::stays("nothing on the phone", async || match mara.got(REPLY) {
        Ok(0) => Ok(()),
        got => Err(format!("{got:?}")),
    })
    .await?;

    world.time_passes(Duration::from_millis(HOLD_MS.unsigned_abs()));

    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!((mara.got(REPLY)?, world.our_sends().len()), (1, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_leaves_at_once_when_the_agent_says_so() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let receipt = ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, false).await?;

    ines.sends_now(&receipt.parts[0]).await?;

    mara.gets(REPLY).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_back_its_text_is_in_the_composer_and_the_thread_stays_open() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let receipt = ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, true).await?;
    ines.sees(&mara, "it kept back", |t| t.stands(REPLY, SendState::Held)).await?;

    ines.takes_back(&receipt.parts[0]).await?;

    ines.sees(&mara, "its text in the composer", |t| t.composer.draft == REPLY && t.times(REPLY) == 0)
        .await?;
    world.time_passes(Duration::from_millis(HOLD_MS.unsigned_abs()));
    wait::stays("it neither sent nor the thread done", async || {
        let status = ines.opens(&mara).await.map_err(|error| error.to_string())?.row.status;
        let got = mara.got(REPLY).map_err(|error| error.to_string())?;
        if got == 0 && status == StatusView::Open { Ok(()) } else { Err(format!("{got}, {status:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_killed_meanwhile_has_the_text_in_its_draft_and_says_that_it_did_not_leave()
-> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    ines.answers_and_may_undo(&mara, REPLY, HOLD_MS, false).await?;
    ines.dies();
    world.time_passes(Duration::from_millis(HOLD_MS.unsigned_abs()));

    ines.comes_back().await?;

    ines.sees(&mara, "its text in the composer, with words", |t| {
        t.composer.draft == REPLY && t.composer.draft_words.is_some() && t.times(REPLY) == 0
    })
    .await?;
    assert_eq!((mara.got(REPLY)?, world.our_sends().len()), (0, 0));
    Ok(())
}
