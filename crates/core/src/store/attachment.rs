//! Table `attachment`: what came with a message.

use std::collections::HashMap;

use serde_json::Value;

use super::error::{of_json, to_json};
use super::{Conn, Result};

/// What came with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachmentRow {
    /// Meta's word for it: `image`, `video`, `audio`, `file`, `sticker`, `location`, `fallback`, `template`, …
    pub kind: String,
    /// Where it lies; expires.
    pub url: Option<String>,
    /// Its title or file name.
    pub title: Option<String>,
    /// As it came.
    pub payload: Option<Value>,
}

#[derive(sqlx::FromRow)]
struct Row {
    message_id: i64,
    kind: String,
    url: Option<String>,
    title: Option<String>,
    payload: Option<String>,
}

/// The attachments of these messages, by message, in order.
pub(super) async fn of_messages(
    conn: &mut Conn,
    messages: &[i64],
) -> Result<HashMap<i64, Vec<AttachmentRow>>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT message_id, kind, url, title, payload FROM attachment
         WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY message_id, idx",
    )
    .bind(to_json(&messages)?)
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<i64, Vec<AttachmentRow>> = HashMap::new();
    for row in rows {
        let payload = row.payload.as_deref().map(of_json).transpose()?;
        let attachment = AttachmentRow { kind: row.kind, url: row.url, title: row.title, payload };
        found.entry(row.message_id).or_default().push(attachment);
    }
    Ok(found)
}
