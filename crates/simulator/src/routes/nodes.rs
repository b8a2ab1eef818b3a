//! Single objects: who a token is, its Pages, an account, a person's profile (docs/meta.md 1.4, 3.5, 5.3).

use std::sync::Arc;

use baton_messenger::{AccountId, CustomerId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::params::GraphCall;
use super::{Outcome, conversations, paging, profile};
use crate::fields;
use crate::sim::Sim;
use crate::world::World;
use crate::world::account::Account;
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token};

/// The person behind every user token.
pub(super) const USER_ID: &str = "1220000000000001";
const USER_NAME: &str = "Ines Keller";

/// `GET /me`: the account or the person behind the token.
pub(super) fn me(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    match &token.holder {
        Holder::Page(page) => page_node(sim, call, token, page),
        Holder::User => shown(call, &json!({"id": USER_ID, "name": USER_NAME}), "id,name"),
        Holder::Instagram(account) => instagram_me(sim, call, account),
        Holder::App => Err(Refusal::bad_parameter("An app token has no /me.")),
    }
}

/// `GET /{id}`: whatever the id is.
pub(super) fn node(sim: &Arc<Sim>, call: &GraphCall, token: &Token, node: &str) -> Result<Outcome, Refusal> {
    if node.starts_with("t_") || sim.look(|world, _| conversations::is_thread(world, token, node)) {
        return conversations::conversation(sim, call, token, node);
    }
    if node.starts_with("m_") || node.starts_with("aWdf") {
        return conversations::message(sim, call, token, node);
    }
    let id = AccountId::from(node);
    match sim.look(|world, _| world.accounts.get(&id).map(Account::is_instagram)) {
        Some(true) => return instagram_node(sim, call, token, &id),
        Some(false) => return page_node(sim, call, token, &id),
        None => {}
    }
    if node == token.app.as_str() && token.holder == Holder::App {
        let name = sim.look(|world, _| world.app_name(&token.app));
        return shown(call, &json!({"id": node, "name": name}), "id,name");
    }
    profile::profile(sim, call, token, &CustomerId::from(node))
}

/// Instagram's own login: the account's webhook id is `user_id`; `id` is another number (docs/meta.md 8.1).
fn instagram_me(sim: &Arc<Sim>, call: &GraphCall, id: &AccountId) -> Result<Outcome, Refusal> {
    let whole = sim.look(|world, _| {
        let account = world.account(id)?;
        let other: String = id.as_str().chars().rev().collect();
        Ok(json!({
            "id": other, "user_id": id.as_str(), "username": account.username, "name": account.name,
            "account_type": "BUSINESS",
        }))
    })?;
    shown(call, &whole, "id")
}

fn page_node(sim: &Arc<Sim>, call: &GraphCall, token: &Token, id: &AccountId) -> Result<Outcome, Refusal> {
    let whole = sim.act(|world, now_ms| {
        let page = world.account(id)?;
        let is_own = match &token.holder {
            Holder::Page(mine) => mine == id,
            Holder::User => token.grants(id),
            Holder::Instagram(_) | Holder::App => false,
        };
        if !is_own {
            return Err(Refusal::of("object_missing"));
        }
        let mut whole = page_json(world, page);
        whole["messaging_feature_status"] = feature_status(page, world.instagram_of(id));
        let text = match &token.holder {
            Holder::User => Some(world.page_token(token, id, now_ms)),
            _ => world.token_of(&token.app, &token.holder),
        };
        if let Some(text) = text {
            whole["access_token"] = text.expose_secret().into();
        }
        Ok(whole)
    })?;
    shown(call, &whole, "id,name")
}

/// Which systems of thread control a Page and its Instagram account use (docs/meta.md 5.3).
fn feature_status(page: &Account, instagram: Option<&Account>) -> Value {
    let has_roles = page.routing.has_roles() || instagram.is_some_and(|ig| ig.routing.has_roles());
    json!({
        "hop_v2": has_roles,
        "msgr_multi_app": page.routing.is_on(),
        "ig_multi_app": instagram.is_some_and(|ig| ig.routing.is_on()),
    })
}

fn instagram_node(
    sim: &Arc<Sim>,
    call: &GraphCall,
    token: &Token,
    id: &AccountId,
) -> Result<Outcome, Refusal> {
    let whole = sim.look(|world, _| {
        let account = world.account(id)?;
        let is_own = match &token.holder {
            Holder::Page(page) => account.page.as_ref() == Some(page),
            Holder::Instagram(mine) => mine == id,
            Holder::User => true,
            Holder::App => false,
        };
        if !is_own {
            return Err(Refusal::of("object_missing"));
        }
        Ok(json!({"id": account.id.as_str(), "name": account.name, "username": account.username}))
    })?;
    shown(call, &whole, "id")
}

fn page_json(world: &World, page: &Account) -> Value {
    let mut whole = json!({
        "id": page.id.as_str(), "name": page.name, "category": page.category,
        "category_list": [{"id": "2301", "name": page.category}], "tasks": page.tasks,
    });
    if let Some(instagram) = world.instagram_of(&page.id) {
        whole["instagram_business_account"] =
            json!({"id": instagram.id.as_str(), "username": instagram.username});
    }
    whole
}

/// `GET /me/accounts`: the Pages that the person granted.
pub(super) fn accounts(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    if token.holder != Holder::User {
        return Err(Refusal::bad_parameter("The accounts edge needs the token of a person."));
    }
    let wanted =
        call.text("fields").unwrap_or_else(|| "access_token,category,category_list,name,id,tasks".into());
    let wanted = fields::parse(&wanted)?;
    let pages = sim.act(|world, now_ms| {
        let granted = world.accounts.values().filter(|a| !a.is_instagram() && token.grants(&a.id));
        let granted: Vec<AccountId> = granted.map(|page| page.id.clone()).collect();
        granted.iter().map(|page| account_json(world, page, token, now_ms)).collect::<Result<Vec<_>, _>>()
    })?;
    let keys: Vec<&str> = pages.iter().filter_map(|p| p["id"].as_str()).collect();
    let link = |extra: &[(&str, &str)]| call.link(sim.base_url(), "/me/accounts", extra);
    let (range, paging) = paging::cut(&keys, &paging::Wish::of(call), link)?;
    let data = pages[range].iter().map(|page| fields::pick(page, &wanted)).collect();
    Ok(paging::edge(data, paging).into())
}

fn account_json(world: &mut World, page: &AccountId, token: &Token, now_ms: i64) -> Result<Value, Refusal> {
    let text = world.page_token(token, page, now_ms);
    let mut account = page_json(world, world.account(page)?);
    account["access_token"] = text.expose_secret().into();
    Ok(account)
}

/// The object with the asked fields, or with these when none were asked for.
pub(super) fn shown(call: &GraphCall, whole: &Value, by_default: &str) -> Result<Outcome, Refusal> {
    let wanted = call.text("fields");
    let wanted = fields::parse(wanted.as_deref().unwrap_or(by_default))?;
    Ok(fields::pick(whole, &wanted).into())
}
