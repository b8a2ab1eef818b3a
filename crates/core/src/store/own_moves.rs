//! Who moved a thread's version: the assignments and statuses between two versions, as this desk's copy of the log
//! tells.

use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AccountId, AgentId, DeskId, LogName};

use super::error::of_json;
use super::{Conn, Result, Store, ThreadId, log, seq_in};

/// Who moved a thread's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovedBy {
    /// This desk alone, or nobody.
    ThisDesk {
        /// An agent pressed for an assignment; a claim that came with a reply is none.
        assigned: bool,
        /// A status was set.
        status_set: bool,
    },
    /// Somebody else too.
    Others,
    /// Not all entries up to there are here yet.
    NotKnown,
}

/// The last thing that moved a thread's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// It got another assignee, or none.
    Assigned {
        /// Who works on it.
        to: Option<AgentId>,
        /// Who did it.
        by: Actor,
    },
    /// Its status was set.
    StatusSet {
        /// To what.
        status: Status,
        /// Who did it.
        by: Actor,
    },
}

impl Store {
    /// The last thing that moved a thread's version between `seen` and `now`, as far as it is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn last_move(&self, thread: ThreadId, seen: u64, now: u64) -> Result<Option<Move>> {
        let body: Option<String> = sqlx::query_scalar(
            "SELECT body FROM team_event
             WHERE thread_id = ? AND seq > ? AND seq <= ? AND fact IN ('assigned', 'status_set')
             ORDER BY seq DESC LIMIT 1",
        )
        .bind(thread.0)
        .bind(seq_in(seen))
        .bind(seq_in(now))
        .fetch_optional(self.read())
        .await?;
        Ok(match body.as_deref().map(of_json).transpose()? {
            Some(TeamFact::Assigned { assignee: to, by, .. }) => Some(Move::Assigned { to, by }),
            Some(TeamFact::StatusSet { status, by, .. }) => Some(Move::StatusSet { status, by }),
            _ => None,
        })
    }

    /// Who moved a thread's version from `seen` to `now`. That a rule of the relay gave it to this desk's own agent counts as
    /// this desk's: it speaks against nothing that the agent does there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn moved_by(
        &self,
        thread: ThreadId,
        account: &AccountId,
        me: (DeskId, AgentId),
        (seen, now): (u64, u64),
    ) -> Result<MovedBy> {
        let mut conn = self.read().acquire().await?;
        let ranges =
            log::cursor(&mut conn, &LogName::Account(account.clone())).await?.map(|known| known.ranges);
        let is_whole = ranges.is_some_and(|ranges| ranges.holes(now).iter().all(|(_, last)| *last <= seen));
        if !is_whole {
            return Ok(MovedBy::NotKnown);
        }
        let (mut assigned, mut status_set) = (false, false);
        for fact in moves(&mut conn, thread, (seen, now)).await? {
            if !is_of(&fact, me) {
                return Ok(MovedBy::Others);
            }
            assigned |= matches!(fact, TeamFact::Assigned { reply: None, .. });
            status_set |= matches!(fact, TeamFact::StatusSet { .. });
        }
        Ok(MovedBy::ThisDesk { assigned, status_set })
    }

    /// Who was the first other than this desk to move a thread between two versions, as far as it is here; none where that was
    /// no agent.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_mover(
        &self,
        thread: ThreadId,
        me: (DeskId, AgentId),
        between: (u64, u64),
    ) -> Result<Option<AgentId>> {
        let mut conn = self.read().acquire().await?;
        let others = moves(&mut conn, thread, between).await?.into_iter().find(|fact| !is_of(fact, me));
        Ok(match others {
            Some(
                TeamFact::Assigned { by: Actor::Agent { agent, .. }, .. }
                | TeamFact::StatusSet { by: Actor::Agent { agent, .. }, .. },
            ) => Some(agent),
            _ => None,
        })
    }
}

/// What moved a thread's version after `seen` and up to `now`, in order.
async fn moves(conn: &mut Conn, thread: ThreadId, (seen, now): (u64, u64)) -> Result<Vec<TeamFact>> {
    let bodies: Vec<String> = sqlx::query_scalar(
        "SELECT body FROM team_event
         WHERE thread_id = ? AND seq > ? AND seq <= ? AND fact IN ('assigned', 'status_set') ORDER BY seq",
    )
    .bind(thread.0)
    .bind(seq_in(seen))
    .bind(seq_in(now))
    .fetch_all(conn)
    .await?;
    bodies.iter().map(|body| of_json(body)).collect()
}

/// Whether a move is this desk's doing, or gives the thread to its agent by a rule.
fn is_of(fact: &TeamFact, (desk, agent): (DeskId, AgentId)) -> bool {
    match fact {
        TeamFact::Assigned { assignee, by: Actor::Relay, .. } => *assignee == Some(agent),
        TeamFact::Assigned { by, .. } | TeamFact::StatusSet { by, .. } => {
            matches!(by, Actor::Agent { desk: its, .. } if *its == desk)
        }
        _ => true,
    }
}
