//! Where most stories begin: Ines at her desk, and Mara's thread in her hands.

use baton_commands::contract::OwnerKind;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, MARA, NORTHWIND_TEA, World};

pub const MARA_ASKS: &str = "My order 4412 is late since Friday, where is my parcel?";
pub const MARA_INSISTS: &str = "I want a person";
pub const BOT_FETCHES: &str = "One moment, I am getting somebody from the team.";
pub const BOT_NOTES: &str = "Order 4412, parcel late since Friday. Customer asked twice. Language: English.";

/// Ines serves Northwind Tea; Mara wrote and was passed on by the bot.
pub async fn mara_is_passed_to_ines() -> anyhow::Result<(World, TestDesk, Customer)> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    mara.writes(MARA_ASKS)?;
    mara.writes(MARA_INSISTS)?;
    ines.sees(&mara, "that the thread is ours", |t| {
        t.held_by() == OwnerKind::Ours && t.times(BOT_FETCHES) == 1
    })
    .await?;
    Ok((world, ines, mara))
}
