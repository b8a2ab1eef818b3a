//! Northwind Tea on Instagram, and how it differs from Messenger (docs/meta.md 2.7, 8): echoes name nobody, reading is told
//! by message and receiving not at all, a message can be taken back, and some of what arrives cannot be shown.

mod announced;
mod files;
mod hands;
mod history;
mod late;
mod replies;
mod said;

use baton_commands::contract::OwnerKind;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{AYUMI, Customer, INES, NORTHWIND_ON_INSTAGRAM, World};

use crate::scene::{BOT_FETCHES, MARA_INSISTS as INSISTS};

pub(crate) const ASKS: &str = "Do you ship to Austria?";

/// Ines serves Northwind Tea on Instagram; Ayumi wrote there and was passed on by the bot.
pub(crate) async fn ayumi_is_passed_to_ines() -> anyhow::Result<(World, TestDesk, Customer)> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    let ayumi = world.customer(AYUMI)?;
    ayumi.writes(ASKS)?;
    ayumi.writes(INSISTS)?;
    ines.sees(&ayumi, "that the thread is ours", |t| {
        t.held_by() == OwnerKind::Ours && t.times(BOT_FETCHES) == 1
    })
    .await?;
    Ok((world, ines, ayumi))
}
