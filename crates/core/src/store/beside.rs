//! What hangs on messages of a page: attachments, reactions, changes of their texts, and what is known of their media; all
//! of it with one look.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::attachment;
use super::edit::{self, EditRow};
use super::error::to_json;
use super::media;
use super::reaction;
use super::{AttachmentRow, Conn, MediaKnown, MediaRef, ReactionRow, Result, ThreadId};

/// What hangs on one message.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) attachments: Vec<AttachmentRow>,
    pub(super) reactions: Vec<ReactionRow>,
    pub(super) edits: Vec<EditRow>,
    pub(super) media: Vec<(MediaRef, MediaKnown)>,
}

/// One message: this desk's number, its key, and Meta's id.
pub(super) type Named<'a> = (i64, &'a str, Option<&'a str>);

/// What hangs on these messages of a thread, by their numbers; nothing for most.
pub(super) async fn of_messages(
    conn: &mut Conn,
    thread: ThreadId,
    messages: &[Named<'_>],
) -> Result<HashMap<i64, Beside>> {
    if messages.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = messages.iter().map(|(number, _, _)| *number).collect();
    let numbers: HashMap<&str, i64> = messages.iter().map(|(number, key, _)| (*key, *number)).collect();
    let keys: Vec<&str> = messages.iter().map(|(_, key, _)| *key).collect();
    let by_mid: HashMap<&str, i64> =
        messages.iter().filter_map(|(number, _, mid)| Some(((*mid)?, *number))).collect();
    let mids: Vec<&str> = by_mid.keys().copied().collect();
    let sql = format!(
        "SELECT ({}), ({}), ({}), ({})",
        media::of_messages(),
        attachment::of_messages("?3"),
        reaction::OF_MESSAGES,
        edit::OF_MESSAGES
    );
    let (media, attachments, reactions, edits): (String, String, String, String) =
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(thread.0)
            .bind(to_json(&keys)?)
            .bind(to_json(&ids)?)
            .bind(to_json(&mids)?)
            .fetch_one(conn)
            .await?;
    let mut beside: HashMap<i64, Beside> = HashMap::new();
    for (number, media) in media::read_of_messages(&media, &numbers)? {
        beside.entry(number).or_default().media = media;
    }
    for attachment in attachment::read_of_messages(&attachments)? {
        beside.entry(attachment.place.message).or_default().attachments.push(attachment);
    }
    for (mid, reaction) in reaction::read_of_messages(&reactions)? {
        if let Some(number) = by_mid.get(mid.as_str()) {
            beside.entry(*number).or_default().reactions.push(reaction);
        }
    }
    for (mid, edit) in edit::read_of_messages(&edits)? {
        if let Some(number) = by_mid.get(mid.as_str()) {
            beside.entry(*number).or_default().edits.push(edit);
        }
    }
    Ok(beside)
}
