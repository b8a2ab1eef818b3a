//! Pass, take, request, release, extend, and who the owner is (docs/meta.md 5.3).

use std::sync::Arc;

use baton_messenger::{AppId, CustomerId};
use serde_json::json;

use super::Outcome;
use super::params::GraphCall;
use super::speaker::{messaging, recipient};
use crate::sim::Sim;
use crate::world::handover::ControlCall;
use crate::world::refusals::Refusal;
use crate::world::routing::Routing;
use crate::world::token::Token;

/// `POST /{page}/{edge}`.
pub(super) fn act(sim: &Arc<Sim>, call: &GraphCall, token: &Token, edge: &str) -> Result<Outcome, Refusal> {
    let speaker = messaging(sim, call, token)?;
    let customer = recipient(call)?;
    let account = sim.look(|world, _| world.account_with(&speaker, &customer))?;
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
    sim.act(|world, now_ms| world.control(&account, &customer, &token.app, &wish, &metadata, now_ms))?;
    Ok(json!({"success": true}).into())
}

/// `GET /{page}/thread_owner?recipient=<scoped id>`.
pub(super) fn owner(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let speaker = messaging(sim, call, token)?;
    let customer = call.text("recipient").ok_or_else(|| Refusal::bad_parameter("recipient is needed."))?;
    let customer = CustomerId::from(customer);
    sim.look(|world, now_ms| {
        let account = world.account_with(&speaker, &customer)?;
        world.thread_owner(&account, &customer, &token.app, now_ms)
    })
    .map(Outcome::from)
}

/// `GET /me/secondary_receivers`: with roles the primary receiver sees who may ask (docs/meta.md 5.1).
pub(super) fn secondary(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let speaker = messaging(sim, call, token)?;
    sim.look(|world, _| match &world.account(&speaker)?.routing {
        Routing::Roles { primary, secondary } if primary == &token.app => {
            let apps = secondary.iter().map(|app| json!({"id": app.as_str(), "name": world.app_name(app)}));
            Ok(json!({"data": apps.collect::<Vec<_>>()}).into())
        }
        Routing::Roles { .. } => Err(Refusal::of("take_only_primary")),
        Routing::Off | Routing::On { .. } => Err(Refusal::of("unknown_path")),
    })
}
