//! Whom a call speaks for: the account behind the token, and the one that has the thread with a customer.

use baton_messenger::{AccountId, CustomerId};

use super::params::{GraphCall, text_of};
use crate::sim::Sim;
use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

/// The account of the token; the path must name it or say `me`.
pub(super) fn own<'a>(call: &GraphCall, token: &'a Token) -> Result<&'a AccountId, Refusal> {
    let account = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    let named = call.path.first().map(String::as_str);
    if named == Some("me") || named == Some(account.as_str()) {
        return Ok(account);
    }
    Err(Refusal::of("object_missing"))
}

/// The account of the token, with the right to read and send messages.
pub(super) fn messaging(sim: &Sim, call: &GraphCall, token: &Token) -> Result<AccountId, Refusal> {
    let account = own(call, token)?;
    let may = sim.look(|world, _| {
        world.account(account)?;
        Ok(world.may(account, "MESSAGING"))
    })?;
    if may { Ok(account.clone()) } else { Err(Refusal::of("permission_missing")) }
}

/// `recipient: {id}`.
pub(super) fn recipient(call: &GraphCall) -> Result<CustomerId, Refusal> {
    let recipient =
        call.object("recipient")?.ok_or_else(|| Refusal::bad_parameter("recipient is needed."))?;
    let id = recipient.get("id").and_then(text_of);
    id.map(CustomerId::from).ok_or_else(|| Refusal::bad_parameter("recipient needs an id."))
}

/// The account meant by `platform`: the token's own, or the Instagram account of its Page.
pub(super) fn of_platform(
    world: &World,
    speaker: &AccountId,
    platform: Option<&str>,
) -> Result<Option<AccountId>, Refusal> {
    let account = world.account(speaker)?;
    match platform {
        Some("instagram") if !account.is_instagram() => {
            Ok(world.instagram_of(speaker).map(|linked| linked.id.clone()))
        }
        Some("instagram" | "messenger") | None => Ok(Some(speaker.clone())),
        Some(other) => Err(Refusal::bad_parameter(format!("There is no platform {other}."))),
    }
}
