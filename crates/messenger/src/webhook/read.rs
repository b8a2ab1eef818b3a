//! The members of an event, read as they stream by.
//!
//! ```text
//! {"sender": …, "recipient": …, "timestamp": …, "<kind>": {…}}
//!      who           whom           when          the first of NAMES that is present decides
//! ```
//!
//! A member that says nothing (`null`, `{}`) decides only where no other says what happened.
//!
//! The same reading serves text and an already built tree: the odd ways in which an event can come ([`event`](super::event))
//! end here too.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::kind::Kind;
use super::kind::message::{Deleted, Hop, Message};
use super::kind::referral::Lead;
use crate::loose::{self, Filled, Name, Object};

/// What the members of an event say.
#[derive(Default)]
pub(super) struct Members {
    pub(super) sender: Option<String>,
    pub(super) recipient: Option<String>,
    pub(super) timestamp_ms: Option<i64>,
    /// What the member that decides says; the best of those read so far.
    body: Option<Body>,
    /// The kinds that were named so far, a bit for each of [`NAMES`].
    named: u32,
    hops: Vec<Hop>,
    lead: Option<Lead>,
    /// The first member that is neither a known kind nor part of every event.
    stranger: Option<String>,
}

/// What one member says happened.
struct Body {
    fill: Fill,
    /// The place of its name in [`NAMES`].
    rank: usize,
    /// The kind, or why it could not be read.
    kind: Result<Kind, NotRead>,
}

/// How much a member says. The fuller one decides, and of two that are alike the one whose name stands first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fill {
    Full,
    /// An object without a member.
    Empty,
    /// No object.
    Nothing,
}

/// Why the members are of no known kind.
#[derive(Debug)]
pub(super) struct NotRead {
    pub(super) why: String,
    pub(super) name: Option<String>,
}

impl NotRead {
    pub(super) fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), name: None }
    }

    pub(super) fn named(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { why: why.into(), name: Some(name.into()) }
    }
}

/// The members that name a kind; where an event has several, the first of these decides.
const NAMES: &[&str] = &[
    "message",
    "message_edit",
    "reaction",
    "postback",
    "delivery",
    "read",
    "optin",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy_enforcement",
    "policy-enforcement",
    "account_linking",
    "messaging_feedback",
    "response_feedback",
    "order",
    "referral",
];

impl Members {
    /// Whether any member names a kind.
    pub(super) fn name_a_kind(&self) -> bool {
        self.body.is_some()
    }

    /// What happened.
    pub(super) fn into_kind(self, from_account: bool) -> Result<Kind, NotRead> {
        let Some(body) = self.body else {
            return Err(NotRead { why: "a kind of event that is not known".to_owned(), name: self.stranger });
        };
        Ok(match body.kind? {
            Kind::Message(message) => said(*message, self.hops, from_account),
            Kind::Referral(mut referral) => {
                referral.lead = self.lead;
                Kind::Referral(referral)
            }
            kind => kind,
        })
    }
}

/// A message is the customer's, the account's own, or one that was taken back.
fn said(mut message: Message, hops: Vec<Hop>, from_account: bool) -> Kind {
    message.hops = hops;
    let is_echo = message.is_echo || from_account;
    if message.is_deleted {
        return Kind::Deleted(Deleted { mid: message.mid, is_echo });
    }
    let message = Box::new(message);
    if is_echo { Kind::Echo(message) } else { Kind::Message(message) }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
        let mut members = Members::default();
        while let Some(Name(name)) = map.next_key()? {
            match name.as_ref() {
                "sender" => members.sender = party(&mut map)?,
                "recipient" => members.recipient = party(&mut map)?,
                "timestamp" => members.timestamp_ms = map.next_value::<Time>()?.0,
                "hop_context" => members.hops = map.next_value::<Hops>()?.0,
                "lead" => {
                    members.lead = map.next_value_seed(Object(PhantomData))?;
                    members.stranger.get_or_insert_with(|| name.into_owned());
                }
                name => members.body_or_stranger(name, &mut map)?,
            }
        }
        Ok(members)
    }
}

impl Members {
    fn body_or_stranger<'de, M: MapAccess<'de>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        let Some(rank) = NAMES.iter().position(|known| *known == name) else {
            map.next_value::<IgnoredAny>()?;
            self.stranger.get_or_insert_with(|| name.to_owned());
            return Ok(());
        };
        let bit = 1 << rank;
        if self.named & bit != 0 {
            return Err(M::Error::custom("a kind that is named twice"));
        }
        self.named |= bit;
        if self.body.as_ref().is_some_and(|best| best.fill == Fill::Full && best.rank < rank) {
            map.next_value::<IgnoredAny>()?;
            return Ok(());
        }
        let (fill, kind) = body(name, map)?;
        if self.body.as_ref().is_none_or(|best| (fill, rank) < (best.fill, best.rank)) {
            self.body = Some(Body { fill, rank, kind });
        }
        Ok(())
    }
}

type Said = (Fill, Result<Kind, NotRead>);

/// Reads the member that names the kind.
fn body<'de, M: MapAccess<'de>>(name: &str, map: &mut M) -> Result<Said, M::Error> {
    match name {
        "message" => one(name, map, Kind::Message),
        "message_edit" => one(name, map, Kind::Edit),
        "reaction" => one(name, map, Kind::Reaction),
        "postback" => one(name, map, Kind::Postback),
        "delivery" => one(name, map, Kind::Delivery),
        "read" => one(name, map, Kind::Read),
        "optin" => one(name, map, Kind::Optin),
        "referral" => one(name, map, Kind::Referral),
        "pass_thread_control" => one(name, map, Kind::PassControl),
        "take_thread_control" => one(name, map, Kind::TakeControl),
        "request_thread_control" => one(name, map, Kind::RequestControl),
        "app_roles" => one(name, map, Kind::AppRoles),
        "policy_enforcement" | "policy-enforcement" => one(name, map, Kind::PolicyEnforcement),
        "account_linking" => one(name, map, Kind::AccountLinking),
        "messaging_feedback" => one(name, map, Kind::Feedback),
        "response_feedback" => one(name, map, Kind::ResponseFeedback),
        "order" => one(name, map, Kind::Cart),
        _ => {
            map.next_value::<IgnoredAny>()?;
            Ok((Fill::Nothing, Err(NotRead::named(name, "a kind of event that is not known"))))
        }
    }
}

fn one<'de, M, T>(name: &str, map: &mut M, kind: impl FnOnce(T) -> Kind) -> Result<Said, M::Error>
where
    M: MapAccess<'de>,
    T: Deserialize<'de>,
{
    Ok(match map.next_value_seed(Filled(PhantomData))? {
        Some((body, true)) => (Fill::Full, Ok(kind(body))),
        Some((body, false)) => (Fill::Empty, Ok(kind(body))),
        None => (Fill::Nothing, Err(NotRead::named(name, format!("`{name}` is not an object")))),
    })
}

fn party<'de, M: MapAccess<'de>>(map: &mut M) -> Result<Option<String>, M::Error> {
    let party: Option<Party> = map.next_value_seed(Object(PhantomData))?;
    Ok(party.and_then(|party| party.id))
}

#[derive(serde::Deserialize)]
struct Party {
    #[serde(default, deserialize_with = "loose::id")]
    id: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Time(#[serde(deserialize_with = "loose::time_ms")] Option<i64>);

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Hops(#[serde(deserialize_with = "loose::list")] Vec<Hop>);
