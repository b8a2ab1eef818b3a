//! Replies of other desks that have not ended or whose message did not come, and what an agent here can do with them. The
//! relay lets nobody send past one of unknown end who has not seen it, so everybody sees it, and whoever may gives it up.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::team::Settlement;
use baton_protocol::{AgentId, LogName, PartId};

use super::inner::request;
use super::{Desk, DeskError};
use crate::store::{Reading, StoreError, TeamPartRow, ThreadRow};

/// A part that another desk has on its way, whose end nobody knows, or that was sent and is no message here yet.
#[derive(Clone, Debug, PartialEq)]
pub struct PartElsewhere {
    /// The part.
    pub part: TeamPartRow,
    /// True when this agent may give it up: its end is unknown, and the agent is its author, works on the thread, or
    /// supervises the account.
    pub may_give_up: bool,
}

impl Desk {
    /// The parts of a thread that other desks have on their way or whose end nobody knows, and before them those that were sent
    /// and of which no message came: what arrived at the customer is not taken from sight. Each oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn parts_elsewhere(
        &self,
        reading: &mut Reading,
        thread: &ThreadRow,
    ) -> Result<Vec<PartElsewhere>, StoreError> {
        let mut parts = reading.sent_without_message(thread.id).await?;
        parts.extend(reading.parts_elsewhere(thread.id).await?);
        let (Some(me), false) = (self.me(), parts.is_empty()) else {
            return Ok(Vec::new());
        };
        let role = reading.agent_role(me, &thread.key.account).await?;
        let parts = parts.into_iter();
        Ok(parts
            .map(|part| PartElsewhere { may_give_up: may_give_up(&part, me, role, thread.assignee), part })
            .collect())
    }

    /// Gives up a part of another desk whose end nobody knows. A proof that comes later still counts.
    ///
    /// # Errors
    /// [`DeskError::PartMovedOn`] when it is not unknown any more; [`DeskError::Relay`] when the relay cannot be reached or
    /// does not allow it.
    pub(super) async fn give_up_elsewhere(&self, part: PartId) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let known = self.inner.store.team_part(part).await?.ok_or(StoreError::Missing("reply"))?;
        let (Some(reply), true) = (known.reply, known.is_unknown()) else {
            return Err(DeskError::PartMovedOn);
        };
        let thread = self.inner.thread(known.thread).await?;
        let command = Command::SettleSend {
            customer: thread.key.customer,
            reply,
            part,
            settlement: Settlement::Abandoned { by: me },
        };
        self.inner.ask(&LogName::Account(thread.key.account), &request(command)).await?;
        Ok(())
    }
}

/// As the relay judges it.
fn may_give_up(part: &TeamPartRow, me: AgentId, role: Option<Role>, assignee: Option<AgentId>) -> bool {
    let supervises = role.is_some_and(|role| role != Role::Agent);
    part.is_unknown() && (supervises || part.agent == Some(me) || assignee == Some(me))
}
