//! An event as it lies in the log: its envelope, when it arrived, and its bytes.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Envelope, Event, List};
use crate::id::AccountId;

/// The body of a log entry that keeps one webhook event. `event` holds the bytes exactly as Meta sent them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredEvent {
    /// `object` of the delivery.
    pub object: String,
    /// Which list held the event.
    pub list: List,
    /// The account of the entry.
    pub account: AccountId,
    /// `entry.time` in milliseconds.
    #[serde(default)]
    pub entry_time_ms: Option<i64>,
    /// When the relay received it, on Meta's time, in milliseconds.
    pub received_ms: i64,
    /// The event object.
    pub event: Box<RawValue>,
}

impl StoredEvent {
    /// What is kept of an event that arrived at this time.
    pub fn new(event: &Event, received_ms: i64) -> Self {
        let Envelope { object, account, list, entry_time_ms } = event.envelope.clone();
        Self { object, list, account, entry_time_ms, received_ms, event: event.raw.clone() }
    }

    /// The typed event again. Never fails: what cannot be read is of an unknown kind.
    pub fn into_event(self) -> Event {
        let Self { object, list, account, entry_time_ms, received_ms: _, event } = self;
        Event::from_raw(Envelope { object, account, list, entry_time_ms }, event)
    }
}
