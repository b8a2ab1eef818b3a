//! The old handover protocol (`hop_v2`): a primary receiver that takes and has what nobody holds, and secondary ones that
//! ask (docs/meta.md 5).

use baton_commands::contract::composer::SendMode;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::{SendState, ThreadView};
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_protocol::account::RoutingMode as Routing;
use baton_simulator::RoutingMode;
use baton_support::people::teabot;
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, INES, MARA, NORTHWIND_TEA, TEABOT, World};
use serde_json::json;

const ASKS: &str = "Where is my parcel?";
const REPLY: &str = "It is at the depot.";
/// What our app may do with a thread of its own.
const OWN: &[ControlAct] = &[ControlAct::PassToDefault, ControlAct::PassToInbox, ControlAct::Release];

#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    We,
    TheBot,
}

fn roles(world: &World, first: First) -> anyhow::Result<()> {
    let (ours, bot) = (world.meta().app_id(), teabot());
    let (primary, secondary) = if first == First::We { (ours, bot) } else { (bot, ours) };
    let mode = RoutingMode::HopV2 { primary, secondary: vec![secondary] };
    Ok(world.meta().set_routing(&NORTHWIND_TEA.id(), &mode)?)
}

/// Ines serves Northwind Tea, which still uses the old protocol. Meta has told our app its role, unless it was told before
/// the Page was connected, which is not heard.
async fn begin(first: First, told: bool) -> anyhow::Result<(World, TestDesk, Customer)> {
    let world = World::begin().await?;
    roles(&world, first)?;
    let ines = world.new_desk(INES).await?;
    ines.enrols(&world.relay_address(), &world.invites(INES, &[NORTHWIND_TEA]).await?).await?;
    ines.connects(NORTHWIND_TEA, &world.page_token(NORTHWIND_TEA)?).await?;
    ines.knows_the_bot_under(NORTHWIND_TEA, Routing::HopV2).await?;
    if told {
        roles(&world, first)?;
    }
    let mara = world.customer(MARA)?;
    Ok((world, ines, mara))
}

