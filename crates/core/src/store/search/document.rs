//! What a message says, for the index and for snippets.

use std::collections::HashMap;

use baton_messenger::id::{AppId, is_meta_inbox};
use baton_messenger::webhook::AttachmentKind;
use serde::Deserialize;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::super::as_json::{self, flag};
use super::super::error::{of_json, to_json};
use super::super::{AttachmentRow, Conn, Result, attachment};
use crate::apply::{Answered, Extra, Happened};
use crate::search::scope::{Content, Scope, written};
use crate::search::words_of;

/// A card or receipt never gives more texts than these.
const MOST_TEXTS: usize = 60;

/// A message as the index sees it.
pub(super) struct Document {
    pub(super) message: i64,
    pub(super) at_ms: i64,
    /// What it says; the text first.
    pub(super) texts: Vec<String>,
    /// What came with it, in order.
    pub(super) attachments: Vec<AttachmentRow>,
    scope: String,
    silent: bool,
}

impl Document {
    /// Its words and its scope; none when there is nothing to find.
    pub(super) fn entry(&self) -> Option<(String, String)> {
        if self.silent {
            return None;
        }
        Some((self.words(), self.scope.clone()))
    }

    pub(super) fn words(&self) -> String {
        words_of(self.texts.iter().map(String::as_str))
    }
}

#[derive(Deserialize)]
struct Row {
    message_id: i64,
    thread_id: i64,
    account: String,
    our_app: Option<String>,
    at_ms: i64,
    #[serde(deserialize_with = "flag")]
    inbound: bool,
    #[serde(deserialize_with = "flag")]
    unsent: bool,
    kind: String,
    app: Option<String>,
    part: Option<String>,
    extra: Option<String>,
    agent: Option<String>,
    text: Option<String>,
}

/// The columns of [`Row`], in its order.
const COLUMNS: &str = "m.message_id, m.thread_id, t.account,
  coalesce((SELECT our_app FROM enrolment), (SELECT a.our_app FROM account a WHERE a.account = t.account)),
  m.at_ms, m.inbound, m.unsent, m.kind, m.app, m.part, m.extra,
  coalesce((SELECT p.agent FROM team_part p WHERE p.part = m.part),
           (SELECT p.agent FROM team_part p WHERE p.mid = m.mid AND m.part IS NULL ORDER BY p.part LIMIT 1)),
  coalesce((SELECT e.text FROM message_edit e WHERE e.thread_id = m.thread_id AND e.mid = m.mid
            ORDER BY e.num DESC LIMIT 1), m.text)";

/// These messages, as far as they are there.
pub(super) async fn of_messages(conn: &mut Conn, messages: &[i64]) -> Result<Vec<Document>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let from =
        "json_each(?1) j CROSS JOIN message m ON m.message_id = j.value JOIN thread t USING (thread_id)";
    let sql =
        format!("SELECT ({}), ({})", as_json::page(COLUMNS, from, "j.key"), attachment::of_messages("?1"));
    let (rows, with_them): (String, String) =
        sqlx::query_as(AssertSqlSafe(sql)).bind(to_json(&messages)?).fetch_one(conn).await?;
    let rows: Vec<Row> = of_json(&rows)?;
    let mut attachments: HashMap<i64, Vec<AttachmentRow>> = HashMap::new();
    for attachment in attachment::read_of_messages(&with_them)? {
        attachments.entry(attachment.place.message).or_default().push(attachment);
    }
    rows.into_iter().map(|row| row.into_document(&mut attachments)).collect()
}

impl Row {
    fn into_document(self, attachments: &mut HashMap<i64, Vec<AttachmentRow>>) -> Result<Document> {
        let attachments = attachments.remove(&self.message_id).unwrap_or_default();
        let extra: Extra = self.extra.as_deref().map(of_json).transpose()?.unwrap_or_default();
        let has = contents(self.text.as_deref(), &attachments);
        let mut scopes = vec![Scope::Thread(self.thread_id), Scope::Account(&self.account)];
        scopes.extend(self.said_by());
        scopes.extend(has.iter().copied().map(Scope::Has));
        let scope = written(&scopes);
        let mut texts = Vec::new();
        push(&mut texts, self.text.as_deref());
        for attachment in &attachments {
            of_attachment(&mut texts, attachment);
        }
        of_extra(&mut texts, &extra);
        texts.truncate(MOST_TEXTS);
        let silent = self.unsent || (texts.is_empty() && attachments.is_empty());
        Ok(Document { message: self.message_id, at_ms: self.at_ms, texts, attachments, scope, silent })
    }

