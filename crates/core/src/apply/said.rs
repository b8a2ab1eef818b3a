//! The values that an entry becomes.

use baton_messenger::id::{AppId, CustomerId, Mid};
use baton_messenger::webhook::{AppRoles, PolicyAction};
use baton_protocol::audit::Lack;
use baton_protocol::entry::Entry;
use baton_protocol::ids::PartId;
use baton_protocol::team::TeamFact;
use baton_thread::{Evidence, Heard};
use serde_json::Value;

use super::extra::Extra;

/// An entry, understood.
#[derive(Clone, Debug)]
pub struct Understood {
    /// What it says, in order.
    pub said: Vec<Said>,
    /// The message whose text it carries, so that an unsend finds its bytes.
    pub mid: Option<String>,
    /// The customer it is about.
    pub customer: Option<CustomerId>,
    /// False when this version cannot read it.
    pub understood: bool,
}

impl Understood {
    pub(super) fn not(_why: String) -> Self {
        Self { said: Vec::new(), mid: None, customer: None, understood: false }
    }
}

/// One thing that an entry says.
#[derive(Clone, Debug)]
pub enum Said {
    /// There is this message, or something like one.
    Message(Box<MessageSaid>),
    /// A message was taken back.
    Unsent {
        /// The thread's customer.
        customer: CustomerId,
        /// The message.
        mid: Mid,
    },
    /// There is a message that nobody told of yet.
    Announced {
        /// The message.
        mid: Mid,
    },
    /// A message got a new text.
    Edited {
        /// The thread's customer.
        customer: CustomerId,
        /// The message.
        mid: Mid,
        /// Which edit.
        num: i64,
        /// When, milliseconds UTC of Meta.
        at_ms: i64,
        /// The new text.
        text: String,
    },
    /// A reaction was set or taken away.
    Reacted(ReactionSaid),
    /// Messages were delivered or seen.
    Receipt(ReceiptSaid),
    /// The customer did something that opens the window and is no message.
    Acted {
        /// The thread's customer.
        customer: CustomerId,
        /// When, milliseconds UTC of Meta.
        at_ms: i64,
    },
    /// Evidence about control.
    Owner(OwnerSaid),
    /// Meta warned, blocked or unblocked the account.
    Policy(PolicySaid),
    /// A customer was erased.
    Erased {
        /// Who.
        customer: CustomerId,
    },
    /// Parts of apps in the old handover protocol.
    Roles(RolesSaid),
    /// A customer's name in a page of history.
    Named(NamedSaid),
    /// A thread was read from Meta to where it ends there.
    Audited(AuditedSaid),
    /// Meta names messages in the middle of a thread and does not give them.
    Lacking {
        /// The thread's customer.
        customer: CustomerId,
        /// Which.
        lacks: Vec<Lack>,
    },
    /// A fact of the team about a thread, the account or the workspace.
    Team(Box<TeamFact>),
    /// Entries lost their bodies.
    BodiesGone {
        /// Which.
        seqs: Vec<u64>,
    },
    /// A webhook reached the relay.
    Heard {
        /// When the relay received it, milliseconds UTC.
        received_ms: i64,
    },
}

/// How far the history of a thread was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedSaid {
    /// The thread's customer.
    pub customer: CustomerId,
    /// When Meta answered, milliseconds UTC of Meta.
    pub read_ms: i64,
    /// Older messages exist, and Meta does not give them.
    pub is_withheld: bool,
}

/// How good a source is. A better one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The webhook of an edit, which names a message without telling it.
    Edit = -1,
    /// Only the place is left.
    Tombstone = 0,
    /// A page of history.
    Audit = 1,
    /// The webhook of a button.
    Button = 2,
    /// The webhook of a message or an echo.
    Webhook = 3,
}

/// Which entry told of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// How good it is.
    pub grade: Grade,
    /// For a page of history, when it was read; the newest tells.
    pub ms: i64,
    /// The entry's key.
    pub key: String,
}

