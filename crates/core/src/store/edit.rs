//! Table `message_edit`: what messages were changed to.

use std::collections::HashMap;

use super::error::to_json;
use super::{Conn, Result, ThreadId};

/// One change of a text.
pub(super) struct EditRow {
    pub at_ms: i64,
    pub text: String,
}

/// The changes of these messages by mid, oldest first.
pub(super) async fn of_messages(
    conn: &mut Conn,
    thread: ThreadId,
    mids: &[&str],
) -> Result<HashMap<String, Vec<EditRow>>> {
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT mid, at_ms, text FROM message_edit
         WHERE thread_id = ? AND mid IN (SELECT value FROM json_each(?)) ORDER BY mid, num",
    )
    .bind(thread.0)
    .bind(to_json(&mids)?)
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<String, Vec<EditRow>> = HashMap::new();
    for (mid, at_ms, text) in rows {
        found.entry(mid).or_default().push(EditRow { at_ms, text });
    }
    Ok(found)
}
