//! Invites: what one is good for, and using it up.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::enrol::{EnrolRequest, Enrolled, InviteInfo, InviteQuestion};
use baton_protocol::error::ErrorCode;
use baton_protocol::hello::Versions;
use baton_protocol::{AgentId, DeskId};
use secrecy::ExposeSecret;

use super::gate::{judge_version, read};
use super::no::No;
use crate::people::NewDesk;
use crate::secret::{self, Hash};
use crate::state::Shared;

const PUBLIC_KEY_BYTES: usize = 32;
const LONGEST_NAME: usize = 200;

/// Says what an invite is good for, without using it.
pub(super) async fn invite(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<InviteInfo>, No> {
    let question: InviteQuestion = read(&body)?;
    let invited = shared.log.invited(&Hash::of(question.invite.trim())).await?;
    let invited = invited.ok_or_else(|| not_valid(&shared))?;
    Ok(Json(InviteInfo {
        agent_name: invited.agent_name,
        accounts: invited.accounts,
        changes: invited.changes,
        expires_at_ms: invited.expires_at_ms,
        workspace: shared.workspace.clone(),
        versions: Versions::ours(),
    }))
}

/// Makes a desk of an invite.
pub(super) async fn enrol(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Enrolled>, No> {
    let request: EnrolRequest = read(&body)?;
    judge_version(Some(request.version))?;
    check(&request)?;
    let token = secret::fresh("desk_")
        .map_err(|e| No::new(ErrorCode::Internal, e.to_string(), "Tell whoever operates the relay."))?;
    let desk = NewDesk {
        invite: Hash::of(request.invite.trim()),
        desk: DeskId::new(),
        new_agent: AgentId::new(),
        name: request.desk_name,
        public_key: request.public_key,
        token: secret::hash(&token),
    };
    let made = shared.log.enrol(desk).await?.ok_or_else(|| not_valid(&shared))?;
    tracing::info!(desk = %made.desk, agent = %made.agent, accounts = made.accounts.len(), "a desk was enrolled");
    Ok(Json(Enrolled {
        desk: made.desk,
        agent: made.agent,
        agent_name: made.agent_name,
        workspace: shared.workspace.clone(),
        token: token.expose_secret().to_owned(),
        accounts: made.accounts,
    }))
}

fn check(request: &EnrolRequest) -> Result<(), No> {
    if !STANDARD.decode(&request.public_key).is_ok_and(|key| key.len() == PUBLIC_KEY_BYTES) {
        return Err(No::bad_request("The desk's public key is not an X25519 key in base64."));
    }
    let name = request.desk_name.trim();
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err(No::bad_request("The desk's name is empty or too long."));
    }
    Ok(())
}

fn not_valid(shared: &Shared) -> No {
    shared.refused.count("invite_invalid");
    No::new(
        ErrorCode::InviteInvalid,
        "This invite is not valid: it does not exist, was used, or has ended.",
        "Ask an admin for a new one.",
    )
}
