//! Asking the relay for the grant of a part, and giving back what was not used.

use baton_messenger::policy::Verdict;
use baton_messenger::send::FileKind;
use baton_protocol::command::{Accepted, Command, CommandRequest, Conflict, ConflictReason, PartState};
use baton_protocol::error::ErrorCode;
use baton_protocol::team::{Settlement, TagEvidence};
use baton_protocol::{CommandId, LogName};

use super::lane::{Lane, Way};
use super::machine::{Event, Leaves, MovedOn, Return};
use super::step::Step;
use super::uploading::kind_of;
use crate::relay_client::RelayError;
use crate::store::{HeardSince, MovedBy, PartRow, StoreError};
use crate::team::moved;

/// How long it is waited until the relay has heard of the part before, and how often.
const UNTIL_TOLD: std::time::Duration = std::time::Duration::from_millis(15);
const PATIENCE: u32 = 100;

/// Asks for the grant. The boot clock is read before.
pub(super) async fn ask(lane: &Lane<'_>, part: &PartRow) -> Result<Event, StoreError> {
    let way = lane.way(part).await?;
    let log = LogName::Account(way.thread.key.account.clone());
    // A plain reply brings no proof, and its agent waits: the last look before the call reads all of it again.
    let verdict = async {
        let is_late = Leaves::from(way.reply.leaves) == Leaves::Tagged;
        Ok::<_, StoreError>(if is_late { Some(lane.facts_of(&way).await?.verdict) } else { None })
    };
    let (verdict, file) = tokio::try_join!(verdict, lane.file(part))?;
    let file = file.map(|file| kind_of(&way, &file));
    let mut seen = way.reply.version_seen;
    let mut word = way.reply.word_seq_seen;
    let mut claim = way.reply.claim;
    let mut patience = PATIENCE;
    loop {
        let request = request(&way, file, verdict.as_ref(), lane, (seen, word, claim));
        let asked_boot_ms = lane.inner.boot_ms();
        lane.inner.before_step(Step::Grant, part);
        lane.hurries();
        let answer = lane.inner.ask(&log, &request).await;
        lane.inner.after_step(Step::Grant, part);
        let conflict = match answer {
            Ok(accepted) => return granted(lane, way, accepted, word, asked_boot_ms).await,
            Err(RelayError::Conflict(conflict)) if is_about_version(&conflict, seen) => conflict,
            Err(RelayError::Conflict(conflict)) if is_about_word(&conflict, word) => {
                match moved::heard_since(lane.inner, &way.thread, part.reply, word, conflict.word_seq).await?
                {
                    HeardSince::Nothing => word = conflict.word_seq,
                    HeardSince::News => return Ok(Event::NotGranted(in_the_way(&conflict))),
                    HeardSince::NotKnown => return Ok(Event::RelayAway),
                }
                continue;
            }
            // What became of the part before is told to the relay beside this: it does not know yet.
            Err(RelayError::Conflict(conflict)) if conflict.reason == ConflictReason::EarlierPart => {
                patience -= 1;
                if patience == 0 {
                    return Ok(Event::RelayAway);
                }
                tokio::time::sleep(UNTIL_TOLD).await;
                continue;
            }
            Err(error) => return Ok(refused(error)),
        };
        match moved::by_whom(lane.inner, &way.thread, seen, conflict.version).await? {
            // The agent's own word on who works here is younger than the reply's.
            MovedBy::ThisDesk { assigned, .. } => claim &= !assigned,
            MovedBy::Others => {
                let by = moved::first_mover(lane.inner, &way.thread, (seen, conflict.version)).await?;
                return Ok(Event::NotGranted(MovedOn { assignee: conflict.assignee, by }.into()));
            }
            MovedBy::NotKnown => return Ok(Event::RelayAway),
        }
        seen = conflict.version;
    }
}

/// The relay is told once it is back that the part left without its grant. That is durable when this returns, so that
/// whatever is told of the part later comes after it.
pub(super) async fn tell_later(lane: &Lane<'_>, part: &PartRow) -> Result<Event, StoreError> {
    let way = lane.way(part).await?;
    let facts = lane.facts_of(&way).await?;
    let file = lane.file(part).await?.map(|file| kind_of(&way, &file));
    let seen = (way.reply.version_seen, way.reply.word_seq_seen, way.reply.claim);
    let mut command = request(&way, file, Some(&facts.verdict), lane, seen).command;
    if let Command::StartSend { unchecked, .. } = &mut command {
        *unchecked = true;
    }
    lane.inner.tell(&LogName::Account(way.thread.key.account.clone()), command).await?;
    Ok(Event::ToldLater { facts })
}

