//! Table `reaction`: the newest reaction of each person on each message.

use super::Result;
use super::error::of_json;

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

/// The reactions on messages of a thread, as one value: 1 the thread, 4 the messages' mids.
pub(super) const OF_MESSAGES: &str =
    "SELECT json_group_array(json_array(r.mid, r.emoji, r.actor, r.at_ms) ORDER BY r.mid, r.at_ms, r.actor)
     FROM reaction r
     WHERE r.thread_id = ?1 AND r.mid IN (SELECT value FROM json_each(?4)) AND r.emoji IS NOT NULL";

/// What that gives: mid and reaction, the oldest first.
pub(super) fn read_of_messages(json: &str) -> Result<impl Iterator<Item = (String, ReactionRow)>> {
    let rows: Vec<(String, String, String, i64)> = of_json(json)?;
    Ok(rows.into_iter().map(|(mid, emoji, actor, at_ms)| (mid, ReactionRow { emoji, actor, at_ms })))
}
