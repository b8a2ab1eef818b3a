//! Control is taken before the grant, for a reply whose agent asked for that. A take that did not begin is put off as a send
//! would be: the reply waits, and it is tried again. Only what Meta refused, or what nobody knows, gives the text back.

use baton_graph::{NoProof, NotBegun};
use baton_messenger::error::ErrorClass;

use super::lane::Lane;
use super::machine::{Event, Wait};
use crate::control::act::perform;
use crate::control::{Act, Asked, ControlError};
use crate::store::{PartRow, StoreError};

impl Lane<'_> {
    /// Takes control of a part's thread.
    pub(super) async fn take(&self, part: &PartRow) -> Result<Event, StoreError> {
        let answers = match self.inner.relay() {
            Some(relay) => relay.hello().await.is_ok(),
            None => false,
        };
        // Without the relay there is no grant: the bot would be cut off and the customer get nothing.
        if !answers {
            return Ok(Event::RelayAway);
        }
        if let Some(event) = self.written_meanwhile(part).await? {
            return Ok(event);
        }
        Ok(match perform(self.inner, part.thread, &Asked::plain(Act::Take)).await {
            Ok(()) => {
                self.outbox.reached(part.thread);
                Event::Took
            }
            Err(error) => {
                if matches!(error, ControlError::NotBegun(_)) {
                    self.outbox.could_not_reach(part.thread);
                }
                not_taken(&error, self.inner.meta_now().ms)
            }
        })
    }
}

fn not_taken(error: &ControlError, now_ms: i64) -> Event {
    if let Some(wait) = put_off(error, now_ms) {
        return Event::TakePutOff { wait };
    }
    let words = error.agent_words();
    Event::TakeFailed { what: words.what, remedy: words.remedy }
}

/// What a take waits for that did not begin, as a send would (`super::answer`). That a token is dead is told already.
fn put_off(error: &ControlError, now_ms: i64) -> Option<Wait> {
    match error {
        ControlError::NotBegun(NotBegun::NoConnection(_)) => Some(Wait::Network),
        ControlError::NotBegun(NotBegun::NoProof(NoProof::NotNow(_))) => Some(Wait::Relay),
        ControlError::NoToken
        | ControlError::NotBegun(NotBegun::TokenUnusable | NotBegun::NoProof(NoProof::NotForThisToken(_))) => {
            Some(Wait::Token)
        }
        ControlError::Refused { error, .. } if matches!(error.class(), ErrorClass::TokenDead { .. }) => {
            Some(Wait::Token)
        }
        ControlError::Throttled { retry_after_ms, .. } => {
            Some(Wait::Limit { until_ms: now_ms.saturating_add(*retry_after_ms) })
        }
        ControlError::NotBegun(NotBegun::RequestUnusable(_))
        | ControlError::NotNow { .. }
        | ControlError::NoSuchApp
        | ControlError::Refused { .. }
        | ControlError::Unclear(_)
        | ControlError::Unsendable(_)
        | ControlError::Store(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use baton_messenger::error::GraphError;
    use baton_messenger::{Platform, Words};
    use rstest::rstest;

    use super::*;

    fn refused(code: i64, subcode: i64) -> ControlError {
        let error = GraphError { code, subcode: Some(subcode), http_status: 400, ..GraphError::default() };
        ControlError::Refused {
            error: Box::new(error),
            words: Words::new("No.", "Ask."),
            platform: Platform::Messenger,
        }
    }

    fn throttled() -> ControlError {
        let error = Box::new(GraphError { code: 613, http_status: 400, ..GraphError::default() });
        ControlError::Throttled { error, retry_after_ms: 60_000 }
    }

    #[rstest]
    #[case::no_network(ControlError::NotBegun(NotBegun::NoConnection("refused".to_owned())), Wait::Network)]
    #[case::no_proof(ControlError::NotBegun(NoProof::NotNow("away".to_owned()).into()), Wait::Relay)]
    #[case::no_token(ControlError::NoToken, Wait::Token)]
    #[case::an_unusable_token(ControlError::NotBegun(NotBegun::TokenUnusable), Wait::Token)]
    #[case::a_dead_token(refused(190, 460), Wait::Token)]
    #[case::limits(throttled(), Wait::Limit { until_ms: 61_000 })]
    fn what_did_not_begin_waits(#[case] error: ControlError, #[case] wait: Wait) {
        assert_eq!(not_taken(&error, 1_000), Event::TakePutOff { wait });
    }

    #[rstest]
    #[case::refused(refused(10, 2_018_300))]
    #[case::nobody_knows(ControlError::Unclear(Words::new("Cut off.", "Wait.")))]
    #[case::unusable(ControlError::NotBegun(NotBegun::RequestUnusable("no edge".to_owned())))]
    fn what_meta_refused_or_nobody_knows_does_not(#[case] error: ControlError) {
        let words = error.agent_words();
        let failed = Event::TakeFailed { what: words.what, remedy: words.remedy };
        assert_eq!(not_taken(&error, 1_000), failed);
    }
}
