//! Table `message`: the row, and who said it.

use baton_messenger::Mid;
use baton_messenger::id::{AppId, is_meta_inbox};
use baton_protocol::{AgentId, PartId, ReplyId};

use super::{AttachmentRow, MediaKnown, MediaRef, MessageKey, PartKey, ReactionRow, Result, Store, ThreadId};
use crate::apply::Extra;

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The customer.
    Customer,
    /// An agent of ours.
    Agent(AgentId),
    /// One of our desks; nobody knows which.
    OtherDesk,
    /// Another app.
    App(AppId),
    /// A person in Meta's own inbox.
    MetaInbox,
    /// The account, through something that Meta does not name.
    Account,
    /// Nobody: a notice, or something that cannot be shown.
    System,
}

impl Author {
    /// Who said what the account said.
    pub(super) fn of_echo(
        agent: Option<AgentId>,
        part: Option<PartId>,
        app: Option<AppId>,
        our_app: Option<&AppId>,
    ) -> Self {
        match (agent, part, app) {
            (Some(agent), _, _) => Self::Agent(agent),
            (None, Some(_), _) => Self::OtherDesk,
            (None, None, Some(app)) if Some(&app) == our_app => Self::OtherDesk,
            (None, None, Some(app)) if is_meta_inbox(&app) => Self::MetaInbox,
            (None, None, Some(app)) => Self::App(app),
            (None, None, None) => Self::Account,
        }
    }

    /// The word for it in `thread.preview_by`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent(_) => "agent",
            Self::OtherDesk => "other_desk",
            Self::App(_) => "app",
            Self::MetaInbox => "meta_inbox",
            Self::Account => "account",
            Self::System => "system",
        }
    }

    pub(super) fn of_name(name: &str, agent: Option<AgentId>, app: Option<AppId>) -> Self {
        match (name, agent, app) {
            ("customer", _, _) => Self::Customer,
            ("agent", Some(agent), _) => Self::Agent(agent),
            ("agent" | "other_desk", _, _) => Self::OtherDesk,
            ("app", _, Some(app)) => Self::App(app),
            ("meta_inbox", _, _) => Self::MetaInbox,
            ("account" | "app", _, _) => Self::Account,
            _ => Self::System,
        }
    }
}

/// What stands in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum MessageKind {
    /// Something said.
    Message,
    /// A button that the customer pressed; the text is what stood on it.
    Postback,
    /// Something that the customer did and that is no message; [`MessageRow::extra`] tells what.
    Happened,
    /// The same of somebody else: it stands in the thread and moves nothing.
    Notice,
    /// Something arrived that cannot be shown here.
    Unknown,
}

/// How far a message of the account got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// Meta has it.
    Sent,
    /// It reached the customer's device.
    Delivered,
    /// The customer saw it.
    Seen,
}

/// What a message said before it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// From when on it said so, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// The text.
    pub text: String,
}

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// Meta's id.
    pub mid: Mid,
    /// The message itself, without what it answers in turn; none when this desk does not have it.
    pub original: Option<Box<MessageRow>>,
}

/// What can be done with a message depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaidHow {
    /// The customer said it.
    pub inbound: bool,
    /// It was taken back.
    pub unsent: bool,
}

impl Store {
    /// Who said a message and whether it stands; none when it is not here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn said(&self, thread: ThreadId, mid: &Mid) -> Result<Option<SaidHow>> {
        let row: Option<(bool, bool)> =
            sqlx::query_as("SELECT inbound, unsent FROM message WHERE thread_id = ? AND key = ?")
                .bind(thread.0)
                .bind(mid.as_str())
                .fetch_optional(self.read())
                .await?;
        Ok(row.map(|(inbound, unsent)| SaidHow { inbound, unsent }))
    }
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    /// This desk's number for it.
    pub number: i64,
    /// Its place in the thread; `place.key` is stable.
    pub place: MessageKey,
    /// Meta's id.
    pub mid: Option<Mid>,
    /// What it is.
    pub kind: MessageKind,
    /// The customer said it.
    pub inbound: bool,
    /// Who said it.
    pub author: Author,
    /// The text as it is now; none for pure media and after an unsend.
    pub text: Option<String>,
    /// True when the text was changed after it was sent.
    pub edited: bool,
    /// What it said before, oldest first, as far as it is known; nothing after an unsend.
    pub earlier: Vec<Earlier>,
    /// What came with it.
    pub attachments: Vec<AttachmentRow>,
    /// What is known of its media, of those that were ever fetched.
    pub media: Vec<(MediaRef, MediaKnown)>,
    /// Reactions that stand.
    pub reactions: Vec<ReactionRow>,
    /// How far it got; none for what the customer said and for notices.
    pub delivery: Option<Delivery>,
    /// The part it came from, when one of our desks sent it.
    pub part: Option<PartId>,
    /// The reply that it is of, as the team's log tells.
    pub reply: Option<ReplyId>,
    /// The part's stable key, when it lies in this desk's outbox.
    pub own_part: Option<PartKey>,
    /// True when it left with the human-agent tag.
    pub tagged: bool,
    /// True when it left while the relay was away, so that nobody looked whether a colleague answers at the same time.
    pub unchecked: bool,
    /// Who said something while it was on its way: after the relay had let it go, and before it heard how that ended.
    pub crossed: Option<Author>,
    /// True when it was taken back.
    pub unsent: bool,
    /// True when another app held the thread and we only listened.
    pub standby: bool,
    /// True when an audit found it after its webhook was missed.
    pub found_late: bool,
    /// The message it answers.
    pub reply_to: Option<Quote>,
    /// How it came about, and what happened where nobody said anything.
    pub extra: Extra,
    /// The seq of the first entry that told of it; none after a resync.
    pub seq: Option<u64>,
}
