//! The bare SQL for what the window is given of a thread and of a list: prepared statements, every column read, nothing made
//! of it. Each answer asks for the very rows that the product's answer is made of, in as few plain statements as they need.

use std::time::Instant;

use baton_core::store::{ListKey, MessageKey, Sort, View};

use super::reading::{List, MESSAGES, Piece, ROWS};
use crate::sqlite::{Connection, Value};
use crate::stat::us;
use crate::world::{PAGE, READER, agent, label};

/// A row of a list, as the head of a thread has it too.
const COLUMNS: &str = "t.thread_id, t.account, t.customer, a.platform, a.name,
  coalesce(c.hand_name, c.meta_name, c.audit_name), c.hand_name, c.meta_name, c.blocked, c.spam, t.preview_by,
  t.preview_agent, t.preview_app, t.preview, t.preview_kind, t.last_at_ms, t.unread, t.owner, t.last_opening_ms, t.assignee,
  t.assignee_seq, t.status, t.status_seq, t.inbound_seq, t.waiting_since_ms, t.needs_reply, t.urgent, t.word_seq, t.sort_ms,
  t.asleep_until_ms, t.ends_ms, t.reopened, t.seen_ms, t.delivered_ms, d.text, d.reason, o.at_ms, o.seq, o.open,
  (SELECT group_concat(y.label) FROM thread_label y WHERE y.thread_id = t.thread_id AND y.is_on = 1),
  (SELECT w.agent FROM reply_pending w WHERE w.thread_id = t.thread_id AND w.parts > 0 ORDER BY w.desk LIMIT 1)";
const JOINS: &str = "LEFT JOIN account a ON a.account = t.account
  LEFT JOIN customer c ON c.account = t.account AND c.customer = t.customer
  LEFT JOIN draft d ON d.thread_id = t.thread_id
  LEFT JOIN mention o ON o.agent = (SELECT e.agent FROM enrolment e) AND o.thread_id = t.thread_id";
/// The parts of the outbox that stand beside each row of a list.
const OUTGOING: &str = "SELECT thread_id, state, count(*) FROM outbox_part
  WHERE thread_id = ? GROUP BY thread_id, state";
/// What all rows and lines of an answer need: who is called how, what is known of accounts, and what waits for the relay.
const AROUND: [&str; 6] = [
    "SELECT * FROM account",
    "SELECT * FROM agent",
    "SELECT * FROM label",
    "SELECT * FROM app",
    "SELECT * FROM app_role",
    "SELECT * FROM command_queue",
];
const MESSAGE: &str =
    "SELECT m.message_id, m.key, m.mid, m.at_ms, m.tie, m.kind, m.inbound, m.text, m.app, m.part, m.heard,
    m.rank, m.seq, m.receipt, m.unsent, m.found_late, m.reply_to, m.extra, p.agent, p.reply, p.tag, p.unchecked,
    (SELECT o.key FROM outbox_part o WHERE o.part = m.part)
  FROM message m LEFT JOIN team_part p ON p.part = m.part
  WHERE m.thread_id = ?1 AND (m.at_ms, m.tie, m.key) < (?2, ?3, ?4)
  ORDER BY m.at_ms DESC, m.tie DESC, m.key DESC LIMIT ?5";
