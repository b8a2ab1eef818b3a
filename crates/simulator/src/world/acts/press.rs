//! The customer presses what an app has sent: a button of a template, or a quick reply (docs/meta.md 4.7, 4.8).

use baton_messenger::{AccountId, CustomerId, Mid};
use serde::Serialize;
use serde_json::Value;

use super::said::Said;
use super::tap::Tap;
use crate::world::World;
use crate::world::refusals::Refusal;

/// What came of a press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pressed {
    /// A message or postback of the customer.
    Said {
        /// Its id.
        mid: Mid,
    },
    /// The phone opens this address; nobody is told.
    Opens {
        /// The address.
        url: String,
    },
    /// The phone calls this number; nobody is told.
    Calls {
        /// The number.
        number: String,
    },
}

impl World {
    /// The customer presses a button of a template: the `button`-th of the `element`-th card, counted from 0.
    pub fn customer_presses(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        (element, button): (usize, usize),
        now_ms: i64,
    ) -> Result<Pressed, Refusal> {
        let pressed = self.button(account, customer, mid, element, button)?;
        let text = |key: &str| pressed[key].as_str().unwrap_or_default().to_owned();
        match text("type").as_str() {
            "postback" => {
                let tap = Tap {
                    title: text("title"),
                    payload: text("payload"),
                    mid: Some(mid.clone()),
                    referral: None,
                };
                self.customer_taps(account, customer, &tap, now_ms).map(|mid| Pressed::Said { mid })
            }
            "phone_number" => Ok(Pressed::Calls { number: text("payload") }),
            _ => Ok(Pressed::Opens { url: text("url") }),
        }
    }

    /// The customer taps the `index`-th quick reply of a message. They are gone once something newer was said.
    pub fn customer_chooses(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        index: usize,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let thread = self.thread(account, customer)?;
        let newest = thread.messages.last().filter(|message| &message.mid == mid);
        let newest = newest.ok_or_else(|| Refusal::bad_parameter("These quick replies are gone."))?;
        let chosen = newest.quick_replies.get(index).cloned();
        let chosen = chosen.ok_or_else(|| Refusal::bad_parameter("There is no such quick reply."))?;
        let filled = match chosen["content_type"].as_str() {
            Some("user_phone_number") => Some("+4930000000".to_owned()),
            Some("user_email") => Some(format!("{customer}@example.invalid")),
            _ => None,
        };
        let text = filled.clone().or_else(|| chosen["title"].as_str().map(str::to_owned));
        let payload = filled.or_else(|| chosen["payload"].as_str().map(str::to_owned));
        let said = Said { text, quick_reply: payload, ..Said::default() };
        self.customer_says(account, customer, &said, now_ms)
    }

    fn button(
        &self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        element: usize,
        button: usize,
    ) -> Result<Value, Refusal> {
        let message = self.thread(account, customer)?.message(mid);
        let payload = message.and_then(|m| m.attachments.iter().find_map(|one| one.payload.as_ref()));
        let buttons = payload.and_then(|payload| {
            let of_element = payload.pointer(&format!("/elements/{element}/buttons"));
            of_element.or_else(|| payload.get("buttons").filter(|_| element == 0))
        });
        let found = buttons.and_then(|buttons| buttons.get(button)).cloned();
        found.ok_or_else(|| Refusal::bad_parameter("There is no such button."))
    }
}
