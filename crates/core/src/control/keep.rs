//! Control is kept while somebody works on a thread: shortly before it lapses it is extended, so that the answer that is
//! being written, or that waits in the outbox, still can leave. Pure.
//!
//! ```text
//!            draft touched                  one hour before the lapse           lapse
//!   ─────────────●──────────────────────────────────●────────────────────────────●──▶
//!                └── counts for a day ──▶           └─ keep for a day, if the draft still counts or a reply waits or is looked for
//! ```

use baton_protocol::account::RoutingMode;
use baton_thread::{AccountFacts, Owner, OwnerState};

use crate::store::LapsingRow;

/// So long before control lapses it is extended, milliseconds. Also the time in which the window warns.
pub const KEEP_BEFORE_MS: i64 = 60 * 60 * 1000;
/// For so long it is extended, seconds: a day, as any act that gives control.
pub const KEEP_FOR_S: u32 = 24 * 60 * 60;
/// A draft that nobody touched for so long is nobody's work any more, milliseconds.
pub const DRAFT_COUNTS_MS: i64 = 24 * 60 * 60 * 1000;

/// What the agent of a desk has begun in a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Since when the draft was not touched, milliseconds; none without one.
    pub draft_age_ms: Option<i64>,
    /// A reply waits to leave by itself, which is not for longer than it may be sent, or Baton looks whether it arrived: what
    /// did not is sent again by an agent who needs the thread for that.
    pub reply_waits: bool,
}

impl Work {
    /// What was begun in a thread whose control ends, at a moment of the desk's wall clock.
    #[must_use]
    pub fn of(row: &LapsingRow, wall_ms: i64) -> Self {
        let draft_age_ms = row.drafted_ms.map(|drafted_ms| wall_ms.saturating_sub(drafted_ms).max(0));
        Self { draft_age_ms, reply_waits: row.reply_waits }
    }
}

/// Whether control is to be extended now.
#[must_use]
pub fn is_to_be_kept(owner: &OwnerState, facts: &AccountFacts, work: Work, now_ms: i64) -> bool {
    let is_written = work.draft_age_ms.is_some_and(|age_ms| age_ms < DRAFT_COUNTS_MS);
    let is_worked_on = is_written || work.reply_waits;
    let ends_soon = owner
        .until_ms
        .is_some_and(|until_ms| until_ms > now_ms && until_ms.saturating_sub(now_ms) <= KEEP_BEFORE_MS);
    // Only routing knows the call (docs/meta.md 5.3).
    is_worked_on && ends_soon && facts.routing == RoutingMode::On && owner.owner == Owner::Ours
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NOW: i64 = 1_791_190_800_000;
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;

    #[rstest]
    #[case::near_the_end(Owner::Ours, Some(30 * MINUTE), Some(MINUTE), RoutingMode::On, true)]
    #[case::just_near_enough(Owner::Ours, Some(HOUR), Some(23 * HOUR), RoutingMode::On, true)]
    #[case::too_early(Owner::Ours, Some(HOUR + 1), Some(MINUTE), RoutingMode::On, false)]
    #[case::too_late(Owner::Ours, Some(0), Some(MINUTE), RoutingMode::On, false)]
    #[case::nobody_writes(Owner::Ours, Some(30 * MINUTE), None, RoutingMode::On, false)]
    #[case::a_forgotten_draft(Owner::Ours, Some(30 * MINUTE), Some(24 * HOUR), RoutingMode::On, false)]
    #[case::without_an_end(Owner::Ours, None, Some(MINUTE), RoutingMode::On, false)]
    #[case::not_ours(Owner::MetaInbox, Some(30 * MINUTE), Some(MINUTE), RoutingMode::On, false)]
    #[case::no_such_call(Owner::Ours, Some(30 * MINUTE), Some(MINUTE), RoutingMode::HopV2, false)]
    fn control_is_kept_while_somebody_writes(
        #[case] owner: Owner,
        #[case] ends_in_ms: Option<i64>,
        #[case] draft_age_ms: Option<i64>,
        #[case] routing: RoutingMode,
        #[case] kept: bool,
    ) {
        let until_ms = ends_in_ms.map(|ms| NOW + ms);
        let owner = OwnerState { owner, until_ms, ..OwnerState::default() };
        let facts = AccountFacts { routing, ..AccountFacts::default() };
        let work = Work { draft_age_ms, reply_waits: false };
        assert_eq!(is_to_be_kept(&owner, &facts, work, NOW), kept);
    }

    #[rstest]
    #[case::near_the_end(Owner::Ours, 30 * MINUTE, None, true)]
    #[case::beside_a_forgotten_draft(Owner::Ours, 30 * MINUTE, Some(24 * HOUR), true)]
    #[case::too_early(Owner::Ours, HOUR + 1, None, false)]
    #[case::not_ours(Owner::MetaInbox, 30 * MINUTE, None, false)]
    fn control_is_kept_while_a_reply_waits(
        #[case] owner: Owner,
        #[case] ends_in_ms: i64,
        #[case] draft_age_ms: Option<i64>,
        #[case] kept: bool,
    ) {
        let owner = OwnerState { owner, until_ms: Some(NOW + ends_in_ms), ..OwnerState::default() };
        let facts = AccountFacts { routing: RoutingMode::On, ..AccountFacts::default() };
        let work = Work { draft_age_ms, reply_waits: true };
        assert_eq!(is_to_be_kept(&owner, &facts, work, NOW), kept);
    }
}
