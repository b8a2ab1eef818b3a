//! A thread that was set aside, done or asleep, and what brings it back: the customer, and not while the bot talks to them.

use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::threads::View;
use baton_commands::contract::{ControlAct, Ms, OwnerKind, StatusView};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, JONAS, NORTHWIND_TEA, wait};

use crate::scene::mara_is_passed_to_ines;

const HOUR_MS: i64 = 3_600_000;

async fn snoozes(desk: &TestDesk, customer: &Customer, hours: i64) -> anyhow::Result<StatusView> {
    let until_ms = Ms(desk.status().await?.now_ms.0 + hours * HOUR_MS);
    let status = StatusView::Snoozed { until_ms };
    desk.sets(customer, status.clone()).await?;
    Ok(status)
}

/// Waits until the thread stands in this view of a desk, and in none of the others.
async fn stands_in(desk: &TestDesk, customer: &Customer, view: View) -> anyhow::Result<()> {
    wait::until(format!("{} to have it in {view:?}", desk.name()), async || {
        let mut found = Vec::new();
        for one in [View::All, View::Snoozed, View::Done] {
            let rows = desk.threads(one).await.map_err(|error| format!("{error:#}"))?;
            if rows.iter().any(|row| row.customer == customer.id().as_str()) {
                found.push(one);
            }
        }
        if found == [view] { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_wakes_a_thread_of_ours_on_every_desk() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let asleep = snoozes(&ines, &mara, 5).await?;
    jonas.sees(&mara, "that it sleeps", |t| t.row.status == asleep).await?;
    stands_in(&jonas, &mara, View::Snoozed).await?;

    mara.writes("Any news?")?;

    for desk in [&ines, &jonas] {
        desk.sees(&mara, "that it is open", |t| t.row.status == StatusView::Open && t.row.needs_reply)
            .await?;
        stands_in(desk, &mara, View::All).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bot_holds_it_nothing_reopens_until_it_comes_to_us() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    ines.does(ControlAct::PassToDefault, &mara).await?;
    ines.sees(&mara, "that the bot has it", |t| t.held_by() == OwnerKind::Other).await?;
    ines.sets(&mara, StatusView::Done).await?;
    jonas.sees(&mara, "that it is done", |t| t.row.status == StatusView::Done).await?;

    mara.writes("When do you open?")?;
    jonas.sees(&mara, "what she asks the bot", |t| t.times("When do you open?") == 1).await?;
    for desk in [&ines, &jonas] {
        let view = desk.opens(&mara).await?;
        assert_eq!((view.row.status, view.row.needs_reply), (StatusView::Done, false));
        stands_in(desk, &mara, View::Done).await?;
    }

    ines.does(ControlAct::Take, &mara).await?;
    for desk in [&ines, &jonas] {
        desk.sees(&mara, "that it came to us, open", |t| {
            t.held_by() == OwnerKind::Ours && t.row.status == StatusView::Open && t.row.needs_reply
        })
        .await?;
        stands_in(desk, &mara, View::All).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_wakes_nothing() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.answers(&mara, "It comes on Thursday.").await?;
    let mid = mara.gets("It comes on Thursday.").await?.mid;
    let asleep = snoozes(&ines, &mara, 5).await?;
    mara.reacts(&mid, Some("love"))?;
    ines.sees(&mara, "the reaction", |t| t.messages().iter().any(|message| !message.reactions.is_empty()))
        .await?;
    assert_eq!(ines.opens(&mara).await?.row.status, asleep);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_thread_sleeps_into_the_past_nor_for_longer_than_a_year() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    for hours in [-1, 24 * 400] {
        let no = refusal(snoozes(&ines, &mara, hours).await)?;
        assert_eq!(no.code, CommandErrorCode::Failed, "{no:?}");
        assert!(!no.action.is_empty(), "it says what can be done: {no:?}");
    }
    assert_eq!(ines.opens(&mara).await?.row.status, StatusView::Open);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_next_stands_first_and_goes_when_it_ended() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.sees(&mara, "that she waits", |t| t.row.needs_reply).await?;
    assert!(ines.threads(View::EndingSoon).await?.is_empty(), "there is time");
    // Control lapses before the window shuts: it came by a pass a moment after she wrote.
    world.moves_clock(20);
    wait::until("her time to end soon".to_owned(), async || {
        let rows = ines.threads(View::EndingSoon).await.map_err(|error| format!("{error:#}"))?;
        if rows.len() == 1 { Ok(()) } else { Err(format!("{} rows", rows.len())) }
    })
    .await?;
    ines.answers(&mara, "It comes on Thursday.").await?;
    mara.gets("It comes on Thursday.").await?;
    wait::until("nothing to end soon".to_owned(), async || {
        let rows = ines.threads(View::EndingSoon).await.map_err(|error| format!("{error:#}"))?;
        if rows.is_empty() { Ok(()) } else { Err(format!("{} rows", rows.len())) }
    })
    .await
}
