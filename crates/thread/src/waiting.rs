//! Since when the customer waits for a person.
//!
//! The time since the later of two moments: the customer's first message after a person last answered, and the moment
//! the thread last came to us from another app. A bot's answers do not stop it. While another app or Meta's inbox
//! holds the thread, nobody waits for us. A thread that lapsed from another app does not wait until the customer
//! writes again; one that lapsed from us goes on waiting.

use baton_protocol::team::Status;

use crate::owner::{Owner, OwnerState};

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
    if facts.owner.owner.is_elsewhere() || lapsed_from_another(&facts.owner) {
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

fn lapsed_from_another(owner: &OwnerState) -> bool {
    owner.owner == Owner::Idle && owner.lapsed_from.as_ref().is_some_and(Owner::is_elsewhere)
}
