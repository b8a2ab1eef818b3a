//! The bare SQL for what a window shows of a thread and of a list: prepared statements, every column read, nothing made of
//! it.

use std::time::Instant;

use baton_core::store::{ListKey, MessageKey, Sort, View};

use super::reading::{MESSAGES, Piece, ROWS};
use crate::sqlite::{Connection, Value};
use crate::stat::us;
use crate::world::{READER, agent};

const THREAD: &str = "t.thread_id, t.account, t.customer, a.platform, a.name,
  coalesce(c.hand_name, c.meta_name, c.audit_name), c.hand_name, t.preview_by, t.preview_agent, t.preview_app, t.preview,
  t.preview_kind, t.last_at_ms, t.unread, t.owner, t.last_opening_ms, t.assignee, t.assignee_seq, t.status, t.status_seq,
  t.inbound_seq, t.waiting_since_ms, t.needs_reply, t.urgent, t.word_seq, t.sort_ms,
  (SELECT d.text FROM draft d WHERE d.thread_id = t.thread_id)
  FROM thread t LEFT JOIN account a ON a.account = t.account
  LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer";
/// The parts of the outbox that stand beside each row of a list.
const OUTGOING: &str = "SELECT thread_id, state, count(*) FROM outbox_part
  WHERE thread_id = ? GROUP BY thread_id, state";
const MESSAGE: &str =
    "SELECT m.message_id, m.key, m.mid, m.at_ms, m.tie, m.kind, m.inbound, m.text, m.app, m.part, m.heard,
    m.rank, m.seq, m.receipt, m.unsent, m.found_late, m.reply_to, m.extra, p.agent, p.tag,
    (SELECT o.key FROM outbox_part o WHERE o.part = m.part)
  FROM message m LEFT JOIN team_part p ON p.part = m.part
  WHERE m.thread_id = ?1 AND (m.at_ms, m.tie, m.key) < (?2, ?3, ?4)
  ORDER BY m.at_ms DESC, m.tie DESC, m.key DESC LIMIT ?5";
/// What hangs on the messages of a page: they are those of the thread since its oldest.
const BESIDE: [&str; 4] = [
    "SELECT x.* FROM message m CROSS JOIN attachment x USING (message_id) WHERE m.thread_id = ?1 AND m.at_ms >= ?2
       AND m.at_ms <= ?3",
    "SELECT r.* FROM reaction r WHERE r.thread_id = ?1 AND r.emoji IS NOT NULL AND r.at_ms >= ?2 AND r.at_ms <= ?3",
    "SELECT e.* FROM message_edit e WHERE e.thread_id = ?1 AND e.at_ms >= ?2 AND e.at_ms <= ?3",
    "SELECT u.* FROM message m CROSS JOIN media_use u ON u.thread_id = m.thread_id AND u.key = m.key
       WHERE m.thread_id = ?1 AND m.at_ms >= ?2 AND m.at_ms <= ?3",
];
/// What happened in the same time.
const LINES: [&str; 3] = [
    "SELECT at_ms, rank, tie, act, after FROM owner_event
       WHERE thread_id = ?1 AND shown = 1 AND at_ms >= ?2 AND at_ms <= ?3 ORDER BY at_ms, rank, tie",
    "SELECT seq, at_ms, fact, body FROM team_event WHERE thread_id = ?1 AND at_ms >= ?2 AND at_ms <= ?3
       ORDER BY at_ms, seq",
    "SELECT * FROM note WHERE thread_id = ?1 AND at_ms >= ?2 AND at_ms <= ?3 ORDER BY at_ms",
];
const PARTS: &str = "SELECT o.*, r.* FROM outbox_part o JOIN reply r USING (reply) WHERE o.thread_id = ?1";
const UNREAD: &str = "SELECT at_ms, tie, key FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1
    AND seq > coalesce((SELECT r.read_seq FROM read_mark r JOIN thread t USING (account, customer)
                        WHERE t.thread_id = ?1), 0) ORDER BY seq LIMIT 1";

/// Microseconds that the same work takes.
pub(super) fn read(plain: &Connection, piece: &Piece) -> anyhow::Result<f64> {
    let begun = Instant::now();
    plain.statement("BEGIN")?.run(&[])?;
    match piece {
        Piece::Open(thread) => open(plain, *thread)?,
        Piece::Older(thread, place) => {
            messages(plain, *thread, Some(place))?;
        }
        Piece::Page(view, sort, after) => page(plain, *view, *sort, *after)?,
    }
    plain.statement("COMMIT")?.run(&[])?;
    Ok(us(begun.elapsed()))
}

