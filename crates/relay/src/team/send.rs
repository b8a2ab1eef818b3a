//! The grant of a part, and how parts end.

use baton_protocol::command::{Command, CommandRequest, ConflictReason, PartState};
use baton_protocol::team::{Settlement, TeamFact};

use super::decide::{Decision, Scene, by, seen_as_is};
use super::thread::may_move;
use super::thread_state::{Asker, Part, ThreadState};
use crate::stewards::Stewardship;

/// After this time on the boot clock the account's steward may settle a part whose desk is silent; any other desk may while
/// nobody is the steward.
pub const SETTLED_BY_OTHERS_AFTER_MS: i64 = 60_000;

/// Judges the grant of one part.
pub(super) fn start(asker: &Asker, request: &CommandRequest, scene: &Scene) -> Decision {
    let Command::StartSend { reply, part, index, of, claim, unchecked, despite_unknown, .. } =
        &request.command
    else {
        return Decision::bad_request("This command starts no send.");
    };
    if scene.part_is_elsewhere || of <= index {
        return Decision::bad_request("The part belongs to another thread or has no place in its reply.");
    }
    if let Some(known) = scene.thread.parts.get(part) {
        return repeated(asker, known);
    }
    if scene.thread.replies.get(reply).is_some_and(|known| known.desk != asker.desk) {
        return Decision::bad_request("The reply belongs to another desk.");
    }
    if *unchecked {
        return accept(asker, request, scene, *claim && scene.thread.assignee.is_none(), PartState::Open);
    }
    let later_part = scene.thread.replies.get(reply).filter(|_| *index > 0);
    let in_the_way = match later_part {
        Some(granted)
            if ![Some(granted.version), request.if_version].contains(&Some(scene.thread.version)) =>
        {
            Some(ConflictReason::Version)
        }
        Some(_) => earlier_part_in_the_way(request, &scene.thread),
        None => match check_first(asker, request, scene, *despite_unknown) {
            Ok(in_the_way) => in_the_way,
            Err(refused) => return refused,
        },
    };
    if let Some(reason) = in_the_way {
        return Decision::Conflict(reason);
    }
    let is_for_assignee = scene.account.queue.only_assignee_sends;
    if is_for_assignee && scene.thread.assignee.is_some_and(|holder| holder != asker.agent) {
        return Decision::not_allowed(
            "On this account only its assignee answers in a thread, and this one belongs to somebody else.",
            "Have the thread given to you first; your text stays with you.",
        );
    }
    // Whoever answers in a free one there gets it with the answer.
    let claims = (*claim || (is_for_assignee && scene.thread.assignee.is_none()))
        && later_part.is_none()
        && scene.thread.assignee != Some(asker.agent);
    if claims && !may_move(asker, scene.thread.assignee, Some(asker.agent)) {
        return Decision::not_allowed(
            "The thread belongs to somebody else, and an agent can claim only free threads.",
            "Send without claiming it, or ask a supervisor to move it.",
        );
    }
    accept(asker, request, scene, claims, PartState::Granted)
}

fn check_first(
    asker: &Asker,
    request: &CommandRequest,
    scene: &Scene,
    despite_unknown: bool,
) -> Result<Option<ConflictReason>, Decision> {
    if request.if_version.is_none() || request.if_no_word_after.is_none() {
        return Err(Decision::bad_request(
            "The first part of a reply needs the thread's version and its last word as the agent saw them.",
        ));
    }
    match seen_as_is(asker, request, scene) {
        Some(Decision::Conflict(reason)) => return Ok(Some(reason)),
        Some(other) => return Err(other),
        None => {}
    }
    let others = || scene.thread.open_parts_of_others(asker.desk);
    if others().any(|(_, part)| !part.is_unknown()) {
        return Ok(Some(ConflictReason::OpenPart));
    }
    let unseen_unknown = !despite_unknown && others().next().is_some();
    Ok(unseen_unknown.then_some(ConflictReason::UnknownPart))
}

/// Parts leave in order: every earlier place must have been sent, by whichever try.
fn earlier_part_in_the_way(request: &CommandRequest, thread: &ThreadState) -> Option<ConflictReason> {
    let Command::StartSend { reply, index, .. } = &request.command else { return None };
    let is_sent = |place| {
        thread.parts.values().any(|part| part.reply == *reply && part.place == place && part.is_sent())
    };
    (!(0..*index).all(is_sent)).then_some(ConflictReason::EarlierPart)
}

