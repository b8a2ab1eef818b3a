//! Commands: accepted, a conflict with what is true now, or refused.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use baton_protocol::LogName;
use baton_protocol::command::{Command, CommandRequest};

use super::gate::{Desk, read};
use super::no::No;
use crate::log::{Ask, Verdict};
use crate::state::Shared;
use crate::stewards::Stewardship;

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
    let steward = log.account().map_or(Stewardship::Nobody, |account| {
        shared.stewards.standing(account, desk.desk, shared.clock.boot_ms())
    });
    let token_died = matches!(request.command, Command::ReportToken { alive: false });
    let account = log.account().cloned();
    match shared.log.command(Ask { log, desk: desk.desk, request, steward }).await? {
        Verdict::Accepted(accepted) => {
            if let Some(account) = account.filter(|_| token_died) {
                shared.stewards.give_back(&account, desk.desk);
            }
            Ok(Json(accepted).into_response())
        }
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
