//! How the relay says no. The code is what a desk acts on; the words are for a log.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ErrorBody {
    /// What a program acts on.
    pub code: ErrorCode,
    /// What happened, for people.
    pub message: String,
    /// What can be done, for people.
    pub action: String,
}

/// Why the relay said no.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorCode {
    /// The invite does not exist, was used, or ended. 403.
    InviteInvalid,
    /// No token, or one the relay does not know. 401.
    Unauthenticated,
    /// The desk was cut off. 401.
    DeskRevoked,
    /// The desk may not read this account, or there is none; the two are not told apart. 404.
    NoSuchLog,
    /// The role does not allow this act. 403.
    NotAllowed,
    /// The request cannot be read. 400.
    BadRequest,
    /// The body is over the cap. 413.
    TooLarge,
    /// The relay is older than this desk can use. 426.
    RelayTooOld,
    /// The desk is older than this relay serves. 426.
    DeskTooOld,
    /// A command whose rules this relay does not have. 501.
    NotImplemented,
    /// The thread changed since it was seen. 409; the body is a [`crate::command::Conflict`].
    Conflict,
    /// Meta says that the token is dead, of another app, or not of this account. 422.
    TokenRefused,
    /// Nothing waits here for this desk: it was taken, ended, or never left. 404.
    NothingWaiting,
    /// There is no such person, desk or invite that this agent may see. 404.
    NotFound,
    /// Too many of the same in a short time; the header `retry-after` says when again. 429.
    RateLimited,
    /// The relay lacks a setting for this. 501.
    NotConfigured,
    /// The relay cannot reach Meta now. 502.
    MetaAway,
    /// The relay cannot store now. 503.
    Unavailable,
    /// A fault of the relay. 500.
    Internal,
    /// A code of a newer version.
    #[serde(other)]
    Unknown,
}
