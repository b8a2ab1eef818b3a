//! An app takes a thread and no event tells of it, as Meta's own AI agent does: a refused reply, Meta's answer when the
//! thread is opened, or what is heard then tells (docs/meta.md 5.5).

use baton_commands::contract::OwnerKind;
use baton_commands::contract::composer::SendMode;
use baton_commands::contract::thread::SendState;
use baton_commands::contract::threads::View;
use baton_simulator::{Call, CallKind, Effect, Fault, RoutingMode};
use baton_support::world::Seen as _;
use baton_support::{JONAS, NORTHWIND_TEA, wait};

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";
/// An app that nobody has heard of.
const STRANGER: &str = "990000000000077";

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reply_tells_and_comes_back_and_leaves_after_a_take() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.meta().seize(&mara.account(), mara.id(), Some(&STRANGER.into()))?;

    ines.answers(&mara, REPLY).await?;

    let thread = ines
        .sees(&mara, "the text again, and another app in charge", |t| {
            t.composer.draft == REPLY && t.held_by() == OwnerKind::Other
        })
        .await?;
    assert_eq!(thread.composer.send, SendMode::TakeAndSend);
    let words = thread.composer.draft_words.clone().unwrap();
    assert!(words.action.contains("Take control of the thread"), "{words:?}");
    assert_eq!(mara.got(REPLY)?, 0);

    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    ines.sees(&mara, "it sent, and ours", |t| {
        t.stands(REPLY, SendState::Sent) && t.held_by() == OwnerKind::Ours
    })
    .await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

/// A refusal does not tell who holds the thread; Meta does, to the default app.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_refusal_meta_is_asked_who_it_is() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let ours = world.meta().app_id();
    let mode = RoutingMode::On { default_app: ours.clone(), may_take: vec![ours] };
    world.meta().set_routing(&NORTHWIND_TEA.id(), &mode)?;
    world.meta().seize(&mara.account(), mara.id(), Some(&STRANGER.into()))?;

    ines.answers(&mara, REPLY).await?;

    let named = format!("App {STRANGER}");
    ines.sees(&mara, "which app it is", |t| {
        t.composer.draft == REPLY && t.row.owner.app_name.as_deref() == Some(&*named)
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn meta_is_asked_when_the_thread_is_opened() -> anyhow::Result<()> {
    let (world, _ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.has_read_all_of(&world, NORTHWIND_TEA).await?;
    world.meta().seize(&mara.account(), mara.id(), Some(&STRANGER.into()))?;
    let listed = jonas.threads(View::All).await?;
    assert_eq!(listed[0].owner.owner, OwnerKind::Ours, "nothing has told of it yet");

    let thread = jonas.sees(&mara, "that another app holds it", |t| t.held_by() == OwnerKind::Other).await?;

    assert_eq!(thread.handover(), Some("Meta says that another app holds this thread"));
    assert_eq!(thread.composer.send, SendMode::TakeAndSend);
    assert!(!thread.row.needs_reply, "it is not for us to answer now");
    Ok(())
}

/// Meta's AI agent took the thread, no event came, not even its notice, and Meta does not say which app holds it.
#[tokio::test(flavor = "multi_thread")]
async fn that_it_is_not_ours_tells_when_the_owner_has_no_name() -> anyhow::Result<()> {
    let (world, _ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.has_read_all_of(&world, NORTHWIND_TEA).await?;
    world.goes_wrong(Fault::always(Effect::WebhookDropped))?;
    let nameless = Effect::ReadRefused { error: "object_missing".to_owned() };
    world.goes_wrong(Fault { call: Some(CallKind::Owner), ..Fault::always(nameless) })?;
    world.meta().ai_agent_takes(&mara.account(), mara.id())?;
    let listed = jonas.threads(View::All).await?;
    assert_eq!(listed[0].owner.owner, OwnerKind::Ours, "nothing has told of it yet");

    let thread =
        jonas.sees(&mara, "that somebody else holds it", |t| t.held_by() == OwnerKind::Other).await?;

    assert_eq!(thread.handover(), Some("Meta says that another app holds this thread"));
    assert_eq!(thread.composer.send, SendMode::TakeAndSend);
    assert!(!thread.row.needs_reply, "it is not for us to answer now");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_is_ours_costs_one_question_however_often_it_is_opened() -> anyhow::Result<()> {
    let (world, _ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.has_read_all_of(&world, NORTHWIND_TEA).await?;
    let asked = || {
        let ours = world.meta().app_id();
        let is_it = |call: &&Call| {
            call.app_id.as_ref() == Some(&ours)
                && (call.path.ends_with("/thread_owner") || call.path.ends_with("/conversations"))
        };
        world.meta().calls().iter().filter(is_it).count()
    };
    let before = asked();

    jonas.sees(&mara, "that it is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    wait::until(
        "Meta to be asked",
        async || if asked() > before { Ok(()) } else { Err("not yet".to_owned()) },
    )
    .await?;

    wait::stays("one question", async || {
        jonas.opens(&mara).await.map_err(|error| error.to_string())?;
        match asked() - before {
            1 => Ok(()),
            more => Err(format!("{more} questions")),
        }
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ai_agents_own_words_tell() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;

    world.meta().ai_agent_takes(&mara.account(), mara.id())?;
    world.meta().ai_agent_answers(&mara.account(), mara.id(), "We open at nine.")?;

    let thread = ines
        .sees(&mara, "another app in charge", |t| {
            t.held_by() == OwnerKind::Other && t.times("We open at nine.") == 1
        })
        .await?;
    assert_eq!(thread.composer.send, SendMode::TakeAndSend);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_inbox_is_known_by_its_answer_when_its_event_is_lost() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let lost = Fault { field: Some("messaging_handovers".into()), ..Fault::always(Effect::WebhookDropped) };
    world.goes_wrong(lost)?;

    world.meta().inbox_answers(&mara.account(), mara.id(), "Answered from the Page inbox.", false)?;

    let thread = ines.sees(&mara, "Meta's inbox in charge", |t| t.held_by() == OwnerKind::MetaInbox).await?;
    assert!(!thread.row.needs_reply);
    Ok(())
}
