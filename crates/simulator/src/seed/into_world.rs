//! A made thread becomes part of the world, as its past.

use baton_messenger::{AppId, Platform};

use super::{SeededMessage, SeededThing, SeededThread, Voice};
use crate::bot::BOT_APP;
use crate::clock::DAY_MS;
use crate::world::acts::react::reaction;
use crate::world::acts::said::{StickerForm, Thing};
use crate::world::ownership;
use crate::world::refusals::Refusal;
use crate::world::thread::{Author, Manner, Message, ReplyTo};
use crate::world::{NewPerson, World};

/// Puts one thread into the world. A thread that the team answered within the last day is the team's.
///
/// # Errors
/// The world has no such account.
pub(crate) fn settle(
    world: &mut World,
    thread: SeededThread,
    desk_app: &AppId,
    now_ms: i64,
) -> Result<(), Refusal> {
    let person = NewPerson {
        id: Some(thread.person.id),
        first_name: thread.person.first,
        last_name: thread.person.last,
        username: None,
        locale: thread.person.locale,
        gender: "neutral".into(),
        timezone: thread.person.timezone,
    };
    let customer = world.add_customer(&thread.account, person)?;
    let answered_ms = thread.said.iter().rev().find(|m| m.by == Voice::Team).map(|m| now_ms - m.ago_ms);
    let platform = world.account(&thread.account)?.platform;
    let sides: Vec<_> = thread.said.iter().map(|m| (m.mid.clone(), m.by == Voice::Customer)).collect();
    let mut past = Vec::with_capacity(thread.said.len());
    for (at, message) in thread.said.into_iter().enumerate() {
        let answered = message.replies_back.and_then(|back| sides.get(at.checked_sub(back as usize)?));
        let is_customers = message.by == Voice::Customer;
        let reply_to = answered.map(|(mid, of_customer)| ReplyTo {
            mid: mid.clone(),
            is_self_reply: *of_customer == is_customers,
        });
        let thing = message.thing.map(|thing| world.attach(&thing.into(), now_ms));
        let remembered = remembered(message, platform, desk_app, now_ms);
        past.push(Message { reply_to, attachments: thing.unwrap_or_default(), ..remembered });
    }
    world.remember(&thread.account, &customer, past);
    let routing_on = world.account(&thread.account)?.routing.is_on();
    let thread = world.thread_mut(&thread.account, &customer)?;
    if let Some(answered_ms) = answered_ms.filter(|ms| routing_on && now_ms - ms < DAY_MS) {
        thread.control = ownership::owned(desk_app, answered_ms);
    }
    Ok(())
}

fn remembered(message: SeededMessage, platform: Platform, desk_app: &AppId, now_ms: i64) -> Message {
    let author = match message.by {
        Voice::Customer => Author::Customer,
        Voice::Bot => Author::App(AppId::from(BOT_APP)),
        Voice::Team => Author::App(desk_app.clone()),
    };
    let manner =
        (author != Author::Customer).then(|| Manner { messaging_type: "RESPONSE".into(), tag: None });
    let at_ms = now_ms - message.ago_ms;
    let felt = message.reaction.as_deref().map(|name| reaction(platform, name));
    let from_customer = author == Author::Customer;
    let (page_reaction, reaction) = if from_customer { (felt, None) } else { (None, felt) };
    Message {
        text: message.text,
        manner,
        reaction,
        page_reaction,
        ..Message::text(message.mid, at_ms, author, "")
    }
}

impl From<SeededThing> for Thing {
    fn from(thing: SeededThing) -> Self {
        match thing {
            SeededThing::Image => Self::Image,
            SeededThing::Video => Self::Video,
            SeededThing::Audio => Self::Audio,
            SeededThing::File => Self::File { name: None },
            SeededThing::Sticker => Self::Sticker { id: None, form: StickerForm::Sticker },
        }
    }
}
