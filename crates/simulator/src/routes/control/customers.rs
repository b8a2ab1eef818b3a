//! Customers over the control API: who there is, and what fate does to them. What they do themselves is in `acts`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use baton_messenger::{AccountId, AppId, CustomerId};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Refused, Shared, acts, done};
use crate::admin::NewCustomer;
use crate::sim::Sim;
use crate::world::NewPerson;
use crate::world::acts::business::LegacyShare;
use crate::world::thread::Profile;

pub(super) type Whom = Path<(AccountId, CustomerId)>;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", post(add))
        .route("/{customer}", get(show))
        .route("/{customer}/reach", post(reach))
        .route("/{customer}/profile", post(profile))
        .route("/{customer}/seize", post(seize))
        .route("/{customer}/inbox", post(inbox))
        .route("/{customer}/inbox/share", post(inbox_shares))
        .route("/{customer}/ai_agent", post(ai_agent))
        .nest("/{customer}", acts::router())
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
    let thread = thread.ok_or_else(|| Refused("No such customer on this account.".into()))?;
    Ok(Json(json!(thread)))
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
struct ProfileWish {
    profile: Profile,
}

async fn profile(State(sim): Shared, Path((page, customer)): Whom, Json(wish): Json<ProfileWish>) -> Answer {
    sim.act(|world, _| world.thread_mut(&page, &customer).map(|t| t.customer.profile = wish.profile))?;
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

#[derive(Deserialize)]
struct Business {
    /// Left out: the thread is only taken.
    #[serde(default)]
    text: Option<String>,
    /// The echo does not name the app.
    #[serde(default)]
    hides_app: bool,
}

async fn inbox(State(sim): Shared, Path((page, customer)): Whom, Json(wish): Json<Business>) -> Answer {
    match wish.text {
        None => {
            sim.act(|world, now_ms| world.inbox_takes(&page, &customer, now_ms))?;
            Ok(done())
        }
        Some(text) => {
            let mid = sim
                .act(|world, now_ms| world.inbox_answers(&page, &customer, &text, wish.hides_app, now_ms))?;
            Ok(Json(json!({"mid": mid.as_str()})))
        }
    }
}

async fn inbox_shares(
    State(sim): Shared,
    Path((page, customer)): Whom,
    Json(share): Json<LegacyShare>,
) -> Answer {
    let mid = sim.act(|world, now_ms| world.inbox_shares(&page, &customer, &share, now_ms))?;
    Ok(Json(json!({"mid": mid.as_str()})))
}

async fn ai_agent(State(sim): Shared, Path((page, customer)): Whom, Json(wish): Json<Business>) -> Answer {
    let mid = sim.act(|world, now_ms| match &wish.text {
        None => world.ai_agent_takes(&page, &customer, now_ms),
        Some(text) => world.ai_agent_answers(&page, &customer, text, now_ms),
    })?;
    Ok(Json(json!({"mid": mid.as_str()})))
}
