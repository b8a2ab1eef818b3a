//! Errors of the core as the page acts on them.

use baton_core::account::ConnectError;
use baton_core::control::ControlError;
use baton_core::desk::{BlockError, DeskError, GestureError};
use baton_core::media::{MediaError, NotAttached};
use baton_core::relay_client::RelayError;
use baton_core::store::StoreError;
use baton_messenger::Words;
use baton_protocol::error::ErrorCode;

use crate::contract::error::{CommandError, CommandErrorCode};

/// An error of the desk.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err, which gives it away")]
pub(crate) fn of_desk(error: DeskError) -> CommandError {
    let link = match &error {
        DeskError::Control(error) => error.setting().map(str::to_owned),
        _ => None,
    };
    CommandError { link, ..build(desk_code(&error), error.agent_words(), error.may_pass()) }
}

/// An error of the store.
pub(crate) fn of_store(error: StoreError) -> CommandError {
    of_desk(DeskError::Store(error))
}

/// An error of a medium.
pub(crate) fn of_media(error: &MediaError) -> CommandError {
    let code = match error {
        MediaError::Store(StoreError::Missing(_)) | MediaError::Dead => CommandErrorCode::NotFound,
        MediaError::Store(_) | MediaError::Vault(_) => CommandErrorCode::Storage,
        MediaError::Unreachable(_) | MediaError::NotAsked { may_pass: true, .. } => {
            CommandErrorCode::MetaUnreachable
        }
        MediaError::NotAsked { may_pass: false, .. } => CommandErrorCode::Failed,
        MediaError::TooLarge { .. } | MediaError::Forbidden => CommandErrorCode::Failed,
    };
    build(code, error.agent_words(), error.may_pass())
}

/// A file was not added to a draft.
pub(crate) fn of_file(error: &NotAttached) -> CommandError {
    match error {
        NotAttached::Media(error) => of_media(error),
        _ => build(CommandErrorCode::SendRefused, error.agent_words(), false),
    }
}

/// The page gave something that cannot be.
pub(crate) fn unreadable(what: &str) -> CommandError {
    let words = Words::new(
        format!("The window gave {what} that this desk cannot read."),
        "Restart Baton. If it happens again, send the diagnostics to whoever looks after it.",
    );
    build(CommandErrorCode::BadRequest, words, false)
}

/// The host has nothing that opens it.
pub(crate) fn not_opened() -> CommandError {
    let words = Words::new(
        "Nothing on this computer opened it.",
        "Choose a browser in the settings of the desktop, then try again.",
    );
    build(CommandErrorCode::Failed, words, true)
}

fn build(code: CommandErrorCode, words: Words, retryable: bool) -> CommandError {
    CommandError { code, message: words.what, action: words.remedy, retryable, link: None }
}

fn desk_code(error: &DeskError) -> CommandErrorCode {
    match error {
        DeskError::NotEnrolled => CommandErrorCode::NotEnrolled,
        DeskError::Relay(error) | DeskError::AtAddress(error) => relay_code(error),
        DeskError::KeyStore(_) => CommandErrorCode::NoKeyStore,
        DeskError::Connect(error) => connect_code(error),
        DeskError::Control(ControlError::Store(error)) | DeskError::Store(error) => store_code(error),
        DeskError::Control(_) => CommandErrorCode::ControlUnavailable,
        DeskError::Block(BlockError::NotAllowed) => CommandErrorCode::NotAllowed,
        DeskError::Block(BlockError::NoToken) => CommandErrorCode::TokenInvalid,
        DeskError::Block(BlockError::Meta { .. }) => CommandErrorCode::Failed,
        DeskError::Gesture(GestureError::NoSuchMessage) => CommandErrorCode::NotFound,
        DeskError::Gesture(_) | DeskError::Unsendable(_) => CommandErrorCode::Failed,
        DeskError::SendRefused(_) | DeskError::StillLooking => CommandErrorCode::SendRefused,
        DeskError::Lost(_) | DeskError::PartMovedOn => CommandErrorCode::ThreadChanged,
        DeskError::NotForRole => CommandErrorCode::NotAllowed,
        DeskError::File(_) | DeskError::Folder(_) | DeskError::InvitesLeft(_) => CommandErrorCode::Storage,
        DeskError::BadName(_) | DeskError::StillRemoving | DeskError::InviteList(_) => {
            CommandErrorCode::Failed
        }
        DeskError::Label(_) | DeskError::Snooze(_) | DeskError::View(_) | DeskError::Queue(_) => {
            CommandErrorCode::Failed
        }
        DeskError::Canned(_) | DeskError::Note(_) | DeskError::Graph(_) => CommandErrorCode::Failed,
    }
}

fn relay_code(error: &RelayError) -> CommandErrorCode {
    match error {
        RelayError::Address(_) | RelayError::NotARelay => CommandErrorCode::NotARelay,
        RelayError::Unreachable(_) => CommandErrorCode::RelayUnreachable,
        RelayError::NotStored => CommandErrorCode::Storage,
        RelayError::InviteInvalid => CommandErrorCode::InviteInvalid,
        RelayError::Revoked | RelayError::UnknownDesk => CommandErrorCode::DeskRevoked,
        RelayError::RelayTooOld => CommandErrorCode::RelayTooOld,
        RelayError::RelayTooNew => CommandErrorCode::RelayTooNew,
        RelayError::Conflict(_) => CommandErrorCode::ThreadChanged,
        RelayError::Refused(body) => match body.code {
            ErrorCode::NotAllowed => CommandErrorCode::NotAllowed,
            ErrorCode::NoSuchLog | ErrorCode::NotFound => CommandErrorCode::NotFound,
            _ => CommandErrorCode::Failed,
        },
    }
}

fn connect_code(error: &ConnectError) -> CommandErrorCode {
    match error {
        ConnectError::NotInvited => CommandErrorCode::NotAllowed,
        ConnectError::TokenInvalid(_) | ConnectError::NoToken | ConnectError::OtherApp => {
            CommandErrorCode::TokenInvalid
        }
        ConnectError::WrongPage { .. } | ConnectError::NotLinked { .. } => CommandErrorCode::WrongPage,
        ConnectError::RightsMissing(_) | ConnectError::NotSubscribed(_) | ConnectError::NoAccess(_) => {
            CommandErrorCode::RightsMissing
        }
        ConnectError::MetaUnreachable(_) => CommandErrorCode::MetaUnreachable,
        ConnectError::KeyStore(_) => CommandErrorCode::NoKeyStore,
        ConnectError::Relay(error) => relay_code(error),
    }
}

fn store_code(error: &StoreError) -> CommandErrorCode {
    match error {
        StoreError::Missing(_) => CommandErrorCode::NotFound,
        StoreError::DraftChanged | StoreError::NoteDraftChanged => CommandErrorCode::DraftChanged,
        _ => CommandErrorCode::Storage,
    }
}
