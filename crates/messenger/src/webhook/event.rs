//! One event: who, when, what, and the exact bytes it came in.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::kind::change::{FEED_FIELDS, FeedChange, InboxLabel};
use super::kind::{Kind, Unknown};
use super::read::{Members, NotRead};
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
        if envelope.list != List::Changes
            && let Ok(members) = serde_json::from_str::<Members>(raw.get())
        {
            return Self::from_members(envelope, raw, members);
        }
        Self::from_odd(envelope, raw)
    }

    /// The longer way, by a tree: for changes, and for what cannot be read as it streams by (a member that is named
    /// twice, half an emoji).
    pub(super) fn from_odd(envelope: Envelope, raw: Box<RawValue>) -> Self {
        let members = match tree(&raw) {
            Ok(members) => members,
            Err(why) => return Self::not_read(envelope, raw, NotRead::because(why)),
        };
        if envelope.list == List::Changes {
            return Self::from_change(envelope, raw, members);
        }
        match Members::deserialize(Value::Object(members)) {
            Ok(members) => Self::from_members(envelope, raw, members),
            Err(why) => Self::not_read(envelope, raw, NotRead::because(why.to_string())),
        }
    }

    /// In `changes` the event lies one level deeper, beside the name of its field.
    fn from_change(envelope: Envelope, raw: Box<RawValue>, mut change: Map<String, Value>) -> Self {
        let field = change.get("field").and_then(loose::text_of).unwrap_or_default();
        let value = change.remove("value").filter(Value::is_object).unwrap_or_default();
        if let Some(kind) = of_field(&field, &value) {
            let mut event = Self::without_parties(envelope, raw, kind);
            event.timestamp_ms = value.get("timestamp").and_then(loose::time_ms_of);
            return event;
        }
        match Members::deserialize(value) {
            Ok(members) if members.name_a_kind() => Self::from_members(envelope, raw, members),
            _ => {
                Self::not_read(envelope, raw, NotRead::named(field, "a change of a field that is not known"))
            }
        }
    }

    fn from_members(envelope: Envelope, raw: Box<RawValue>, mut members: Members) -> Self {
        let (sender, recipient) = (members.sender.take(), members.recipient.take());
        let timestamp_ms = members.timestamp_ms;
        let from_account = is_from_account(&envelope.account, sender.as_deref(), recipient.as_deref());
        let kind = members.into_kind(from_account).unwrap_or_else(|why| unknown(why, &raw));
        let customer = customer(&envelope.account, sender.as_deref(), recipient.as_deref(), &kind);
        Self { envelope, raw, sender, recipient, customer, timestamp_ms, kind }
    }

    fn not_read(envelope: Envelope, raw: Box<RawValue>, why: NotRead) -> Self {
        let kind = unknown(why, &raw);
        Self::without_parties(envelope, raw, kind)
    }

    fn without_parties(envelope: Envelope, raw: Box<RawValue>, kind: Kind) -> Self {
        let customer = customer(&envelope.account, None, None, &kind);
        Self { envelope, raw, sender: None, recipient: None, customer, timestamp_ms: None, kind }
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

    /// Whether it comes from the test button of Meta's dashboard: invented ids, and no account of anybody
    /// (docs/meta.md 2.7.12). It is answered and kept, and makes no thread.
    pub fn is_dashboard_test(&self) -> bool {
        self.envelope.list == List::Changes && self.envelope.account.as_str() == "0"
    }
}

fn tree(raw: &RawValue) -> Result<Map<String, Value>, String> {
    let json = mend::lone_surrogates(raw.get());
    match serde_json::from_str(&json) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("the event is not an object".to_owned()),
        Err(error) => Err(format!("the event could not be read: {error}")),
    }
}

/// The changes that are no event of messaging.
fn of_field(field: &str, value: &Value) -> Option<Kind> {
    if field == "inbox_labels" {
        return loose::object_of::<InboxLabel>(value.clone()).map(Kind::InboxLabels);
    }
    if !FEED_FIELDS.contains(&field) {
        return None;
    }
    let feed: FeedChange = loose::object_of(value.clone())?;
    Some(Kind::Feed(Box::new(FeedChange { field: field.to_owned(), ..feed })))
}

fn unknown(not_read: NotRead, raw: &RawValue) -> Kind {
    let NotRead { why, name } = not_read;
    Kind::Unknown(Unknown { why, name, json: raw.get().to_owned() })
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
        Kind::AppRoles(_) | Kind::PolicyEnforcement(_) | Kind::Feed(_) => None,
        Kind::Echo(_) => other_party(recipient, sender),
        _ => other_party(sender, recipient),
    }
}
