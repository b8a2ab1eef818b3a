//! The thread goes from hand to hand.

use baton_commands::contract::composer::SendMode;
use baton_commands::contract::thread::{Author, SendState};
use baton_commands::contract::{Channel, ControlAct, OwnerKind};
use baton_support::world::Seen as _;
use baton_support::{AYUMI, INES, NORTHWIND_ON_INSTAGRAM, TEABOT, World};

use super::{ASKS, ayumi_is_passed_to_ines};
use crate::scene::BOT_FETCHES;

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_has_it_first_and_passes_it_on_with_a_note() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;

    let thread = ines.opens(&ayumi).await?;
    assert_eq!(thread.row.channel, Channel::Instagram);
    assert!(thread.says(Author::Customer, ASKS), "{}", thread.transcript());
    let asked = thread.message(ASKS).unwrap();
    assert!(asked.standby, "only listened to while the bot held it");
    // Meta does not say on Instagram which app sent a message.
    assert!(thread.says(Author::App, BOT_FETCHES), "{}", thread.transcript());
    assert_eq!(thread.handover(), Some("Teabot passed this thread to Baton"));
    assert!(thread.note().is_some_and(|note| note.starts_with("Asks for a person.")), "{:?}", thread.note());
    assert!(thread.row.owner.until_ms.is_some());
    assert!(thread.row.needs_reply);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_answered_passed_back_and_passed_to_instagrams_own_inbox() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    let ayumi = world.customer(AYUMI)?;
    ayumi.writes(ASKS)?;
    let bots = ines.sees(&ayumi, "that the bot holds it", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(bots.composer.send, SendMode::TakeAndSend);

    ines.answers(&ayumi, "We do, in three days.").await?;
    ayumi.gets("We do, in three days.").await?;
    ines.sees(&ayumi, "it sent, and ours", |t| {
        t.stands("We do, in three days.", SendState::Sent) && t.held_by() == OwnerKind::Ours
    })
    .await?;

    ines.does(ControlAct::PassToDefault, &ayumi).await?;
    ines.sees(&ayumi, "that the bot has it again", |t| t.held_by() == OwnerKind::Other).await?;
    assert_eq!(ayumi.held_by()?.as_deref(), Some(TEABOT));

    ines.does(ControlAct::Take, &ayumi).await?;
    ines.sees(&ayumi, "that it is ours again", |t| t.held_by() == OwnerKind::Ours).await?;
    ines.does(ControlAct::PassToInbox, &ayumi).await?;
    let thread =
        ines.sees(&ayumi, "that Meta's inbox has it", |t| t.held_by() == OwnerKind::MetaInbox).await?;
    assert_eq!(thread.row.owner.app_name.as_deref(), Some("Instagram inbox"));
    assert_eq!(thread.handover(), Some("You passed this thread to Instagram inbox"));
    let owner = ayumi.thread()?.owner.map(|owner| owner.app_id.to_string());
    assert_eq!(owner.as_deref(), Some("1217981644879628"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_answers_in_the_instagram_app() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;

    world.meta().inbox_answers(&ayumi.account(), ayumi.id(), "From the phone of the shop", false)?;

    let thread = ines
        .sees(&ayumi, "that Meta's inbox took it", |t| {
            t.held_by() == OwnerKind::MetaInbox && t.times("From the phone of the shop") == 1
        })
        .await?;
    assert_eq!(thread.handover(), Some("Instagram inbox took this thread from Baton"));
    assert!(!thread.row.needs_reply, "{}", thread.transcript());
    assert_eq!(thread.composer.send, SendMode::TakeAndSend);
    Ok(())
}
