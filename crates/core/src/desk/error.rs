//! How an act of a desk fails, each with what the person can do.

use baton_graph::ConfigError;
use baton_messenger::Words;
use baton_messenger::send::Unsendable;
use baton_protocol::account::QueueFault;
use baton_protocol::canned::CannedFault;
use baton_protocol::error::ErrorCode;
use baton_protocol::label::LabelFault;
use baton_protocol::people::NameFault;
use baton_protocol::snooze::SnoozeFault;

use super::blocking::BlockError;
use super::gestures::GestureError;
use super::notes::NoteError;
use super::views::ViewFault;
use crate::account::ConnectError;
use crate::control::ControlError;
use crate::keys::KeyStoreError;
use crate::relay_client::{AddressError, RelayError};
use crate::store::StoreError;

/// Why a desk did not do it.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// This desk is not enrolled.
    #[error("this desk is not enrolled")]
    NotEnrolled,
    /// The relay did not do it.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The relay did not do it, at an address that was just given.
    #[error(transparent)]
    AtAddress(RelayError),
    /// The key store does not serve.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
    /// The account could not be connected; nothing was saved.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Control is where it was.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// The disk refuses, or what was asked for is not there.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Graph's address cannot be used.
    #[error(transparent)]
    Graph(#[from] ConfigError),
    /// The customer is kept away no more or no less than before.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// The customer was not shown it.
    #[error(transparent)]
    Gesture(#[from] GestureError),
    /// Meta would not take it.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
    /// The reply cannot be sent.
    #[error("the reply cannot be sent")]
    SendRefused(Words),
    /// Somebody else was faster; the words say who.
    #[error("somebody else was faster")]
    Lost(Words),
    /// A canned reply that cannot be kept.
    #[error(transparent)]
    Canned(#[from] CannedFault),
    /// A private note that cannot be added.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A label that cannot be kept.
    #[error(transparent)]
    Label(#[from] LabelFault),
    /// A sleep that cannot be.
    #[error(transparent)]
    Snooze(#[from] SnoozeFault),
    /// Rules of a queue that cannot be kept.
    #[error(transparent)]
    Queue(#[from] QueueFault),
    /// A list that cannot be kept under a name.
    #[error(transparent)]
    View(#[from] ViewFault),
    /// The part is where this cannot be done any more.
    #[error("the reply has moved on")]
    PartMovedOn,
    /// It is not sent again before it was looked whether it arrived.
    #[error("it is still being found out whether the reply arrived")]
    StillLooking,
    /// The agent's role does not allow it.
    #[error("the role does not allow it")]
    NotForRole,
    /// A name that nobody can have.
    #[error(transparent)]
    BadName(#[from] NameFault),
    /// What this desk held before it was cut off is not removed yet.
    #[error("what was here before is still being removed")]
    StillRemoving,
    /// A list of invites with faults; nobody was invited.
    #[error("the list of invites has faults")]
    InviteList(Words),
    /// Invites were made, their file was not written, and they could not be taken back.
    #[error("{0} invites that nobody has could not be taken back")]
    InvitesLeft(usize),
    /// A file that the person asked for cannot be written.
    #[error("a file cannot be written: {0}")]
    File(String),
    /// The data folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(String),
}

impl DeskError {
    pub(super) fn file(error: &std::io::Error) -> Self {
        Self::File(error.to_string())
    }

    pub(super) fn folder(error: &std::io::Error) -> Self {
        Self::Folder(error.to_string())
    }

    /// What the person is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NotEnrolled => {
                Words::new("This desk is not set up yet.", "Enter the relay's address and your invite.")
            }
            Self::Relay(error) => error.agent_words(),
            Self::AtAddress(error) => error.words_at_address(),
            Self::KeyStore(error) => error.agent_words(),
            Self::Connect(error) => error.agent_words(),
            Self::Control(error) => error.agent_words(),
            Self::Store(error) => error.words(),
            Self::Graph(error) => Words::new(
                format!("Meta's address in the settings cannot be used: {error}."),
                "Correct it and start Baton again.",
            ),
            Self::Block(error) => error.agent_words(),
            Self::Gesture(error) => error.agent_words(),
            Self::Unsendable(error) => error.agent_words(),
            Self::SendRefused(words) | Self::Lost(words) => words.clone(),
            Self::Canned(fault) => super::canned::words(*fault),
            Self::Label(fault) => super::labels::words(*fault),
            Self::Snooze(SnoozeFault::Past) => {
                Words::new("That moment has passed already.", "Choose one that is still to come.")
            }
            Self::Snooze(SnoozeFault::TooFar) => {
                Words::new("A thread sleeps for a year at most.", "Choose an earlier moment.")
            }
            Self::View(fault) => fault.words(),
            Self::Queue(fault) => super::queue::words(*fault),
            Self::Note(error) => error.agent_words(),
            Self::PartMovedOn => {
                Words::new("This reply has moved on meanwhile.", "Look at it again in the thread.")
            }
            Self::StillLooking => Words::new(
                "Baton is still finding out whether this reply arrived.",
                "Wait a little. It can be sent again once Meta was asked.",
            ),
            Self::NotForRole => Words::new(
                "Only supervisors and administrators of the account can do this.",
                "Ask one of them.",
            ),
            Self::BadName(fault) => Words::new(
                format!("The person {}.", super::people::fault_words(*fault)),
                "Write another one.",
            ),
            Self::StillRemoving => Words::new(
                "What this desk held before it was cut off is still being removed from this computer.",
                "Wait until it is done, then use the invite.",
            ),
            Self::InviteList(words) => words.clone(),
            Self::InvitesLeft(count) => Words::new(
                format!(
                    "The file could not be written, and the relay did not take back all of the {count} invites that were \
                     made for it. Nobody has them."
                ),
                "Take them back under Open invites, then try again.",
            ),
            Self::File(why) => Words::new(
                format!("The file could not be written ({why}). Nothing was left behind."),
                "Choose another place, or make room there.",
            ),
            Self::Folder(_) => Words::new(
                "Baton may not write to its data folder.",
                "Check the folder's permissions, then start Baton again.",
            ),
        }
    }

    /// True when the same act may work later without a change.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Relay(error) | Self::AtAddress(error) => error.passes_by_itself(),
            Self::Store(error) => error.may_pass(),
            Self::Block(error) => error.may_pass(),
            Self::Gesture(error) => error.may_pass(),
            Self::StillRemoving | Self::StillLooking => true,
            Self::Control(
                ControlError::Unclear(_) | ControlError::NotBegun(_) | ControlError::Throttled { .. },
            )
            | Self::Connect(ConnectError::MetaUnreachable(_)) => true,
            _ => false,
        }
    }

    /// True when somebody else was faster.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Relay(RelayError::Conflict(_)) | Self::Lost(_))
    }

    /// True when the role of this agent does not allow it.
    #[must_use]
    pub fn is_not_allowed(&self) -> bool {
        match self {
            Self::Relay(RelayError::Refused(body)) => body.code == ErrorCode::NotAllowed,
            Self::Block(error) => matches!(error, BlockError::NotAllowed),
            Self::NotForRole => true,
            _ => false,
        }
    }
}

impl From<AddressError> for DeskError {
    fn from(error: AddressError) -> Self {
        Self::AtAddress(error.into())
    }
}
