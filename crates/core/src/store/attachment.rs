//! Table `attachment`: what came with a message.

use baton_messenger::webhook::Attachment;
use serde::Deserialize;
use serde_json::Value;

use super::error::of_json;
use super::{Conn, Result, Store, StoreError, as_json};

/// The kind of a shopping cart, which Meta sends as an event of its own.
pub const CART: &str = "cart";

/// What came with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachmentRow {
    /// Meta's word for it: `image`, `template`, …, or [`CART`].
    pub kind: String,
    /// Where it lies; expires.
    pub url: Option<String>,
    /// Its title or file name.
    pub title: Option<String>,
    /// As it came.
    pub payload: Option<Value>,
    /// Where it stands in the file: this desk's number of its message, and its place there.
    pub place: AttachmentPlace,
}

impl AttachmentRow {
    /// It, as Meta's vocabulary has it.
    #[must_use]
    pub fn read(&self) -> Attachment {
        Attachment::of(Some(self.kind.clone()), self.url.clone(), self.title.clone(), self.payload.clone())
    }
}

/// Names an attachment on this desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttachmentPlace {
    /// This desk's number of the message.
    pub message: i64,
    /// Its place in the message, from 0.
    pub idx: i64,
}

#[derive(sqlx::FromRow, Deserialize)]
struct Row {
    message_id: i64,
    idx: i64,
    kind: String,
    url: Option<String>,
    title: Option<String>,
    payload: Option<String>,
}

impl Store {
    /// One attachment.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it is not there, or not any more.
    pub async fn attachment(&self, place: AttachmentPlace) -> Result<AttachmentRow> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT message_id, idx, kind, url, title, payload FROM attachment WHERE message_id = ? AND idx = ?",
        )
        .bind(place.message)
        .bind(place.idx)
        .fetch_optional(self.read())
        .await?;
        row.ok_or(StoreError::Missing("attachment"))?.try_into()
    }
}

/// The attachments of messages, as one value; `list` is the place of the messages' numbers.
pub(super) fn of_messages(list: &str) -> String {
    as_json::page(
        "x.message_id, x.idx, x.kind, x.url, x.title, x.payload",
        &format!("attachment x WHERE x.message_id IN (SELECT value FROM json_each({list}))"),
        "x.message_id, x.idx",
    )
}

/// What that gives, in order.
pub(super) fn read_of_messages(json: &str) -> Result<Vec<AttachmentRow>> {
    let rows: Vec<Row> = of_json(json)?;
    rows.into_iter().map(AttachmentRow::try_from).collect()
}

/// The first attachment of a message.
pub(super) async fn first(conn: &mut Conn, message: i64) -> Result<Option<AttachmentRow>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT message_id, idx, kind, url, title, payload FROM attachment
         WHERE message_id = ? ORDER BY idx LIMIT 1",
    )
    .bind(message)
    .fetch_optional(conn)
    .await?;
    row.map(AttachmentRow::try_from).transpose()
}

impl TryFrom<Row> for AttachmentRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            payload: row.payload.as_deref().map(of_json).transpose()?,
            kind: row.kind,
            url: row.url,
            title: row.title,
            place: AttachmentPlace { message: row.message_id, idx: row.idx },
        })
    }
}
