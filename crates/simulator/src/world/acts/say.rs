//! The customer says something (docs/meta.md 2.6.1 to 2.6.9, 2.7.1 to 2.7.9).

use baton_messenger::{AccountId, CustomerId, Mid, Platform};
use serde_json::json;

use super::said::{Said, Telling, Thing};
use crate::clock::DAY_MS;
use crate::files::{MadeKind, made};
use crate::world::refusals::Refusal;
use crate::world::thread::{Author, Message, Story};
use crate::world::topic::Topic;
use crate::world::webhook_out::{Happening, Shape};
use crate::world::{World, new_mid};

impl World {
    /// The customer says something. Files are made, the window opens, control moves, webhooks go out.
    pub fn customer_says(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        said: &Said,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let platform = self.account(account)?.platform;
        self.thread(account, customer)?;
        check(platform, said)?;
        let message = self.message_of(account, customer, platform, said, now_ms)?;
        let mid = message.mid.clone();
        let at_ms = self.take_in(account, customer, message, now_ms)?;
        match said.telling {
            Telling::Usual => self.publish_newest(account, customer, Topic::Messages),
            Telling::EditZero => {
                self.publish_edit_zero(account, customer, &mid, at_ms);
                None
            }
            Telling::EditZeroThenUsual => {
                self.publish_edit_zero(account, customer, &mid, at_ms);
                self.publish_newest(account, customer, Topic::Messages)
            }
            Telling::Silent => None,
        };
        Ok(mid)
    }

    fn message_of(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        platform: Platform,
        said: &Said,
        now_ms: i64,
    ) -> Result<Message, Refusal> {
        let author = Author::Customer;
        let reply_to = match &said.reply_to {
            Some(mid) => Some(self.thread(account, customer)?.reply_to(mid, &author)),
            None => None,
        };
        let mut message = Message::blank(new_mid(platform), now_ms, author);
        message.reply_to = reply_to;
        message.is_unsupported = said.is_unsupported;
        if said.is_unsupported {
            return Ok(message);
        }
        message.text.clone_from(&said.text);
        for thing in &said.things {
            message.attachments.extend(self.attach(thing, now_ms));
        }
        message.chosen.clone_from(&said.quick_reply);
        message.commands.clone_from(&said.commands);
        message.referral.clone_from(&said.referral);
        if said.answers_story {
            let file = self.files.add(made(MadeKind::Image).until(now_ms + DAY_MS));
            message.story = Some(Story { id: self.new_number(18_000_000_000_000_000).to_string(), file });
        }
        Ok(message)
    }

    fn publish_edit_zero(&mut self, account: &AccountId, customer: &CustomerId, mid: &Mid, at_ms: i64) {
        let detail = json!({"mid": mid.as_str(), "num_edit": 0});
        let what = Happening {
            shape: Shape { without_people: true, ..Shape::default() },
            ..Happening::by_customer(Topic::Edits, "message_edit", detail, at_ms)
        };
        self.publish(account, customer, &what);
    }
}

fn check(platform: Platform, said: &Said) -> Result<(), Refusal> {
    let has_words = said.text.as_ref().is_some_and(|text| !text.trim().is_empty());
    if !has_words && said.things.is_empty() && !said.is_unsupported {
        return Err(Refusal::bad_parameter("A customer cannot send an empty message."));
    }
    let only = |on: Platform, what: &str| {
        if platform == on {
            Ok(())
        } else {
            Err(Refusal::bad_parameter(format!("There is no {what} on this platform.")))
        }
    };
    if said.answers_story {
        only(Platform::Instagram, "answer to a story")?;
    }
    if matches!(said.telling, Telling::EditZero | Telling::EditZeroThenUsual) {
        only(Platform::Instagram, "edit with the number 0")?;
    }
    if !said.commands.is_empty() {
        only(Platform::Messenger, "command")?;
    }
    for thing in &said.things {
        match thing {
            Thing::Location { .. } => only(Platform::Messenger, "place")?,
            Thing::Link { .. } | Thing::UnknownShare => only(Platform::Messenger, "link preview")?,
            Thing::Post { .. } | Thing::Reel { .. } => only(Platform::Messenger, "share from Facebook")?,
            Thing::Product { .. } => only(Platform::Messenger, "product")?,
            Thing::Appointment { .. } => only(Platform::Messenger, "appointment")?,
            Thing::Share => only(Platform::Instagram, "older share")?,
            Thing::StoryMention => only(Platform::Instagram, "mention in a story")?,
            Thing::Ephemeral => only(Platform::Instagram, "picture that disappears")?,
            Thing::Image
            | Thing::Animation
            | Thing::Video
            | Thing::Audio
            | Thing::File { .. }
            | Thing::Sticker { .. }
            | Thing::IgPost { .. }
            | Thing::IgReel { .. } => {}
        }
    }
    Ok(())
}
