//! One private answer to a comment or a visitor's post (docs/meta.md 4.10).

use serde::Serialize;

use super::{MessageBody, Unsendable};
use crate::id::Platform;

/// The body of `POST /{page}/messages` that answers a comment: one message, within 7 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrivateReplyBody {
    recipient: Commented,
    message: MessageBody,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Commented {
    /// A comment, by its id.
    CommentId(String),
    /// A visitor's post, by its id.
    PostId(String),
}

impl PrivateReplyBody {
    /// A text.
    ///
    /// # Errors
    /// As for every text of the channel.
    pub fn text(platform: Platform, to: Commented, text: &str) -> Result<Self, Unsendable> {
        Ok(Self { recipient: to, message: MessageBody::text(platform, text)? })
    }
}