/// A repeat never grants again.
fn repeated(asker: &Asker, known: &Part) -> Decision {
    if known.desk != asker.desk {
        return Decision::bad_request("The part belongs to another desk.");
    }
    Decision::Accept { facts: Vec::new(), part: Some(state(known)) }
}

fn state(part: &Part) -> PartState {
    match &part.settlement {
        None => PartState::Open,
        Some(settlement) => PartState::Settled { settlement: settlement.clone() },
    }
}

fn accept(
    asker: &Asker,
    request: &CommandRequest,
    scene: &Scene,
    claims: bool,
    part_state: PartState,
) -> Decision {
    let Command::StartSend { customer, reply, part, index, of, text, file, tag, unchecked, .. } =
        request.command.clone()
    else {
        return Decision::bad_request("This command starts no send.");
    };
    if tag.as_ref().is_some_and(|evidence| evidence.agent != asker.agent) {
        return Decision::bad_request("The evidence of a tagged reply names another agent than its desk's.");
    }
    let claim = (claims && scene.thread.assignee != Some(asker.agent)).then(|| TeamFact::Assigned {
        customer: customer.clone(),
        assignee: Some(asker.agent),
        by: by(asker),
        reply: Some(reply),
    });
    let started = TeamFact::SendStarted {
        customer,
        reply,
        part,
        index,
        of,
        agent: asker.agent,
        desk: asker.desk,
        text,
        file,
        tag,
        unchecked,
    };
    Decision::Accept { facts: claim.into_iter().chain([started]).collect(), part: Some(part_state) }
}

/// Judges how a part is said to have ended. Appended is a higher rank, and the first entry that says what an echo showed:
/// author, desk and evidence of a send stand in the log whichever of the two came first.
pub(super) fn settle(asker: &Asker, request: &CommandRequest, scene: &Scene) -> Decision {
    let Command::SettleSend { customer, reply, part, settlement } = request.command.clone() else {
        return Decision::bad_request("This command settles nothing.");
    };
    let Some(known) = scene.thread.parts.get(&part).filter(|known| known.reply == reply) else {
        return Decision::bad_request("No such part was granted in this thread.");
    };
    if let Some(refused) = may_not_settle(asker, &settlement, known, scene) {
        return refused;
    }
    if !known.needs_entry(&settlement) {
        return Decision::Accept { facts: Vec::new(), part: Some(state(known)) };
    }
    let part_state = PartState::Settled { settlement: settlement.clone() };
    let fact = TeamFact::SendSettled { customer, reply, part, desk: asker.desk, settlement };
    Decision::Accept { facts: vec![fact], part: Some(part_state) }
}

fn may_not_settle(asker: &Asker, settlement: &Settlement, part: &Part, scene: &Scene) -> Option<Decision> {
    use baton_protocol::enrol::Role;

    let is_sender = part.desk == asker.desk;
    if let Settlement::Abandoned { by } = settlement {
        let may_close = asker.role != Role::Agent
            || part.agent == asker.agent
            || scene.thread.assignee == Some(asker.agent);
        let is_allowed =
            may_close && *by == asker.agent && (is_sender || part.is_unknown() || is_silent(part));
        return (!is_allowed).then(|| {
            Decision::not_allowed(
                "Only the author, the assignee or a supervisor closes a reply whose end is unknown.",
                "Ask one of them.",
            )
        });
    }
    if is_sender {
        return None;
    }
    if *settlement == Settlement::NotBegun {
        return Some(Decision::not_allowed(
            "Only the desk that sends a part knows that it never began.",
            "Settle it as unknown.",
        ));
    }
    if scene.steward == Stewardship::Another && !part.is_unknown() {
        return Some(Decision::not_allowed(
            "The account's steward settles what a silent desk left.",
            "Wait a moment: it looks by itself.",
        ));
    }
    let too_early = !is_silent(part) && !part.is_unknown();
    too_early.then(|| {
        Decision::not_allowed(
            "Another desk settles a part only when its own desk was silent for a minute.",
            "Try again in a minute.",
        )
    })
}

fn is_silent(part: &Part) -> bool {
    part.age_ms >= SETTLED_BY_OTHERS_AFTER_MS
}
