//! What a desk asks of the relay.
//!
//! A command carries its own id: a repeat returns the first result, so that a desk may ask again after a cut
//! without doing anything twice. `if_version` and `if_no_word_after` make it compare-and-set: when the thread
//! is no longer as the agent saw it, the answer is a [`Conflict`] with what is true now.

use baton_messenger::id::{AccountId, AppId, CustomerId, Mid, Platform};
use baton_messenger::send::FileKind;
use serde::{Deserialize, Serialize};

use crate::account::{HumanAgentRight, QueueRules, RoutingMode, WaitingRule};
use crate::audit::{AuditPage, UnreadThread};
use crate::ids::{AgentId, CommandId, DeskId, LabelId, NoteId, PartId, ReplyId};
use crate::snapshot::OpenPart;
use crate::team::{OwnerSeen, OwnerSource, Settlement, Status, TagEvidence};

/// How long a grant holds, milliseconds of the boot clock, counted from the moment before the desk asked.
pub const GRANT_MS: i64 = 10_000;

/// How long the relay keeps the first result of a command for a repeat, milliseconds of the time that entries get. A
/// desk that was away for longer learns from the log what became of a command, and asks anew under another id.
pub const RESULT_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The key of the entry in which a fact of a command stands: the same again when the command is repeated, and known to its
/// desk before the relay answered. `place` counts the command's facts from 0.
#[must_use]
pub fn fact_key(desk: DeskId, command: CommandId, place: usize) -> String {
    format!("{desk}:{command}:{place}")
}

