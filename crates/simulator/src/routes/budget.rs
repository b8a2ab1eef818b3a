//! Which budget a call uses, and the headers that tell how much of it is used (docs/meta.md 6).

use axum::http::Method;
use baton_messenger::AccountId;

use super::conversations::account_of_thread;
use super::params::{GraphCall, text_of};
use super::speaker::of_platform;
use crate::world::World;
use crate::world::limits::{CallClass, Counted};
use crate::world::token::Token;

/// Counts the call.
pub(super) fn count(world: &mut World, call: &GraphCall, token: &Token, now_ms: i64) -> Counted {
    let account = token.account().map(|own| meant(world, call, token, own));
    world.count_call(token, account.as_ref(), class(world, call), now_ms)
}

fn class(world: &World, call: &GraphCall) -> CallClass {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let is_get = call.method == Method::GET;
    match path.as_slice() {
        [_, "conversations"] => CallClass::Conversations,
        [_, "messages"] if is_get => CallClass::Conversations,
        [_, "messages"] => CallClass::Send { has_media: has_media(call) },
        [_, "messenger_profile"] => CallClass::MessengerProfile,
        [_, "subscribed_apps"] | ["me"] => CallClass::Page,
        [node] if ["t_", "m_", "aWdf"].iter().any(|begins| node.starts_with(begins)) => {
            CallClass::Conversations
        }
        [node] if world.accounts.contains_key(&AccountId::from(*node)) => CallClass::Page,
        _ => CallClass::Other,
    }
}

fn has_media(call: &GraphCall) -> bool {
    let message = call.object("message").ok().flatten().unwrap_or_default();
    let kind = message.get("attachment").and_then(|a| a["type"].as_str());
    matches!(kind, Some("audio" | "video"))
}

/// The account whose budget is used: for Instagram's threads and people not the Page's.
fn meant(world: &World, call: &GraphCall, token: &Token, own: &AccountId) -> AccountId {
    let platform = call.text("platform");
    if let Some(platform) = platform.as_deref() {
        return of_platform(world, own, Some(platform)).ok().flatten().unwrap_or_else(|| own.clone());
    }
    let recipient = call.object("recipient").ok().flatten().and_then(|r| r.get("id").and_then(text_of));
    if let Some(customer) = recipient {
        return world.account_with(own, &customer.into()).unwrap_or_else(|_| own.clone());
    }
    let node = call.path.first().map_or("", String::as_str);
    account_of_thread(world, token, node).unwrap_or_else(|| own.clone())
}
