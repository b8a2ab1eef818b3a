//! The demo world: two Pages people can write to, one of them on Instagram too, one Page we may not message for, and
//! customers with a past.
//!
//! The past exists in Graph only: it happened before anybody was subscribed, so no webhook ever told of it.

mod on_instagram;
mod stories;
mod tell;

use baton_messenger::AppId;

use crate::admin::{NewInstagram, NewPage, RoutingMode, add_instagram, add_page};
use crate::world::World;

/// The tea shop, with routing on and the bot as default app.
pub(crate) const TEA: &str = "104500000000011";
/// The kite shop, without routing.
pub(crate) const KITE: &str = "104500000000022";
/// The kite shop on Instagram, without routing.
const KITE_ON_INSTAGRAM: &str = "17841400000000044";
const FERN: &str = "104500000000033";

/// Fills an empty world.
pub(crate) fn fill(world: &mut World, desk_app: &AppId, now_ms: i64) {
    add_accounts(world, desk_app, now_ms);
    for story in stories::STORIES.iter().chain(on_instagram::STORIES) {
        tell::tell(world, story, desk_app, now_ms);
    }
}

/// The same accounts and customers, of whom nobody has said anything yet.
pub(crate) fn fill_without_past(world: &mut World, desk_app: &AppId, now_ms: i64) {
    add_accounts(world, desk_app, now_ms);
    for story in stories::STORIES.iter().chain(on_instagram::STORIES) {
        tell::introduce(world, story);
    }
}

/// The accounts without their customers.
pub(crate) fn add_accounts(world: &mut World, desk_app: &AppId, now_ms: i64) {
    add_page(world, NewPage::with_bot(TEA, "Northwind Tea", desk_app), desk_app, now_ms);
    add_page(world, NewPage::without_routing(KITE, "Kite & Co"), desk_app, now_ms);
    let fern = NewPage {
        routing: RoutingMode::Off,
        may_message: false,
        ..NewPage::without_routing(FERN, "Fern & Field")
    };
    add_page(world, fern, desk_app, now_ms);
    let kite = NewInstagram {
        id: KITE_ON_INSTAGRAM.into(),
        name: "Kite & Co".to_owned(),
        username: "kiteandco".to_owned(),
        page_id: KITE.into(),
        routing: RoutingMode::Off,
        is_human_agent_approved: true,
    };
    // The Page is there, and has no other: nothing can refuse it.
    let _ = add_instagram(world, kite);
}
