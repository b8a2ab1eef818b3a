//! Asking the relay for the grant of a part, and giving back what was not used.

use baton_messenger::policy::Verdict;
use baton_protocol::command::{Accepted, Command, CommandRequest, Conflict, ConflictReason, PartState};
use baton_protocol::error::ErrorCode;
use baton_protocol::team::{Settlement, TagEvidence};
use baton_protocol::{CommandId, LogName};

use super::lane::{Lane, Way};
use super::machine::{Event, Leaves, Return};
use crate::desk::inner::lock;
use crate::relay_client::RelayError;
use crate::store::{PartRow, StoreError};

/// Asks for the grant. The boot clock is read before.
pub(super) async fn ask(lane: &Lane<'_>, part: &PartRow) -> Result<Event, StoreError> {
    let way = lane.way(part).await?;
    let log = LogName::Account(way.thread.key.account.clone());
    let facts = lane.facts(part).await?;
    let mut request = request(&way, facts.verdict, lane);
    let asked_boot_ms = lane.inner.boot_ms();
    let mut answer = lane.inner.ask(&log, &request).await;
    if let Err(RelayError::Conflict(conflict)) = &answer
        && is_our_own_claim(lane, conflict, &way).await?
    {
        request.if_version = Some(conflict.version);
        request.command_id = CommandId::new();
        answer = lane.inner.ask(&log, &request).await;
    }
    match answer {
        Ok(accepted) => granted(lane, &way, accepted, asked_boot_ms).await,
        Err(error) => Ok(refused(error)),
    }
}

/// Frees the present id at the relay, so that another one can be asked for.
pub(super) async fn renew(lane: &Lane<'_>, part: &PartRow) -> Result<Event, StoreError> {
    let way = lane.way(part).await?;
    let command = Command::SettleSend {
        customer: way.thread.key.customer.clone(),
        reply: part.reply,
        part: part.part,
        settlement: Settlement::NotBegun,
    };
    let request = crate::desk::inner::request(command);
    Ok(match lane.inner.ask(&LogName::Account(way.thread.key.account), &request).await {
        Ok(_) => Event::Renewed,
        // It was never granted, so there is nothing to give back.
        Err(RelayError::Refused(body)) if body.code == ErrorCode::BadRequest => Event::Renewed,
        Err(_) => Event::RenewFailed,
    })
}

async fn granted(
    lane: &Lane<'_>,
    way: &Way,
    accepted: Accepted,
    asked_boot_ms: i64,
) -> Result<Event, StoreError> {
    match accepted.part {
        Some(PartState::Granted) => {
            // The claim that came with the grant moved the version; a later try, or the next reply, must know.
            lock(&lane.outbox.own_versions).insert(way.thread.id, accepted.version);
            lane.inner
                .store
                .see_again(
                    way.part.reply,
                    accepted.version,
                    way.reply.word_seq_seen,
                    way.reply.despite_unknown,
                )
                .await?;
            Ok(Event::Granted { asked_boot_ms, facts: lane.facts(&way.part).await? })
        }
        _ => Ok(Event::GrantedBefore),
    }
}

fn request(way: &Way, verdict: Verdict, lane: &Lane<'_>) -> CommandRequest {
    let me = lane.inner.me().map(|me| me.agent);
    let is_free = way.thread.assignee.is_none() || way.thread.assignee == me;
    CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(way.reply.version_seen),
        if_no_word_after: Some(way.reply.word_seq_seen),
        command: Command::StartSend {
            customer: way.thread.key.customer.clone(),
            reply: way.part.reply,
            part: way.part.part,
            index: way.part.idx,
            of: way.part.of,
            text: way.part.text.clone(),
            tag: evidence(way, verdict, lane),
            // An agent can claim free threads only; somebody else's is answered without moving it.
            claim: way.reply.claim && is_free,
            unchecked: false,
            despite_unknown: way.reply.despite_unknown,
        },
    }
}

/// The proof that a person wrote it, in time, as it stands at this moment.
fn evidence(way: &Way, verdict: Verdict, lane: &Lane<'_>) -> Option<TagEvidence> {
    let Verdict::HumanAgent { until_ms } = verdict else { return None };
    if Leaves::from(way.reply.leaves) != Leaves::Tagged {
        return None;
    }
    Some(TagEvidence {
        last_opening_ms: way.thread.last_opening_ms?,
        until_ms,
        meta_now_ms: lane.inner.meta_now().ms,
        agent: way.reply.agent,
        composed_ms: way.part.tag.as_ref().map_or(0, |tag| tag.composed_ms),
    })
}

/// A version that moved only because one of our own grants claimed the thread: a try whose answer was lost, or the reply
/// before this one. The last word is still checked, so nobody's message is overlooked.
async fn is_our_own_claim(lane: &Lane<'_>, conflict: &Conflict, way: &Way) -> Result<bool, StoreError> {
    let me = lane.inner.me().map(|me| me.agent);
    if conflict.reason != ConflictReason::Version || conflict.assignee.is_none() || conflict.assignee != me {
        return Ok(false);
    }
    let granted = lock(&lane.outbox.own_versions).get(&way.thread.id).copied();
    let tried_before = way.part.part != way.part.key.0 && way.reply.claim;
    if tried_before || granted == Some(conflict.version) {
        return Ok(true);
    }
    Ok(lane.inner.store.claim_at(&way.thread.key.account, conflict.version).await? == me)
}

fn refused(error: RelayError) -> Event {
    match error {
        RelayError::Conflict(conflict) => Event::NotGranted(in_the_way(&conflict)),
        RelayError::Revoked | RelayError::RelayTooOld | RelayError::RelayTooNew => Event::RelayAway,
        error if error.passes_by_itself() => Event::RelayAway,
        error => {
            let words = error.agent_words();
            Event::NotGranted(Return::RelayRefused { what: words.what, remedy: words.remedy })
        }
    }
}

fn in_the_way(conflict: &Conflict) -> Return {
    match conflict.reason {
        ConflictReason::Version => Return::ThreadMoved { assignee: conflict.assignee },
        ConflictReason::Word => Return::SomeoneWrote,
        ConflictReason::OpenPart => Return::SomeoneSends,
        ConflictReason::UnknownPart => Return::UnknownBefore,
        ConflictReason::EarlierPart => Return::EarlierPart,
    }
}
