//! Shared canned replies, as the workspace log tells them.

use baton_protocol::LogName;
use baton_protocol::team::TeamFact;
use sqlx::SqliteConnection;

use super::super::LogError;
use super::row::{json, storage};

/// The text under a name now; none when there is none. It is read from the log itself: the workspace's is short, and this
/// is asked only when somebody changes a reply.
pub(super) async fn text(conn: &mut SqliteConnection, name: &str) -> Result<Option<String>, LogError> {
    let log = LogName::Workspace;
    let log = log.as_str();
    let row = sqlx::query!(
        r#"select body as "body!" from entry
           where log = ?1 and kind = 'team' and body ->> 'fact' = 'canned_reply_set' and body ->> 'name' = ?2
           order by seq desc limit 1"#,
        log,
        name
    )
    .fetch_optional(conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    match json::<TeamFact>(&row.body)? {
        TeamFact::CannedReplySet { text, .. } => Ok(text),
        _ => Ok(None),
    }
}
