//! Bodies of the Send API and of thread control (docs/meta.md 4, 5.3).
//!
//! They can be made only in forms that Meta has no reason to refuse: a text within the channel's limit, metadata under
//! 1000 characters, and a messaging type that follows from a [`Verdict`] and from nothing
//! else. What cannot be made says why ([`Unsendable`]).

mod body;
mod control;
mod metadata;
mod moderation;
mod sender_action;
mod text;

pub use body::{MessagingType, SendBody};
pub use control::{ControlBody, ControlCall};
pub use metadata::{Metadata, OutMetadata};
pub use moderation::ModerationBody;
pub use sender_action::{SenderAction, SenderActionBody};
pub use text::{TextLimit, TextUnit, text_limit};

use serde::Serialize;
use thiserror::Error;

use crate::id::CustomerId;
use crate::policy::Refusal;
#[cfg(doc)]
use crate::policy::Verdict;
use crate::words::Words;

/// Why a body could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsendable {
    /// Policy does not allow a message now.
    #[error("sending is not allowed now: {}", .0.name())]
    Refused(Refusal),
    /// The text is empty or white space (docs/meta.md 4.4).
    #[error("the text is empty")]
    EmptyText,
    /// The text is longer than the channel takes.
    #[error("the text is longer than {max} {unit}")]
    TextTooLong {
        /// What the channel takes.
        max: usize,
        /// What it counts.
        unit: TextUnit,
    },
    /// Metadata has 1000 characters or more.
    #[error("the metadata has 1000 characters or more")]
    MetadataTooLong,
    /// The id of an outbox part is not a UUID.
    #[error("the id of a part is not a UUID")]
    NotAPart,
    /// Control can be extended by one second to seven days.
    #[error("control can be extended by 1 to 604800 seconds")]
    ExtendOutOfRange,
}

impl Unsendable {
    /// What the agent is told.
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Refused(refusal) => refusal.agent_words(),
            Self::EmptyText => Words::new("There is nothing to send yet.", "Write a reply."),
            Self::TextTooLong { max, unit } => Words::new(
                format!("The reply is longer than Meta takes in one message ({max} {unit})."),
                "Shorten it, or send it as several messages.",
            ),
            Self::MetadataTooLong => {
                Words::new("The note is longer than Meta takes (999 characters).", "Shorten the note.")
            }
            Self::NotAPart => Words::new("This reply has no valid number of its own.", "Write it again."),
            Self::ExtendOutOfRange => {
                Words::new("Control can be kept for at most 7 days.", "Choose a shorter time.")
            }
        }
    }
}

/// `recipient` of every body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Recipient {
    id: CustomerId,
}

impl From<&CustomerId> for Recipient {
    fn from(customer: &CustomerId) -> Self {
        Self { id: customer.clone() }
    }
}

#[cfg(test)]
mod tests;
