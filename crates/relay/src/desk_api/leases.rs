//! The steward's lease of an account, and slots for reads of Graph.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use baton_protocol::lease::{LeaseAsked, Leased, SlotAsked, SlotGiven};

use super::gate::{Desk, read, readable};
use super::no::{No, found};
use crate::state::Shared;

/// Gives or renews the lease, to a desk that showed a token which lives.
pub(super) async fn ask(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<Json<Leased>, No> {
    let account = readable(&desk, account)?;
    let asked: LeaseAsked = read(&body)?;
    shared.allowances.leases.take(desk.desk, shared.clock.boot_ms()).map_err(No::too_many)?;
    if !found(shared.log.token_lives(desk.desk, &account).await?)? {
        shared.stewards.give_back(&account, desk.desk);
        return Err(No::token_refused("This desk has shown no Page token of the account that lives."));
    }
    let boot_ms = shared.clock.boot_ms();
    Ok(Json(shared.stewards.ask(&account, desk.desk, asked.progress, boot_ms)))
}

/// Takes the lease back from a desk that has it.
pub(super) async fn give_back(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
) -> Result<StatusCode, No> {
    let account = readable(&desk, account)?;
    shared.stewards.give_back(&account, desk.desk);
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the slot of one read, or says when to ask again.
pub(super) async fn slot(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    body: Bytes,
) -> Result<Json<SlotGiven>, No> {
    let account = readable(&desk, account)?;
    let asked: SlotAsked = read(&body)?;
    let boot_ms = shared.clock.boot_ms();
    shared.allowances.slots.take(desk.desk, boot_ms).map_err(No::too_many)?;
    Ok(Json(shared.stewards.slot(&account, asked.urgency, boot_ms)))
}
