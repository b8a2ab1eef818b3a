//! `POST /`: up to 50 calls in one (docs/meta.md 6). Each part is a call of its own for budgets and rights; the answers
//! stand in the order of the parts, their bodies as text.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::params::GraphCall;
use super::{Outcome, budget, caller, single};
use crate::sim::Sim;
use crate::world::refusals::Refusal;

const PARTS: usize = 50;

/// Whether this is a batch.
pub(super) fn is_batch(call: &GraphCall) -> bool {
    call.path.is_empty() && call.value("batch").is_some()
}

/// Makes every call of the batch, one after the other.
pub(super) async fn run(sim: &Arc<Sim>, call: &GraphCall) -> Result<Outcome, Refusal> {
    let parts = call.list("batch")?.unwrap_or_default();
    if parts.is_empty() || parts.len() > PARTS {
        return Err(Refusal::bad_parameter("A batch holds 1 to 50 calls."));
    }
    let with_headers = call.text("include_headers").is_none_or(|wish| wish != "false");
    let mut answers = Vec::with_capacity(parts.len());
    for part in &parts {
        let (code, body) = answer(sim, call, part).await;
        let mut shown = json!({"code": code, "body": body.to_string()});
        if with_headers {
            shown["headers"] = json!([{"name": "Content-Type", "value": "application/json; charset=UTF-8"}]);
        }
        answers.push(shown);
    }
    Ok(Value::Array(answers).into())
}

async fn answer(sim: &Arc<Sim>, whole: &GraphCall, part: &Value) -> (u16, Value) {
    let done = match whole.part(part) {
        Ok(call) => one(sim, &call).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(Outcome::Answer(answer)) => (200, answer),
        Err(refusal) => (refusal.status, refusal.body(&format!("A{}", Uuid::new_v4().simple()))),
    }
}

async fn one(sim: &Arc<Sim>, call: &GraphCall) -> Result<Outcome, Refusal> {
    if is_batch(call) {
        return Err(Refusal::bad_parameter("A batch cannot hold a batch."));
    }
    let token = caller(sim, call)?;
    let counted = sim.act(|world, now_ms| budget::count(world, call, &token, now_ms));
    if let Some(refusal) = counted.refusal {
        return Err(refusal);
    }
    single(sim, call, &token).await
}
