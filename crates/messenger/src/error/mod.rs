//! What Graph refuses, why, and what follows from it (docs/meta.md 7).
//!
//! Decided by `code` and `error_subcode`, never by text or HTTP status: texts vary and are translated, statuses are
//! hardly documented. Sends and reads follow different rules:
//!
//! ```text
//!               throttle code          1 · 2 · 1200 · any 5xx · transient        anything else
//! after a send  Requeue (not begun)    Check (it may have gone out)              Refused (a person decides)
//! after a read  RetryLater             RetryLater                                DeadToken (102, 190) · GiveUp
//! ```

mod class;
mod help;
mod words;

pub use class::{ErrorClass, Fixer, TokenDeath};
pub use help::Help;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::loose;
use crate::words::Words;

/// An error object of Graph (docs/meta.md 7.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Error)]
#[error("Meta answered with error {code}{}: {message}", self.subcode_text())]
pub struct GraphError {
    /// `code`; 0 when there was none.
    pub code: i64,
    /// `error_subcode`.
    pub subcode: Option<i64>,
    /// `type`, such as `OAuthException`.
    pub kind: Option<String>,
    /// Meta's text for developers.
    pub message: String,
    /// Meta's title for people, in a language of its choice.
    pub user_title: Option<String>,
    /// Meta's text for people, in a language of its choice.
    pub user_msg: Option<String>,
    /// Meta says that trying again helps.
    pub is_transient: bool,
    /// Meta's number for this call; goes into every log line about it.
    pub trace_id: Option<String>,
    /// The HTTP status it came with; 0 when it came inside a larger answer.
    pub http_status: u16,
}

/// What a failed send means for the part that was to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendOutcome {
    /// Meta turned it away unread for its limits: it goes back to the queue.
    Requeue,
    /// It may have gone out: find out before anything else.
    Check,
    /// It did not go out, and a person must decide.
    Refused,
}

/// What a failed read means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadOutcome {
    /// The same call may work later.
    RetryLater,
    /// No call with this token will work again.
    DeadToken,
    /// The same call will not work.
    GiveUp,
}

impl GraphError {
    /// Reads the body of an answer; `None` when it holds no error object.
    pub fn from_body(http_status: u16, body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        Self::from_value(http_status, body.get("error")?)
    }

    /// Reads the error object itself, also in the shape that it has inside `debug_token` (docs/meta.md 1.4).
    pub fn from_value(http_status: u16, error: &Value) -> Option<Self> {
        let form: Form = loose::object_of(error.clone())?;
        Some(Self {
            code: form.code.unwrap_or(0),
            subcode: form.error_subcode.or(form.subcode),
            kind: form.kind,
            message: form.message.unwrap_or_default(),
            user_title: form.error_user_title,
            user_msg: form.error_user_msg,
            is_transient: form.is_transient,
            trace_id: form.fbtrace_id,
            http_status,
        })
    }

    /// Whether this answer to a late reply may mean that Meta lets the account send none (docs/meta.md 4.3, 9). It may mean
    /// something else as well: that Meta counts the customer's last act otherwise, or that another right is missing.
    pub fn may_refuse_late_replies(&self) -> bool {
        matches!(self.class(), ErrorClass::OutsideWindow | ErrorClass::PermissionMissing)
    }

    /// What it means.
    pub fn class(&self) -> ErrorClass {
        class::of(self)
    }

    /// What to do after a send failed with it.
    pub fn after_send(&self) -> SendOutcome {
        let class = self.class();
        if self.is_server_fault() {
            return SendOutcome::Check;
        }
        match class {
            ErrorClass::Throttled => SendOutcome::Requeue,
            ErrorClass::TemporarilyUnavailable | ErrorClass::MaybeSent => SendOutcome::Check,
            _ if self.is_transient => SendOutcome::Check,
            _ => SendOutcome::Refused,
        }
    }

    /// What to do after a read failed with it.
    pub fn after_read(&self) -> ReadOutcome {
        match self.class() {
            ErrorClass::TokenDead { .. } => ReadOutcome::DeadToken,
            ErrorClass::Throttled | ErrorClass::TemporarilyUnavailable | ErrorClass::MaybeSent => {
                ReadOutcome::RetryLater
            }
            _ if self.is_transient || self.is_server_fault() => ReadOutcome::RetryLater,
            _ => ReadOutcome::GiveUp,
        }
    }

    /// Who can make it work again.
    pub fn who_can_fix(&self) -> Fixer {
        self.class().who_can_fix()
    }

    /// What the agent is told. Of a code that is not known, Meta's own message and trace id are given.
    pub fn agent_words(&self) -> Words {
        words::of(self)
    }

    /// What the agent is told of a late reply, sent with Meta's human-agent tag, that failed with it: that it may be sent as
    /// one, and that only 24 hours are over, would not be so.
    pub fn late_reply_words(&self) -> Words {
        words::of_late_reply(self)
    }

    /// Codes and statuses after which nobody can say whether Meta acted.
    fn is_server_fault(&self) -> bool {
        self.http_status >= 500 || matches!(self.code, 1 | 2 | 1200)
    }

    fn subcode_text(&self) -> String {
        self.subcode.map(|subcode| format!("/{subcode}")).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Form {
    #[serde(default, deserialize_with = "loose::whole")]
    code: Option<i64>,
    #[serde(default, deserialize_with = "loose::whole")]
    error_subcode: Option<i64>,
    #[serde(default, deserialize_with = "loose::whole")]
    subcode: Option<i64>,
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    error_user_title: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    error_user_msg: Option<String>,
    #[serde(default, deserialize_with = "loose::flag")]
    is_transient: bool,
    #[serde(default, deserialize_with = "loose::text")]
    fbtrace_id: Option<String>,
}

#[cfg(test)]
mod tests;
