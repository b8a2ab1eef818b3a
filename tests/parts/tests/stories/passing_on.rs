//! Threads are passed on with a note: to people in Meta's inbox, and to any app that was seen there. What other apps say while
//! they hold a thread is seen.

use anyhow::Context as _;
use baton_commands::contract::account::{AccountName, RenameApp};
use baton_commands::contract::composer::{PassTarget, SendMode};
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::{Author, ThreadView};
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_simulator::{Call, CallKind, Effect, Fault, RoutingMode};
use baton_support::people::teabot;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::world::{Customer, Seen as _};
use baton_support::{NORTHWIND_TEA, World};
use serde_json::json;

use crate::scene::mara_is_passed_to_ines;

/// The app of Meta's AI agent, as the simulator calls it.
const HELPER: &str = "990000000000001";

/// How often our app asked Meta for control of a thread.
fn our_takes(world: &World) -> usize {
    let ours = world.meta().app_id();
    let is_take =
        |call: &&Call| call.app_id.as_ref() == Some(&ours) && call.path.ends_with("/take_thread_control");
    world.meta().calls().iter().filter(is_take).count()
}

fn last_pass(world: &World) -> anyhow::Result<Call> {
    let calls = world.meta().calls();
    let ours = world.meta().app_id();
    let is_it =
        |call: &&Call| call.app_id.as_ref() == Some(&ours) && call.path.ends_with("/pass_thread_control");
    calls.iter().rev().find(is_it).cloned().context("nothing was passed")
}

#[tokio::test(flavor = "multi_thread")]
async fn to_metas_inbox_with_a_note() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;

    ines.passes(ControlAct::PassToInbox, None, "  For the shop team: order 4412  ", &mara).await?;

    // The act is shown at once, its note comes with the team's log.
    let told = |t: &ThreadView| t.held_by() == OwnerKind::MetaInbox && t.note().is_some();
    let thread = ines.sees(&mara, "Meta's inbox in charge, and the note", told).await?;
    assert_eq!(thread.handover(), Some("You passed this thread to Page Inbox"));
    assert_eq!(thread.note(), Some("For the shop team: order 4412"));
    assert_eq!(mara.held_by()?.as_deref(), Some("Page Inbox"));
    assert_eq!(last_pass(&world)?.params["metadata"], "For the shop team: order 4412");
    Ok(())
}

/// Another app is seen: it gets the thread from Meta's inbox and gives it to us.
async fn the_helper_had_it(world: &World, ines: &TestDesk, mara: &Customer) -> anyhow::Result<()> {
    world.meta().inbox_takes(&mara.account(), mara.id())?;
    ines.sees(mara, "Meta's inbox in charge", |t| t.held_by() == OwnerKind::MetaInbox).await?;
    world.meta().seize(&mara.account(), mara.id(), Some(&HELPER.into()))?;
    let token = world.meta().token_for(&HELPER.into(), &mara.account());
    let body =
        json!({"recipient": {"id": mara.id()}, "target_app_id": world.meta().app_id(), "metadata": "Yours"});
    let (status, answer) = world.calls_graph_with(&token, "/me/pass_thread_control", &body).await?;
    anyhow::ensure!(status == 200, "{answer}");
    Ok(())
}

/// What an administrator says of the helper.
fn helper_named(mara: &Customer, name: &str) -> RenameApp {
    RenameApp { account: mara.account().to_string(), app: HELPER.to_owned(), name: name.to_owned() }
}

