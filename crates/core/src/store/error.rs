//! What can go wrong with the desk's file, and what can be done.

use baton_messenger::Words;

use crate::search::QueryError;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer Baton.
    #[error("the file has schema {found}, this program knows schemas up to {known}")]
    TooNew {
        /// The file's schema.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// This SQLite can lose pages of a WAL file.
    #[error("SQLite {version} can lose data and is refused")]
    UnsafeSqlite {
        /// The version found.
        version: String,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Another program holds the file.
    #[error("another program holds the file")]
    Locked,
    /// The file cannot be written.
    #[error("the file cannot be written")]
    ReadOnly,
    /// The file cannot be opened.
    #[error("the file cannot be opened")]
    CannotOpen,
    /// The disk reported a fault.
    #[error("the disk reported a fault")]
    DiskFault,
    /// The file is damaged or no database.
    #[error("the file is damaged")]
    Corrupt,
    /// A row that this program wrote cannot be read back.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
    /// The thread, reply or part is not there.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The draft is not the one that was to be replaced.
    #[error("the draft was changed meanwhile")]
    DraftChanged,
    /// What is written as a note is not what was to be replaced.
    #[error("the draft of the note was changed meanwhile")]
    NoteDraftChanged,
    /// What was typed into the search names something that is not there.
    #[error("{0}")]
    Query(#[from] QueryError),
    /// A newer search took the place of this one.
    #[error("a newer search took the place of this one")]
    Superseded,
    /// A migration failed.
    #[error("the file could not be brought to this program's schema: {0}")]
    Migration(String),
    /// Anything else that SQLite said.
    #[error("the store failed: {0}")]
    Other(String),
}

/// What functions of the store give back.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    /// What people are told, and what they can do.
    #[must_use]
    pub fn words(&self) -> Words {
        let (what, action): (&str, &str) = match self {
            Self::TooNew { .. } => (
                "This desk's data was written by a newer Baton, which this version cannot read.",
                "Install the newest Baton. Nothing was changed.",
            ),
            Self::UnsafeSqlite { .. } => (
                "The database library on this machine has a fault that can lose data, so Baton does not use it.",
                "Install Baton from its own package, which brings a sound one.",
            ),
            Self::DiskFull => (
                "The disk is full, so nothing more can be stored. What was stored is safe.",
                "Free some space; Baton goes on by itself.",
            ),
            Self::Locked => (
                "Another program holds this desk's data.",
                "Close the other Baton, or whatever copies or scans the file.",
            ),
            Self::ReadOnly | Self::CannotOpen => (
                "Baton may not write to its data folder.",
                "Check the folder's permissions; its place is shown in Diagnostics.",
            ),
            Self::DiskFault => {
                ("The disk reported a fault.", "Check the disk. What reached the relay is safe there.")
            }
            Self::Corrupt => (
                "This desk's data is damaged.",
                "Close Baton and start it again: it repairs the file, keeps drafts and replies that can be read, and \
                 reads the conversations from the relay again.",
            ),
            Self::Unreadable(_) => (
                "Something in this desk's data cannot be read.",
                "Start Baton again. If it stays, report it with what Diagnostics shows.",
            ),
            Self::Missing(_) => ("What this was about is no longer there.", "Look at the list again."),
            Self::DraftChanged => (
                "A reply that was not sent came back into this text.",
                "Read it, change what is to be changed, then send.",
            ),
            Self::NoteDraftChanged => (
                "A note that could not be added came back into this text.",
                "Read it, change what is to be changed, then add it.",
            ),
            Self::Query(error) => return error.words(),
            Self::Superseded => ("Something else is looked for now.", ""),
            Self::Migration(_) | Self::Other(_) => (
                "This desk's data could not be read or written.",
                "Start Baton again. If it stays, report it with what Diagnostics shows.",
            ),
        };
        Words::new(what, action)
    }

    /// What the system said about a file.
    #[must_use]
    pub(super) fn of_io(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::CannotOpen,
            _ => Self::DiskFault,
        }
    }

    /// True when the same call may work later without anybody touching the file.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::DiskFull | Self::Locked)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refused) => of_code(refused.code().as_deref(), refused.message()),
            sqlx::Error::Io(_) => Self::DiskFault,
            sqlx::Error::PoolTimedOut => Self::Locked,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Unreadable(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}

/// SQLite's result codes; the low byte is the primary one.
fn of_code(code: Option<&str>, message: &str) -> StoreError {
    let primary = code.and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff);
    match primary {
        Some(5 | 6) => StoreError::Locked,
        Some(8) => StoreError::ReadOnly,
        Some(10) => StoreError::DiskFault,
        Some(11 | 26) => StoreError::Corrupt,
        Some(13) => StoreError::DiskFull,
        Some(14) => StoreError::CannotOpen,
        _ => StoreError::Other(message.to_owned()),
    }
}

/// Reads back what was stored as JSON.
pub(super) fn of_json<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|e| StoreError::Unreadable(e.to_string()))
}

/// Writes a value as JSON.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Other(e.to_string()))
}

/// Reads back an id or a word of ours.
pub(super) fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Unreadable(std::any::type_name::<T>().to_owned()))
}

/// The same for what may be missing.
pub(super) fn parsed_some<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>> {
    text.map(parsed).transpose()
}
