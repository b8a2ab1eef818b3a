//! Slots: two reads a second and account, for the whole team, given out in one place (docs/meta.md 6.1).

use async_trait::async_trait;
use baton_messenger::id::AccountId;

use super::Urgency;

/// Gives out slots. Whoever implements it answers at once; the client does the waiting.
#[async_trait]
pub trait Slots: Send + Sync {
    /// Asks for the slot of one read about this account.
    async fn ask(&self, account: &AccountId, urgency: Urgency) -> SlotAnswer;
}

/// An answer to one question for a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotAnswer {
    /// The read may be made, once, now.
    Granted,
    /// All are taken: ask again after so long, in milliseconds.
    NotYet {
        /// How long.
        for_ms: i64,
    },
    /// No slot for this urgency for so long, in milliseconds, and why.
    Refused {
        /// How long.
        for_ms: i64,
        /// Why, without secrets.
        why: String,
    },
}
