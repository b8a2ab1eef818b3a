//! The handshake by which Meta checks that the callback is ours (docs/meta.md 2.1).

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::state::Shared;

/// What Meta asks. The names have dots.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
}

/// Answers with the challenge, when the token is ours.
pub(super) async fn handshake(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
) -> (StatusCode, String) {
    let ours = shared.verify_token.expose_secret().as_bytes();
    let is_ours = bool::from(asked.verify_token.as_bytes().ct_eq(ours));
    if asked.mode == "subscribe" && is_ours {
        tracing::info!("Meta's handshake was answered");
        return (StatusCode::OK, asked.challenge);
    }
    shared.refused.count("handshake");
    tracing::warn!("a handshake with another verify token was refused");
    (StatusCode::FORBIDDEN, "The verify token is not ours.".to_owned())
}
