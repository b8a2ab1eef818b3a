//! An account with more conversations than Meta lists at once: what holds the listing up does not make it begin anew.

use baton_commands::contract::history::HistoryStateView;
use baton_protocol::audit::AuditPage;
use baton_simulator::{Effect, Fault, RoutingMode};
use baton_support::{INES, NORTHWIND_TEA, World, wait};

use super::history::{is_up_to_date, listing_calls, many_write, pages, pauses, reads, stands, world};

/// Two full pages of a listing, and some.
const THREADS: usize = 53;

/// The cursors with which pages of threads were asked for and came, in order; an empty one stands for the newest threads.
fn cursors(world: &World) -> Vec<String> {
    let came = listing_calls(world).into_iter().filter(|call| call.status == Some(200));
    came.map(|call| call.params.get("after").and_then(|after| after.as_str()).unwrap_or_default().to_owned())
        .collect()
}

/// How many threads were not read yet, and in words.
fn unread(world: &World) -> (usize, String) {
    let left = THREADS.saturating_sub(reads(world).len());
    (left, format!("{left} threads are left; listed: {:?}", cursors(world)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_goes_on_after_a_fault_of_metas_and_a_pause_where_it_stood() -> anyhow::Result<()> {
    let world = world().await?;
    // No bot answers, so that no thread moves.
    world.meta().set_routing(&NORTHWIND_TEA.id(), &RoutingMode::Off)?;
    let wrote = many_write(&world, THREADS)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    // The check of a new account asks for conversations too; it is over long before.
    wait::until_through("most of the newest threads to be read", async || match reads(&world).len() {
        20.. => Ok(()),
        _ => Err(unread(&world)),
    })
    .await?;

    // Then all are listed from the top: two pages come, and the third does not.
    let rule = world.meta().add_fault(Fault {
        method: Some("GET".to_owned()),
        path: Some("*/conversations".to_owned()),
        after: 2,
        ..Fault::always(Effect::ServerError { status: 503 })
    })?;
    wait::until_through("a page that does not come", async || {
        if listing_calls(&world).iter().any(|call| !call.faults.is_empty()) {
            return Ok(());
        }
        Err(unread(&world))
    })
    .await?;
    let before = cursors(&world);
    assert_eq!(before.iter().map(String::is_empty).collect::<Vec<_>>(), [true, true, false], "{before:?}");

    pauses(&ines, true).await?;
    ines.finds("that it is paused", |session| stands(session, HistoryStateView::Paused)).await?;
    world.meta().remove_fault(rule);
    pauses(&ines, false).await?;
    wait::until_through("every thread to be read", async || match unread(&world) {
        (0, _) => Ok(()),
        left => Err(left),
    })
    .await?;
    is_up_to_date(&ines).await?;

    let after = cursors(&world);
    assert_eq!(after.len(), before.len() + 1, "one page was left to list: {after:?}");
    assert!(after.last().is_some_and(|last| !before.contains(last)), "{after:?}");
    assert!(reads(&world).values().all(|times| *times == 1), "{:#?}", reads(&world));
    let pages = pages(&world).await?;
    for (customer, mid) in &wrote {
        let has = |page: &&AuditPage| page.messages.iter().any(|message| message.id.as_ref() == Some(mid));
        let found = pages.iter().filter(|page| page.customer == *customer).find(has);
        assert!(found.is_some(), "what {customer} wrote was not read");
    }
    Ok(())
}
