//! Setbacks: replies, notes and acts that did not do what their agent meant. Each is kept until the agent was told, wherever the
//! agent is by then and whatever happens to the window.

use baton_messenger::Words;
use baton_protocol::command::Command;
use baton_protocol::{CommandId, LabelId, NoteId, PartId};

use super::inner::Inner;
use super::{Desk, DeskError};
use crate::outbox::{leaves_of, state_of};
use crate::relay_client::RelayError;
use crate::store::{AfterSent, PartKey, PartRow, QueuedCommand, ReplyRow, StoreError, ThreadKey, ThreadRow};

/// What an agent meant and what did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetbackKind {
    /// The reply is not known to have been sent.
    NotSent,
    /// The reply was sent; only what was to follow it did not.
    NotDone,
    /// A private note was not added.
    NotNoted,
    /// A label or the urgency was not set.
    NotSet,
}

/// A reply, a note or an act that did not do what its agent meant, and of which the agent was not told yet.
#[derive(Debug, Clone)]
pub struct Setback {
    /// The part; a note or an act goes by its name here.
    pub part: PartKey,
    /// Its thread.
    pub thread: ThreadRow,
    /// What did not happen.
    pub kind: SetbackKind,
    /// What happened and what can be done.
    pub words: Words,
}

impl Desk {
    /// Setbacks that the agent was not told of, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn setbacks(&self) -> Result<Vec<Setback>, DeskError> {
        let mut setbacks = Vec::new();
        for (part, reply) in self.inner.store.untold().await? {
            let thread = self.inner.thread(part.thread).await?;
            if let Some(words) = self.setback_words(&part, &reply, &thread).await? {
                let kind = match reply.after_sent {
                    Some(AfterSent::Missed) => SetbackKind::NotDone,
                    _ => SetbackKind::NotSent,
                };
                setbacks.push(Setback { part: part.key, thread, kind, words });
            }
        }
        for (thread, note, words) in self.inner.store.notes_untold().await? {
            let (part, thread) = (PartKey(PartId(note.0)), self.inner.thread(thread).await?);
            setbacks.push(Setback { part, thread, kind: SetbackKind::NotNoted, words });
        }
        for (thread, command, words) in self.inner.store.acts_untold().await? {
            let (part, thread) = (PartKey(PartId(command.0)), self.inner.thread(thread).await?);
            setbacks.push(Setback { part, thread, kind: SetbackKind::NotSet, words });
        }
        Ok(setbacks)
    }

    /// The agent was told of a setback.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn told_of_setback(&self, part: PartKey) -> Result<(), DeskError> {
        self.inner.store.told(part.0).await?;
        self.inner.store.told_of_note(NoteId(part.0.0)).await?;
        self.inner.store.told_of_act(CommandId(part.0.0)).await?;
        self.inner.notices.status();
        Ok(())
    }

    async fn setback_words(
        &self,
        part: &PartRow,
        reply: &ReplyRow,
        thread: &ThreadRow,
    ) -> Result<Option<Words>, StoreError> {
        if reply.after_sent == Some(AfterSent::Missed) {
            return Ok(Some(Words::new(
                "Your reply was sent, but the thread was not set done: something else happened in it meanwhile.",
                "Look at it again.",
            )));
        }
        let state = state_of(part)?;
        let winner = match state.winner().filter(|winner| Some(*winner) != self.me()) {
            Some(winner) => Some(self.inner.called(winner).await?),
            None => None,
        };
        Ok(state.setback_words(thread.last_word_is_customers(), winner.as_deref(), leaves_of(part)))
    }
}

/// The relay refused a queued act on a thread for good: its agent is told. True when it was one of those that are told, and
/// was forgotten with that.
pub(crate) async fn act_refused(
    inner: &Inner,
    queued: &QueuedCommand,
    error: &RelayError,
) -> Result<bool, StoreError> {
    let (customer, what) = match &queued.request.command {
        Command::SetLabel { customer, label, on } => (customer, not_labelled(inner, *label, *on).await?),
        Command::SetPriority { customer, urgent: true } => {
            (customer, "The thread was not made urgent.".to_owned())
        }
        Command::SetPriority { customer, urgent: false } => {
            (customer, "The thread is still urgent.".to_owned())
        }
        _ => return Ok(false),
    };
    let Some(account) = queued.log.account().cloned() else { return Ok(false) };
    let key = ThreadKey { account, customer: customer.clone() };
    let Some(thread) = inner.store.thread_id(&key).await? else { return Ok(false) };
    let said = error.agent_words();
    let why = Words::new(format!("{what} {}", said.what), said.remedy);
    inner.store.act_refused(thread, queued.request.command_id, &why).await?;
    // The row shows what the log tells.
    inner.notices.threads([thread], inner.store.version());
    inner.notices.status();
    Ok(true)
}

async fn not_labelled(inner: &Inner, label: LabelId, on: bool) -> Result<String, StoreError> {
    let labels = inner.store.labels().await?;
    // One that was taken out of the workspace has no name any more.
    let named = labels.iter().find(|known| known.label == label);
    let called = named.map_or_else(|| "A label".to_owned(), |known| format!("The label \"{}\"", known.name));
    Ok(format!("{called} was not {}.", if on { "put on the thread" } else { "taken off the thread" }))
}
