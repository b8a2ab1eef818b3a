//! Commands: accepted, a conflict with what is true now, or refused.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use baton_protocol::LogName;
use baton_protocol::command::CommandRequest;

use super::gate::{Desk, read};
use super::no::No;
use crate::log::{Ask, Verdict};
use crate::state::Shared;

/// Judges a command.
pub(super) async fn command(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(log): Path<String>,
    body: Bytes,
) -> Result<Response, No> {
    let log = LogName::from(log);
    let is_readable = log.account().is_none_or(|account| desk.role(account).is_some());
    if !is_readable {
        return Err(No::no_such_log());
    }
    let request: CommandRequest = read(&body)?;
    match shared.log.command(Ask { log, desk: desk.desk, request }).await? {
        Verdict::Accepted(accepted) => Ok(Json(accepted).into_response()),
        Verdict::Conflict(conflict) => {
            shared.refused.count("command_conflict");
            Ok((StatusCode::CONFLICT, Json(conflict)).into_response())
        }
        Verdict::Refused(refusal) => {
            shared.refused.count("command_refused");
            Err(refusal.into())
        }
        Verdict::NoSuchLog => Err(No::no_such_log()),
        Verdict::Revoked => Err(No::revoked()),
    }
}