/// A message, or something that stands in the thread like one.
#[derive(Clone, Debug)]
pub struct MessageSaid {
    /// The thread's customer.
    pub customer: CustomerId,
    /// The mid, or the entry's key where there is no mid.
    pub key: String,
    /// Meta's id.
    pub mid: Option<Mid>,
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Order within one second of a page of history.
    pub tie: i64,
    /// `message`, `postback`, `happened`, `notice`, `unknown`.
    pub kind: &'static str,
    /// The customer said it.
    pub inbound: bool,
    /// The text.
    pub text: Option<String>,
    /// In an echo: the app.
    pub app: Option<AppId>,
    /// In an echo: the part, as its metadata says.
    pub part: Option<PartId>,
    /// Where it was heard.
    pub heard: Option<Heard>,
    /// Which entry told of it.
    pub told: Told,
    /// It opens the window.
    pub opens: bool,
    /// The customer's message, and not mere history.
    pub counts: bool,
    /// An audit told of it, and it was new then.
    pub found_late: bool,
    /// The message it answers.
    pub reply_to: Option<Mid>,
    /// What else is shown.
    pub extra: Option<Extra>,
    /// What came with it.
    pub attachments: Vec<AttachmentSaid>,
}

impl MessageSaid {
    /// What a tombstone leaves of a message. Which side said it stands in the entry's key.
    pub(super) fn tombstone(entry: &Entry, customer: CustomerId, mid: Mid, at_ms: i64) -> Self {
        let inbound = !entry.key.split(':').any(|part| part == "echo");
        Self {
            customer,
            key: mid.to_string(),
            mid: Some(mid),
            at_ms,
            tie: 0,
            kind: "message",
            inbound,
            text: None,
            app: None,
            part: None,
            heard: None,
            told: Told { grade: Grade::Tombstone, ms: 0, key: entry.key.clone() },
            opens: inbound,
            counts: inbound,
            found_late: false,
            reply_to: None,
            extra: None,
            attachments: Vec::new(),
        }
    }
}

/// A file, share, place, card or template.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachmentSaid {
    /// Meta's word for it.
    pub kind: String,
    /// Where it lies; expires.
    pub url: Option<String>,
    /// Its title or file name.
    pub title: Option<String>,
    /// As it came.
    pub payload: Option<Value>,
}

/// A reaction.
#[derive(Clone, Debug)]
pub struct ReactionSaid {
    /// The thread's customer.
    pub customer: CustomerId,
    /// The message.
    pub mid: Mid,
    /// Who: the customer's or the account's id.
    pub actor: String,
    /// When, milliseconds UTC of Meta; 0 when only an audit tells.
    pub at_ms: i64,
    /// The entry's key.
    pub key: String,
    /// The character; none when it was taken away.
    pub emoji: Option<String>,
}

/// A receipt.
#[derive(Clone, Debug)]
pub struct ReceiptSaid {
    /// The thread's customer.
    pub customer: CustomerId,
    /// True for seen, false for delivered.
    pub seen: bool,
    /// Everything sent up to then, milliseconds UTC of Meta.
    pub watermark_ms: Option<i64>,
    /// Messages named.
    pub mids: Vec<Mid>,
}

/// Evidence about control.
#[derive(Clone, Debug)]
pub struct OwnerSaid {
    /// The thread's customer.
    pub customer: CustomerId,
    /// The evidence.
    pub evidence: Evidence,
    /// True when a desk learned it, outside of webhooks.
    pub learned: bool,
}

/// Parts of apps in the old handover protocol.
#[derive(Clone, Debug)]
pub struct RolesSaid {
    /// Who has which.
    pub roles: AppRoles,
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// The entry's key.
    pub key: String,
}

/// A customer's name in a page of history.
#[derive(Clone, Debug)]
pub struct NamedSaid {
    /// The customer.
    pub customer: CustomerId,
    /// The name.
    pub name: String,
    /// When the page was read, milliseconds UTC of Meta.
    pub read_ms: i64,
}

/// What Meta did to the account (docs/meta.md 2.6.20).
#[derive(Clone, Debug)]
pub struct PolicySaid {
    /// What.
    pub action: PolicyAction,
    /// Meta's reason.
    pub reason: Option<String>,
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// The entry's key.
    pub key: String,
}
