//! Why Meta did not do what somebody asked for by hand: control of a thread, a reaction, *seen*, a block. The words of replies
//! would mislead here: those wait and leave by themselves, and nothing of this goes on unless it is asked for again.

use baton_graph::{CallError, NoProof, NotBegun};
use baton_messenger::Words;

/// What the agent is told. What it means that there was no clear answer, the act itself knows better.
pub(crate) fn words(error: &CallError) -> Words {
    match error {
        CallError::Throttled { retry_after_ms, .. } => throttled(*retry_after_ms),
        CallError::HeldBack(hold) => Words::new(hold.agent_words().what, again(hold.for_ms)),
        CallError::NotBegun(why) => not_begun(why),
        CallError::Meta(_) | CallError::Lost(_) => error.agent_words(),
    }
}

/// Meta turned it away for its limits. `for_ms`: how long to wait, milliseconds.
pub(crate) fn throttled(for_ms: i64) -> Words {
    Words::new(
        "Too many calls were made to Meta for this account, so it turned this one away.",
        again(for_ms),
    )
}

/// It never left.
pub(crate) fn not_begun(why: &NotBegun) -> Words {
    match why {
        NotBegun::NoConnection(_) => Words::new(
            "Meta cannot be reached from this computer, so it was not asked.",
            "Check the network, then try again.",
        ),
        NotBegun::NoProof(NoProof::NotNow(_)) => Words::new(
            "Meta accepts calls of this app only with a proof from the relay, and there is none now. Meta was not asked.",
            "Check the connection to the relay, then try again.",
        ),
        NotBegun::NoProof(NoProof::NotForThisToken(_))
        | NotBegun::TokenUnusable
        | NotBegun::RequestUnusable(_) => why.agent_words(),
    }
}

/// Whole minutes, rounded up.
fn again(in_ms: i64) -> String {
    match in_ms.saturating_add(59_999) / 60_000 {
        ..=1 => "Try again in about a minute.".to_owned(),
        minutes => format!("Try again in about {minutes} minutes."),
    }
}

#[cfg(test)]
mod tests {
    use baton_graph::{Hold, HoldReason};
    use baton_messenger::error::GraphError;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::at_once(0, "Try again in about a minute.")]
    #[case::soon(59_000, "Try again in about a minute.")]
    #[case::later(61_000, "Try again in about 2 minutes.")]
    fn when_to_try_again(#[case] in_ms: i64, #[case] says: &str) {
        assert_eq!(again(in_ms), says);
    }

    #[test]
    fn nothing_is_said_to_go_on_that_must_be_asked_for_again() {
        let throttled = GraphError { code: 4, ..GraphError::default() };
        for error in [
            CallError::Throttled { error: Box::new(throttled), retry_after_ms: 61_000 },
            CallError::HeldBack(Hold { for_ms: 61_000, why: HoldReason::Throttled }),
            CallError::NotBegun(NotBegun::NoConnection("no route".to_owned())),
            CallError::NotBegun(NotBegun::NoProof(NoProof::NotNow("the relay is away".to_owned()))),
        ] {
            let Words { what, remedy } = words(&error);
            assert!(remedy.to_lowercase().contains("try again"), "{error:?}: {remedy}");
            assert!(!format!("{what} {remedy}").contains("by itself"), "{error:?}: {what} {remedy}");
        }
    }
}
