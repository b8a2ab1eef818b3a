//! The part of a thread's row that follows from its messages, its evidence and the team's facts, computed anew whenever
//! one of them changed. Every figure is one look into an index, so that it costs the same in a long thread, and the
//! result is a function of what is stored, whatever came first. Time has a part in it only where a sleep ended, see
//! [`super::sleep`].

use baton_messenger::id::AppId;
use baton_protocol::account::RoutingMode;
use baton_protocol::team::Status;
use baton_thread::team::effective_status;
use baton_thread::{AccountFacts, Act, OwnerState, WaitingFacts, needs_reply, waiting};

use super::error::{of_json, parsed, parsed_some, to_json};
use super::message::{Author, MessageKind};
use super::message_page::first_line;
use super::preview::{Line, line_of};
use super::{AttachmentRow, Conn, Preview, PreviewKind, Result, ThreadId, attachment, seq_out, team_part};
use crate::apply::Extra;

/// Unread is counted up to here.
const MOST_UNREAD: i64 = 100;

#[derive(sqlx::FromRow)]
struct Figures {
    last_opening_ms: Option<i64>,
    last_person_ms: Option<i64>,
    inbound_seq: Option<i64>,
    word_seq: i64,
    status: String,
    status_seq: i64,
    asleep_until_ms: Option<i64>,
    woke: bool,
}

#[derive(sqlx::FromRow)]
struct Newest {
    message_id: i64,
    at_ms: i64,
    kind: String,
    inbound: bool,
    text: Option<String>,
    unsent: bool,
    app: Option<String>,
    part: Option<String>,
    agent: Option<String>,
    extra: Option<String>,
    attachments: i64,
}

#[derive(sqlx::FromRow)]
struct NewestReaction {
    at_ms: i64,
    emoji: String,
    to_own: bool,
}

/// Computes the row anew. `owner` is who holds the thread after the last evidence.
pub(super) async fn thread(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    owner: OwnerState,
) -> Result<()> {
    let figures = figures(conn, thread).await?;
    let last_person_ms = figures
        .last_person_ms
        .max(team_part::answered_unheard_ms(conn, thread).await?)
        .max(counting_app_ms(conn, thread, facts).await?);
    let first_unanswered_ms = first_unanswered(conn, thread, last_person_ms).await?;
    let inbound_seq = seq_out(figures.inbound_seq.unwrap_or(0));
    let status: Status = of_json(&figures.status)?;
    let status = effective_status(&status, seq_out(figures.status_seq), Some(inbound_seq), None);
    let asleep_until_ms = match status {
        Status::Snoozed { until_ms } => Some(until_ms),
        _ => None,
    };
    // Time woke it, see `sleep`; another sleep begins asleep.
    let woke = figures.woke && asleep_until_ms.is_some() && asleep_until_ms == figures.asleep_until_ms;
    let status = if woke { Status::Open } else { status };
    let owner_json = to_json(&owner)?;
    let since_ms = waiting(&WaitingFacts { first_unanswered_ms, last_person_ms, owner });
    let since_ms = since_ms.filter(|_| status != Status::Done);
    let (last_at_ms, preview) = match last(conn, thread, facts.our_app.as_ref()).await? {
        Some(last) => last,
        None => nothing_said(conn, thread).await?,
    };
    let preview_kind = preview.kind.to_string();
    let needs_reply = needs_reply(since_ms, &status);
    let by = preview.by.name();
    let agent = preview_agent(&preview);
    let app = preview_app(&preview);
    let inbound_seq = figures.inbound_seq.unwrap_or(0);
    let active = status != Status::Done;
    let place_ms = sort_ms(needs_reply, since_ms, last_at_ms);
    sqlx::query!(
        "UPDATE thread SET last_at_ms = ?2, preview_by = ?3, preview_agent = ?4, preview_app = ?5, preview = ?6,
           preview_kind = ?7, last_opening_ms = ?8, first_unanswered_ms = ?9, last_person_ms = ?10, inbound_seq = ?11,
           word_seq = ?12, owner = ?13, active = ?14, waiting_since_ms = ?15, needs_reply = ?16, sort_ms = ?17,
           asleep_until_ms = ?18, woke = ?19
         WHERE thread_id = ?1",
        thread.0,
        last_at_ms,
        by,
        agent,
        app,
        preview.text,
        preview_kind,
        figures.last_opening_ms,
        first_unanswered_ms,
        last_person_ms,
        inbound_seq,
        figures.word_seq,
        owner_json,
        active,
        since_ms,
        needs_reply,
        place_ms,
        asleep_until_ms,
        woke
    )
    .execute(&mut *conn)
    .await?;
    unread(conn, thread).await
}

