//! Table `reaction`: the newest reaction of each person on each message.

use std::collections::HashMap;

use super::error::to_json;
use super::{Conn, Result, ThreadId};

/// A reaction that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionRow {
    /// The character.
    pub emoji: String,
    /// Who: the customer's or the account's id.
    pub actor: String,
    /// When, milliseconds UTC of Meta; 0 when only an audit tells.
    pub at_ms: i64,
}

/// The reactions on these messages, by mid.
pub(super) async fn of_messages(
    conn: &mut Conn,
    thread: ThreadId,
    mids: &[&str],
) -> Result<HashMap<String, Vec<ReactionRow>>> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT mid, emoji, actor, at_ms FROM reaction
         WHERE thread_id = ? AND mid IN (SELECT value FROM json_each(?)) AND emoji IS NOT NULL
         ORDER BY mid, at_ms, actor",
    )
    .bind(thread.0)
    .bind(to_json(&mids)?)
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<String, Vec<ReactionRow>> = HashMap::new();
    for (mid, emoji, actor, at_ms) in rows {
        found.entry(mid).or_default().push(ReactionRow { emoji, actor, at_ms });
    }
    Ok(found)
}
