//! Logins: begun by a desk, and their ends taken by it.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use baton_protocol::LoginId;
use baton_protocol::error::ErrorCode;
use baton_protocol::login::LoginRequest;

use super::gate::{Desk, read};
use super::no::No;
use crate::login;
use crate::login::CannotBegin;
use crate::state::Shared;

/// Begins a login.
pub(super) async fn begin(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    body: Bytes,
) -> Result<impl IntoResponse, No> {
    let request: LoginRequest = read(&body)?;
    shared.allowances.logins.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    let begun = login::begin(&shared, &desk, &request).await.map_err(cannot_begin)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(begun)))
}

fn cannot_begin(why: CannotBegin) -> No {
    match why {
        CannotBegin::NoPublicUrl => No::new(
            ErrorCode::NotConfigured,
            "The relay does not know at which address Meta reaches it, so nobody can log in.",
            "Have `public_url` set in the relay's settings, or paste a Page token.",
        ),
        CannotBegin::Log(error) => error.into(),
        other => {
            tracing::error!(error = %other, "a login could not begin");
            No::new(ErrorCode::Internal, other.to_string(), "Tell whoever operates the relay.")
        }
    }
}

/// Hands out how a login stands; an end only once.
pub(super) async fn take(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(login): Path<String>,
) -> Result<impl IntoResponse, No> {
    let login: LoginId = login.parse().map_err(|_| No::nothing_waiting())?;
    let standing = shared.log.take_login(desk.desk, login).await?.ok_or_else(No::nothing_waiting)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(standing)))
}
