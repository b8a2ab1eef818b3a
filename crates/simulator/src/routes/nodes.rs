//! Single objects: who a token is, its Pages, a Page, a person's profile (docs/meta.md 1.4, 3.5, 5.3).

use std::sync::Arc;

use baton_messenger::{AccountId, CustomerId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::params::GraphCall;
use super::{Outcome, conversations, paging};
use crate::clock::DAY_MS;
use crate::fields;
use crate::sim::Sim;
use crate::world::page::Page;
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token};
use crate::world::{World, thread::Thread};

const USER_ID: &str = "1220000000000001";
const USER_NAME: &str = "Ines Keller";
const SCOPES: &[&str] = &[
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "business_management",
];

/// `GET /me`: the Page or the person behind the token.
pub(super) fn me(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    match &token.holder {
        Holder::Page(page) => page_node(sim, call, token, page),
        Holder::User => shown(call, &json!({"id": USER_ID, "name": USER_NAME}), "id,name"),
        Holder::App => Err(Refusal::bad_parameter("An app token has no /me.")),
    }
}

/// `GET /{id}`: whatever the id is.
pub(super) fn node(sim: &Arc<Sim>, call: &GraphCall, token: &Token, node: &str) -> Result<Outcome, Refusal> {
    if node.starts_with("t_") {
        return conversations::conversation(sim, call, token, node);
    }
    if node.starts_with("m_") {
        return conversations::message(sim, call, token, node);
    }
    let id = AccountId::from(node);
    if sim.look(|world, _| world.pages.contains_key(&id)) {
        return page_node(sim, call, token, &id);
    }
    if node == token.app.as_str() && token.holder == Holder::App {
        let name = sim.look(|world, _| world.app_name(&token.app));
        return shown(call, &json!({"id": node, "name": name}), "id,name");
    }
    profile(sim, call, token, &CustomerId::from(node))
}

fn page_node(sim: &Arc<Sim>, call: &GraphCall, token: &Token, id: &AccountId) -> Result<Outcome, Refusal> {
    let whole = sim.look(|world, _| {
        let page = world.page(id)?;
        let is_own = match &token.holder {
            Holder::Page(mine) => mine == id,
            Holder::User => true,
            Holder::App => false,
        };
        if !is_own {
            return Err(Refusal::of("object_missing"));
        }
        let mut whole = page_json(page);
        whole["messaging_feature_status"] =
            json!({"hop_v2": false, "msgr_multi_app": page.routing.is_on(), "ig_multi_app": false});
        if let Some(text) = world.token_of(&token.app, &Holder::Page(id.clone())) {
            whole["access_token"] = text.expose_secret().into();
        }
        Ok(whole)
    })?;
    shown(call, &whole, "id,name")
}

fn page_json(page: &Page) -> Value {
    json!({
        "id": page.id.as_str(), "name": page.name, "category": page.category,
        "category_list": [{"id": "2301", "name": page.category}], "tasks": page.tasks,
    })
}

/// `GET /me/accounts`: the Pages that the person granted.
pub(super) fn accounts(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    if token.holder != Holder::User {
        return Err(Refusal::bad_parameter("The accounts edge needs the token of a person."));
    }
    let wanted =
        call.text("fields").unwrap_or_else(|| "access_token,category,category_list,name,id,tasks".into());
    let wanted = fields::parse(&wanted)?;
    let pages = sim.look(|world, _| {
        let pages = world.pages.values().map(|page| account_json(world, page, token));
        pages.collect::<Vec<_>>()
    });
    let keys: Vec<&str> = pages.iter().filter_map(|p| p["id"].as_str()).collect();
    let link = |extra: &[(&str, &str)]| call.link(sim.base_url(), "/me/accounts", extra);
    let (range, paging) = paging::cut(&keys, &paging::Wish::of(call), link)?;
    let data = pages[range].iter().map(|page| fields::pick(page, &wanted)).collect();
    Ok(paging::edge(data, paging).into())
}

