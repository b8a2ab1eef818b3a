//! Receiving and reading. Instagram tells of no deliveries, and of reading by message (docs/meta.md 2.6.14, 2.7.10).

use baton_messenger::{AccountId, CustomerId, Mid};
use serde_json::json;

use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::thread::Message;
use crate::world::topic::Topic;

impl World {
    /// The phone shows everything that was sent up to now. Nothing new: no event.
    pub fn customer_receives(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let thread = self.thread_mut(account, customer)?;
        let newly: Vec<Mid> = thread
            .messages
            .iter()
            .filter(|m| !m.is_from_customer() && m.at_ms > thread.delivered_ms)
            .map(|m| m.mid.clone())
            .collect();
        let Some((_, watermark)) = last_from_account(&thread.messages) else { return Ok(()) };
        if newly.is_empty() {
            return Ok(());
        }
        thread.delivered_ms = watermark;
        let mids: Vec<&str> = newly.iter().map(Mid::as_str).collect();
        let detail = json!({"mids": mids, "watermark": watermark});
        self.publish_act(account, customer, Topic::Deliveries, "delivery", detail, now_ms);
        Ok(())
    }

    /// The customer has seen everything up to now; what was not delivered yet is delivered first.
    pub fn customer_reads(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.customer_receives(account, customer, now_ms)?;
        let is_instagram = self.account(account)?.is_instagram();
        let thread = self.thread_mut(account, customer)?;
        let Some((mid, watermark)) = last_from_account(&thread.messages) else { return Ok(()) };
        if watermark <= thread.read_ms {
            return Ok(());
        }
        thread.read_ms = watermark;
        let detail =
            if is_instagram { json!({"mid": mid.as_str()}) } else { json!({ "watermark": watermark }) };
        self.publish_act(account, customer, Topic::Reads, "read", detail, now_ms);
        Ok(())
    }
}

fn last_from_account(messages: &[Message]) -> Option<(Mid, i64)> {
    messages.iter().rev().find(|m| !m.is_from_customer()).map(|m| (m.mid.clone(), m.at_ms))
}
