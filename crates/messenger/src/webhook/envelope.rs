//! What stands around an event: which object, which account, which list, when.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, Platform};

/// The facts of the delivery that the event object itself does not carry (docs/meta.md 2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// `page`, `instagram`, or whatever else Meta wrote.
    pub object: String,
    /// `entry.id`: the account the event is about; empty when the entry names none.
    pub account: AccountId,
    /// Which list of the entry held the event.
    pub list: List,
    /// `entry.time` in milliseconds, where it could be read.
    #[serde(default)]
    pub entry_time_ms: Option<i64>,
}

impl Envelope {
    /// The channel, where `object` is one of ours.
    pub fn platform(&self) -> Option<Platform> {
        Platform::from_object(&self.object)
    }
}

/// The lists of an entry that hold events (docs/meta.md 2.3).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum List {
    /// The thread is idle or ours, or routing is not used.
    Messaging,
    /// Another app owns the thread.
    Standby,
    /// Handover events in a list of their own, as some accounts get them.
    MessagingHandovers,
    /// `field` and `value` pairs: labels, feed, the dashboard's test button.
    Changes,
    /// Any other member of an entry.
    #[serde(other)]
    Other,
}

impl List {
    /// The list behind a member name of an entry.
    pub(crate) fn from_member(name: &str) -> Self {
        name.parse().unwrap_or(Self::Other)
    }
}
