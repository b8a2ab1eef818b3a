//! Threads that need a reply, can get one, and whose time ends soon: the window, the late window, or control, whichever is
//! next. Time makes no entry.
//!
//! ```text
//!   ends_ms far off, ending = 0 ──six hours before──▶ ending = 1 ──it ends──▶ what ends next, or nothing more
//!            ▲                                            │
//!            └── the customer wrote · late replies were approved · the clock was ahead
//! ```
//!
//! What ends next is told from the time of the last look, which is kept beside the threads, so it never matters when or how
//! often somebody looks. It is looked at again when the next one is near or over, and when what had ended turns out to be
//! still to come.

use std::collections::BTreeSet;

use baton_messenger::limits::{HUMAN_AGENT_WINDOW_MS, OPEN_WINDOW_MS};
use baton_protocol::AccountId;
use baton_thread::{Owner, OwnerState};
use sqlx::AssertSqlSafe;

use super::{Conn, Result, Store, ThreadId, setting, sleep};

/// Soon is within so long, milliseconds: six hours.
pub const SOON_MS: i64 = 6 * 60 * 60 * 1000;

/// The setting that holds when threads were last looked at, milliseconds UTC of Meta.
pub(super) const LOOKED: &str = "store.looked_ms";

/// No moment is later: what ended then is to be looked at.
const TO_LOOK_AT: i64 = 9_000_000_000_000_000;

/// What ends of one thread, as a look sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ends {
    /// What ends next.
    pub(super) next_ms: Option<i64>,
    /// What had ended last by then.
    pub(super) passed_ms: Option<i64>,
    /// The next one is near.
    pub(super) is_soon: bool,
}

impl Ends {
    /// `looked_ms`: the time of the look, of Meta.
    pub(super) fn of(
        last_opening_ms: Option<i64>,
        may_be_late: bool,
        owner: &OwnerState,
        looked_ms: i64,
    ) -> Self {
        let after = |ms: i64| last_opening_ms.map(|opened_ms| opened_ms.saturating_add(ms));
        let late_ms = after(HUMAN_AGENT_WINDOW_MS).filter(|_| may_be_late);
        let control_ms = owner.until_ms.filter(|_| owner.owner == Owner::Ours);
        let all = [after(OPEN_WINDOW_MS), late_ms, control_ms];
        // Control is of no use for an answer that comes too late.
        let is_over = late_ms.or(after(OPEN_WINDOW_MS)).is_some_and(|last_ms| last_ms <= looked_ms);
        let next_ms = all.iter().flatten().filter(|ms| **ms > looked_ms && !is_over).min().copied();
        let passed_ms = all.iter().flatten().filter(|ms| **ms <= looked_ms).max().copied();
        let is_soon = next_ms.is_some_and(|next_ms| next_ms.saturating_sub(looked_ms) <= SOON_MS);
        Self { next_ms, passed_ms, is_soon }
    }
}

/// What of window, late window and control of a thread ends next after a moment of Meta's time; none when nothing does.
#[must_use]
pub fn ends_next_ms(
    last_opening_ms: Option<i64>,
    may_be_late: bool,
    owner: &OwnerState,
    now_ms: i64,
) -> Option<i64> {
    Ends::of(last_opening_ms, may_be_late, owner, now_ms).next_ms
}

/// Threads that are kept as ending soon, or later, or over, and are not; 1 the time, 2 how many.
fn due() -> String {
    format!(
        "SELECT thread_id FROM thread WHERE ending = 0 AND ends_ms <= ?1 + {SOON_MS}
         UNION ALL SELECT thread_id FROM thread WHERE ending = 1 AND ends_ms <= ?1
         UNION ALL SELECT thread_id FROM thread WHERE ending = 1 AND ends_ms > ?1 + {SOON_MS}
         UNION ALL SELECT thread_id FROM thread WHERE ended_ms > ?1
         LIMIT ?2"
    )
}

