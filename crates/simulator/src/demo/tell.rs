//! Puts a story into the world as the past of its customer.

use baton_messenger::{AccountId, AppId, CustomerId, Platform};

use super::stories::{Line, Side, Story, What};
use crate::bot::BOT_APP;
use crate::clock::DAY_MS;
use crate::files::{MadeKind, made};
use crate::world::acts::react::reaction;
use crate::world::acts::said::Thing;
use crate::world::thread::{self, Author, Manner, Message};
use crate::world::{NewPerson, World, new_mid};

/// Adds the customer, with everything that was said before the world began.
pub(super) fn tell(world: &mut World, story: &Story, desk_app: &AppId, now_ms: i64) {
    let account = AccountId::from(story.page);
    let Ok(platform) = world.account(&account).map(|account| account.platform) else { return };
    let Some(customer) = introduce(world, story) else { return };
    let mut past = Vec::with_capacity(story.said.len());
    for line in story.said {
        past.push(message(world, platform, line, desk_app, now_ms));
    }
    world.remember(&account, &customer, past);
}

/// Adds the customer.
pub(super) fn introduce(world: &mut World, story: &Story) -> Option<CustomerId> {
    let person = NewPerson {
        id: Some(CustomerId::from(story.psid)),
        first_name: story.first_name.to_owned(),
        last_name: story.last_name.to_owned(),
        username: None,
        locale: story.locale.to_owned(),
        gender: story.gender.to_owned(),
        timezone: story.timezone,
    };
    world.add_customer(&AccountId::from(story.page), person).ok()
}

fn message(world: &mut World, platform: Platform, line: &Line, desk_app: &AppId, now_ms: i64) -> Message {
    let author = match line.side {
        Side::Customer => Author::Customer,
        Side::Bot => Author::App(AppId::from(BOT_APP)),
        Side::Desk => Author::App(desk_app.clone()),
    };
    let at_ms = now_ms - i64::from(line.minutes_ago) * 60_000;
    let mut message = Message::blank(new_mid(platform), at_ms, author);
    if line.side != Side::Customer {
        message.manner = Some(Manner { messaging_type: "RESPONSE".into(), tag: None });
    }
    match line.what {
        What::Picture => message.attachments = world.attach(&Thing::Image, at_ms),
        What::Words(text) => message.text = Some(text.into()),
        What::Loved(text) => {
            message.text = Some(text.into());
            message.reaction = Some(reaction(platform, "love"));
        }
        What::AboutStory(text) => {
            message.text = Some(text.into());
            let file = world.files.add(made(MadeKind::Image).until(at_ms + DAY_MS));
            message.story =
                Some(thread::Story { id: world.new_number(18_000_000_000_000_000).to_string(), file });
        }
    }
    message
}
