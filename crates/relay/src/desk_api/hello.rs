//! Versions, rights, times.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use baton_protocol::hello::{Hello, Versions};

use super::gate::Desk;
use crate::state::Shared;

/// Says what the relay is and what the desk may read.
pub(super) async fn hello(State(shared): State<Arc<Shared>>, Desk(desk): Desk) -> Json<Hello> {
    Json(Hello {
        versions: Versions::ours(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        workspace: shared.workspace.clone(),
        desk: desk.desk,
        agent: desk.agent,
        agent_name: desk.agent_name,
        accounts: desk.accounts,
        app: shared.app.clone(),
        relay_ms: shared.clock.wall_ms(),
        meta_ms: shared.meta_time.now_ms(),
        login: shared.login.return_url.is_some(),
        blocks: true,
        presence: true,
        durable: shared.log.is_durable(),
    })
}
