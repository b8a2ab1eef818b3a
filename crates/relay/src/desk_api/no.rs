//! How the relay says no to a desk: a status, a code, and words.

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use baton_protocol::error::{ErrorBody, ErrorCode};

use crate::log::{LogError, Read};
use crate::team::Objection;
use crate::token_check::BadToken;

/// A refusal.
#[derive(Debug)]
pub(super) struct No {
    body: ErrorBody,
    /// After how many seconds the same may be asked again.
    retry_after_s: Option<i64>,
}

impl No {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>, action: impl Into<String>) -> Self {
        let body = ErrorBody { code, message: message.into(), action: action.into() };
        Self { body, retry_after_s: None }
    }

    /// Too many in a short time; one more after so many milliseconds.
    pub(super) fn too_many(wait_ms: i64) -> Self {
        let seconds = (wait_ms + 999) / 1000;
        let message = "This desk asked for too many of these in a short time.";
        let action = format!("Try again in {seconds} s.");
        Self { retry_after_s: Some(seconds), ..Self::new(ErrorCode::RateLimited, message, action) }
    }

    pub(super) fn token_refused(message: &str) -> Self {
        Self::new(ErrorCode::TokenRefused, message, "Connect the account again.")
    }

    pub(super) fn nothing_waiting() -> Self {
        Self::new(
            ErrorCode::NothingWaiting,
            "Nothing waits here for this desk: it was taken, has ended, or was never left.",
            "Begin again, or ask an admin to hand the token over again.",
        )
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message, "This is a fault of the desk's program; update it.")
    }

    /// The same words whether the account does not exist or is somebody else's.
    pub(super) fn no_such_log() -> Self {
        Self::new(
            ErrorCode::NoSuchLog,
            "This desk has no such account.",
            "Ask an admin to be invited to the account.",
        )
    }

    pub(super) fn revoked() -> Self {
        Self::new(
            ErrorCode::DeskRevoked,
            "This desk was cut off from the workspace.",
            "Ask an admin for a new invite.",
        )
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(
            ErrorCode::Unauthenticated,
            "The relay does not know this desk.",
            "Enrol the desk with an invite of this workspace.",
        )
    }

    pub(super) fn code(&self) -> ErrorCode {
        self.body.code
    }

    fn status(&self) -> StatusCode {
        match self.body.code {
            ErrorCode::InviteInvalid | ErrorCode::NotAllowed => StatusCode::FORBIDDEN,
            ErrorCode::Unauthenticated | ErrorCode::DeskRevoked => StatusCode::UNAUTHORIZED,
            ErrorCode::NoSuchLog => StatusCode::NOT_FOUND,
            ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
            ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::RelayTooOld | ErrorCode::DeskTooOld => StatusCode::UPGRADE_REQUIRED,
            ErrorCode::TokenRefused => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::NothingWaiting | ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::NotImplemented | ErrorCode::NotConfigured => StatusCode::NOT_IMPLEMENTED,
            ErrorCode::MetaAway => StatusCode::BAD_GATEWAY,
            ErrorCode::Conflict => StatusCode::CONFLICT,
            ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Internal | ErrorCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<LogError> for No {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "a desk's request failed at the log");
        match error {
            LogError::Unavailable(_) | LogError::Broken(_) => {
                Self::new(ErrorCode::Unavailable, "The relay cannot store now.", "Try again in a moment.")
            }
            LogError::Unreadable(_) => Self::new(
                ErrorCode::Internal,
                "The relay met a fault of its own.",
                "Tell whoever operates the relay; its log says more.",
            ),
        }
    }
}

impl From<BadToken> for No {
    fn from(bad: BadToken) -> Self {
        let message = bad.to_string();
        match bad {
            BadToken::Dead => Self::new(ErrorCode::TokenRefused, message, "Connect the account again."),
            BadToken::OtherApp | BadToken::NoPage | BadToken::OtherAccount => Self::new(
                ErrorCode::TokenRefused,
                message,
                "Use the Page's token, made with the relay's own app.",
            ),
            BadToken::MetaAway => Self::new(ErrorCode::MetaAway, message, "Try again in a moment."),
            BadToken::RelayRefused => Self::new(
                ErrorCode::Internal,
                message,
                "Have whoever operates the relay run `baton-relay doctor`.",
            ),
        }
    }
}

impl From<crate::team::Refusal> for No {
    fn from(refusal: crate::team::Refusal) -> Self {
        Self::new(refusal.code, refusal.message, refusal.action)
    }
}

impl From<Objection> for No {
    fn from(objection: Objection) -> Self {
        match objection {
            Objection::NoSuchLog => Self::no_such_log(),
            Objection::Refused(refusal) => refusal.into(),
        }
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What a read for a desk found, or the refusal.
pub(super) fn found<T>(read: Read<T>) -> Result<T, No> {
    match read {
        Read::Found(found) => Ok(found),
        Read::NoSuchLog => Err(No::no_such_log()),
        Read::Revoked => Err(No::revoked()),
    }
}

/// For every path that is none.
pub(super) async fn no_such_path() -> No {
    No::new(ErrorCode::NoSuchLog, "There is nothing at this address.", "Check the relay's address.")
}
