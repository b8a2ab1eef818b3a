//! The control room: its page, its stream, and further lines of the journal.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query as Params, State};
use axum::middleware::from_fn;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::Stream;
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::Shared;
use super::pages::file;
use super::peer::only_this_machine;
use crate::control_room;
use crate::journal::Query;
use crate::sim::Sim;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(async || file("room/room.html")))
        .route("/events", get(events))
        .route("/journal", get(journal))
        .layer(from_fn(only_this_machine))
}

#[derive(Deserialize)]
struct Threads {
    #[serde(default)]
    threads: String,
}

async fn events(
    State(sim): Shared,
    Params(Threads { threads }): Params<Threads>,
    Params(query): Params<Query>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(control_room::events(sim, threads, query)).keep_alive(KeepAlive::default())
}

#[derive(Deserialize)]
struct Below {
    before: Option<u64>,
}

/// The lines that are looked for, below a place.
async fn journal(
    State(sim): Shared,
    Params(Below { before }): Params<Below>,
    Params(query): Params<Query>,
) -> Json<Value> {
    let page = sim.journal.page(&query, before);
    let lines = control_room::named(&sim, page.lines);
    Json(json!({"lines": lines, "before": page.before}))
}
