//! Page tokens: registering a fingerprint, which desks have one, boxes, proofs.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use baton_messenger::id::AccountId;
use baton_messenger::signature;
use baton_protocol::error::ErrorCode;
use baton_protocol::sealed::MAX_SEALED_BYTES;
use baton_protocol::token::{BoxesKept, BoxesLeft, TimedProof, TokenDesks, TokenRegistered, TokenShown};
use secrecy::ExposeSecret;

use super::gate::{Desk, read, readable};
use super::no::{No, found};
use crate::secret::Hash;
use crate::state::Shared;
use crate::token_check;

/// A token as it was shown, if it is written as Meta's are. Anything else is never looked at twice, and never signed.
fn shown(shared: &Shared, body: &[u8]) -> Result<TokenShown, No> {
    let shown: TokenShown = read(body)?;
    if !shown.token.is_well_formed() {
        shared.refused.count("token_malformed");
        return Err(No::token_refused("This is not written as Meta's tokens are."));
    }
    Ok(shown)
}

/// Asks Meta about the token, and keeps its fingerprint.
pub(super) async fn register(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<Json<TokenRegistered>, No> {
    let account = readable(&desk, account)?;
    let shown = shown(&shared, &body)?;
    shared.allowances.tokens.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    let Some(on) = desk.accounts.iter().find(|on| on.account == account) else {
        return Err(No::no_such_log());
    };
    let facts = token_check::check(&shared, on, &shown.token).await.map_err(|bad| {
        shared.refused.count("token_refused");
        No::from(bad)
    })?;
    let print = Hash::of(shown.token.expose());
    found(shared.log.register_token(desk.desk, &account, &print).await?)?;
    tracing::info!(desk = %desk.desk, %account, "a desk registered its Page token");
    let reached: Vec<&AccountId> = facts.account.iter().chain([&account]).collect();
    Ok(Json(TokenRegistered {
        expires_ms: facts.expires_ms,
        data_access_expires_ms: facts.data_access_expires_ms,
        scopes: facts.rights_on(&reached).into_iter().map(str::to_owned).collect(),
    }))
}

/// Lists the desks of an account, for an admin.
pub(super) async fn desks(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
) -> Result<Json<TokenDesks>, No> {
    let account = readable(&desk, account)?;
    let desks = found(shared.log.token_desks(desk.desk, &account).await?)?;
    Ok(Json(TokenDesks { desks: desks.ok_or_else(only_admins)? }))
}

/// Keeps boxes for other desks, from an admin.
pub(super) async fn leave_boxes(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<Json<BoxesKept>, No> {
    let account = readable(&desk, account)?;
    let left: BoxesLeft = read(&body)?;
    if left.boxes.iter().any(|each| each.sealed.0.len() > MAX_SEALED_BYTES) {
        return Err(No::bad_request("A box is larger than any token."));
    }
    shared.allowances.boxes.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    let kept = found(shared.log.leave_boxes(desk.desk, &account, left).await?)?.ok_or_else(only_admins)?;
    tracing::info!(desk = %desk.desk, %account, kept = kept.kept.len(), "an admin's desk left boxes");
    Ok(Json(kept))
}

/// Hands out the box that waits for this desk, once.
pub(super) async fn take_box(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
) -> Result<impl IntoResponse, No> {
    let account = readable(&desk, account)?;
    let taken = found(shared.log.take_box(desk.desk, &account).await?)?.ok_or_else(No::nothing_waiting)?;
    tracing::info!(desk = %desk.desk, %account, "a desk took its box");
    Ok(([(CACHE_CONTROL, "no-store")], Json(taken)))
}

/// Makes Meta's timed proof for a registered token, at the relay's own time.
///
/// The same secret signs webhooks, so this signs nothing but `<token>|<seconds>`: the token has no character that JSON
/// begins with and was found alive by Meta, and the seconds are not the desk's to choose.
pub(super) async fn prove(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<impl IntoResponse, No> {
    let account = readable(&desk, account)?;
    shared.allowances.proofs.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    let shown = shown(&shared, &body)?;
    let print = Hash::of(shown.token.expose());
    if !found(shared.log.knows_token(desk.desk, &account, &print).await?)? {
        shared.refused.count("proof_of_unknown_token");
        return Err(No::token_refused("This token is not registered for the account."));
    }
    let time = shared.meta_or_wall_ms().div_euclid(1000);
    let secret = shared.app_secret.secret.expose_secret().as_bytes();
    let proof = signature::appsecret_proof_timed(secret, shown.token.expose(), time);
    Ok(([(CACHE_CONTROL, "no-store")], Json(TimedProof { proof, time })))
}

fn only_admins() -> No {
    No::new(
        ErrorCode::NotAllowed,
        "Only an admin of the account hands out its Page token.",
        "Ask an admin of the account.",
    )
}
