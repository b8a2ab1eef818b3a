//! Everything the simulator answers over HTTP: Graph on every path, the control API under `/control`, the
//! customer's phone under `/phone`, files under `/media`.

mod attach;
mod batch;
mod budget;
mod control;
mod control_room;
mod conversations;
mod dialog;
mod labels;
mod login;
mod media;
mod message_json;
mod messenger_profile;
mod moderation;
mod nodes;
mod pages;
mod paging;
mod params;
mod peer;
mod personas;
mod phone;
mod profile;
mod proof;
mod send;
mod speaker;
mod subscriptions;
mod thread_control;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use baton_messenger::AppId;
use serde_json::Value;
use uuid::Uuid;

use crate::clock::http_date;
use crate::faults::{Answered, Spell};
use crate::journal::{Call, End};
use crate::sim::Sim;
use crate::world::refusals::Refusal;
use crate::world::token::Token;
pub(crate) use params::{GraphCall, text_of};
pub(crate) use peer::Peer;

/// The version that answers a call without one.
const DEFAULT_VERSION: &str = "v26.0";

/// Marks a response that must not be sent: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut;

/// How a Graph call ends.
pub(crate) enum Outcome {
    Answer(Value),
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Self {
        Self::Answer(value)
    }
}

/// All routes.
pub(crate) fn router(sim: Arc<Sim>) -> Router {
    Router::new()
        .nest("/control", control::router())
        .nest("/phone", phone::router())
        .nest("/control-room", control_room::router())
        .nest("/media", media::router())
        .merge(dialog::router())
        .route("/page/{folder}/{name}", get(page_file))
        // Browsers ask for it unasked; it is no call to Graph.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/", get(|| async { axum::response::Redirect::temporary("/phone") }).post(graph))
        .fallback(graph)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&sim), stamp))
        .with_state(sim)
}

/// A file that a page is made of.
async fn page_file(Path((folder, name)): Path<(String, String)>) -> Response {
    pages::file(&format!("{folder}/{name}"))
}

/// Every answer shows simulated time; that is how a client learns Meta's.
async fn stamp(
    State(sim): State<Arc<Sim>>,
    request: Request<Body>,
    next: axum::middleware::Next,
) -> Response {
    let mut response = next.run(request).await;
    if let Ok(date) = HeaderValue::from_str(&http_date(sim.clock.now_ms())) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn graph(State(sim): State<Arc<Sim>>, request: Request<Body>) -> Response {
    let trace = format!("A{}", &Uuid::new_v4().simple().to_string()[..16]);
    let mut call = match GraphCall::read(request).await {
        Ok(call) => call,
        Err(refusal) => return respond(refusal.status, &refusal.body(&trace), DEFAULT_VERSION, &trace),
    };
    let token = caller(&sim, &call);
    let mut spell = Spell::over(&sim, &call, token.as_ref().ok());
    let number = note(&sim, &call, token.as_ref().ok().map(|t| t.app.clone()));
    let mut usage = Vec::new();
    let answered = match token {
        Err(refusal) => Answered::Refused(refusal),
        Ok(token) => {
            let counted = sim.act(|world, now_ms| budget::count(world, &call, &token, now_ms));
            usage = counted.headers;
            match (spell.before(&token), counted.refusal) {
                (Some(answered), _) => answered,
                (None, Some(refusal)) => Answered::Refused(refusal),
                (None, None) => {
                    call.has_uneven_pages = spell.makes_pages_uneven();
                    spell.after(dispatch(&sim, &call, &token).await).await
                }
            }
        }
    };
    let version = call.version.as_deref().unwrap_or(DEFAULT_VERSION);
    let (status, answer, response) = match answered {
        Answered::Answer(answer) => {
            let response = respond(200, &answer, version, &trace);
            (Some(200), kept(&call, &answer), response)
        }
        Answered::Refused(refusal) => {
            let body = refusal.body(&trace);
            let response = respond(refusal.status, &body, version, &trace);
            (Some(refusal.status), body, response)
        }
        Answered::Broken(status) => (Some(status), Value::Null, error_page(status)),
        Answered::Cut => {
            let cut = (Extension(Cut), StatusCode::INTERNAL_SERVER_ERROR).into_response();
            (None, Value::Null, cut)
        }
    };
    // A fault's headers come last: they stand for a budget that it has used up.
    let response = with_headers(with_headers(response, &usage), &spell.headers);
    let plan = spell.body(response);
    sim.note_end(number, End { status, answer, faults: spell.struck });
    plan.carry_out(&sim).await
}

/// The token of the call, alive and with its proof; for a login call the app itself.
fn caller(sim: &Sim, call: &GraphCall) -> Result<Token, Refusal> {
    if login::is_by_secret(call) {
        return login::caller(sim, call);
    }
    let text = call.token()?;
    sim.look(|world, now_ms| {
        let token = world.token(text, now_ms)?;
        proof::check(world, call, &token, now_ms)?;
        Ok(token)
    })
}

/// What a server says that has no idea of Graph.
fn error_page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::response::Html("<!doctype html><title>Error</title><p>Sorry, something went wrong.</p>"))
        .into_response()
}

