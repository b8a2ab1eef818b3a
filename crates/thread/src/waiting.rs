//! Since when the customer waits for a person.
//!
//! The time since the later of two moments: the customer's first message after a person last answered, and the moment
//! the thread last came to us from another app. A bot's answers do not stop it. While another app or Meta's inbox
//! holds the thread, nobody waits for us. A thread that lapsed from another app, or that such an app gave up, does not
//! wait until the customer writes again; one that lapsed from us, or that we gave up, goes on waiting since the same
//! moment, also when we take it again.

#[cfg(test)]
mod stories;

use baton_protocol::team::Status;

use crate::owner::OwnerState;

/// What the waiting time depends on. Times are milliseconds UTC of Meta.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFacts {
    /// The customer's first message after a person last answered; none when all are answered.
    pub first_unanswered_ms: Option<i64>,
    /// When a person last answered: one of our desks, or Meta's inbox; on an unmanaged account also an app whose
    /// answers count.
    pub last_person_ms: Option<i64>,
    /// Who holds the thread.
    pub owner: OwnerState,
}

/// Since when the customer waits, milliseconds UTC of Meta; none while nobody waits for us.
#[must_use]
pub fn waiting(facts: &WaitingFacts) -> Option<i64> {
    if facts.owner.is_theirs() {
        return None;
    }
    let answered_since = |came_ms: &i64| facts.last_person_ms.is_some_and(|person_ms| person_ms >= *came_ms);
    let came_ms = facts.owner.came_ms.filter(|came_ms| !answered_since(came_ms));
    facts.first_unanswered_ms.max(came_ms)
}

/// Whether a person should answer now. `status` is the effective one ([`crate::team::effective_status`]).
#[must_use]
pub fn needs_reply(waiting_since_ms: Option<i64>, status: &Status) -> bool {
    waiting_since_ms.is_some() && matches!(status, Status::Open)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::owner::{Cause, Owner};

    const NINE: i64 = 1_791_190_800_000;
    const MINUTE: i64 = 60_000;

    fn held(owner: Owner, came_ms: Option<i64>) -> OwnerState {
        OwnerState { owner, came_ms, ..OwnerState::default() }
    }

    fn lapsed_from(owner: &Owner, came_ms: Option<i64>) -> OwnerState {
        OwnerState { away: owner.is_elsewhere(), by: Cause::Lapsed, ..held(Owner::Idle, came_ms) }
    }

    fn teabot() -> Owner {
        Owner::Other { app: Some("700555666777888".into()) }
    }

    #[rstest]
    #[case::nobody_wrote(None, None, held(Owner::Ours, None), None)]
    #[case::wrote_to_us(Some(NINE), None, held(Owner::Ours, None), Some(NINE))]
    #[case::wrote_to_anybody(Some(NINE), None, held(Owner::Unmanaged, None), Some(NINE))]
    #[case::wrote_while_free(Some(NINE), None, held(Owner::Idle, None), Some(NINE))]
    #[case::wrote_and_nobody_knows_to_whom(Some(NINE), None, held(Owner::Unknown, None), Some(NINE))]
    #[case::wrote_to_the_bot(Some(NINE), None, held(teabot(), None), None)]
    #[case::wrote_to_metas_inbox(Some(NINE), None, held(Owner::MetaInbox, None), None)]
    #[case::bot_passed_it_on(Some(NINE), None, held(Owner::Ours, Some(NINE + MINUTE)), Some(NINE + MINUTE))]
    #[case::wrote_after_it_came(Some(NINE + MINUTE), Some(NINE + 30_000), held(Owner::Ours, Some(NINE)), Some(NINE + MINUTE))]
    #[case::wrote_again_before_an_answer(Some(NINE + 2 * MINUTE), None, held(Owner::Ours, Some(NINE)), Some(NINE + 2 * MINUTE))]
    #[case::came_after_a_person_answered(None, Some(NINE), held(Owner::Ours, Some(NINE + MINUTE)), Some(NINE + MINUTE))]
    #[case::a_person_answered_since(None, Some(NINE + MINUTE), held(Owner::Ours, Some(NINE)), None)]
    #[case::bot_let_it_lapse(Some(NINE), None, lapsed_from(&teabot(), None), None)]
    #[case::inbox_let_it_lapse(Some(NINE), None, lapsed_from(&Owner::MetaInbox, None), None)]
    #[case::we_let_it_lapse(Some(NINE), None, lapsed_from(&Owner::Ours, Some(NINE + MINUTE)), Some(NINE + MINUTE))]
    fn the_customer_waits_since(
        #[case] first_unanswered_ms: Option<i64>,
        #[case] last_person_ms: Option<i64>,
        #[case] owner: OwnerState,
        #[case] since_ms: Option<i64>,
    ) {
        assert_eq!(waiting(&WaitingFacts { first_unanswered_ms, last_person_ms, owner }), since_ms);
    }

    #[rstest]
    #[case(Some(NINE), Status::Open, true)]
    #[case(None, Status::Open, false)]
    #[case(Some(NINE), Status::Done, false)]
    #[case(Some(NINE), Status::WaitingOnCustomer, false)]
    #[case(Some(NINE), Status::Snoozed { until_ms: NINE }, false)]
    fn a_person_should_answer(#[case] since_ms: Option<i64>, #[case] status: Status, #[case] needs: bool) {
        assert_eq!(needs_reply(since_ms, &status), needs);
    }
}
