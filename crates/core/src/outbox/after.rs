//! What follows a reply: *Send and done* sets the thread done, once every part was sent and not before. It is stored
//! with the reply, so that it follows whatever happens to the desk in between.
//!
//! ```text
//!   every part sent ──▶ ask the relay ──┬─ taken, or it is done already ──▶ finished
//!                            ▲          ├─ this desk's agent set another status since ──▶ finished: that stands
//!                            │          ├─ somebody wrote, or moved the thread ──▶ missed: the agent is told
//!                            └── later ─┴─ relay away
//! ```

use baton_protocol::command::{Command, CommandRequest, Conflict, ConflictReason};
use baton_protocol::team::Status;
use baton_protocol::{CommandId, LogName, ReplyId};

use super::lane::Lane;
use crate::desk::hand_back;
use crate::relay_client::RelayError;
use crate::store::{HeardSince, MovedBy, ReplyRow, StoreError, ThreadId, ThreadRow};
use crate::team::moved;

/// How long until the relay is asked again, milliseconds; the loop is also woken when it comes back.
const AGAIN_MS: i64 = 2_000;

enum End {
    Finished,
    Missed,
    Later,
}

impl Lane<'_> {
    /// Does what follows the replies of a thread that were sent.
    pub(super) async fn finish(&self, thread: ThreadId) -> Result<(), StoreError> {
        while let Some(reply) = self.inner.store.reply_to_finish(thread).await? {
            match self.set_done(&reply).await? {
                End::Finished => self.inner.store.finished(reply.reply).await?,
                End::Missed => self.missed(&reply).await?,
                End::Later => {
                    self.outbox.wait(thread, AGAIN_MS);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The thread is done only if nobody else wrote or moved it since the reply was pressed: what is not answered must not
    /// go out of sight.
    async fn set_done(&self, reply: &ReplyRow) -> Result<End, StoreError> {
        let thread = self.inner.thread(reply.thread).await?;
        hand_back::is_due(self.inner, thread.id).await?;
        let (mut version, mut word) = (reply.version_seen, reply.word_seq_seen);
        loop {
            let request = CommandRequest {
                command_id: CommandId::new(),
                if_version: Some(version),
                if_no_word_after: Some(word),
                command: Command::SetStatus { customer: thread.key.customer.clone(), status: Status::Done },
            };
            let log = LogName::Account(thread.key.account.clone());
            let conflict = match self.inner.ask(&log, &request).await {
                Ok(_) => {
                    hand_back::is_due(self.inner, thread.id).await?;
                    return Ok(End::Finished);
                }
                Err(RelayError::Conflict(conflict)) => conflict,
                Err(error) if error.may_work_later() => return Ok(End::Later),
                Err(error) => {
                    tracing::info!(reply = %reply.reply, %error, "the relay did not set a thread done");
                    return Ok(End::Missed);
                }
            };
            if let Some(end) = self.after_conflict(&thread, reply.reply, (version, word), &conflict).await? {
                return Ok(end);
            }
            match conflict.reason {
                ConflictReason::Word => word = conflict.word_seq,
                _ => version = conflict.version,
            }
        }
    }

    /// None when only this desk moved the thread, and not its status, and nobody said anything new.
    async fn after_conflict(
        &self,
        thread: &ThreadRow,
        reply: ReplyId,
        (seen, word): (u64, u64),
        conflict: &Conflict,
    ) -> Result<Option<End>, StoreError> {
        if conflict.reason == ConflictReason::Word && conflict.word_seq > word {
            return Ok(
                match moved::heard_since(self.inner, thread, reply, word, conflict.word_seq).await? {
                    HeardSince::Nothing => None,
                    HeardSince::News => Some(End::Missed),
                    HeardSince::NotKnown => Some(End::Later),
                },
            );
        }
        if conflict.reason != ConflictReason::Version {
            return Ok(Some(End::Missed));
        }
        Ok(match moved::by_whom(self.inner, thread, seen, conflict.version).await? {
            MovedBy::ThisDesk { status_set: false, .. } => None,
            MovedBy::ThisDesk { status_set: true, .. } => Some(End::Finished),
            MovedBy::Others => Some(End::Missed),
            MovedBy::NotKnown => Some(End::Later),
        })
    }

    async fn missed(&self, reply: &ReplyRow) -> Result<(), StoreError> {
        let parts = self.inner.store.parts_of_reply(reply.reply).await?;
        let Some(last) = parts.last() else { return self.inner.store.finished(reply.reply).await };
        self.inner.store.missed(last.key).await?;
        self.inner.notices.status();
        Ok(())
    }
}
