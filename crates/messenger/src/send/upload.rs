//! Uploads a file before it is sent (docs/meta.md 4.5).

use serde::Serialize;

use super::file::{FileBody, FileKind, FileSource};
use crate::id::Platform;

/// The body of `POST /{page}/message_attachments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UploadBody {
    message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<Platform>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Message {
    attachment: FileBody,
}

impl UploadBody {
    /// A file that is kept under the id in the answer; for Instagram the body says so.
    pub fn new(platform: Platform, kind: FileKind, source: FileSource) -> Self {
        let attachment = FileBody { kind, source: source.reusable() };
        let platform = Some(platform).filter(|platform| *platform == Platform::Instagram);
        Self { message: Message { attachment }, platform }
    }

    /// Whether the call has to be a multipart form with the bytes as `filedata`.
    pub fn needs_file(&self) -> bool {
        self.message.attachment.source.is_upload()
    }
}
