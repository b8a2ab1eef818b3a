//! Accounts over the control API: what an admin or Meta switches.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use baton_messenger::{AccountId, AppId};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Refused, Shared, done};
use crate::admin;
use crate::sim::Sim;
use crate::world::account::Switches;
use crate::world::acts::business::PolicyNotice;
use crate::world::refusals::Refusal;
use crate::world::token::death;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/app", post(set_app))
        .route("/logins/kill", post(kill_logins))
        .route("/pages", post(add_page))
        .route("/instagram", post(add_instagram))
        .route("/pages/{page}/routing", post(set_routing))
        .route("/pages/{page}/human_agent", post(set_human_agent))
        .route("/pages/{page}/switches", post(set_switches))
        .route("/pages/{page}/policy", post(policy))
        .route("/pages/{page}/subscriptions", post(subscribe).delete(unsubscribe))
        .route("/pages/{page}/tokens", post(give_token))
        .route("/pages/{page}/tokens/kill", post(kill_tokens))
        .route("/pages/{page}/tokens/revive", post(revive_tokens))
}

async fn add_page(State(sim): Shared, Json(page): Json<admin::NewPage>) -> Answer {
    let desk_app = sim.desk_app.clone();
    let id = page.id.clone();
    let token = sim.act(|world, now_ms| admin::add_page(world, page, &desk_app, now_ms));
    Ok(Json(json!({"id": id, "token": token.expose_secret()})))
}

async fn add_instagram(State(sim): Shared, Json(account): Json<admin::NewInstagram>) -> Answer {
    let id = account.id.clone();
    sim.act(|world, _| admin::add_instagram(world, account))?;
    Ok(Json(json!({ "id": id })))
}

async fn set_routing(
    State(sim): Shared,
    Path(page): Path<AccountId>,
    Json(mode): Json<admin::RoutingMode>,
) -> Answer {
    sim.act(|world, now_ms| admin::set_routing(world, &page, &mode, now_ms))?;
    Ok(done())
}

#[derive(Deserialize)]
struct HumanAgent {
    is_approved: bool,
}

async fn set_human_agent(
    State(sim): Shared,
    Path(page): Path<AccountId>,
    Json(wish): Json<HumanAgent>,
) -> Answer {
    sim.act(|world, _| world.account_mut(&page).map(|a| a.switches.has_human_agent = wish.is_approved))?;
    Ok(done())
}

/// What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchesWish {
    is_human_agent_approved: Option<bool>,
    is_profile_access_approved: Option<bool>,
    allows_tools: Option<bool>,
    is_eligible: Option<bool>,
    has_albums: Option<bool>,
    has_label_terms: Option<bool>,
}

async fn set_switches(
    State(sim): Shared,
    Path(page): Path<AccountId>,
    Json(wish): Json<SwitchesWish>,
) -> Answer {
    sim.act(|world, _| {
        let now = &mut world.account_mut(&page)?.switches;
        *now = Switches {
            has_human_agent: wish.is_human_agent_approved.unwrap_or(now.has_human_agent),
            has_names: wish.is_profile_access_approved.unwrap_or(now.has_names),
            allows_tools: wish.allows_tools.unwrap_or(now.allows_tools),
            is_eligible: wish.is_eligible.unwrap_or(now.is_eligible),
            has_albums: wish.has_albums.unwrap_or(now.has_albums),
            has_label_terms: wish.has_label_terms.unwrap_or(now.has_label_terms),
        };
        Ok::<_, Refusal>(())
    })?;
    Ok(done())
}

#[derive(Deserialize)]
struct PolicyWish {
    action: PolicyNotice,
    #[serde(default)]
    reason: String,
}

async fn policy(State(sim): Shared, Path(page): Path<AccountId>, Json(wish): Json<PolicyWish>) -> Answer {
    sim.act(|world, now_ms| world.policy_notice(&page, wish.action, &wish.reason, now_ms))?;
    Ok(done())
}

#[derive(Deserialize)]
struct SubscriptionWish {
    app_id: AppId,
    #[serde(default)]
    fields: Vec<String>,
}

async fn subscribe(
    State(sim): Shared,
    Path(page): Path<AccountId>,
    Json(wish): Json<SubscriptionWish>,
) -> Answer {
    sim.act(|world, _| admin::subscribe(world, &page, &wish.app_id, &wish.fields))?;
    Ok(done())
}

async fn unsubscribe(
    State(sim): Shared,
    Path(page): Path<AccountId>,
    Json(wish): Json<SubscriptionWish>,
) -> Answer {
    sim.act(|world, _| admin::unsubscribe(world, &page, &wish.app_id))?;
    Ok(done())
}

#[derive(Deserialize)]
struct TokenWish {
    app_id: AppId,
}

async fn give_token(State(sim): Shared, Path(page): Path<AccountId>, Json(wish): Json<TokenWish>) -> Answer {
    let token = sim.act(|world, now_ms| {
        world.app(&wish.app_id)?;
        world.account(&page)?;
        Ok::<_, Refusal>(admin::token_for(world, &wish.app_id, &page, now_ms))
    })?;
    Ok(Json(json!({"token": token.expose_secret()})))
}

#[derive(Deserialize)]
struct Death {
    subcode: i64,
}

async fn kill_tokens(State(sim): Shared, Path(page): Path<AccountId>, Json(wish): Json<Death>) -> Answer {
    let cause =
        death(wish.subcode).ok_or_else(|| Refused(format!("190 has no subcode {} here.", wish.subcode)))?;
    sim.act(|world, _| admin::set_dead(world, &sim.desk_app, &page, Some(cause)));
    Ok(done())
}

async fn revive_tokens(State(sim): Shared, Path(page): Path<AccountId>) -> Json<Value> {
    sim.act(|world, _| admin::set_dead(world, &sim.desk_app, &page, None));
    done()
}

/// What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppWish {
    requires_proof: Option<bool>,
    redirects: Option<Vec<String>>,
}

async fn set_app(State(sim): Shared, Json(wish): Json<AppWish>) -> Json<Value> {
    sim.act(|world, _| {
        if let Some(app) = world.apps.get_mut(&sim.desk_app) {
            app.requires_proof = wish.requires_proof.unwrap_or(app.requires_proof);
            app.redirects = wish.redirects.unwrap_or_else(|| app.redirects.clone());
        }
    });
    done()
}

async fn kill_logins(State(sim): Shared, Json(wish): Json<Death>) -> Answer {
    let cause =
        death(wish.subcode).ok_or_else(|| Refused(format!("190 has no subcode {} here.", wish.subcode)))?;
    sim.act(|world, _| world.set_logins_dead(&sim.desk_app, Some(cause)));
    Ok(done())
}
