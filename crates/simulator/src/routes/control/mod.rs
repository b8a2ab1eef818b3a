//! The control API: what tests and the phone do to the world, as JSON over loopback.
//!
//! | call | effect |
//! |---|---|
//! | `GET world` · `GET calls` · `GET webhooks` | everything there is to see; no token stands in it |
//! | `GET clock` · `POST clock/advance {ms}` | simulated time |
//! | `POST pages {…}` · `POST pages/{p}/routing {…}` · `POST pages/{p}/human_agent {is_approved}` | a Page and its flags |
//! | `POST` `DELETE pages/{p}/subscriptions {app_id, fields}` | webhook subscriptions |
//! | `POST pages/{p}/tokens {app_id}` | a token to act as any app |
//! | `POST pages/{p}/tokens/kill {subcode}` · `…/revive` | token death |
//! | `POST pages/{p}/customers {name}` · `GET pages/{p}/customers/{c}` | a customer, a thread |
//! | `POST pages/{p}/customers/{c}/{write,tap,react,receive,read,reach,seize}` | what the customer (or fate) does |
//! | `GET` `POST` `DELETE faults` · `DELETE faults/{number}` · `GET faults/effects` | faults by rule, their counts, what there is |
//! | `GET` `POST` `DELETE load` · `GET load/acknowledged` | load on the receiver: how it goes, begin, stop; which messages it took |
//!
//! A refusal is 400 with `{"error": "<why>"}`.

mod customers;
mod faults;
mod load;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use baton_messenger::{AccountId, AppId};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::peer::only_this_machine;
use crate::admin;
use crate::sim::Sim;
use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::token::death;

pub(in crate::routes) type Shared = State<Arc<Sim>>;

/// A refused act.
#[derive(Debug)]
pub(super) struct Refused(String);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.text)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"error": self.0}))).into_response()
    }
}

pub(super) type Answer = Result<Json<Value>, Refused>;

pub(super) fn done() -> Json<Value> {
    Json(json!({"done": true}))
}

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/world", get(async |State(sim): Shared| Json(sim.look(World::show))))
        .route("/calls", get(async |State(sim): Shared| Json(sim.journal.calls())))
        .route("/webhooks", get(async |State(sim): Shared| Json(sim.journal.webhooks())))
        .route("/clock", get(clock))
        .route("/clock/advance", post(advance))
        .route("/pages", post(add_page))
        .route("/pages/{page}/routing", post(set_routing))
        .route("/pages/{page}/human_agent", post(set_human_agent))
        .route("/pages/{page}/subscriptions", post(subscribe).delete(unsubscribe))
        .route("/pages/{page}/tokens", post(give_token))
        .route("/pages/{page}/tokens/kill", post(kill_tokens))
        .route("/pages/{page}/tokens/revive", post(revive_tokens))
        .nest("/pages/{page}/customers", customers::router())
        .nest("/faults", faults::router())
        .nest("/load", load::router())
        .layer(from_fn(only_this_machine))
}

async fn clock(State(sim): Shared) -> Json<Value> {
    Json(json!({"now_ms": sim.clock.now_ms(), "offset_ms": sim.clock.offset_ms()}))
}

#[derive(Deserialize)]
struct Step {
    ms: i64,
}

async fn advance(State(sim): Shared, Json(step): Json<Step>) -> Answer {
    if step.ms < 0 {
        return Err(Refused("The clock only moves forward.".into()));
    }
    sim.clock.advance(step.ms);
    sim.note_change();
    Ok(clock(State(sim)).await)
}

async fn add_page(State(sim): Shared, Json(page): Json<admin::NewPage>) -> Answer {
    let desk_app = sim.desk_app.clone();
    let id = page.id.clone();
    let token = sim.act(|world, now_ms| admin::add_page(world, page, &desk_app, now_ms));
    Ok(Json(json!({"id": id, "token": token.expose_secret()})))
}

async fn set_routing(
    State(sim): Shared,
    Path(page): Path<AccountId>,
    Json(mode): Json<admin::RoutingMode>,
) -> Answer {
    sim.act(|world, _| admin::set_routing(world, &page, &mode))?;
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
    sim.act(|world, _| world.page_mut(&page).map(|p| p.human_agent_approved = wish.is_approved))?;
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
    sim.act(|world, _| world.page_mut(&page).map(|p| p.subscriptions.remove(&wish.app_id)))?;
    Ok(done())
}

#[derive(Deserialize)]
struct TokenWish {
    app_id: AppId,
}

async fn give_token(State(sim): Shared, Path(page): Path<AccountId>, Json(wish): Json<TokenWish>) -> Answer {
    let token = sim.act(|world, now_ms| {
        world.app(&wish.app_id)?;
        world.page(&page)?;
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
