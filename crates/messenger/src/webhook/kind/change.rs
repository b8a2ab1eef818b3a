//! What comes as `changes`, with a field and its value, instead of as an event (docs/meta.md 2.3, 2.6.21).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::CustomerId;
use crate::loose;

/// The fields of object `page` and `instagram` that tell of posts and comments. Baton subscribes to none of them; an
/// app that is subscribed sends them all the same.
pub(in crate::webhook) const FEED_FIELDS: &[&str] =
    &["feed", "mention", "comments", "live_comments", "mentions"];

/// A label was set or removed in Meta's inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "InboxLabelForm")]
pub struct InboxLabel {
    /// Whose thread.
    pub customer: Option<CustomerId>,
    /// `add` or `remove`; the words are a guess (docs/meta.md 14).
    pub action: Option<String>,
    /// The label's id.
    pub label_id: Option<String>,
    /// The label's name.
    pub label_name: Option<String>,
}

#[derive(Deserialize)]
struct InboxLabelForm {
    #[serde(default)]
    user: Value,
    #[serde(default, deserialize_with = "loose::text")]
    action: Option<String>,
    #[serde(default)]
    label: Value,
}

impl From<InboxLabelForm> for InboxLabel {
    fn from(form: InboxLabelForm) -> Self {
        Self {
            customer: form.user.get("id").and_then(loose::id_of),
            action: form.action,
            label_id: form.label.get("id").and_then(loose::id_of),
            label_name: form.label.get("page_label_name").and_then(loose::text_of),
        }
    }
}

/// Something happened to a post or comment of the account. It belongs to no thread: the ids of its people are not those
/// of Messenger. The shape is general knowledge, without a source (docs/meta.md 14).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FeedForm")]
pub struct FeedChange {
    /// The field it came in: `feed`, `comments`, …
    pub field: String,
    /// What it is about: `comment`, `post`, `reaction`, …; Instagram does not say.
    pub item: Option<String>,
    /// `add`, `edited`, `remove`, …; Instagram does not say.
    pub verb: Option<String>,
    /// The post, or Instagram's media.
    pub post_id: Option<String>,
    /// The comment.
    pub comment_id: Option<String>,
    /// What the comment answers.
    pub parent_id: Option<String>,
    /// Who did it; no scoped id of a thread.
    pub from_id: Option<String>,
    /// Their name.
    pub from_name: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// When, in milliseconds.
    pub created_ms: Option<i64>,
}

#[derive(Deserialize)]
struct FeedForm {
    #[serde(default, deserialize_with = "loose::text")]
    item: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    verb: Option<String>,
    #[serde(default, deserialize_with = "loose::id")]
    post_id: Option<String>,
    #[serde(default, deserialize_with = "loose::id")]
    media_id: Option<String>,
    #[serde(default, deserialize_with = "loose::id")]
    comment_id: Option<String>,
    /// Instagram's name for the comment's id.
    #[serde(default, deserialize_with = "loose::id")]
    id: Option<String>,
    #[serde(default, deserialize_with = "loose::id")]
    parent_id: Option<String>,
    #[serde(default)]
    from: Value,
    #[serde(default)]
    media: Value,
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    text: Option<String>,
    #[serde(default, deserialize_with = "loose::time_ms")]
    created_time: Option<i64>,
}

impl From<FeedForm> for FeedChange {
    fn from(form: FeedForm) -> Self {
        let from = |name: &str| form.from.get(name).and_then(loose::id_of::<String>);
        Self {
            field: String::new(),
            item: form.item,
            verb: form.verb,
            post_id: form.post_id.or(form.media_id).or_else(|| form.media.get("id").and_then(loose::id_of)),
            comment_id: form.comment_id.or(form.id),
            parent_id: form.parent_id,
            from_id: from("id"),
            from_name: from("name").or_else(|| from("username")),
            text: form.message.or(form.text),
            created_ms: form.created_time,
        }
    }
}
