//! A customer writes; the bot answers; then it passes the thread to people.

use baton_commands::contract::OwnerKind;
use baton_commands::contract::thread::Author;
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, TEABOT, World};

use crate::scene::{BOT_FETCHES, BOT_NOTES, MARA_ASKS, MARA_INSISTS, mara_is_passed_to_ines};

const BOT_ASKS: &str = "I can look that up. What is the number of your order?";

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_answers_and_the_desk_shows_both_as_they_happen() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;

    mara.writes("Where is my parcel?")?;

    let thread = ines
        .sees(&mara, "both messages and the name", |t| {
            t.says(Author::Customer, "Where is my parcel?")
                && t.says(Author::App, BOT_ASKS)
                && t.row.name == MARA
        })
        .await?;
    assert_eq!(thread.message(BOT_ASKS).unwrap().author_name, TEABOT);
    assert_eq!(thread.held_by(), OwnerKind::Other);
    assert_eq!(thread.row.owner.app_name.as_deref(), Some(TEABOT));
    assert!(thread.message("Where is my parcel?").unwrap().standby);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_passes_the_thread_with_a_note_and_it_is_ours_until_the_next_day() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;

    let thread = ines.opens(&mara).await?;

    assert!(thread.says(Author::Customer, MARA_ASKS) && thread.says(Author::Customer, MARA_INSISTS));
    assert!(thread.says(Author::App, BOT_FETCHES));
    assert_eq!(thread.note(), Some(BOT_NOTES));
    assert!(thread.handover().unwrap().contains(TEABOT), "{}", thread.transcript());
    let until_ms = thread.row.owner.until_ms.unwrap().0;
    let lapses_ms = mara.thread()?.owner.unwrap().expires_ms;
    assert!((until_ms - lapses_ms).abs() < 2_000, "we say {until_ms}, Meta {lapses_ms}");
    assert!(thread.row.needs_reply);
    Ok(())
}
