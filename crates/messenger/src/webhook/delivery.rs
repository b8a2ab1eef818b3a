//! A POST body taken apart into events, without losing a byte of any of them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

use super::usual::{self, Entry, Usual};
use super::{Envelope, Event, List};
use crate::id::{AccountId, Platform};
use crate::loose;

/// One webhook POST.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The channel; `None` when `object` is none of ours.
    pub platform: Option<Platform>,
    /// `object` as Meta wrote it.
    pub object: String,
    /// Every event of every entry, in order.
    pub events: Vec<Event>,
}

/// Why a body is no delivery. The caller keeps the bytes aside and raises an alarm (it does not refuse them: that
/// would cost the subscription, docs/meta.md 2.4).
#[derive(Debug, Error)]
pub enum DeliveryError {
    /// The body is not JSON in UTF-8.
    #[error("the body is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// The body is JSON, but not an object with `object` and a list `entry`.
    #[error("the body has no `{0}`")]
    NotADelivery(&'static str),
}

/// Reads a delivery (docs/meta.md 2.3).
///
/// # Errors
/// [`DeliveryError`], only when the body as a whole cannot be taken apart. What is odd inside an entry becomes
/// an event of an unknown kind.
pub fn parse(body: &[u8]) -> Result<Delivery, DeliveryError> {
    match std::str::from_utf8(body).ok().and_then(usual::read) {
        Some(usual) => Ok(of_usual(usual)),
        None => of_odd(body),
    }
}

fn of_usual(Usual { object, entries }: Usual<'_>) -> Delivery {
    let mut events = Vec::with_capacity(entries.len());
    for Entry { account, time_ms, lists } in entries {
        for list in ORDER {
            let raws = lists.iter().filter(|(which, _)| which == list).flat_map(|(_, raws)| raws);
            for raw in raws {
                let envelope = envelope(&object, account.clone(), *list, time_ms);
                events.push(Event::from_raw(envelope, (*raw).to_owned()));
            }
        }
    }
    Delivery { platform: Platform::from_object(&object), object, events }
}

/// The careful way, for whatever is not of the usual shape.
pub(super) fn of_odd(body: &[u8]) -> Result<Delivery, DeliveryError> {
    // Checked as a whole first, so that "not JSON" and "JSON, but no delivery" stay apart.
    let whole: &RawValue = serde_json::from_slice(body)?;
    let members: Members<'_> =
        serde_json::from_str(whole.get()).map_err(|_| DeliveryError::NotADelivery("object"))?;
    let object = members.get("object").and_then(|raw| loose::text_of(&value(raw)));
    let object = object.ok_or(DeliveryError::NotADelivery("object"))?;
    let entries = members.get("entry").ok_or(DeliveryError::NotADelivery("entry"))?;
    let entries = elements(entries).ok_or(DeliveryError::NotADelivery("entry"))?;
    let events = entries.into_iter().flat_map(|entry| events_of(&object, entry)).collect();
    Ok(Delivery { platform: Platform::from_object(&object), object, events })
}

/// The lists of an entry, in the order in which their events are told.
const ORDER: &[List] =
    &[List::Messaging, List::Standby, List::MessagingHandovers, List::Changes, List::Other];

fn events_of(object: &str, entry: &RawValue) -> Vec<Event> {
    let Ok(members) = serde_json::from_str::<Members<'_>>(entry.get()) else {
        let envelope = envelope(object, AccountId::new(""), List::Other, None);
        return vec![Event::from_raw(envelope, entry.to_owned())];
    };
    let account = members.get("id").and_then(|raw| loose::id_of(&value(raw)));
    let account = account.unwrap_or_else(|| AccountId::new(""));
    let time_ms = members.get("time").and_then(|raw| loose::time_ms_of(&value(raw)));

    let mut events = Vec::new();
    for list in ORDER.iter().copied() {
        for raw in members.of(list).flat_map(|raw| elements(raw).unwrap_or_else(|| vec![raw])) {
            let envelope = envelope(object, account.clone(), list, time_ms);
            events.push(Event::from_raw(envelope, raw.to_owned()));
        }
    }
    if events.is_empty() && !members.has_a_list() {
        let envelope = envelope(object, account, List::Other, time_ms);
        events.push(Event::from_raw(envelope, entry.to_owned()));
    }
    events
}

fn envelope(object: &str, account: AccountId, list: List, entry_time_ms: Option<i64>) -> Envelope {
    Envelope { object: object.to_owned(), account, list, entry_time_ms }
}

/// The elements of a list; `None` when it is not a list. `null` counts as an empty one.
fn elements(raw: &RawValue) -> Option<Vec<&RawValue>> {
    if raw.get() == "null" {
        return Some(Vec::new());
    }
    serde_json::from_str(raw.get()).ok()
}

fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or(Value::Null)
}

/// Whether a member of an entry can hold events. A plain value under a name that is not known is a property of the
/// entry.
fn is_list(name: &str, raw: &RawValue) -> bool {
    List::from_member(name) != List::Other
        || (!matches!(name, "id" | "time") && raw.get().starts_with(['[', '{']))
}

/// The members of an object in order, repeated names included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, raw)| *raw)
    }

    fn of(&self, list: List) -> impl Iterator<Item = &'a RawValue> + '_ {
        self.0
            .iter()
            .filter(move |(name, raw)| is_list(name, raw) && List::from_member(name) == list)
            .map(|(_, raw)| *raw)
    }

    /// Whether the entry has any list at all; if all of them are empty, nothing happened.
    fn has_a_list(&self) -> bool {
        self.0.iter().any(|(name, raw)| is_list(name, raw))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                    members.push(member);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(InOrder).map(Members)
    }
}
