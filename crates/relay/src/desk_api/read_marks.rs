//! Read marks of an agent.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use baton_protocol::AccountId;
use baton_protocol::snapshot::ReadMark;

use super::gate::{Desk, read};
use super::no::{No, found};
use crate::state::Shared;

/// Keeps a mark and tells the agent's other desks.
pub(super) async fn mark(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<StatusCode, No> {
    let account = AccountId::new(account);
    if desk.role(&account).is_none() {
        return Err(No::no_such_log());
    }
    let mark: ReadMark = read(&body)?;
    if mark.account != account {
        return Err(No::bad_request("The mark names another account than the address."));
    }
    found(shared.log.mark_read(desk.desk, mark).await?)?;
    Ok(StatusCode::NO_CONTENT)
}