/// Counts anew what this desk's agent has not read.
pub(super) async fn unread(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    let read_seq = super::read_mark::of_thread(conn, thread).await?;
    let read_seq = super::seq_in(read_seq);
    sqlx::query!(
        "UPDATE thread SET unread = (SELECT count(*) FROM (
           SELECT 1 FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1 AND seq > ?2 LIMIT ?3))
         WHERE thread_id = ?1",
        thread.0,
        read_seq,
        MOST_UNREAD
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ascending: who needs a reply, longest wait first; then the rest, newest activity first.
fn sort_ms(needs_reply: bool, since_ms: Option<i64>, last_at_ms: i64) -> i64 {
    const AFTER_ALL_WAITS: i64 = 9_000_000_000_000_000;
    match since_ms.filter(|_| needs_reply) {
        Some(since_ms) => since_ms,
        None => AFTER_ALL_WAITS - last_at_ms,
    }
}

async fn figures(conn: &mut Conn, thread: ThreadId) -> Result<Figures> {
    let figures = sqlx::query_as(
        "SELECT
           nullif(max(coalesce((SELECT max(at_ms) FROM message WHERE thread_id = ?1 AND opens = 1), 0),
                      coalesce(acted_ms, 0)), 0) AS last_opening_ms,
           (SELECT max(at_ms) FROM message WHERE thread_id = ?1 AND person = 1) AS last_person_ms,
           (SELECT max(seq) FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1) AS inbound_seq,
           max(coalesce((SELECT max(seq) FROM message WHERE thread_id = ?1 AND word = 1), 0),
               coalesce((SELECT max(settled_seq) FROM team_part WHERE thread_id = ?1 AND settled_rank = 4), 0))
             AS word_seq,
           status, status_seq, asleep_until_ms, woke
         FROM thread WHERE thread_id = ?1",
    );
    Ok(figures.bind(thread.0).fetch_one(conn).await?)
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

async fn first_unanswered(
    conn: &mut Conn,
    thread: ThreadId,
    last_person_ms: Option<i64>,
) -> Result<Option<i64>> {
    let at_ms = sqlx::query_scalar(
        "SELECT min(at_ms) FROM message WHERE thread_id = ?1 AND inbound = 1 AND word = 1 AND at_ms > ?2",
    );
    Ok(at_ms.bind(thread.0).bind(last_person_ms.unwrap_or(i64::MIN)).fetch_one(conn).await?)
}

/// Of a thread in which nobody said anything, or nothing of it is left: the newest thing known about control, and when.
async fn nothing_said(conn: &mut Conn, thread: ThreadId) -> Result<(i64, Preview)> {
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT at_ms, act FROM owner_event WHERE thread_id = ? ORDER BY at_ms DESC, rank DESC, tie DESC LIMIT 1",
    )
    .bind(thread.0)
    .fetch_optional(&mut *conn)
    .await?;
    let mut preview = Preview { by: Author::System, text: String::new(), kind: PreviewKind::Text };
    let Some((at_ms, act)) = newest else { return Ok((last_beside_ms(conn, thread).await?, preview)) };
    let (kind, note) = match of_json(&act)? {
        Act::Passed { note, .. } | Act::Taken { note, .. } => (PreviewKind::HandedOver, note),
        Act::Requested { note, .. } => (PreviewKind::AskedFor, note),
        _ => (PreviewKind::Text, None),
    };
    preview.kind = kind;
    preview.text = note.as_deref().map(first_line).unwrap_or_default();
    Ok((at_ms, preview))
}

/// When something happened beside what is said and who holds the thread: a notice came, or the team did something.
async fn last_beside_ms(conn: &mut Conn, thread: ThreadId) -> Result<i64> {
    let at_ms = sqlx::query_scalar(
        "SELECT max(coalesce((SELECT max(at_ms) FROM message WHERE thread_id = ?1), 0),
           coalesce((SELECT max(at_ms) FROM team_event WHERE thread_id = ?1), 0))",
    );
    Ok(at_ms.bind(thread.0).fetch_one(conn).await?)
}