fn account_json(world: &World, page: &Page, token: &Token) -> Value {
    let mut account = page_json(page);
    if let Some(text) = world.token_of(&token.app, &Holder::Page(page.id.clone())) {
        account["access_token"] = text.expose_secret().into();
    }
    account
}

/// `GET /debug_token`: asked with an app token, or with a living token of the same app.
pub(super) fn debug_token(sim: &Arc<Sim>, call: &GraphCall, asker: &Token) -> Result<Outcome, Refusal> {
    let text = call.text("input_token").ok_or_else(|| Refusal::bad_parameter("input_token is needed."))?;
    let found = sim.look(|world, _| {
        let token = world.tokens.get(&text)?;
        let scopes: Vec<&str> = match token.page().and_then(|page| world.pages.get(page)) {
            Some(page) if !page.may("MESSAGING") => {
                SCOPES.iter().copied().filter(|s| *s != "pages_messaging").collect()
            }
            _ => SCOPES.to_vec(),
        };
        Some((token.clone(), world.app_name(&token.app), scopes))
    });
    let invalid = Refusal::of("token_invalid");
    let Some((token, app_name, scopes)) = found.filter(|(token, ..)| token.app == asker.app) else {
        let error = json!({"code": 190, "message": invalid.text, "subcode": 467});
        return Ok(json!({"data": {"error": error, "is_valid": false, "scopes": []}}).into());
    };
    let kind = if token.page().is_some() { "PAGE" } else { "USER" };
    if let Err(refusal) = token.check_alive() {
        let error = json!({"code": refusal.code, "message": refusal.text, "subcode": refusal.subcode});
        return Ok(json!({"data": {
            "error": error, "app_id": token.app.as_str(), "type": kind, "is_valid": false, "scopes": [],
        }})
        .into());
    }
    let mut data = json!({
        "app_id": token.app.as_str(), "type": kind, "application": app_name,
        "data_access_expires_at": (token.issued_ms + 90 * DAY_MS) / 1000, "expires_at": 0, "is_valid": true,
        "issued_at": token.issued_ms / 1000, "scopes": scopes, "user_id": USER_ID,
    });
    if let Some(page) = token.page() {
        data["profile_id"] = page.as_str().into();
        data["granular_scopes"] = scopes
            .iter()
            .filter(|s| s.starts_with("pages_"))
            .map(|scope| json!({"scope": scope, "target_ids": [page.as_str()]}))
            .collect();
    }
    Ok(json!({"data": data}).into())
}

/// `GET /{psid}`: the profile of a person of this Page.
fn profile(
    sim: &Arc<Sim>,
    call: &GraphCall,
    token: &Token,
    customer: &CustomerId,
) -> Result<Outcome, Refusal> {
    let page = token.page().ok_or_else(|| Refusal::of("object_missing"))?;
    let base = sim.base_url();
    let whole = sim.look(|world, _| {
        let thread = world.page(page)?.threads.get(customer).ok_or_else(|| Refusal::of("object_missing"))?;
        Ok(profile_json(thread, base))
    })?;
    shown(call, &whole, "first_name,last_name,profile_pic,id")
}

fn profile_json(thread: &Thread, base: &str) -> Value {
    let customer = &thread.customer;
    json!({
        "first_name": customer.first_name, "last_name": customer.last_name, "name": customer.name(),
        "profile_pic": format!("{base}/phone/picture/{}", customer.id),
        "locale": customer.locale, "timezone": customer.timezone, "gender": customer.gender,
        "id": customer.id.as_str(),
    })
}

/// The object with the asked fields, or with these when none were asked for.
pub(super) fn shown(call: &GraphCall, whole: &Value, by_default: &str) -> Result<Outcome, Refusal> {
    let wanted = call.text("fields");
    let wanted = fields::parse(wanted.as_deref().unwrap_or(by_default))?;
    Ok(fields::pick(whole, &wanted).into())
}
