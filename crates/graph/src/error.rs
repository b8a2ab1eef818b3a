//! Why a call gave no answer that can be used.
//!
//! Texts in here come from the transport or from Meta; addresses and tokens are cut out of both.

use baton_messenger::Words;
use baton_messenger::error::{ErrorClass, GraphError, ReadOutcome};
use thiserror::Error;

use crate::pace::Hold;
use crate::proof::NoProof;

/// Why a read failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    /// Meta refused, or failed more often than is worth trying.
    #[error(transparent)]
    Meta(Box<GraphError>),
    /// Meta asks to wait.
    #[error("Meta asks to wait {} s: {error}", .retry_after_ms / 1000)]
    Throttled {
        /// What it said.
        error: Box<GraphError>,
        /// How long, in milliseconds.
        retry_after_ms: i64,
    },
    /// It was not asked, because of Meta's budgets or for want of a slot.
    #[error(transparent)]
    HeldBack(#[from] Hold),
    /// The request never left.
    #[error(transparent)]
    NotBegun(#[from] NotBegun),
    /// The request left, but no answer that can be used came back.
    #[error(transparent)]
    Lost(#[from] Unknown),
}

/// Why a request never left this machine, or was turned away unread. The same request may be made again without any risk.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotBegun {
    /// No connection could be made: no network, no such host, refused, no secure channel.
    #[error("no connection to Meta could be made: {0}")]
    NoConnection(String),
    /// The token has characters that no token has.
    #[error("the access token has characters that no token has")]
    TokenUnusable,
    /// The app wants a proof with this call, and there was none.
    #[error(transparent)]
    NoProof(#[from] NoProof),
    /// The request could not be built.
    #[error("the request could not be built: {0}")]
    RequestUnusable(String),
}

/// Why nobody can say from here whether Meta acted on a request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unknown {
    /// The connection was cut after the request had begun.
    #[error("the connection to Meta was cut: {0}")]
    CutOff(String),
    /// No answer in time.
    #[error("Meta did not answer in time")]
    TimedOut,
    /// Meta answered that it has a fault, or garbled its answer (codes 1, 2, 1200, any 5xx).
    #[error(transparent)]
    Fault(Box<GraphError>),
    /// The answer could not be read.
    #[error("Meta's answer (HTTP {http_status}) could not be read: {why}")]
    Unreadable {
        /// Its status.
        http_status: u16,
        /// What was wrong with it.
        why: String,
    },
}

impl CallError {
    /// What Meta said, if it said anything.
    pub fn graph_error(&self) -> Option<&GraphError> {
        match self {
            Self::Meta(error) | Self::Throttled { error, .. } | Self::Lost(Unknown::Fault(error)) => {
                Some(error)
            }
            Self::HeldBack(_) | Self::NotBegun(_) | Self::Lost(_) => None,
        }
    }

    /// How long to wait before it is worth asking again, in milliseconds, where that is known.
    pub fn wait_ms(&self) -> Option<i64> {
        match self {
            Self::Throttled { retry_after_ms, .. } => Some(*retry_after_ms),
            Self::HeldBack(hold) => Some(hold.for_ms),
            Self::Meta(_) | Self::NotBegun(_) | Self::Lost(_) => None,
        }
    }

    /// What kind of refusal it was, if Meta refused.
    pub fn class(&self) -> Option<ErrorClass> {
        self.graph_error().map(GraphError::class)
    }

    /// Whether no call with this token will work again.
    pub fn is_dead_token(&self) -> bool {
        self.graph_error().is_some_and(|error| error.after_read() == ReadOutcome::DeadToken)
    }

    /// What the agent is told.
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Meta(error) | Self::Throttled { error, .. } => error.agent_words(),
            Self::HeldBack(hold) => hold.agent_words(),
            Self::NotBegun(not_begun) => not_begun.agent_words(),
            Self::Lost(unknown) => unknown.agent_words(),
        }
    }
}

impl NotBegun {
    /// What the agent is told.
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NoConnection(_) => Words::new(
                "Meta cannot be reached from this computer.",
                "Check the network. It goes on by itself when the connection is back.",
            ),
            Self::TokenUnusable => Words::new(
                "The access token cannot be right: it has characters that no token has.",
                "Copy it again, whole and without spaces.",
            ),
            Self::NoProof(NoProof::NotForThisToken(words)) => words.clone(),
            Self::NoProof(NoProof::NotNow(_)) => Words::new(
                "Meta accepts calls of this app only with a proof from the relay, and there is none now.",
                "Check the connection to the relay. It goes on by itself when the relay answers.",
            ),
            Self::RequestUnusable(_) => {
                Words::new("The request to Meta could not be made.", "Tell whoever runs Baton about it.")
            }
        }
    }
}

impl Unknown {
    /// What the agent is told, when it was a send; a read is simply made again.
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Fault(error) => error.agent_words(),
            Self::CutOff(_) | Self::TimedOut | Self::Unreadable { .. } => Words::new(
                "Meta did not answer clearly, so it is not certain what became of this.",
                "Wait a little. Baton finds out.",
            ),
        }
    }
}