    fn said_by(&self) -> Vec<Scope<'_>> {
        if self.inbound {
            return vec![Scope::Inbound];
        }
        let mut scopes = vec![Scope::Outbound];
        let app = self.app.as_deref().map(AppId::from);
        let ours = self.part.is_some()
            || self.agent.is_some()
            || self.app.as_deref().is_some_and(|app| Some(app) == self.our_app.as_deref())
            || app.as_ref().is_some_and(is_meta_inbox);
        if ours {
            scopes.push(Scope::Person);
        } else if self.kind == "message" && app.is_some() {
            scopes.push(Scope::Bot);
        }
        scopes.extend(self.agent.as_deref().map(Scope::Agent));
        scopes
    }
}

fn contents(text: Option<&str>, attachments: &[AttachmentRow]) -> Vec<Content> {
    let mut has = Vec::new();
    for attachment in attachments {
        let content = match attachment.read().is() {
            Some(AttachmentKind::Image | AttachmentKind::Ephemeral) => Content::Image,
            Some(AttachmentKind::Video | AttachmentKind::Reel | AttachmentKind::IgReel) => Content::Video,
            Some(AttachmentKind::Audio) => Content::Audio,
            Some(AttachmentKind::File) => Content::File,
            Some(AttachmentKind::Location) => Content::Location,
            Some(AttachmentKind::Sticker) => Content::Sticker,
            Some(
                AttachmentKind::Fallback
                | AttachmentKind::Share
                | AttachmentKind::Post
                | AttachmentKind::IgPost,
            ) => Content::Link,
            _ => continue,
        };
        if matches!(content, Content::Image | Content::Video | Content::Audio | Content::File) {
            has.push(Content::Attachment);
        }
        has.push(content);
    }
    let has_link = |text: &str| ["http://", "https://", "www."].iter().any(|begin| text.contains(begin));
    if text.is_some_and(has_link) {
        has.push(Content::Link);
    }
    has.sort_unstable();
    has.dedup();
    has
}

fn push(texts: &mut Vec<String>, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        texts.push(text.to_owned());
    }
}

fn of_attachment(texts: &mut Vec<String>, attachment: &AttachmentRow) {
    push(texts, attachment.title.as_deref());
    if attachment.kind == "file" && attachment.title.is_none() {
        push(texts, attachment.url.as_deref().and_then(file_name).as_deref());
    }
    if let Some(payload) = &attachment.payload {
        of_payload(texts, payload);
    }
}

/// The file's name, where its address ends with one.
fn file_name(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let last = url.path_segments()?.next_back()?.to_owned();
    // A plus is a plus in a path.
    let escaped = last.replace('+', "%2B");
    let (name, _) = url::form_urlencoded::parse(escaped.as_bytes()).next()?;
    Some(name.into_owned()).filter(|name| name.contains('.'))
}

/// What people read on cards and receipts, wherever in them it stands.
fn of_payload(texts: &mut Vec<String>, payload: &Value) {
    const READ: &[&str] =
        &["title", "subtitle", "text", "name", "order_number", "recipient_name", "description", "caption"];
    if texts.len() >= MOST_TEXTS {
        return;
    }
    match payload {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if READ.contains(&name.as_str()) => push(texts, Some(text)),
                    other => of_payload(texts, other),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| of_payload(texts, value)),
        _ => {}
    }
}

fn of_extra(texts: &mut Vec<String>, extra: &Extra) {
    let mut answered = |answers: &[Answered]| {
        for answer in answers {
            push(texts, Some(&answer.question));
            push(texts, Some(&answer.answer));
        }
    };
    if let Some(came) = extra.came() {
        answered(&came.answers);
    }
    if let Some(Happened::Feedback { answers }) = &extra.happened {
        answered(answers);
    }
    push(texts, extra.came().and_then(|came| came.title.as_deref()));
    if let Some(Happened::OptedIn { title, .. }) = &extra.happened {
        push(texts, title.as_deref());
    }
}
