//! One event: who, when, what, and the exact bytes it came in.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::kind::{self, Kind, Unknown};
use super::{Envelope, List, key, mend};
use crate::id::{AccountId, CustomerId, Mid};
use crate::loose;

/// One webhook event.
#[derive(Debug, Clone)]
pub struct Event {
    /// What stood around it.
    pub envelope: Envelope,
    /// Its bytes, exactly as they came.
    pub raw: Box<RawValue>,
    /// `sender.id`; missing for some kinds (docs/meta.md 2.3.1).
    pub sender: Option<String>,
    /// `recipient.id`.
    pub recipient: Option<String>,
    /// The person the event is about: the party that is not the account.
    pub customer: Option<CustomerId>,
    /// `timestamp`, in milliseconds whatever unit it came in.
    pub timestamp_ms: Option<i64>,
    /// What happened.
    pub kind: Kind,
}

impl Event {
    /// Reads an event. Never fails: what cannot be understood is [`Kind::Unknown`], with the reason.
    pub fn from_raw(envelope: Envelope, raw: Box<RawValue>) -> Self {
        match members(&raw) {
            Ok(members) => Self::from_members(envelope, raw, members),
            Err(why) => Self {
                envelope,
                raw,
                sender: None,
                recipient: None,
                customer: None,
                timestamp_ms: None,
                kind: Kind::Unknown(Unknown::because(why)),
            },
        }
    }

    fn from_members(envelope: Envelope, raw: Box<RawValue>, members: Map<String, Value>) -> Self {
        let (members, field) = out_of_change(&envelope, members);
        let sender = party(&members, "sender");
        let recipient = party(&members, "recipient");
        let timestamp_ms = members.get("timestamp").and_then(loose::time_ms_of);
        let from_account = is_from_account(&envelope.account, sender.as_deref(), recipient.as_deref());
        let kind = kind::read(members, field.as_deref(), from_account);
        let customer = customer(&envelope.account, sender.as_deref(), recipient.as_deref(), &kind);
        Self { envelope, raw, sender, recipient, customer, timestamp_ms, kind }
    }

    /// The key by which a repeat of this event is known, unique within everything that one Meta app sends us
    /// (docs/meta.md 2.4). The list is not part of it: the same message can come in `messaging` and `standby`.
    pub fn key(&self) -> String {
        key::of(self)
    }

    /// When it happened, in milliseconds: its own time, else the entry's, else the time of receipt
    /// (docs/meta.md 2.3.1).
    pub fn at_ms(&self, received_ms: i64) -> i64 {
        self.timestamp_ms.or(self.envelope.entry_time_ms).unwrap_or(received_ms)
    }

    /// The message this event is, or is about.
    pub fn mid(&self) -> Option<&Mid> {
        self.kind.mid()
    }

    /// Whether another app holds the thread, as far as the list tells.
    pub fn is_standby(&self) -> bool {
        self.envelope.list == List::Standby
    }
}

fn members(raw: &RawValue) -> Result<Map<String, Value>, String> {
    let json = mend::lone_surrogates(raw.get());
    match serde_json::from_str(&json) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("the event is not an object".to_owned()),
        Err(error) => Err(format!("the event could not be read: {error}")),
    }
}

/// In `changes` the event lies one level deeper, beside the name of its field.
fn out_of_change(
    envelope: &Envelope,
    mut members: Map<String, Value>,
) -> (Map<String, Value>, Option<String>) {
    if envelope.list != List::Changes {
        return (members, None);
    }
    let field = members.get("field").and_then(loose::text_of).unwrap_or_default();
    match members.remove("value") {
        Some(Value::Object(value)) => (value, Some(field)),
        _ => (Map::new(), Some(field)),
    }
}

fn party(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name)?.get("id").and_then(loose::id_of)
}

/// Whether the account itself is the sender. A message of the account to itself (a tester's) is an ordinary
/// message.
fn is_from_account(account: &AccountId, sender: Option<&str>, recipient: Option<&str>) -> bool {
    sender == Some(account.as_str()) && recipient != Some(account.as_str())
}

fn customer(
    account: &AccountId,
    sender: Option<&str>,
    recipient: Option<&str>,
    kind: &Kind,
) -> Option<CustomerId> {
    let other_party = |first: Option<&str>, second: Option<&str>| {
        first
            .filter(|id| *id != account.as_str())
            .or(second.filter(|id| *id != account.as_str()))
            .map(CustomerId::from)
    };
    match kind {
        Kind::InboxLabels(label) => label.customer.clone(),
        Kind::AppRoles(_) | Kind::PolicyEnforcement(_) => None,
        Kind::Echo(_) => other_party(recipient, sender),
        _ => other_party(sender, recipient),
    }
}
