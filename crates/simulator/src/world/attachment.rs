//! What hangs on a message: files, stickers, places, shares, templates (docs/meta.md 2.6.4 to 2.6.8, 2.7.2 to 2.7.7).

use serde_json::{Map, Value, json};

use super::media::Files;

/// One attachment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attachment {
    /// `image`, `template`, `ig_reel` …
    pub kind: String,
    /// The file behind it; its link is made anew each time the attachment is written.
    pub file: Option<String>,
    /// The payload without a file's link; `None`: there is none; null: it stands there as null.
    pub payload: Option<Value>,
    /// What stands beside `type` (a location's title, an older link's).
    pub beside: Map<String, Value>,
}

impl Attachment {
    /// One without a file.
    pub fn plain(kind: &str, payload: Option<Value>) -> Self {
        Self { kind: kind.to_owned(), file: None, payload, beside: Map::new() }
    }

    /// One with a file and nothing else.
    pub fn file(kind: &str, file: String) -> Self {
        Self { file: Some(file), ..Self::plain(kind, Some(json!({}))) }
    }

    /// One with a file and more in its payload.
    pub fn file_with(kind: &str, file: String, payload: Value) -> Self {
        Self { file: Some(file), ..Self::plain(kind, Some(payload)) }
    }

    /// As it stands in webhooks.
    pub fn to_json(&self, files: &Files, now_ms: i64) -> Value {
        let mut whole = self.beside.clone();
        whole.insert("type".into(), self.kind.as_str().into());
        if let Some(payload) = self.payload_json(files, now_ms) {
            whole.insert("payload".into(), payload);
        }
        Value::Object(whole)
    }

    /// The link to its file, good from now.
    pub fn link(&self, files: &Files, now_ms: i64) -> Option<String> {
        files.link(self.file.as_deref()?, now_ms)
    }

    fn payload_json(&self, files: &Files, now_ms: i64) -> Option<Value> {
        let mut payload = self.payload.clone()?;
        if let Some(link) = self.link(files, now_ms)
            && let Some(object) = payload.as_object_mut()
        {
            object.insert("url".into(), link.into());
        }
        Some(payload)
    }
}
