//! Why a medium is not to be had.

use baton_messenger::Words;

use crate::store::StoreError;

/// Why a medium is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// Its link died: Meta gives it no more, from this address.
    #[error("the link to the file died")]
    Dead,
    /// It is larger than what is fetched.
    #[error("the file is larger than {most} bytes")]
    TooLarge {
        /// The most that is fetched, bytes.
        most: u64,
    },
    /// Its address leads where nothing is fetched from.
    #[error("nothing is fetched from the address of the file")]
    Forbidden,
    /// It cannot be reached now.
    #[error("the file cannot be reached: {0}")]
    Unreachable(String),
    /// Meta was asked for it anew and did not give it, or could not be asked.
    #[error("Meta did not give the file anew")]
    NotAsked {
        /// Why, and what can be done.
        words: Words,
        /// True when the same may work later without a change.
        may_pass: bool,
    },
    /// The vault cannot be read or written.
    #[error("the vault cannot be used: {0}")]
    Vault(String),
    /// Its message is not there, or Meta gives no address; or the store does not serve.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MediaError {
    /// What the person is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Dead => Words::new(
                "Meta no longer gives this file: its link has ended.",
                "Ask Meta for it again, ask the customer to send it again, or look for it in Meta's inbox.",
            ),
            Self::NotAsked { words, .. } => words.clone(),
            Self::TooLarge { most } => Words::new(
                format!("This file is larger than {} MB, so Baton does not fetch it.", most >> 20),
                "Open it outside.",
            ),
            Self::Forbidden => Words::new(
                "This file lies at an address that Baton does not fetch from.",
                "Look at it in Meta's inbox.",
            ),
            Self::Unreachable(_) => {
                Words::new("The file could not be fetched just now.", "Try again in a moment.")
            }
            Self::Vault(_) => Words::new(
                "Files cannot be kept: Baton may not write to its data folder, or the disk is full.",
                "Free some space, or check the folder's permissions; its place is shown in Diagnostics.",
            ),
            Self::Store(error) => error.words(),
        }
    }

    /// True when the same may work later without a change.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Vault(_) => true,
            Self::NotAsked { may_pass, .. } => *may_pass,
            Self::Store(error) => error.may_pass(),
            Self::Dead | Self::TooLarge { .. } | Self::Forbidden => false,
        }
    }
}

impl From<std::io::Error> for MediaError {
    fn from(error: std::io::Error) -> Self {
        Self::Vault(error.to_string())
    }
}
