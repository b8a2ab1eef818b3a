//! What was said before an account was connected, and what webhooks did not bring: read once, by the steward, for all.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_commands::contract::account::AccountFactKind;
use baton_commands::contract::history::{HistoryStateView, HistoryView, PauseHistory};
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::{Author, Item, ThreadView};
use baton_messenger::{CustomerId, Mid};
use baton_protocol::EntryKind;
use baton_protocol::audit::AuditPage;
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_simulator::{CallKind, Effect, Fault, Limits, NewCustomer, RoutingMode};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_TEA, SAMIR, World, wait};

/// Longer than a lease lasts.
const LEASE_OVER: Duration = Duration::from_secs(65);

pub(super) async fn world() -> anyhow::Result<World> {
    let mut world = World::begin().await?;
    world.stewards_read_history();
    Ok(world)
}

/// The pages of history in the log, oldest first.
pub(super) async fn pages(world: &World) -> anyhow::Result<Vec<AuditPage>> {
    let entries = world.entries(NORTHWIND_TEA).await?;
    let pages = entries.into_iter().filter(|entry| entry.kind == EntryKind::Audit);
    Ok(pages
        .filter_map(|entry| if let Content::Audit(page) = entry.content() { Some(*page) } else { None })
        .collect())
}

/// How often our app asked Meta for each thread's messages.
pub(super) fn reads(world: &World) -> BTreeMap<String, usize> {
    let ours = world.meta().app_id();
    let mut reads = BTreeMap::new();
    for call in world.meta().calls() {
        let is_read = call.method == "GET" && call.path.contains("/t_") && call.path.ends_with("/messages");
        if is_read && call.app_id.as_ref() == Some(&ours) {
            *reads.entry(call.path).or_default() += 1;
        }
    }
    reads
}

/// The calls with which our app listed threads, beyond the one that connecting an account looks for.
pub(super) fn listing_calls(world: &World) -> Vec<baton_simulator::Call> {
    let ours = world.meta().app_id();
    let is_listing = |call: &baton_simulator::Call| {
        call.method == "GET"
            && call.path.ends_with("/conversations")
            && call.params.get("limit").is_some_and(|limit| limit == "25")
            && call.app_id.as_ref() == Some(&ours)
    };
    world.meta().calls().into_iter().filter(is_listing).collect()
}

/// How often our app listed threads.
fn listings(world: &World) -> usize {
    listing_calls(world).len()
}

pub(super) fn history(session: &Session) -> Option<&HistoryView> {
    let account = session.accounts.iter().find(|account| account.id == NORTHWIND_TEA.id().as_str());
    account.and_then(|account| account.history.as_ref())
}

pub(super) fn stands(session: &Session, state: HistoryStateView) -> bool {
    history(session).is_some_and(|history| history.state == state)
}

pub(super) async fn is_up_to_date(desk: &TestDesk) -> anyhow::Result<Session> {
    desk.finds("that every older message is here", |session| stands(session, HistoryStateView::UpToDate))
        .await
}

/// So many customers who wrote to Northwind Tea; each said their own name.
pub(super) fn many_write(world: &World, many: usize) -> anyhow::Result<Vec<(CustomerId, Mid)>> {
    let mut wrote = Vec::new();
    for n in 0..many {
        let name = format!("Customer {n}");
        let customer = world.meta().add_customer(&NORTHWIND_TEA.id(), NewCustomer::named(&name))?;
        let mid = world.meta().customer_writes(&NORTHWIND_TEA.id(), &customer, &name)?;
        wrote.push((customer, mid));
    }
    Ok(wrote)
}

/// At Meta; and here so much that the steward looks whether anything is due.
pub(super) fn an_hour_passes(world: &World) {
    world.moves_clock(1);
    world.time_passes(Duration::from_secs(31));
}

