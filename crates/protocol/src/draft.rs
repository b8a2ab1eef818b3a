//! Drafts as the relay keeps them for when somebody falls out.
//!
//! A desk tells the relay a draft that is older than [`AGE_MS`], and an empty one once it is cleared or sent
//! ([`crate::routes::DRAFTS`]). The relay keeps the newest of each agent per thread, beside the log and readable by nobody.
//! When a thread is taken from its assignee, their draft becomes a fact, [`crate::team::TeamFact::DraftHanded`], and is kept no
//! longer: whoever goes on there sees what was being written.

use baton_messenger::id::CustomerId;
use serde::{Deserialize, Serialize};

/// How old a draft is before its desk tells the relay, milliseconds.
pub const AGE_MS: i64 = 10_000;
/// The longest draft that is kept, bytes of UTF-8.
pub const MOST_BYTES: usize = 20_000;

/// A desk's draft of a thread. It goes to [`crate::routes::DRAFTS`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTold {
    /// The thread, see [`crate::presence::MAX_CUSTOMER_BYTES`].
    pub customer: CustomerId,
    /// The whole draft, at most [`MOST_BYTES`]; what is empty or only white space is no draft any more.
    pub text: String,
}

impl std::fmt::Debug for DraftTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DraftTold").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_debug_output_shows_a_draft() {
        let told = DraftTold { customer: "6200".into(), text: "Dear Anna".to_owned() };
        assert!(!format!("{told:?}").contains("Anna"));
    }
}
