//! How late replies of an account ended, whichever desk sent them, as table `team_part` has it.

use baton_messenger::error::GraphError;
use baton_protocol::team::Settlement;
use baton_protocol::{AccountId, DeskId};

use super::error::{of_json, parsed_some};
use super::{Conn, Result, Store, ThreadId};

/// So many of the newest are looked at.
const NEWEST: i64 = 50;

/// How one late reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateEnd {
    /// Its thread.
    pub thread: ThreadId,
    /// The desk that sent it.
    pub desk: Option<DeskId>,
    /// When it was granted, milliseconds UTC of Meta as the relay knew it.
    pub at_ms: i64,
    /// Meta took it; else it was refused in a way that may mean that the account may send none.
    pub arrived: bool,
}

impl Store {
    /// The ends of an account's newest late replies that say something of its right to send them, oldest first: of those
    /// granted since somebody last said how that right stands.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn late_ends(&self, account: &AccountId) -> Result<Vec<LateEnd>> {
        let mut conn = self.read().acquire().await?;
        of_account(&mut conn, account).await
    }
}

pub(super) async fn of_account(conn: &mut Conn, account: &AccountId) -> Result<Vec<LateEnd>> {
    let ended: Vec<(i64, Option<String>, i64, String)> = sqlx::query_as(
        "SELECT p.thread_id, p.desk, p.granted_ms, p.settlement
         FROM account a JOIN team_part p ON p.account = a.account
         WHERE a.account = ?1 AND p.tag IS NOT NULL AND p.granted_seq > a.human_agent_seq
           AND p.granted_ms IS NOT NULL AND p.settlement IS NOT NULL
         ORDER BY p.granted_seq DESC LIMIT ?2",
    )
    .bind(account.as_str())
    .bind(NEWEST)
    .fetch_all(conn)
    .await?;
    let mut ends = Vec::with_capacity(ended.len());
    for (thread, desk, at_ms, settlement) in ended.into_iter().rev() {
        if let Some(arrived) = says(of_json(&settlement)?) {
            let desk = parsed_some(desk.as_deref())?;
            ends.push(LateEnd { thread: ThreadId(thread), desk, at_ms, arrived });
        }
    }
    Ok(ends)
}

/// Whether it arrived; none where its end says nothing of the right.
fn says(settlement: Settlement) -> Option<bool> {
    match settlement {
        Settlement::Sent { .. } => Some(true),
        Settlement::Refused { code, subcode, message, trace_id } => {
            let error = GraphError { code, subcode, message, trace_id, ..GraphError::default() };
            error.may_refuse_late_replies().then_some(false)
        }
        Settlement::NotBegun | Settlement::Unknown { .. } | Settlement::Abandoned { .. } => None,
    }
}
