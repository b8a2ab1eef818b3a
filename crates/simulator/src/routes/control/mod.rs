//! The control API: what tests and the phone do to the world, as JSON over loopback.
//!
//! | call | effect |
//! |---|---|
//! | `GET world` · `GET calls` · `GET webhooks` | everything there is to see; no token stands in it |
//! | `GET clock` · `POST clock/advance {ms}` | simulated time |
//! | `POST pages {…}` · `POST instagram {…, page_id}` | a Page; an Instagram account linked to a Page |
//! | `POST pages/{a}/routing {…}` · `…/human_agent {is_approved}` · `…/switches {…}` · `…/policy {action, reason}` | what is switched on for an account |
//! | `POST` `DELETE pages/{a}/subscriptions {app_id, fields}` | webhook subscriptions |
//! | `POST pages/{a}/tokens {app_id}` | a living token to act as any app, a new one when the old one died |
//! | `POST pages/{a}/tokens/kill {subcode}` · `…/revive` | token death |
//! | `POST app {requires_proof, redirects}` · `POST logins/kill {subcode}` | our app's settings; the person's login ends |
//! | `POST pages/{a}/customers {name}` · `GET pages/{a}/customers/{c}` | a customer, a thread |
//! | `POST pages/{a}/customers/{c}/{write,tap,press,choose,edit,unsend,react,arrive,receive,read}` | what the customer does |
//! | `POST pages/{a}/customers/{c}/{reach,profile,seize,inbox,ai_agent}` | what others and fate do |
//! | `GET` `POST limits {is_enforced, conversations_per_s …}` | Meta's budgets of calls |
//! | `POST dashboard_test {platform}` | the Test button of our app's dashboard |
//! | `GET` `POST` `DELETE faults` · `DELETE faults/{number}` · `GET faults/effects` | faults by rule, their counts, what there is |
//! | `GET` `POST` `DELETE load` · `GET load/acknowledged` | load on the receiver: how it goes, begin, stop; which messages it took |
//!
//! `{a}` is a Page or an Instagram account. Bodies are the public types of this crate: [`Said`](crate::Said) for
//! `write`, [`Tap`](crate::Tap) for `tap`, [`Arrival`](crate::Arrival) for `arrive` and so on.
//!
//! A refusal is 400 with `{"error": "<why>"}`.

mod accounts;
mod acts;
mod customers;
mod faults;
mod load;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use baton_messenger::Platform;
use serde::Deserialize;
use serde_json::{Value, json};

use super::peer::only_this_machine;
use crate::sim::Sim;
use crate::world::World;
use crate::world::limits::Limits;
use crate::world::refusals::Refusal;

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
        .route("/dashboard_test", post(dashboard_test))
        .route("/limits", get(limits).post(set_limits))
        .merge(accounts::router())
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

async fn limits(State(sim): Shared) -> Json<Limits> {
    Json(sim.look(|world, _| world.limits.clone()))
}

/// What is left out takes Meta's own figure.
async fn set_limits(State(sim): Shared, Json(limits): Json<Limits>) -> Json<Limits> {
    sim.act(|world, _| world.limits = limits);
    self::limits(State(sim)).await
}

#[derive(Deserialize)]
struct Test {
    platform: Platform,
}

async fn dashboard_test(State(sim): Shared, Json(test): Json<Test>) -> Json<Value> {
    sim.act(|world, now_ms| world.dashboard_test(&sim.desk_app, test.platform, now_ms));
    done()
}