/// One command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommandRequest {
    /// Chosen by the desk; a repeat within [`RESULT_KEPT_MS`] returns the first result.
    pub command_id: CommandId,
    /// The thread's version as seen, for commands about a thread.
    #[serde(default)]
    pub if_version: Option<u64>,
    /// The seq of the last word as seen; refused when another's newer word exists.
    #[serde(default)]
    pub if_no_word_after: Option<u64>,
    /// What is asked.
    pub command: Command,
}

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Gives a thread to an agent, or to the queue. Agents may claim free threads and give their own away.
    Assign {
        /// The thread.
        customer: CustomerId,
        /// The new assignee.
        assignee: Option<AgentId>,
    },
    /// Sets a thread's status. A sleep ends later and within a year, see [`crate::snooze`].
    SetStatus {
        /// The thread.
        customer: CustomerId,
        /// The status.
        status: Status,
    },
    /// Asks for the grant of one part. Needs `if_version` and `if_no_word_after`, save for later parts of a
    /// reply that was granted, where only the version counts.
    StartSend {
        /// The thread.
        customer: CustomerId,
        /// The reply.
        reply: ReplyId,
        /// The part.
        part: PartId,
        /// Its place in the reply, from 0.
        index: u32,
        /// How many parts the reply has.
        of: u32,
        /// What is sent; empty for a file.
        text: String,
        /// What kind of file is sent instead of a text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileKind>,
        /// Evidence, when the part carries the human-agent tag.
        tag: Option<TagEvidence>,
        /// Assigns the thread to the asking agent in the same transaction.
        claim: bool,
        /// True when the part already left while the relay was away.
        unchecked: bool,
        /// Confirms that the agent was shown another's part whose end is unknown.
        despite_unknown: bool,
    },
    /// Says how a part ended.
    SettleSend {
        /// The thread.
        customer: CustomerId,
        /// The reply.
        reply: ReplyId,
        /// The part.
        part: PartId,
        /// How it ended.
        settlement: Settlement,
    },
    /// Says who holds a thread, as the desk learned it.
    LearnOwner {
        /// The thread.
        customer: CustomerId,
        /// Who holds it.
        seen: OwnerSeen,
        /// How that was learned.
        source: OwnerSource,
        /// When, milliseconds UTC of Meta.
        at_ms: i64,
        /// Until when, where Meta said so.
        until_ms: Option<i64>,
        /// The note passed along, if any.
        note: Option<String>,
        /// True for a pass that the agent did not press: the thread went back to the default app because they were done with
        /// it. A relay from before that lets it fall, and the pass is told as one of theirs.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        when_done: bool,
    },
    /// Connects an account after the desk checked its Page token and subscribed the Page.
    ConnectAccount {
        /// Messenger or Instagram.
        platform: Platform,
        /// The name that Meta gives it.
        name: String,
        /// The Page an Instagram account is linked to; the account itself on Messenger.
        page: AccountId,
        /// Our app, as the token names it.
        app: AppId,
        /// How routing stands, as Meta answered.
        routing: RoutingMode,
        /// Webhook fields that Meta confirmed.
        fields: Vec<String>,
    },
    /// Names a customer.
    NameCustomer {
        /// The customer.
        customer: CustomerId,
        /// The name.
        name: String,
        /// True when an agent wrote it.
        by_hand: bool,
    },
    /// Says whether Meta accepts the account's Page token.
    ReportToken {
        /// True while it does.
        alive: bool,
    },
    /// Says what Meta answered when the settings of a connected account were read again.
    ReportAccount {
        /// How routing stands.
        routing: RoutingMode,
        /// True while Meta sends our app what happens at the account.
        subscribed: bool,
        /// Webhook fields that Meta confirmed.
        fields: Vec<String>,
    },
    /// Says whether Meta gives our app the names of the account's customers.
    ReportNames {
        /// True when it gave one, false when it refused for lack of the right.
        given: bool,
    },
    /// Says that Meta approved or refused the Human Agent feature. Approving needs an admin; a desk may always
    /// report a refusal.
    SetHumanAgent {
        /// The right.
        right: HumanAgentRight,
    },
    /// Says how routing stands. Needs an admin when it differs from what Meta last answered.
    SetRouting {
        /// The mode.
        routing: RoutingMode,
        /// The default app.
        default_app: Option<AppId>,
    },
    /// Names an app. Needs an admin.
    NameApp {
        /// The app.
        app: AppId,
        /// Its name.
        name: String,
        /// Whether its answers count as a person's on an unmanaged account.
        answers_count: bool,
    },
    /// Meta told what an app is called. The first name stays; an admin gives another with [`Command::NameApp`].
    ReportApp {
        /// The app.
        app: AppId,
        /// Its name.
        name: String,
    },
    /// Chooses what a reply does while the relay is away. Needs an admin.
    SetWaiting {
        /// The rule.
        rule: WaitingRule,
    },
    /// Chooses whether a thread goes back to the default app when an agent is done with it. Needs a supervisor.
    SetHandBack {
        /// True to hand it back.
        on: bool,
    },
    /// Chooses how threads are given out, and who may answer in them. Needs a supervisor.
    SetQueue {
        /// The rules.
        rules: QueueRules,
    },
    /// Takes every thread of the account that is not done from an agent: each goes to the queue, with the agent's draft of it.
    /// Needs a supervisor. What is moved already is nothing to do, so it may be asked again until [`Accepted::threads_left`] is 0.
    ReturnThreads {
        /// From whom.
        agent: AgentId,
    },
    /// Says how many parts of a reply wait on the asking desk. It is an entry when there are some for the first time, and when
    /// there are none any more.
    SetReplyPending {
        /// The thread.
        customer: CustomerId,
        /// How many; 0 for none any more.
        parts: u32,
    },
    /// The asker used what was handed over with a thread up to this seq, or does not need it. It is an entry when the thread is
    /// theirs: what others do with it is of their desk alone, and nothing to do.
    FinishDraft {
        /// The thread.
        customer: CustomerId,
        /// Up to which [`crate::team::TeamFact::DraftHanded`], its seq.
        seq: u64,
    },
    /// Adds a private note, see [`crate::note`]. The same note again is nothing to do; its id goes with no other text.
    AddNote {
        /// The thread.
        customer: CustomerId,
        /// The note.
        note: NoteId,
        /// Its text.
        text: String,
        /// Who is meant; each has a role on the account.
        mentions: Vec<AgentId>,
        /// Only for supervisors and admins, and for whoever wrote it. Desks keep to it; it is no border, because whoever may
        /// read an account reads its log.
        supervisors_only: bool,
    },
    /// Takes a note away, and its words out of the log. Its author and supervisors may.
    RemoveNote {
        /// The thread.
        customer: CustomerId,
        /// The note.
        note: NoteId,
    },
    /// Puts a label on, or takes it off. Anybody with a role may; one that is put on is a label of the workspace. What
    /// stands so already is nothing to do.
    SetLabel {
        /// The thread.
        customer: CustomerId,
        /// The label.
        label: LabelId,
        /// True to put it on.
        on: bool,
    },
    /// Makes a thread urgent, or not. Anybody with a role may; together with a note that mentions the account's supervisors
    /// it is an escalation.
    SetPriority {
        /// The thread.
        customer: CustomerId,
        /// True for urgent.
        urgent: bool,
    },
    /// Says that Meta blocked or unblocked a customer for us. Needs a supervisor.
    SetBlock {
        /// The thread.
        customer: CustomerId,
        /// True while blocked.
        blocked: bool,
        /// True when the thread was put among Meta's spam too.
        #[serde(default)]
        spam: bool,
    },
    /// Says that we reacted to a message, or took that back; Meta brings no event of it.
    SetReaction {
        /// The thread.
        customer: CustomerId,
        /// The message.
        mid: Mid,
        /// The character; none when it was taken away.
        emoji: Option<String>,
        /// When Meta took it, milliseconds UTC of Meta.
        at_ms: i64,
    },
    /// Appends a page of history; only for the account's steward. A page that stands in the log already, by
    /// [`AuditPage::key`], makes no entry.
    AppendAudit {
        /// The page.
        page: Box<AuditPage>,
    },
    /// Says that a pass over the history ended; only for the account's steward.
    ReportHistory {
        /// What had changed before this moment, and Meta gives, is in the log; milliseconds UTC of Meta.
        through_ms: i64,
        /// But for these threads, which Meta failed to give; at most [`crate::audit::MOST_UNREAD`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unread: Vec<UnreadThread>,
    },
    /// Pauses reading the account's history, or lets it go on. Needs a supervisor.
    PauseHistory {
        /// True to pause.
        paused: bool,
    },
    /// Erases a customer. Needs an admin.
    EraseCustomer {
        /// The customer.
        customer: CustomerId,
    },
    /// Ends the service of the account: its webhooks go into no log any more, and nobody may read it. Needs an admin.
    RemoveAccount,
    /// Defines a label of the workspace, changes it, or takes it out, see [`crate::label`]. Workspace log. Needs a supervisor
    /// of any account.
    DefineLabel {
        /// The label.
        label: LabelId,
        /// Its name; no other label goes by it, whatever its capitals.
        name: String,
        /// Its colour as `#rrggbb`.
        colour: String,
        /// True to take it out of the workspace: its name is free then, and threads show it no longer.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        removed: bool,
    },
    /// Sets or removes a shared canned reply, see [`crate::canned`]. Workspace log. Needs a supervisor of any account.
    SetCannedReply {
        /// Its short name.
        name: String,
        /// Its text; none removes it.
        text: Option<String>,
    },
}

