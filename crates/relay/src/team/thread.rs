//! Claiming, assigning, status, and what desks learn about a thread.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::snooze;
use baton_protocol::team::{Status, TeamFact};
use baton_protocol::{AgentId, CustomerId};

use super::decide::{Decision, Refusal, Scene, by};
use super::thread_state::Asker;

/// Agents claim free threads and give their own away; supervisors and admins move any.
pub(super) fn assign(
    asker: &Asker,
    scene: &Scene,
    customer: &CustomerId,
    assignee: Option<AgentId>,
) -> Decision {
    if scene.thread.assignee == assignee {
        return Decision::nothing_to_do();
    }
    if !may_move(asker, scene.thread.assignee, assignee) {
        return Decision::not_allowed(
            "An agent can claim a free thread or give away one of their own.",
            "Ask a supervisor to move this thread.",
        );
    }
    if assignee.is_some() && !scene.assignee_may_work {
        return Decision::not_allowed(
            "The new assignee has no role on this account.",
            "Choose somebody who works on this account, or have an admin add them.",
        );
    }
    Decision::one(TeamFact::Assigned { customer: customer.clone(), assignee, by: by(asker), reply: None })
}

/// Whether this person may move a thread from one assignee to another.
pub(super) fn may_move(asker: &Asker, from: Option<AgentId>, to: Option<AgentId>) -> bool {
    match (asker.role, from) {
        (Role::Supervisor | Role::Admin, _) => true,
        (Role::Agent, None) => to == Some(asker.agent),
        (Role::Agent, Some(holder)) => holder == asker.agent,
    }
}

/// Agents act on free threads and on their own, supervisors and admins on any. Whoever answered last in a colleague's thread
/// says what follows from that: that it is done, or waits for the customer.
pub(super) fn set_status(asker: &Asker, scene: &Scene, customer: &CustomerId, status: &Status) -> Decision {
    let thread = &scene.thread;
    let holder = thread.assignee.filter(|holder| *holder != asker.agent);
    // What the desk sent may not be settled yet.
    let is_sending = || thread.parts.values().any(|part| part.desk == asker.desk && part.is_open());
    let follows = matches!(status, Status::Done | Status::WaitingOnCustomer);
    let has_answered = follows && (thread.words.by == Some(asker.desk) || is_sending());
    if asker.role == Role::Agent && holder.is_some() && !has_answered {
        return Decision::not_allowed(
            "The thread belongs to somebody else, and an agent changes how free threads and their own stand.",
            "Ask whoever has it, or a supervisor.",
        );
    }
    // Any other status may have ended since it was set: the customer wrote, or a sleep was over.
    if *status == Status::Open && scene.thread.status == Status::Open {
        return Decision::nothing_to_do();
    }
    if let Status::Snoozed { until_ms } = status
        && let Err(fault) = snooze::check(*until_ms, scene.now_ms)
    {
        return Decision::refuse(
            ErrorCode::BadRequest,
            &format!("The thread cannot sleep until then: {fault}."),
            "Choose a moment that is still to come, within a year.",
        );
    }
    Decision::one(TeamFact::StatusSet { customer: customer.clone(), status: status.clone(), by: by(asker) })
}

/// Why somebody may not take all threads from an agent; none for who may.
#[must_use]
pub fn may_return(asker: &Asker) -> Option<Refusal> {
    let refusal = || Refusal {
        code: ErrorCode::NotAllowed,
        message: "Only a supervisor or an admin takes all threads from an agent.".to_owned(),
        action: "Ask a supervisor of this account.".to_owned(),
    };
    (asker.role == Role::Agent).then(refusal)
}

/// A desk says it of itself alone, and it is told when it comes and goes.
pub(super) fn pending(asker: &Asker, scene: &Scene, customer: &CustomerId, parts: u32) -> Decision {
    if scene.is_pending == (parts > 0) {
        return Decision::nothing_to_do();
    }
    let (customer, desk, agent) = (customer.clone(), asker.desk, asker.agent);
    Decision::one(TeamFact::ReplyPending { customer, desk, agent, parts })
}

/// What was handed over with a thread is its assignee's to use or to put aside: they go on there. What others do with it is of
/// their desk alone.
pub(super) fn finish_draft(asker: &Asker, scene: &Scene, customer: &CustomerId, seq: u64) -> Decision {
    let (handed, done) = scene.handed;
    let seq = seq.min(handed);
    if scene.thread.assignee != Some(asker.agent) || seq <= done {
        return Decision::nothing_to_do();
    }
    Decision::one(TeamFact::DraftDone { customer: customer.clone(), seq, by: by(asker) })
}

/// Who may keep a customer away: it takes the customer from the whole team.
pub(super) fn block(
    asker: &Asker,
    scene: &Scene,
    customer: &CustomerId,
    (blocked, spam): (bool, bool),
) -> Decision {
    if asker.role == Role::Agent {
        return Decision::not_allowed(
            "Only a supervisor or an admin blocks and unblocks customers.",
            "Ask a supervisor of this account.",
        );
    }
    if scene.block.unwrap_or_default() == (blocked, spam) {
        return Decision::nothing_to_do();
    }
    Decision::one(TeamFact::BlockSet { customer: customer.clone(), blocked, spam, by: by(asker) })
}

/// What Meta took from a desk is a fact as it is; desks weigh reactions by Meta's time.
pub(super) fn react(asker: &Asker, command: &Command) -> Decision {
    let Command::SetReaction { customer, mid, emoji, at_ms } = command.clone() else {
        return Decision::bad_request("This command is not about a reaction.");
    };
    if emoji.as_ref().is_some_and(|emoji| emoji.is_empty() || emoji.len() > LONGEST_EMOJI) {
        return Decision::bad_request("A reaction is one character.");
    }
    Decision::one(TeamFact::ReactionSet { customer, mid, emoji, at_ms, by: by(asker) })
}

/// A character may be made of several, bytes.
const LONGEST_EMOJI: usize = 64;

/// It cannot be undone, so it needs an admin.
pub(super) fn erase(asker: &Asker, customer: &CustomerId) -> Decision {
    if asker.role != Role::Admin {
        return Decision::not_allowed("Only an admin erases a customer.", "Ask an admin of this account.");
    }
    Decision::one(TeamFact::CustomerErased { customer: customer.clone(), by: by(asker) })
}

/// What a desk learned about a thread is a fact as it is; desks weigh facts by Meta's time.
pub(super) fn learn(asker: &Asker, command: &Command) -> Decision {
    match command.clone() {
        Command::LearnOwner { customer, seen, source, at_ms, until_ms, note, when_done } => {
            Decision::one(TeamFact::OwnerLearned {
                customer,
                seen,
                source,
                at_ms,
                until_ms,
                note,
                by: by(asker),
                when_done,
            })
        }
        Command::NameCustomer { customer, name, by_hand } => {
            // By hand, an empty one goes back to the name that Meta gives.
            if name.trim().is_empty() && !by_hand {
                return Decision::bad_request("A customer's name cannot be empty.");
            }
            Decision::one(TeamFact::CustomerNamed { customer, name, by_hand })
        }
        _ => Decision::bad_request("This command is not about what a desk learned."),
    }
}
