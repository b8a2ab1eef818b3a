//! A delivery as Meta sends it on all but the oddest days, taken apart in one pass over the body.
//!
//! Whatever does not have the usual shape, from a list that is one event to a member that is named twice, makes this
//! fail as a whole; [`delivery`](super::delivery) then takes the body apart in the careful way. Where both can read a
//! body they say the same.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::List;
use crate::id::AccountId;
use crate::loose::{self, Name};

/// The parts of a usual delivery.
pub(super) struct Usual<'a> {
    pub(super) object: String,
    pub(super) entries: Vec<Entry<'a>>,
}

/// One entry and its lists, as they came.
pub(super) struct Entry<'a> {
    pub(super) account: AccountId,
    pub(super) time_ms: Option<i64>,
    pub(super) lists: Vec<(List, Vec<&'a RawValue>)>,
}

/// The parts of the body; `None` when it is not of the usual shape.
pub(super) fn read(body: &str) -> Option<Usual<'_>> {
    serde_json::from_str(body).ok()
}

impl<'de: 'a, 'a> Deserialize<'de> for Usual<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Body)
    }
}

struct Body;

impl<'de> Visitor<'de> for Body {
    type Value = Usual<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a delivery")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Usual<'de>, M::Error> {
        let (mut object, mut entries) = (None, None);
        while let Some(Name(name)) = map.next_key()? {
            match name.as_ref() {
                "object" if object.is_none() => object = Some(map.next_value::<String>()?),
                "entry" if entries.is_none() => entries = Some(map.next_value()?),
                _ => return Err(M::Error::custom("not the usual members")),
            }
        }
        match (object, entries) {
            (Some(object), Some(entries)) => Ok(Usual { object, entries }),
            _ => Err(M::Error::custom("not all of the usual members")),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entry<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OneEntry)
    }
}

struct OneEntry;

impl<'de> Visitor<'de> for OneEntry {
    type Value = Entry<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entry<'de>, M::Error> {
        let (mut account, mut time) = (None, None);
        let mut lists = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            match (name.as_ref(), List::from_member(&name)) {
                ("id", _) if account.is_none() => account = Some(map.next_value::<Account>()?),
                ("time", _) if time.is_none() => time = Some(map.next_value::<Time>()?),
                (_, list) if list != List::Other => lists.push((list, map.next_value()?)),
                _ => return Err(M::Error::custom("not the usual members of an entry")),
            }
        }
        match account {
            Some(Account(Some(account))) if !lists.is_empty() => {
                Ok(Entry { account, time_ms: time.and_then(|Time(ms)| ms), lists })
            }
            _ => Err(M::Error::custom("an entry without account or lists")),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Account(#[serde(deserialize_with = "loose::id")] Option<AccountId>);

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Time(#[serde(deserialize_with = "loose::time_ms")] Option<i64>);
