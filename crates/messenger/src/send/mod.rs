//! Bodies of the Send API, of thread control and of the profile (docs/meta.md 4, 5.3, 9).
//!
//! They can be made only in forms that Meta has no reason to refuse: texts and counts within the channel's limits, in
//! the unit that Meta counts; only what the channel has; metadata under 1000 characters; and a messaging type that
//! follows from a [`Verdict`] and from nothing else. What cannot be made says which limit
//! stands against it and what can be done ([`Unsendable`]).
//!
//! ```text
//!  text · file · images · sticker · template ──▶ MessageBody ──┐  + Verdict + customer ──▶ SendBody
//!                          quick replies, metadata ────────────┘     + reply-to, persona, control
//! ```

mod body;
mod control;
mod file;
mod message;
mod metadata;
mod moderation;
mod private_reply;
mod profile;
mod quick_reply;
mod sender_action;
mod template;
mod text;
mod unsendable;
mod upload;
mod utility;

pub use body::{MessagingType, SendBody};
pub use control::{ControlBody, ControlCall};
pub use file::{FileKind, FileSource, FileWay};
pub use message::MessageBody;
pub use metadata::{Metadata, OutMetadata};
pub use moderation::ModerationBody;
pub use private_reply::{Commented, PrivateReplyBody};
pub use profile::{
    CustomerMenuBody, DEFAULT_LOCALE, Menu, PersonaBody, ProfileBody, ProfileDeletion, ProfileField, Question,
};
pub use quick_reply::QuickReply;
pub use sender_action::{ReactionName, SenderAction, SenderActionBody};
pub use template::{
    Amount, Button, Card, Currency, Media, MediaKind, PostalAddress, Receipt, ReceiptLine, TemplateBody,
};
pub use text::{TextLimit, TextUnit, text_limit};
pub use unsendable::{Feature, Field, Items, Unsendable};
pub use upload::UploadBody;
pub use utility::UtilityBody;

use serde::Serialize;

use crate::id::CustomerId;
#[cfg(doc)]
use crate::policy::Verdict;

/// `recipient` of every body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Recipient {
    id: CustomerId,
}

impl From<&CustomerId> for Recipient {
    fn from(customer: &CustomerId) -> Self {
        Self { id: customer.clone() }
    }
}

#[cfg(test)]
mod tests;
