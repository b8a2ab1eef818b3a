//! What a token is: `GET /debug_token` (docs/meta.md 1.4).

use std::sync::Arc;

use serde_json::json;

use super::Outcome;
use super::nodes::USER_ID;
use super::params::GraphCall;
use crate::clock::DAY_MS;
use crate::sim::Sim;
use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token};

const PAGE_SCOPES: &[&str] = &[
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "business_management",
];
const INSTAGRAM_SCOPES: &[&str] = &["instagram_basic", "instagram_manage_messages"];

/// `GET /debug_token`: asked with an app token, or with a living token of the same app.
pub(super) fn debug_token(sim: &Arc<Sim>, call: &GraphCall, asker: &Token) -> Result<Outcome, Refusal> {
    let text = call.text("input_token").ok_or_else(|| Refusal::bad_parameter("input_token is needed."))?;
    let found = sim.look(|world, _| {
        let token = world.tokens.get(&text)?;
        Some((token.clone(), world.app_name(&token.app), scopes(world, token), granular(world, token)))
    });
    let invalid = Refusal::of("token_invalid");
    let Some((token, app_name, scopes, granular)) = found.filter(|(token, ..)| token.app == asker.app) else {
        let error = json!({"code": 190, "message": invalid.text, "subcode": 467});
        return Ok(json!({"data": {"error": error, "is_valid": false, "scopes": []}}).into());
    };
    let kind = if matches!(token.holder, Holder::Page(_)) { "PAGE" } else { "USER" };
    if let Err(refusal) = token.check_alive(sim.clock.now_ms()) {
        let error = json!({"code": refusal.code, "message": refusal.text, "subcode": refusal.subcode});
        return Ok(json!({"data": {
            "error": error, "app_id": token.app.as_str(), "type": kind, "is_valid": false, "scopes": [],
        }})
        .into());
    }
    let mut data = json!({
        "app_id": token.app.as_str(), "type": kind, "application": app_name,
        "data_access_expires_at": (token.issued_ms + 90 * DAY_MS) / 1000, "expires_at": token.expires_ms.map_or(0, |ms| ms / 1000), "is_valid": true,
        "issued_at": token.issued_ms / 1000, "scopes": scopes, "user_id": USER_ID,
    });
    if let Some(account) = token.account() {
        data["profile_id"] = account.as_str().into();
        data["granular_scopes"] = granular.into();
    }
    Ok(json!({ "data": data }).into())
}

fn scopes(world: &World, token: &Token) -> Vec<&'static str> {
    let may_message = token.account().is_none_or(|account| world.may(account, "MESSAGING"));
    let has_instagram = token.account().is_none_or(|account| world.instagram_of(account).is_some());
    let pages = PAGE_SCOPES.iter().copied().filter(|scope| may_message || *scope != "pages_messaging");
    pages.chain(INSTAGRAM_SCOPES.iter().copied().filter(|_| has_instagram)).collect()
}

fn granular(world: &World, token: &Token) -> Vec<serde_json::Value> {
    let Some(account) = token.account() else { return Vec::new() };
    let instagram = world.instagram_of(account).map(|linked| linked.id.as_str());
    let targets = scopes(world, token).into_iter().filter_map(|scope| match scope {
        "business_management" => None,
        scope if scope.starts_with("pages_") => Some((scope, account.as_str())),
        scope => instagram.map(|id| (scope, id)),
    });
    targets.map(|(scope, id)| json!({"scope": scope, "target_ids": [id]})).collect()
}