/// The helper stands among those to whom the thread can be passed, by this name.
async fn offered_as(ines: &TestDesk, mara: &Customer, name: &str) -> anyhow::Result<ThreadView> {
    ines.sees(mara, &format!("{name} among those it can be passed to"), |t| {
        let is_it = |target: &PassTarget| target.app == HELPER && target.name == name;
        t.held_by() == OwnerKind::Ours && t.composer.pass_to.iter().any(is_it)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn to_an_app_that_nobody_named_which_meta_may_refuse_in_words() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    the_helper_had_it(&world, &ines, &mara).await?;
    offered_as(&ines, &mara, &format!("App {HELPER}")).await?;

    let refused = Effect::CallRefused { error: "object_missing".to_owned() };
    world.goes_wrong(Fault { call: Some(CallKind::Control), times: Some(1), ..Fault::always(refused) })?;
    let error = refusal(ines.passes(ControlAct::PassToApp, Some(HELPER), "", &mara).await)?;
    assert_eq!(error.code, CommandErrorCode::ControlUnavailable);
    assert!(error.message.contains("did not let Baton pass this thread on"), "{error:?}");
    assert!(error.action.contains("Which apps take part"), "{error:?}");

    let turned_away = Effect::Throttled { error: "rate_buc_messenger".to_owned() };
    world.goes_wrong(Fault {
        call: Some(CallKind::Control),
        times: Some(1),
        ..Fault::always(turned_away)
    })?;
    let error = refusal(ines.passes(ControlAct::PassToApp, Some(HELPER), "", &mara).await)?;
    assert!(error.message.contains("turned this one away"), "{error:?}");
    assert!(error.action.starts_with("Try again in about"), "it does not go on by itself: {error:?}");

    ines.passes(ControlAct::PassToApp, Some(HELPER), "", &mara).await?;
    let theirs = ines.sees(&mara, "that app in charge", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(theirs.handover(), Some(format!("You passed this thread to App {HELPER}").as_str()));
    assert_eq!(theirs.row.owner.app_name, Some(format!("App {HELPER}")));

    // Once it has a name, that stands wherever it is told of.
    let _: Session = ines.ask("renameApp", helper_named(&mara, "Parcel helper")).await?;
    let is_named = |t: &ThreadView| t.row.owner.app_name.as_deref() == Some("Parcel helper");
    let named = ines.sees(&mara, "its name", is_named).await?;
    assert_eq!(named.handover(), Some("You passed this thread to Parcel helper"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn to_an_app_that_was_seen_there() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let before = ines.opens(&mara).await?;
    assert!(!before.composer.acts.contains(&ControlAct::PassToApp), "{:?}", before.composer.acts);
    the_helper_had_it(&world, &ines, &mara).await?;

    // Nobody named it yet: it goes by its id.
    offered_as(&ines, &mara, &format!("App {HELPER}")).await?;
    let _: Session = ines.ask("renameApp", helper_named(&mara, "Parcel helper")).await?;
    let ours = offered_as(&ines, &mara, "Parcel helper").await?;
    assert!(ours.composer.acts.contains(&ControlAct::PassToApp));
    assert_eq!(ours.note(), Some("Yours"));
    assert!(
        ours.composer.pass_to.iter().all(|target| target.app != teabot().as_str()),
        "it has an act of its own"
    );

    ines.passes(ControlAct::PassToApp, Some(HELPER), "Back to you", &mara).await?;

    let told = |t: &ThreadView| t.held_by() == OwnerKind::Other && t.note().is_some();
    let theirs = ines.sees(&mara, "that app in charge, and the note", told).await?;
    assert_eq!(theirs.handover(), Some("You passed this thread to Parcel helper"));
    assert_eq!(theirs.note(), Some("Back to you"));
    assert_eq!(last_pass(&world)?.params["target_app_id"], HELPER);

    let stranger = refusal(ines.passes(ControlAct::PassToApp, Some("42"), "", &mara).await)?;
    assert_eq!(stranger.code, CommandErrorCode::ControlUnavailable);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_meta_would_not_take_is_not_sent() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let composer = ines.composer(&mara).await?;
    let most = usize::try_from(composer.note_max)?;

    let error = refusal(ines.passes(ControlAct::PassToInbox, None, &"x".repeat(most + 1), &mara).await)?;
    assert!(error.message.contains("999"), "{error:?}");
    // Meta counts as JavaScript does: an emoji is two.
    let error = refusal(ines.passes(ControlAct::PassToInbox, None, &"😀".repeat(500), &mara).await)?;
    assert!(error.message.contains("999"), "{error:?}");
    assert!(last_pass(&world).is_err());

    ines.passes(ControlAct::PassToInbox, None, &"x".repeat(most), &mara).await?;
    ines.sees(&mara, "Meta's inbox in charge", |t| t.held_by() == OwnerKind::MetaInbox).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_which_setting_an_administrator_has_to_change_and_where() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.does(ControlAct::PassToDefault, &mara).await?;
    ines.sees(&mara, "the bot in charge", |t| t.held_by() == OwnerKind::Other).await?;
    let mode = RoutingMode::On { default_app: teabot(), may_take: Vec::new() };
    world.meta().set_routing(&NORTHWIND_TEA.id(), &mode)?;

    let error = refusal(ines.does(ControlAct::Take, &mara).await)?;

    assert_eq!(error.code, CommandErrorCode::ControlUnavailable);
    assert!(error.action.contains("allow Baton to take control"), "{error:?}");
    assert_eq!(
        error.link.as_deref(),
        Some("https://www.facebook.com/settings?tab=msgr_conversation_routing")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_that_meta_refuses_for_the_account_is_not_offered_until_it_may_work_again()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.does(ControlAct::PassToDefault, &mara).await?;
    ines.sees(&mara, "a take on offer", |t| t.composer.acts.contains(&ControlAct::Take)).await?;
    let routing = |may_take| RoutingMode::On { default_app: teabot(), may_take };
    world.meta().set_routing(&NORTHWIND_TEA.id(), &routing(Vec::new()))?;
    refusal(ines.does(ControlAct::Take, &mara).await)?;

    let thread = ines
        .sees(&mara, "no take on offer", |t| {
            t.held_by() == OwnerKind::Other
                && !t.composer.acts.contains(&ControlAct::Take)
                && t.composer.send == SendMode::Blocked
        })
        .await?;
    let words = thread.composer.words.clone().context("nothing says why")?;
    assert!(words.what.contains("does not let Baton take control"), "{words:?}");
    let takes = our_takes(&world);
    let error = refusal(ines.does(ControlAct::Take, &mara).await)?;
    assert!(error.action.contains("Settings, Accounts"), "{error:?}");
    assert!(error.link.is_some(), "the setting has its address: {error:?}");
    assert_eq!(our_takes(&world), takes, "Meta is not asked again for what it refuses");

    world.meta().set_routing(&NORTHWIND_TEA.id(), &routing(vec![world.meta().app_id()]))?;
    let account = NORTHWIND_TEA.id().to_string();
    let _checked: Session = ines.ask("checkAccount", AccountName { account }).await?;
    ines.sees(&mara, "a take on offer again", |t| t.composer.send == SendMode::TakeAndSend).await?;
    ines.does(ControlAct::Take, &mara).await?;
    ines.sees(&mara, "it ours", |t| t.held_by() == OwnerKind::Ours).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_and_the_customer_say_to_each_other_is_seen_and_marked() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.does(ControlAct::PassToDefault, &mara).await?;
    ines.sees(&mara, "the bot in charge", |t| t.held_by() == OwnerKind::Other).await?;

    mara.writes("Still there?")?;
    let body =
        json!({"recipient": {"id": mara.id()}, "messaging_type": "RESPONSE", "message": {"text": "I am!"}});
    let (status, answer) = world.bot_calls_graph(NORTHWIND_TEA, "/me/messages", &body).await?;
    anyhow::ensure!(status == 200, "{answer}");

    let thread = ines
        .sees(&mara, "both", |t| t.says(Author::Customer, "Still there?") && t.says(Author::App, "I am!"))
        .await?;
    for text in ["Still there?", "I am!"] {
        let message = thread.message(text).context("it is gone")?;
        assert!(message.standby, "{text}");
    }
    assert!(!thread.row.needs_reply);
    Ok(())
}

/// The answer of an automatic flow of questions is no ordinary refusal: nobody did anything wrong, and it ends by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_flow_of_questions_has_its_own_words_and_can_be_ended() -> anyhow::Result<()> {
    const REPLY: &str = "I can help you myself.";
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let flow = baton_messenger::id::LEAD_BOT;
    world.meta().seize(&mara.account(), mara.id(), Some(&flow.into()))?;
    world.goes_wrong(Fault { field: Some("standby".into()), ..Fault::always(Effect::WebhookDropped) })?;

    ines.answers(&mara, REPLY).await?;

    let thread = ines
        .sees(&mara, "the text again, and the questions", |t| {
            t.composer.draft == REPLY && t.held_by() == OwnerKind::QuestionFlow
        })
        .await?;
    let words = thread.composer.draft_words.clone().context("no words")?;
    assert!(words.what.contains("flow of questions"), "{words:?}");
    assert!(words.action.contains("answered the questions"), "{words:?}");
    assert_eq!(
        thread.handover(),
        Some("A reply was refused because an automatic flow of questions runs here")
    );
    assert!(thread.composer.acts.contains(&ControlAct::Take), "{:?}", thread.composer.acts);

    ines.does(ControlAct::Take, &mara).await?;
    ines.sees(&mara, "that it is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    Ok(())
}