fn with_headers(mut response: Response, more: &[(&'static str, String)]) -> Response {
    for (name, value) in more {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Puts a marker into a response's extensions.
struct Extension<T>(T);

impl<T: Clone + Send + Sync + 'static> axum::response::IntoResponseParts for Extension<T> {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut parts: axum::response::ResponseParts,
    ) -> Result<axum::response::ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self.0);
        Ok(parts)
    }
}

async fn dispatch(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    if batch::is_batch(call) { batch::run(sim, call).await } else { single(sim, call, token).await }
}

/// Any call but a batch.
async fn single(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [node] => node_call(sim, call, token, node),
        ["oauth", "access_token"] => login::access_token(sim, call, token),
        [_, edge] => edge_call(sim, call, token, edge).await,
        _ => Err(Refusal::of("unknown_path")),
    }
}

fn node_call(sim: &Arc<Sim>, call: &GraphCall, token: &Token, node: &str) -> Result<Outcome, Refusal> {
    let kind = sim.look(|world, _| {
        if personas::is_persona(world, node) {
            return NodeKind::Persona;
        }
        if labels::is_label(world, node) { NodeKind::Label } else { NodeKind::Other }
    });
    match (&call.method, node, kind) {
        (&Method::GET | &Method::DELETE, _, NodeKind::Persona) => personas::node(sim, call, token, node),
        (&Method::GET | &Method::DELETE, _, NodeKind::Label) => labels::node(sim, call, token, node),
        (&Method::GET, "debug_token", _) => tokens::debug_token(sim, call, token),
        (&Method::GET, "access_token" | "refresh_access_token", _) => login::instagram(sim, call, token),
        (&Method::GET, "me", _) => nodes::me(sim, call, token),
        (&Method::GET, ..) => nodes::node(sim, call, token, node),
        _ => Err(Refusal::of("unknown_path")),
    }
}

enum NodeKind {
    Persona,
    Label,
    Other,
}

async fn edge_call(sim: &Arc<Sim>, call: &GraphCall, token: &Token, edge: &str) -> Result<Outcome, Refusal> {
    match (&call.method, edge) {
        (&Method::GET, "accounts") if call.path[0] == "me" => nodes::accounts(sim, call, token),
        (&Method::GET, "conversations") => conversations::list(sim, call, token),
        (&Method::GET, "messages") => conversations::messages(sim, call, token),
        (&Method::POST, "messages") => send::send(sim, call, token).await,
        (&Method::POST, "message_attachments") => attach::upload(sim, call, token).await,
        (&Method::POST, "moderate_conversations") => moderation::moderate(sim, call, token),
        (&Method::GET, "thread_owner") => thread_control::owner(sim, call, token),
        (&Method::GET, "secondary_receivers") => thread_control::secondary(sim, call, token),
        (&Method::POST, edge) if edge.ends_with("_thread_control") => {
            thread_control::act(sim, call, token, edge)
        }
        (_, "personas") => personas::edge(sim, call, token),
        (_, "messenger_profile") => messenger_profile::profile(sim, call, token),
        (_, "custom_user_settings") => messenger_profile::for_person(sim, call, token),
        (_, "custom_labels") => labels::edge(sim, call, token),
        (_, "label") => labels::on_person(sim, call, token),
        (_, "subscribed_apps") => subscriptions::account(sim, call, token),
        (_, "subscriptions") => subscriptions::app(sim, call, token).await,
        _ => Err(Refusal::of("unknown_path")),
    }
}

/// What the journal keeps of an answer: no token stands in it.
fn kept(call: &GraphCall, answer: &Value) -> Value {
    let text = answer.to_string();
    if call.path_text() == "/me/accounts" || text.contains("access_token") {
        return Value::Null;
    }
    answer.clone()
}

/// Writes the call down as it comes in.
fn note(sim: &Sim, call: &GraphCall, app_id: Option<AppId>) -> u64 {
    let at_ms = sim.clock.now_ms();
    sim.note_call(|number| Call {
        number,
        at_ms,
        app_id,
        method: call.method.to_string(),
        path: call.path_text(),
        version: call.version.clone(),
        params: call.open_params(),
        status: None,
        answer: Value::Null,
        ended_ms: None,
        faults: Vec::new(),
    })
}

fn respond(status: u16, body: &Value, version: &str, trace: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [("facebook-api-version", version), ("x-fb-trace-id", trace)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}
