//! Files that an agent adds to a draft, and what of them is on its way to Meta.

use super::{Desk, DeskError};
use crate::media::NotAttached;
use crate::store::{OwnFile, OwnFileId, PartKey, ThreadId};

impl Desk {
    /// Adds a file to a thread's draft: looked at, checked against what the channel takes, and on the disk when this returns.
    ///
    /// # Errors
    /// [`NotAttached`], with what may be sent instead; nothing was added then.
    pub async fn attach_file(
        &self,
        thread: ThreadId,
        name: &str,
        bytes: &[u8],
    ) -> Result<OwnFile, NotAttached> {
        let row = self.inner.thread(thread).await?;
        let file = self.inner.attach(thread, row.channel(), name, bytes).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(file)
    }

    /// Takes a file out of a thread's draft. One that is not in it any more is left alone.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn remove_file(&self, thread: ThreadId, file: OwnFileId) -> Result<(), DeskError> {
        self.inner.store.remove_from_draft(thread, file).await?;
        self.inner.media.may_be_unused();
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }

    /// How much of a part's file Meta has, per cent; none while it is not on its way there.
    #[must_use]
    pub fn uploaded_percent(&self, part: PartKey) -> Option<u8> {
        self.outbox.uploaded_percent(part)
    }
}
