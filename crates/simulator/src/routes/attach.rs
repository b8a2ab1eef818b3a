//! Attachments of a send, and `POST /{page}/message_attachments` (docs/meta.md 4.5).
//!
//! Addresses on this machine are fetched as Meta would; for all others a file of the right kind stands in, because
//! the simulator never reaches out.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use url::Url;

use super::Outcome;
use super::params::{GraphCall, SentFile};
use super::speaker::{messaging, of_platform};
use crate::sim::Sim;
use crate::world::media::{Content, NewFile};
use crate::world::refusals::Refusal;
use crate::world::send::content::Wanted;
use crate::world::send::upload::{FILE_BYTES, IMAGE_BYTES, Source, id_text, stand_in};
use crate::world::token::Token;

/// How long Meta waits for a file, and for a film.
const PATIENCE: Duration = Duration::from_secs(10);
const FILM_PATIENCE: Duration = Duration::from_secs(75);

/// What the message wants to send along.
pub(super) fn wanted(call: &GraphCall, message: &Map<String, Value>) -> Result<Vec<Wanted>, Refusal> {
    let mut described: Vec<Value> =
        message.get("attachments").and_then(Value::as_array).cloned().unwrap_or_default();
    described.extend(message.get("attachment").cloned());
    let mut files = call.files.iter();
    let mut wanted =
        described.iter().map(|one| one_wanted(one, &mut files)).collect::<Result<Vec<_>, _>>()?;
    if let Some(sticker) = message.get("sticker_id") {
        let id = id_text(sticker).and_then(|id| id.parse().ok());
        wanted.push(Wanted::Sticker(id.ok_or_else(|| Refusal::bad_parameter("Unknown sticker_id."))?));
    }
    Ok(wanted)
}

fn one_wanted<'a>(one: &Value, files: &mut impl Iterator<Item = &'a SentFile>) -> Result<Wanted, Refusal> {
    let kind = one["type"].as_str().unwrap_or_default().to_owned();
    let payload = &one["payload"];
    match kind.as_str() {
        "template" => Ok(Wanted::Template(payload.clone())),
        "like_heart" => Ok(Wanted::Heart),
        "MEDIA_SHARE" => {
            let id = payload.get("id").and_then(id_text);
            Ok(Wanted::OwnPost(id.ok_or_else(|| Refusal::bad_parameter("payload.id is needed."))?))
        }
        _ => {
            let is_reusable = payload["is_reusable"] == true || payload["is_reusable"] == "true";
            Ok(Wanted::File { kind, source: source(payload, files)?, is_reusable })
        }
    }
}

fn source<'a>(payload: &Value, files: &mut impl Iterator<Item = &'a SentFile>) -> Result<Source, Refusal> {
    if let Some(id) = payload.get("attachment_id").and_then(id_text) {
        return Ok(Source::Id(id));
    }
    if let Some(url) = payload["url"].as_str() {
        return Ok(Source::Url(url.to_owned()));
    }
    match files.next() {
        Some(file) => Ok(Source::Bytes(NewFile {
            name: file.name.clone(),
            mime: file.mime.clone(),
            content: Content::Given(file.bytes.clone()),
            until_ms: None,
        })),
        None => Err(Refusal::bad_parameter("The attachment has no url, no attachment_id and no file.")),
    }
}

/// Fetches what is to be sent by its address.
pub(super) async fn fetch_all(sim: &Sim, wanted: &mut [Wanted]) -> Result<(), Refusal> {
    for one in wanted {
        if let Wanted::File { kind, source, .. } = one
            && let Source::Url(url) = &*source
        {
            *source = Source::Bytes(fetch(sim, kind, url).await?);
        }
    }
    Ok(())
}

async fn fetch(sim: &Sim, kind: &str, url: &str) -> Result<NewFile, Refusal> {
    let failed = || Refusal::of("attachment_fetch_failed");
    let url = Url::parse(url).map_err(|_| failed())?;
    if !is_here(&url) {
        return if url.scheme() == "https" { Ok(stand_in(kind)) } else { Err(failed()) };
    }
    let patience = if kind == "video" { FILM_PATIENCE } else { PATIENCE };
    let answer = sim.queues.client().get(url.clone()).timeout(patience).send().await;
    let mut answer = answer.ok().filter(|a| a.status().is_success()).ok_or_else(failed)?;
    let mime = answer.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mime = mime.split(';').next().unwrap_or_default().to_owned();
    let most = if kind == "image" { IMAGE_BYTES } else { FILE_BYTES };
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| failed())? {
        if bytes.len() + chunk.len() > most {
            return Err(Refusal::of("attachment_too_big"));
        }
        bytes.extend_from_slice(&chunk);
    }
    let name = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or("file").to_owned();
    Ok(NewFile { name, mime, content: Content::Given(bytes), until_ms: None })
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// `POST /{page}/message_attachments`: a file to be sent later, perhaps often.
pub(super) async fn upload(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let speaker = messaging(sim, call, token)?;
    let platform = call.text("platform");
    let account = sim.look(|world, _| of_platform(world, &speaker, platform.as_deref()))?;
    let account = account.ok_or_else(|| Refusal::of("object_missing"))?;
    let message = call.object("message")?.unwrap_or_default();
    let mut wanted = wanted(call, &message)?;
    fetch_all(sim, &mut wanted).await?;
    let Some(Wanted::File { kind, source: Source::Bytes(file), .. }) = wanted.pop() else {
        return Err(Refusal::bad_parameter("message.attachment with a file is needed."));
    };
    let id = sim.act(|world, now_ms| world.upload_file(&account, &kind, file, now_ms))?;
    Ok(json!({ "attachment_id": id }).into())
}
