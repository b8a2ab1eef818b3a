//! Facts of our team, as they stand in the log.
//!
//! A fact names its `fact` in JSON. The relay appends it after its rules let the command pass; a desk folds
//! facts by seq. All facts of the finished product have their shape here, so that an older desk can keep
//! what it does not show yet.

use baton_messenger::id::{AppId, CustomerId, Mid, Platform};
use baton_messenger::send::FileKind;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::account::{HumanAgentRight, QueueRules, RoutingMode, WaitingRule};
use crate::audit::UnreadThread;
use crate::enrol::Role;
use crate::entry::describe;
use crate::ids::{AgentId, DeskId, LabelId, NoteId, PartId, ReplyId};

/// Who caused a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A person of ours at a desk.
    Agent {
        /// Who.
        agent: AgentId,
        /// At which desk.
        desk: DeskId,
    },
    /// A rule of the relay: routing, reopening, a lease that ended.
    Relay,
    /// Whoever operates the relay, at its command line.
    Operator,
}

/// Where a thread stands in our work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Somebody should look at it.
    Open,
    /// We have answered and wait for the customer.
    WaitingOnCustomer,
    /// Asleep until a time, milliseconds UTC, or until the customer writes.
    Snoozed {
        /// When it wakes.
        until_ms: i64,
    },
    /// Finished, until the customer writes again.
    Done,
}

/// What is kept about a send that carried the human-agent tag: the proof that a person wrote it, in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagEvidence {
    /// The customer's last window-opening action, milliseconds UTC of Meta.
    pub last_opening_ms: i64,
    /// Until when the tag may be used, milliseconds UTC of Meta.
    pub until_ms: i64,
    /// Meta's time as the desk knew it when it asked, milliseconds UTC.
    pub meta_now_ms: i64,
    /// The person who pressed *Send*.
    pub agent: AgentId,
    /// How long the person had the composer focused with text in it, milliseconds.
    pub composed_ms: i64,
}

/// How a part ended. Later facts win only with a higher rank, see [`Settlement::rank`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Settlement {
    /// The desk never began the Graph call.
    NotBegun,
    /// Nobody knows yet whether Meta accepted it.
    Unknown {
        /// What happened, without secrets.
        why: String,
    },
    /// Nobody could find out, and a person closed it.
    Abandoned {
        /// Who closed it.
        by: AgentId,
    },
    /// Meta refused it.
    Refused {
        /// Meta's error code.
        code: i64,
        /// Meta's error subcode.
        subcode: Option<i64>,
        /// Meta's message.
        message: String,
        /// Meta's trace id, for support.
        trace_id: Option<String>,
    },
    /// Meta accepted it.
    Sent {
        /// The message's id.
        mid: Mid,
        /// When, milliseconds UTC of Meta, where the proof carries a time.
        at_ms: Option<i64>,
    },
}

impl Settlement {
    /// Which settlement wins: sent over refused over abandoned over unknown over not begun.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::NotBegun => 0,
            Self::Unknown { .. } => 1,
            Self::Abandoned { .. } => 2,
            Self::Refused { .. } => 3,
            Self::Sent { .. } => 4,
        }
    }
}

/// Who holds control of a thread, as a desk learned it outside of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "owner", rename_all = "snake_case")]
pub enum OwnerSeen {
    /// Our app.
    Ours,
    /// Another app; its id where Meta shows it.
    Other {
        /// The app.
        app: Option<AppId>,
    },
    /// Nobody.
    Idle,
}

/// How an owner was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OwnerSource {
    /// We took control and Meta said yes.
    Took,
    /// We passed control and Meta said yes.
    Passed,
    /// We released control and Meta said yes.
    Released,
    /// We asked for control and Meta said yes; the owner decides.
    Requested,
    /// We extended control and Meta said yes.
    Extended,
    /// `thread_owner` was read.
    ThreadOwner,
    /// `is_owner` of the conversation was read.
    IsOwner,
    /// A send was refused because another app owns the thread.
    SendRefused,
    /// A send was accepted although we did not know that we may.
    SendAccepted,
}

