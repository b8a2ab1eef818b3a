//! A thread whose messages Meta fails to give holds up nobody else's, is said, and is read once Meta gives it.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::history::HistoryStateView;
use baton_commands::contract::thread::Author;
use baton_messenger::CustomerId;
use baton_simulator::{Effect, Fault, RoutingMode};
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, wait};

use crate::history::{an_hour_passes, history, is_up_to_date, many_write, pages, stands, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_meta_fails_to_give_holds_up_no_other_and_is_read_once_it_is_given()
-> anyhow::Result<()> {
    holds_up_no_other(Effect::ServerError { status: 500 }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_for_which_meta_has_no_answer_holds_up_no_other_and_is_read_once_there_is_one()
-> anyhow::Result<()> {
    holds_up_no_other(Effect::CallCut).await
}

/// `effect`: what happens to every call that asks for the thread.
async fn holds_up_no_other(effect: Effect) -> anyhow::Result<()> {
    let world = world().await?;
    // No bot answers: what stands in the thread is what she said.
    world.meta().set_routing(&NORTHWIND_TEA.id(), &RoutingMode::Off)?;
    let others: BTreeSet<CustomerId> = many_write(&world, 3)?.into_iter().map(|(who, _)| who).collect();
    // The newest, which is read first.
    let mara = world.customer(MARA)?;
    mara.writes("Do you have Darjeeling?")?;
    let thread = world.meta().thread(&NORTHWIND_TEA.id(), mara.id()).context("her thread at Meta")?;
    let path = Some(format!("/{}/messages", thread.id));
    world.goes_wrong(Fault { path, ..Fault::always(effect) })?;

    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    wait::until("the pages of the others", async || {
        // The pauses between the tries grow.
        world.time_passes(Duration::from_secs(1));
        let read: BTreeSet<CustomerId> = match pages(&world).await {
            Ok(pages) => pages.into_iter().map(|page| page.customer).collect(),
            Err(error) => return Err(format!("{error:#}")),
        };
        if others.is_subset(&read) { Ok(()) } else { Err(format!("{read:?}")) }
    })
    .await?;
    let session = wait::until("the end of the pass", async || {
        world.time_passes(Duration::from_secs(1));
        match ines.session().await {
            Ok(session) if stands(&session, HistoryStateView::UpToDate) => Ok(session),
            Ok(session) => Err(format!("{:?}", history(&session))),
            Err(error) => Err(format!("{error:#}")),
        }
    })
    .await?;
    let said = &history(&session).context("a history")?.words.what;
    assert!(said.contains("1 thread could not be read") && !said.contains("Every"), "{said}");
    let read = pages(&world).await?;
    assert!(read.iter().all(|page| page.customer != *mara.id()), "nothing of hers is called read");

    world.meta().clear_faults();
    an_hour_passes(&world);
    ines.sees(&mara, "what she wrote before", |t| t.says(Author::Customer, "Do you have Darjeeling?"))
        .await?;
    let session = ines
        .finds("that nothing is left out", |session| {
            history(session).is_some_and(|history| history.words.what.contains("Every"))
        })
        .await?;
    assert!(stands(&session, HistoryStateView::UpToDate));
    is_up_to_date(&ines).await?;
    Ok(())
}