/// The last thing said or done, and when.
async fn last(conn: &mut Conn, thread: ThreadId, our_app: Option<&AppId>) -> Result<Option<(i64, Preview)>> {
    let reaction = newest_reaction(conn, thread).await?;
    let newest = newest(conn, thread).await?;
    let reacted_ms = reaction.as_ref().map_or(0, |reaction| reaction.at_ms);
    match newest {
        Some(newest) if newest.at_ms >= reacted_ms => {
            let first = attachment::first(conn, newest.message_id).await?;
            Ok(Some((newest.at_ms, preview(newest, first.as_ref(), our_app)?)))
        }
        _ => Ok(reaction.map(|reaction| (reaction.at_ms, of_reaction(reaction)))),
    }
}

async fn newest(conn: &mut Conn, thread: ThreadId) -> Result<Option<Newest>> {
    let newest = sqlx::query_as(
        "SELECT m.message_id, m.at_ms, m.kind, m.inbound, m.unsent, m.app, m.part, m.extra,
           coalesce((SELECT e.text FROM message_edit e WHERE e.thread_id = ?1 AND e.mid = m.mid
                     ORDER BY e.num DESC LIMIT 1), m.text) AS text,
           coalesce((SELECT p.agent FROM team_part p WHERE p.part = m.part),
                    (SELECT p.agent FROM team_part p WHERE p.mid = m.mid AND m.part IS NULL
                     ORDER BY p.part LIMIT 1)) AS agent,
           (SELECT count(*) FROM attachment x WHERE x.message_id = m.message_id) AS attachments
         FROM message m WHERE m.thread_id = ?1 AND m.kind <> 'notice'
         ORDER BY m.at_ms DESC, m.tie DESC, m.key DESC LIMIT 1",
    );
    Ok(newest.bind(thread.0).fetch_optional(conn).await?)
}

/// The customer's newest reaction. One that only a page of history tells has no time.
async fn newest_reaction(conn: &mut Conn, thread: ThreadId) -> Result<Option<NewestReaction>> {
    let newest = sqlx::query_as(
        "SELECT r.at_ms, r.emoji,
           coalesce((SELECT m.inbound FROM message m WHERE m.thread_id = ?1 AND m.key = r.mid), 0) AS to_own
         FROM reaction r
         WHERE r.thread_id = ?1 AND r.emoji IS NOT NULL AND r.at_ms > 0
           AND r.actor = (SELECT customer FROM thread WHERE thread_id = ?1)
         ORDER BY r.at_ms DESC, r.mid DESC LIMIT 1",
    );
    Ok(newest.bind(thread.0).fetch_optional(conn).await?)
}

fn of_reaction(reaction: NewestReaction) -> Preview {
    let kind = if reaction.to_own { PreviewKind::ReactionToOwn } else { PreviewKind::Reaction };
    Preview { by: Author::System, text: reaction.emoji, kind }
}

fn preview(newest: Newest, first: Option<&AttachmentRow>, our_app: Option<&AppId>) -> Result<Preview> {
    let kind: MessageKind = parsed(&newest.kind)?;
    let by = match kind {
        _ if newest.inbound => Author::Customer,
        MessageKind::Message => {
            let agent = parsed_some(newest.agent.as_deref())?;
            let part = parsed_some(newest.part.as_deref())?;
            Author::of_echo(agent, part, newest.app.map(AppId::from), our_app)
        }
        _ => Author::System,
    };
    let extra: Extra = newest.extra.as_deref().map(of_json).transpose()?.unwrap_or_default();
    let (kind, text) = line_of(&Line {
        kind,
        unsent: newest.unsent,
        text: newest.text.as_deref(),
        extra: &extra,
        first,
        attachments: newest.attachments,
    });
    Ok(Preview { by, text, kind })
}

fn preview_agent(preview: &Preview) -> Option<String> {
    match &preview.by {
        Author::Agent(agent) => Some(agent.to_string()),
        _ => None,
    }
}

fn preview_app(preview: &Preview) -> Option<&str> {
    match &preview.by {
        Author::App(app) => Some(app.as_str()),
        _ => None,
    }
}
