//! What happened at the borders: every call that came in, every webhook that went out. Never a token.
//!
//! Both are kept in one order of happening. A record changes after it was made: a call is answered, a webhook is
//! tried. Whoever watches asks for what changed since they last looked ([`Journal::changed`]).

mod record;
mod search;

use std::sync::{Mutex, MutexGuard, PoisonError};

use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde::Serialize;
use serde_json::Value;

use crate::faults::Struck;
use crate::world::webhook_out::{Delivery, List};
use record::Records;
pub(crate) use search::{Page, Query};

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
    /// The account was unsubscribed from the app before it could be delivered.
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
    /// The account.
    pub page_id: AccountId,
    /// The customer; `None`: it is about the account as a whole.
    pub customer_id: Option<CustomerId>,
    /// The subscription field it went out under.
    pub field: String,
    /// `messaging`, `standby` or `changes`.
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

/// What is kept: a call or a webhook.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Entry {
    Call(Call),
    Webhook(Webhook),
}

/// One line of the journal.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    /// Counts up from 1 over both kinds, in the order of happening.
    pub order: u64,
    #[serde(flatten)]
    pub entry: Entry,
}

/// How many of each there ever were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub calls: u64,
    pub webhooks: u64,
    /// Webhooks that were acknowledged.
    pub delivered: u64,
    /// Calls and webhooks that a fault struck.
    pub struck: u64,
}

/// The record of both.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    records: Records,
    counts: Counts,
}

impl Journal {
    pub fn call(&self, make: impl FnOnce(u64) -> Call) -> u64 {
        let mut inner = self.lock();
        inner.counts.calls += 1;
        let call = make(inner.counts.calls);
        let (number, was_struck) = (call.number, !call.faults.is_empty());
        inner.counts.struck += u64::from(was_struck);
        inner.records.add_call(call);
        number
    }

    pub fn call_ended(&self, number: u64, at_ms: i64, end: End) {
        let mut inner = self.lock();
        inner.counts.struck += u64::from(!end.faults.is_empty());
        inner.records.change_call(number, |call| {
            call.ended_ms = Some(at_ms);
            call.status = end.status;
            call.answer = end.answer;
            call.faults = end.faults;
        });
    }

    pub fn calls(&self) -> Vec<Call> {
        self.lock().records.calls().cloned().collect()
    }

    pub fn webhook(&self, delivery: &Delivery) -> u64 {
        let mut inner = self.lock();
        inner.counts.webhooks += 1;
        let number = inner.counts.webhooks;
        inner.records.add_webhook(Webhook {
            number,
            at_ms: delivery.at_ms,
            app_id: delivery.app.clone(),
            page_id: delivery.account.clone(),
            customer_id: delivery.customer.clone(),
            field: delivery.field.to_owned(),
            list: delivery.list,
            event: delivery.event.clone(),
            fate: Fate::Pending,
            tries: Vec::new(),
            faults: Vec::new(),
        });
        number
    }

    pub fn struck(&self, number: u64, by: Struck) {
        let mut inner = self.lock();
        let is_first = inner.records.change_webhook(number, |webhook| {
            webhook.faults.push(by);
            webhook.faults.len() == 1
        });
        inner.counts.struck += u64::from(is_first == Some(true));
    }

    pub fn tried(&self, number: u64, at_ms: i64, status: Option<u16>) {
        self.lock().records.change_webhook(number, |webhook| webhook.tries.push(Try { at_ms, status }));
    }

    pub fn ended(&self, number: u64, fate: Fate) {
        let mut inner = self.lock();
        let was = inner.records.change_webhook(number, |webhook| std::mem::replace(&mut webhook.fate, fate));
        // A fault may deliver it twice.
        let is_first = fate == Fate::Delivered && was != Some(Fate::Delivered);
        inner.counts.delivered += u64::from(is_first);
    }

    pub fn webhooks(&self) -> Vec<Webhook> {
        self.lock().records.webhooks().cloned().collect()
    }

    pub fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// Whether the echo of this message for this app is still to be acknowledged.
    pub fn is_echo_on_its_way(&self, mid: &Mid, app: &AppId) -> bool {
        let inner = self.lock();
        let mut newest_first = inner.records.webhooks().rev();
        newest_first.any(|webhook| {
            webhook.fate == Fate::Pending
                && &webhook.app_id == app
                && webhook.event.pointer("/message/is_echo").is_some()
                && webhook.event.pointer("/message/mid").and_then(Value::as_str) == Some(mid.as_str())
        })
    }

    /// The newest lines that fit, below `before` if that is given.
    pub fn page(&self, query: &Query, before: Option<u64>) -> Page {
        search::page(&self.lock().records, query, before)
    }

    /// The lines that fit and changed after `since`, newest first, and the point to go on from. `None`: too many
    /// changed to tell them apart; look at the first page again.
    pub fn changed(&self, query: &Query, since: u64) -> (Option<Vec<Line>>, u64) {
        let inner = self.lock();
        let changed = inner.records.changed(since);
        let fitting = changed.map(|lines| lines.into_iter().filter(|line| query.fits(line)).collect());
        (fitting, inner.records.changes())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
