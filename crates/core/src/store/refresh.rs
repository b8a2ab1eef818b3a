//! The part of a thread's row that follows from its messages, its evidence and the team's facts, computed anew whenever
//! one of them changed. Every figure is one look into an index, so that it costs the same in a long thread, and the
//! result is a function of what is stored, whatever came first. Time has a part in it only where a sleep ended, see
//! [`super::sleep`], where a window shut, see [`super::shut`], and where something ends soon, see [`super::ending`].

use std::collections::HashMap;

use baton_protocol::account::{HumanAgentRight, RoutingMode};
use baton_protocol::team::Status;
use baton_thread::team::{effective_status, is_reopened};
use baton_thread::waiting::{BY_ITSELF_MS, counts_unnamed};
use baton_thread::{AccountFacts, OwnerState, WaitingFacts, needs_reply, waiting};

use super::ending::Ends;
use super::error::{of_json, to_json};
use super::last_said::{
    Newest, NewestReaction, last, newest_reactions, nothing_said, preview_agent, preview_app,
};
use super::read_mark::is_unread;
use super::shut::BELOW_MS;
use super::{Conn, Result, ThreadId, ending, team_part};

/// Unread is counted up to here.
const MOST_UNREAD: i64 = 100;

/// Of what the customer wrote since a status was set, so many words are looked through for the first by Meta's time: what
/// comes late, in a page of history, is among them.
const FIRST_WORDS: i64 = 20;

/// So many threads are computed with one look and written with one statement.
const AT_ONCE: usize = 200;

/// What a thread's row follows from.
#[derive(sqlx::FromRow)]
struct Figures {
    thread_id: i64,
    last_opening_ms: Option<i64>,
    last_person_ms: Option<i64>,
    /// The customer's first words after `last_person_ms`.
    first_unanswered_ms: Option<i64>,
    inbound_seq: Option<i64>,
    word_seq: i64,
    status: String,
    /// When the customer first wrote since that was set; none while it is open or nobody did.
    wrote_ms: Option<i64>,
    /// When they first reacted since, where a reaction opened threads of the account then.
    reacted_ms: Option<i64>,
    asleep_until_ms: Option<i64>,
    woke: bool,
    urgent: bool,
    /// The customer is kept away.
    is_blocked: bool,
    /// At the last look no window was open that `opened_before_ms` opened.
    shut: bool,
    opened_before_ms: Option<i64>,
    /// The account may send late replies.
    may_be_late: bool,
    /// When the desk last looked for what ends soon.
    looked_ms: i64,
    /// The newest part that was sent has no message here.
    is_unheard: bool,
    /// The customer reacted to something.
    is_reacted: bool,
    #[sqlx(flatten)]
    newest: Newest,
}

/// Computes one row anew. `owner` is who holds the thread after the last evidence.
pub(super) async fn thread(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    owner: OwnerState,
) -> Result<()> {
    threads(conn, facts, &[(thread, owner)]).await
}

/// Computes rows anew. Each comes with who holds the thread after the last evidence.
pub(super) async fn threads(
    conn: &mut Conn,
    facts: &AccountFacts,
    touched: &[(ThreadId, OwnerState)],
) -> Result<()> {
    for some in touched.chunks(AT_ONCE) {
        let ids: Vec<i64> = some.iter().map(|(thread, _)| thread.0).collect();
        let owners: HashMap<i64, &OwnerState> =
            some.iter().map(|(thread, owner)| (thread.0, owner)).collect();
        let mut answered = Vec::with_capacity(some.len());
        for figures in figures(conn, &ids).await? {
            let thread = ThreadId(figures.thread_id);
            let unheard_ms =
                if figures.is_unheard { team_part::answered_unheard_ms(conn, thread).await? } else { None };
            let last_person_ms =
                figures.last_person_ms.max(unheard_ms).max(counting_app_ms(conn, thread, facts).await?);
            let last_person_ms = last_person_ms.max(unnamed_ms(conn, thread, facts, last_person_ms).await?);
            answered.push((figures, last_person_ms));
        }
        let unanswered = first_unanswered(conn, &answered).await?;
        let reacted: Vec<i64> = answered
            .iter()
            .filter(|(figures, _)| figures.is_reacted)
            .map(|(figures, _)| figures.thread_id)
            .collect();
        let mut reactions = newest_reactions(conn, &reacted).await?;
        let mut rows = Vec::with_capacity(answered.len());
        for (figures, last_person_ms) in answered {
            let Some(owner) = owners.get(&figures.thread_id) else { continue };
            let first_unanswered_ms = if last_person_ms == figures.last_person_ms {
                figures.first_unanswered_ms
            } else {
                unanswered.get(&figures.thread_id).copied()
            };
            let waits = Waits { first_unanswered_ms, last_person_ms };
            let reaction = reactions.remove(&figures.thread_id);
            rows.push(row(conn, facts, figures, waits, reaction, owner).await?);
        }
        write(conn, &rows).await?;
    }
    Ok(())
}

