//! What an account needs besides a token, how its loss is found, and what is said of it.

use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::OwnerKind;
use baton_commands::contract::account::{AccountFact, AccountFactKind, AccountFactState, AccountName};
use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::session::{
    AccountView, HumanAgentView, ProblemKind, RoutingView, Session, TokenView,
};
use baton_commands::contract::status::StatusLine;
use baton_commands::contract::thread::{Author, SendState, ThreadView};
use baton_messenger::Platform;
use baton_simulator::{Effect, Fault, RoutingMode};
use baton_support::people::Shop;
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{
    Customer, INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, SAMIR, TOMASZ, World,
    wait,
};

use crate::scene::{MARA_INSISTS, mara_is_passed_to_ines};

fn name(shop: Shop) -> AccountName {
    AccountName { account: shop.id().to_string() }
}

fn account(session: &Session, shop: Shop) -> Option<&AccountView> {
    session.accounts.iter().find(|account| account.id == shop.id().as_str())
}

fn fact(session: &Session, shop: Shop, kind: AccountFactKind) -> Option<&AccountFact> {
    account(session, shop)?.health.iter().find(|fact| fact.kind == kind)
}

fn has(session: &Session, kind: ProblemKind, shop: Shop) -> bool {
    session.problems.iter().any(|p| p.kind == kind && p.account.as_deref() == Some(shop.id().as_str()))
}

async fn checks(desk: &TestDesk, shop: Shop) -> anyhow::Result<Session> {
    desk.ask("checkAccount", name(shop)).await
}

/// The relay cannot be reached for two hours of Meta's time while a customer writes.
async fn meta_gives_the_relay_up(world: &mut World) -> anyhow::Result<()> {
    let mara = world.customer(MARA)?;
    world.kills_relay();
    mara.writes("Is anybody there?")?;
    world.meta_has_tried_in_vain().await?;
    world.moves_clock(2);
    let ours = world.meta().app_id();
    wait::until("Meta to unsubscribe the Page", async || {
        let pages = world.meta().world().pages;
        let tea = pages.iter().find(|page| page.id == NORTHWIND_TEA.id()).ok_or("no such Page")?;
        let subscribed = tea.subscriptions.iter().any(|subscription| subscription.app_id == ours);
        if subscribed { Err("it is subscribed".to_owned()) } else { Ok(()) }
    })
    .await?;
    world.starts_relay().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_meta_gave_up_is_found_within_a_day_and_subscribed_again() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    meta_gives_the_relay_up(&mut world).await?;

    world.moves_clock(23);

    let session = ines
        .finds("that Meta sends nothing more", |session| {
            has(session, ProblemKind::NotSubscribed, NORTHWIND_TEA)
        })
        .await?;
    let found = fact(&session, NORTHWIND_TEA, AccountFactKind::Subscription).unwrap();
    assert_eq!((found.state, found.value.as_str()), (AccountFactState::Bad, "off"));
    assert!(!found.words.what.is_empty() && !found.words.action.is_empty());

    let _: Session = ines.ask("subscribeAgain", name(NORTHWIND_TEA)).await?;

    let well = |session: &Session| !has(session, ProblemKind::NotSubscribed, NORTHWIND_TEA);
    ines.finds("that Meta sends again", well).await?;
    mara.writes("Hello again")?;
    ines.sees(&mara, "what she wrote", |t| t.says(Author::Customer, "Hello again")).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn checking_now_finds_at_once_what_changed_at_meta() -> anyhow::Result<()> {
    let (world, ines, _mara) = mara_is_passed_to_ines().await?;
    let session = ines.session().await?;
    let tea = account(&session, NORTHWIND_TEA).unwrap();
    assert_eq!(tea.routing, RoutingView::On);
    let is_well = |fact: &AccountFact| matches!(fact.state, AccountFactState::Good | AccountFactState::Note);
    assert!(tea.health.iter().all(is_well), "{session:#?}");

    world.meta().unsubscribe(&NORTHWIND_TEA.id(), &world.meta().app_id());
    world.meta().set_routing(&NORTHWIND_TEA.id(), &RoutingMode::Off)?;
    checks(&ines, NORTHWIND_TEA).await?;

    let changed = |session: &Session| {
        has(session, ProblemKind::NotSubscribed, NORTHWIND_TEA)
            && account(session, NORTHWIND_TEA).is_some_and(|tea| tea.routing == RoutingView::Off)
    };
    let session = ines.finds("both", changed).await?;
    let checked_ms = account(&session, NORTHWIND_TEA).unwrap().checked_ms.unwrap().0;
    assert!((world.meta().now_ms() - checked_ms).abs() < 60_000);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_missing_is_found_too() -> anyhow::Result<()> {
    let (world, ines, _mara) = mara_is_passed_to_ines().await?;
    let (tea, ours) = (NORTHWIND_TEA.id(), world.meta().app_id());
    world.meta().unsubscribe(&tea, &ours);
    world.meta().subscribe(&tea, &ours, &["messages"])?;
    checks(&ines, NORTHWIND_TEA).await?;
    let session = ines
        .finds("what is missing", |session| has(session, ProblemKind::NotSubscribed, NORTHWIND_TEA))
        .await?;
    let problem = session.problems.iter().find(|p| p.kind == ProblemKind::NotSubscribed).unwrap();
    assert!(problem.words.what.contains("standby"), "{problem:?}");
    Ok(())
}

/// What the desk says of what Meta sends the app of Instagram.
fn of_instagram(session: &Session) -> Option<&AccountFact> {
    fact(session, NORTHWIND_ON_INSTAGRAM, AccountFactKind::AppSubscription)
}

#[tokio::test(flavor = "multi_thread")]
async fn which_events_of_instagram_meta_sends_the_relay_finds_out_by_itself() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM]).await?;
    let is_good =
        |session: &Session| of_instagram(session).is_some_and(|f| f.state == AccountFactState::Good);
    let session = ines.finds("that every event comes", is_good).await?;
    assert!(!has(&session, ProblemKind::AppNotSubscribed, NORTHWIND_ON_INSTAGRAM));

    world.meta().set_app_fields(Platform::Instagram, &["messages", "message_reactions"]);
    world.time_passes(Duration::from_hours(24));

    let missing = |session: &Session| has(session, ProblemKind::AppNotSubscribed, NORTHWIND_ON_INSTAGRAM);
    let session = ines.finds("what is missing", missing).await?;
    let found = of_instagram(&session).unwrap();
    assert_eq!((found.state, found.value.as_str()), (AccountFactState::Bad, "incomplete"));
    assert!(found.words.what.contains("messaging_handover"), "{found:?}");
    assert!(found.words.action.contains("baton-relay subscribe"), "{found:?}");
    assert!(!has(&session, ProblemKind::AppNotSubscribed, NORTHWIND_TEA), "the Page is not concerned");

    let patient = world.patient(Vec::new()).await?;
    baton_relay::doctor::subscribe(&patient).await;
    world.time_passes(Duration::from_mins(10));
    let session = ines.finds("that every event comes again", is_good).await?;
    assert!(!missing(&session));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_pages_the_relay_says_so_when_the_app_gets_nothing() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.meta().set_app_fields(Platform::Messenger, &[]);
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let missing = |session: &Session| has(session, ProblemKind::AppNotSubscribed, NORTHWIND_TEA);
    let session = ines.finds("that nothing comes", missing).await?;
    let found = fact(&session, NORTHWIND_TEA, AccountFactKind::AppSubscription).unwrap();
    assert_eq!((found.state, found.value.as_str()), (AccountFactState::Bad, "off"));
    Ok(())
}

