//! Drafts that desks tell, for when somebody falls out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use baton_protocol::draft::{DraftTold, MOST_BYTES, MOST_FILES, MOST_NAME_BYTES};
use baton_protocol::error::ErrorCode;
use baton_protocol::presence::MAX_CUSTOMER_BYTES;

use super::gate::{Desk, read, readable};
use super::no::{No, found};
use crate::state::Shared;

/// Keeps the draft of the desk's agent, or drops it.
pub(super) async fn keep(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<StatusCode, No> {
    let account = readable(&desk, account)?;
    let draft: DraftTold = read(&body)?;
    if draft.text.len() > MOST_BYTES {
        return Err(No::new(
            ErrorCode::TooLarge,
            format!("A draft of more than {MOST_BYTES} bytes is not kept for colleagues."),
            "It stays on this desk; write less in one reply.",
        ));
    }
    if draft.files.len() > MOST_FILES || draft.files.iter().any(|name| name.len() > MOST_NAME_BYTES) {
        return Err(No::bad_request("No draft names so many files, or one by so long a name."));
    }
    if draft.customer.as_str().len() > MAX_CUSTOMER_BYTES {
        return Err(No::bad_request("No customer has an id that is so long."));
    }
    shared.allowances.drafts.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    found(shared.log.keep_draft(desk.desk, &account, draft).await?)?;
    Ok(StatusCode::NO_CONTENT)
}