/// Up to where the customer has seen what was said.
const SEEN: &str = "SELECT max(at_ms) FROM message WHERE thread_id = ?1 AND receipt = 2";
/// What hangs on the messages of a page: they are those of the thread since its oldest.
const BESIDE: [&str; 4] = [
    "SELECT x.* FROM message m CROSS JOIN attachment x USING (message_id) WHERE m.thread_id = ?1 AND m.at_ms >= ?2
       AND m.at_ms <= ?3",
    "SELECT r.* FROM reaction r WHERE r.thread_id = ?1 AND r.emoji IS NOT NULL AND r.at_ms >= ?2 AND r.at_ms <= ?3",
    "SELECT e.* FROM message_edit e WHERE e.thread_id = ?1 AND e.at_ms >= ?2 AND e.at_ms <= ?3",
    "SELECT u.*, f.* FROM message m CROSS JOIN media_use u ON u.thread_id = m.thread_id AND u.key = m.key
       LEFT JOIN media f ON f.media = u.media
       WHERE m.thread_id = ?1 AND m.at_ms >= ?2 AND m.at_ms <= ?3",
];
/// What happened in the same time.
const LINES: [&str; 4] = [
    "SELECT at_ms, rank, tie, act, after FROM owner_event
       WHERE thread_id = ?1 AND shown = 1 AND at_ms >= ?2 AND at_ms <= ?3 ORDER BY at_ms, rank, tie",
    "SELECT seq, at_ms, fact, body FROM team_event WHERE thread_id = ?1 AND at_ms >= ?2 AND at_ms <= ?3
       ORDER BY at_ms, seq",
    "SELECT * FROM note WHERE thread_id = ?1 AND at_ms >= ?2 AND at_ms <= ?3 ORDER BY at_ms",
    "SELECT * FROM withheld WHERE thread_id = ?1 AND at_ms >= ?2 AND at_ms <= ?3",
];
/// What stands in a thread beside its messages and lines: what this desk and others have on their way there, with files and
/// frames, and what this agent may do.
const SCENE: [&str; 6] = [
    "SELECT o.*, r.* FROM outbox_part o JOIN reply r USING (reply) WHERE o.thread_id = ?1",
    "SELECT u.*, f.* FROM own_file_use u JOIN own_file f ON f.file = u.file WHERE u.thread_id = ?1",
    "SELECT * FROM reply_frame WHERE thread_id = ?1",
    "SELECT * FROM draft_frame WHERE thread_id = ?1",
    "SELECT * FROM team_part WHERE thread_id = ?1 AND (settled_rank IS NULL OR settled_rank <= 1) ORDER BY granted_seq",
    "SELECT p.* FROM (SELECT * FROM team_part WHERE thread_id = ?1 AND settled_rank = 4 ORDER BY settled_seq DESC LIMIT 50) p
       WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.thread_id = p.thread_id AND m.key = p.mid)",
];
const ROLE: &str = "SELECT role FROM agent_role WHERE agent = ?1 AND account = ?2";
/// What the composer follows from, and what is told above it.
const COMPOSER: [&str; 4] = [
    "SELECT * FROM note_draft WHERE thread_id = ?1",
    "SELECT * FROM handed_draft WHERE thread_id = ?1 ORDER BY seq DESC LIMIT 1",
    "SELECT * FROM audited WHERE thread_id = ?1",
    "SELECT EXISTS (SELECT 1 FROM message WHERE thread_id = ?1 AND person = 1)",
];
/// The same of its account.
const RIGHTS: [&str; 2] = [
    "SELECT rules FROM queue_set WHERE account = ?1 ORDER BY seq DESC LIMIT 1",
    "SELECT thread_id, desk, granted_ms, settlement FROM team_part WHERE account = ?1 AND tag IS NOT NULL
       ORDER BY granted_seq DESC LIMIT 50",
];
/// Who held it of late.
const HELD: &str = "SELECT at_ms, rank, tie, act, after FROM owner_event WHERE thread_id = ?1 AND shown = 1
  ORDER BY at_ms DESC, rank DESC, tie DESC LIMIT 11";
const UNREAD: &str = "SELECT at_ms, tie, key FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1
    AND seq > coalesce((SELECT r.read_seq FROM read_mark r JOIN thread t USING (account, customer)
                        WHERE t.thread_id = ?1), 0) ORDER BY seq LIMIT 1";
/// How many threads each view holds.
const COUNTS: &str = "SELECT * FROM list_count";
const COUNTS_OF_LABEL: &str = "SELECT * FROM label_count WHERE label = ?";
const MENTIONS: &str = "SELECT * FROM mention_count WHERE agent = ?";

/// Microseconds that the same work takes.
pub(super) fn read(plain: &Connection, piece: &Piece) -> anyhow::Result<f64> {
    let begun = Instant::now();
    plain.statement("BEGIN")?.run(&[])?;
    match piece {
        Piece::Open(thread) => open(plain, *thread)?,
        Piece::Older(thread, place) => older(plain, *thread, place)?,
        Piece::Page(list, after) => page(plain, *list, *after)?,
    }
    plain.statement("COMMIT")?.run(&[])?;
    Ok(us(begun.elapsed()))
}

fn open(plain: &Connection, thread: i64) -> anyhow::Result<()> {
    let of_thread = [Value::from(thread)];
    scene(plain, thread)?;
    for statement in COMPOSER {
        plain.rows(statement, &of_thread)?;
    }
    for statement in RIGHTS {
        plain.rows(statement, &[Value::from(PAGE)])?;
    }
    let from = messages(plain, thread, None)?;
    lines(plain, thread, from, i64::MAX)?;
    plain.rows(HELD, &of_thread)?;
    plain.rows(UNREAD, &of_thread)?;
    Ok(())
}

fn older(plain: &Connection, thread: i64, place: &MessageKey) -> anyhow::Result<()> {
    scene(plain, thread)?;
    let from = messages(plain, thread, Some(place))?;
    lines(plain, thread, from, place.at_ms)
}

/// The head of the thread, with what its items need besides.
fn scene(plain: &Connection, thread: i64) -> anyhow::Result<()> {
    let of_thread = [Value::from(thread)];
    plain.rows(&format!("SELECT {COLUMNS} FROM thread t {JOINS} WHERE t.thread_id = ?"), &of_thread)?;
    plain.rows(OUTGOING, &of_thread)?;
    for statement in AROUND {
        plain.rows(statement, &[])?;
    }
    for statement in SCENE {
        plain.rows(statement, &of_thread)?;
    }
    plain.rows(ROLE, &[Value::Text(agent(READER).to_string()), Value::from(PAGE)])?;
    Ok(())
}