/// Frees the present id at the relay, so that another one can be asked for.
pub(super) async fn renew(lane: &Lane<'_>, part: &PartRow) -> Result<Event, StoreError> {
    let way = lane.way(part).await?;
    Ok(match end(lane, &way, Settlement::NotBegun).await {
        // While this desk was gone the steward said that nobody knows. This desk does, and closes it, so that the team does
        // not see it as unknown for ever beside the try that follows.
        Ok(Accepted {
            part: Some(PartState::Settled { settlement: Settlement::Unknown { .. } }), ..
        }) => match end(lane, &way, Settlement::Abandoned { by: way.reply.agent }).await {
            Ok(_) => Event::Renewed,
            Err(error) if error.may_work_later() => Event::RenewFailed,
            Err(_) => Event::Renewed,
        },
        Ok(_) => Event::Renewed,
        // It was never granted, so there is nothing to give back.
        Err(RelayError::Refused(body)) if body.code == ErrorCode::BadRequest => Event::Renewed,
        Err(_) => Event::RenewFailed,
    })
}

async fn end(lane: &Lane<'_>, way: &Way, settlement: Settlement) -> Result<Accepted, RelayError> {
    let command = Command::SettleSend {
        customer: way.thread.key.customer.clone(),
        reply: way.part.reply,
        part: way.part.part,
        settlement,
    };
    let request = crate::desk::inner::request(command);
    lane.inner.ask(&LogName::Account(way.thread.key.account.clone()), &request).await
}

async fn granted(
    lane: &Lane<'_>,
    mut way: Way,
    accepted: Accepted,
    word: u64,
    asked_boot_ms: i64,
) -> Result<Event, StoreError> {
    match accepted.part {
        Some(PartState::Granted) => {
            lane.inner.before_step(Step::SeeAgain, &way.part);
            let seen =
                lane.inner.store.see_again(way.part.reply, accepted.version, word, way.reply.despite_unknown);
            // What is true is read while that is written: the thread as it is now, the reply as it is from now on.
            let thread = lane.inner.thread(way.part.thread);
            let ((), thread) = tokio::try_join!(seen, thread)?;
            (way.thread, way.reply.version_seen, way.reply.word_seq_seen) = (thread, accepted.version, word);
            lane.inner.after_step(Step::SeeAgain, &way.part);
            Ok(Event::Granted { asked_boot_ms, facts: lane.facts_of(&way).await? })
        }
        _ => Ok(Event::GrantedBefore),
    }
}

fn request(
    way: &Way,
    file: Option<FileKind>,
    verdict: Option<&Verdict>,
    lane: &Lane<'_>,
    (seen, word, claim): (u64, u64, bool),
) -> CommandRequest {
    let me = lane.inner.me().map(|me| me.agent);
    let is_free = way.thread.assignee.is_none() || way.thread.assignee == me;
    CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(seen),
        if_no_word_after: Some(word),
        command: Command::StartSend {
            customer: way.thread.key.customer.clone(),
            reply: way.part.reply,
            part: way.part.part,
            index: way.part.idx,
            of: way.part.of,
            text: way.part.text.clone(),
            file,
            tag: evidence(way, verdict, lane),
            // An agent can claim free threads only; somebody else's is answered without moving it.
            claim: claim && is_free,
            unchecked: false,
            despite_unknown: way.reply.despite_unknown,
        },
    }
}

/// The proof that a person wrote it, in time, as it stands at this moment.
fn evidence(way: &Way, verdict: Option<&Verdict>, lane: &Lane<'_>) -> Option<TagEvidence> {
    let Some(&Verdict::HumanAgent { until_ms }) = verdict else { return None };
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

fn is_about_version(conflict: &Conflict, seen: u64) -> bool {
    conflict.reason == ConflictReason::Version && conflict.version != seen
}

fn is_about_word(conflict: &Conflict, word: u64) -> bool {
    conflict.reason == ConflictReason::Word && conflict.word_seq > word
}

fn refused(error: RelayError) -> Event {
    match error {
        RelayError::Conflict(conflict) => Event::NotGranted(in_the_way(&conflict)),
        error if error.may_work_later() => Event::RelayAway,
        error => {
            let words = error.agent_words();
            Event::NotGranted(Return::RelayRefused { what: words.what, remedy: words.remedy })
        }
    }
}

fn in_the_way(conflict: &Conflict) -> Return {
    match conflict.reason {
        ConflictReason::Version => MovedOn { assignee: conflict.assignee, by: None }.into(),
        ConflictReason::Word => Return::SomeoneWrote,
        ConflictReason::OpenPart => Return::SomeoneSends,
        ConflictReason::UnknownPart => Return::UnknownBefore,
        ConflictReason::EarlierPart => Return::EarlierPart,
    }
}
