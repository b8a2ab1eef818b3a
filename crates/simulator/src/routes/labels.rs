//! Custom labels (docs/meta.md 4.10): `/{page}/custom_labels`, `/{label}`, `/{label}/label`, `/{psid}/custom_labels`.

use std::sync::Arc;

use axum::http::Method;
use baton_messenger::CustomerId;
use serde_json::{Value, json};

use super::Outcome;
use super::params::GraphCall;
use crate::sim::Sim;
use crate::world::World;
use crate::world::labels::Label;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

/// `/{page}/custom_labels`, or `/{psid}/custom_labels` for the labels of a person.
pub(super) fn edge(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let account = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    check_terms(sim, token)?;
    let is_own = matches!(call.path[0].as_str(), "me") || call.path[0] == account.as_str();
    match (&call.method, is_own) {
        (&Method::POST, true) => {
            let name = call.text("page_label_name").filter(|name| !name.trim().is_empty());
            let name = name.ok_or_else(|| Refusal::bad_parameter("page_label_name is needed."))?;
            let id = sim.act(|world, _| world.label_named(account, &name));
            Ok(json!({ "id": id }).into())
        }
        (&Method::GET, true) => Ok(sim
            .look(|world, _| {
                let own = world.labels.values().filter(|label| &label.account == account);
                json!({"data": own.map(label_json).collect::<Vec<_>>()})
            })
            .into()),
        (&Method::GET, false) => sim.look(|world, _| {
            let customer = CustomerId::from(call.path[0].as_str());
            world.thread(account, &customer)?;
            let labels = world.labels_of(account, &customer).into_iter().map(label_json);
            Ok(json!({"data": labels.collect::<Vec<_>>()}).into())
        }),
        _ => Err(Refusal::of("unknown_path")),
    }
}

/// `POST` or `DELETE /{label}/label`: puts it on a person, or takes it away.
pub(super) fn on_person(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let account = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    check_terms(sim, token)?;
    let customer = call.text("user").ok_or_else(|| Refusal::bad_parameter("user is needed."))?;
    let customer = CustomerId::from(customer);
    sim.act(|world, _| {
        world.thread(account, &customer)?;
        let label = world.label_mut(account, &call.path[0])?;
        match call.method {
            Method::POST => label.people.insert(customer),
            Method::DELETE => label.people.remove(&customer),
            _ => return Err(Refusal::of("unknown_path")),
        };
        Ok(json!({"success": true}).into())
    })
}

/// Whether this id is a label's.
pub(super) fn is_label(world: &World, id: &str) -> bool {
    world.labels.contains_key(id)
}

/// `GET` or `DELETE /{label}`.
pub(super) fn node(sim: &Arc<Sim>, call: &GraphCall, token: &Token, id: &str) -> Result<Outcome, Refusal> {
    let account = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    check_terms(sim, token)?;
    sim.act(|world, _| {
        let shown = label_json(world.label(account, id)?);
        if call.method == Method::DELETE {
            world.labels.remove(id);
            return Ok(json!({"success": true}).into());
        }
        Ok(shown.into())
    })
}

fn check_terms(sim: &Sim, token: &Token) -> Result<(), Refusal> {
    let account = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    let has_terms = sim.look(|world, _| world.account(account).map(|a| a.switches.has_label_terms))?;
    if has_terms { Ok(()) } else { Err(Refusal::of("label_terms")) }
}

fn label_json(label: &Label) -> Value {
    json!({"id": label.id, "page_label_name": label.name})
}
