//! The demo world: two Pages people can write to, one we may not message for, and customers with a past.
//!
//! The past exists in Graph only: it happened before anybody was subscribed, so no webhook ever told of it.

mod stories;

use baton_messenger::{AccountId, AppId, CustomerId, Platform};

use crate::admin::{NewPage, RoutingMode, add_page};
use crate::bot::BOT_APP;
use crate::world::thread::{Author, Manner, Message};
use crate::world::{NewPerson, World, new_mid};
use stories::{Side, Story};

/// The tea shop, with routing on and the bot as default app.
pub(crate) const TEA: &str = "104500000000011";
/// The kite shop, without routing.
pub(crate) const KITE: &str = "104500000000022";
const FERN: &str = "104500000000033";

/// Fills an empty world.
pub(crate) fn fill(world: &mut World, desk_app: &AppId, now_ms: i64) {
    add_accounts(world, desk_app, now_ms);
    for story in stories::STORIES {
        tell(world, story, desk_app, now_ms);
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
}

fn tell(world: &mut World, story: &Story, desk_app: &AppId, now_ms: i64) {
    let page = AccountId::from(story.page);
    let person = NewPerson {
        id: Some(CustomerId::from(story.psid)),
        first_name: story.first_name.to_owned(),
        last_name: story.last_name.to_owned(),
        username: None,
        locale: story.locale.to_owned(),
        gender: story.gender.to_owned(),
        timezone: story.timezone,
    };
    let Ok(customer) = world.add_customer(&page, person) else { return };
    let past = story.said.iter().map(|line| {
        let author = match line.side {
            Side::Customer => Author::Customer,
            Side::Bot => Author::App(AppId::from(BOT_APP)),
            Side::Desk => Author::App(desk_app.clone()),
        };
        let manner =
            (line.side != Side::Customer).then(|| Manner { messaging_type: "RESPONSE".into(), tag: None });
        let at_ms = now_ms - i64::from(line.minutes_ago) * 60_000;
        Message { manner, ..Message::text(new_mid(Platform::Messenger), at_ms, author, line.text) }
    });
    world.remember(&page, &customer, past.collect());
}
