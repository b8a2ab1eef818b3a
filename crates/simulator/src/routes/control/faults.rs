//! Faults by rule, over the control API.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Answer, Refused, Shared, done};
use crate::faults::{Fault, FaultView, catalogue};
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
    fault.check().map_err(Refused)?;
    let number = sim.faults.add(fault, sim.clock.now_ms());
    sim.note_change();
    Ok(Json(json!({"number": number})))
}

async fn remove(State(sim): Shared, Path(number): Path<u64>) -> Answer {
    if !sim.faults.remove(number) {
        return Err(Refused(format!("There is no rule {number}.")));
    }
    sim.note_change();
    Ok(done())
}

async fn clear(State(sim): Shared) -> Json<Value> {
    sim.faults.clear();
    sim.note_change();
    done()
}