/// A command was carried out, now or by its first copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Seqs of the entries it made, oldest first; empty when nothing needed to change.
    pub seqs: Vec<u64>,
    /// The thread's version afterwards; 0 for commands about no thread.
    pub version: u64,
    /// The state of the part, for `start_send` and `settle_send`.
    pub part: Option<PartState>,
    /// For `remove_account`: the platforms of the accounts that are still served through the same Page, which must go on
    /// getting its events. None for every other command, and from a relay that does not know it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still_served: Option<Vec<Platform>>,
    /// For `return_threads`: how many such threads the agent has still. 0 once all are in the queue; more only where the relay
    /// was cut off on its way. None for every other command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads_left: Option<u64>,
}

/// How a part stands at the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PartState {
    /// This very command granted it: the desk may make its one Graph call within [`GRANT_MS`].
    Granted,
    /// It was granted before. A repeat never grants again: the desk settles it and asks anew with a new id.
    Open,
    /// It ended.
    Settled {
        /// How.
        settlement: Settlement,
    },
}

/// The thread is not as the agent saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Always [`crate::error::ErrorCode::Conflict`].
    pub code: crate::error::ErrorCode,
    /// What is in the way.
    pub reason: ConflictReason,
    /// The thread's version now.
    pub version: u64,
    /// Who works on it now.
    pub assignee: Option<AgentId>,
    /// Where it stands now.
    pub status: Status,
    /// The seq of its last word now.
    pub word_seq: u64,
    /// Parts of other desks on their way or unknown.
    pub open_parts: Vec<OpenPart>,
    /// For people.
    pub message: String,
}

/// What is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictReason {
    /// Somebody moved the thread or changed its status.
    Version,
    /// Somebody wrote.
    Word,
    /// Another desk is sending there.
    OpenPart,
    /// Another desk's part ended as unknown; sending on needs `despite_unknown`.
    UnknownPart,
    /// An earlier part of the same reply has not been sent.
    EarlierPart,
}
