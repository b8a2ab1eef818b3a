//! What was said on Instagram before the account was connected (docs/meta.md 3.1, 3.3, 3.5): pages tell of handles and not
//! of names, lists end where they please, and requests that were quiet for long are not listed.

use std::collections::BTreeSet;
use std::time::Duration;

use baton_commands::contract::history::HistoryStateView;
use baton_commands::contract::thread::Author;
use baton_commands::contract::threads::View;
use baton_messenger::CustomerId;
use baton_protocol::EntryKind;
use baton_protocol::entry::Content;
use baton_simulator::{Call, CallKind, Effect, Fault, NewCustomer, Profile, RoutingMode};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{AYUMI, INES, JONAS, NORTHWIND_ON_INSTAGRAM, World, wait};

const ASKS: &str = "Do you ship to Austria?";
/// More than one page of a listing has.
const MANY: usize = 27;

async fn world() -> anyhow::Result<World> {
    let mut world = World::begin_with_instagram().await?;
    world.stewards_read_history();
    Ok(world)
}

async fn is_up_to_date(desk: &TestDesk) -> anyhow::Result<()> {
    let account = NORTHWIND_ON_INSTAGRAM.id().to_string();
    desk.finds("that every older message is here", |session| {
        let account = session.accounts.iter().find(|found| found.id == account);
        let history = account.and_then(|account| account.history.as_ref());
        history.is_some_and(|history| history.state == HistoryStateView::UpToDate)
    })
    .await?;
    Ok(())
}

/// Customers of whom the log has a page, and how many messages all pages tell of.
async fn told(world: &World) -> anyhow::Result<(BTreeSet<CustomerId>, usize)> {
    let entries = world.entries(NORTHWIND_ON_INSTAGRAM).await?;
    let (mut customers, mut messages) = (BTreeSet::new(), 0);
    for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::Audit) {
        if let Content::Audit(page) = entry.content() {
            messages += page.messages.len();
            customers.insert(page.customer);
        }
    }
    Ok((customers, messages))
}

fn our_reads(world: &World, of: impl Fn(&Call) -> bool) -> usize {
    let ours = world.meta().app_id();
    let calls = world.meta().calls();
    calls
        .iter()
        .filter(|call| call.method == "GET" && call.app_id.as_ref() == Some(&ours) && of(call))
        .count()
}

fn profile_reads(world: &World, customer: &CustomerId) -> usize {
    our_reads(world, |call| call.path.ends_with(customer.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profiles_name_takes_the_place_of_a_handle() -> anyhow::Result<()> {
    let world = world().await?;
    let ayumi = world.customer(AYUMI)?;
    ayumi.writes(ASKS)?;

    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    ines.sees(&ayumi, "what she wrote before, under her name", |t| {
        t.says(Author::Customer, ASKS) && t.row.name == AYUMI
    })
    .await?;

    // One who was read is not read again, and a desk that is not the steward asks for nobody's.
    let jonas = world.desk(JONAS, &[NORTHWIND_ON_INSTAGRAM]).await?;
    jonas.sees(&ayumi, "her name", |t| t.row.name == AYUMI).await?;
    ayumi.writes("Hello?")?;
    jonas.sees(&ayumi, "what she says now", |t| t.says(Author::Customer, "Hello?")).await?;
    ines.sees(&ayumi, "what she says now", |t| t.says(Author::Customer, "Hello?")).await?;
    assert_eq!(profile_reads(&world, ayumi.id()), 1);
    Ok(())
}

/// Meta gives no profile of one who did not agree; the handle stays, and nobody asks time and again.
#[tokio::test(flavor = "multi_thread")]
async fn a_handle_stays_where_meta_gives_no_profile() -> anyhow::Result<()> {
    let world = world().await?;
    let account = NORTHWIND_ON_INSTAGRAM.id();
    let shy = NewCustomer { username: Some("rin.m".to_owned()), ..NewCustomer::named("Rin Mori") };
    let shy = world.meta().add_customer(&account, shy)?;
    world.meta().set_profile(&account, &shy, Profile::NoConsent)?;
    world.meta().customer_writes(&account, &shy, ASKS)?;
    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    is_up_to_date(&ines).await?;
    wait::until("the profile to be asked for", async || match profile_reads(&world, &shy) {
        0 => Err("not asked".to_owned()),
        _ => Ok(()),
    })
    .await?;
    world.meta().customer_writes(&account, &shy, "Hello?")?;
    ines.has_read_all_of(&world, NORTHWIND_ON_INSTAGRAM).await?;
    wait::stays("one question", async || match profile_reads(&world, &shy) {
        1 => Ok(()),
        more => Err(format!("{more} questions")),
    })
    .await?;
    let rows = ines.threads(View::All).await?;
    assert!(rows.iter().any(|row| row.name == "rin.m"), "{rows:#?}");
    Ok(())
}

/// Full, half, empty with more behind it: a page's length says nothing of how many follow.
#[tokio::test(flavor = "multi_thread")]
async fn lists_of_uneven_pages_are_read_to_their_end() -> anyhow::Result<()> {
    let world = world().await?;
    let account = NORTHWIND_ON_INSTAGRAM.id();
    let mut wrote = BTreeSet::new();
    for n in 0..MANY {
        let customer = world.meta().add_customer(&account, NewCustomer::named(&format!("Customer {n}")))?;
        world.meta().customer_writes(&account, &customer, &format!("{n}"))?;
        wrote.insert(customer);
    }
    for call in [CallKind::Conversations, CallKind::Messages] {
        world.goes_wrong(Fault { call: Some(call), ..Fault::always(Effect::PagesUneven) })?;
    }

    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    wait::until("a page of every thread", async || {
        // Two reads a second are all that Meta gives.
        world.time_passes(Duration::from_secs(1));
        let (customers, messages) = told(&world).await.map_err(|error| error.to_string())?;
        if wrote.is_subset(&customers) { Ok(messages) } else { Err(format!("{} threads", customers.len())) }
    })
    .await?;
    is_up_to_date(&ines).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_quiet_for_long_comes_when_its_customer_writes_again() -> anyhow::Result<()> {
    let world = world().await?;
    let account = NORTHWIND_ON_INSTAGRAM.id();
    // An answer of the bot's would make it a request no more.
    world.meta().set_routing(&account, &RoutingMode::Off)?;
    let ayumi = world.customer(AYUMI)?;
    let quiet = "I asked in spring.";
    ayumi.writes(quiet)?;
    world.moves_clock(31 * 24);
    let new = world.meta().add_customer(&account, NewCustomer::named("Rin Mori"))?;
    world.meta().customer_writes(&account, &new, "I ask now.")?;

    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    is_up_to_date(&ines).await?;
    let (customers, _) = told(&world).await?;
    assert!(customers.contains(&new), "a request that is not old is listed");
    assert!(!customers.contains(ayumi.id()), "Meta does not list hers");

    ayumi.writes("And I ask again.")?;
    world.moves_clock(1);
    world.time_passes(Duration::from_secs(31));
    let thread = ines.sees(&ayumi, "what she said in spring", |t| t.says(Author::Customer, quiet)).await?;
    assert!(thread.says(Author::Customer, "And I ask again."), "{}", thread.transcript());
    Ok(())
}
