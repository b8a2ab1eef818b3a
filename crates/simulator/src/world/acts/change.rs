//! The customer changes or takes back what was said (docs/meta.md 2.6.10, 2.7.7, 2.7.9).

use baton_messenger::{AccountId, CustomerId, Mid};
use serde_json::json;

use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::thread::{Author, Message};
use crate::world::topic::Topic;

/// A person may change a message this often.
const EDITS: u32 = 5;

impl World {
    /// The customer changes the text of an own message. Only the new text is told.
    pub fn customer_edits(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        text: &str,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::bad_parameter("The new text is empty."));
        }
        let message = self.customers_own(account, customer, mid)?;
        if message.text.is_none() {
            return Err(Refusal::bad_parameter("Only a text can be changed."));
        }
        if message.edits >= EDITS {
            return Err(Refusal::bad_parameter("A message can be changed 5 times."));
        }
        message.text = Some(text.to_owned());
        message.edits += 1;
        let detail = json!({"mid": mid.as_str(), "text": text, "num_edit": message.edits});
        self.publish_act(account, customer, Topic::Edits, "message_edit", detail, now_ms);
        Ok(())
    }

    /// The customer takes an own message back. Instagram tells of it; Messenger does not, there the message is just
    /// gone.
    pub fn customer_unsends(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let platform = self.account(account)?.platform;
        let message = self.customers_own(account, customer, mid)?;
        let files: Vec<String> = message.attachments.iter().filter_map(|one| one.file.clone()).collect();
        *message = Message {
            is_deleted: true,
            ..Message::blank(message.mid.clone(), message.at_ms, Author::Customer)
        };
        let deleted = message.clone();
        files.iter().for_each(|file| self.files.delete(file));
        if platform == baton_messenger::Platform::Instagram {
            let detail = self.message_detail(platform, &deleted, now_ms);
            self.publish_act(account, customer, Topic::Messages, "message", detail, now_ms);
        }
        Ok(())
    }

    fn customers_own(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
    ) -> Result<&mut Message, Refusal> {
        let message = self.thread_mut(account, customer)?.message_mut(mid);
        let own = message.filter(|message| message.is_from_customer() && !message.is_deleted);
        own.ok_or_else(|| Refusal::bad_parameter("The customer has no such message."))
    }
}
