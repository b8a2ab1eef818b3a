//! What every answer tells besides its content: Meta's time, and how much of the budget is used.

use baton_messenger::id::AccountId;

use crate::pace::Pace;
use crate::usage::Usage;

/// Listens to every answer, of reads and sends, accepted or refused. Called as soon as the headers are there, on the
/// task of the call: it must return at once.
pub trait Observer: Send + Sync {
    /// Meta's time in milliseconds UTC, from `Date`: whole seconds, true some moments ago.
    fn on_meta_time(&self, ms: i64) {
        let _ = ms;
    }

    /// Usage headers, when the answer had any.
    fn on_usage(&self, usage: &Usage) {
        let _ = usage;
    }

    /// The pace of an account's reads changed, by what an answer told. How it stands at any moment says
    /// [`GraphClient::pace`](crate::GraphClient::pace).
    fn on_pace(&self, account: &AccountId, pace: Pace) {
        let _ = (account, pace);
    }
}
