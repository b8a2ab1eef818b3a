//! Commands: accepted, a conflict with what is true now, or refused.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::{AgentId, CommandId, LogName};

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
    let returns = match &request.command {
        Command::ReturnThreads { agent } => Some(*agent),
        _ => None,
    };
    let token_died = matches!(request.command, Command::ReportToken { alive: false });
    let account = log.account().cloned();
    let ask = Ask { log, desk: desk.desk, request, steward };
    let verdict = match returns {
        Some(agent) => return_all(&shared, ask, agent).await?,
        None => shared.log.command(ask).await?,
    };
    match verdict {
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

/// Takes all threads from an agent: as many at a time as one transaction moves. A repeat of the desk's command goes on where the
/// first one was cut off.
async fn return_all(shared: &Shared, ask: Ask, agent: AgentId) -> Result<Verdict, No> {
    let (log, desk, steward) = (ask.log.clone(), ask.desk, ask.steward);
    let mut verdict = shared.log.command(ask).await?;
    loop {
        let mut accepted = match verdict {
            Verdict::Accepted(accepted) if accepted.threads_left.is_some_and(|left| left > 0) => accepted,
            other => return Ok(other),
        };
        let request = CommandRequest {
            command_id: CommandId::new(),
            if_version: None,
            if_no_word_after: None,
            command: Command::ReturnThreads { agent },
        };
        let more = shared.log.command(Ask { log: log.clone(), desk, request, steward }).await?;
        let Verdict::Accepted(more) = more else { return Ok(more) };
        if more.seqs.is_empty() {
            accepted.threads_left = more.threads_left;
            return Ok(Verdict::Accepted(accepted));
        }
        accepted.seqs.extend(more.seqs);
        accepted.threads_left = more.threads_left;
        verdict = Verdict::Accepted(accepted);
    }
}
