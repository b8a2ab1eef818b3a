//! A Graph call taken apart: version, path, parameters, token (docs/meta.md 1.1, 1.2, 4.1).

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use axum::http::{HeaderMap, Method, Request, header, request};
use serde_json::{Map, Value};

use crate::world::refusals::Refusal;

/// Meta takes uploads of 25 MB; nothing larger is read.
const BODY_LIMIT: usize = 26 * 1024 * 1024;

/// Parameters that must never be kept.
const SECRET: &[&str] = &[
    "access_token",
    "input_token",
    "fb_exchange_token",
    "code",
    "appsecret_proof",
    "client_secret",
    "verify_token",
    "hub.verify_token",
];

/// One call.
#[derive(Clone)]
pub(crate) struct GraphCall {
    pub method: Method,
    /// `v26.0`, if the path names one.
    pub version: Option<String>,
    /// The path's parts after the version.
    pub path: Vec<String>,
    /// Files of a multipart body, in order.
    pub files: Vec<SentFile>,
    /// A rule wants the list that is asked for to come in pages of uneven length.
    pub has_uneven_pages: bool,
    params: Map<String, Value>,
    token: Option<String>,
}

/// One file of a multipart body.
#[derive(Clone)]
pub(crate) struct SentFile {
    pub name: String,
    pub mime: String,
    pub bytes: Vec<u8>,
}