/// In which lists a thread stands: what its column `active` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// Done.
    Done = 0,
    /// Somebody's business, or nobody's yet.
    Active = 1,
    /// Its customer is kept away.
    Blocked = 2,
    /// Put to sleep, until its time comes or the customer writes.
    Asleep = 3,
}

impl Shelf {
    fn of(status: &Status, is_blocked: bool) -> Self {
        match status {
            _ if is_blocked => Self::Blocked,
            Status::Done => Self::Done,
            Status::Snoozed { .. } => Self::Asleep,
            Status::Open | Status::WaitingOnCustomer => Self::Active,
        }
    }
}

struct Waits {
    first_unanswered_ms: Option<i64>,
    last_person_ms: Option<i64>,
}

/// The values of one row, in the order in which [`write`] takes them.
async fn row(
    conn: &mut Conn,
    facts: &AccountFacts,
    figures: Figures,
    waits: Waits,
    reaction: Option<NewestReaction>,
    owner: &OwnerState,
) -> Result<serde_json::Value> {
    let thread = ThreadId(figures.thread_id);
    let Waits { first_unanswered_ms, last_person_ms } = waits;
    let inbound_seq = figures.inbound_seq.unwrap_or(0);
    let status: Status = of_json(&figures.status)?;
    let came_ms = figures.wrote_ms.into_iter().chain(figures.reacted_ms).min();
    let reopened = is_reopened(came_ms, owner);
    let status = effective_status(&status, reopened, None);
    let asleep_until_ms = match status {
        Status::Snoozed { until_ms } => Some(until_ms),
        _ => None,
    };
    // Time woke it, see `sleep`; another sleep begins asleep.
    let woke = figures.woke && asleep_until_ms.is_some() && asleep_until_ms == figures.asleep_until_ms;
    let status = if woke { Status::Open } else { status };
    let owner_json = to_json(owner)?;
    let since_ms = waiting(&WaitingFacts { first_unanswered_ms, last_person_ms, owner: owner.clone() });
    let shelf = Shelf::of(&status, figures.is_blocked);
    let since_ms = since_ms.filter(|_| matches!(shelf, Shelf::Active | Shelf::Asleep));
    let our_app = facts.our_app.as_ref();
    let (last_at_ms, preview) = match last(conn, our_app, figures.newest, reaction).await? {
        Some(last) => last,
        None => nothing_said(conn, thread).await?,
    };
    let needs_reply = needs_reply(since_ms, &status);
    // Time shut it, see `shut`; another act of the customer opens it.
    let shut = figures.shut && figures.opened_before_ms == figures.last_opening_ms;
    let ends = if needs_reply {
        Ends::of(figures.last_opening_ms, figures.may_be_late, owner, figures.looked_ms)
    } else {
        Ends::default()
    };
    Ok(serde_json::json!([
        thread.0,
        last_at_ms,
        preview.by.name(),
        preview_agent(&preview),
        preview_app(&preview),
        preview.text,
        preview.kind.to_string(),
        figures.last_opening_ms,
        first_unanswered_ms,
        last_person_ms,
        inbound_seq,
        figures.word_seq,
        owner_json,
        shelf as i64,
        since_ms,
        needs_reply,
        sort_ms(Turn { needs_reply, shut, urgent: figures.urgent }, since_ms, last_at_ms),
        asleep_until_ms,
        woke,
        shut,
        reopened,
        ends.next_ms,
        ends.passed_ms,
        ends.is_soon,
    ]))
}

