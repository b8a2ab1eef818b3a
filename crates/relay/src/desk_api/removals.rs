//! What desks confirm once it is gone from them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use baton_protocol::error::ErrorCode;
use baton_protocol::people::Removals;

use super::gate::{AnyToken, Desk, read};
use super::no::{No, found};
use crate::state::Shared;

/// How much one call confirms at most.
const MOST: usize = 10_000;

/// What the asking desk has to remove and did not confirm.
pub(super) async fn owed(State(shared): State<Arc<Shared>>, Desk(desk): Desk) -> Result<Json<Removals>, No> {
    Ok(Json(found(shared.log.owed(desk.desk).await?)?))
}

/// The asking desk confirms that this is gone.
pub(super) async fn gone(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    body: Bytes,
) -> Result<StatusCode, No> {
    let gone: Removals = read(&body)?;
    if gone.erasures.len() > MOST || gone.accounts.len() > MOST {
        return Err(No::bad_request("This is more than a desk can owe."));
    }
    let (erasures, accounts) = (gone.erasures.len(), gone.accounts.len());
    found(shared.log.gone(desk.desk, gone).await?)?;
    tracing::info!(desk = %desk.desk, erasures, accounts, "a desk confirmed that something is gone");
    Ok(StatusCode::NO_CONTENT)
}

/// A desk that was cut off says that nothing is left on it.
pub(super) async fn wiped(
    State(shared): State<Arc<Shared>>,
    AnyToken(token): AnyToken,
) -> Result<StatusCode, No> {
    match shared.log.wiped(&token).await? {
        Some(true) => {
            tracing::info!("a desk that was cut off confirmed that nothing is left on it");
            Ok(StatusCode::NO_CONTENT)
        }
        Some(false) => Err(No::new(
            ErrorCode::NotAllowed,
            "This desk was not cut off, so it has nothing to confirm.",
            "This is a fault of the desk's program; update it.",
        )),
        None => Err(No::unauthenticated()),
    }
}
