//! A reply that Meta refused is counted wherever its thread stands, until its agent dealt with it. Its words are never lost.

use anyhow::Context as _;
use baton_commands::contract::StatusView;
use baton_commands::contract::thread::{PartAct, SendState};
use baton_simulator::{Effect, Fault};
use baton_support::wait;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";

/// Waits until the status line tells of so many threads with a reply that was not sent, and of no setback besides.
async fn not_sent(desk: &TestDesk, threads: usize) -> anyhow::Result<()> {
    wait::until(format!("{threads} not sent"), async || match desk.status().await {
        Ok(status) if status.not_sent.len() == threads => Ok(()),
        Ok(status) => Err(format!("{:?}", status.not_sent)),
        Err(error) => Err(format!("{error:#}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_refused_is_counted_until_it_was_put_aside_or_taken_back() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "person_unavailable".into() }))?;
    ines.answers(&mara, REPLY).await?;
    let refused = ines.sees(&mara, "it refused", |t| t.stands(REPLY, SendState::Refused)).await?;
    let message = refused.message(REPLY).context("it is there once")?;
    assert_eq!(message.acts, [PartAct::SendAgain, PartAct::TakeBack, PartAct::PutAside]);
    let part = message.part.clone().context("it has no name")?;
    not_sent(&ines, 1).await?;
    ines.hears_of_a_setback().await?;

    ines.puts_aside(&part, true).await?;
    let aside = ines.sees(&mara, "it put aside", |t| t.stands(REPLY, SendState::Aside)).await?;
    assert_eq!((aside.row.outgoing, aside.composer.draft.as_str()), (None, ""));
    let words = aside.message(REPLY).and_then(|message| message.state_words.clone());
    assert!(words.context("no words")?.what.contains("was not sent"));
    not_sent(&ines, 0).await?;
    assert!(ines.status().await?.setbacks.is_empty(), "its agent knows of it");

    ines.dies();
    ines.comes_back().await?;
    ines.sees(&mara, "it put aside still", |t| t.stands(REPLY, SendState::Aside)).await?;
    not_sent(&ines, 0).await?;

    ines.puts_aside(&part, false).await?;
    ines.sees(&mara, "it refused again", |t| t.stands(REPLY, SendState::Refused)).await?;
    assert!(ines.status().await?.setbacks.is_empty(), "its agent did that");
    // Done, it stands in no view that anybody works through.
    ines.sets(&mara, StatusView::Done).await?;
    ines.sees(&mara, "it done", |t| t.row.status == StatusView::Done).await?;
    not_sent(&ines, 1).await?;

    ines.takes_back(&part).await?;
    ines.sees(&mara, "its words in the composer", |t| t.composer.draft == REPLY).await?;
    not_sent(&ines, 0).await?;
    assert_eq!((world.our_sends().len(), mara.got(REPLY)?), (1, 0));
    Ok(())
}
