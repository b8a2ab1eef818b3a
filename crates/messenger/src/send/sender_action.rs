//! Typing, seen, reactions: requests of their own, without a message (docs/meta.md 4.6).

use serde::Serialize;

use super::Recipient;
use crate::id::{CustomerId, Mid};

/// The body of a sender action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SenderActionBody {
    recipient: Recipient,
    sender_action: SenderAction,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<ReactionPayload>,
}

/// Which action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderAction {
    /// Shows that somebody writes, for up to 20 s or until a message.
    TypingOn,
    /// Ends it.
    TypingOff,
    /// Shows the customer that everything so far was read.
    MarkSeen,
    /// Puts a reaction on a message.
    React,
    /// Takes it away.
    Unreact,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ReactionPayload {
    message_id: Mid,
    #[serde(skip_serializing_if = "Option::is_none")]
    reaction: Option<String>,
}

impl SenderActionBody {
    /// Shows that somebody writes.
    pub fn typing_on(customer: &CustomerId) -> Self {
        Self::plain(customer, SenderAction::TypingOn)
    }

    /// Ends that.
    pub fn typing_off(customer: &CustomerId) -> Self {
        Self::plain(customer, SenderAction::TypingOff)
    }

    /// Shows that everything so far was read.
    pub fn mark_seen(customer: &CustomerId) -> Self {
        Self::plain(customer, SenderAction::MarkSeen)
    }

    /// Puts a heart on a message, the one reaction that both channels take (docs/meta.md 4.6).
    pub fn love(customer: &CustomerId, mid: &Mid) -> Self {
        let payload = ReactionPayload { message_id: mid.clone(), reaction: Some("love".to_owned()) };
        Self { payload: Some(payload), ..Self::plain(customer, SenderAction::React) }
    }

    /// Takes our reaction away.
    pub fn unreact(customer: &CustomerId, mid: &Mid) -> Self {
        let payload = ReactionPayload { message_id: mid.clone(), reaction: None };
        Self { payload: Some(payload), ..Self::plain(customer, SenderAction::Unreact) }
    }

    /// To whom.
    pub fn customer(&self) -> &CustomerId {
        &self.recipient.id
    }

    fn plain(customer: &CustomerId, sender_action: SenderAction) -> Self {
        Self { recipient: customer.into(), sender_action, payload: None }
    }
}
