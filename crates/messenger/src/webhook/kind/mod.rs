//! What an event says, one small struct per kind.
//!
//! The kind is decided by the member that is present (docs/meta.md 2.3). Every field is optional: whatever Meta left out
//! or spelled otherwise is absent, and the raw bytes beside it keep all of it.

pub mod attachment;
pub mod cart;
pub mod change;
pub mod control;
pub mod customer;
pub mod feedback;
pub mod message;
pub mod optin;
pub mod page;
pub mod receipt;
pub mod referral;
pub mod template;

use serde::Serialize;

use self::cart::Cart;
use self::change::{FeedChange, InboxLabel};
use self::control::{AppRoles, ControlPassed, ControlRequested};
use self::customer::{Postback, Reaction};
use self::feedback::{Feedback, ResponseFeedback};
use self::message::{Deleted, Edit, Message};
use self::optin::{AccountLinking, Optin};
use self::page::PolicyEnforcement;
use self::receipt::{Delivered, Read};
use self::referral::Referral;
use crate::id::Mid;

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
    /// Something happened to a post or comment of the account.
    Feed(Box<FeedChange>),
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
    /// The whole event as it came, so that nothing is lost by not understanding it.
    pub json: String,
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
