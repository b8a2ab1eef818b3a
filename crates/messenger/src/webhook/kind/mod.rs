//! What an event says, one small struct per kind.
//!
//! The kind is decided by the member that is present (docs/meta.md 2.3). Every field is optional: whatever Meta left out
//! or spelled otherwise is absent, and the raw bytes beside it keep all of it.

pub mod control;
pub mod customer;
pub mod message;
pub mod page;
pub mod receipt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::control::{AppRoles, ControlPassed, ControlRequested};
use self::customer::{
    AccountLinking, Cart, Feedback, InboxLabel, Lead, Optin, Postback, Reaction, Referral, ResponseFeedback,
};
use self::message::{Deleted, Edit, Hop, Message};
use self::page::PolicyEnforcement;
use self::receipt::{Delivered, Read};
use crate::id::Mid;
use crate::loose;

/// What happened (docs/meta.md 2.6, 2.7).
#[derive(Debug, Clone, PartialEq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "kind", content = "is")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// The customer wrote.
    Message(Box<Message>),
    /// The account sent something, through whichever app.
    Echo(Box<Message>),
    /// Somebody took a message back; its content must go.
    Deleted(Deleted),
    /// The customer changed a message. With number 0 it announces a new one (docs/meta.md 2.7.9).
    Edit(Edit),
    /// A reaction was set or taken away.
    Reaction(Reaction),
    /// Sent messages reached the customer's device.
    Delivery(Delivered),
    /// The customer saw sent messages.
    Read(Read),
    /// The customer pressed a button.
    Postback(Box<Postback>),
    /// The customer agreed to be written to, or a plugin announced them.
    Optin(Optin),
    /// The customer came through a link or an ad into a thread that exists.
    Referral(Box<Referral>),
    /// Control of the thread went from one app to another by the owner's will.
    #[strum(serialize = "pass")]
    #[serde(rename = "pass")]
    PassControl(ControlPassed),
    /// An app took control of the thread.
    #[strum(serialize = "take")]
    #[serde(rename = "take")]
    TakeControl(ControlPassed),
    /// An app asks the owner for control.
    #[strum(serialize = "request")]
    #[serde(rename = "request")]
    RequestControl(ControlRequested),
    /// Roles of the old handover protocol changed.
    AppRoles(AppRoles),
    /// Meta warned, blocked or unblocked the Page.
    PolicyEnforcement(PolicyEnforcement),
    /// The customer linked or unlinked an account of the business.
    AccountLinking(AccountLinking),
    /// The customer answered a feedback form.
    Feedback(Feedback),
    /// The customer put a thumb under one of our messages.
    ResponseFeedback(ResponseFeedback),
    /// The customer sent a shopping cart.
    Cart(Cart),
    /// A label was set or removed in Meta's inbox.
    InboxLabels(InboxLabel),
    /// Nothing we know; kept, and shown as something that cannot be shown here.
    Unknown(Unknown),
}

/// An event that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// Why, in plain words.
    pub why: String,
    /// The member or field that seems to name the kind.
    pub name: Option<String>,
}

impl Unknown {
    pub(crate) fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), name: None }
    }

    fn named(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { why: why.into(), name: Some(name.into()) }
    }
}

impl Kind {
    /// A short stable name, as used in keys.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether this act of the customer opens the 24-hour window (docs/meta.md 2.5.1). Where the list of acts leaves
    /// room, the answer is no: a window taken for shut costs a late reply, one taken for open a refusal.
    pub fn opens_window(&self) -> bool {
        match self {
            Self::Message(_) | Self::Postback(_) | Self::Referral(_) => true,
            Self::Reaction(reaction) => reaction.act == customer::ReactionAct::React,
            _ => false,
        }
    }

