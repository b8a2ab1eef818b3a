//! An account with routing off: any connected app may answer; there is nothing to take or give, and nothing lapses.

use anyhow::Context as _;
use baton_commands::contract::account::{CountAnswers, RenameApp};
use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::{Author, SendState};
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_protocol::enrol::Role;
use baton_support::people::teabot;
use baton_support::world::Seen as _;
use baton_support::world::desk::refusal;
use baton_support::{INES, JONAS, KITE_AND_CO, SAMIR, World};

#[tokio::test(flavor = "multi_thread")]
async fn any_app_may_answer_and_control_is_not_offered() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;

    samir.writes("Do you repair kites?")?;

    let thread = jonas
        .sees(&samir, "his question", |t| {
            t.says(Author::Customer, "Do you repair kites?") && t.held_by() == OwnerKind::Unmanaged
        })
        .await?;
    assert_eq!(thread.row.owner.until_ms, None);
    assert_eq!((thread.composer.verdict, thread.composer.send), (Verdict::Plain, SendMode::Send));
    assert_eq!(thread.composer.acts, []);

    jonas.answers(&samir, "We do, bring it in.").await?;
    samir.gets("We do, bring it in.").await?;
    jonas.sees(&samir, "it sent", |t| t.stands("We do, bring it in.", SendState::Sent)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reply_leaves_without_taking_anything() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    jonas.says_late_replies_are_approved(KITE_AND_CO).await?;
    samir.writes("Do you repair kites?")?;
    jonas.sees(&samir, "his question", |t| t.says(Author::Customer, "Do you repair kites?")).await?;

    world.moves_clock(30);

    let thread = jonas.sees(&samir, "late", |t| t.composer.verdict == Verdict::HumanAgent).await?;
    assert_eq!(thread.held_by(), OwnerKind::Unmanaged);
    assert_eq!(thread.composer.send, SendMode::Send);
    jonas.answers(&samir, "Sorry for the wait. We do.").await?;
    let arrived = samir.gets("Sorry for the wait. We do.").await?;
    assert_eq!(arrived.tag.as_deref(), Some("HUMAN_AGENT"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_control_all_the_same_is_told_why_not_and_meta_is_not_called() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    samir.writes("Do you repair kites?")?;
    jonas.sees(&samir, "his question", |t| t.says(Author::Customer, "Do you repair kites?")).await?;

    for act in [
        ControlAct::Take,
        ControlAct::PassToDefault,
        ControlAct::PassToInbox,
        ControlAct::Release,
        ControlAct::Request,
        ControlAct::Extend,
    ] {
        let error = refusal(jonas.does(act, &samir).await)?;
        assert_eq!(error.code, CommandErrorCode::ControlUnavailable, "{act:?}");
        assert!(error.message.contains("any connected app may answer"), "{act:?}: {}", error.message);
        assert!(!error.action.is_empty());
    }
    let control = |call: &baton_simulator::Call| call.path.ends_with("_thread_control");
    assert!(!world.meta().calls().iter().any(control));
    Ok(())
}

/// A campaign may give a thread to one app even here: then a reply comes back, and what is said can be done.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_another_app_keeps_out_comes_back_and_the_app_can_be_asked() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    samir.writes("Do you repair kites?")?;
    jonas.sees(&samir, "his question", |t| t.says(Author::Customer, "Do you repair kites?")).await?;
    world.meta().seize(&samir.account(), samir.id(), Some(&teabot()))?;

    jonas.answers(&samir, "We do, bring it in.").await?;

    let thread = jonas.sees(&samir, "the text again", |t| t.composer.draft == "We do, bring it in.").await?;
    let words = thread.composer.draft_words.context("no words")?;
    assert!(words.what.contains("another app"), "{words:?}");
    assert!(words.action.contains("Ask for the thread"), "{words:?}");
    assert_eq!(samir.got("We do, bring it in.")?, 0);

    let given = jonas.sees(&samir, "who keeps it out", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!((given.composer.send, &*given.composer.acts), (SendMode::Blocked, &[ControlAct::Request][..]));
    jonas.does(ControlAct::Request, &samir).await?;
    let to_us = serde_json::json!({"recipient": {"id": samir.id()}, "target_app_id": world.meta().app_id(),
        "metadata": "He has a red kite"});
    let (status, answer) = world.bot_calls_graph(KITE_AND_CO, "/me/pass_thread_control", &to_us).await?;
    anyhow::ensure!(status == 200, "{answer}");
    let ours = jonas.sees(&samir, "that it is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    assert_eq!(ours.note(), Some("He has a red kite"));
    assert!(ours.composer.acts.contains(&ControlAct::Release), "{:?}", ours.composer.acts);
    jonas.answers(&samir, "We do, bring it in.").await?;
    samir.gets("We do, bring it in.").await?;

    jonas.does(ControlAct::Release, &samir).await?;
    jonas.sees(&samir, "that any app may answer", |t| t.held_by() == OwnerKind::Unmanaged).await?;
    assert_eq!(samir.held_by()?, None);
    Ok(())
}

/// No event tells of it, and nobody sent anything: Meta is asked when the thread is opened.
#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_took_a_thread_in_silence_is_seen_when_it_is_opened() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    samir.writes("Do you repair kites?")?;
    world.meta().seize(&samir.account(), samir.id(), Some(&teabot()))?;

    let given = jonas.sees(&samir, "that another app has it", |t| t.held_by() == OwnerKind::Other).await?;

    assert_eq!((given.composer.send, &*given.composer.acts), (SendMode::Blocked, &[ControlAct::Request][..]));
    assert_eq!(world.our_sends().len(), 0);
    Ok(())
}

/// A colleague answers in Meta's own inbox, and no app holds anything: that is a person's answer all the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_from_metas_inbox_is_marked_and_nobody_waits_any_more() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    samir.writes("Do you repair kites?")?;
    jonas.sees(&samir, "that he waits", |t| t.row.needs_reply).await?;

    world.meta().inbox_answers(&samir.account(), samir.id(), "We do, says the office.", false)?;

    let thread = jonas
        .sees(&samir, "the colleague's answer", |t| t.says(Author::Inbox, "We do, says the office."))
        .await?;
    assert!(!thread.row.needs_reply, "{}", thread.transcript());
    assert_eq!((thread.row.waiting_since_ms, thread.held_by()), (None, OwnerKind::Unmanaged));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_nobody_named_is_seen_and_an_administrator_names_it_for_the_team() -> anyhow::Result<()> {
    const ANSWER: &str = "Your kite is ready.";
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let ines = world.invited_desk(INES, &[KITE_AND_CO], Role::Agent).await?;
    let samir = world.customer(SAMIR)?;
    samir.writes("Is my kite ready?")?;
    let body = serde_json::json!({"recipient": {"id": samir.id().as_str()}, "messaging_type": "RESPONSE",
        "message": {"text": ANSWER}});
    let (status, answer) = world.bot_calls_graph(KITE_AND_CO, "/me/messages", &body).await?;
    anyhow::ensure!(status == 200, "{answer}");

    let app = |session: &Session| {
        let kite = session.accounts.iter().find(|account| account.id == KITE_AND_CO.id().as_str())?;
        kite.apps.iter().find(|app| app.app == teabot().as_str()).cloned()
    };
    let seen = |session: &Session| app(session).is_some_and(|app| app.name.is_none());
    jonas.finds("an app without a name", seen).await?;
    ines.finds("the same", seen).await?;

    let asked = RenameApp {
        account: KITE_AND_CO.id().to_string(),
        app: teabot().to_string(),
        name: "  Kite   helper ".to_owned(),
    };
    let refused = refusal(ines.ask::<Session>("renameApp", asked.clone()).await)?;
    assert!(refused.message.contains("admin"), "{refused:?}");
    let _: Session = jonas.ask("renameApp", asked).await?;

    let named =
        |session: &Session| app(session).is_some_and(|app| app.name.as_deref() == Some("Kite helper"));
    jonas.finds("the name", named).await?;
    ines.finds("the name too", named).await?;

    // The app's answer did not stop the waiting; where it counts as a person's, it does.
    let waits = ines.sees(&samir, "that he waits", |t| t.row.waiting_since_ms.is_some()).await?;
    assert!(waits.row.needs_reply);
    let count =
        |on: bool| CountAnswers { account: KITE_AND_CO.id().to_string(), app: teabot().to_string(), on };
    let refused = refusal(ines.ask::<Session>("countAnswers", count(true)).await)?;
    assert!(refused.message.contains("admin"), "{refused:?}");
    let _: Session = jonas.ask("countAnswers", count(true)).await?;
    ines.sees(&samir, "that he waits no more", |t| t.row.waiting_since_ms.is_none()).await?;
    let counted = |session: &Session| {
        app(session).is_some_and(|app| app.answers_count && app.name.as_deref() == Some("Kite helper"))
    };
    jonas.finds("that they count, and the name as it was", counted).await?;
    let _: Session = jonas.ask("countAnswers", count(false)).await?;
    ines.sees(&samir, "that he waits again", |t| t.row.waiting_since_ms.is_some()).await?;
    Ok(())
}
