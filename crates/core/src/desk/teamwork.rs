//! Acts on a thread: control, assignment, status, read marks.

use std::sync::Arc;

use baton_protocol::command::{Accepted, Command, CommandRequest};
use baton_protocol::snapshot::ReadMark;
use baton_protocol::snooze;
use baton_protocol::team::Status;
use baton_protocol::{AgentId, CommandId, LogName};

use super::inner::{Inner, lock};
use super::{Desk, DeskError, hand_back};
use crate::control::{Asked, ControlError, act, owner_read};
use crate::relay_client::RelayError;
use crate::store::{MovedBy, ThreadId, ThreadKey, ThreadRow};
use crate::team::moved;

/// How often a thread's owner is read from Meta at most, milliseconds.
const READ_OWNER_EVERY_MS: i64 = 30_000;

impl Desk {
    /// Take, pass, release, request, extend.
    ///
    /// # Errors
    /// [`DeskError::Control`]; control is where it was then, or is being read anew.
    pub async fn act_on_control(&self, thread: ThreadId, asked: &Asked) -> Result<(), DeskError> {
        act::perform(&self.inner, thread, asked).await.map_err(|error| match error {
            ControlError::Store(error) => DeskError::Store(error),
            error => DeskError::Control(error),
        })
    }

    /// Gives a thread to this agent, or to the queue.
    ///
    /// # Errors
    /// [`DeskError::Lost`] when somebody was faster, with who it was; [`DeskError::Relay`].
    pub async fn assign(&self, thread: ThreadId, to_me: bool) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        self.give(thread, to_me.then_some(me)).await
    }

    /// Gives a thread to an agent of its account, or to the queue. Agents claim free threads and give their own away;
    /// supervisors move any.
    ///
    /// # Errors
    /// As [`Desk::assign`].
    pub async fn give(&self, thread: ThreadId, to: Option<AgentId>) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        self.give_thread(&thread, to).await.map(drop)
    }

    pub(super) async fn give_thread(
        &self,
        thread: &ThreadRow,
        to: Option<AgentId>,
    ) -> Result<Accepted, DeskError> {
        let command = Command::Assign { customer: thread.key.customer.clone(), assignee: to };
        self.ask_as_seen(thread, command).await
    }

    /// Sets a thread's status.
    ///
    /// # Errors
    /// [`DeskError::Snooze`] for a sleep that cannot be; else as [`Desk::assign`].
    pub async fn set_status(&self, thread: ThreadId, status: Status) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        self.set_status_of(&thread, status).await.map(drop)
    }

    pub(super) async fn set_status_of(
        &self,
        thread: &ThreadRow,
        status: Status,
    ) -> Result<Accepted, DeskError> {
        if let Status::Snoozed { until_ms } = status {
            snooze::check(until_ms, self.inner.meta_now().ms).map_err(DeskError::Snooze)?;
        }
        let is_done = status == Status::Done;
        let command = Command::SetStatus { customer: thread.key.customer.clone(), status };
        if is_done {
            hand_back::is_due(&self.inner, thread.id).await?;
        }
        let accepted = self.ask_as_seen(thread, command).await?;
        if is_done {
            // The ten seconds begin once it is done.
            hand_back::is_due(&self.inner, thread.id).await?;
        }
        Ok(accepted)
    }

    /// Marks a thread read up to its newest message, or unread from the newest one on. The agent's other desks learn of
    /// it when the relay can be reached. Gives the version of the store that has the mark; the notice of it says the same.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark(&self, thread: ThreadId, read: bool) -> Result<u64, DeskError> {
        let thread = self.inner.thread(thread).await?;
        // A note that mentions the agent is read with what the customer said, and unread again with it.
        let mention_seq = thread.mention.map_or(0, |mention| mention.seq);
        let read_seq =
            if read { thread.inbound_seq.max(mention_seq) } else { thread.inbound_seq.saturating_sub(1) };
        self.mark_up_to(&thread, read_seq).await
    }

    /// Marks a thread read up to a seq and no further. Gives the version of the store that has the mark.
    pub(super) async fn mark_up_to(&self, thread: &ThreadRow, read_seq: u64) -> Result<u64, DeskError> {
        if self.inner.store.read_seq(thread.id).await? == read_seq {
            return Ok(self.inner.store.version());
        }
        let ThreadKey { account, customer } = thread.key.clone();
        let mark = ReadMark { account, customer, read_seq };
        self.inner.store.set_read_mark(&mark).await?;
        let version = self.inner.store.version();
        self.inner.notices.marked(thread.id, version);
        self.inner.keep_read_mark(&mark).await?;
        let inner = Arc::clone(&self.inner);
        self.inner.tasks.spawn(async move { tell_marks(&inner).await });
        Ok(version)
    }

    /// The agent opened a thread: who holds it is read from Meta, because an app can take a thread without an event. At
    /// most once in 30 s per thread, in the background, and mostly with one call. While the relay is away what was written is
    /// read too, and first (`from_meta`).
    pub fn opened(&self, thread: ThreadId) {
        if self.inner.is_served() {
            look_if_due(&self.inner, thread);
        } else {
            self.inner.from_meta.wants(thread);
        }
    }

    /// A command about a thread that counts only if nobody but this desk moved the thread since it was read here.
    async fn ask_as_seen(&self, thread: &ThreadRow, command: Command) -> Result<Accepted, DeskError> {
        let log = LogName::Account(thread.key.account.clone());
        let mut seen = thread.version;
        loop {
            let request = CommandRequest {
                command_id: CommandId::new(),
                if_version: Some(seen),
                if_no_word_after: None,
                command: command.clone(),
            };
            let conflict = match self.inner.ask(&log, &request).await {
                Ok(accepted) => return Ok(accepted),
                Err(RelayError::Conflict(conflict)) => conflict,
                Err(error) => return Err(error.into()),
            };
            let moved = moved::by_whom(&self.inner, thread, seen, conflict.version).await?;
            if !matches!(moved, MovedBy::ThisDesk { .. }) || conflict.version == seen {
                let words = moved::who_was_faster(&self.inner, thread, seen, &conflict).await?;
                return Err(DeskError::Lost(words));
            }
            seen = conflict.version;
        }
    }
}

/// Tells the relay what was read; ends with the desk.
pub(crate) async fn tell_marks(inner: &Inner) {
    let told = tokio::select! {
        () = inner.stop.cancelled() => return,
        told = inner.tell_read_marks() => told,
    };
    if let Err(error) = told {
        tracing::debug!(%error, "read marks were not told");
    }
}

/// Reads from Meta who holds a thread, in the background, unless that was done a moment ago.
pub(crate) fn look_if_due(inner: &Arc<Inner>, thread: ThreadId) {
    let now = inner.boot_ms();
    {
        let mut read = lock(&inner.owner_read);
        if read.get(&thread).is_some_and(|last| now - last < READ_OWNER_EVERY_MS) {
            return;
        }
        read.insert(thread, now);
    }
    look_who_holds(inner, thread);
}

/// Reads from Meta who holds a thread, in the background.
pub(crate) fn look_who_holds(inner: &Arc<Inner>, thread: ThreadId) {
    let inner = Arc::clone(inner);
    inner.tasks.clone().spawn(async move {
        let stop = inner.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = read_owner(&inner, thread) => {}
        }
    });
}

async fn read_owner(inner: &Inner, thread: ThreadId) {
    let read = async {
        let thread = inner.thread(thread).await?;
        owner_read::read_owner(inner, &thread).await
    };
    if let Err(error) = read.await {
        tracing::debug!(%error, "the owner of a thread was not read");
    }
}
