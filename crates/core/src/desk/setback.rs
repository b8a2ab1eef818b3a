//! Setbacks: replies that did not do what their agent meant. Each is kept until the agent was told, wherever the agent is
//! by then and whatever happens to the window.

use baton_messenger::Words;

use super::{Desk, DeskError};
use crate::outbox::state_of;
use crate::store::{AfterSent, PartKey, PartRow, ReplyRow, StoreError, ThreadRow};

/// A reply that did not do what its agent meant, and of which the agent was not told yet.
#[derive(Debug, Clone)]
pub struct Setback {
    /// The part.
    pub part: PartKey,
    /// Its thread.
    pub thread: ThreadRow,
    /// The reply was sent; only what was to follow it did not.
    pub was_sent: bool,
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
            if let Some(words) = words(&part, &reply, &thread)? {
                let was_sent = reply.after_sent == Some(AfterSent::Missed);
                setbacks.push(Setback { part: part.key, thread, was_sent, words });
            }
        }
        Ok(setbacks)
    }

    /// The agent was told of a setback.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn told_of_setback(&self, part: PartKey) -> Result<(), DeskError> {
        self.inner.store.told(part.0).await?;
        self.inner.notices.status();
        Ok(())
    }
}

fn words(part: &PartRow, reply: &ReplyRow, thread: &ThreadRow) -> Result<Option<Words>, StoreError> {
    if reply.after_sent == Some(AfterSent::Missed) {
        return Ok(Some(Words::new(
            "Your reply was sent, but the thread was not set done: something else happened in it meanwhile.",
            "Look at it again.",
        )));
    }
    Ok(state_of(part)?.setback_words(thread.last_word_is_customers()))
}
