//! Whose doing it is that a thread is no longer as the agent saw it. What this very desk did to it speaks against nothing
//! that its agent pressed before, and neither does what history brings from before the agent looked.
//!
//! ```text
//!   asked as seen at 5 ──▶ relay: it stands at 9 ──▶ log from 6 to 9 ──┬─ this desk's alone ──▶ asked as seen at 9
//!                                                     ▲                └─ somebody else's ────▶ refused
//!                                          waits until it is here
//! ```

use baton_messenger::Words;
use baton_protocol::command::{Conflict, ConflictReason};
use baton_protocol::team::{Actor, Status};
use baton_protocol::{AgentId, ReplyId};
use tokio::sync::broadcast;

use crate::clock::until_boot;
use crate::desk::Notice;
use crate::desk::inner::{Inner, YOU};
use crate::outbox::machine::MovedOn;
use crate::store::{HeardSince, Move, MovedBy, StoreError, ThreadRow};

/// How long the stream may take to bring what the relay speaks of, milliseconds.
const STREAM_MS: i64 = 2_000;

/// Who moved a thread's version from `seen` to `now`, which is what the relay says.
pub(crate) async fn by_whom(
    inner: &Inner,
    thread: &ThreadRow,
    seen: u64,
    now: u64,
) -> Result<MovedBy, StoreError> {
    let Some(me) = inner.me() else { return Ok(MovedBy::NotKnown) };
    let mut patience = Patience::new(inner);
    loop {
        let whose = (me.desk, me.agent);
        let moved = inner.store.moved_by(thread.id, &thread.key.account, whose, (seen, now)).await?;
        if moved != MovedBy::NotKnown || patience.is_over(inner).await {
            return Ok(moved);
        }
    }
}

/// What others did to a thread since a reply was pressed at `seen`, as this desk's copy of the log tells without asking
/// anybody; none where nobody else moved it, or not all is here.
pub(crate) async fn since_pressed(
    inner: &Inner,
    thread: &ThreadRow,
    seen: u64,
) -> Result<Option<MovedOn>, StoreError> {
    let Some(me) = inner.me().filter(|_| thread.version > seen) else { return Ok(None) };
    let (whose, between) = ((me.desk, me.agent), (seen, thread.version));
    match inner.store.moved_by(thread.id, &thread.key.account, whose, between).await? {
        MovedBy::Others => {
            let by = first_mover(inner, thread, between).await?;
            Ok(Some(MovedOn { assignee: thread.assignee, by }))
        }
        MovedBy::ThisDesk { .. } | MovedBy::NotKnown => Ok(None),
    }
}

/// Whether others said something new in a thread since a reply was pressed after the word at `seen`, as this desk's copy of the
/// log tells without asking anybody; false where not all is here.
pub(crate) async fn heard_since_pressed(
    inner: &Inner,
    thread: &ThreadRow,
    reply: ReplyId,
    seen: u64,
) -> Result<bool, StoreError> {
    if thread.word_seq <= seen {
        return Ok(false);
    }
    let read = inner.from_meta.seen_by(reply);
    let heard = inner.store.heard_since(thread.id, &thread.key.account, seen, thread.word_seq, &read).await?;
    Ok(heard == HeardSince::News)
}

/// Who else moved a thread first between two versions; none where a rule did, or it is not here.
pub(crate) async fn first_mover(
    inner: &Inner,
    thread: &ThreadRow,
    between: (u64, u64),
) -> Result<Option<AgentId>, StoreError> {
    let Some(me) = inner.me() else { return Ok(None) };
    inner.store.first_mover(thread.id, (me.desk, me.agent), between).await
}

/// Whether others said something that is news to a reply in a thread between the words at `seen` and at `now`, which is what
/// the relay says.
pub(crate) async fn heard_since(
    inner: &Inner,
    thread: &ThreadRow,
    reply: ReplyId,
    seen: u64,
    now: u64,
) -> Result<HeardSince, StoreError> {
    let mut patience = Patience::new(inner);
    let read = inner.from_meta.seen_by(reply);
    loop {
        let heard = inner.store.heard_since(thread.id, &thread.key.account, seen, now, &read).await?;
        if heard != HeardSince::NotKnown || patience.is_over(inner).await {
            return Ok(heard);
        }
    }
}

