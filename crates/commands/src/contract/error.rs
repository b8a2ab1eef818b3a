//! How a command fails. A code exists only when the page acts on it; everything else is `failed` with words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct CommandError {
    /// What the page acts on.
    pub code: CommandErrorCode,
    /// What happened and what it means, for people.
    pub message: String,
    /// What can be done, for people; empty when there is nothing.
    pub action: String,
    /// True when the same command may work later without a change.
    pub retryable: bool,
    /// The address of the page where it can be put right, outside of the window.
    pub link: Option<String>,
}

/// What the page acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CommandErrorCode {
    /// The request cannot be read; a fault of the page.
    BadRequest,
    /// The desk has not been enrolled yet.
    NotEnrolled,
    /// The relay cannot be reached.
    RelayUnreachable,
    /// The address answers, but it is not a relay.
    NotARelay,
    /// The relay is too old for this desk.
    RelayTooOld,
    /// The relay is too new for this desk.
    RelayTooNew,
    /// The invite is wrong, used or over.
    InviteInvalid,
    /// This desk was cut off.
    DeskRevoked,
    /// There is no key store, or it is locked.
    NoKeyStore,
    /// Meta does not accept the Page token.
    TokenInvalid,
    /// The token is for another Page.
    WrongPage,
    /// The person behind the token lacks rights on the Page.
    RightsMissing,
    /// Meta cannot be reached.
    MetaUnreachable,
    /// Somebody was faster: the thread is not as it was shown.
    ThreadChanged,
    /// The saved draft is not the one that the page knew; it is to be read and joined first.
    DraftChanged,
    /// Control is not to be had now.
    ControlUnavailable,
    /// The policy refuses the reply.
    SendRefused,
    /// The thread, part or account is gone.
    NotFound,
    /// The role does not allow it.
    NotAllowed,
    /// The disk refuses to store.
    Storage,
    /// Everything else.
    Failed,
}
