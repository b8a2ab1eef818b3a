//! The part of a thread's row that follows from its messages, its evidence and the team's facts, computed anew whenever
//! one of them changed. Every figure is one look into an index, so that it costs the same in a long thread, and the
//! result is a function of what is stored, whatever came first.

use baton_messenger::id::AppId;
use baton_protocol::account::RoutingMode;
use baton_protocol::team::Status;
use baton_thread::team::effective_status;
use baton_thread::{AccountFacts, OwnerState, WaitingFacts, needs_reply, waiting};

use super::error::{of_json, parsed_some, to_json};
use super::message::Author;
use super::message_page::first_line;
use super::{Conn, Result, ThreadId, seq_out};

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
}

#[derive(Default, sqlx::FromRow)]
struct Newest {
    at_ms: i64,
    kind: String,
    inbound: bool,
    text: Option<String>,
    unsent: bool,
    app: Option<String>,
    part: Option<String>,
    agent: Option<String>,
    attachment: Option<String>,
}

/// Computes the row anew. `owner` is who holds the thread after the last evidence.
pub(super) async fn thread(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    owner: OwnerState,
) -> Result<()> {
    let figures = figures(conn, thread).await?;
    let last_person_ms = figures.last_person_ms.max(counting_app_ms(conn, thread, facts).await?);
    let first_unanswered_ms = first_unanswered(conn, thread, last_person_ms).await?;
    let inbound_seq = seq_out(figures.inbound_seq.unwrap_or(0));
    let status: Status = of_json(&figures.status)?;
    let status = effective_status(&status, seq_out(figures.status_seq), Some(inbound_seq), None);
    let owner_json = to_json(&owner)?;
    let since_ms = waiting(&WaitingFacts { first_unanswered_ms, last_person_ms, owner });
    let since_ms = since_ms.filter(|_| status != Status::Done);
    let newest = newest(conn, thread).await?;
    let last_at_ms = match &newest {
        Some(newest) => newest.at_ms,
        None => last_evidence_ms(conn, thread).await?.unwrap_or(0),
    };
    let preview = preview(newest, facts.our_app.as_ref())?;
    let needs_reply = needs_reply(since_ms, &status);
    let by = preview.by.name();
    let agent = preview.agent();
    let app = preview.app();
    let inbound_seq = figures.inbound_seq.unwrap_or(0);
    let active = status != Status::Done;
    let place_ms = sort_ms(needs_reply, since_ms, last_at_ms);
    sqlx::query!(
        "UPDATE thread SET last_at_ms = ?2, preview_by = ?3, preview_agent = ?4, preview_app = ?5, preview = ?6,
           preview_kind = ?7, last_opening_ms = ?8, first_unanswered_ms = ?9, last_person_ms = ?10, inbound_seq = ?11,
           word_seq = ?12, owner = ?13, active = ?14, waiting_since_ms = ?15, needs_reply = ?16, sort_ms = ?17
         WHERE thread_id = ?1",
        thread.0,
        last_at_ms,
        by,
        agent,
        app,
        preview.text,
        preview.kind,
        figures.last_opening_ms,
        first_unanswered_ms,
        last_person_ms,
        inbound_seq,
        figures.word_seq,
        owner_json,
        active,
        since_ms,
        needs_reply,
        place_ms
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
           status, status_seq
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

async fn last_evidence_ms(conn: &mut Conn, thread: ThreadId) -> Result<Option<i64>> {
    let at_ms = sqlx::query_scalar("SELECT max(at_ms) FROM owner_event WHERE thread_id = ?");
    Ok(at_ms.bind(thread.0).fetch_one(conn).await?)
}

async fn newest(conn: &mut Conn, thread: ThreadId) -> Result<Option<Newest>> {
    let newest = sqlx::query_as(
        "SELECT m.at_ms, m.kind, m.inbound, m.unsent, m.app, m.part,
           coalesce((SELECT e.text FROM message_edit e WHERE e.thread_id = ?1 AND e.mid = m.mid
                     ORDER BY e.num DESC LIMIT 1), m.text) AS text,
           coalesce((SELECT p.agent FROM team_part p WHERE p.part = m.part),
                    (SELECT p.agent FROM team_part p WHERE p.mid = m.mid AND m.part IS NULL
                     ORDER BY p.part LIMIT 1)) AS agent,
           (SELECT x.kind FROM attachment x WHERE x.message_id = m.message_id ORDER BY x.idx LIMIT 1) AS attachment
         FROM message m WHERE m.thread_id = ?1 AND m.kind <> 'notice'
         ORDER BY m.at_ms DESC, m.tie DESC, m.key DESC LIMIT 1",
    );
    Ok(newest.bind(thread.0).fetch_optional(conn).await?)
}

struct PreviewColumns {
    by: Author,
    text: String,
    kind: String,
}

impl PreviewColumns {
    fn agent(&self) -> Option<String> {
        match &self.by {
            Author::Agent(agent) => Some(agent.to_string()),
            _ => None,
        }
    }

    fn app(&self) -> Option<&str> {
        match &self.by {
            Author::App(app) => Some(app.as_str()),
            _ => None,
        }
    }
}

fn preview(newest: Option<Newest>, our_app: Option<&AppId>) -> Result<PreviewColumns> {
    let Some(newest) = newest else {
        return Ok(PreviewColumns { by: Author::System, text: String::new(), kind: "message".to_owned() });
    };
    let by = if newest.inbound {
        Author::Customer
    } else if newest.kind == "message" {
        let agent = parsed_some(newest.agent.as_deref())?;
        Author::of_echo(agent, parsed_some(newest.part.as_deref())?, newest.app.map(AppId::from), our_app)
    } else {
        Author::System
    };
    let text = newest.text.filter(|_| !newest.unsent);
    let kind = match (newest.unsent, &text, newest.attachment) {
        (true, _, _) => "unsent".to_owned(),
        (false, None, Some(attachment)) => attachment,
        _ => newest.kind,
    };
    Ok(PreviewColumns { by, text: text.map(|text| first_line(&text)).unwrap_or_default(), kind })
}
