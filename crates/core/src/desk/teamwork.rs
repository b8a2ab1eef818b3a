//! Acts on a thread: control, assignment, status, read marks.

use std::sync::Arc;

use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::snapshot::ReadMark;
use baton_protocol::team::Status;
use baton_protocol::{CommandId, LogName};

use super::inner::{Inner, lock};
use super::{Desk, DeskError, hand_back};
use crate::control::{Asked, ControlError, act, owner_read};
use crate::relay_client::RelayError;
use crate::store::{MovedBy, ThreadId, ThreadRow};
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
    /// [`DeskError::Relay`], a conflict among them when somebody was faster.
    pub async fn assign(&self, thread: ThreadId, to_me: bool) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let thread = self.inner.thread(thread).await?;
        let command =
            Command::Assign { customer: thread.key.customer.clone(), assignee: to_me.then_some(me) };
        self.ask_as_seen(&thread, command).await
    }

    /// Sets a thread's status.
    ///
    /// # Errors
    /// As [`Desk::assign`].
    pub async fn set_status(&self, thread: ThreadId, status: Status) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        let is_done = status == Status::Done;
        let command = Command::SetStatus { customer: thread.key.customer.clone(), status };
        if is_done {
            hand_back::is_due(&self.inner, thread.id).await?;
        }
        self.ask_as_seen(&thread, command).await?;
        if is_done {
            // The ten seconds begin once it is done.
            hand_back::is_due(&self.inner, thread.id).await?;
        }
        Ok(())
    }

    /// Marks a thread read up to its newest message, or unread from the newest one on. The agent's other desks learn of
    /// it when the relay can be reached.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark(&self, thread: ThreadId, read: bool) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        let read_seq = if read { thread.inbound_seq } else { thread.inbound_seq.saturating_sub(1) };
        if self.inner.store.read_seq(thread.id).await? == read_seq {
            return Ok(());
        }
        let mark = ReadMark { account: thread.key.account, customer: thread.key.customer, read_seq };
        self.inner.store.set_read_mark(&mark).await?;
        self.inner.notices.threads([thread.id], self.inner.store.version());
        self.inner.keep_read_mark(&mark).await?;
        let inner = Arc::clone(&self.inner);
        self.inner.tasks.spawn(async move { tell_marks(&inner).await });
        Ok(())
    }

    /// The agent opened a thread: who holds it is read from Meta, because an app can take a thread without an event. At
    /// most once in 30 s per thread, in the background, and mostly with one call.
    pub fn opened(&self, thread: ThreadId) {
        let now = self.inner.boot_ms();
        {
            let mut read = lock(&self.inner.owner_read);
            if read.get(&thread).is_some_and(|last| now - last < READ_OWNER_EVERY_MS) {
                return;
            }
            read.insert(thread, now);
        }
        look_who_holds(&self.inner, thread);
    }

    /// A command about a thread that counts only if nobody but this desk moved the thread since it was read here.
    async fn ask_as_seen(&self, thread: &ThreadRow, command: Command) -> Result<(), DeskError> {
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
                Ok(_) => return Ok(()),
                Err(RelayError::Conflict(conflict)) => conflict,
                Err(error) => return Err(error.into()),
            };
            let moved = moved::by_whom(&self.inner, thread, seen, conflict.version).await?;
            if !matches!(moved, MovedBy::ThisDesk { .. }) || conflict.version == seen {
                return Err(RelayError::Conflict(conflict).into());
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
