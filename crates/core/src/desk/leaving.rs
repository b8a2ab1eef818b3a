//! What has not left when the window is closed: it is asked about, and what happens to it is no surprise.

use super::{Desk, DeskError};
use crate::store::{PartStateName, ThreadRow};

/// A reply that has not left this computer.
#[derive(Clone, Debug, PartialEq)]
pub struct NotLeft {
    /// Its thread.
    pub thread: ThreadRow,
    /// Its text.
    pub text: String,
    /// True while it is kept back: when the desk ends now, it becomes a draft. Else it leaves after the next start.
    pub is_held: bool,
}

impl Desk {
    /// The replies that are kept back or wait in the outbox, oldest first. One that is on its way is not among them: it
    /// left, and what became of it is found out after the next start.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn not_left(&self) -> Result<Vec<NotLeft>, DeskError> {
        let waiting = [PartStateName::Held, PartStateName::Queued];
        let mut not_left = Vec::new();
        for part in self.inner.store.parts_in(&waiting).await? {
            let is_held = part.state == PartStateName::Held;
            let thread = self.inner.thread(part.thread).await?;
            not_left.push(NotLeft { thread, text: part.text, is_held });
        }
        Ok(not_left)
    }

    /// The window was asked to close, and stays: whoever shows this desk says why.
    pub fn asked_to_close(&self) {
        self.inner.notices.closing();
    }
}
