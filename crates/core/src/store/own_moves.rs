//! Who moved a thread's version: the assignments and statuses between two versions, as this desk's copy of the log
//! tells.

use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AccountId, AgentId, DeskId, LogName};

use super::error::of_json;
use super::{Result, Store, ThreadId, log, seq_in};

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

    /// Who moved a thread's version from `seen` to `now`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn moved_by(
        &self,
        thread: ThreadId,
        account: &AccountId,
        desk: DeskId,
        seen: u64,
        now: u64,
    ) -> Result<MovedBy> {
        let mut conn = self.read().acquire().await?;
        let ranges =
            log::cursor(&mut conn, &LogName::Account(account.clone())).await?.map(|known| known.ranges);
        let is_whole = ranges.is_some_and(|ranges| ranges.holes(now).iter().all(|(_, last)| *last <= seen));
        if !is_whole {
            return Ok(MovedBy::NotKnown);
        }
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM team_event
             WHERE account = ? AND seq > ? AND seq <= ? AND thread_id = ? AND fact IN ('assigned', 'status_set')",
        )
        .bind(account.as_str())
        .bind(seq_in(seen))
        .bind(seq_in(now))
        .bind(thread.0)
        .fetch_all(&mut *conn)
        .await?;
        let (mut assigned, mut status_set) = (false, false);
        for body in bodies {
            let (by, by_hand) = match of_json(&body)? {
                TeamFact::Assigned { by, reply, .. } => (by, reply.is_none()),
                TeamFact::StatusSet { by, .. } => {
                    status_set = true;
                    (by, false)
                }
                _ => continue,
            };
            if !matches!(by, Actor::Agent { desk: its, .. } if its == desk) {
                return Ok(MovedBy::Others);
            }
            assigned |= by_hand;
        }
        Ok(MovedBy::ThisDesk { assigned, status_set })
    }
}
