//! What crossed a reply on its way: somebody's word that the relay appended after it had granted the send, and before it
//! heard how that ended. Nobody could have kept the reply back for it. What the author was shown before is none: their own
//! desk's words, and a part of a colleague's that had been let go earlier.
//!
//! Nothing is kept for it: seqs of the log say it, so that it is the same on every desk, whatever came first. A page asks
//! the index of words about the few seqs between the two.
//!
//! ```text
//!   granted 10 ──▶ Meta ──▶ echo 14 ──▶ settled 15          a word at 12 crossed it, one at 9 or 16 did not
//! ```

use baton_messenger::id::AppId;
use baton_protocol::PartId;
use serde::Deserialize;

use super::Result;
use super::as_json::flag;
use super::error::{of_json, parsed_some};
use super::message::Author;

/// The columns that tell of it, of a message `m` with its part `p`, or `q` where only the settlement names it: the first word
/// that is a message, and the first part of another desk that was told to have been sent. `?1` is the thread.
///
/// The end is the echo or the settlement, whichever is first; an end that nobody knows (rank 1) is none. What left unchecked
/// was granted by nobody.
pub(super) const COLUMNS: &str = "(
    SELECT json_array(w.seq, w.inbound, coalesce(a.agent, b.agent), coalesce(w.part, b.part), w.app) || ''
    FROM message w
    LEFT JOIN team_part a ON a.part = w.part
    LEFT JOIN team_part b ON w.part IS NULL AND b.mid = w.mid
    WHERE w.thread_id = ?1 AND w.word = 1 AND coalesce(p.unchecked, q.unchecked) = 0
      AND w.seq > coalesce(p.granted_seq, q.granted_seq)
      AND w.seq < min(
        coalesce(m.seq, 9223372036854775807),
        coalesce(iif(coalesce(p.settled_rank, q.settled_rank) > 1, coalesce(p.settled_seq, q.settled_seq), NULL), m.seq, 0))
      AND (w.inbound = 1 OR w.part IS NULL AND b.part IS NULL
        OR coalesce(a.desk, b.desk) <> coalesce(p.desk, q.desk)
          AND coalesce(a.granted_seq, b.granted_seq) > coalesce(p.granted_seq, q.granted_seq))
    ORDER BY w.seq LIMIT 1),
  (
    SELECT json_array(c.settled_seq, 0, c.agent, c.part, NULL) || ''
    FROM team_part c
    WHERE c.thread_id = ?1 AND c.settled_rank = 4 AND coalesce(p.unchecked, q.unchecked) = 0
      AND c.settled_seq > coalesce(p.granted_seq, q.granted_seq)
      AND c.settled_seq < min(
        coalesce(m.seq, 9223372036854775807),
        coalesce(iif(coalesce(p.settled_rank, q.settled_rank) > 1, coalesce(p.settled_seq, q.settled_seq), NULL), m.seq, 0))
      AND c.desk <> coalesce(p.desk, q.desk) AND c.granted_seq > coalesce(p.granted_seq, q.granted_seq)
    ORDER BY c.settled_seq LIMIT 1)";

/// A word as one of [`COLUMNS`] gives it.
#[derive(Deserialize)]
struct Word {
    seq: i64,
    #[serde(deserialize_with = "flag")]
    inbound: bool,
    agent: Option<String>,
    part: Option<String>,
    app: Option<String>,
}

/// Whose word was the first that crossed, of what [`COLUMNS`] gave.
pub(super) fn by(columns: [Option<&str>; 2], our_app: Option<&AppId>) -> Result<Option<Author>> {
    let words: Vec<Word> = columns.into_iter().flatten().map(of_json).collect::<Result<_>>()?;
    words.into_iter().min_by_key(|word| word.seq).map(|word| word.author(our_app)).transpose()
}

impl Word {
    fn author(self, our_app: Option<&AppId>) -> Result<Author> {
        if self.inbound {
            return Ok(Author::Customer);
        }
        let part: Option<PartId> = parsed_some(self.part.as_deref())?;
        Ok(Author::of_echo(parsed_some(self.agent.as_deref())?, part, self.app.map(AppId::from), our_app))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: &str = "01990000-0000-7000-8000-000000000001";
    const PART: &str = "01990000-0000-7000-8000-000000010001";

    #[test]
    fn the_first_of_both_is_told() {
        let customer = "[12,1,null,null,null]";
        let early = format!(r#"[11,0,"{AGENT}","{PART}",null]"#);
        let late = format!(r#"[13,0,"{AGENT}","{PART}",null]"#);
        assert_eq!(by([Some(customer), Some(&late)], None).unwrap(), Some(Author::Customer));
        let colleague = Author::Agent(AGENT.parse().unwrap());
        assert_eq!(by([Some(customer), Some(&early)], None).unwrap(), Some(colleague));
        assert_eq!(by([None, None], None).unwrap(), None);
    }
}
