//! What a customer does on the phone: write, tap, react, receive, read (docs/meta.md 2.5.1, 2.6).

use baton_messenger::{AccountId, CustomerId, Mid};
use serde_json::{Map, Value, json};

use super::refusals::Refusal;
use super::thread::{Author, Message, Reaction};
use super::webhook_out::{Happening, message_detail};
use super::{World, new_mid, ownership};

impl World {
    /// The customer writes a text, perhaps as a reply to a message.
    pub fn customer_writes(
        &mut self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
        reply_to: Option<Mid>,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::bad_parameter("A customer cannot send an empty text."));
        }
        let mut message = Message::text(new_mid(), now_ms, Author::Customer, text);
        message.reply_to = reply_to;
        self.customer_says(page, customer, message, "messages", "message", None, now_ms)
    }

    /// The customer taps a button: a postback with its title and payload.
    pub fn customer_taps(
        &mut self,
        page: &AccountId,
        customer: &CustomerId,
        title: &str,
        payload: &str,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let message = Message::text(new_mid(), now_ms, Author::Customer, title);
        let detail = json!({"mid": message.mid.as_str(), "title": title, "payload": payload});
        self.customer_says(page, customer, message, "messaging_postbacks", "postback", Some(detail), now_ms)
    }

    #[expect(clippy::too_many_arguments, reason = "the two callers above are its only readers")]
    fn customer_says(
        &mut self,
        page_id: &AccountId,
        customer: &CustomerId,
        mut message: Message,
        field: &'static str,
        kind: &'static str,
        detail: Option<Value>,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let routing = self.page(page_id)?.routing.clone();
        let thread = self.thread_mut(page_id, customer)?;
        // Two messages never share a moment within a thread: order is part of what a client must get right.
        message.at_ms = now_ms.max(thread.updated_ms() + 1);
        let at_ms = message.at_ms;
        ownership::customer_wrote(&routing, thread, at_ms);
        thread.last_customer_ms = Some(at_ms);
        thread.window_opened_ms = Some(at_ms);
        thread.typing_until_ms = 0;
        let mid = message.mid.clone();
        let detail = detail.unwrap_or_else(|| message_detail(&message));
        thread.messages.push(message);
        // Who writes has the chat open: everything before it is delivered and seen.
        self.customer_reads(page_id, customer, at_ms)?;
        self.publish(
            page_id,
            customer,
            &Happening { field, at_ms, from_page: false, by: None, kind, detail },
        );
        Ok(mid)
    }

    /// The phone shows everything that was sent up to now. Nothing new: no event.
    pub fn customer_receives(
        &mut self,
        page: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let thread = self.thread_mut(page, customer)?;
        let newly: Vec<Mid> = thread
            .messages
            .iter()
            .filter(|m| !m.is_from_customer() && m.at_ms > thread.delivered_ms)
            .map(|m| m.mid.clone())
            .collect();
        let Some(watermark) = last_from_page_ms(&thread.messages) else { return Ok(()) };
        if newly.is_empty() {
            return Ok(());
        }
        thread.delivered_ms = watermark;
        let mids: Vec<&str> = newly.iter().map(Mid::as_str).collect();
        let detail = json!({"mids": mids, "watermark": watermark});
        self.publish(page, customer, &quiet("message_deliveries", "delivery", detail, now_ms));
        Ok(())
    }

    /// The customer has seen everything up to now; what was not delivered yet is delivered first.
    pub fn customer_reads(
        &mut self,
        page: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.customer_receives(page, customer, now_ms)?;
        let thread = self.thread_mut(page, customer)?;
        let Some(watermark) = last_from_page_ms(&thread.messages) else { return Ok(()) };
        if watermark <= thread.read_ms {
            return Ok(());
        }
        thread.read_ms = watermark;
        let detail = json!({"watermark": watermark});
        self.publish(page, customer, &quiet("message_reads", "read", detail, now_ms));
        Ok(())
    }

    /// The customer reacts to a message, or takes the reaction back (`None`). A reaction opens the window.
    pub fn customer_reacts(
        &mut self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        reaction: Option<&Reaction>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let thread = self.thread_mut(page, customer)?;
        let message = thread.message_mut(mid).ok_or_else(|| Refusal::of("message_too_old"))?;
        message.reaction = reaction.cloned();
        let mut detail = Map::new();
        if let Some(reaction) = reaction {
            thread.window_opened_ms = Some(now_ms);
            detail.insert("reaction".into(), reaction.name.as_str().into());
            detail.insert("emoji".into(), reaction.emoji.as_str().into());
        }
        detail.insert("action".into(), if reaction.is_some() { "react" } else { "unreact" }.into());
        detail.insert("mid".into(), mid.as_str().into());
        self.publish(page, customer, &quiet("message_reactions", "reaction", Value::Object(detail), now_ms));
        Ok(())
    }
}

fn last_from_page_ms(messages: &[Message]) -> Option<i64> {
    messages.iter().rev().find(|m| !m.is_from_customer()).map(|m| m.at_ms)
}

fn quiet(field: &'static str, kind: &'static str, detail: Value, at_ms: i64) -> Happening {
    Happening { field, at_ms, from_page: false, by: None, kind, detail }
}

/// The reaction with this name (docs/meta.md 2.6.12); an unknown name is `other`.
pub(crate) fn reaction(name: &str, emoji: Option<&str>) -> Reaction {
    let (name, own) = match name {
        "smile" => ("smile", "😆"),
        "angry" => ("angry", "😠"),
        "sad" => ("sad", "😢"),
        "wow" => ("wow", "😮"),
        "love" => ("love", "❤️"),
        "like" => ("like", "👍"),
        "dislike" => ("dislike", "👎"),
        _ => ("other", "🙂"),
    };
    Reaction { name: name.to_owned(), emoji: emoji.unwrap_or(own).to_owned() }
}
