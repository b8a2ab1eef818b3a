//! Webhook deliveries: bytes in, a flat list of typed events out.
//!
//! ```text
//! POST body ──parse──▶ Delivery ─┬─ Event { envelope, raw bytes, who, when, kind }
//!                                ├─ Event …            in the order of entries, then of the lists
//!                                └─ Event …            messaging · standby · messaging_handovers · changes
//! ```
//!
//! It promises that nothing inside a delivery disappears: a list, an event or a kind that is not known becomes an
//! event of [`Kind::Unknown`] that says why, with its exact bytes. It refuses only what is no delivery at
//! all ([`DeliveryError`]). Signatures are checked before, on the same bytes
//! ([`signature`](crate::signature)).

mod bare;
mod delivery;
mod envelope;
mod event;
mod key;
mod kind;
mod mend;
mod names;
mod read;
mod stored;
mod usual;

pub use bare::keep_only_which;
pub use delivery::{Delivery, DeliveryError, parse};
pub use envelope::{Envelope, List};
pub use event::Event;
pub use kind::attachment::{Attachment, AttachmentKind, Booking, Coordinates, SharedProduct};
pub use kind::cart::{Cart, Product};
pub use kind::change::{FeedChange, InboxLabel};
pub use kind::control::{AppRoles, ControlPassed, ControlRequested};
pub use kind::customer::{Postback, Reaction, ReactionAct};
pub use kind::feedback::{Feedback, FeedbackAnswer, FeedbackScreen, ResponseFeedback};
pub use kind::message::{Command, Deleted, Edit, Hop, Message, OfferedReply, QuickReply, ReplyTo, Story};
pub use kind::optin::{AccountLinking, Agreement, Optin};
pub use kind::page::{PolicyAction, PolicyEnforcement};
pub use kind::receipt::{Delivered, Read};
pub use kind::referral::{AdContext, Answer, Lead, Origin, Referral, ReferredProduct};
pub use kind::template::{
    ReceiptAddress, ReceiptAdjustment, ReceiptLine, ReceiptSummary, Template, TemplateButton, TemplateCard,
    TemplateReceipt,
};
pub use kind::{Kind, Unknown};
pub use names::{json_names, plain_json};
pub use stored::StoredEvent;

#[cfg(test)]
mod tests;