const SORRY: &str = "Sorry for the wait.";
const SORRY_AGAIN: &str = "Sorry for the wait, once more.";

/// Mara and Tomasz wait for Ines since thirty hours; late replies are said to be approved.
async fn two_wait_for_a_late_reply() -> anyhow::Result<(World, TestDesk, Customer, Customer)> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let tomasz = world.customer(TOMASZ)?;
    tomasz.writes(MARA_INSISTS)?;
    ines.sees(&tomasz, "that the thread is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    world.moves_clock(30);
    for customer in [&mara, &tomasz] {
        let is_late = |t: &ThreadView| t.composer.verdict == Verdict::HumanAgent;
        ines.sees(customer, "that a late reply may leave", is_late).await?;
    }
    Ok((world, ines, mara, tomasz))
}

/// Whether the account's right to late replies stands so, and its screen says so.
fn late_replies_are(session: &Session, right: HumanAgentView, value: &str) -> bool {
    account(session, NORTHWIND_TEA).is_some_and(|tea| tea.human_agent == right)
        && fact(session, NORTHWIND_TEA, AccountFactKind::HumanAgent).is_some_and(|fact| fact.value == value)
}

#[tokio::test(flavor = "multi_thread")]
async fn late_replies_that_meta_refuses_in_two_threads_turn_late_replies_off_and_one_does_not()
-> anyhow::Result<()> {
    let (world, ines, mara, tomasz) = two_wait_for_a_late_reply().await?;
    world.meta().set_human_agent(&NORTHWIND_TEA.id(), false)?;
    let in_doubt = |session: &Session| late_replies_are(session, HumanAgentView::Approved, "in doubt");

    // Twice in one thread: that may be the thread's own matter.
    for text in [SORRY, SORRY_AGAIN] {
        ines.answers(&mara, text).await?;
        ines.sees(&mara, "why it was refused", |t| t.stands(text, SendState::Refused)).await?;
        ines.finds("that the right is in doubt", in_doubt).await?;
    }
    let words =
        |t: &ThreadView| t.composer.words.as_ref().map(|words| words.what.clone()).unwrap_or_default();
    ines.sees(&tomasz, "the doubt beside his composer", |t| words(t).contains("another customer")).await?;
    let thread = ines.opens(&mara).await?;
    assert!(thread.composer.send != SendMode::Blocked && words(&thread).contains("here"));

    ines.answers(&tomasz, SORRY).await?;

    let refused = |session: &Session| late_replies_are(session, HumanAgentView::Refused, "refused by Meta");
    ines.finds("that Meta refused the feature", refused).await?;
    for customer in [&mara, &tomasz] {
        let shut = |t: &ThreadView| t.composer.send == SendMode::Blocked;
        let thread = ines.sees(customer, "a shut composer", shut).await?;
        assert_eq!(thread.composer.verdict, Verdict::Refused);
        assert!(!words(&thread).is_empty());
        assert_eq!((customer.got(SORRY)?, customer.got(SORRY_AGAIN)?), (0, 0));
    }
    // An admin who says that Meta approved it after all begins anew.
    world.meta().set_human_agent(&NORTHWIND_TEA.id(), true)?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    ines.finds("no doubt", |session| late_replies_are(session, HumanAgentView::Approved, "approved")).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reply_that_arrives_clears_the_doubt_about_late_replies() -> anyhow::Result<()> {
    let (world, ines, mara, tomasz) = two_wait_for_a_late_reply().await?;
    let in_doubt = |session: &Session| late_replies_are(session, HumanAgentView::Approved, "in doubt");
    let refuse = || Fault::once(Effect::SendRefused { error: "window_closed_messenger".into() });

    world.goes_wrong(refuse())?;
    ines.answers(&mara, SORRY).await?;
    ines.finds("that the right is in doubt", in_doubt).await?;
    ines.answers(&tomasz, SORRY).await?;
    tomasz.gets(SORRY).await?;
    ines.finds("no doubt", |session| late_replies_are(session, HumanAgentView::Approved, "approved")).await?;

    // The next refusal is the first one again.
    world.goes_wrong(refuse())?;
    ines.answers(&tomasz, SORRY_AGAIN).await?;
    ines.sees(&tomasz, "it refused", |t| t.stands(SORRY_AGAIN, SendState::Refused)).await?;
    ines.finds("that the right is in doubt", in_doubt).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_meta_gives_names_is_known_and_looked_at_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.meta().set_profile_access(&NORTHWIND_TEA.id(), false)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    world.customer(MARA)?.writes("Hello")?;
    let given = |session: &Session| account(session, NORTHWIND_TEA)?.names_given;

    let session = ines.finds("that Meta gives no names", |session| given(session) == Some(false)).await?;
    let names = fact(&session, NORTHWIND_TEA, AccountFactKind::Names).unwrap();
    assert_eq!(
        (names.state, names.value.as_str()),
        (AccountFactState::Warning, "Meta does not give names yet")
    );

    world.meta().set_profile_access(&NORTHWIND_TEA.id(), true)?;
    checks(&ines, NORTHWIND_TEA).await?;
    ines.finds("that Meta gives names", |session| given(session) == Some(true)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_dead_token_of_two_stops_nothing_else_and_nothing_is_lost() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    let (mara, samir) = (world.customer(MARA)?, world.customer(SAMIR)?);
    mara.writes("I want a person")?;
    samir.writes("Do you repair kites?")?;
    ines.sees(&mara, "that she may be answered", |t| t.composer.send == SendMode::Send).await?;
    ines.sees(&samir, "his thread", |t| t.says(Author::Customer, "Do you repair kites?")).await?;

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    ines.answers(&mara, "One moment, Mara.").await?;
    let session =
        ines.finds("the dead token", |session| has(session, ProblemKind::TokenDead, NORTHWIND_TEA)).await?;
    assert!(!has(&session, ProblemKind::TokenDead, KITE_AND_CO));
    assert_eq!(account(&session, KITE_AND_CO).unwrap().token, TokenView::Alive);

    // Meanwhile both customers write, and the other account is answered as always.
    mara.writes("Are you there?")?;
    ines.sees(&mara, "what she wrote meanwhile", |t| t.says(Author::Customer, "Are you there?")).await?;
    ines.answers(&samir, "Yes, we do.").await?;
    samir.gets("Yes, we do.").await?;
    assert_eq!(mara.got("One moment, Mara.")?, 0);

    let new = world.meta().token_for(&world.meta().app_id(), &NORTHWIND_TEA.id());
    ines.connects(NORTHWIND_TEA, &new).await?;

    ines.finds("that all is well", |session| session.problems.is_empty()).await?;
    // She wrote since: the reply comes back to whoever wrote it, and is sent once it was looked at again.
    let thread = ines
        .sees(&mara, "what became of the reply", |t| {
            t.composer.draft == "One moment, Mara." || t.stands("One moment, Mara.", SendState::Sent)
        })
        .await?;
    if thread.composer.draft == "One moment, Mara." {
        ines.answers(&mara, "One moment, Mara.").await?;
    }
    mara.gets("One moment, Mara.").await?;
    Ok(())
}

/// What every place says of the dead token of an account: the problem, the account's own screen, the status line.
async fn says_dead(desk: &TestDesk, shop: Shop) -> anyhow::Result<()> {
    let session = desk.finds("the dead token", |session| has(session, ProblemKind::TokenDead, shop)).await?;
    let of = account(&session, shop).context("no such account")?;
    assert_eq!(of.token, TokenView::Dead);
    let token = fact(&session, shop, AccountFactKind::Token).context("nothing is said of the token")?;
    assert_eq!(token.state, AccountFactState::Bad, "{token:?}");
    let line: StatusLine = desk.ask("status", ()).await?;
    assert!(line.meta.words.what.contains(&of.name), "{:?}", line.meta);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_page_is_dead_for_its_instagram_account_too() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM]).await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("I want a person")?;
    ines.sees(&mara, "that she may be answered", |t| t.composer.send == SendMode::Send).await?;

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    ines.answers(&mara, "One moment, Mara.").await?;

    for desk in [&ines, &jonas] {
        says_dead(desk, NORTHWIND_TEA).await?;
        says_dead(desk, NORTHWIND_ON_INSTAGRAM).await?;
    }

    // One check heals both where they have the same one.
    world.meta().revive_tokens(&NORTHWIND_TEA.id());
    for desk in [&ines, &jonas] {
        checks(desk, NORTHWIND_TEA).await?;
        desk.finds("that all is well", |session| session.problems.is_empty()).await?;
    }
    mara.gets("One moment, Mara.").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_of_the_page_alone_heals_its_instagram_account_too() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM]).await?;
    let mara = world.customer(MARA)?;
    mara.writes("I want a person")?;
    ines.sees(&mara, "that she may be answered", |t| t.composer.send == SendMode::Send).await?;
    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    ines.answers(&mara, "One moment, Mara.").await?;
    for shop in [NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM] {
        says_dead(&ines, shop).await?;
    }

    ines.connects(NORTHWIND_TEA, &world.new_page_token(NORTHWIND_TEA)).await?;

    let alive =
        |session: &Session, shop| account(session, shop).is_some_and(|of| of.token == TokenView::Alive);
    ines.finds("that both have a token that works", |session| {
        session.problems.is_empty() && alive(session, NORTHWIND_TEA) && alive(session, NORTHWIND_ON_INSTAGRAM)
    })
    .await?;
    mara.gets("One moment, Mara.").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_lives_again_heals_when_somebody_checks() -> anyhow::Result<()> {
    const HELLO: &str = "One moment, Mara.";
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 459)?;
    ines.answers(&mara, HELLO).await?;
    let dead = |session: &Session| has(session, ProblemKind::TokenDead, NORTHWIND_TEA);
    ines.finds("the dead token", dead).await?;
    jonas.finds("that it is the same here", dead).await?;

    // As long as Meta refuses it, checking says so and changes nothing.
    let refused = refusal(checks(&ines, NORTHWIND_TEA).await)?;
    assert!(!refused.action.is_empty() && !refused.message.contains("paste"), "{refused:?}");
    assert!(dead(&ines.session().await?));

    world.meta().revive_tokens(&NORTHWIND_TEA.id());
    checks(&ines, NORTHWIND_TEA).await?;

    ines.finds("that all is well", |session| session.problems.is_empty()).await?;
    mara.gets(HELLO).await?;
    // A colleague has the same one; their own check finds it alive.
    checks(&jonas, NORTHWIND_TEA).await?;
    jonas.finds("that all is well here too", |session| session.problems.is_empty()).await?;
    Ok(())
}