/// A fact of our team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum TeamFact {
    // -- about one thread; in the account's log
    /// A thread got an assignee, or lost the one it had. Moves the thread's version.
    Assigned {
        /// The thread's customer.
        customer: CustomerId,
        /// The new assignee; none for the queue.
        assignee: Option<AgentId>,
        /// Who did it.
        by: Actor,
        /// The reply whose grant claimed the thread, if one did.
        reply: Option<ReplyId>,
    },
    /// A thread's status changed. Moves the thread's version.
    StatusSet {
        /// The thread's customer.
        customer: CustomerId,
        /// The new status.
        status: Status,
        /// Who did it.
        by: Actor,
    },
    /// A grant: this desk may now make one Graph call for this part.
    SendStarted {
        /// The thread's customer.
        customer: CustomerId,
        /// The reply.
        reply: ReplyId,
        /// The part.
        part: PartId,
        /// Its place in the reply, from 0.
        index: u32,
        /// How many parts the reply has.
        of: u32,
        /// Who sends.
        agent: AgentId,
        /// From which desk.
        desk: DeskId,
        /// What is sent, for everyone to see while it is on its way; empty for a file.
        text: String,
        /// What kind of file is sent instead of a text. Its name is a word of ours and stays with the desk.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileKind>,
        /// Evidence, when the part carries the human-agent tag.
        tag: Option<TagEvidence>,
        /// True when the relay could not be asked before (account setting `waiting: send`).
        unchecked: bool,
    },
    /// How a part ended.
    SendSettled {
        /// The thread's customer.
        customer: CustomerId,
        /// The reply.
        reply: ReplyId,
        /// The part.
        part: PartId,
        /// The desk that says so: the sender, or the steward.
        desk: DeskId,
        /// How it ended.
        settlement: Settlement,
    },
    /// A desk learned who holds a thread.
    OwnerLearned {
        /// The thread's customer.
        customer: CustomerId,
        /// Who holds it.
        seen: OwnerSeen,
        /// How that was learned.
        source: OwnerSource,
        /// When, milliseconds UTC of Meta.
        at_ms: i64,
        /// Until when, milliseconds UTC of Meta, where Meta said so.
        until_ms: Option<i64>,
        /// The note passed along, if any.
        note: Option<String>,
        /// Who did or read it.
        by: Actor,
        /// True for a pass that nobody pressed: the thread went back to the default app because whoever did it was done with
        /// the thread. A program from before that shows it as their pass.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        when_done: bool,
    },
    /// A private note.
    NoteAdded {
        /// The thread's customer.
        customer: CustomerId,
        /// The note.
        note: NoteId,
        /// Its text.
        text: String,
        /// Who is meant.
        mentions: Vec<AgentId>,
        /// Only for supervisors and admins.
        supervisors_only: bool,
        /// Who wrote it.
        by: Actor,
    },
    /// A private note was taken away: its words go from the log, from relay and desks.
    NoteRemoved {
        /// The thread's customer.
        customer: CustomerId,
        /// The note.
        note: NoteId,
        /// Who removed it.
        by: Actor,
    },
    /// A label was put on a thread.
    LabelAdded {
        /// The thread's customer.
        customer: CustomerId,
        /// The label.
        label: LabelId,
        /// Who did it.
        by: Actor,
    },
    /// A label was taken off a thread.
    LabelRemoved {
        /// The thread's customer.
        customer: CustomerId,
        /// The label.
        label: LabelId,
        /// Who did it.
        by: Actor,
    },
    /// A thread is urgent, or no longer.
    PrioritySet {
        /// The thread's customer.
        customer: CustomerId,
        /// True for urgent.
        urgent: bool,
        /// Who did it.
        by: Actor,
    },
    /// A customer is blocked or spam, or no longer.
    BlockSet {
        /// The thread's customer.
        customer: CustomerId,
        /// True while blocked.
        blocked: bool,
        /// True when the thread was put among Meta's spam too.
        #[serde(default)]
        spam: bool,
        /// Who did it.
        by: Actor,
    },
    /// An agent reacted to a message as the account, or took that back.
    ReactionSet {
        /// The thread's customer.
        customer: CustomerId,
        /// The message.
        mid: Mid,
        /// The character; none when it was taken away.
        emoji: Option<String>,
        /// When Meta took it, milliseconds UTC of Meta.
        at_ms: i64,
        /// Who did it.
        by: Actor,
    },
    /// Everything of a customer was erased.
    CustomerErased {
        /// The customer.
        customer: CustomerId,
        /// Who did it.
        by: Actor,
    },
    /// A customer's name as Graph gave it, or as an agent wrote it.
    CustomerNamed {
        /// The customer.
        customer: CustomerId,
        /// The name.
        name: String,
        /// True when an agent wrote it; such a name stays when Graph gives another.
        by_hand: bool,
    },

    /// A thread was taken from an agent who was writing there: their draft, for whoever goes on. It follows the
    /// [`TeamFact::Assigned`] that took the thread, in the same transaction.
    DraftHanded {
        /// The thread's customer.
        customer: CustomerId,
        /// Whose draft it is.
        from: AgentId,
        /// The draft; empty where only files are in it, and once the customer was erased.
        text: String,
        /// What the files in it are called, which stay on their desk; none once the customer was erased.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<String>,
        /// Who took the thread.
        by: Actor,
    },
    /// Whoever works on the thread used what was handed over with it, or does not need it: nobody is offered it any more.
    DraftDone {
        /// The thread's customer.
        customer: CustomerId,
        /// Up to which [`TeamFact::DraftHanded`], its seq.
        seq: u64,
        /// Who.
        by: Actor,
    },
    /// Parts of a reply wait on a desk, or no longer do. A desk that does not come back takes nothing back: what it last said
    /// stands, because the reply may be there still.
    ReplyPending {
        /// The thread's customer.
        customer: CustomerId,
        /// The desk.
        desk: DeskId,
        /// Its agent.
        agent: AgentId,
        /// How many parts wait; 0 for none any more. It is a fact once it comes or goes, so the number is that of the
        /// moment when the first began to wait.
        parts: u32,
    },

    // -- about an account; in its own log
    /// An account was connected, or connected again.
    AccountConnected {
        /// Messenger or Instagram.
        platform: Platform,
        /// The name that Meta gives it.
        name: String,
        /// The Page an Instagram account is linked to; the account itself on Messenger.
        page: baton_messenger::id::AccountId,
        /// Our app.
        app: AppId,
        /// How routing stands, as Meta answered.
        routing: RoutingMode,
        /// Webhook fields that Meta confirmed.
        fields: Vec<String>,
        /// Who connected it.
        by: Actor,
    },
    /// An account is no longer served.
    AccountRemoved {
        /// Who removed it.
        by: Actor,
    },
    /// How routing stands on the account.
    RoutingSet {
        /// The mode.
        routing: RoutingMode,
        /// The default app, where it is known.
        default_app: Option<AppId>,
    },
    /// Whether Meta approved the Human Agent feature for the account.
    HumanAgentSet {
        /// The right.
        right: HumanAgentRight,
        /// Who said so.
        by: Actor,
    },
    /// What an app is called, and whether its answers count as a person's on an unmanaged account.
    AppNamed {
        /// The app.
        app: AppId,
        /// Its name.
        name: String,
        /// True when its answers stop the waiting time on an unmanaged account.
        answers_count: bool,
    },
    /// What a reply does while the relay is away.
    WaitingSet {
        /// The rule.
        rule: WaitingRule,
    },
    /// Whether a thread goes back to the default app when an agent is done with it.
    HandBackSet {
        /// True to hand it back.
        on: bool,
        /// Who chose it.
        by: Actor,
    },
    /// How threads are given out, and who may answer in them.
    QueueSet {
        /// The rules.
        rules: QueueRules,
        /// Who chose them.
        by: Actor,
    },
    /// The account's Page token is dead, or lives again.
    TokenHealth {
        /// True while Meta accepts the token.
        alive: bool,
        /// The desk that learned it.
        desk: DeskId,
    },
    /// What Meta answered when the account's settings were read again.
    AccountChecked {
        /// How routing stands.
        routing: RoutingMode,
        /// True while Meta sends our app what happens at the account.
        subscribed: bool,
        /// Webhook fields that Meta confirmed.
        fields: Vec<String>,
        /// The desk that asked.
        desk: DeskId,
    },
    /// What Meta sends our app of the account's platform at all, as the relay read it with the app's own token. It stands
    /// beside the account's own subscription: an event comes when both have its field.
    AppSubscribed {
        /// True while Meta sends our app anything of that platform.
        subscribed: bool,
        /// Those webhook fields of the app that an inbox asks for, in alphabetical order.
        fields: Vec<String>,
    },
    /// Whether Meta gives our app the names of the account's customers.
    NamesGiven {
        /// True when it gave one, false when it refused for lack of the right.
        given: bool,
        /// The desk that learned it.
        desk: DeskId,
    },

    /// Reading the account's history from Meta was paused, or goes on.
    HistoryPaused {
        /// True while it stands still.
        paused: bool,
        /// Who did it.
        by: Actor,
    },
    /// A pass over the account's history ended: what had changed before a moment, and Meta gives, is in the log.
    HistoryRead {
        /// The moment, milliseconds UTC of Meta.
        through_ms: i64,
        /// But for these threads, which Meta failed to give: the next pass asks for them again, whoever makes it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unread: Vec<UnreadThread>,
        /// The steward's desk.
        desk: DeskId,
    },

    // -- in the workspace log
    /// An agent, with the current name.
    AgentNamed {
        /// The agent.
        agent: AgentId,
        /// The name.
        name: String,
    },
    /// The role of an agent on an account; none when it ended.
    RoleSet {
        /// The agent.
        agent: AgentId,
        /// The account.
        account: baton_messenger::id::AccountId,
        /// The role.
        role: Option<Role>,
    },
    /// A desk was enrolled.
    DeskEnrolled {
        /// The desk.
        desk: DeskId,
        /// Its agent.
        agent: AgentId,
        /// What the machine is called.
        name: String,
    },
    /// A desk was cut off.
    DeskRevoked {
        /// The desk.
        desk: DeskId,
    },
    /// A label of the workspace, new, changed or taken out.
    LabelDefined {
        /// The label.
        label: LabelId,
        /// Its name.
        name: String,
        /// Its colour as `#rrggbb`.
        colour: String,
        /// True once it was taken out. A program from before that goes on showing it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        removed: bool,
    },
    /// A shared canned reply, new or changed; no text when it was removed.
    CannedReplySet {
        /// Its short name after the slash.
        name: String,
        /// Its text.
        text: Option<String>,
    },
}

