//! Load on the receiver, over the control API.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Answer, Refused, Shared, done};
use crate::load::{Load, start};
use crate::sim::Sim;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(report).post(begin).delete(stop))
        .route("/acknowledged", get(async |State(sim): Shared| Json(sim.load.acknowledged())))
}

/// The present or the last load; null when there was none.
async fn report(State(sim): Shared) -> Json<Value> {
    Json(json!(sim.load.report()))
}

async fn begin(State(sim): Shared, Json(load): Json<Load>) -> Answer {
    start(&sim, &load).map_err(Refused)?;
    Ok(done())
}

async fn stop(State(sim): Shared) -> Json<Value> {
    sim.load.stop();
    done()
}
