//! What happened at the borders: every call that came in, every webhook that went out. Never a token.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde::Serialize;
use serde_json::Value;

use crate::faults::Struck;
use crate::world::webhook_out::{Delivery, List};

/// Older records go when there are more than this.
const KEPT: usize = 50_000;

/// One call to Graph.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// Counts up from 1.
    pub number: u64,
    /// Simulated time, milliseconds UTC.
    pub at_ms: i64,
    /// The app whose token was used, if it was good.
    pub app_id: Option<AppId>,
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// The path without its version.
    pub path: String,
    /// The version in the path, `v26.0`, if any.
    pub version: Option<String>,
    /// Query and body parameters, without any token or proof.
    pub params: Value,
    /// The HTTP status; `None`: cut off without an answer.
    pub status: Option<u16>,
    /// The body of the answer; `null` for reads of `/me/accounts`, which holds tokens.
    pub answer: Value,
    /// When it was answered or cut off, simulated time; `None`: still open, or the caller went away.
    pub ended_ms: Option<i64>,
    /// The faults that struck it.
    pub faults: Vec<Struck>,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) struct End {
    pub status: Option<u16>,
    pub answer: Value,
    pub faults: Vec<Struck>,
}

/// How far a webhook has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Waiting, or between two tries.
    Pending,
    /// Answered 200, or handled by the built-in bot.
    Delivered,
    /// Dropped by a fault.
    Dropped,
    /// The Page was unsubscribed from the app before it could be delivered.
    Unsubscribed,
}

/// One try to deliver a webhook.
#[derive(Debug, Clone, Serialize)]
pub struct Try {
    /// Simulated time, milliseconds UTC.
    pub at_ms: i64,
    /// The receiver's HTTP status; `None`: no answer.
    pub status: Option<u16>,
}

/// One webhook for one app.
#[derive(Debug, Clone, Serialize)]
pub struct Webhook {
    /// Counts up from 1, in the order in which things happened.
    pub number: u64,
    /// Simulated time of the event, milliseconds UTC.
    pub at_ms: i64,
    /// The receiver.
    pub app_id: AppId,
    /// The Page.
    pub page_id: AccountId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The subscription field it went out under.
    pub field: String,
    /// `messaging` or `standby`.
    pub list: List,
    /// The event.
    pub event: Value,
    /// How far it has come.
    pub fate: Fate,
    /// Every try so far.
    pub tries: Vec<Try>,
    /// The faults that struck it.
    pub faults: Vec<Struck>,
}

/// Both records.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    calls: Mutex<Record<Call>>,
    webhooks: Mutex<Record<Webhook>>,
}

#[derive(Debug)]
struct Record<T> {
    kept: VecDeque<T>,
    made: u64,
}

impl<T> Default for Record<T> {
    fn default() -> Self {
        Self { kept: VecDeque::new(), made: 0 }
    }
}

impl<T> Record<T> {
    fn push(&mut self, make: impl FnOnce(u64) -> T) -> u64 {
        self.made += 1;
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(make(self.made));
        self.made
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let first = self.made - self.kept.len() as u64 + 1;
        let at = usize::try_from(number.checked_sub(first)?).ok()?;
        self.kept.get_mut(at)
    }
}

impl Journal {
    pub fn call(&self, make: impl FnOnce(u64) -> Call) -> u64 {
        lock(&self.calls).push(make)
    }

    pub fn call_ended(&self, number: u64, at_ms: i64, end: End) {
        if let Some(call) = lock(&self.calls).get_mut(number) {
            call.ended_ms = Some(at_ms);
            call.status = end.status;
            call.answer = end.answer;
            call.faults = end.faults;
        }
    }

    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).kept.iter().cloned().collect()
    }

    pub fn webhook(&self, delivery: &Delivery) -> u64 {
        lock(&self.webhooks).push(|number| Webhook {
            number,
            at_ms: delivery.at_ms,
            app_id: delivery.app.clone(),
            page_id: delivery.page.clone(),
            customer_id: delivery.customer.clone(),
            field: delivery.field.to_owned(),
            list: delivery.list,
            event: delivery.event.clone(),
            fate: Fate::Pending,
            tries: Vec::new(),
            faults: Vec::new(),
        })
    }

    pub fn struck(&self, number: u64, by: Struck) {
        if let Some(webhook) = lock(&self.webhooks).get_mut(number) {
            webhook.faults.push(by);
        }
    }

    /// Whether the echo of this message for this app is still to be acknowledged.
    pub fn is_echo_on_its_way(&self, mid: &Mid, app: &AppId) -> bool {
        let webhooks = lock(&self.webhooks);
        let mut newest_first = webhooks.kept.iter().rev();
        newest_first.any(|webhook| {
            webhook.fate == Fate::Pending
                && &webhook.app_id == app
                && webhook.event.pointer("/message/is_echo").is_some()
                && webhook.event.pointer("/message/mid").and_then(Value::as_str) == Some(mid.as_str())
        })
    }

    pub fn tried(&self, number: u64, at_ms: i64, status: Option<u16>) {
        if let Some(webhook) = lock(&self.webhooks).get_mut(number) {
            webhook.tries.push(Try { at_ms, status });
        }
    }

    pub fn ended(&self, number: u64, fate: Fate) {
        if let Some(webhook) = lock(&self.webhooks).get_mut(number) {
            webhook.fate = fate;
        }
    }

    pub fn webhooks(&self) -> Vec<Webhook> {
        lock(&self.webhooks).kept.iter().cloned().collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
