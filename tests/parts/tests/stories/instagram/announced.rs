//! For a new message some accounts get an edit with the number 0, which names neither people nor words, before the message
//! or in its place (docs/meta.md 2.7.9). The account's steward looks such a message up, once for all desks.

use std::time::Duration;

use baton_commands::contract::account::AccountFactKind;
use baton_commands::contract::thread::Author;
use baton_protocol::EntryKind;
use baton_simulator::{Call, CallKind, Effect, Fault, Said, Telling};
use baton_support::world::Seen as _;
use baton_support::{JONAS, NORTHWIND_ON_INSTAGRAM, World, wait};

use super::ayumi_is_passed_to_ines;

const NEWS: &str = "It still has not come.";

/// Our reads of one message.
fn looked_up(world: &World, mid: &str) -> usize {
    let ours = world.meta().app_id();
    let is_it = |call: &&Call| {
        call.method == "GET" && call.app_id.as_ref() == Some(&ours) && call.path.ends_with(mid)
    };
    world.meta().calls().iter().filter(is_it).count()
}

async fn pages(world: &World) -> anyhow::Result<usize> {
    let entries = world.entries(NORTHWIND_ON_INSTAGRAM).await?;
    Ok(entries.iter().filter(|entry| entry.kind == EntryKind::Audit).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_only_an_edit_announces_is_looked_up_once_for_every_desk() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_ON_INSTAGRAM]).await?;
    jonas.has_read_all_of(&world, NORTHWIND_ON_INSTAGRAM).await?;

    let mid = ayumi.says(&Said { telling: Telling::EditZero, ..Said::text(NEWS) })?;

    wait::until("the message to be in the log", async || {
        world.time_passes(Duration::from_secs(1));
        match pages(&world).await.map_err(|error| error.to_string())? {
            0 => Err("no page tells of it".to_owned()),
            _ => Ok(()),
        }
    })
    .await?;
    for desk in [&ines, &jonas] {
        let thread = desk.sees(&ayumi, "what she wrote", |t| t.says(Author::Customer, NEWS)).await?;
        assert_eq!(thread.times(NEWS), 1);
        assert!(thread.row.needs_reply, "it waits for an answer like any other message");
        assert!(!thread.message(NEWS).unwrap().found_late, "its notice came");
        let session = desk.session().await?;
        let account = NORTHWIND_ON_INSTAGRAM.id().to_string();
        let of = session.accounts.iter().find(|of| of.id == account).unwrap();
        assert!(of.history.as_ref().is_some_and(|history| history.missed.0 == 0), "{of:#?}");
        assert!(of.health.iter().all(|fact| fact.kind != AccountFactKind::Missed), "{of:#?}");
    }

    // It is known now: however long it takes, nobody asks again, and nothing is said twice.
    wait::stays("one read and one page", async || {
        world.time_passes(Duration::from_secs(1));
        let (reads, pages) =
            (looked_up(&world, mid.as_str()), pages(&world).await.map_err(|error| error.to_string())?);
        if (reads, pages) == (1, 1) { Ok(()) } else { Err(format!("{reads} reads, {pages} pages")) }
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_after_its_announcement_is_not_looked_up() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;

    let mid = ayumi.says(&Said { telling: Telling::EditZeroThenUsual, ..Said::text(NEWS) })?;

    let thread = ines.sees(&ayumi, "what she wrote", |t| t.says(Author::Customer, NEWS)).await?;
    assert_eq!(thread.times(NEWS), 1);
    wait::stays("no read", async || {
        world.time_passes(Duration::from_secs(1));
        match (looked_up(&world, mid.as_str()), pages(&world).await.map_err(|error| error.to_string())?) {
            (0, 0) => Ok(()),
            (reads, pages) => Err(format!("{reads} reads, {pages} pages")),
        }
    })
    .await?;
    Ok(())
}

/// Meta may not have the message yet when it announces it.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_meta_does_not_give_at_once_is_asked_for_again() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let not_yet = Effect::ReadRefused { error: "object_missing".to_owned() };
    world.goes_wrong(Fault { call: Some(CallKind::Message), ..Fault::once(not_yet) })?;

    let mid = ayumi.says(&Said { telling: Telling::EditZero, ..Said::text(NEWS) })?;

    wait::until("it to be asked for again", async || {
        world.time_passes(Duration::from_secs(1));
        match looked_up(&world, mid.as_str()) {
            reads @ 0..=1 => Err(format!("{reads} reads")),
            _ => Ok(()),
        }
    })
    .await?;
    let thread = ines.sees(&ayumi, "what she wrote", |t| t.says(Author::Customer, NEWS)).await?;
    assert_eq!(thread.times(NEWS), 1);
    Ok(())
}
