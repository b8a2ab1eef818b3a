//! What has not left when the window is closed: it is asked about, and what happens to it is no surprise.

use baton_protocol::ReplyId;

use super::{Desk, DeskError};
use crate::store::{PartStateName, ThreadRow};

/// A reply that has not left this computer.
#[derive(Clone, Debug, PartialEq)]
pub struct NotLeft {
    /// Its thread.
    pub thread: ThreadRow,
    /// Its text, and the names of its files.
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
        let mut not_left: Vec<NotLeft> = Vec::new();
        let mut before: Option<(ReplyId, bool)> = None;
        for part in self.inner.store.parts_in(&waiting).await? {
            let is_held = part.state == PartStateName::Held;
            let file = match part.file {
                Some(file) => self.inner.store.own_file(file).await?,
                None => None,
            };
            let text = file.map_or(part.text, |file| file.name().to_owned());
            let is_of_the_same = before.replace((part.reply, is_held)) == Some((part.reply, is_held));
            match not_left.last_mut().filter(|_| is_of_the_same) {
                Some(NotLeft { text: said, .. }) => {
                    said.push_str(", ");
                    said.push_str(&text);
                }
                None => {
                    let thread = self.inner.thread(part.thread).await?;
                    not_left.push(NotLeft { thread, text, is_held });
                }
            }
        }
        Ok(not_left)
    }

    /// The window was asked to close, and stays: whoever shows this desk says why.
    pub fn asked_to_close(&self) {
        self.inner.notices.closing();
    }
}
