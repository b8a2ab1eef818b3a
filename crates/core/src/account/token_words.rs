//! Why Meta does not accept a token that was just pasted. The words of a token that dies at work would mislead here:
//! nothing is lost yet, and nothing arrives.

use baton_messenger::Words;
use baton_messenger::error::TokenDeath;

/// What the person who pasted it is told.
pub(super) fn of_pasted(reason: TokenDeath) -> Words {
    let (what, remedy) = match reason {
        TokenDeath::AppRemoved => (
            "The person behind this token removed the app from their Meta account.",
            "Let that person add it again, then make a new token.",
        ),
        TokenDeath::Checkpoint => (
            "Meta wants the person behind this token to log in on its website first.",
            "Once that is done, make a new token.",
        ),
        TokenDeath::PasswordChanged => (
            "The person behind this token changed the password, which ended it.",
            "Make a new token and paste that.",
        ),
        TokenDeath::Expired => ("This token has expired.", "Make a new token and paste that."),
        TokenDeath::NotConfirmed => (
            "The Meta account of the person behind this token is not confirmed.",
            "Once it is confirmed, make a new token.",
        ),
        TokenDeath::RoleLost => (
            "The person behind this token no longer has a role on the Page.",
            "Use a token of somebody who has.",
        ),
        TokenDeath::Revoked | TokenDeath::Other => (
            "Meta does not know this token: it is mistyped, or it was withdrawn.",
            "Copy it again whole, or make a new one.",
        ),
    };
    Words::new(what, remedy)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn a_pasted_token_that_is_dead_has_a_reason_and_a_way_on(
        #[values(
            TokenDeath::AppRemoved,
            TokenDeath::Checkpoint,
            TokenDeath::PasswordChanged,
            TokenDeath::Expired,
            TokenDeath::NotConfirmed,
            TokenDeath::Revoked,
            TokenDeath::RoleLost,
            TokenDeath::Other
        )]
        reason: TokenDeath,
    ) {
        let words = of_pasted(reason);
        assert!(words.what.contains("token"), "{words:?}");
        assert!(words.remedy.contains("token") || words.remedy.contains("Copy it again"), "{words:?}");
    }
}