impl GraphCall {
    pub async fn read(request: Request<Body>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let (version, path) = split_path(parts.uri.path())?;
        let mut params = Map::new();
        let query = parts.uri.query().unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            params.insert(name.into_owned(), Value::String(value.into_owned()));
        }
        let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| Refusal::of("attachment_too_big"))?;
        let mut files = Vec::new();
        if content_type(&parts.headers).starts_with("multipart/") {
            files = read_multipart(parts.clone(), bytes, &mut params).await?;
        } else {
            read_body(&parts.headers, &bytes, &mut params)?;
        }
        let token = bearer(&parts.headers).or_else(|| text_of(params.get("access_token")?));
        let has_uneven_pages = false;
        Ok(Self { method: parts.method, version, path, files, has_uneven_pages, params, token })
    }

    /// One part of a batch, `{method, relative_url, body}`, with the batch's token unless it has its own.
    pub fn part(&self, part: &Value) -> Result<Self, Refusal> {
        let broken = || Refusal::bad_parameter("A part needs a method and a relative_url.");
        let method = part["method"].as_str().and_then(|method| method.parse().ok()).ok_or_else(broken)?;
        let url = part["relative_url"].as_str().ok_or_else(broken)?;
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let (version, path) = split_path(path)?;
        let body = part["body"].as_str().unwrap_or_default();
        let mut params = Map::new();
        for text in [query, body] {
            for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
                params.insert(name.into_owned(), Value::String(value.into_owned()));
            }
        }
        let token = params.get("access_token").and_then(text_of).or_else(|| self.token.clone());
        let version = version.or_else(|| self.version.clone());
        let has_uneven_pages = self.has_uneven_pages;
        Ok(Self { method, version, path, files: Vec::new(), has_uneven_pages, params, token })
    }

    /// The token's text; a call without one is refused like a call with a bad one.
    pub fn token(&self) -> Result<&str, Refusal> {
        self.token.as_deref().ok_or_else(|| Refusal {
            code: 2500,
            subcode: None,
            text: "An active access token must be used to query information about the current user.".into(),
            ..Refusal::of("token_invalid")
        })
    }

    /// A parameter as text; a number counts.
    pub fn text(&self, name: &str) -> Option<String> {
        text_of(self.params.get(name)?)
    }

    /// A parameter as JSON: as it stands in a JSON body, parsed where a form carries JSON text.
    pub fn value(&self, name: &str) -> Option<Value> {
        match self.params.get(name)? {
            Value::String(text) => Some(serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())),
            value => Some(value.clone()),
        }
    }

    /// A parameter that is an object: JSON in a JSON body, JSON text in a form.
    pub fn object(&self, name: &str) -> Result<Option<Map<String, Value>>, Refusal> {
        let broken = || Refusal::bad_parameter(format!("{name} must be a JSON object."));
        match self.params.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object.clone())),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| broken()),
            Some(_) => Err(broken()),
        }
    }

    /// A parameter that is a list: JSON in a JSON body, JSON text in a form.
    pub fn list(&self, name: &str) -> Result<Option<Vec<Value>>, Refusal> {
        let broken = || Refusal::bad_parameter(format!("{name} must be a JSON list."));
        match self.params.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items.clone())),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| broken()),
            Some(_) => Err(broken()),
        }
    }

    /// A list of words: a JSON list, or text with commas.
    pub fn words(&self, name: &str) -> Vec<String> {
        match self.params.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(text_of).collect(),
            Some(Value::String(text)) => {
                let list: Option<Vec<String>> = serde_json::from_str(text).ok();
                list.unwrap_or_else(|| {
                    text.split(',').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect()
                })
            }
            _ => Vec::new(),
        }
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// `/104500000000011/messages`.
    pub fn path_text(&self) -> String {
        format!("/{}", self.path.join("/"))
    }

    /// All parameters but those that are secret.
    pub fn open_params(&self) -> Value {
        let open = self.params.iter().filter(|(name, _)| !SECRET.contains(&name.as_str()));
        Value::Object(open.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The address of this call with another cursor; like Meta's, it carries the token (docs/meta.md 1.2).
    pub fn link(&self, base: &str, path: &str, extra: &[(&str, &str)]) -> String {
        let version = self.version.as_ref().map_or_else(String::new, |v| format!("/{v}"));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(token) = &self.token {
            query.append_pair("access_token", token);
        }
        for (name, value) in &self.params {
            let replaced = matches!(name.as_str(), "access_token" | "before" | "after");
            if let (false, Some(value)) = (replaced || path != self.path_text(), text_of(value)) {
                query.append_pair(name, &value);
            }
        }
        query.extend_pairs(extra);
        format!("{base}{version}{path}?{}", query.finish())
    }
}

fn split_path(path: &str) -> Result<(Option<String>, Vec<String>), Refusal> {
    let mut parts: Vec<String> = path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    let version = parts.first().and_then(|first| version_number(first));
    match version {
        None => Ok((None, parts)),
        // An expired version is served by the oldest one still alive (docs/meta.md 1.1).
        Some(1..=26) => Ok((Some(parts.remove(0)), parts)),
        Some(_) => Err(Refusal { code: 2500, ..Refusal::bad_parameter("Unknown version.") }),
    }
}

fn version_number(part: &str) -> Option<u32> {
    part.strip_prefix('v')?.strip_suffix(".0")?.parse().ok()
}

fn read_body(headers: &HeaderMap, bytes: &[u8], params: &mut Map<String, Value>) -> Result<(), Refusal> {
    if bytes.is_empty() {
        return Ok(());
    }
    if content_type(headers).starts_with("application/json") {
        let body: Map<String, Value> = serde_json::from_slice(bytes)
            .map_err(|_| Refusal::bad_parameter("The body is not a JSON object."))?;
        params.extend(body);
        return Ok(());
    }
    for (name, value) in url::form_urlencoded::parse(bytes) {
        params.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    Ok(())
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Text fields become parameters, files are kept apart.
async fn read_multipart(
    parts: request::Parts,
    bytes: Bytes,
    params: &mut Map<String, Value>,
) -> Result<Vec<SentFile>, Refusal> {
    let broken = || Refusal::of("attachment_upload_failed");
    let mut whole = Request::from_parts(parts, Body::from(bytes));
    // The bytes are here already, and were counted as they came.
    DefaultBodyLimit::disable().apply(&mut whole);
    let mut form = Multipart::from_request(whole, &()).await.map_err(|_| broken())?;
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            None => {
                let text = field.text().await.map_err(|_| broken())?;
                params.insert(name, Value::String(text));
            }
            Some(file_name) => {
                let mime = field.content_type().unwrap_or("application/octet-stream").to_owned();
                let bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
                params.insert(name, Value::String(format!("({} bytes, {mime})", bytes.len())));
                files.push(SentFile { name: file_name, mime, bytes });
            }
        }
    }
    Ok(files)
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth"))
        .then(|| token.trim().to_owned())
}

/// Text of a scalar.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
