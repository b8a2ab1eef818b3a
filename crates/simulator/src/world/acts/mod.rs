//! What customers do on their phones, and what the business does in Meta's own apps (docs/meta.md 2.5.1, 2.6, 2.7).

pub(crate) mod arrive;
pub(crate) mod business;
mod change;
pub(crate) mod press;
pub(crate) mod react;
pub(crate) mod said;
pub(crate) mod say;
pub(crate) mod seen;
pub(crate) mod tap;
mod things;

use baton_messenger::{AccountId, CustomerId, Mid};
use serde_json::Value;

use super::refusals::Refusal;
use super::thread::Message;
use super::topic::Topic;
use super::webhook_out::Happening;
use super::{World, ownership};

impl World {
    /// Puts a message of the customer into the thread, with all that it causes, and gives its time. Nobody is told
    /// yet.
    fn take_in(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mut message: Message,
        now_ms: i64,
    ) -> Result<i64, Refusal> {
        let routing = self.account(account)?.routing.clone();
        let thread = self.thread_mut(account, customer)?;
        if thread.customer.is_blocked {
            return Err(Refusal::bad_parameter("The business has blocked this person."));
        }
        // Two messages never share a moment within a thread: order is part of what a client must get right.
        let at_ms = now_ms.max(thread.updated_ms() + 1);
        message.at_ms = at_ms;
        ownership::customer_wrote(&routing, thread, at_ms);
        thread.last_customer_ms = Some(at_ms);
        thread.window_opened_ms = Some(at_ms);
        thread.typing_until_ms = 0;
        thread.messages.push(message);
        // Who writes has the chat open: everything before it is delivered and seen.
        self.customer_reads(account, customer, at_ms)?;
        Ok(at_ms)
    }

    /// The newest message of the thread, which [`World::take_in`] has just put there, as a `message` event.
    fn publish_newest(&mut self, account: &AccountId, customer: &CustomerId, topic: Topic) -> Option<Mid> {
        let (platform, message) = {
            let account = self.account(account).ok()?;
            (account.platform, account.threads.get(customer)?.messages.last()?.clone())
        };
        let detail = self.message_detail(platform, &message, message.at_ms);
        self.publish_act(account, customer, topic, "message", detail, message.at_ms);
        Some(message.mid)
    }

    /// Tells every app of something that the customer did.
    fn publish_act(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        topic: Topic,
        kind: &'static str,
        detail: Value,
        at_ms: i64,
    ) {
        self.publish(account, customer, &Happening::by_customer(topic, kind, detail, at_ms));
    }
}