    /// The message the event is, or is about.
    pub fn mid(&self) -> Option<&Mid> {
        match self {
            Self::Message(message) | Self::Echo(message) => message.mid.as_ref(),
            Self::Deleted(deleted) => deleted.mid.as_ref(),
            Self::Edit(edit) => edit.mid.as_ref(),
            Self::Reaction(reaction) => reaction.mid.as_ref(),
            Self::Read(read) => read.mid.as_ref(),
            Self::Postback(postback) => postback.mid.as_ref(),
            Self::ResponseFeedback(feedback) => feedback.mid.as_ref(),
            _ => None,
        }
    }
}

/// Reads the kind out of an event's members. `field` is the name of a change, where the event lay in one.
pub(super) fn read(mut members: Map<String, Value>, field: Option<&str>, from_account: bool) -> Kind {
    if let Some(field) = field {
        if field == "inbox_labels" {
            return whole(field, Value::Object(members), Kind::InboxLabels);
        }
        if !NAMES.iter().any(|name| members.contains_key(*name)) {
            return Kind::Unknown(Unknown::named(field, "a change of a field that is not known"));
        }
    }
    let Some(name) = NAMES.iter().copied().find(|name| members.contains_key(*name)) else {
        let name = members.keys().find(|name| !FRAME.contains(&name.as_str())).cloned();
        return Kind::Unknown(Unknown { why: "a kind of event that is not known".to_owned(), name });
    };
    let body = members.remove(name).unwrap_or_default();
    match name {
        "message" => read_message(body, members.remove("hop_context"), from_account),
        "message_edit" => whole(name, body, Kind::Edit),
        "reaction" => whole(name, body, Kind::Reaction),
        "postback" => whole(name, body, |postback| Kind::Postback(Box::new(postback))),
        "delivery" => whole(name, body, Kind::Delivery),
        "read" => whole(name, body, Kind::Read),
        "optin" => whole(name, body, Kind::Optin),
        "referral" => read_referral(body, members.remove("lead")),
        "pass_thread_control" => whole(name, body, Kind::PassControl),
        "take_thread_control" => whole(name, body, Kind::TakeControl),
        "request_thread_control" => whole(name, body, Kind::RequestControl),
        "app_roles" => whole(name, body, Kind::AppRoles),
        "policy_enforcement" | "policy-enforcement" => whole(name, body, Kind::PolicyEnforcement),
        "account_linking" => whole(name, body, Kind::AccountLinking),
        "messaging_feedback" => whole(name, body, Kind::Feedback),
        "response_feedback" => whole(name, body, Kind::ResponseFeedback),
        "order" => whole(name, body, Kind::Cart),
        _ => Kind::Unknown(Unknown::named(name, "a kind of event that is not known")),
    }
}

/// The members that name a kind, in the order in which they are asked for.
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

/// The members every event may have.
const FRAME: &[&str] = &["sender", "recipient", "timestamp", "hop_context"];

fn whole<T: DeserializeOwned>(name: &str, body: Value, kind: impl FnOnce(T) -> Kind) -> Kind {
    match loose::object_of(body) {
        Some(body) => kind(body),
        None => Kind::Unknown(Unknown::named(name, format!("`{name}` is not an object"))),
    }
}

fn read_message(body: Value, hops: Option<Value>, from_account: bool) -> Kind {
    let Some(mut message) = loose::object_of::<Message>(body) else {
        return Kind::Unknown(Unknown::named("message", "`message` is not an object"));
    };
    message.hops = hops.map(loose::list_of::<Hop>).unwrap_or_default();
    if message.is_deleted {
        return Kind::Deleted(Deleted { mid: message.mid, is_echo: message.is_echo || from_account });
    }
    if message.is_echo || from_account {
        return Kind::Echo(Box::new(message));
    }
    Kind::Message(Box::new(message))
}

fn read_referral(body: Value, lead: Option<Value>) -> Kind {
    whole("referral", body, |mut referral: Referral| {
        referral.lead = lead.and_then(loose::object_of::<Lead>);
        Kind::Referral(Box::new(referral))
    })
}
