//! What desks say of their agents: whether they are there, and what they look at; and that a supervisor sets somebody offline.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::presence::{MAX_CUSTOMER_BYTES, PresenceSaid, SetOffline, Viewing};
use baton_protocol::{AgentId, DeskId, OfflineId};

use super::gate::{Desk, read};
use super::no::No;
use crate::people::DeskAccess;
use crate::presence::{Event, accounts_of};
use crate::state::Shared;

/// Takes in what a desk says. A thread that it may not read is answered like one that there is not.
pub(super) async fn say(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    body: Bytes,
) -> Result<StatusCode, No> {
    let said: PresenceSaid = read(&body)?;
    if let Some(viewing) = &said.viewing {
        if desk.role(&viewing.thread.account).is_none() {
            return Err(No::no_such_log());
        }
        if is_too_long(viewing) {
            return Err(No::bad_request("No customer has an id that is so long."));
        }
    }
    let boot_ms = shared.clock.boot_ms();
    shared.allowances.presence.take(desk.desk, boot_ms).map_err(No::too_many)?;
    shared.there.happens(Event::Said { desk: desk.desk, said }, boot_ms);
    Ok(StatusCode::NO_CONTENT)
}

/// Sets an agent offline, until they choose again: for whoever supervises an account that the agent works on. About somebody
/// who shares no account with the asker nothing is said.
pub(super) async fn set_offline(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(agent): Path<String>,
) -> Result<StatusCode, No> {
    let nobody = || {
        No::new(
            ErrorCode::NotFound,
            "There is no such person on an account of yours.",
            "Look at the list of colleagues again.",
        )
    };
    let agent: AgentId = agent.parse().map_err(|_| nobody())?;
    let works_on = shared.log.roles_of(agent).await?;
    let shared_roles: Vec<Role> = works_on.iter().filter_map(|on| desk.role(&on.account)).collect();
    if shared_roles.is_empty() {
        return Err(nobody());
    }
    if shared_roles.iter().all(|role| *role == Role::Agent) {
        return Err(No::new(
            ErrorCode::NotAllowed,
            "Only a supervisor or an admin sets somebody offline.",
            "Ask a supervisor of an account that they work on.",
        ));
    }
    let set = SetOffline { agent, by: desk.agent, offline: OfflineId::new() };
    tracing::info!(desk = %desk.desk, %agent, "a supervisor set an agent offline");
    shared.there.happens(Event::SetOffline(set), shared.clock.boot_ms());
    Ok(StatusCode::NO_CONTENT)
}

fn is_too_long(viewing: &Viewing) -> bool {
    viewing.thread.customer.as_str().len() > MAX_CUSTOMER_BYTES
}

/// The seat of a desk for as long as one of its streams lives.
pub(super) struct Seat {
    shared: Arc<Shared>,
    desk: DeskId,
}

impl Seat {
    /// Takes it. What the desk says with its stream is of before it heard of its rights: a thread that it may not read any
    /// more is left out.
    pub(super) fn take(shared: &Arc<Shared>, desk: &DeskAccess, said: Option<PresenceSaid>) -> Self {
        let may_show =
            |viewing: &Viewing| desk.role(&viewing.thread.account).is_some() && !is_too_long(viewing);
        let said = said.map(|said| PresenceSaid { viewing: said.viewing.filter(may_show), ..said });
        let opened = Event::Opened { desk: desk.desk, agent: desk.agent, accounts: accounts_of(desk), said };
        shared.there.happens(opened, shared.clock.boot_ms());
        Self { shared: Arc::clone(shared), desk: desk.desk }
    }

    /// The desk was cut off: nothing is left of it.
    pub(super) fn is_cut_off(&self) {
        self.shared.there.happens(Event::CutOff { desk: self.desk }, self.shared.clock.boot_ms());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.shared.there.happens(Event::Closed { desk: self.desk }, self.shared.clock.boot_ms());
    }
}
