//! The customer's phone: one page, its live stream, its little pictures.
//!
//! While a phone listens to a thread it is switched on: what is sent arrives there at once. Having seen it is the
//! page's own word, by the control API.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use baton_messenger::{AccountId, CustomerId};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use tokio_stream::wrappers::WatchStream;

use super::control::Shared;
use super::pages::file;
use super::peer::only_this_machine;
use crate::sim::Sim;
use crate::world::World;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(async || file("phone/phone.html")))
        .route("/events", get(events))
        .layer(from_fn(only_this_machine))
        .route("/picture/{customer}", get(picture))
}

#[derive(Deserialize)]
struct Whose {
    page: Option<AccountId>,
    customer: Option<CustomerId>,
}

/// `world` whenever anything changed, `thread` with the chosen thread, at least once a second for the clock.
async fn events(
    State(sim): Shared,
    Query(whose): Query<Whose>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let beats = tokio_stream::wrappers::IntervalStream::new(tokio::time::interval(Duration::from_secs(1)));
    let changes = WatchStream::new(sim.changed.subscribe());
    let wakes = futures_util::stream::select(changes.map(|_| ()), beats.map(|_| ()));
    let stop = sim.stop.clone();
    let stream = wakes
        .take_until(stop.cancelled_owned())
        .flat_map(move |()| futures_util::stream::iter(frames(&sim, &whose)));
    Sse::new(stream).keep_alive(KeepAlive::default())
}

fn frames(sim: &Arc<Sim>, whose: &Whose) -> Vec<Result<Event, Infallible>> {
    let mut frames = vec![frame("world", &sim.look(World::show))];
    if let (Some(page), Some(customer)) = (&whose.page, &whose.customer) {
        if waits_for_phone(sim, page, customer) {
            let _ = sim.act(|world, now_ms| world.customer_receives(page, customer, now_ms));
        }
        if let Some(thread) = sim.look(|world, now_ms| world.show_thread(page, customer, now_ms)) {
            frames.push(frame("thread", &thread));
        }
    }
    frames.into_iter().flatten().map(Ok).collect()
}

fn waits_for_phone(sim: &Sim, page: &AccountId, customer: &CustomerId) -> bool {
    sim.look(|world, _| {
        world.thread(page, customer).is_ok_and(|thread| {
            thread.messages.iter().any(|m| !m.is_from_customer() && m.at_ms > thread.delivered_ms)
        })
    })
}

fn frame(name: &str, value: &impl serde::Serialize) -> Option<Event> {
    Event::default().event(name).json_data(value).ok()
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
