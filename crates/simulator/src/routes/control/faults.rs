//! Faults by rule, over the control API.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Answer, Refused, Shared, done};
use crate::faults::{self, Fault, FaultView, catalogue};
use crate::sim::Sim;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(list).post(add).delete(clear))
        .route("/effects", get(async || Json(catalogue())))
        .route("/{number}", delete(remove))
}

async fn list(State(sim): Shared) -> Json<Vec<FaultView>> {
    Json(sim.faults.list(sim.clock.now_ms()))
}

async fn add(State(sim): Shared, Json(fault): Json<Fault>) -> Answer {
    let number = faults::add(&sim, fault).map_err(Refused)?;
    Ok(Json(json!({"number": number})))
}

async fn remove(State(sim): Shared, Path(number): Path<u64>) -> Answer {
    if faults::remove(&sim, number) {
        Ok(done())
    } else {
        Err(Refused(format!("There is no rule {number}.")))
    }
}

async fn clear(State(sim): Shared) -> Json<Value> {
    faults::clear(&sim);
    done()
}
