//! One command against what is true now.

use baton_messenger::id::AppId;
use baton_protocol::command::{Accepted, Command, CommandRequest, Conflict, ConflictReason, PartState};
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{CustomerId, LogName, PartId, ReplyId};

use super::account::{self, AccountState};
use super::note::{self, KnownNote};
use super::thread_state::{Asker, ThreadState, open_part};
use super::{history, label, send, thread};
use crate::stewards::Stewardship;

/// What a command is judged against.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The account.
    pub account: AccountState,
    /// The thread the command is about; the empty one for commands about no thread.
    pub thread: ThreadState,
    /// Whether the agent that the command names as assignee has a role on the account.
    pub assignee_may_work: bool,
    /// Whether the part that the command names was granted in another thread or account.
    pub part_is_elsewhere: bool,
    /// Whether somebody named the app that the command is about.
    pub app_has_name: bool,
    /// Whether the command's customer is blocked, and is spam; none for other commands.
    pub block: Option<(bool, bool)>,
    /// Whether the command's thread is urgent; false for other commands.
    pub urgent: bool,
    /// The note that the command names, wherever it stands.
    pub note: Option<KnownNote>,
    /// The roles on the account of those whom the command's note mentions, in order; none for who has none.
    pub mentioned: Vec<Option<Role>>,
    /// Whether a reply waits on the asking desk, as it last said; false for other commands.
    pub is_pending: bool,
    /// Up to which seq drafts were handed over with the command's thread, and up to which somebody is done with them; 0 for none,
    /// and for other commands.
    pub handed: (u64, u64),
    /// How the label that the command names stands; none for other commands.
    pub label: Option<label::KnownLabel>,
    /// The time that entries get now, milliseconds UTC.
    pub now_ms: i64,
    /// Our app, as the relay is set up.
    pub our_app: AppId,
    /// How the asking desk stands to the account's lease.
    pub steward: Stewardship,
}

/// What becomes of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Facts to append, in order; none when nothing needs to change.
    Accept {
        /// The facts.
        facts: Vec<TeamFact>,
        /// What the answer says of the part.
        part: Option<PartState>,
    },
    /// The thread is not as the agent saw it.
    Conflict(ConflictReason),
    /// Not allowed, not readable, or not known here.
    Refuse(Refusal),
}

/// Why a command is refused whatever the thread's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What a program acts on.
    pub code: ErrorCode,
    /// What happened.
    pub message: String,
    /// What can be done.
    pub action: String,
}

impl Decision {
    pub(super) fn one(fact: TeamFact) -> Self {
        Self::facts(vec![fact])
    }

    pub(super) fn facts(facts: Vec<TeamFact>) -> Self {
        Self::Accept { facts, part: None }
    }

    pub(super) fn nothing_to_do() -> Self {
        Self::facts(Vec::new())
    }

    pub(super) fn not_allowed(message: &str, action: &str) -> Self {
        Self::refuse(ErrorCode::NotAllowed, message, action)
    }

    pub(super) fn bad_request(message: &str) -> Self {
        Self::refuse(ErrorCode::BadRequest, message, "This is a fault of the desk's program; update it.")
    }

    pub(super) fn refuse(code: ErrorCode, message: &str, action: &str) -> Self {
        Self::Refuse(Refusal { code, message: message.to_owned(), action: action.to_owned() })
    }
}

/// Judges a command about an account. Those of the workspace are judged by [`super::decide_workspace`].
#[must_use]
pub fn decide(log: &LogName, asker: &Asker, request: &CommandRequest, scene: &Scene) -> Decision {
    let LogName::Account(_) = log else {
        return not_here();
    };
    match &request.command {
        Command::StartSend { .. } => send::start(asker, request, scene),
        Command::SettleSend { .. } => send::settle(asker, request, scene),
        Command::Assign { assignee, customer } => seen_as_is(asker, request, scene)
            .unwrap_or_else(|| thread::assign(asker, scene, customer, *assignee)),
        Command::SetStatus { customer, status } => seen_as_is(asker, request, scene)
            .unwrap_or_else(|| thread::set_status(asker, scene, customer, status)),
        Command::LearnOwner { .. } | Command::NameCustomer { .. } => thread::learn(asker, &request.command),
        Command::EraseCustomer { customer } => thread::erase(asker, customer),
        Command::SetBlock { customer, blocked, spam } => {
            thread::block(asker, scene, customer, (*blocked, *spam))
        }
        Command::SetReaction { .. } => thread::react(asker, &request.command),
        Command::SetLabel { customer, label, on } => label::set(asker, scene, customer, (*label, *on)),
        Command::AddNote { .. } => note::add(asker, &request.command, scene),
        Command::RemoveNote { customer, note } => note::remove(asker, scene, customer, *note),
        Command::SetPriority { customer, urgent } => note::set_priority(asker, scene, customer, *urgent),
        Command::SetReplyPending { customer, parts } => thread::pending(asker, scene, customer, *parts),
        Command::FinishDraft { customer, seq } => thread::finish_draft(asker, scene, customer, *seq),
        Command::ConnectAccount { .. }
        | Command::ReportToken { .. }
        | Command::ReportAccount { .. }
        | Command::ReportNames { .. }
        | Command::RemoveAccount
        | Command::SetHumanAgent { .. }
        | Command::SetRouting { .. }
        | Command::NameApp { .. }
        | Command::ReportApp { .. }
        | Command::SetWaiting { .. }
        | Command::SetHandBack { .. }
        | Command::SetQueue { .. } => account::decide(asker, &request.command, scene),
        Command::ReportHistory { .. } | Command::PauseHistory { .. } => {
            history::decide(asker, &request.command, scene)
        }
        _ => not_here(),
    }
}

