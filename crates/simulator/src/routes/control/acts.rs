//! What customers do with their phones, over the control API. The phone page uses the same calls.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use baton_messenger::Mid;
use serde::Deserialize;
use serde_json::json;

use super::customers::Whom;
use super::{Answer, Shared, done};
use crate::sim::Sim;
use crate::world::acts::arrive::Arrival;
use crate::world::acts::said::Said;
use crate::world::acts::tap::Tap;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/write", post(write))
        .route("/tap", post(tap))
        .route("/press", post(press))
        .route("/choose", post(choose))
        .route("/edit", post(edit))
        .route("/unsend", post(unsend))
        .route("/react", post(react))
        .route("/arrive", post(arrive))
        .route("/receive", post(receive))
        .route("/read", post(read))
}

async fn write(State(sim): Shared, Path((page, customer)): Whom, Json(said): Json<Said>) -> Answer {
    let mid = sim.act(|world, now_ms| world.customer_says(&page, &customer, &said, now_ms))?;
    Ok(Json(json!({"mid": mid.as_str()})))
}

async fn tap(State(sim): Shared, Path((page, customer)): Whom, Json(tap): Json<Tap>) -> Answer {
    let mid = sim.act(|world, now_ms| world.customer_taps(&page, &customer, &tap, now_ms))?;
    Ok(Json(json!({"mid": mid.as_str()})))
}

#[derive(Deserialize)]
struct Press {
    mid: Mid,
    #[serde(default)]
    element: usize,
    button: usize,
}

async fn press(State(sim): Shared, Path((page, customer)): Whom, Json(press): Json<Press>) -> Answer {
    let which = (press.element, press.button);
    let pressed =
        sim.act(|world, now_ms| world.customer_presses(&page, &customer, &press.mid, which, now_ms))?;
    Ok(Json(json!(pressed)))
}

#[derive(Deserialize)]
struct Choice {
    mid: Mid,
    index: usize,
}

async fn choose(State(sim): Shared, Path((page, customer)): Whom, Json(choice): Json<Choice>) -> Answer {
    let mid =
        sim.act(|world, now_ms| world.customer_chooses(&page, &customer, &choice.mid, choice.index, now_ms))?;
    Ok(Json(json!({"mid": mid.as_str()})))
}

#[derive(Deserialize)]
struct Edit {
    mid: Mid,
    text: String,
}

async fn edit(State(sim): Shared, Path((page, customer)): Whom, Json(edit): Json<Edit>) -> Answer {
    sim.act(|world, now_ms| world.customer_edits(&page, &customer, &edit.mid, &edit.text, now_ms))?;
    Ok(done())
}

#[derive(Deserialize)]
struct Which {
    mid: Mid,
}

async fn unsend(State(sim): Shared, Path((page, customer)): Whom, Json(which): Json<Which>) -> Answer {
    sim.act(|world, now_ms| world.customer_unsends(&page, &customer, &which.mid, now_ms))?;
    Ok(done())
}

#[derive(Deserialize)]
struct Feeling {
    mid: Mid,
    /// A name (`love`, `like` …) or an emoji. Left out: the reaction is taken back.
    #[serde(default)]
    reaction: Option<String>,
}

async fn react(State(sim): Shared, Path((page, customer)): Whom, Json(feeling): Json<Feeling>) -> Answer {
    let name = feeling.reaction.as_deref();
    sim.act(|world, now_ms| world.customer_reacts(&page, &customer, &feeling.mid, name, now_ms))?;
    Ok(done())
}

async fn arrive(State(sim): Shared, Path((page, customer)): Whom, Json(arrival): Json<Arrival>) -> Answer {
    sim.act(|world, now_ms| world.customer_arrives(&page, &customer, &arrival, now_ms))?;
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