pub(super) async fn pauses(desk: &TestDesk, paused: bool) -> anyhow::Result<Session> {
    desk.ask("pauseHistory", PauseHistory { account: NORTHWIND_TEA.id().to_string(), paused }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_connecting_appears_and_a_second_desk_asks_meta_for_nothing()
-> anyhow::Result<()> {
    let world = world().await?;
    // No bot answers her: whose answer one in history is, nobody could tell.
    world.meta().set_routing(&NORTHWIND_TEA.id(), &RoutingMode::Off)?;
    let mara = world.customer(MARA)?;
    mara.writes("Do you have Darjeeling?")?;

    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let thread = ines
        .sees(&mara, "what she wrote before", |t| t.says(Author::Customer, "Do you have Darjeeling?"))
        .await?;
    assert!(thread.row.needs_reply, "it was not answered, and is no older than a week");
    assert!(!thread.older_withheld);
    let session = is_up_to_date(&ines).await?;
    assert_eq!(history(&session).unwrap().missed.0, 0, "what is older than the connection was not missed");

    let (before_reads, before_listings) = (reads(&world), listings(&world));
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the same", |t| t.says(Author::Customer, "Do you have Darjeeling?")).await?;
    is_up_to_date(&jonas).await?;
    assert_eq!((reads(&world), listings(&world)), (before_reads, before_listings));
    assert_eq!(pages(&world).await?.iter().filter(|page| page.customer == *mara.id()).count(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_answered_in_metas_inbox_before_connecting_needs_no_reply_until_they_write_again()
-> anyhow::Result<()> {
    let world = world().await?;
    let samir = world.customer(SAMIR)?;
    samir.writes("Do you mend kites?")?;
    world.meta().inbox_answers(&samir.account(), samir.id(), "We do, on Fridays.", false)?;

    let ines = world.desk(INES, &[KITE_AND_CO]).await?;
    let thread = ines.sees(&samir, "the answer", |t| t.times("We do, on Fridays.") == 1).await?;
    assert!(!thread.row.needs_reply, "{}", thread.transcript());
    assert_eq!(thread.row.waiting_since_ms, None);

    samir.writes("Then see you on Friday")?;
    ines.sees(&samir, "that he waits", |t| t.row.needs_reply).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_lost_is_found_and_counted_and_its_thread_needs_a_reply() -> anyhow::Result<()> {
    let world = world().await?;
    let mara = world.customer(MARA)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    is_up_to_date(&ines).await?;

    let lost = Fault { page_id: Some(NORTHWIND_TEA.id()), ..Fault::always(Effect::WebhookDropped) };
    let rule = world.meta().add_fault(lost)?;
    mara.writes("Are you open on Sunday?")?;
    world.meta().remove_fault(rule);
    an_hour_passes(&world);

    let thread = ines
        .sees(&mara, "what no webhook brought", |t| t.says(Author::Customer, "Are you open on Sunday?"))
        .await?;
    assert!(thread.row.needs_reply);
    assert!(thread.message("Are you open on Sunday?").unwrap().found_late);
    let session = ines
        .finds("that a message was missed", |session| {
            history(session).is_some_and(|found| found.missed.0 > 0)
        })
        .await?;
    let facts =
        &session.accounts.iter().find(|account| account.id == NORTHWIND_TEA.id().as_str()).unwrap().health;
    assert!(facts.iter().any(|fact| fact.kind == AccountFactKind::Missed), "{facts:#?}");

    // What a webhook brings afterwards is not found a second time.
    mara.writes("Hello?")?;
    ines.sees(&mara, "what a webhook brought", |t| t.says(Author::Customer, "Hello?")).await?;
    let missed = history(&session).unwrap().missed;
    let before = listings(&world);
    an_hour_passes(&world);
    wait::until("another look", async || {
        let now = listings(&world);
        if now > before { Ok(()) } else { Err(format!("{now} listings")) }
    })
    .await?;
    is_up_to_date(&ines).await?;
    assert_eq!(history(&ines.session().await?).unwrap().missed, missed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_steward_dies_another_desk_goes_on_without_starting_over() -> anyhow::Result<()> {
    let mut world = world().await?;
    let wrote = many_write(&world, 12)?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    wait::until("a few threads to be read", async || {
        let read = pages(&world).await.map_err(|error| error.to_string())?.len();
        if read >= 3 { Ok(()) } else { Err(format!("{read} pages")) }
    })
    .await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    ines.dies();
    let read_before = pages(&world).await?.len();
    assert!(read_before < wrote.len(), "there is something left to do");

    world.time_passes(LEASE_OVER);
    is_up_to_date(&jonas).await?;
    let pages = pages(&world).await?;
    for (customer, mid) in &wrote {
        let of_customer: Vec<_> = pages.iter().filter(|page| page.customer == *customer).collect();
        assert_eq!(of_customer.len(), 1, "one page of each thread");
        assert!(of_customer[0].messages.iter().any(|message| message.id.as_ref() == Some(mid)));
    }
    // The call that Ines was at when she died may have been made twice.
    let twice = reads(&world).values().filter(|times| **times > 1).count();
    assert!(twice <= 1, "{:#?}", reads(&world));
    assert!(reads(&world).values().all(|times| *times <= 2));

    // Ines comes back, and Jonas is the steward.
    let made = reads(&world);
    ines.comes_back().await?;
    is_up_to_date(&ines).await?;
    assert_eq!(reads(&world), made);
    world.kills_relay();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_throttle_codes_is_waited_out_and_said() -> anyhow::Result<()> {
    let world = world().await?;
    let mara = world.customer(MARA)?;
    mara.writes("Do you have Darjeeling?")?;
    let storm = |error: &str, call| Fault {
        call: Some(call),
        times: Some(2),
        ..Fault::always(Effect::Throttled { error: error.to_owned() })
    };
    world.goes_wrong(storm("rate_buc_messenger", CallKind::Conversations))?;
    world.goes_wrong(storm("rate_custom", CallKind::Messages))?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;

    let session =
        ines.finds("that the history waits", |session| stands(session, HistoryStateView::Waiting)).await?;
    let said = &history(&session).unwrap().words;
    assert!(said.what.contains("limit"), "{said:?}");
    let status = ines.status().await?;
    assert!(status.history.is_some(), "the status line says it too");
    let account = status.accounts.iter().find(|account| account.name == NORTHWIND_TEA.name).unwrap();
    let state = account.history.as_ref().map(|history| history.state);
    assert_eq!((account.connected, state), (true, Some(HistoryStateView::Waiting)));
    for _ in 0..8 {
        // Each code makes the next wait longer.
        world.time_passes(Duration::from_secs(400));
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    ines.sees(&mara, "what she wrote before", |t| t.says(Author::Customer, "Do you have Darjeeling?"))
        .await?;
    is_up_to_date(&ines).await?;
    Ok(())
}

/// Calls that Meta turned away for its limits.
pub(super) fn turned_away(world: &World) -> Vec<baton_simulator::Call> {
    const THROTTLED: [i64; 4] = [4, 613, 80_002, 80_006];
    let is = |call: &baton_simulator::Call| {
        call.answer["error"]["code"].as_i64().is_some_and(|code| THROTTLED.contains(&code))
    };
    world.meta().calls().into_iter().filter(is).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_meta_takes_two_calls_a_second_all_is_read_and_nobody_hears_of_limits() -> anyhow::Result<()> {
    let world = world().await?;
    let wrote = many_write(&world, 20)?;
    let mara = world.customer(MARA)?;
    mara.writes("Do you have Darjeeling?")?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    // Another desk, which only opens threads, has the same two calls.
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "her thread", |_| true).await?;
    // Connecting asks Meta without a slot of the relay; three pages later that is more than a second ago.
    let begun = pages(&world).await?.len();
    wait::until("a few threads to be read", async || {
        let read = pages(&world).await.map_err(|error| error.to_string())?.len();
        if read >= begun + 3 { Ok(()) } else { Err(format!("{read} pages")) }
    })
    .await?;
    world.meta().set_limits(Limits { is_enforced: true, ..Limits::default() });
    assert!(pages(&world).await?.len() < wrote.len(), "there is something left to read");
    jonas.opens(&mara).await?;

    let mut let_pass = 0;
    let read = wait::until("everything to be read", async || {
        for desk in [&ines, &jonas] {
            let line = desk.status().await.map_err(|error| error.to_string())?;
            if line.meta.short == "Meta is throttling" {
                return Ok(Err(format!("{line:?}")));
            }
        }
        let session = ines.session().await.map_err(|error| error.to_string())?;
        if !session.problems.is_empty() {
            return Ok(Err(format!("{:?}", session.problems)));
        }
        match history(&session) {
            Some(history) if history.state == HistoryStateView::UpToDate => Ok(Ok(())),
            // On a busy machine three calls can still meet within a second on their way: one is turned away and made again
            // later.
            Some(history)
                if history.state == HistoryStateView::Waiting || turned_away(&world).len() > let_pass =>
            {
                let_pass = turned_away(&world).len();
                world.time_passes(Duration::from_secs(61));
                Err("it waits".to_owned())
            }
            other => Err(format!("{other:?}; turned away: {:#?}", turned_away(&world))),
        }
    })
    .await?;
    assert_eq!(read, Ok(()));
    let pages = pages(&world).await?;
    for (customer, mid) in &wrote {
        let has = |page: &&AuditPage| page.messages.iter().any(|message| message.id.as_ref() == Some(mid));
        let found = pages.iter().filter(|page| page.customer == *customer).find(has);
        assert!(found.is_some(), "what {customer} wrote was not read");
    }
    jonas
        .sees(&mara, "what she wrote before", |t| t.says(Author::Customer, "Do you have Darjeeling?"))
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_relay_nothing_is_read_in_the_background_and_the_desk_says_so() -> anyhow::Result<()> {
    let mut world = world().await?;
    many_write(&world, 12)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    wait::until("the history to be begun", async || {
        if reads(&world).is_empty() { Err("nothing was read".to_owned()) } else { Ok(()) }
    })
    .await?;
    world.kills_relay();
    wait::until("the desk to say what it does without the relay", async || {
        let status = ines.status().await.map_err(|error| error.to_string())?;
        let said = &status.meta.words.what;
        if said.contains("While the relay is away") { Ok(()) } else { Err(said.clone()) }
    })
    .await?;
    assert!(ines.status().await?.history.is_none(), "it says that something is read");
    let before = reads(&world).values().sum::<usize>();
    wait::stays("no read in the background", async || {
        let now = reads(&world).values().sum::<usize>();
        // One may have had its slot already.
        if now <= before + 1 { Ok(()) } else { Err(format!("{now} instead of {before}")) }
    })
    .await?;

    world.starts_relay().await?;
    is_up_to_date(&ines).await?;
    assert_eq!(reads(&world).len(), 12);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_history_stays_paused_over_restarts_until_it_is_let_go_on() -> anyhow::Result<()> {
    let mut world = world().await?;
    many_write(&world, 12)?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    wait::until("a few threads to be read", async || {
        let read = reads(&world).len();
        if read >= 2 { Ok(()) } else { Err(format!("{read} threads")) }
    })
    .await?;
    pauses(&ines, true).await?;
    ines.finds("that it is paused", |session| stands(session, HistoryStateView::Paused)).await?;

    // It is the account's, not the desk's: everybody sees it, and only supervisors move it.
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let session =
        jonas.finds("that it is paused", |session| stands(session, HistoryStateView::Paused)).await?;
    assert!(!history(&session).unwrap().may_pause);
    refusal(pauses(&jonas, false).await)?;

    ines.comes_back().await?;
    world.starts_relay().await?;
    world.time_passes(LEASE_OVER);
    ines.finds("that it is paused", |session| stands(session, HistoryStateView::Paused)).await?;
    let before = reads(&world).values().sum::<usize>();
    wait::stays("no read while it is paused", async || {
        let now = reads(&world).values().sum::<usize>();
        if now == before { Ok(()) } else { Err(format!("{now} instead of {before}")) }
    })
    .await?;

    wait::until("it to go on", async || {
        pauses(&ines, false).await.map(drop).map_err(|error| format!("{error:#}"))
    })
    .await?;
    is_up_to_date(&ines).await?;
    assert_eq!(reads(&world).len(), 12);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_does_not_give_is_marked() -> anyhow::Result<()> {
    let world = world().await?;
    let samir = world.customer(SAMIR)?;
    for n in 0..30 {
        samir.writes(&format!("Message {n}"))?;
    }
    let ines = world.desk(INES, &[KITE_AND_CO]).await?;
    let thread = ines.sees(&samir, "the newest of them", |t| t.says(Author::Customer, "Message 29")).await?;
    assert!(thread.older_withheld);
    assert_eq!(thread.messages().len(), baton_messenger::limits::MESSAGES_WITH_DETAILS);
    assert!(thread.says(Author::Customer, "Message 10"));
    Ok(())
}

/// What was said in a thread, oldest first, and how many messages are missing where.
fn said_and_missing(thread: &ThreadView) -> Vec<String> {
    let lines = thread.items.iter().filter_map(|item| match item {
        Item::Message { message } => Some(message.text.clone()),
        Item::Gap { count, .. } => Some(format!("… {}", count.0)),
        _ => None,
    });
    lines.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_in_the_middle_that_meta_does_not_give_is_marked_on_every_desk() -> anyhow::Result<()> {
    let world = world().await?;
    world.meta().set_routing(&NORTHWIND_TEA.id(), &RoutingMode::Off)?;
    let mara = world.customer(MARA)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    is_up_to_date(&ines).await?;
    mara.writes("Are you open on Sunday?")?;
    ines.sees(&mara, "her question", |t| t.says(Author::Customer, "Are you open on Sunday?")).await?;

    // No webhook brings these, and of so many Meta gives the newest twenty.
    let lost = Fault { page_id: Some(NORTHWIND_TEA.id()), ..Fault::always(Effect::WebhookDropped) };
    let rule = world.meta().add_fault(lost)?;
    world.moves_clock(1);
    for n in 0..32 {
        mara.writes(&format!("Message {n}"))?;
    }
    world.meta().remove_fault(rule);
    an_hour_passes(&world);

    let expected = ["Are you open on Sunday?", "… 12", "Message 12"];
    let is_marked = |t: &ThreadView| said_and_missing(t).windows(3).any(|three| three == expected);
    let thread = ines.sees(&mara, "how many are missing, and where", is_marked).await?;
    assert!(thread.says(Author::Customer, "Message 31"));
    assert!(!thread.older_withheld, "nothing is missing before her question");

    is_up_to_date(&ines).await?;
    let asked = reads(&world);
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the same", is_marked).await?;
    assert_eq!(reads(&world), asked, "nobody asks Meta again");
    Ok(())
}
