//! What an agent puts around a draft: the message that it answers, and the answers that it offers.

use baton_messenger::{Mid, Platform};

use super::{Desk, DeskError};
use crate::outbox::framed;
use crate::store::{Frame, StoreError, ThreadId};

impl Desk {
    /// The draft of a thread answers this message, or none.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the message is not here or was taken back; when the store cannot be written.
    pub async fn answer_message(&self, thread: ThreadId, mid: Option<&Mid>) -> Result<(), DeskError> {
        if let Some(mid) = mid {
            let said = self.inner.store.said(thread, mid).await?;
            said.filter(|said| !said.unsent).ok_or(StoreError::Missing("message"))?;
        }
        let frame = self.inner.store.draft_frame(thread).await?;
        self.frame(thread, Frame { answers: mid.cloned(), ..frame }).await
    }

    /// The draft of a thread offers these answers; each once, without space around it.
    ///
    /// # Errors
    /// [`DeskError::Unsendable`] when Meta would not take them; when the store cannot be written.
    pub async fn offer_answers(&self, thread: ThreadId, offers: &[String]) -> Result<(), DeskError> {
        let platform = self.inner.thread(thread).await?.channel();
        let offers = tidy(platform, offers)?;
        let frame = self.inner.store.draft_frame(thread).await?;
        self.frame(thread, Frame { offers, ..frame }).await
    }

    async fn frame(&self, thread: ThreadId, frame: Frame) -> Result<(), DeskError> {
        self.inner.store.frame_draft(thread, &frame).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }
}

fn tidy(platform: Platform, offers: &[String]) -> Result<Vec<String>, DeskError> {
    let mut tidied: Vec<String> = Vec::with_capacity(offers.len());
    for offer in offers {
        let title = offer.split_whitespace().collect::<Vec<_>>().join(" ");
        if !title.is_empty() && !tidied.contains(&title) {
            tidied.push(title);
        }
    }
    framed::check(platform, &tidied)?;
    Ok(tidied)
}
