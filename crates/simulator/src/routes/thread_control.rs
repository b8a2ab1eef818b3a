//! Pass, take, request, release, extend, and who the owner is (docs/meta.md 5.3).

use std::sync::Arc;

use baton_messenger::{AppId, CustomerId};
use serde_json::json;

use super::Outcome;
use super::params::GraphCall;
use super::send::{recipient, sending_page};
use crate::sim::Sim;
use crate::world::handover::ControlCall;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

/// `POST /{page}/{edge}`.
pub(super) fn act(sim: &Arc<Sim>, call: &GraphCall, token: &Token, edge: &str) -> Result<Outcome, Refusal> {
    let page = sending_page(sim, call, token)?;
    let customer = recipient(call)?;
    let wish = match edge {
        "pass_thread_control" => ControlCall::Pass { target: call.text("target_app_id").map(AppId::from) },
        "take_thread_control" => ControlCall::Take,
        "request_thread_control" => ControlCall::Request,
        "release_thread_control" => ControlCall::Release,
        "extend_thread_control" => {
            let duration_s = call.number("duration");
            let duration_s = duration_s.ok_or_else(|| Refusal::bad_parameter("duration is needed."))?;
            ControlCall::Extend { duration_s }
        }
        _ => return Err(Refusal::of("unknown_path")),
    };
    let metadata = call.text("metadata").unwrap_or_default();
    sim.act(|world, now_ms| world.control(&page, &customer, &token.app, &wish, &metadata, now_ms))?;
    Ok(json!({"success": true}).into())
}

/// `GET /{page}/thread_owner?recipient=<psid>`.
pub(super) fn owner(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let page = sending_page(sim, call, token)?;
    let customer = call.text("recipient").ok_or_else(|| Refusal::bad_parameter("recipient is needed."))?;
    let customer = CustomerId::from(customer);
    sim.look(|world, now_ms| world.thread_owner(&page, &customer, &token.app, now_ms)).map(Outcome::from)
}
