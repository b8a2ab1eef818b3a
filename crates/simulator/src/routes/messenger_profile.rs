//! What a person sees before writing: `/me/messenger_profile` and `/me/custom_user_settings` (docs/meta.md 9).

use std::sync::Arc;

use axum::http::Method;
use baton_messenger::AccountId;
use serde_json::{Map, Value, json};

use super::Outcome;
use super::params::GraphCall;
use super::speaker::{messaging, of_platform};
use crate::sim::Sim;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

/// Every property that can be set.
const PROPERTIES: &[&str] = &[
    "get_started",
    "greeting",
    "ice_breakers",
    "persistent_menu",
    "whitelisted_domains",
    "account_linking_url",
    "commands",
];
const ICE_BREAKERS: usize = 4;
const GREETING: usize = 160;
const DOMAINS: usize = 50;

/// `/me/messenger_profile`: read, set, delete.
pub(super) fn profile(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let account = account(sim, call, token)?;
    match call.method {
        Method::GET => sim.look(|world, _| {
            let set = &world.account(&account)?.profile;
            let asked = call.words("fields");
            let shown: Map<String, Value> = set
                .iter()
                .filter(|(name, _)| asked.contains(name))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect();
            let data = if shown.is_empty() { Vec::new() } else { vec![Value::Object(shown)] };
            Ok(json!({ "data": data }).into())
        }),
        Method::POST => {
            let mut wished = Map::new();
            for name in PROPERTIES {
                if let Some(value) = call.value(name) {
                    check(name, &value)?;
                    wished.insert((*name).to_owned(), value);
                }
            }
            sim.act(|world, _| {
                let set = &mut world.account_mut(&account)?.profile;
                let has_start = set.contains_key("get_started") || wished.contains_key("get_started");
                if wished.contains_key("persistent_menu") && !has_start {
                    return Err(Refusal::bad_parameter("persistent_menu needs get_started."));
                }
                set.extend(wished);
                Ok(json!({"result": "success"}).into())
            })
        }
        Method::DELETE => {
            let names = call.words("fields");
            sim.act(|world, _| {
                let set = &mut world.account_mut(&account)?.profile;
                names.iter().for_each(|name| drop(set.remove(name)));
                Ok(json!({"result": "success"}).into())
            })
        }
        _ => Err(Refusal::of("unknown_path")),
    }
}

/// `/me/custom_user_settings`: a menu for one person.
pub(super) fn for_person(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let account = account(sim, call, token)?;
    let person = call.text("psid").ok_or_else(|| Refusal::bad_parameter("psid is needed."))?;
    match call.method {
        Method::GET => sim.look(|world, _| {
            let menu = world.account(&account)?.menus.get(&person);
            let data: Vec<Value> =
                menu.map(|menu| json!({ "user_level_persistent_menu": menu })).into_iter().collect();
            Ok(json!({ "data": data }).into())
        }),
        Method::POST => {
            let menu = call.value("persistent_menu");
            let menu = menu.ok_or_else(|| Refusal::bad_parameter("persistent_menu is needed."))?;
            sim.act(|world, _| world.account_mut(&account).map(|a| a.menus.insert(person, menu)))?;
            Ok(json!({"result": "success"}).into())
        }
        Method::DELETE => {
            sim.act(|world, _| world.account_mut(&account).map(|a| a.menus.remove(&person)))?;
            Ok(json!({"result": "success"}).into())
        }
        _ => Err(Refusal::of("unknown_path")),
    }
}

fn account(sim: &Sim, call: &GraphCall, token: &Token) -> Result<AccountId, Refusal> {
    let speaker = messaging(sim, call, token)?;
    let platform = call.text("platform");
    let account = sim.look(|world, _| of_platform(world, &speaker, platform.as_deref()))?;
    account.ok_or_else(|| Refusal::of("object_missing"))
}

fn check(name: &str, value: &Value) -> Result<(), Refusal> {
    let is_right = match name {
        "get_started" => value["payload"].is_string(),
        "greeting" => texts(value, "text").is_some_and(|t| t.iter().all(|t| t.chars().count() <= GREETING)),
        "ice_breakers" => value.as_array().is_some_and(|locales| {
            locales
                .iter()
                .all(|one| one["call_to_actions"].as_array().is_some_and(|list| list.len() <= ICE_BREAKERS))
        }),
        "whitelisted_domains" => value.as_array().is_some_and(|domains| {
            let is_https = |d: &Value| d.as_str().is_some_and(|d| d.starts_with("https://"));
            domains.len() <= DOMAINS && domains.iter().all(is_https)
        }),
        "account_linking_url" => value.as_str().is_some_and(|url| url.starts_with("https://")),
        _ => value.is_array(),
    };
    if is_right { Ok(()) } else { Err(Refusal::bad_parameter(format!("{name} is not as it must be."))) }
}

fn texts<'a>(list: &'a Value, key: &str) -> Option<Vec<&'a str>> {
    list.as_array()?.iter().map(|one| one[key].as_str()).collect()
}