async fn offers(
    desk: &TestDesk,
    customer: &Customer,
    owner: OwnerKind,
    acts: &[ControlAct],
) -> anyhow::Result<ThreadView> {
    let what = format!("it {owner:?}, with {acts:?}");
    desk.sees(customer, &what, |t| t.held_by() == owner && t.composer.acts == acts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn as_the_first_receiver_we_get_what_nobody_holds_and_pass_and_take() -> anyhow::Result<()> {
    let (world, ines, mara) = begin(First::We, true).await?;
    mara.writes(ASKS)?;
    let ours = offers(&ines, &mara, OwnerKind::Ours, OWN).await?;
    assert_eq!(ours.composer.send, SendMode::Send);
    assert!(ours.row.needs_reply);

    ines.does(ControlAct::PassToDefault, &mara).await?;
    let bots = offers(&ines, &mara, OwnerKind::Other, &[ControlAct::Take]).await?;
    assert_eq!(bots.composer.send, SendMode::TakeAndSend);
    assert_eq!(
        (bots.row.owner.app_name.as_deref(), mara.held_by()?.as_deref()),
        (Some(TEABOT), Some(TEABOT))
    );
    assert!(!bots.row.needs_reply);

    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    ines.sees(&mara, "it sent, and ours again", |t| {
        t.stands(REPLY, SendState::Sent) && t.held_by() == OwnerKind::Ours
    })
    .await?;

    // A day later nobody holds it, which makes it ours as soon as the customer writes.
    world.moves_clock(30);
    let idle = [ControlAct::PassToDefault, ControlAct::PassToInbox];
    offers(&ines, &mara, OwnerKind::Idle, &idle).await?;
    mara.writes("And now?")?;
    offers(&ines, &mara, OwnerKind::Ours, OWN).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_another_app_is_told_and_moves_nothing() -> anyhow::Result<()> {
    let (world, ines, mara) = begin(First::We, true).await?;
    mara.writes(ASKS)?;
    offers(&ines, &mara, OwnerKind::Ours, OWN).await?;

    let body = json!({"recipient": {"id": mara.id()}, "metadata": "I know this order"});
    let (status, answer) = world.bot_calls_graph(NORTHWIND_TEA, "/me/request_thread_control", &body).await?;
    assert_eq!(status, 200, "{answer}");

    let thread =
        ines.sees(&mara, "the request", |t| t.handover() == Some("Teabot asks for this thread")).await?;
    assert_eq!((thread.note(), thread.held_by()), (Some("I know this order"), OwnerKind::Ours));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn as_another_receiver_we_ask_and_answer_once_we_were_given_it() -> anyhow::Result<()> {
    let (world, ines, mara) = begin(First::TheBot, true).await?;
    mara.writes(ASKS)?;
    let bots = offers(&ines, &mara, OwnerKind::Other, &[ControlAct::Request]).await?;
    assert_eq!(bots.composer.send, SendMode::Blocked);
    let words = bots.composer.words.clone().unwrap_or_else(|| panic!("{}", bots.transcript()));
    assert!(words.action.contains("Ask for control"), "{words:?}");
    let error = refusal(ines.does(ControlAct::Take, &mara).await)?;
    assert_eq!(error.code, CommandErrorCode::ControlUnavailable);
    assert!(error.action.contains("Ask for the thread"), "{error:?}");

    ines.does(ControlAct::Request, &mara).await?;
    let asked = ines
        .sees(&mara, "that it was asked for", |t| t.handover().is_some_and(|l| l.contains("ask for")))
        .await?;
    assert_eq!((asked.handover(), asked.held_by()), (Some("You ask for this thread"), OwnerKind::Other));

    let body =
        json!({"recipient": {"id": mara.id()}, "target_app_id": world.meta().app_id(), "metadata": "Yours"});
    let (status, answer) = world.bot_calls_graph(NORTHWIND_TEA, "/me/pass_thread_control", &body).await?;
    assert_eq!(status, 200, "{answer}");
    let ours = offers(&ines, &mara, OwnerKind::Ours, OWN).await?;
    assert_eq!((ours.note(), ours.composer.send), (Some("Yours"), SendMode::Send));
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;

    ines.does(ControlAct::Release, &mara).await?;
    let idle = offers(&ines, &mara, OwnerKind::Idle, &[ControlAct::Request]).await?;
    assert_eq!(idle.composer.send, SendMode::Blocked);
    mara.writes("Thank you")?;
    ines.sees(&mara, "that the bot has it", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(mara.held_by()?.as_deref(), Some(TEABOT));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_nobody_told_is_found_out_when_a_thread_is_opened() -> anyhow::Result<()> {
    for (first, acts) in [(First::We, ControlAct::Take), (First::TheBot, ControlAct::Request)] {
        let (world, ines, mara) = begin(first, false).await?;
        mara.writes(ASKS)?;
        if first == First::We {
            ines.sees(&mara, "it ours", |t| t.held_by() == OwnerKind::Ours).await?;
            world.meta().seize(&mara.account(), mara.id(), Some(&teabot()))?;
            mara.writes("Anybody?")?;
        }
        offers(&ines, &mara, OwnerKind::Other, &[acts]).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_roles_change_so_does_what_is_offered() -> anyhow::Result<()> {
    let (world, ines, mara) = begin(First::TheBot, true).await?;
    mara.writes(ASKS)?;
    offers(&ines, &mara, OwnerKind::Other, &[ControlAct::Request]).await?;

    roles(&world, First::We)?;

    offers(&ines, &mara, OwnerKind::Other, &[ControlAct::Take]).await?;
    ines.does(ControlAct::Take, &mara).await?;
    offers(&ines, &mara, OwnerKind::Ours, OWN).await?;
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));
    Ok(())
}

/// What the desk knows of the other apps of Northwind Tea.
fn bot_is_called(session: &Session) -> Option<&str> {
    let tea = session.accounts.iter().find(|account| account.id == NORTHWIND_TEA.id().as_str())?;
    tea.apps.iter().find(|app| app.app == teabot().as_str())?.name.as_deref()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_tells_of_the_names_of_other_apps_is_kept_for_the_team() -> anyhow::Result<()> {
    let world = World::begin().await?;
    roles(&world, First::We)?;
    let ines = world.new_desk(INES).await?;
    ines.enrols(&world.relay_address(), &world.invites(INES, &[NORTHWIND_TEA]).await?).await?;
    ines.connects(NORTHWIND_TEA, &world.page_token(NORTHWIND_TEA)?).await?;
    let mara = world.customer(MARA)?;
    mara.writes(ASKS)?;
    ines.sees(&mara, "her question", |t| t.row.needs_reply).await?;
    // Who holds a thread is asked when somebody opens it.
    ines.opens(&mara).await?;
    ines.finds("what Meta calls the bot", |session| bot_is_called(session) == Some(TEABOT)).await?;
    Ok(())
}
