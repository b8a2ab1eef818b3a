//! Meta's side: the handshake and the webhooks; browsers that come back from Meta's login pass through to [`crate::login`].
//!
//! ```text
//! POST ─▶ signature over the raw bytes ─▶ events ─▶ log, one transaction ─▶ 200 after the sync
//!              │ 403, counted                 │ unreadable, or nobody's account
//!              ▼                              ▼
//!            refused                     quarantine, 200 (a refusal would cost the subscription)
//! ```

mod handshake;
mod webhook;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use baton_protocol::routes;

use crate::state::Shared;

/// The routes of the public listener.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(routes::WEBHOOK, get(handshake::handshake).post(webhook::webhook))
        .route(routes::HEALTH, get(crate::health::health))
        .merge(crate::login::router())
        // The cap is the listener's, which is larger than the framework's own.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(shared)
}