impl Store {
    /// Looks at what ended, or ends soon, by `now_ms` of Meta's time, at most so many threads at once, and at what a clock
    /// that was ahead took for over. Returns them; none means that there are no more.
    ///
    /// # Errors
    /// When the file cannot be read or written; then nothing changed.
    pub async fn look_at_ends(&self, now_ms: i64, most: u32) -> Result<Vec<ThreadId>> {
        let found: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(due())).bind(now_ms).bind(most).fetch_all(self.read()).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let found: BTreeSet<ThreadId> = found.into_iter().map(ThreadId).collect();
        let mut tx = self.write().await?;
        setting::set(&mut tx, LOOKED, &now_ms.to_string()).await?;
        for thread in &found {
            sleep::compute(&mut tx, *thread).await?;
        }
        self.commit(tx).await?;
        Ok(found.into_iter().collect())
    }

    /// When the next thread is to be looked at, milliseconds UTC of Meta; none when none will.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_end_ms(&self) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT min(at_ms) FROM (
               SELECT min(ends_ms) - {SOON_MS} AS at_ms FROM thread WHERE ending = 0 AND ends_ms IS NOT NULL
               UNION ALL SELECT min(ends_ms) FROM thread WHERE ending = 1 AND ends_ms IS NOT NULL)"
        );
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(self.read()).await?)
    }

    /// How the database would look for what ends, for the test that holds it to its indexes.
    #[doc(hidden)]
    pub async fn explain_look_at_ends(&self) -> Result<Vec<String>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", due())))
                .bind(0)
                .bind(1)
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(_, _, _, detail)| detail).collect())
    }
}

/// The right of an account to late replies changed: all who wait there are looked at once more.
pub(super) async fn ask_again(conn: &mut Conn, account: &AccountId) -> Result<()> {
    sqlx::query("UPDATE thread SET ended_ms = ? WHERE account = ? AND needs_reply = 1")
        .bind(TO_LOOK_AT)
        .bind(account.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NINE: i64 = 1_791_190_800_000;
    const HOUR: i64 = 60 * 60 * 1000;

    fn held(owner: Owner, until_ms: Option<i64>) -> OwnerState {
        OwnerState { owner, until_ms, ..OwnerState::default() }
    }

    #[rstest]
    #[case::the_window(Owner::Idle, None, false, 0, Some(24), None, false)]
    #[case::the_window_soon(Owner::Idle, None, false, 18, Some(24), None, true)]
    #[case::control_before_it(Owner::Ours, Some(20), false, 0, Some(20), None, false)]
    #[case::control_of_another(Owner::MetaInbox, Some(20), false, 0, Some(24), None, false)]
    #[case::the_late_window(Owner::Ours, Some(24), true, 24, Some(7 * 24), Some(24), false)]
    #[case::no_late_window(Owner::Ours, Some(24), false, 24, None, Some(24), false)]
    #[case::all_over(Owner::Idle, None, true, 7 * 24, None, Some(7 * 24), false)]
    #[case::control_after_all(Owner::Ours, Some(30), false, 25, None, Some(24), false)]
    fn what_ends_next(
        #[case] owner: Owner,
        #[case] until_hours: Option<i64>,
        #[case] may_be_late: bool,
        #[case] looked_hours: i64,
        #[case] next_hours: Option<i64>,
        #[case] passed_hours: Option<i64>,
        #[case] is_soon: bool,
    ) {
        let at = |hours: i64| NINE + hours * HOUR;
        let ends = Ends::of(Some(NINE), may_be_late, &held(owner, until_hours.map(at)), at(looked_hours));
        let expected = Ends { next_ms: next_hours.map(at), passed_ms: passed_hours.map(at), is_soon };
        assert_eq!(ends, expected);
    }

    #[test]
    fn who_never_opened_a_window_has_control_alone() {
        let control = held(Owner::Ours, Some(NINE));
        assert_eq!(Ends::of(None, true, &control, 0).next_ms, Some(NINE));
        assert_eq!(Ends::of(None, true, &held(Owner::Idle, None), 0), Ends::default());
    }
}