/// What an agent is told whose act came second: who was faster, and with what.
pub(crate) async fn who_was_faster(
    inner: &Inner,
    thread: &ThreadRow,
    seen: u64,
    conflict: &Conflict,
) -> Result<Words, StoreError> {
    let last = match conflict.reason {
        ConflictReason::Version => inner.store.last_move(thread.id, seen, conflict.version).await?,
        _ => None,
    };
    let what = match (last, conflict.assignee) {
        (Some(Move::Assigned { to: Some(to), by: Actor::Agent { agent, .. } }), _) if to == agent => {
            format!("{} took this thread first.", inner.called(to).await?)
        }
        (Some(Move::Assigned { to: Some(to), by }), _) => {
            gave_first(&by_whom_called(inner, &by).await?, &inner.called(to).await?)
        }
        (Some(Move::Assigned { to: None, by }), _) => {
            format!("{} gave this thread back to the queue first.", by_whom_called(inner, &by).await?)
        }
        (Some(Move::StatusSet { status, by }), _) => set_first(&by_whom_called(inner, &by).await?, &status),
        // The log has not brought it yet; the relay says who works there.
        (None, Some(agent)) if thread.assignee != Some(agent) => {
            format!("{} took this thread first.", inner.called(agent).await?)
        }
        (None, None) if thread.assignee.is_some() && conflict.reason == ConflictReason::Version => {
            "Somebody gave this thread back to the queue first.".to_owned()
        }
        (None, _) => conflict.message.clone(),
    };
    Ok(Words::new(what, "Look at the thread again, then decide."))
}

fn gave_first(by: &str, to: &str) -> String {
    let to = if to == YOU { "you" } else { to };
    format!("{by} gave this thread to {to} first.")
}

fn set_first(by: &str, status: &Status) -> String {
    let how = match status {
        Status::Done => "set this thread done",
        Status::Snoozed { .. } => "put this thread to sleep",
        Status::WaitingOnCustomer => "set this thread to waiting for the customer",
        Status::Open => "opened this thread again",
    };
    format!("{by} {how} first.")
}

async fn by_whom_called(inner: &Inner, by: &Actor) -> Result<String, StoreError> {
    Ok(match by {
        Actor::Agent { agent, .. } => inner.called(*agent).await?,
        Actor::Relay => "Baton".to_owned(),
        Actor::Operator => "An operator".to_owned(),
    })
}

/// Waits from one piece of news to the next, for as long as the stream may take.
struct Patience {
    until: i64,
    news: broadcast::Receiver<Notice>,
}

impl Patience {
    fn new(inner: &Inner) -> Self {
        Self { until: inner.boot_ms().saturating_add(STREAM_MS), news: inner.notices.subscribe() }
    }

    /// Comes back when there is news; true when it took too long.
    async fn is_over(&mut self, inner: &Inner) -> bool {
        tokio::select! {
            _ = self.news.recv() => inner.boot_ms() >= self.until,
            () = until_boot(&*inner.clock, self.until) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::to_a_colleague("Ada", "Jonas", "Ada gave this thread to Jonas first.")]
    #[case::to_this_agent("Ada", YOU, "Ada gave this thread to you first.")]
    #[case::by_this_agent(YOU, "Jonas", "You gave this thread to Jonas first.")]
    fn whoever_came_second_is_told_to_whom_it_was_given(
        #[case] by: &str,
        #[case] to: &str,
        #[case] says: &str,
    ) {
        assert_eq!(gave_first(by, to), says);
    }

    #[rstest]
    #[case::done(&Status::Done, "Ada set this thread done first.")]
    #[case::asleep(&Status::Snoozed { until_ms: 7 }, "Ada put this thread to sleep first.")]
    #[case::waiting(&Status::WaitingOnCustomer, "Ada set this thread to waiting for the customer first.")]
    #[case::open(&Status::Open, "Ada opened this thread again first.")]
    fn whoever_came_second_is_told_how_it_stands(#[case] status: &Status, #[case] says: &str) {
        assert_eq!(set_first("Ada", status), says);
    }
}
