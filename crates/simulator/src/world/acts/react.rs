//! Reactions of the customer (docs/meta.md 2.6.12, 2.7.11).

use baton_messenger::{AccountId, CustomerId, Mid, Platform};
use serde_json::{Map, Value};

use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::thread::Reaction;
use crate::world::topic::Topic;

impl World {
    /// The customer reacts to a message, or takes the reaction back (`None`). A reaction opens the window.
    pub fn customer_reacts(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        name: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let platform = self.account(account)?.platform;
        let thread = self.thread_mut(account, customer)?;
        let message = thread.message_mut(mid).filter(|m| !m.is_deleted);
        let message = message.ok_or_else(|| Refusal::of("message_too_old"))?;
        let reaction = name.map(|name| reaction(platform, name));
        message.reaction.clone_from(&reaction);
        let mut detail = Map::new();
        detail.insert("action".into(), if reaction.is_some() { "react" } else { "unreact" }.into());
        if let Some(reaction) = reaction {
            thread.window_opened_ms = Some(now_ms);
            detail.insert("reaction".into(), reaction.name.into());
            detail.insert("emoji".into(), reaction.emoji.into());
        }
        detail.insert("mid".into(), mid.as_str().into());
        let detail = Value::Object(detail);
        self.publish_act(account, customer, Topic::Reactions, "reaction", detail, now_ms);
        Ok(())
    }
}

/// The reaction with this name; an emoji, or a name that the platform does not know, is `other`.
pub(crate) fn reaction(platform: Platform, name: &str) -> Reaction {
    let known = match (platform, name) {
        (_, "angry") => Some("😠"),
        (_, "sad") => Some("😢"),
        (_, "wow") => Some("😮"),
        (_, "love") => Some("❤️"),
        (_, "like") => Some("👍"),
        (Platform::Messenger, "smile") => Some("😆"),
        (Platform::Messenger, "dislike") => Some("👎"),
        (Platform::Instagram, "laugh") => Some("😂"),
        _ => None,
    };
    match known {
        Some(emoji) => Reaction { name: name.to_owned(), emoji: emoji.to_owned() },
        None => {
            let is_emoji = !name.is_empty() && !name.is_ascii();
            let emoji = if is_emoji { name } else { "🙂" };
            Reaction { name: "other".into(), emoji: emoji.to_owned() }
        }
    }
}
