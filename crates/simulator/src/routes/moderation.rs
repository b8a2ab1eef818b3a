//! `POST /{page}/moderate_conversations`: block, ban, move to spam (docs/meta.md 4.10).

use std::sync::Arc;

use baton_messenger::{AccountId, CustomerId};
use serde_json::{Value, json};

use super::Outcome;
use super::params::{GraphCall, text_of};
use super::speaker::messaging;
use crate::sim::Sim;
use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

const PEOPLE: usize = 10;
const ACTIONS: usize = 2;

/// Does every action to every person, or nothing.
pub(super) fn moderate(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let speaker = messaging(sim, call, token)?;
    let people = people(call)?;
    let actions = call.words("actions");
    if !(1..=ACTIONS).contains(&actions.len()) {
        return Err(Refusal::bad_parameter("1 or 2 actions are needed."));
    }
    if let Some(unknown) = actions.iter().find(|action| !KNOWN.contains(&action.as_str())) {
        return Err(Refusal::bad_parameter(format!("There is no action {unknown}.")));
    }
    sim.act(|world, _| {
        let found: Vec<_> =
            people.iter().map(|p| world.account_with(&speaker, p)).collect::<Result<_, _>>()?;
        for (account, customer) in found.iter().zip(&people) {
            actions.iter().try_for_each(|action| apply(world, account, customer, action))?;
        }
        Ok(json!({"success": true}).into())
    })
}

const KNOWN: &[&str] = &["block_user", "unblock_user", "ban_user", "unban_user", "move_to_spam"];

fn apply(world: &mut World, account: &AccountId, customer: &CustomerId, action: &str) -> Result<(), Refusal> {
    let thread = world.thread_mut(account, customer)?;
    match action {
        "block_user" | "ban_user" => thread.customer.is_blocked = true,
        "unblock_user" | "unban_user" => thread.customer.is_blocked = false,
        _ => thread.is_spam = true,
    }
    Ok(())
}

/// Scoped ids, or objects with an `id`.
fn people(call: &GraphCall) -> Result<Vec<CustomerId>, Refusal> {
    let listed = call.list("user_ids")?.unwrap_or_default();
    let id = |one: &Value| text_of(one).or_else(|| one.get("id").and_then(text_of));
    let people: Option<Vec<CustomerId>> = listed.iter().map(|one| id(one).map(CustomerId::from)).collect();
    people
        .filter(|people| (1..=PEOPLE).contains(&people.len()))
        .ok_or_else(|| Refusal::bad_parameter("user_ids must name 1 to 10 people."))
}
