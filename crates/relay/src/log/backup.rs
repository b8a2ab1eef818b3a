//! Why a copy of a log could not be made.

use std::path::PathBuf;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The name cannot be used.
    #[error("{0} cannot be used: name a file that does not exist, by its whole path")]
    Name(PathBuf),
    /// Another copy is being made.
    #[error("another backup is being made; try again when it has ended")]
    Busy,
    /// The system refused.
    #[error("{path} cannot be written: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The disk is full.
    #[error("there is no room for {0}: free as much there as the database takes, then try again")]
    NoRoom(PathBuf),
    /// This kind of log is copied with its database's own tools.
    #[error("this log is kept by a database server: copy it with that server's own tools")]
    NotHere,
    /// SQLite refused.
    #[error("the copy could not be made: {0}")]
    Database(String),
}