async fn write(conn: &mut Conn, rows: &[serde_json::Value]) -> Result<()> {
    let rows_json = to_json(&rows)?;
    sqlx::query(concat!(
        "UPDATE thread SET last_at_ms = j.value ->> 1, preview_by = j.value ->> 2, preview_agent = j.value ->> 3,
           preview_app = j.value ->> 4, preview = j.value ->> 5, preview_kind = j.value ->> 6,
           last_opening_ms = j.value ->> 7, first_unanswered_ms = j.value ->> 8, last_person_ms = j.value ->> 9,
           inbound_seq = j.value ->> 10, word_seq = j.value ->> 11, owner = j.value ->> 12, active = j.value ->> 13,
           waiting_since_ms = j.value ->> 14, needs_reply = j.value ->> 15, sort_ms = j.value ->> 16,
           asleep_until_ms = j.value ->> 17, woke = j.value ->> 18, shut = j.value ->> 19,
           reopened = j.value ->> 20, ends_ms = j.value ->> 21, ended_ms = j.value ->> 22, ending = j.value ->> 23,
           unread = (SELECT count(*) FROM (
             SELECT 1 FROM message m WHERE m.thread_id = thread.thread_id AND ",
        is_unread!(
            "thread.account",
            "coalesce((SELECT r.read_seq FROM read_mark r
               WHERE r.account = thread.account AND r.customer = thread.customer), 0)"
        ),
        "    LIMIT ?2))
         FROM json_each(?1) j WHERE thread.thread_id = j.value ->> 0"
    ))
    .bind(rows_json)
    .bind(MOST_UNREAD)
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts anew what this desk's agent has not read.
pub(super) async fn unread(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    let read_seq = super::read_mark::of_thread(conn, thread).await?;
    let read_seq = super::seq_in(read_seq);
    sqlx::query(concat!(
        "UPDATE thread SET unread = (SELECT count(*) FROM (
           SELECT 1 FROM message m WHERE m.thread_id = ?1 AND ",
        is_unread!("thread.account", "?2"),
        "  LIMIT ?3))
         WHERE thread_id = ?1"
    ))
    .bind(thread.0)
    .bind(read_seq)
    .bind(MOST_UNREAD)
    .execute(conn)
    .await?;
    Ok(())
}

/// What decides on a thread's place.
#[derive(Clone, Copy)]
struct Turn {
    needs_reply: bool,
    shut: bool,
    urgent: bool,
}

/// Ascending: who needs a reply and can get one, the urgent before the others, longest wait first; then who needs one and can
/// get none any more, longest wait first; then the rest, newest activity first.
fn sort_ms(turn: Turn, since_ms: Option<i64>, last_at_ms: i64) -> i64 {
    const AFTER_ALL_WAITS: i64 = 9_000_000_000_000_000;
    match since_ms.filter(|_| turn.needs_reply) {
        Some(since_ms) if turn.shut => BELOW_MS + since_ms,
        Some(since_ms) if turn.urgent => since_ms - BELOW_MS,
        Some(since_ms) => since_ms,
        None => AFTER_ALL_WAITS - last_at_ms,
    }
}

async fn figures(conn: &mut Conn, threads: &[i64]) -> Result<Vec<Figures>> {
    let figures = sqlx::query_as(
        "SELECT t.thread_id,
           nullif(max(coalesce((SELECT max(at_ms) FROM message WHERE thread_id = t.thread_id AND opens = 1), 0),
                      coalesce(t.acted_ms, 0)), 0) AS last_opening_ms,
           (SELECT max(at_ms) FROM message WHERE thread_id = t.thread_id AND person = 1) AS last_person_ms,
           (SELECT min(at_ms) FROM message WHERE thread_id = t.thread_id AND inbound = 1 AND word = 1
              AND at_ms > coalesce((SELECT max(at_ms) FROM message WHERE thread_id = t.thread_id AND person = 1),
                                   -9223372036854775808)) AS first_unanswered_ms,
           (SELECT max(seq) FROM message WHERE thread_id = t.thread_id AND inbound = 1 AND word = 1) AS inbound_seq,
           max(coalesce((SELECT max(seq) FROM message WHERE thread_id = t.thread_id AND word = 1), 0),
               coalesce((SELECT max(settled_seq) FROM team_part WHERE thread_id = t.thread_id AND settled_rank = 4), 0))
             AS word_seq,
           coalesce((SELECT NOT EXISTS (SELECT 1 FROM message e WHERE e.thread_id = t.thread_id AND e.key = p.mid)
                     FROM team_part p WHERE p.thread_id = t.thread_id AND p.settled_rank = 4
                     ORDER BY p.settled_seq DESC LIMIT 1), 0) AS is_unheard,
           EXISTS (SELECT 1 FROM reaction WHERE thread_id = t.thread_id AND emoji IS NOT NULL) AS is_reacted,
           t.status,
           CASE WHEN t.status ->> '$.status' <> 'open' THEN
             (SELECT min(w.at_ms) FROM (SELECT at_ms FROM message WHERE thread_id = t.thread_id AND inbound = 1 AND word = 1
                AND seq > t.status_seq ORDER BY seq LIMIT ?2) w) END AS wrote_ms,
           CASE WHEN t.status ->> '$.status' <> 'open' THEN
             (SELECT min(r.on_ms) FROM reaction r
              WHERE r.thread_id = t.thread_id AND r.actor = t.customer AND r.on_seq > t.status_seq
                AND (SELECT q.rules ->> '$.reaction_reopens' FROM queue_set q
                     WHERE q.account = t.account AND q.seq < r.on_seq ORDER BY q.seq DESC LIMIT 1) = 1)
             END AS reacted_ms,
           coalesce((SELECT a.human_agent = ?3 FROM account a WHERE a.account = t.account), 0) AS may_be_late,
           coalesce((SELECT CAST(s.value AS INTEGER) FROM setting s WHERE s.name = ?4), 0) AS looked_ms,
           t.asleep_until_ms, t.woke, t.shut, t.urgent,
           coalesce((SELECT c.blocked FROM customer c WHERE c.account = t.account AND c.customer = t.customer), 0)
             AS is_blocked,
           t.last_opening_ms AS opened_before_ms,
           m.message_id, coalesce(m.at_ms, 0) AS at_ms, coalesce(m.kind, '') AS kind,
           coalesce(m.inbound, 0) AS inbound, coalesce(m.unsent, 0) AS unsent, m.app, m.part, m.extra,
           coalesce((SELECT e.text FROM message_edit e WHERE e.thread_id = t.thread_id AND e.mid = m.mid
                     ORDER BY e.num DESC LIMIT 1), m.text) AS text,
           coalesce((SELECT p.agent FROM team_part p WHERE p.part = m.part),
                    (SELECT p.agent FROM team_part p WHERE p.mid = m.mid AND m.part IS NULL
                     ORDER BY p.part LIMIT 1)) AS agent,
           (SELECT count(*) FROM attachment x WHERE x.message_id = m.message_id) AS attachments
         FROM json_each(?1) j CROSS JOIN thread t ON t.thread_id = j.value
         LEFT JOIN message m ON m.message_id = (
           SELECT n.message_id FROM message n WHERE n.thread_id = t.thread_id AND n.kind <> 'notice'
           ORDER BY n.at_ms DESC, n.tie DESC, n.key DESC LIMIT 1)",
    );
    let figures = figures
        .bind(to_json(&threads)?)
        .bind(FIRST_WORDS)
        .bind(HumanAgentRight::Approved.to_string())
        .bind(ending::LOOKED);
    Ok(figures.fetch_all(conn).await?)
}

/// On an unmanaged account, when an app last answered whose answers count.
async fn counting_app_ms(conn: &mut Conn, thread: ThreadId, facts: &AccountFacts) -> Result<Option<i64>> {
    if facts.routing != RoutingMode::Off {
        return Ok(None);
    }
    let counting: Vec<&str> =
        facts.apps.iter().filter(|(_, app)| app.answers_count).map(|(id, _)| id.as_str()).collect();
    if counting.is_empty() {
        return Ok(None);
    }
    let at_ms = sqlx::query_scalar(
        "SELECT max(at_ms) FROM message
         WHERE thread_id = ?1 AND inbound = 0 AND app IN (SELECT value FROM json_each(?2))",
    );
    Ok(at_ms.bind(thread.0).bind(to_json(&counting)?).fetch_one(conn).await?)
}

/// When somebody last answered of whom nothing tells who it was, after a person last did; none where that does not count as a
/// person's answer, see [`counts_unnamed`].
async fn unnamed_ms(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    last_person_ms: Option<i64>,
) -> Result<Option<i64>> {
    if !counts_unnamed(facts) {
        return Ok(None);
    }
    let at_ms = sqlx::query_scalar(
        "SELECT m.at_ms FROM message m
         WHERE m.thread_id = ?1 AND m.at_ms > ?2 AND m.inbound = 0 AND m.kind = 'message' AND m.app IS NULL
           AND NOT EXISTS (
             SELECT 1 FROM message w WHERE w.thread_id = m.thread_id AND w.inbound = 1 AND w.word = 1
               AND w.at_ms > m.at_ms - ?3 AND w.at_ms <= m.at_ms)
         ORDER BY m.at_ms DESC LIMIT 1",
    );
    let at_ms = at_ms.bind(thread.0).bind(last_person_ms.unwrap_or(i64::MIN)).bind(BY_ITSELF_MS);
    Ok(at_ms.fetch_optional(conn).await?)
}

/// The first words of the customer after a person last answered, by thread; of those threads alone where more counts as a
/// person's answer than what stands among the messages.
async fn first_unanswered(conn: &mut Conn, answered: &[(Figures, Option<i64>)]) -> Result<HashMap<i64, i64>> {
    let asked: Vec<(i64, i64)> = answered
        .iter()
        .filter(|(figures, last_person_ms)| *last_person_ms != figures.last_person_ms)
        .map(|(figures, last_person_ms)| (figures.thread_id, last_person_ms.unwrap_or(i64::MIN)))
        .collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(i64, Option<i64>)> = sqlx::query_as(
        "SELECT j.value ->> 0, (SELECT min(at_ms) FROM message
           WHERE thread_id = j.value ->> 0 AND inbound = 1 AND word = 1 AND at_ms > j.value ->> 1)
         FROM json_each(?) j",
    )
    .bind(to_json(&asked)?)
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().filter_map(|(thread, at_ms)| Some((thread, at_ms?))).collect())
}
