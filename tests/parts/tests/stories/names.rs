//! Customers' names: whoever has none is asked about, also when the first asking failed, and nothing reads like a defect
//! meanwhile.

use std::time::Duration;

use baton_commands::contract::session::Session;
use baton_commands::contract::thread::Author;
use baton_commands::contract::threads::NameFrom;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, World, wait};

/// A read is made four times before it counts as failed.
const TRIES: usize = 4;

fn names_given(session: &Session) -> Option<bool> {
    let account = session.accounts.iter().find(|account| account.id == NORTHWIND_TEA.id().as_str());
    account.and_then(|account| account.names_given)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_whose_profile_could_not_be_read_is_asked_about_again_although_nobody_writes()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    let broken =
        Fault { call: Some(CallKind::Profile), ..Fault::always(Effect::ServerError { status: 503 }) };
    let rule = world.meta().add_fault(broken)?;
    mara.writes("Where is my parcel?")?;
    wait::until("her profile to be asked for in vain", async || {
        let of_mara = |call: &baton_simulator::Call| call.path.ends_with(mara.id().as_str());
        let asked = world.meta().calls().into_iter().filter(of_mara).count();
        if asked >= TRIES { Ok(()) } else { Err(format!("{asked} times")) }
    })
    .await?;
    let thread =
        ines.sees(&mara, "what she wrote", |t| t.says(Author::Customer, "Where is my parcel?")).await?;
    assert_eq!(thread.row.name_from, NameFrom::Nobody);
    assert!(thread.row.name.starts_with("Customer "), "{}", thread.row.name);

    world.meta().remove_fault(rule);
    world.time_passes(Duration::from_secs(65));
    ines.sees(&mara, "her name", |t| t.row.name == MARA).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_meta_gives_names_is_found_out_of_those_who_wrote_before() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    world.stewards_read_history();
    world.customer(MARA)?.writes("Do you have Darjeeling?")?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    ines.sees(&mara, "what she wrote before", |t| t.says(Author::Customer, "Do you have Darjeeling?"))
        .await?;
    // The page of history told her name, so that nobody needs to ask for it.
    world.time_passes(Duration::from_secs(61));
    ines.finds("that Meta gives names", |session| names_given(session) == Some(true)).await?;
    Ok(())
}
