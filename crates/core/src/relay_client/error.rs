//! What can go wrong between desk and relay, in words that an agent can act on.

use baton_messenger::Words;
use baton_protocol::command::Conflict;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::{Fit, Versions};

use super::AddressError;

/// Why the relay did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// The address cannot be used at all.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No connection, or it was cut. A command may or may not have been carried out; asking again is harmless.
    #[error("the relay cannot be reached: {0}")]
    Unreachable(String),
    /// The relay answers, and this desk's own disk does not take what it sends.
    #[error("what the relay sends cannot be stored here")]
    NotStored,
    /// Something answers there, but not a relay.
    #[error("what answers at this address is not a relay")]
    NotARelay,
    /// The invite does not exist, was used, or ended.
    #[error("the invite is not valid")]
    InviteInvalid,
    /// An admin cut this desk off.
    #[error("this desk was cut off")]
    Revoked,
    /// The relay does not know this desk: its log was put back to before it was let in, or it is another relay.
    #[error("the relay does not know this desk")]
    UnknownDesk,
    /// The relay must be updated.
    #[error("the relay is too old for this desk")]
    RelayTooOld,
    /// This desk must be updated.
    #[error("the relay is too new for this desk")]
    RelayTooNew,
    /// The thread is not as it was seen.
    #[error("the thread changed meanwhile: {}", .0.message)]
    Conflict(Box<Conflict>),
    /// Any other refusal.
    #[error("the relay refused: {0}")]
    Refused(ErrorBody),
}

impl RelayError {
    /// Why a relay of these versions cannot be used; none when it can.
    #[must_use]
    pub fn of_versions(versions: Versions) -> Option<Self> {
        match versions.judge() {
            Fit::Good => None,
            Fit::RelayTooOld => Some(Self::RelayTooOld),
            Fit::RelayTooNew => Some(Self::RelayTooNew),
        }
    }

    pub(super) fn of_body(body: ErrorBody) -> Self {
        match body.code {
            ErrorCode::InviteInvalid => Self::InviteInvalid,
            ErrorCode::DeskRevoked => Self::Revoked,
            ErrorCode::Unauthenticated => Self::UnknownDesk,
            ErrorCode::RelayTooOld => Self::RelayTooOld,
            ErrorCode::DeskTooOld => Self::RelayTooNew,
            _ => Self::Refused(body),
        }
    }

    /// True when the same request may work later without anybody doing anything.
    #[must_use]
    pub fn passes_by_itself(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::NotARelay | Self::NotStored => true,
            Self::Refused(body) => matches!(
                body.code,
                ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::MetaAway | ErrorCode::RateLimited
            ),
            _ => false,
        }
    }

    /// True when the relay said that a Page token is of no use: dead, of another app, or not of this account.
    #[must_use]
    pub fn is_token_refused(&self) -> bool {
        matches!(self, Self::Refused(body) if body.code == ErrorCode::TokenRefused)
    }

    /// True when nobody can log in with Meta through this relay.
    #[must_use]
    pub fn has_no_login(&self) -> bool {
        matches!(self, Self::Refused(body) if body.code == ErrorCode::NotConfigured)
    }

    /// True when the same request may work later, by itself or once somebody set right what is wrong with this desk.
    #[must_use]
    pub fn may_work_later(&self) -> bool {
        matches!(self, Self::Revoked | Self::UnknownDesk | Self::RelayTooOld | Self::RelayTooNew)
            || self.passes_by_itself()
    }

    /// What a person is told who just gave the relay's address: it may be the address that is wrong.
    #[must_use]
    pub fn words_at_address(&self) -> Words {
        match self {
            Self::Unreachable(_) => Words::new(
                "The relay cannot be reached at this address.",
                "Check the address and the network, then try again.",
            ),
            Self::NotARelay => Words::new(
                "Something answers at this address, but it is not a relay.",
                "Check the address with whoever sent the invite.",
            ),
            _ => self.agent_words(),
        }
    }

    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Address(error) => error.agent_words(),
            Self::Unreachable(_) => {
                Words::new("The relay cannot be reached.", "Check the network, then try again.")
            }
            Self::NotStored => Words::new(
                "What the relay sends cannot be stored on this computer.",
                "See what Baton says about this computer's disk. It goes on trying by itself.",
            ),
            Self::NotARelay => Words::new(
                "Something answers in place of the relay.",
                "It may be a login page of this network: open a browser to see. If not, tell whoever runs the relay.",
            ),
            Self::InviteInvalid => Words::new(
                "This invite is not valid: it is mistyped, was used already, or has ended.",
                "Copy it again whole, or ask an admin for a new one.",
            ),
            Self::Revoked => Words::new(
                "An admin cut this desk off, so it no longer gets messages.",
                "Ask an admin for a new invite if that was not meant for you.",
            ),
            Self::UnknownDesk => Words::new(
                "The relay does not know this desk, so it gets no messages.",
                "Ask an admin for a new invite and use it here; everything that is on this computer stays.",
            ),
            Self::RelayTooOld => Words::new(
                "The relay is too old for this version of Baton.",
                "Ask whoever runs the relay to update it.",
            ),
            Self::RelayTooNew => Words::new(
                "This version of Baton is too old for the relay.",
                "Update Baton on this computer.",
            ),
            Self::Conflict(conflict) => {
                Words::new(conflict.message.clone(), "Look at the thread again, then decide.")
            }
            Self::Refused(body) => Words::new(body.message.clone(), body.action.clone()),
        }
    }
}
