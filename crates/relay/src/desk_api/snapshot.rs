//! The team's state of an account.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use baton_protocol::AccountId;
use baton_protocol::snapshot::Snapshot;

use super::gate::Desk;
use super::no::{No, found};
use crate::state::Shared;

/// Reads it.
pub(super) async fn snapshot(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
) -> Result<Json<Snapshot>, No> {
    Ok(Json(found(shared.log.snapshot(desk.desk, &AccountId::new(account)).await?)?))
}