/// The thread and part that a command names, so that its scene can be loaded.
#[must_use]
pub fn named(command: &Command) -> (Option<&CustomerId>, Option<(PartId, ReplyId)>) {
    match command {
        Command::StartSend { customer, part, reply, .. }
        | Command::SettleSend { customer, part, reply, .. } => (Some(customer), Some((*part, *reply))),
        Command::Assign { customer, .. }
        | Command::SetStatus { customer, .. }
        | Command::LearnOwner { customer, .. }
        | Command::EraseCustomer { customer }
        | Command::SetBlock { customer, .. }
        | Command::SetReaction { customer, .. }
        | Command::SetLabel { customer, .. }
        | Command::AddNote { customer, .. }
        | Command::RemoveNote { customer, .. }
        | Command::SetPriority { customer, .. }
        | Command::SetReplyPending { customer, .. }
        | Command::FinishDraft { customer, .. }
        | Command::NameCustomer { customer, .. } => (Some(customer), None),
        _ => (None, None),
    }
}

/// True for the command whose acceptance must never be repeated as it was: a grant.
#[must_use]
pub fn grants_send(command: &Command) -> bool {
    matches!(command, Command::StartSend { .. })
}

/// The checks that any command about a thread may ask for.
pub(super) fn seen_as_is(asker: &Asker, request: &CommandRequest, scene: &Scene) -> Option<Decision> {
    if request.if_version.is_some_and(|seen| seen != scene.thread.version) {
        return Some(Decision::Conflict(ConflictReason::Version));
    }
    let word = scene.thread.words.last_not_of(asker.desk);
    if request.if_no_word_after.is_some_and(|seen| word > seen) {
        return Some(Decision::Conflict(ConflictReason::Word));
    }
    None
}

/// The answer to an accepted command.
#[must_use]
pub fn accepted(seqs: Vec<u64>, thread: Option<&ThreadState>, part: Option<PartState>) -> Accepted {
    let version = thread.map_or(0, |t| t.version);
    Accepted { seqs, version, part, ..Accepted::default() }
}

/// The answer to a conflict.
#[must_use]
pub fn conflict(reason: ConflictReason, asker: &Asker, thread: &ThreadState) -> Conflict {
    Conflict {
        code: ErrorCode::Conflict,
        reason,
        version: thread.version,
        assignee: thread.assignee,
        status: thread.status.clone(),
        word_seq: thread.words.last,
        open_parts: thread.open_parts_of_others(asker.desk).map(open_part).collect(),
        message: words(reason).to_owned(),
    }
}

pub(super) fn by(asker: &Asker) -> Actor {
    Actor::Agent { agent: asker.agent, desk: asker.desk }
}

fn words(reason: ConflictReason) -> &'static str {
    match reason {
        ConflictReason::Version => "Somebody moved the thread or changed its status.",
        ConflictReason::Word => "Somebody wrote in the thread.",
        ConflictReason::OpenPart => "Another desk is sending a reply in the thread.",
        ConflictReason::UnknownPart => "Nobody knows yet whether another desk's reply arrived.",
        ConflictReason::EarlierPart => "An earlier part of the same reply has not been sent.",
    }
}

pub(super) fn not_here() -> Decision {
    Decision::refuse(
        ErrorCode::NotImplemented,
        "This relay does not know the rules of this command.",
        "Update the relay.",
    )
}
