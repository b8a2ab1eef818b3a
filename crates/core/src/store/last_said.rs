//! The last thing said or done in a thread, as the row of a list tells it.

use std::collections::HashMap;

use baton_messenger::id::AppId;
use baton_thread::Act;

use super::error::{of_json, parsed, parsed_some, to_json};
use super::message::{Author, MessageKind};
use super::message_page::first_line;
use super::preview::{Line, line_of, of_happened};
use super::{AttachmentRow, Conn, Preview, PreviewKind, Result, ThreadId, attachment};
use crate::apply::{Extra, Happened};

/// The newest message; of a thread without one there is no number.
#[derive(sqlx::FromRow)]
pub(super) struct Newest {
    message_id: Option<i64>,
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

/// The customer's newest reaction in a thread.
#[derive(sqlx::FromRow)]
pub(super) struct NewestReaction {
    thread_id: i64,
    at_ms: i64,
    emoji: String,
    to_own: bool,
}

/// Of a thread in which nobody said anything, or nothing of it is left: the newest thing known about control, or what was
/// done in Meta's inbox since, and when.
pub(super) async fn nothing_said(conn: &mut Conn, thread: ThreadId) -> Result<(i64, Preview)> {
    let events: Vec<(i64, String)> = sqlx::query_as(
        "SELECT at_ms, act FROM owner_event WHERE thread_id = ? ORDER BY at_ms DESC, rank DESC, tie DESC LIMIT 2",
    )
    .bind(thread.0)
    .fetch_all(&mut *conn)
    .await?;
    let mut events = events.into_iter();
    let (newest, before) = (events.next(), events.next());
    let mut preview = Preview { by: Author::System, text: String::new(), kind: PreviewKind::Text };
    let controlled_ms = newest.as_ref().map_or(i64::MIN, |(at_ms, _)| *at_ms);
    if let Some((at_ms, happened)) = newest_notice(conn, thread).await?
        && at_ms > controlled_ms
    {
        (preview.kind, preview.text) = of_happened(&happened);
        return Ok((at_ms, preview));
    }
    let Some((at_ms, act)) = newest else { return Ok((last_beside_ms(conn, thread).await?, preview)) };
    let (kind, note) = match of_json(&act)? {
        Act::Passed { note: None, .. } => (PreviewKind::HandedOver, note_told_twice(at_ms, before)?),
        Act::Passed { note, .. } | Act::Taken { note, .. } => (PreviewKind::HandedOver, note),
        Act::Requested { note, .. } => (PreviewKind::AskedFor, note),
        _ => (PreviewKind::Text, None),
    };
    preview.kind = kind;
    preview.text = note.as_deref().map(first_line).unwrap_or_default();
    Ok((at_ms, preview))
}

/// Meta may tell of a pass twice, the second time without its note : the note of the one just before.
fn note_told_twice(at_ms: i64, before: Option<(i64, String)>) -> Result<Option<String>> {
    const TWICE_MS: i64 = 5_000;
    let Some((_, act)) = before.filter(|(before_ms, _)| at_ms - before_ms <= TWICE_MS) else {
        return Ok(None);
    };
    Ok(match of_json(&act)? {
        Act::Passed { note, .. } => note,
        _ => None,
    })
}

/// What was last done in the thread by somebody who is not its customer and said nothing.
async fn newest_notice(conn: &mut Conn, thread: ThreadId) -> Result<Option<(i64, Happened)>> {
    let newest: Option<(i64, Option<String>)> = sqlx::query_as(
        "SELECT at_ms, extra FROM message WHERE thread_id = ? AND kind = 'notice'
         ORDER BY at_ms DESC, tie DESC, key DESC LIMIT 1",
    )
    .bind(thread.0)
    .fetch_optional(conn)
    .await?;
    let Some((at_ms, Some(extra))) = newest else { return Ok(None) };
    let extra: Extra = of_json(&extra)?;
    Ok(extra.happened.map(|happened| (at_ms, happened)))
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
pub(super) async fn last(
    conn: &mut Conn,
    our_app: Option<&AppId>,
    newest: Newest,
    reaction: Option<NewestReaction>,
) -> Result<Option<(i64, Preview)>> {
    let reacted_ms = reaction.as_ref().map_or(0, |reaction| reaction.at_ms);
    match newest.message_id {
        Some(message) if newest.at_ms >= reacted_ms => {
            let first = match newest.attachments {
                0 => None,
                _ => attachment::first(conn, message).await?,
            };
            Ok(Some((newest.at_ms, preview(newest, first.as_ref(), our_app)?)))
        }
        _ => Ok(reaction.map(|reaction| (reaction.at_ms, of_reaction(reaction)))),
    }
}

/// The customer's newest reaction in each of these threads. One that only a page of history tells has no time.
pub(super) async fn newest_reactions(
    conn: &mut Conn,
    threads: &[i64],
) -> Result<HashMap<i64, NewestReaction>> {
    if threads.is_empty() {
        return Ok(HashMap::new());
    }
    let newest: Vec<NewestReaction> = sqlx::query_as(
        "SELECT t.thread_id, r.at_ms, r.emoji,
           coalesce((SELECT m.inbound FROM message m WHERE m.thread_id = t.thread_id AND m.key = r.mid), 0) AS to_own
         FROM json_each(?) j CROSS JOIN thread t ON t.thread_id = j.value
         CROSS JOIN reaction r ON r.thread_id = t.thread_id AND r.actor = t.customer AND r.mid = (
           SELECT n.mid FROM reaction n
           WHERE n.thread_id = t.thread_id AND n.emoji IS NOT NULL AND n.at_ms > 0 AND n.actor = t.customer
           ORDER BY n.at_ms DESC, n.mid DESC LIMIT 1)",
    )
    .bind(to_json(&threads)?)
    .fetch_all(conn)
    .await?;
    Ok(newest.into_iter().map(|newest| (newest.thread_id, newest)).collect())
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

pub(super) fn preview_agent(preview: &Preview) -> Option<String> {
    match &preview.by {
        Author::Agent(agent) => Some(agent.to_string()),
        _ => None,
    }
}

pub(super) fn preview_app(preview: &Preview) -> Option<&str> {
    match &preview.by {
        Author::App(app) => Some(app.as_str()),
        _ => None,
    }
}
