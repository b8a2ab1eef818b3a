//! What whoever runs the machine does after a step.

use baton_messenger::AppId;
use baton_protocol::team::Settlement;

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Settle the present id as not begun, then go on under a new one; answer with `Renewed` or `RenewFailed`.
    Renew,
    /// Give Meta the part's file; answer with `Uploaded` or `NotUploaded`.
    Upload,
    /// The same while the relay is away: it is told later, and the part goes on under a new id; answer with `Renewed`.
    RenewLater,
    /// See to it that the relay is told once it is back that the part left without its grant; answer with `ToldLater`.
    TellLater,
    /// Take control; answer with `Took`, `TakePutOff` or `TakeFailed`.
    Take,
    /// Ask the relay for the grant.
    AskGrant,
    /// Make the one Graph call, unless the boot clock is past this; answer with `Answered` or `TooLate`.
    CallMeta {
        /// The first moment at which it is too late, milliseconds of the boot clock.
        not_from_boot_ms: i64,
    },
    /// Tell the relay how it ended, until it knows.
    Settle(Settlement),
    /// Look at the conversation, not before a while.
    Look,
    /// Tell the team that another app holds the thread.
    LearnNotOwner {
        /// Which one, where the refusal tells it.
        by: Option<AppId>,
    },
    /// Tell the team that Meta refuses the token.
    TokenDied,
    /// Put a new part with the same text into the outbox: the agent's choice after an end that nobody knows. The old
    /// part stays as it is, so that a late proof still finds it.
    SendCopy,
    /// Put the text back into the draft.
    ToDraft,
    /// Look again after so long, milliseconds of the boot clock.
    TurnAgain {
        /// How long.
        in_ms: i64,
    },
}
