//! Setbacks: replies and notes that did not do what their agent meant. Each is kept until the agent was told, wherever the
//! agent is by then and whatever happens to the window.

use baton_messenger::Words;
use baton_protocol::{NoteId, PartId};

use super::{Desk, DeskError};
use crate::outbox::state_of;
use crate::store::{AfterSent, PartKey, PartRow, ReplyRow, StoreError, ThreadRow};

/// What an agent meant and what did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetbackKind {
    /// The reply is not known to have been sent.
    NotSent,
    /// The reply was sent; only what was to follow it did not.
    NotDone,
    /// A private note was not added.
    NotNoted,
}

/// A reply or a note that did not do what its agent meant, and of which the agent was not told yet.
#[derive(Debug, Clone)]
pub struct Setback {
    /// The part; of a note, the note goes by its name here.
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
        Ok(setbacks)
    }

    /// The agent was told of a setback.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn told_of_setback(&self, part: PartKey) -> Result<(), DeskError> {
        self.inner.store.told(part.0).await?;
        self.inner.store.told_of_note(NoteId(part.0.0)).await?;
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
        Ok(state.setback_words(thread.last_word_is_customers(), winner.as_deref()))
    }
}
