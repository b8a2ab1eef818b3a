//! Typing, seen, reactions: requests of their own, without a message (docs/meta.md 4.6).

use serde::Serialize;

use super::{Feature, Recipient, Unsendable};
use crate::id::{CustomerId, Mid, Platform};

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
    reaction: Option<ReactionName>,
}

/// A reaction by Meta's name for it, as webhooks spell them too (docs/meta.md 2.6.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReactionName {
    /// ❤, the one that both channels take.
    Love,
    /// 👍
    Like,
    /// 👎
    Dislike,
    /// 😆
    Smile,
    /// 😮
    Wow,
    /// 😢
    Sad,
    /// 😠
    Angry,
}

impl ReactionName {
    /// All of them, in the order in which Messenger's phone shows them.
    pub const ALL: [Self; 7] =
        [Self::Love, Self::Smile, Self::Wow, Self::Sad, Self::Angry, Self::Like, Self::Dislike];

    /// The character that people see.
    pub fn emoji(self) -> &'static str {
        match self {
            Self::Love => "\u{2764}\u{fe0f}",
            Self::Like => "\u{1f44d}",
            Self::Dislike => "\u{1f44e}",
            Self::Smile => "\u{1f606}",
            Self::Wow => "\u{1f62e}",
            Self::Sad => "\u{1f622}",
            Self::Angry => "\u{1f620}",
        }
    }

    /// The reaction that people see as this character.
    pub fn of_emoji(emoji: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.emoji() == emoji)
    }
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
        Self::reacting(customer, mid, ReactionName::Love)
    }

    /// Puts a reaction on a message.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] for anything but a heart on Instagram (docs/meta.md 4.6).
    pub fn react(
        platform: Platform,
        customer: &CustomerId,
        mid: &Mid,
        reaction: ReactionName,
    ) -> Result<Self, Unsendable> {
        if platform == Platform::Instagram && reaction != ReactionName::Love {
            return Err(Unsendable::NotOnChannel { feature: Feature::Reaction, platform });
        }
        Ok(Self::reacting(customer, mid, reaction))
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

    fn reacting(customer: &CustomerId, mid: &Mid, reaction: ReactionName) -> Self {
        let payload = ReactionPayload { message_id: mid.clone(), reaction: Some(reaction) };
        Self { payload: Some(payload), ..Self::plain(customer, SenderAction::React) }
    }

    fn plain(customer: &CustomerId, sender_action: SenderAction) -> Self {
        Self { recipient: customer.into(), sender_action, payload: None }
    }
}