fn open(plain: &Connection, thread: i64) -> anyhow::Result<()> {
    let of_thread = [Value::from(thread)];
    plain.rows(&format!("SELECT {THREAD} WHERE t.thread_id = ?"), &of_thread)?;
    plain.rows(OUTGOING, &of_thread)?;
    plain.rows("SELECT * FROM account", &[])?;
    plain.rows("SELECT * FROM agent", &[])?;
    let from = messages(plain, thread, None)?;
    for lines in LINES {
        plain.rows(lines, &[Value::from(thread), Value::from(from), Value::from(i64::MAX)])?;
    }
    plain.rows(PARTS, &of_thread)?;
    plain.rows(UNREAD, &of_thread)?;
    Ok(())
}

/// Reads a page of messages with what hangs on them; returns when the oldest was said.
fn messages(plain: &Connection, thread: i64, before: Option<&MessageKey>) -> anyhow::Result<i64> {
    let (at_ms, tie, key) =
        before.map_or((i64::MAX, i64::MAX, ""), |place| (place.at_ms, place.tie, place.key.as_str()));
    let values =
        [Value::from(thread), Value::from(at_ms), Value::from(tie), Value::from(key), Value::from(MESSAGES)];
    let read = plain.rows(MESSAGE, &values)?;
    let from = match read.last().and_then(|row| row.get(3)) {
        Some(Value::Integer(from)) => *from,
        _ => at_ms,
    };
    for beside in BESIDE {
        plain.rows(beside, &[Value::from(thread), Value::from(from), Value::from(at_ms)])?;
    }
    Ok(if read.len() < MESSAGES as usize { 0 } else { from })
}

fn page(plain: &Connection, view: View, sort: Sort, after: ListKey) -> anyhow::Result<()> {
    let (sql, assignee) = page_sql(view, sort);
    let values = [
        Value::from(assignee),
        Value::from(after.sort_ms),
        Value::from(after.thread.0),
        Value::from(ROWS + 1),
    ];
    for row in plain.rows(&sql, &values)? {
        plain.rows(OUTGOING, &row[..1])?;
    }
    Ok(())
}

/// The statement for a page: 1 an agent, 2 and 3 where it begins, 4 how many rows.
fn page_sql(view: View, sort: Sort) -> (String, Option<String>) {
    const BY_WAIT: (&str, &str) = ("(t.sort_ms, t.thread_id) > (?2, ?3)", "t.sort_ms, t.thread_id");
    const NEWEST: (&str, &str) =
        ("(t.last_at_ms, t.thread_id) < (?2, ?3)", "t.last_at_ms DESC, t.thread_id DESC");
    let sorted = match sort {
        Sort::NeedsReply => BY_WAIT,
        Sort::Newest => NEWEST,
    };
    let (which, (place, order)) = match view {
        View::Mine(_) => ("t.active = 1 AND t.assignee = ?1", sorted),
        View::Unassigned => ("t.active = 1 AND t.assignee IS NULL AND ?1 IS NULL", sorted),
        View::All => ("t.active = 1 AND ?1 IS NULL", sorted),
        View::Done => ("t.active = 0 AND ?1 IS NULL", sorted),
        View::Blocked => ("t.active = 2 AND ?1 IS NULL", sorted),
        // Between those who can get a reply and those who need none.
        View::TooLate => ("t.active = 1 AND t.sort_ms < 8000000000000000 AND ?1 IS NULL", BY_WAIT),
        View::EndingSoon => {
            ("t.ending = 1 AND ?1 IS NULL", ("(t.ends_ms, t.thread_id) > (?2, ?3)", "t.ends_ms, t.thread_id"))
        }
        View::Snoozed => (
            "t.active = 3 AND ?1 IS NULL",
            ("(t.asleep_until_ms, t.thread_id) > (?2, ?3)", "t.asleep_until_ms, t.thread_id"),
        ),
        View::Mentions => {
            let sql = format!(
                "SELECT {THREAD} JOIN mention n ON n.thread_id = t.thread_id
                 WHERE n.agent = ?1 AND n.listed = 1 AND (n.at_ms, n.thread_id) < (?2, ?3)
                 ORDER BY n.at_ms DESC, n.thread_id DESC LIMIT ?4"
            );
            return (sql, Some(agent(READER).to_string()));
        }
    };
    let assignee = match view {
        View::Mine(agent) => Some(agent.to_string()),
        _ => None,
    };
    (format!("SELECT {THREAD} WHERE {which} AND {place} ORDER BY {order} LIMIT ?4"), assignee)
}
