//! `GET /{scoped id}`: who a person is, as far as Meta tells (docs/meta.md 3.5).

use std::sync::Arc;

use baton_messenger::CustomerId;
use serde_json::{Value, json};

use super::Outcome;
use super::nodes::shown;
use super::params::GraphCall;
use crate::sim::Sim;
use crate::world::World;
use crate::world::account::Account;
use crate::world::refusals::Refusal;
use crate::world::thread::{Profile, Thread};
use crate::world::token::Token;

/// The profile of a person who has a thread with the token's account, or with the Instagram account of its Page.
pub(super) fn profile(
    sim: &Arc<Sim>,
    call: &GraphCall,
    token: &Token,
    customer: &CustomerId,
) -> Result<Outcome, Refusal> {
    let speaker = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    let (whole, by_default) = sim.look(|world, _| {
        let account = world.account_with(speaker, customer).map_err(|_| Refusal::of("object_missing"))?;
        let account = world.account(&account)?;
        let thread = world.thread(&account.id, customer)?;
        let by_default =
            if account.is_instagram() { "name,username,id" } else { "first_name,last_name,profile_pic,id" };
        known(world, account, thread).map(|whole| (whole, by_default))
    })?;
    shown(call, &whole, by_default)
}

fn known(world: &World, account: &Account, thread: &Thread) -> Result<Value, Refusal> {
    check(account, thread)?;
    let whole = if account.is_instagram() { instagram(world, thread) } else { messenger(world, thread) };
    Ok(match thread.customer.profile {
        Profile::Empty => json!({}),
        Profile::Partial => without(whole, &["last_name", "profile_pic", "username"]),
        Profile::Full | Profile::Missing | Profile::NoConsent => whole,
    })
}

fn check(account: &Account, thread: &Thread) -> Result<(), Refusal> {
    let (customer, is_instagram) = (&thread.customer, account.is_instagram());
    if !is_instagram && !account.switches.has_names {
        return Err(Refusal::of("profile_permission"));
    }
    match customer.profile {
        Profile::Missing if is_instagram => return Err(Refusal::of("ig_no_profile")),
        Profile::Missing => return Err(Refusal::of("profile_unavailable")),
        Profile::NoConsent => return Err(Refusal::of("profile_consent")),
        Profile::Full | Profile::Empty | Profile::Partial => {}
    }
    // Consent comes with the person's first message; a blocked person gives none.
    if is_instagram && (thread.last_customer_ms.is_none() || customer.is_blocked) {
        return Err(Refusal::of("profile_consent"));
    }
    Ok(())
}

fn messenger(world: &World, thread: &Thread) -> Value {
    let customer = &thread.customer;
    json!({
        "first_name": customer.first_name, "last_name": customer.last_name, "name": customer.name(),
        "profile_pic": picture(world, thread), "locale": customer.locale, "timezone": customer.timezone,
        "gender": customer.gender, "id": customer.id.as_str(),
    })
}

fn instagram(world: &World, thread: &Thread) -> Value {
    let customer = &thread.customer;
    // Some number that stays the same for a person.
    let followers = customer.id.as_str().bytes().fold(0_u32, |sum, b| (sum * 7 + u32::from(b)) % 2000);
    json!({
        "name": customer.name(), "username": customer.username, "profile_pic": picture(world, thread),
        "follower_count": followers, "is_user_follow_business": followers % 2 == 0,
        "is_business_follow_user": false, "is_verified_user": false, "id": customer.id.as_str(),
    })
}

fn picture(world: &World, thread: &Thread) -> String {
    format!("{}/phone/picture/{}", world.files.base, thread.customer.id)
}

fn without(mut whole: Value, names: &[&str]) -> Value {
    if let Some(object) = whole.as_object_mut() {
        names.iter().for_each(|name| drop(object.remove(*name)));
    }
    whole
}
