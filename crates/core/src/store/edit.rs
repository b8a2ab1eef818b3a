//! Table `message_edit`: what messages were changed to.

use super::Result;
use super::error::of_json;

/// One change of a text.
pub(super) struct EditRow {
    pub at_ms: i64,
    pub text: String,
}

/// The changes of messages of a thread, as one value: 1 the thread, 4 the messages' mids.
pub(super) const OF_MESSAGES: &str =
    "SELECT json_group_array(json_array(e.mid, e.at_ms, e.text) ORDER BY e.mid, e.num)
     FROM message_edit e WHERE e.thread_id = ?1 AND e.mid IN (SELECT value FROM json_each(?4))";

/// What that gives: mid and change, the oldest first.
pub(super) fn read_of_messages(json: &str) -> Result<impl Iterator<Item = (String, EditRow)>> {
    let rows: Vec<(String, i64, String)> = of_json(json)?;
    Ok(rows.into_iter().map(|(mid, at_ms, text)| (mid, EditRow { at_ms, text })))
}
