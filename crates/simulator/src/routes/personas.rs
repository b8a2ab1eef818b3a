//! `/{page}/personas` and `/{persona}` (docs/meta.md 4.9).

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};

use super::Outcome;
use super::nodes::shown;
use super::paging::{self, Wish};
use super::params::GraphCall;
use super::speaker::messaging;
use crate::fields;
use crate::sim::Sim;
use crate::world::World;
use crate::world::persona::Persona;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

/// `/{page}/personas`: list, make.
pub(super) fn edge(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let account = messaging(sim, call, token)?;
    match call.method {
        Method::GET => sim.look(|world, _| {
            let living = world.personas.values().filter(|p| p.account == account && !p.is_deleted);
            let living: Vec<&Persona> = living.collect();
            let wanted = fields::parse(&call.text("fields").unwrap_or_else(|| EVERY_FIELD.into()))?;
            let keys: Vec<&str> = living.iter().map(|p| p.id.as_str()).collect();
            let link = |extra: &[(&str, &str)]| call.link(sim.base_url(), &call.path_text(), extra);
            let (range, paging) = paging::cut(&keys, &Wish::of(call), link)?;
            let data = living[range].iter().map(|p| fields::pick(&persona_json(p), &wanted)).collect();
            Ok(paging::edge(data, paging).into())
        }),
        Method::POST => {
            let name = call.text("name").unwrap_or_default();
            let picture = call.text("profile_picture_url").unwrap_or_default();
            let id = sim.act(|world, _| world.add_persona(&account, &name, &picture))?;
            Ok(json!({ "id": id }).into())
        }
        _ => Err(Refusal::of("unknown_path")),
    }
}

const EVERY_FIELD: &str = "id,name,profile_picture_url";

/// Whether this id is a persona's.
pub(super) fn is_persona(world: &World, id: &str) -> bool {
    world.personas.contains_key(id)
}

/// `GET` or `DELETE /{persona}`.
pub(super) fn node(sim: &Arc<Sim>, call: &GraphCall, token: &Token, id: &str) -> Result<Outcome, Refusal> {
    let account = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    if call.method == Method::DELETE {
        sim.act(|world, _| world.delete_persona(account, id))?;
        return Ok(json!({"success": true}).into());
    }
    let whole = sim.look(|world, _| world.persona(account, id).map(persona_json))?;
    shown(call, &whole, EVERY_FIELD)
}

fn persona_json(persona: &Persona) -> Value {
    json!({"id": persona.id, "name": persona.name, "profile_picture_url": persona.picture_url})
}