/// Why a fact could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// A fact of a newer version.
    #[error("a team fact of a newer version: {0}")]
    UnknownKind(String),
    /// Not a fact at all, or a known one with other fields.
    #[error("a team fact that cannot be read: {0}")]
    Unreadable(String),
}

#[derive(Deserialize)]
struct FactName {
    fact: String,
}

impl TeamFact {
    /// Reads a fact from an entry's body.
    ///
    /// # Errors
    /// [`FactError::UnknownKind`] for a fact of a newer version, [`FactError::Unreadable`] for the rest.
    pub fn from_body(body: &RawValue) -> Result<Self, FactError> {
        match serde_json::from_str::<Self>(body.get()) {
            Ok(fact) => Ok(fact),
            Err(e) => match serde_json::from_str::<FactName>(body.get()) {
                Ok(named) if !KNOWN_FACTS.contains(&named.fact.as_str()) => {
                    Err(FactError::UnknownKind(named.fact))
                }
                _ => Err(FactError::Unreadable(describe(&e))),
            },
        }
    }

    /// The customer whose thread the fact is about, if it is about one.
    #[must_use]
    pub fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Assigned { customer, .. }
            | Self::StatusSet { customer, .. }
            | Self::SendStarted { customer, .. }
            | Self::SendSettled { customer, .. }
            | Self::OwnerLearned { customer, .. }
            | Self::NoteAdded { customer, .. }
            | Self::NoteRemoved { customer, .. }
            | Self::LabelAdded { customer, .. }
            | Self::LabelRemoved { customer, .. }
            | Self::PrioritySet { customer, .. }
            | Self::BlockSet { customer, .. }
            | Self::ReactionSet { customer, .. }
            | Self::CustomerErased { customer, .. }
            | Self::CustomerNamed { customer, .. }
            | Self::DraftHanded { customer, .. }
            | Self::DraftDone { customer, .. }
            | Self::ReplyPending { customer, .. } => Some(customer),
            _ => None,
        }
    }

    /// The fact as it stays when its customer is erased: it was there, and says nothing in words. None when it has no
    /// words.
    #[must_use]
    pub fn without_words(mut self) -> Option<Self> {
        match &mut self {
            Self::DraftHanded { text, files, .. } if !(text.is_empty() && files.is_empty()) => {
                text.clear();
                files.clear();
            }
            Self::SendStarted { text, .. }
            | Self::NoteAdded { text, .. }
            | Self::CustomerNamed { name: text, .. }
                if !text.is_empty() =>
            {
                text.clear();
            }
            Self::OwnerLearned { note, .. } if note.is_some() => *note = None,
            _ => return None,
        }
        Some(self)
    }

    /// True for the facts that move a thread's version.
    #[must_use]
    pub fn moves_version(&self) -> bool {
        matches!(self, Self::Assigned { .. } | Self::StatusSet { .. })
    }
}

/// The names of all facts of this version.
pub const KNOWN_FACTS: &[&str] = &[
    "assigned",
    "status_set",
    "send_started",
    "send_settled",
    "owner_learned",
    "note_added",
    "note_removed",
    "label_added",
    "label_removed",
    "priority_set",
    "block_set",
    "reaction_set",
    "customer_erased",
    "customer_named",
    "draft_handed",
    "draft_done",
    "reply_pending",
    "account_connected",
    "account_removed",
    "routing_set",
    "human_agent_set",
    "app_named",
    "waiting_set",
    "hand_back_set",
    "queue_set",
    "token_health",
    "account_checked",
    "app_subscribed",
    "names_given",
    "history_paused",
    "history_read",
    "agent_named",
    "role_set",
    "desk_enrolled",
    "desk_revoked",
    "label_defined",
    "canned_reply_set",
];
