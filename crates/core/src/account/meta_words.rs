//! Why Meta could not be asked about an account that somebody connects. The words of work would mislead here: nothing of
//! this goes on by itself, and nothing was saved.

use baton_graph::{CallError, NotBegun, Unknown};
use baton_messenger::Words;

const NETWORK: &str = "Check the network, then try again.";
const LATER: &str = "Try again in a few minutes.";

/// What the person who connects the account is told.
pub(super) fn of_question(error: &CallError) -> Words {
    let remedy = match error {
        CallError::NotBegun(NotBegun::NoProof(_)) => "Check the connection to the relay, then try again.",
        CallError::Throttled { .. } | CallError::HeldBack(_) | CallError::Lost(Unknown::Fault(_)) => LATER,
        CallError::Meta(_) | CallError::NotBegun(_) | CallError::Lost(_) => NETWORK,
    };
    let what = match error {
        CallError::Lost(Unknown::CutOff(_) | Unknown::TimedOut | Unknown::Unreadable { .. }) => {
            "Meta did not answer clearly.".to_owned()
        }
        _ => error.agent_words().what,
    };
    Words::new(what, format!("Nothing was saved. {remedy}"))
}

#[cfg(test)]
mod tests {
    use baton_graph::{Hold, HoldReason};

    use super::*;

    #[test]
    fn nothing_is_said_to_go_on_that_somebody_must_begin_again() {
        let held = |why| CallError::HeldBack(Hold { for_ms: 1_000, why });
        for error in [
            CallError::NotBegun(NotBegun::NoConnection("no route".to_owned())),
            held(HoldReason::Throttled),
            held(HoldReason::NoSlots("the relay is away".to_owned())),
            CallError::Lost(Unknown::CutOff("reset".to_owned())),
            CallError::Lost(Unknown::TimedOut),
        ] {
            let Words { what, remedy } = of_question(&error);
            assert!(!what.is_empty(), "{error:?}");
            assert!(
                remedy.starts_with("Nothing was saved.") && remedy.to_lowercase().contains("try again"),
                "{remedy}"
            );
            for untrue in ["by itself", "finds out", "what became of this"] {
                assert!(!format!("{what} {remedy}").contains(untrue), "{error:?} says {untrue:?}");
            }
        }
    }
}
