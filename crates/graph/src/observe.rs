//! What every answer tells besides its content: Meta's time, and how much of the budget is used.

use baton_messenger::error::GraphError;
use baton_messenger::id::AccountId;

use crate::pace::Pace;
use crate::usage::Usage;

/// A request that Meta refused, or that got no answer which can be used.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// Which call, by its name here.
    pub call: &'static str,
    /// The account it was about, where it was about one.
    pub account: Option<&'a AccountId>,
    /// What Meta said, if it said anything. Its message may quote what was sent.
    pub error: Option<&'a GraphError>,
    /// What became of the connection otherwise. Addresses and secrets are cut out.
    pub what: &'a str,
    /// Meta was not reached, or was not heard again.
    pub is_unanswered: bool,
}

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

    /// A request failed. It may be made again, and that may fail again.
    fn on_failure(&self, failure: Failure<'_>) {
        let _ = failure;
    }
}