fn lines(plain: &Connection, thread: i64, from: i64, to: i64) -> anyhow::Result<()> {
    for lines in LINES {
        plain.rows(lines, &[Value::from(thread), Value::from(from), Value::from(to)])?;
    }
    Ok(())
}

/// Reads a page of messages with what hangs on them; returns when the oldest was said.
fn messages(plain: &Connection, thread: i64, before: Option<&MessageKey>) -> anyhow::Result<i64> {
    let (at_ms, tie, key) =
        before.map_or((i64::MAX, i64::MAX, ""), |place| (place.at_ms, place.tie, place.key.as_str()));
    let values =
        [Value::from(thread), Value::from(at_ms), Value::from(tie), Value::from(key), Value::from(MESSAGES)];
    let read = plain.rows(MESSAGE, &values)?;
    plain.rows(SEEN, &[Value::from(thread)])?;
    let from = match read.last().and_then(|row| row.get(3)) {
        Some(Value::Integer(from)) => *from,
        _ => at_ms,
    };
    for beside in BESIDE {
        plain.rows(beside, &[Value::from(thread), Value::from(from), Value::from(at_ms)])?;
    }
    Ok(if read.len() < MESSAGES as usize { 0 } else { from })
}

fn page(plain: &Connection, list: List, after: ListKey) -> anyhow::Result<()> {
    let (sql, assignee) = page_sql(list);
    let values = [
        Value::from(assignee),
        Value::from(after.sort_ms),
        Value::from(after.thread.0),
        Value::from(ROWS + 1),
    ];
    for row in plain.rows(&sql, &values)? {
        plain.rows(OUTGOING, &row[..1])?;
    }
    plain.rows(COUNTS, &[])?;
    plain.rows(MENTIONS, &[Value::Text(agent(READER).to_string())])?;
    if list.filter().label.is_some() {
        plain.rows(COUNTS_OF_LABEL, &[Value::Text(label().to_string())])?;
    }
    for statement in AROUND {
        plain.rows(statement, &[])?;
    }
    Ok(())
}

/// The statement for a page: 1 an agent, 2 and 3 where it begins, 4 how many rows.
fn page_sql(list: List) -> (String, Option<String>) {
    let List { view, sort, .. } = list;
    let (row, from) = match (view, list.filter().label) {
        (View::Mentions, _) => ("l", "mention l CROSS JOIN thread t ON t.thread_id = l.thread_id"),
        (_, Some(_)) => ("x", "thread_label x CROSS JOIN thread t ON t.thread_id = x.thread_id"),
        _ => ("t", "thread t"),
    };
    // There is one account, and so one channel: a plain program asks for the account.
    let of_account = if list.is_whole() { String::new() } else { format!(" AND {row}.account = '{PAGE}'") };
    let of_label = match list.filter().label {
        Some(label) => format!(" AND x.label = '{label}' AND x.is_on = 1"),
        None => String::new(),
    };
    let (place, compared, way) = match (view, sort) {
        (View::Mentions, _) => ("at_ms", "<", " DESC"),
        (View::EndingSoon, _) => ("ends_ms", ">", ""),
        (View::Snoozed, _) => ("asleep_until_ms", ">", ""),
        (View::TooLate, _) | (_, Sort::NeedsReply) => ("sort_ms", ">", ""),
        (_, Sort::Newest) => ("last_at_ms", "<", " DESC"),
    };
    let (which, assignee) = match view {
        View::Mine(agent) => (format!("{row}.active = 1 AND {row}.assignee = ?1"), Some(agent)),
        View::Unassigned => (format!("{row}.active = 1 AND {row}.assignee IS NULL AND ?1 IS NULL"), None),
        View::All => (format!("{row}.active = 1 AND ?1 IS NULL"), None),
        View::Done => (format!("{row}.active = 0 AND ?1 IS NULL"), None),
        View::Blocked => (format!("{row}.active = 2 AND ?1 IS NULL"), None),
        // Between those who can get a reply and those who need none.
        View::TooLate => {
            (format!("{row}.active = 1 AND {row}.sort_ms < 8000000000000000 AND ?1 IS NULL"), None)
        }
        View::EndingSoon => ("t.ending = 1 AND t.ends_ms IS NOT NULL AND ?1 IS NULL".to_owned(), None),
        View::Snoozed => ("t.active = 3 AND ?1 IS NULL".to_owned(), None),
        View::Mentions => ("l.agent = ?1 AND l.listed = 1".to_owned(), Some(agent(READER))),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM {from} {JOINS}
         WHERE {which}{of_account}{of_label} AND ({row}.{place}, {row}.thread_id) {compared} (?2, ?3)
         ORDER BY {row}.{place}{way}, {row}.thread_id{way} LIMIT ?4"
    );
    (sql, assignee.map(|agent| agent.to_string()))
}
