//! The customer's phone: its page, its stream, its little pictures.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use baton_messenger::CustomerId;
use futures_util::Stream;

use super::control::Shared;
use super::pages::file;
use super::peer::only_this_machine;
use crate::phone::{self, Wish};
use crate::sim::Sim;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(async || file("phone/phone.html")))
        .route("/events", get(events))
        .layer(from_fn(only_this_machine))
        .route("/picture/{customer}", get(picture))
}

async fn events(
    State(sim): Shared,
    Query(wish): Query<Wish>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(phone::events(sim, wish)).keep_alive(KeepAlive::default())
}

/// A profile picture: the person's initials on a colour of their own.
async fn picture(State(sim): Shared, Path(customer): Path<CustomerId>) -> Response {
    let name = sim.look(|world, _| {
        world.accounts.values().find_map(|p| p.threads.get(&customer)).map(|t| t.customer.name())
    });
    let Some(name) = name else { return StatusCode::NOT_FOUND.into_response() };
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_alphanumeric())
        .take(2)
        .collect();
    // The golden angle sets neighbouring ids far apart on the colour wheel.
    let hue = customer.as_str().bytes().fold(0_u32, |sum, b| (sum * 31 + u32::from(b)) % 9973) * 137 % 360;
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="hsl({hue},35%,42%)"/><text x="48" y="60" font-family="sans-serif" font-size="36" fill="white" text-anchor="middle">{initials}</text></svg>"#
    );
    ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}
