//! What customers do, over the control API. The phone page uses the same calls.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Refused, Shared, done};
use crate::admin::NewCustomer;
use crate::sim::Sim;
use crate::world::NewPerson;
use crate::world::customer::reaction;

type Whom = Path<(AccountId, CustomerId)>;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", post(add))
        .route("/{customer}", get(show))
        .route("/{customer}/write", post(write))
        .route("/{customer}/tap", post(tap))
        .route("/{customer}/react", post(react))
        .route("/{customer}/receive", post(receive))
        .route("/{customer}/read", post(read))
        .route("/{customer}/reach", post(reach))
        .route("/{customer}/seize", post(seize))
}

async fn add(State(sim): Shared, Path(page): Path<AccountId>, Json(new): Json<NewCustomer>) -> Answer {
    if new.name.trim().is_empty() {
        return Err(Refused("A customer needs a name.".into()));
    }
    let id = sim.act(|world, _| world.add_customer(&page, NewPerson::from(new)))?;
    Ok(Json(json!({"id": id.as_str()})))
}

async fn show(State(sim): Shared, Path((page, customer)): Whom) -> Answer {
    let thread = sim.look(|world, now_ms| world.show_thread(&page, &customer, now_ms));
    let thread = thread.ok_or_else(|| Refused("No such customer on this Page.".into()))?;
    Ok(Json(json!(thread)))
}

#[derive(Deserialize)]
struct Words {
    text: String,
    #[serde(default)]
    reply_to: Option<Mid>,
}

async fn write(State(sim): Shared, Path((page, customer)): Whom, Json(words): Json<Words>) -> Answer {
    let mid = sim
        .act(|world, now_ms| world.customer_writes(&page, &customer, &words.text, words.reply_to, now_ms))?;
    Ok(Json(json!({"mid": mid.as_str()})))
}

#[derive(Deserialize)]
struct Tap {
    title: String,
    payload: String,
}

async fn tap(State(sim): Shared, Path((page, customer)): Whom, Json(tap): Json<Tap>) -> Answer {
    let mid =
        sim.act(|world, now_ms| world.customer_taps(&page, &customer, &tap.title, &tap.payload, now_ms))?;
    Ok(Json(json!({"mid": mid.as_str()})))
}

#[derive(Deserialize)]
struct Feeling {
    mid: Mid,
    /// Left out: the reaction is taken back.
    #[serde(default)]
    reaction: Option<String>,
}

async fn react(State(sim): Shared, Path((page, customer)): Whom, Json(feeling): Json<Feeling>) -> Answer {
    let what = feeling.reaction.as_deref().map(|name| reaction(name, None));
    sim.act(|world, now_ms| world.customer_reacts(&page, &customer, &feeling.mid, what.as_ref(), now_ms))?;
    Ok(done())
}

async fn receive(State(sim): Shared, Path((page, customer)): Whom) -> Answer {
    sim.act(|world, now_ms| world.customer_receives(&page, &customer, now_ms))?;
    Ok(done())
}

async fn read(State(sim): Shared, Path((page, customer)): Whom) -> Answer {
    sim.act(|world, now_ms| world.customer_reads(&page, &customer, now_ms))?;
    Ok(done())
}

#[derive(Deserialize)]
struct Reach {
    is_reachable: bool,
}

async fn reach(State(sim): Shared, Path((page, customer)): Whom, Json(reach): Json<Reach>) -> Answer {
    sim.act(|world, _| {
        world.thread_mut(&page, &customer).map(|t| t.customer.is_reachable = reach.is_reachable)
    })?;
    Ok(done())
}

#[derive(Deserialize)]
struct Seizure {
    /// Left out: the thread becomes idle.
    #[serde(default)]
    app_id: Option<AppId>,
}

async fn seize(State(sim): Shared, Path((page, customer)): Whom, Json(wish): Json<Seizure>) -> Answer {
    sim.act(|world, now_ms| world.seize(&page, &customer, wish.app_id.as_ref(), now_ms))?;
    Ok(done())
}
